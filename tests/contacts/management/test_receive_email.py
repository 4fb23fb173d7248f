"""`manage.py receive_email`: what a mail server pipes in."""

import io
from datetime import timedelta
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command
from django.utils import timezone

from channels.models import Channel
from contacts.conversations import media, receive
from contacts.conversations.process import process_waiting
from contacts.models import Attachment, Contact, InboundEvent, Message
from tests.factories import make_channel

PLAIN = b"""\
Return-Path: <zoe@example.com>
From: =?utf-8?q?Zo=C3=AB_de_Vries?= <Zoe@Example.com>
To: Service <service@example.org>
Subject: =?utf-8?b?V2FhciBibGlqZnQgbWlqbiBzdG9lbD8=?=
Date: Sun, 22 Nov 2026 10:00:00 +0100
Message-ID: <1@example.com>
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: 8bit

De stoel is bes\xe9 dag te laat.
"""


@pytest.fixture
def mailbox(team) -> Channel:
    return make_channel("Service mail", type="email", provider="email", teams=[team])


@pytest.fixture
def pipe(mailbox, monkeypatch):
    def run(raw: bytes, channel: str = "Service mail") -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
        call_command("receive_email", channel=channel)
        process_waiting()

    return run


def test_mail_becomes_a_message_of_its_sender(pipe, mailbox):
    pipe(PLAIN)
    contact = Contact.objects.get()
    assert (contact.channel, contact.identifier, contact.name) == (mailbox, "zoe@example.com", "Zoë de Vries")
    message = Message.objects.get()
    assert message.body == "Waar blijft mijn stoel?\n\nDe stoel is besé dag te laat."
    assert message.sent_at.isoformat() == "2026-11-22T09:00:00+00:00"


def test_mail_comes_once_by_whatever_way(pipe):
    pipe(PLAIN)
    pipe(b"Received: from another.example.net\n" + PLAIN)
    assert Message.objects.count() == 1


def test_files_are_kept_and_markup_is_not(pipe):
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Message-ID"] = "zoe@example.com", "Photo", "<2@example.com>"
    mail.set_content("<style>p {}</style><p>See&nbsp;this:<script>alert(1)</script></p><p>Zoë</p>", subtype="html")
    mail.add_attachment(b"%PDF-1.4 small", maintype="application", subtype="pdf", filename="../bon.pdf")
    pipe(mail.as_bytes())
    message = Message.objects.get()
    assert message.body == "Photo\n\nSee this:\nZoë"
    attachment = message.attachments.get()
    assert (attachment.name, attachment.state) == ("../bon.pdf", "stored")
    with attachment.file.open() as file:
        assert file.read() == b"%PDF-1.4 small"


def with_files(*contents: bytes) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Message-ID"] = "zoe@example.com", "Photos", "<3@example.com>"
    mail.set_content("Here they are")
    for number, content in enumerate(contents):
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=f"{number}.pdf")
    return mail.as_bytes()


