"""The words that everything else is made of."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(TextChoices):
    """State of a booking: PENDING to CONFIRMED or CANCELLED, CONFIRMED to CANCELLED, CANCELLED to nothing."""

    PENDING = "pending", _("to be confirmed")
    CONFIRMED = "confirmed", _("booked")
    CANCELLED = "cancelled", _("cancelled")


class HoursStatus(TextChoices):
    """State of one day's office hours; only the lifting of a closure brings cancelled ones back."""

    LIVE = "live", _("takes place")
    CANCELLED = "cancelled", _("cancelled")


class Channel(TextChoices):
    """How a consultation is held."""

    OFFICE = "office", _("at the office")
    PHONE = "phone", _("by phone")
    VIDEO = "video", _("by video")


class SpokenLanguage(TextChoices):
    """What people at the office speak: the languages of the website, and those that are spoken next door most."""

    GERMAN = "de", _("German")
    SIGN_LANGUAGE = "gsg", _("German Sign Language")
    ENGLISH = "en", _("English")
    TURKISH = "tr", _("Turkish")
    ARABIC = "ar", _("Arabic")
    UKRAINIAN = "uk", _("Ukrainian")
    RUSSIAN = "ru", _("Russian")
    POLISH = "pl", _("Polish")
    PERSIAN = "fa", _("Persian")
    KURDISH = "ku", _("Kurdish")
    ROMANIAN = "ro", _("Romanian")
    BULGARIAN = "bg", _("Bulgarian")
    SERBO_CROATIAN = "sh", _("Bosnian, Croatian, Serbian")
    ALBANIAN = "sq", _("Albanian")
    ITALIAN = "it", _("Italian")
    GREEK = "el", _("Greek")
    SPANISH = "es", _("Spanish")
    FRENCH = "fr", _("French")
    PORTUGUESE = "pt", _("Portuguese")
    VIETNAMESE = "vi", _("Vietnamese")


class Attendance(TextChoices):
    """What happened at the appointment; empty until somebody says so."""

    CAME = "came", _("came")
    ABSENT = "absent", _("did not come")


class Actor(TextChoices):
    """Who changed a booking."""

    RESIDENT = "resident", _("resident")
    OFFICE = "office", _("office")
    SYSTEM = "system", _("automatic")


class Role(TextChoices):
    """What somebody may do in the back end, from the least to the most."""

    EDITOR = "editor", _("Website only")
    MANAGER = "manager", _("Office and website")
    ADMINISTRATOR = "administrator", _("Administration")


class Rhythm(TextChoices):
    """How a series of office hours repeats."""

    ONCE = "once", _("once")
    WEEKLY = "weekly", _("every week")
    EVERY_2_WEEKS = "every-2-weeks", _("every 2nd week")
    EVERY_3_WEEKS = "every-3-weeks", _("every 3rd week")
    EVERY_4_WEEKS = "every-4-weeks", _("every 4th week")
    MONTHLY_FIRST = "monthly-1", _("on the 1st chosen weekday of the month")
    MONTHLY_SECOND = "monthly-2", _("on the 2nd chosen weekday of the month")
    MONTHLY_THIRD = "monthly-3", _("on the 3rd chosen weekday of the month")
    MONTHLY_FOURTH = "monthly-4", _("on the 4th chosen weekday of the month")
    MONTHLY_LAST = "monthly-last", _("on the last chosen weekday of the month")


class Weekday(TextChoices):
    """The days of the week in iCalendar's letters, Monday first."""

    MONDAY = "MO", _("Monday")
    TUESDAY = "TU", _("Tuesday")
    WEDNESDAY = "WE", _("Wednesday")
    THURSDAY = "TH", _("Thursday")
    FRIDAY = "FR", _("Friday")
    SATURDAY = "SA", _("Saturday")
    SUNDAY = "SU", _("Sunday")


class SeriesState(TextChoices):
    """Where a series stands; in the order in which the office looks after them."""

    DRAFT = "draft", _("Drafts")
    RUNNING = "running", _("Running series")
    ENDED = "ended", _("Ended series")


class BookedTimes(TextChoices):
    """What becomes of booked times when office hours go."""

    KEEP = "keep", _("Keep the booked appointments")
    MOVE = "move", _("Move the booked appointments and tell everybody")
    CANCEL = "cancel", _("Cancel the booked appointments and tell everybody")


class Concern(TextChoices):
    """Why a change of office hours touches a booking."""

    GONE = "gone", _("this time is no longer offered")
    CHANNEL = "channel", _("it is no longer held in this way")
    PLACE = "place", _("it is at another place")


class SlotOffer(TextChoices):
    """Who can book a time: everybody, the office for somebody, or nobody any more."""

    WEB = "web", _("can be booked by everybody")
    DESK = "desk", _("only for people who call or come by")
    NONE = "none", _("is not offered any more")


class CallReason(TextChoices):
    """Why somebody has to be called."""

    NO_EMAIL = "no-email", _("no e-mail address")
    SOON = "soon", _("the appointment is very soon")
    MAIL_FAILED = "mail-failed", _("the mail did not arrive")


