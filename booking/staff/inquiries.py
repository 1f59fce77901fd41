"""What residents have written on the website: who waits for an answer, and until when."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import quote

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from booking.actions import erasure, inquiries
from booking.actions.errors import BookingError
from booking.enums import InquiryStatus
from booking.ical.text import mailbox
from booking.models import Inquiry
from booking.staff import history, roles
from booking.staff.forms.inquiry import CLOSED, OPEN, ForwardForm, InquiryFilter
from booking.staff.views import StaffView

PER_PAGE = 50


class InquiriesView(StaffView):
    """The open ones, the most urgent first; or those that are closed, or all."""

    permission = roles.SEE_BOOKINGS
    template_name = "staff/inquiries.html"
    page_title = _("Inquiries")
    header_icon = "comment"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """List 50 a page; a number is looked for among all."""
        form = InquiryFilter(request.GET or {"zustand": OPEN})
        form.is_valid()
        state, number = form.cleaned_data.get("zustand", ""), form.cleaned_data.get("nummer", "")
        page = Paginator(self._listed(state, number), PER_PAGE).get_page(request.GET.get("p"))
        return self.page(
            form=form, page_obj=page, today=self.today.date(), is_filtered=bool(number) or state == CLOSED
        )

    def _listed(self, state: str, number: str) -> QuerySet[Inquiry]:
        mine = self.office.inquiries.all()
        digits = "".join(sign for sign in number if sign.isdigit())
        if number:
            return mine.filter(number__contains=digits) if digits else mine.none()
        if state == CLOSED:
            return mine.exclude(status=InquiryStatus.OPEN).order_by("-closed_at", "-pk")
        return mine if state == "alle" else mine.open()


class OfInquiry(StaffView):
    """A page about one inquiry of the office."""

    permission = roles.SEE_BOOKINGS
    template_name = "staff/inquiry.html"
    parents: ClassVar = [("inquiries", InquiriesView.page_title)]
    header_icon = "comment"
    inquiry: Inquiry

    def load(self, pk: int) -> Inquiry:
        """Return it; 404 for one of another office."""
        self.inquiry = get_object_or_404(self.office.inquiries.select_related("office", "closed_by"), pk=pk)
        return self.inquiry

    def get_page_title(self) -> str:
        """Its number."""
        return gettext("Inquiry %(number)s") % {"number": self.inquiry.number}

    def shown(self, form: ForwardForm, status: int = 200) -> HttpResponseBase:
        """Show it, with the form that says to whom it was passed on."""
        inquiry = self.inquiry
        return self.page(
            status=status,
            inquiry=inquiry,
            form=form,
            today=self.today.date(),
            is_open=inquiry.status == InquiryStatus.OPEN and inquiry.erased_at is None,
            language=dict(settings.LANGUAGES).get(inquiry.language, inquiry.language),
            mail_url=_mail_url(inquiry),
            sent=inquiry.messages.defer("text", "html", "ics").order_by("number"),
            may_change=self.request.user.has_perm(roles.CHANGE_BOOKINGS),
        )


def _mail_url(inquiry: Inquiry) -> str:
    """Return the address that opens a mail to the resident, its subject in her language."""
    with translation.override(inquiry.language):
        subject = gettext("Your message to us, number %(number)s") % {"number": inquiry.number}
    return f"mailto:{mailbox(inquiry.email)}?subject={quote(subject)}" if inquiry.email else ""


class InquiryView(OfInquiry):
    """One inquiry, with how to answer it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Show it."""
        self.load(pk)
        return self.shown(ForwardForm())


class ChangeInquiry(OfInquiry):
    """Something done about an inquiry; answers with its page."""

    permission = roles.CHANGE_BOOKINGS
    http_method_names = ("post",)
    action: ClassVar[str]

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Do it, or say why it is no longer possible."""
        inquiry = self.load(pk)
        try:
            self.act(inquiry)
        except BookingError as error:
            messages.error(request, error.message)
        else:
            history.note(inquiry, self.action)
        return redirect("staff:inquiry", pk=pk)

    def act(self, inquiry: Inquiry) -> None:
        """Do what the button says."""
        raise NotImplementedError


class AnsweredView(ChangeInquiry):
    """Notes that it is answered."""

    action = "booking.inquiry_answered"

    def act(self, inquiry: Inquiry) -> None:
        """Close it."""
        inquiries.answer(inquiry.pk, self.request.user.pk, self.now)


class ReopenView(ChangeInquiry):
    """Puts it back among the open ones."""

    action = "booking.inquiry_reopened"

    def act(self, inquiry: Inquiry) -> None:
        """Open it."""
        inquiries.reopen(inquiry.pk)


class ForwardedView(ChangeInquiry):
    """Notes to whom it was passed on."""

    action = "booking.inquiry_forwarded"

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Ask again where nobody is named."""
        self.load(pk)
        self.form = ForwardForm(request.POST)
        return super().post(request, pk) if self.form.is_valid() else self.shown(self.form, status=422)

    def act(self, inquiry: Inquiry) -> None:
        """Close it with the name."""
        inquiries.forward(inquiry.pk, self.form.recipient, self.request.user.pk, self.now)


class EraseView(OfInquiry):
    """Asks before it erases an inquiry because its writer wants that, and says what stays."""

    permission = roles.CHANGE_BOOKINGS
    template_name = "staff/inquiry_erase.html"

    def get_page_title(self) -> str:
        """What is asked, and about which."""
        return gettext("Erase inquiry %(number)s") % {"number": self.inquiry.number}

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Say what goes and what stays."""
        inquiry = self.load(pk)
        if inquiry.erased_at:
            return redirect("staff:inquiry", pk=pk)
        waiting = inquiry.messages.unsent().count()
        return self.page(inquiry=inquiry, waiting=waiting)

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Erase it for good."""
        inquiry = self.load(pk)
        try:
            erasure.erase_inquiry(pk, self.now)
        except BookingError as error:
            messages.error(request, error.message)
        else:
            history.note(inquiry, "booking.inquiry_erased")
            messages.success(request, gettext("Text, name and contact have been erased."))
        return redirect("staff:inquiry", pk=pk)
