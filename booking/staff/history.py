"""The log of who changed what, kept by Wagtail. It names things, never people's contact data, and forgets."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth.models import AbstractUser
from django.db.models import Model, Q
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, log
from wagtail.models import ModelLogEntry

from booking.actions.retention import ABSENCES_KEPT

KEPT: Final = timedelta(days=365)
EDIT, CREATE = "wagtail.edit", "wagtail.create"
ACTIONS: dict[str, tuple[str | Promise, str | Promise]] = {
    "booking.publish": (_("Publish office hours"), _("Office hours were published")),
    "booking.save_draft": (_("Save a draft"), _("A draft of office hours was saved")),
    "booking.discard_draft": (_("Discard a draft"), _("The draft was discarded")),
    "booking.revise_series": (_("Change a series"), _("The series was changed")),
    "booking.revise_date": (_("Change a date"), _("The date was changed")),
    "booking.drop_date": (_("Let a date fall out"), _("The date falls out")),
    "booking.end_series": (_("End a series"), _("The series was ended")),
    "booking.hand_over": (_("Hand over office hours"), _("The office hours were handed over")),
    "booking.close": (_("Enter a closure"), _("A closure was entered")),
    "booking.lift": (_("Lift a closure"), _("The closure was lifted")),
    "booking.report_absence": (_("Report an absence"), _("An absence was reported")),
    "booking.undo_absence": (_("Take an absence back"), _("The absence was taken back")),
    "booking.send_absence": (_("Tell people of an absence at once"), _("People were told of it at once")),
    "booking.call_done": (_("Tick a call"), _("The person was called")),
    "booking.call_reopened": (_("Take a tick away"), _("The person still has to be called")),
    "booking.accept_offer": (_("Accept a held time"), _("The held time was accepted on the phone")),
    "booking.choose_for": (_("Book another time"), _("Another time was chosen on the phone")),
    "booking.release_offer": (_("Release a held time"), _("The held time was released on the phone")),
    "booking.inquiry_answered": (_("Mark an inquiry as answered"), _("The inquiry was answered")),
    "booking.inquiry_forwarded": (_("Mark an inquiry as forwarded"), _("The inquiry was forwarded")),
    "booking.inquiry_reopened": (_("Open an inquiry again"), _("The inquiry was opened again")),
    "booking.inquiry_erased": (_("Erase an inquiry"), _("The inquiry was erased on request")),
    "booking.deactivate_host": (_("Deactivate a host"), _("The host was deactivated")),
    "booking.reactivate_host": (_("Reactivate a host"), _("The host was reactivated")),
    "booking.give_login": (_("Give a login"), _("The host was given a login")),
    "booking.set_photo": (_("Choose a photo"), _("A photo was chosen for the website")),
    "booking.remove_photo": (_("Remove the photo"), _("The photo was deleted")),
    "booking.open_feed": (_("Open a private calendar"), _("A private calendar was opened")),
    "booking.revoke_feed": (_("Close the private calendar"), _("The private calendar was closed")),
    "booking.send_test": (_("Send a test appointment"), _("A test appointment was sent")),
    "booking.call_off_test": (_("Call off the test appointment"), _("The test appointment was called off")),
    "booking.book": (_("Book for somebody"), _("The appointment was booked by the office")),
    "booking.move": (_("Move an appointment"), _("The appointment was moved by the office")),
    "booking.attendance": (_("Note who came"), _("It was noted whether the person came")),
    "booking.visit": (_("Count visits"), _("Visits without an appointment were counted")),
    "booking.visit_back": (_("Take visits back"), _("Counted visits were taken back")),
    "booking.invite": (_("Invite somebody to log in"), _("Somebody was invited to log in")),
    "booking.invite_again": (_("Send an invitation again"), _("The invitation was sent again")),
    "booking.change_role": (_("Change a role"), _("The role was changed")),
    "booking.switch_login_off": (_("Switch a login off"), _("The login was switched off")),
    "booking.switch_login_on": (_("Switch a login on"), _("The login was switched on again")),
    "booking.forget_factor": (_("Reset a second factor"), _("The second factor was reset")),
    "booking.cancel": (_("Cancel an appointment"), _("The appointment was cancelled by the office")),
    "booking.resend": (_("Send a mail again"), _("The mail was sent again")),
    "booking.release_mail": (_("Release waiting mail"), _("The waiting mail was released")),
    "booking.discard_mail": (_("Discard waiting mail"), _("The waiting mail was discarded")),
}


def register(actions: LogActionRegistry) -> None:
    """Tell Wagtail our actions and their words."""
    for name, (label, message) in ACTIONS.items():
        actions.register_action(name, label, message)


def note(instance: Model, action: str, **data: Any) -> None:
    """Write down that the user of this request did it."""
    log(instance=instance, action=action, data=data)


def note_login(user: AbstractUser, action: str, **data: Any) -> None:
    """Write down that the user of this request did it to a login; its address is left out where it has no name."""
    title = user.get_full_name() or gettext("Login %(number)d") % {"number": user.pk}
    log(instance=user, action=action, title=title, data=data)


def forget(now: datetime) -> int:
    """Erase what was done a year ago, and a month after it was reported that somebody was ill; answers how much."""
    of_illness = Q(content_type__app_label="booking", content_type__model="absence")
    is_old = Q(timestamp__lte=now - KEPT) | of_illness & Q(timestamp__lte=now - ABSENCES_KEPT)
    erased: int = ModelLogEntry.objects.filter(is_old).delete()[0]
    return erased
