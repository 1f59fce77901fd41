"""The office, its people and what they offer."""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from booking.enums import Channel, SpokenLanguage

STATES = [
    ("BW", "Baden-Württemberg"),
    ("BY", "Bayern"),
    ("BE", "Berlin"),
    ("BB", "Brandenburg"),
    ("HB", "Bremen"),
    ("HH", "Hamburg"),
    ("HE", "Hessen"),
    ("MV", "Mecklenburg-Vorpommern"),
    ("NI", "Niedersachsen"),
    ("NW", "Nordrhein-Westfalen"),
    ("RP", "Rheinland-Pfalz"),
    ("SL", "Saarland"),
    ("SN", "Sachsen"),
    ("ST", "Sachsen-Anhalt"),
    ("SH", "Schleswig-Holstein"),
    ("TH", "Thüringen"),
]


def validate_time_zone(name: str) -> None:
    """Refuse a name that is not in the IANA database."""
    if name not in available_timezones():
        raise ValidationError(_("This time zone is unknown. An example: Europe/Berlin."))


def empty_week() -> list[list[list[str]]]:
    """Return seven days without hours, Monday first."""
    return [[] for _day in range(7)]


class LocalText(models.JSONField):
    """A short text by language, `{"de": "Sprechstunde", "en": "…"}`; German stands in for what is missing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)


def local(text: dict[str, str], language: str | None = None) -> str:
    """Return the text in the language (default: the active one), else in German, else in any."""
    wanted = language or get_language() or settings.LANGUAGE_CODE
    for candidate in (wanted, wanted.split("-")[0], settings.LANGUAGE_CODE):
        if text.get(candidate):
            return text[candidate]
    return next((value for value in text.values() if value), "")


class OffersChannels(models.Model):
    """Something that is held in one or more ways."""

    offers_office = models.BooleanField(Channel.OFFICE.label, default=True)
    offers_phone = models.BooleanField(Channel.PHONE.label, default=False)
    offers_video = models.BooleanField(Channel.VIDEO.label, default=False)

    class Meta:
        abstract = True

    @property
    def channels(self) -> list[Channel]:
        """The ways offered, in the order of `Channel`."""
        return [channel for channel in Channel if getattr(self, f"offers_{channel.value}")]


class Office(models.Model):
    """A neighbourhood office: where it is, how it is reached, and the rules of its bookings."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name in addresses"), unique=True)
    district = models.CharField(_("district"), max_length=80, blank=True)
    programme = models.CharField(_("programme"), max_length=120, blank=True)
    carrier = models.CharField(_("carrier"), max_length=200, blank=True)
    logo = models.ImageField(_("logo"), upload_to="office/", blank=True)
    # In pixels, so that pages keep its place free. Django's own fields for them open the file while reading the row.
    logo_width = models.PositiveSmallIntegerField(null=True, editable=False)
    logo_height = models.PositiveSmallIntegerField(null=True, editable=False)
    street = models.CharField(_("street and number"), max_length=120)
    postal_code = models.CharField(_("postal code"), max_length=10)
    city = models.CharField(_("city"), max_length=80)
    state = models.CharField(_("federal state"), max_length=2, choices=STATES)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Europe/Berlin", validators=[validate_time_zone]
    )
    email = models.EmailField(
        _("mailbox"), help_text=_("Mails and invitations come from here. Somebody must read it.")
    )
    phone = models.CharField(_("phone"), max_length=40)
    opening_times = models.JSONField(
        _("opening hours"),
        default=empty_week,
        blank=True,
        help_text='Local times for each weekday, Monday first: [[["09:00", "12:00"]], …, []].',
    )
    phone_times = models.JSONField(
        _("phone hours"), default=empty_week, blank=True, help_text="Like the opening hours."
    )
    opening_note = LocalText(verbose_name=_("remark on the opening hours"))
    phone_note = LocalText(verbose_name=_("remark on the phone hours"))
    access_note = LocalText(verbose_name=_("how to get in"))
    map_url = models.URLField(_("map"), blank=True, validators=[URLValidator(schemes=["https"])])
    horizon_weeks = models.PositiveSmallIntegerField(
        _("published ahead, in weeks"), default=12, validators=[MinValueValidator(1), MaxValueValidator(52)]
    )
    change_until_hours = models.PositiveSmallIntegerField(
        _("changes by residents until, in hours before"), default=2, validators=[MaxValueValidator(168)]
    )
    sends_reminders = models.BooleanField(_("send reminders"), default=True)
    reminder_hours = models.PositiveSmallIntegerField(
        _("reminder, in hours before"), default=24, validators=[MinValueValidator(1), MaxValueValidator(168)]
    )
    retention_days = models.PositiveSmallIntegerField(
        _("contact data is erased after, in days"), default=2, validators=[MaxValueValidator(30)]
    )
    answer_days = models.PositiveSmallIntegerField(
        _("inquiries are answered within, in working days"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )
    video_server = models.URLField(
        _("server for video rooms"), blank=True, validators=[URLValidator(schemes=["https"])]
    )
    is_default = models.BooleanField(_("the office of this site"), default=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_default_office"
            ),
            models.CheckConstraint(condition=Q(retention_days__lte=30), name="retention_is_at_most_30_days"),
            models.CheckConstraint(
                condition=Q(horizon_weeks__range=(1, 52)), name="horizon_is_1_to_52_weeks"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the office thinks."""
        return ZoneInfo(self.time_zone)

    @property
    def address(self) -> str:
        """Street and city in one line."""
        return f"{self.street}, {self.postal_code} {self.city}"


class Funder(models.Model):
    """Who pays for the office; shown with the logo on every page, as the programme asks for."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="funders", verbose_name=_("office"))
    name = models.CharField(_("name"), max_length=160)
    url = models.URLField(_("website"), blank=True, validators=[URLValidator(schemes=["https"])])
    logo = models.ImageField(_("logo"), upload_to="office/", blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("funder")
        verbose_name_plural = _("funders")
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class Host(models.Model):
    """A person who gives consultations; with a user she also works in the back end."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="hosts", verbose_name=_("office"))
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="host",
        verbose_name=_("login"),
    )
    calendar = models.OneToOneField("schedule.Calendar", models.PROTECT, editable=False, related_name="host")
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name in addresses"), unique=True)
    role = LocalText(verbose_name=_("task in the office"))
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    video_url = models.URLField(
        _("video link"), blank=True, max_length=500, validators=[URLValidator(schemes=["https"])]
    )
    uses_rooms = models.BooleanField(_("a video room of its own for each appointment"), default=False)
    organisation = models.CharField(_("organisation, if not the office"), max_length=120, blank=True)
    photo = models.ImageField(_("photo"), upload_to="hosts/", blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True, help_text='Codes: ["de", "tr"].')
    wants_notices = models.BooleanField(_("mail me each booking"), default=True)
    wants_invitations = models.BooleanField(_("with a calendar invitation"), default=False)
    wants_day_plan = models.BooleanField(_("mail me the plan of the day"), default=False)
    feed_version = models.PositiveIntegerField(default=0, help_text="Raised to revoke her private feed.")
    feed_created_at = models.DateTimeField(null=True, blank=True, help_text="Empty without a private feed.")
    feed_fetched_at = models.DateTimeField(null=True, blank=True)
    profile_saved_at = models.DateTimeField(null=True, blank=True)
    test_sent_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(_("gives consultations"), default=True)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def introduced(self) -> str:
        """Her name as residents read it: with the organisation that she comes from, where it is not the office."""
        return f"{self.name}, {self.organisation}" if self.organisation else self.name

    @property
    def spoken(self) -> list[str]:
        """The languages that she speaks, in the active language; codes that nobody knows are left out."""
        return [str(each.label) for each in SpokenLanguage if each in self.languages]

    @property
    def has_video(self) -> bool:
        """Whether she can be met by video: by her own link, or in rooms on the office's server."""
        return bool(self.video_url or (self.uses_rooms and self.office.video_server))


class Service(OffersChannels):
    """What residents can book, with the defaults of its series."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="services", verbose_name=_("office"))
    slug = models.SlugField(_("short name in addresses"), unique=True)
    title = LocalText(verbose_name=_("title"), blank=False)
    description = LocalText(verbose_name=_("description"))
    bring_along = LocalText(verbose_name=_("what to bring"))
    minutes = models.PositiveSmallIntegerField(
        _("length in minutes"), default=20, validators=[MinValueValidator(5), MaxValueValidator(480)]
    )
    buffer_minutes = models.PositiveSmallIntegerField(
        _("break between appointments, in minutes"), default=0, validators=[MaxValueValidator(120)]
    )
    notice_hours = models.PositiveSmallIntegerField(
        _("can be booked until, in hours before"), default=0, validators=[MaxValueValidator(336)]
    )
    horizon_weeks = models.PositiveSmallIntegerField(
        _("can be booked ahead, in weeks"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(52)],
    )
    topics = models.JSONField(
        _("topics"), default=list, blank=True, help_text=_("A list of {key, title by language}.")
    )
    asks_message = models.BooleanField(_("offer a field for a message"), default=False)
    needs_confirmation = models.BooleanField(_("confirm by a link in a mail"), default=False)
    is_active = models.BooleanField(_("offered"), default=True)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return local(self.title)

    @property
    def topic_choices(self) -> list[tuple[str, str]]:
        """Key and title of each topic in the active language."""
        return [(topic["key"], local(topic["title"])) for topic in self.topics]
