"""The outbox: which mails were written, where they are, and what keeps them."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from booking.actions import delivery
from booking.actions.errors import BookingError
from booking.enums import Occasion, OutboxStatus
from booking.models import DeliveryState, OutboxMessage
from booking.models.outbox import UNSENT
from booking.staff import history, mailbox, roles
from booking.staff.forms.outbox import MISSING, OutboxFilter
from booking.staff.views import StaffView

PER_PAGE = 50
# A mail's own styles stand in it; it may do nothing else, and load nothing from anywhere.
MAIL_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": [""],
}


class OutboxView(StaffView):
    """The mails of the office, newest first."""

    permission = roles.SEE_MAIL
    template_name = "staff/outbox.html"
    page_title = _("Outbox")
    header_icon = "mail"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """List 50 a page, by state and occasion."""
        form = OutboxFilter(request.GET)
        form.is_valid()
        wanted = {name: value for name, value in form.cleaned_data.items() if value}
        mails = self._listed(wanted).select_related("booking", "inquiry")
        page = Paginator(mails.defer("text", "html", "ics"), PER_PAGE).get_page(request.GET.get("p"))
        rows = [{"mail": mail, "reason": mailbox.explain(mail)} for mail in page]
        return self.page(
            form=form,
            rows=rows,
            page_obj=page,
            is_filtered=bool(wanted),
            may_release=request.user.has_perm(roles.RELEASE_MAIL),
        )

    def _listed(self, wanted: dict[str, str]) -> QuerySet[OutboxMessage]:
        if wanted.get("status") != MISSING:
            return OutboxMessage.objects.filter(office=self.office, **wanted)
        others = {name: value for name, value in wanted.items() if name != "status"}
        return mailbox.missing(self.office, self.now).filter(**others)


class OfMessage(StaffView):
    """A page about one mail of the office."""

    permission = roles.SEE_MAIL
    parents: ClassVar = [("outbox", OutboxView.page_title)]
    header_icon = "mail"
    mail: OutboxMessage

    def load(self, pk: UUID) -> OutboxMessage:
        """Return the mail; 404 for one of another office."""
        mine = OutboxMessage.objects.filter(office=self.office).select_related("booking", "inquiry")
        self.mail = get_object_or_404(mine, id=pk)
        return self.mail


class MessageView(OfMessage):
    """One mail with its content."""

    template_name = "staff/message.html"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        """Show it."""
        mail = self.load(pk)
        is_invitation = mail.occasion == Occasion.LOGIN
        has_ended = mail.status not in UNSENT and mail.erased_at is None and not is_invitation
        return self.page(
            mail=mail,
            reason=mailbox.explain(mail),
            is_invitation=is_invitation,
            may_resend=has_ended and request.user.has_perm(roles.RESEND_MAIL),
            phone=self._phone(),
        )

    def _phone(self) -> str:
        """Return the number of the resident whom the mail perhaps did not reach."""
        mail, missing = self.mail, (OutboxStatus.FAILED, OutboxStatus.UNCERTAIN)
        if mail.booking is None or mail.status not in missing or mail.recipient != mail.booking.email:
            return ""
        return mail.booking.phone

    def get_page_title(self) -> str:
        """The subject, or what is left of an erased mail."""
        return self.mail.subject or gettext("Mail without content")


class MessageHtmlView(OfMessage):
    """The HTML part alone, for the frame on the mail's page: no script, no form, no address of its own."""

    @method_decorator(csp(MAIL_POLICY))
    def get(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        """Answer the bytes that were or will be sent."""
        return HttpResponse(self.load(pk).html)


class ResendView(OfMessage):
    """Sends a mail once more."""

    permission = roles.RESEND_MAIL
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        """Put it back in the queue, then show it."""
        mail = self.load(pk)
        try:
            delivery.resend(mail.id, self.now)
        except BookingError as error:
            messages.error(request, error.message)
        else:
            history.note(mail, "booking.resend")
            messages.success(request, _("The mail is on its way again."))
        return redirect("staff:message", pk=pk)


class HeldMailView(StaffView):
    """What administrators decide about mail on hold, after a question."""

    permission = roles.RELEASE_MAIL
    parents: ClassVar = [("outbox", OutboxView.page_title)]
    header_icon = "mail"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Ask, and say how many mails it is about."""
        state = DeliveryState.objects.filter(on_hold=True).first()
        return self.page(state=state, waiting=self.waiting(state).count() if state else 0)

    def waiting(self, state: DeliveryState) -> QuerySet[OutboxMessage]:
        """Mails that wait, of all offices: the switch is one for the house."""
        return OutboxMessage.objects.unsent()

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Do it, and say how many mails it was about."""
        try:
            count = self.act()
        except BookingError as error:
            messages.error(request, error.message)
        else:
            history.note(DeliveryState.objects.get(), self.action, mails=count)
            messages.success(request, self.done(count) % {"count": count})
        return redirect("staff:outbox")

    action: ClassVar[str]

    def act(self) -> int:
        """Do what the page is for; answer how many mails it was about."""
        raise NotImplementedError

    def done(self, count: int) -> str:
        """Say what was done."""
        raise NotImplementedError


class ReleaseMailView(HeldMailView):
    """Lets mail on hold go."""

    template_name = "staff/mail_release.html"
    page_title = _("Release waiting mail")
    action = "booking.release_mail"

    def act(self) -> int:
        """Release it."""
        return delivery.release(self.now)

    def done(self, count: int) -> str:
        """Say how many are on their way."""
        return ngettext("%(count)d mail is on its way.", "%(count)d mails are on their way.", count)


class DiscardMailView(HeldMailView):
    """Throws away what waited when mail was put on hold; what was written since is sent."""

    template_name = "staff/mail_discard.html"
    page_title = _("Discard waiting mail")
    action = "booking.discard_mail"

    def waiting(self, state: DeliveryState) -> QuerySet[OutboxMessage]:
        """Mails that were there when the hold began."""
        return super().waiting(state).filter(created_at__lte=state.changed_at)

    def act(self) -> int:
        """Discard it."""
        return delivery.discard_held(self.now)

    def done(self, count: int) -> str:
        """Say how many are gone."""
        return ngettext("%(count)d mail was discarded.", "%(count)d mails were discarded.", count)
