"""How one try ends, for everything that a relay can do to us."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, get_connection
from django.utils import translation
from pytest_django.fixtures import Settings

from booking.enums import Fault
from booking.relay import Answer, Outcome, Relay, RelayError, hand_over, smtp
from tests.sink import Sink, free_port

pytestmark = pytest.mark.once

MESSAGE_ID = "<6f1c2d0e-8a34-4a7e-9d0f-1b2c3d4e5f60@musterstadt.example>"


def make_mail(recipient: str = "amira@example.org", body: str = "Ihr Termin ist gebucht.") -> EmailMessage:
    return EmailMessage(
        "Ihr Termin",
        body,
        "Quartiersmanagement Müsterstadt <nord@musterstadt.example>",
        [recipient],
        headers={"Message-ID": MESSAGE_ID},
    )


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Wait for nobody longer than a moment."""
    monkeypatch.setattr(smtp, "STEP_SECONDS", 0.3)
    settings.EMAIL_ANSWER_SECONDS = 0.3


def test_a_mail_arrives_with_its_message_id(sink: Sink) -> None:
    assert hand_over(make_mail()) == Answer(Outcome.SENT)
    [taken] = sink.taken
    assert (taken.sender, taken.recipient) == ("nord@musterstadt.example", "amira@example.org")
    assert taken.message_id == MESSAGE_ID


def test_a_line_that_starts_with_a_dot_arrives_as_it_was(sink: Sink) -> None:
    hand_over(make_mail(body="Eins\n.\n.Zwei\n..Drei"))
    assert sink.taken[0].mail.get_content().splitlines() == ["Eins", ".", ".Zwei", "..Drei"]


def test_an_address_with_an_umlaut_domain_is_sent_in_letters_that_dns_knows(sink: Sink) -> None:
    assert hand_over(make_mail("amira@müsterstadt.example")).outcome is Outcome.SENT
    assert sink.recipients() == ["amira@xn--msterstadt-9db.example"]


@pytest.mark.parametrize(
    ("command", "reply", "answer"),
    [
        ("MAIL", "451 4.3.0 later", Answer(Outcome.AGAIN, "busy 451")),
        ("MAIL", "550 5.1.0 no", Answer(Outcome.OUR_FAULT, "refused-sender 550")),
        ("MAIL", "530 5.7.0 log in first", Answer(Outcome.OUR_FAULT, "refused-sender 530")),
        ("RCPT", "450 4.2.0 greylisted", Answer(Outcome.AGAIN, "busy 450")),
        ("RCPT", "550 5.1.1 unknown", Answer(Outcome.REFUSED, "refused-recipient 550")),
        ("RCPT", "554 5.7.1 <a@b>: Relay access denied", Answer(Outcome.OUR_FAULT, "refused-relaying 554")),
        ("RCPT", "553 5.7.1 Sender address rejected", Answer(Outcome.OUR_FAULT, "refused-relaying 553")),
        (
            "RCPT",
            "550 5.1.1 <a@b>: Recipient address rejected: User unknown in relay recipient table",
            Answer(Outcome.REFUSED, "refused-recipient 550"),
        ),
        (
            "RCPT",
            "550 5.1.0 <a@b>: Sender address rejected: User unknown in local recipient table",
            Answer(Outcome.OUR_FAULT, "refused-relaying 550"),
        ),
        ("RCPT", "550 5.1.8 <a@b>: Domain not found", Answer(Outcome.OUR_FAULT, "refused-relaying 550")),
        ("RCPT", "554 5.7.1 <relay@sender.org>: no", Answer(Outcome.REFUSED, "refused-recipient 554")),
        ("RCPT", "550 No such user: sender@relay.org", Answer(Outcome.REFUSED, "refused-recipient 550")),
        ("RCPT", "538 5.7.11 encryption needed", Answer(Outcome.OUR_FAULT, "refused-relaying 538")),
        ("DATA", "452 4.3.1 full", Answer(Outcome.AGAIN, "busy 452")),
        ("DATA", "554 5.7.0 spam", Answer(Outcome.REFUSED, "refused 554")),
    ],
)
def test_a_reply_is_told_apart(sink: Sink, command: str, reply: str, answer: Answer) -> None:
    sink.replies[command] = reply
    assert hand_over(make_mail()) == answer
    assert sink.taken == []


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_silence_before_the_mail_is_handed_over_is_tried_again(sink: Sink, hurry: None, command: str) -> None:
    sink.hangs.add(command)
    assert hand_over(make_mail()) == Answer(Outcome.AGAIN, "timeout")


