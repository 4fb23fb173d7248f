"""`manage.py receive_email`: what a mail server pipes in."""

import io
from email.message import EmailMessage

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from channels.models import Channel
from contacts.conversations.process import process_waiting
from contacts.models import Contact, InboundEvent, Message
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


@pytest.mark.parametrize("header", [b"Auto-Submitted: auto-replied", b"Return-Path: <>", b"From: "])
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
    assert event.state == "processed" or event.error == "This is no e-mail message."
    assert all(message.sent_at <= timezone.now() for message in Message.objects.all())


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
