"""What can go wrong with a change, in words for the person who wanted it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from booking.actions.desk import Obstacles
    from booking.models import Booking, Inquiry


class BookingError(Exception):
    """A change that is refused; nothing was changed. `message` says why and what to do next."""

    message: ClassVar[_StrPromise | str] = ""

    def __str__(self) -> str:
        return str(self.message)


class NotFound(BookingError):
    """There is no such slot or booking."""

    message = _("This appointment does not exist. Please choose another time.")


class SlotTaken(BookingError):
    """The last seat is gone."""

    message = _("Somebody else was faster: this time has just been taken. Please choose another time.")


class SlotPast(BookingError):
    """The time has begun or is over."""

    message = _("This time is already over. Please choose another time.")


class SlotClosed(BookingError):
    """The time is not offered: cancelled, closed, or outside of what the service allows."""

    message = _("This time is no longer offered. Please choose another time.")


class ChannelNotOffered(BookingError):
    """The consultation cannot be held in that way at that time."""

    message = _("This time is not offered in this way. Please choose another way or another time.")


class TooLate(BookingError):
    """The appointment is too near for a change by the resident."""

    message = _("Your appointment is very soon. Please call us if you want to change it.")


class WrongState(BookingError):
    """The booking has been changed meanwhile so that this is no longer possible."""

    message = _("This appointment has been changed or cancelled meanwhile. Nothing was done.")


class AlreadySent(BookingError):
    """The same form was sent before, with other contents."""

    message = _("This form was already sent once. Please check what you typed and send it again.")

    def __init__(self, earlier: Booking | Inquiry) -> None:
        super().__init__()
        self.earlier = earlier


class InquiryChanged(BookingError):
    """A colleague was faster, or the text is erased."""

    message = _("Somebody has changed this inquiry meanwhile. Nothing was done.")


class HostBusy(BookingError):
    """The host already has office hours at that time."""

    message = _("There are already office hours at this time.")


class HostAway(BookingError):
    """The host is away at that time."""

    message = _("This person is away at this time. Please choose somebody else.")


class HoursOver(BookingError):
    """The office hours are over."""

    message = _("These office hours are already over. Nothing was done.")


class NeedsConsent(BookingError):
    """Something stands against it that people may overrule, if they have seen it."""

    message = _("Please look at what is there at this time. Then decide.")

    def __init__(self, obstacles: Obstacles) -> None:
        super().__init__()
        self.obstacles = obstacles


class NotBegun(BookingError):
    """Whether somebody came is not known yet."""

    message = _("This appointment has not begun yet. Please say afterwards who came.")


class DayNotOver(BookingError):
    """Visits are counted when they have happened."""

    message = _("This day is still to come. Please choose today or an earlier day.")


class NoVideoLink(BookingError):
    """Video is offered by a host without a video link."""

    message = _("Meetings by video need a video link. Please enter it in the profile first.")


class NotADraft(BookingError):
    """The series has been published or thrown away meanwhile."""

    message = _("This draft was published or discarded meanwhile. Nothing was done.")


class StillBooked(BookingError):
    """Times would go that are booked, and nobody said what becomes of the bookings."""

    message = _("Appointments are booked in this time. Please decide what shall become of them.")

    def __init__(self, bookings: list[Booking]) -> None:
        super().__init__()
        self.bookings = bookings


class NotEnoughSeats(BookingError):
    """Bookings shall be moved for which no time is free; `missing` says how many."""

    def __init__(self, missing: int) -> None:
        super().__init__()
        self.missing = missing

    def __str__(self) -> str:
        text = ngettext(
            "For %(missing)d appointment there is no free time. Please keep or cancel it.",
            "For %(missing)d appointments there is no free time. Please keep or cancel them.",
            self.missing,
        )
        return text % {"missing": self.missing}


class SeriesEnded(BookingError):
    """The series has ended, is not published yet, or was made for one appointment."""

    message = _("This series has ended. Please publish a new one.")


class DateGone(BookingError):
    """The office hours have begun, or do not take place any more."""

    message = _("This date has begun or was cancelled. It cannot be changed any more.")


class MadeForOne(BookingError):
    """The time belongs to one appointment; it was never published."""

    message = _("This time was made for one appointment. Please move the appointment instead.")


class HoursClosed(BookingError):
    """All times would fall under a closure."""

    message = _("There is a closure at this time. Please choose another time or lift the closure.")


class TooLateToUndo(BookingError):
    """People are being told already."""

    message = _("It is too late to take this back: the people are being told. You can lift the closure.")


class LoginTaken(BookingError):
    """A login belongs to one host, and a host has one login."""

    message = _("This login belongs to somebody else. Please enter another e-mail address.")


class LoginClosed(BookingError):
    """An administrator has switched the login off."""

    message = _("This login is switched off. Please enter another e-mail address.")


class NoAddress(BookingError):
    """A host without an e-mail address would get a mail."""

    message = _("Please enter your e-mail address in the profile and save it first.")


class OwnMailbox(BookingError):
    """The office's mailbox would invite itself, which calendars do not take."""

    message = _(
        "Your address is the mailbox of the office, which cannot invite itself. Please enter your own."
    )


class AlreadyTested(BookingError):
    """A test appointment stands in the calendar already."""

    message = _("A test appointment is on its way to you already. Please call it off first.")


class NoTest(BookingError):
    """There is no test appointment that could be called off."""

    message = _("There is no test appointment to call off. Nothing was sent.")


class LoginExists(BookingError):
    """Somebody logs in with this address already, and an invitation must not change that login."""

    message = _("There is a login with this e-mail address already. You find it in the list.")


class LoginUsed(BookingError):
    """A login that is in use, or switched off, needs no invitation."""

    message = _("This login is in use or switched off. No mail was sent.")


class NotInYourRole(BookingError):
    """Nobody decides about herself, about a role above her own, or with a role that was taken meanwhile."""

    message = _("Your role does not allow this. Nothing was done.")


class NotOnHold(BookingError):
    """The outbox is open."""

    message = _("Mail is not on hold. Nothing was done.")


class NotSendable(BookingError):
    """A mail that is on its way or gone, erased, or overtaken by a newer one."""

    message = _("This message cannot be sent again. It was sent, erased, or replaced by a newer message.")