def test_silence_after_the_mail_is_uncertain(sink: Sink, hurry: None) -> None:
    sink.hangs.add("DATA")
    assert hand_over(make_mail()) == Answer(Outcome.UNCERTAIN, "no-answer", silent=True)
    assert len(sink.taken) == 1


def test_the_answer_after_the_mail_may_take_longer_than_a_step(
    sink: Sink, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(smtp, "STEP_SECONDS", 0.2)
    monkeypatch.setattr("tests.sink.LONG", 0.6)
    settings.EMAIL_ANSWER_SECONDS = 5
    sink.hangs.add("DATA")
    assert hand_over(make_mail()) == Answer(Outcome.SENT)


def test_a_line_cut_after_the_mail_is_uncertain_but_nobody_is_at_work_on_it(sink: Sink) -> None:
    sink.cuts.add("DATA")
    assert hand_over(make_mail()) == Answer(Outcome.UNCERTAIN, "cut-off")


def test_a_line_cut_before_the_mail_is_tried_again(sink: Sink) -> None:
    sink.cuts.add("RCPT")
    assert hand_over(make_mail()) == Answer(Outcome.AGAIN, "unreachable")


def test_a_relay_that_is_away_is_tried_again(settings: Settings) -> None:
    settings.EMAIL_URL = f"smtp://127.0.0.1:{free_port()}"
    assert hand_over(make_mail()) == Answer(Outcome.AGAIN, "unreachable")


def test_a_relay_without_a_name_in_dns_is_tried_again(settings: Settings) -> None:
    settings.EMAIL_URL = "smtp://relay.invalid"
    assert hand_over(make_mail()) == Answer(Outcome.AGAIN, "unreachable")


@pytest.mark.parametrize("address", ["", "nobody", "a@b\r\nRCPT TO:<c@d>", "ä@example.org", "@example.org"])
def test_what_is_no_address_is_refused_without_a_word_to_the_relay(sink: Sink, address: str) -> None:
    with pytest.raises(RelayError) as refused:
        smtp.deliver(Relay.parse(sink.url), "nord@musterstadt.example", [address], b"")
    assert refused.value.answer == Answer(Outcome.REFUSED, "no-address")


@pytest.mark.parametrize(
    ("sender", "recipient", "answer"),
    [
        ("nord@musterstadt.example", "a@" + "ä" * 60 + ".de", Answer(Outcome.REFUSED, "no-address")),
        ("a@" + "ä" * 60 + ".de", "amira@example.org", Answer(Outcome.OUR_FAULT, "refused-sender")),
    ],
)
@pytest.mark.parametrize("url", ["", "smtp://127.0.0.1:1"])
def test_an_address_that_no_mail_can_hold_is_an_answer_and_no_crash(
    settings: Settings, tmp_path: Path, url: str, sender: str, recipient: str, answer: Answer
) -> None:
    settings.EMAIL_URL, settings.EMAIL_FILE_PATH = url, tmp_path
    assert hand_over(EmailMessage("Ihr Termin", "", sender, [recipient])) == answer
    assert list(tmp_path.iterdir()) == []


def test_whoever_reads_the_outbox_learns_which_mails_may_have_arrived() -> None:
    with translation.override("de"):
        open_ones = [fault for fault in Fault if "Vielleicht ist" in str(fault.label)]
    assert open_ones == [Fault.NO_ANSWER, Fault.CUT_OFF, Fault.SENDER_DIED]


# --- login and TLS ---


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and a certificate for 127.0.0.1, signed by itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(today - timedelta(days=1))
    builder = builder.not_valid_after(today + timedelta(days=1)).add_extension(
        x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "relay.pem"
    path.write_bytes(pem + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the certificate as one trusts an authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def test_a_password_with_signs_in_it_opens_the_relay(
    tls: ssl.SSLContext, trusted: None, settings: Settings
) -> None:
    sink = Sink(users={b"nord@musterstadt.example": b"p@ss:/w#rt %41"}, tls=tls)
    settings.EMAIL_URL = (
        f"smtp+tls://nord%40musterstadt.example:p%40ss%3A%2Fw%23rt%20%2541@127.0.0.1:{sink.port}"
    )
    with sink.running():
        assert hand_over(make_mail()) == Answer(Outcome.SENT)
    assert sink.recipients() == ["amira@example.org"]


def test_a_wrong_password_is_our_own_fault(settings: Settings) -> None:
    sink = Sink(users={b"nord": b"right"})
    settings.EMAIL_URL = f"smtp://nord:wrong@127.0.0.1:{sink.port}"
    with sink.running():
        assert hand_over(make_mail()) == Answer(Outcome.OUR_FAULT, "refused-login 535")


def test_tls_from_the_first_byte(tls: ssl.SSLContext, trusted: None, settings: Settings) -> None:
    sink = Sink(tls=tls, implicit_tls=True)
    settings.EMAIL_URL = f"smtps://127.0.0.1:{sink.port}"
    with sink.running():
        assert hand_over(make_mail()) == Answer(Outcome.SENT)


def test_an_unknown_certificate_gets_neither_mail_nor_password(
    tls: ssl.SSLContext, settings: Settings
) -> None:
    sink = Sink(users={b"nord": b"right"}, tls=tls)
    settings.EMAIL_URL = f"smtp+tls://nord:right@127.0.0.1:{sink.port}"
    with sink.running():
        assert hand_over(make_mail()) == Answer(Outcome.OUR_FAULT, "certificate")
    assert sink.taken == []


def test_a_relay_without_the_tls_that_was_asked_for_gets_nothing(sink: Sink, settings: Settings) -> None:
    settings.EMAIL_URL = f"smtp+tls://nord:right@127.0.0.1:{sink.port}"
    assert hand_over(make_mail()) == Answer(Outcome.OUR_FAULT, "misconfigured")
    assert sink.taken == []


# --- the address of the relay ---


@pytest.mark.parametrize(
    ("url", "relay"),
    [
        ("smtp://relay", Relay("smtp", "relay", 25)),
        ("smtp://127.0.0.1:1025", Relay("smtp", "127.0.0.1", 1025)),
        ("smtp+tls://u:p@relay", Relay("smtp+tls", "relay", 587, "u", "p")),
        ("smtps://u%40h:p%2Fq@relay", Relay("smtps", "relay", 465, "u@h", "p/q")),
        ("smtp://[::1]:25", Relay("smtp", "::1", 25)),
    ],
)
def test_the_address_of_a_relay_is_read(url: str, relay: Relay) -> None:
    assert Relay.parse(url) == relay


@pytest.mark.parametrize("url", ["relay", "http://relay", "smtp://", "smtp://relay:port", "smtp+tls://u:p@"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        Relay.parse(url)


def test_a_wrong_address_keeps_the_mail(settings: Settings) -> None:
    settings.EMAIL_URL = "mail.example.org"
    assert hand_over(make_mail()) == Answer(Outcome.OUR_FAULT, "misconfigured")


def test_the_password_of_the_relay_is_not_printed() -> None:
    assert "secret" not in repr(Relay.parse("smtps://u:secret@relay"))


# --- files instead of a relay ---


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.EMAIL_URL = ""
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return tmp_path / "mail"


def test_without_a_relay_each_mail_is_one_file_named_after_its_id(folder: Path) -> None:
    assert hand_over(make_mail()) == Answer(Outcome.SENT)
    assert hand_over(make_mail()) == Answer(Outcome.SENT)
    assert [path.name for path in folder.iterdir()] == ["6f1c2d0e-8a34-4a7e-9d0f-1b2c3d4e5f60.eml"]
    assert b"\r\nMessage-ID: " + MESSAGE_ID.encode() in next(folder.iterdir()).read_bytes()


def test_a_message_id_of_somebody_else_names_no_file(folder: Path) -> None:
    mail = make_mail()
    mail.extra_headers["Message-ID"] = "<../../amira@example.org>"
    hand_over(mail)
    [path] = folder.iterdir()
    assert path.parent == folder
    assert "amira" not in path.name


def test_a_folder_that_cannot_be_written_keeps_the_mail(folder: Path) -> None:
    folder.write_text("no folder")
    assert hand_over(make_mail()) == Answer(Outcome.OUR_FAULT, "folder")


# --- mail of Django itself ---


def test_django_sends_its_own_mail_the_same_way(sink: Sink) -> None:
    backend = get_connection("booking.relay.RelayBackend")
    assert backend.send_messages([make_mail(), make_mail("ben@example.org")]) == 2
    assert sink.recipients() == ["amira@example.org", "ben@example.org"]


def test_django_hears_of_a_failure_unless_it_does_not_want_to(sink: Sink) -> None:
    sink.replies["RCPT"] = "550 5.1.1 unknown"
    with pytest.raises(RelayError):
        get_connection("booking.relay.RelayBackend").send_messages([make_mail()])
    quiet = get_connection("booking.relay.RelayBackend", fail_silently=True)
    assert quiet.send_messages([make_mail()]) == 0
