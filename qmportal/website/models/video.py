"""Videos that lie on our own server: with subtitles, and in writing."""

from __future__ import annotations

import mimetypes
from functools import partial
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import FileExtensionValidator
from django.db import models, transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.snippets.models import register_snippet

from qmportal.website.models.video_files import validate_film, validate_subtitles


class VideoForm(WagtailAdminModelForm):
    """The form of a video."""

    def full_clean(self) -> None:
        """Say which files have to be chosen again: of a form that is sent back, browsers forget them."""
        super().full_clean()
        again = _("Please choose this file again: it was not kept, since something else is not right yet.")
        lost = (set(self.files) & set(self.fields)) - set(self.errors)
        for name in lost if self.errors else ():
            self.add_error(name, again)


@register_snippet
class Video(models.Model):
    """A video; nobody is left out of what it says, so that subtitles and transcript are no choice."""

    title = models.CharField(_("title"), max_length=120)
    language = models.CharField(
        _("language"), max_length=12, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    file = models.FileField(
        _("video file"),
        upload_to="videos/",
        validators=[FileExtensionValidator(["mp4", "webm"]), validate_film],
        help_text=_("MP4 (H.264), at most 100 MB. Older iPhones do not play WebM."),
    )
    subtitles = models.FileField(
        _("subtitles"),
        upload_to="videos/",
        validators=[FileExtensionValidator(["vtt"]), validate_subtitles],
        help_text=_("A WebVTT file in the language of the video."),
    )
    transcript = RichTextField(
        _("what is said and seen, in writing"), features=["bold", "ol", "ul"], help_text=_("Word for word.")
    )
    poster = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture before it is played"),
    )

    base_form_class = VideoForm
    panels: ClassVar[list[Any]] = [
        FieldPanel("title"),
        FieldPanel("language"),
        FieldPanel("file"),
        FieldPanel("subtitles"),
        FieldPanel("transcript"),
        FieldPanel("poster"),
    ]

    class Meta:
        verbose_name = _("video")
        verbose_name_plural = _("videos")
        ordering: ClassVar = ["title"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep it, and remove the files that it had before once nothing can bring them back."""
        before = type(self).objects.filter(pk=self.pk).first()
        super().save(*args, **kwargs)
        if before is not None:
            _remove(before, kept={self.file.name, self.subtitles.name})

    @property
    def media_type(self) -> str:
        """What a browser is told before it fetches anything."""
        return mimetypes.guess_type(str(self.file.name))[0] or "video/mp4"


@receiver(post_delete, sender=Video)
def _remove_files(instance: Video, **_more: Any) -> None:
    _remove(instance, kept=set())


def _remove(video: Video, *, kept: set[str | None]) -> None:
    for field in (video.file, video.subtitles):
        if field.name and field.name not in kept:
            transaction.on_commit(partial(field.storage.delete, field.name))