def files_on_disk() -> list[bytes]:
    return sorted(path.read_bytes() for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def kept_names() -> list[tuple[str, str]]:
    return list(Attachment.objects.order_by("name").values_list("name", "state"))


def try_again() -> InboundEvent:
    InboundEvent.objects.update(due_at=timezone.now())
    process_waiting()
    return InboundEvent.objects.get()


def test_transaction_that_is_rolled_back_leaves_no_file(pipe, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(receive, "add_message_at", None)
        pipe(with_files(b"one", b"two"))
    assert (files_on_disk(), Message.objects.count()) == ([], 0)
    assert try_again().state == "processed"
    assert files_on_disk() == [b"one", b"two"]


def test_files_are_kept_after_a_worker_was_killed_between_the_message_and_them(pipe, monkeypatch):
    class Killed(BaseException):
        pass

    keep, kept = media.keep, []

    def keep_one(attachment: Attachment, content: bytes) -> None:
        if kept:
            raise Killed
        kept.append(attachment)
        keep(attachment, content)

    with monkeypatch.context() as broken:
        broken.setattr(media, "keep", keep_one)
        with pytest.raises(Killed):
            pipe(with_files(b"one", b"two"))
    event = InboundEvent.objects.get()
    assert (event.state, kept_names()) == ("waiting", [("0.pdf", "stored"), ("1.pdf", "pending")])
    assert b"1.pdf" in bytes(event.body)
    event = try_again()
    assert (event.state, bytes(event.body)) == ("processed", b"")
    assert kept_names() == [("0.pdf", "stored"), ("1.pdf", "stored")]
    assert (files_on_disk(), Message.objects.count()) == ([b"one", b"two"], 1)


def test_full_disk_is_waited_for(pipe, monkeypatch):
    def full(*_arguments: object) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(FileSystemStorage, "_save", full)
        pipe(with_files(b"one"))
    event = InboundEvent.objects.get()
    assert (event.state, event.attempts, event.error) == ("waiting", 1, "OSError: No space left on device")
    assert Message.objects.count() == 1
    assert try_again().state == "processed"
    assert files_on_disk() == [b"one"]


def test_message_that_was_taken_back_before_its_files_were_there_gets_none(pipe, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(media, "keep", None)
        pipe(with_files(b"one"))
    Attachment.objects.all().delete()
    assert try_again().state == "processed"
    assert files_on_disk() == []


@pytest.mark.parametrize("others", [(), (b"another one",), (b"one",), (b"another one", b"two", b"three")])
def test_mail_under_the_id_of_another_whose_files_are_not_there_yet_takes_none_of_them(pipe, monkeypatch, others):
    nameless = with_files(b"one", b"two").replace(b"Message-ID: <3@example.com>\n", b"")
    with monkeypatch.context() as broken:
        broken.setattr(media, "keep", None)
        pipe(nameless)
    assert Message.objects.get().provider_message_id == sha256(nameless).hexdigest()
    pipe(with_files(*others).replace(b"<3@example.com>", sha256(nameless).hexdigest().encode()))
    assert sorted(InboundEvent.objects.values_list("state", flat=True)) == ["processed", "waiting"]
    InboundEvent.objects.update(due_at=timezone.now())
    process_waiting()
    assert set(InboundEvent.objects.values_list("state", flat=True)) == {"processed"}
    assert files_on_disk() == [b"one", b"two"]
    assert kept_names() == [("0.pdf", "stored"), ("1.pdf", "stored")]


@pytest.mark.parametrize(
    "header",
    [
        b"Auto-Submitted: auto-replied",
        b"Return-Path: <>",
        b"From: ",
        b"Content-Type: multipart/report; report-type=delivery-status",
        b"Precedence: auto_reply",
        b"X-Autoreply: yes",
    ],
)
def test_machines_start_no_conversation(pipe, header):
    name = header.partition(b":")[0]
    others = [line for line in PLAIN.split(b"\n") if not line.startswith(name + b":")]
    pipe(b"\n".join([header, *others]))
    assert InboundEvent.objects.get().state == "kept"
    assert not Message.objects.exists()


NESTED = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3_000))


@pytest.mark.parametrize(
    "raw",
    [
        PLAIN.replace(b"iso-8859-1", b"klingon"),
        PLAIN.replace(b"=?utf-8?q?", b"=?klingon?q?"),
        PLAIN.replace(b"=?utf-8?b?V2Fh", b"=?utf-8?b?V2F"),
        PLAIN.replace(b"Sun, 22 Nov 2026 10:00:00 +0100", b"Fri, 99 Foo 99999 99:99:99 +9999"),
        PLAIN.replace(b"8bit", b"base64"),
        PLAIN.replace(b"Date:", b"Content-Disposition: attachment; filename*=klingon'x'%80\nDate:"),
        PLAIN.replace(b"Subject: ", b"Subject: " + b"\0" + b"x" * 1_000_000),
        PLAIN.replace(b"text/plain; charset=iso-8859-1", b"multipart/mixed"),
        b"From: <zoe@example.com>\n" + NESTED,
    ],
    ids=range(9),
)
def test_hostile_mail_does_no_harm(pipe, raw):
    pipe(raw)
    event = InboundEvent.objects.get()
    assert event.state in {"processed", "failed"}
    assert event.state == "processed" or event.error == "It has parts within parts without end."
    assert all(message.sent_at <= timezone.now() for message in Message.objects.all())


@pytest.mark.parametrize("year", ["0101", "1969"])
def test_mail_from_before_there_was_mail_was_sent_when_it_came(year, pipe):
    pipe(PLAIN.replace(b"22 Nov 2026", f"22 Nov {year}".encode()))
    assert timezone.now() - Message.objects.get().sent_at < timedelta(minutes=1)


@pytest.mark.parametrize(("raw", "channel", "status"), [(PLAIN, "Gone", 75), (b" \n", "Service mail", 65)])
def test_mail_server_is_told_what_to_do(pipe, raw, channel, status):
    with pytest.raises(CommandError) as error:
        pipe(raw, channel)
    assert error.value.returncode == status


def test_mail_that_is_too_large_is_refused(pipe, monkeypatch):
    monkeypatch.setattr("contacts.management.commands.receive_email.LONGEST", 100)
    with pytest.raises(CommandError) as error:
        pipe(PLAIN)
    assert error.value.returncode == 65
    assert not InboundEvent.objects.exists()


def test_no_mail_comes_by_url(mailbox, client):
    assert client.post(f"/webhooks/{mailbox.webhook_token}/", PLAIN, content_type="text/plain").status_code == 403