class Answer(TextChoices):
    """What somebody whose appointment fell out made of the time that was held for her."""

    ACCEPTED = "accepted", _("other time accepted")
    OTHER_TIME = "other-time", _("another time chosen")
    DECLINED = "declined", _("other time declined")
    WAITING = "waiting", _("no answer yet")
    EXPIRED = "expired", _("no answer in time")
    FELL_OUT = "fell-out", _("the other time was cancelled too")
    NOT_HELD = "not-held", _("no time was held")


class InquiryKind(TextChoices):
    """What somebody writes to the office about."""

    QUESTION = "question", _("a question")
    IDEA = "idea", _("an idea for the quarter")
    BARRIER = "barrier", _("a barrier on this website")


class InquiryStatus(TextChoices):
    """Where an inquiry stands: OPEN to ANSWERED or FORWARDED, and back to OPEN."""

    OPEN = "open", _("open")
    ANSWERED = "answered", _("answered")
    FORWARDED = "forwarded", _("forwarded")


class SkipReason(TextChoices):
    """Why publishing made no office hours on a day of the series."""

    PAST = "past", _("already over")
    HOLIDAY = "holiday", _("public holiday")
    SCHOOL_HOLIDAY = "school-holiday", _("school holidays")
    CLOSED = "closed", _("closed")
    OVERLAP = "overlap", _("overlaps other office hours")
    CANCELLED = "cancelled", _("was cancelled")
    NO_VIDEO_LINK = "no-video-link", _("no video link in the profile")


class Occasion(TextChoices):
    """What a mail tells; the value names its folder below templates/mails/."""

    CONFIRM = "confirm", _("please confirm")
    BOOKED = "booked", _("booked")
    MOVED = "moved", _("moved")
    CANCELLED_BY_RESIDENT = "cancelled_by_resident", _("cancelled by the resident")
    CANCELLED_BY_OFFICE = "cancelled_by_office", _("cancelled by the office")
    FALLS_OUT = "falls_out", _("cancelled, with other times")
    HOST_CHANGED = "host_changed", _("somebody else takes over")
    REMINDER = "reminder", _("reminder")
    HOST_BOOKED = "host_booked", _("notice to the host: booked")
    HOST_MOVED = "host_moved", _("notice to the host: moved")
    HOST_CANCELLED = "host_cancelled", _("notice to the host: cancelled")
    DAY_PLAN = "day_plan", _("plan of the day")
    LOGIN = "login", _("invitation to log in")
    INQUIRY = "inquiry", _("inquiry from the website")
    INQUIRY_RECEIVED = "inquiry_received", _("inquiry received")
    TEST_INVITATION = "test_invitation", _("test invitation")
    TEST = "test", _("test mail")


class OutboxStatus(TextChoices):
    """State of a mail on its way out of the house."""

    QUEUED = "queued", pgettext_lazy("mail", "waiting")
    INFLIGHT = "inflight", pgettext_lazy("mail", "being sent")
    SENT = "sent", pgettext_lazy("mail", "sent")
    FAILED = "failed", pgettext_lazy("mail", "failed")
    UNCERTAIN = "uncertain", pgettext_lazy("mail", "perhaps sent")
    DISCARDED = "discarded", pgettext_lazy("mail", "discarded")


class Fault(TextChoices):
    """Why a try to send a mail failed, in words for the office; the first word of a mail's `last_error`."""

    UNREACHABLE = "unreachable", _("The mail server could not be reached.")
    TIMEOUT = "timeout", _("The mail server did not answer in time.")
    BUSY = "busy", _("The mail server was busy.")
    CERTIFICATE = "certificate", _("The certificate of the mail server is not valid. Please tell your IT.")
    CONNECTION = "refused-connection", _("The mail server does not talk to us. Please tell your IT.")
    LOGIN = "refused-login", _("The mail server does not accept our password. Please tell your IT.")
    SENDER = (
        "refused-sender",
        _("The mail server does not accept our address as sender. Please tell your IT."),
    )
    RELAYING = "refused-relaying", _("The mail server takes no mail from us for others. Please tell your IT.")
    RECIPIENT = (
        "refused-recipient",
        _("The mail server does not accept this address. Please check it, or call."),
    )
    NO_ADDRESS = "no-address", _("This is not a valid address. Please check it, or call.")
    REFUSED = "refused", _("The mail server refused the mail.")
    NO_ANSWER = (
        "no-answer",
        _("The mail server took the mail, then it did not answer. It may have arrived."),
    )
    CUT_OFF = "cut-off", _("The connection broke off after the mail was handed over. It may have arrived.")
    SENDER_DIED = "sender-died", _("Our program stopped while it sent the mail. It may have arrived.")
    EXPIRED = "expired", _("The mail could not be sent in time. Now it would come too late.")
    NOT_BUILT = "not-built", _("The mail could not be put together. Please tell your IT.")
    MISCONFIGURED = "misconfigured", _("The mail server is not set up rightly. Please tell your IT.")
    FOLDER = "folder", _("The folder for mails cannot be written. Please tell your IT.")
    OTHER = "other", _("The mail could not be handed over to the mail server.")

    @classmethod
    def explain(cls, last_error: str) -> str:
        """Return a mail's `last_error` in words; empty when nothing went wrong."""
        kind = last_error.partition(" ")[0]
        return str(cls(kind if kind in cls.values else cls.OTHER).label) if last_error else ""
