"""Files that were shared: fetched, looked into, kept or refused."""

import re
import struct
import zlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from PIL import Image

from channels.providers import PROVIDERS
from channels.providers.inbound import UnreadableDelivery
from channels.providers.provider import MediaRequest, Provider
from contacts.conversations import media
from contacts.conversations.download import Network
from contacts.models import Attachment, Message
from tests.contacts.conversations import media_server
from tests.contacts.conversations.media_server import NETWORK
from tests.factories import make_channel, make_contact, make_conversation, make_message

Kind, State = Message.Kind, Attachment.State
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<html><script>alert(1)</script></html>"


@pytest.fixture
def server():
    with media_server.running() as server:
        yield server


@pytest.fixture
def channel(db):
    return make_channel(provider="plain", credentials={"media_hosts": "127.0.0.1"})


@pytest.fixture
def message(channel):
    return make_message(make_conversation(make_contact(channel)))


def pending(message: Message, url: str, **values) -> Attachment:
    """As it is after a message was received."""
    return Attachment.objects.create(
        message=message,
        contact=message.conversation.contact,
        fetch_at=timezone.now(),
        **{"source": {"url": url}, "name": "file", "content_type": "image/png", "kind": Kind.IMAGE, **values},
    )


def fetched(attachment: Attachment, network: Network = NETWORK) -> Attachment:
    media.fetch(attachment.pk, network)
    attachment.refresh_from_db()
    return attachment


def kept(attachment: Attachment, content: bytes) -> Attachment:
    media.keep(attachment, content)
    attachment.refresh_from_db()
    return attachment


def content_of(stored: FieldFile) -> bytes:
    with stored.open() as file:
        return file.read()


def files(settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def picture(format: str, size=(1200, 600), mode="RGB", **options) -> bytes:
    content = BytesIO()
    Image.new(mode, size, "red").save(content, format, **options)
    return content.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A picture that says how large it is, and little more."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "WEBP"])
def test_picture_is_kept_under_a_random_name_with_a_small_one(server, message, settings, format):
    content = picture(format)
    server.answers = {"/a": content}

    stored = fetched(pending(message, server.url("/a"), name="../../lamp.html", content_type="text/html"))

    assert (stored.state, stored.content_type, stored.kind) == (State.STORED, f"image/{format.lower()}", Kind.IMAGE)
    assert (stored.size, stored.source, stored.fetch_at) == (len(content), {}, None)
    assert stored.is_picture
    assert content_of(stored.file) == content
    for file in (stored.file, stored.thumbnail):
        assert re.fullmatch(r"attachments/(\w\w)/\1\w{30}", file.name)
    with stored.thumbnail as file, Image.open(file) as small:
        assert (small.format, small.size) == ("WEBP", (480, 240))
    assert len(files(settings)) == 2


def test_small_picture_stands_upright_and_tells_nothing_but_pixels(message):
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "Mrs. Jansen's garden"  # turned to the right
    stored = kept(pending(message, ""), picture("JPEG", exif=exif))

    with stored.thumbnail as file, Image.open(file) as small:
        assert small.size == (240, 480)
        assert not small.getexif()
    assert b"Jansen" not in content_of(stored.thumbnail)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_picture_of_any_kind_gets_a_small_one(message, mode):
    content = BytesIO()
    Image.new(mode, (600, 600)).save(content, "PNG")

    assert kept(pending(message, ""), content.getvalue()).thumbnail


@pytest.mark.parametrize(
    "content",
    [
        SVG,
        HTML,
        b"\x89PNG\r\n\x1a\n" + HTML,
        b"GIF89a/*" + HTML,
        b"\xff\xd8\xff" + bytes(100),
        picture("JPEG")[:200],
        picture("WEBP")[:100],
        png_of(60_000, 60_000),
        png_of(2_000_000_000, 2_000_000_000),
        png_of(9_000, 9_000),
        png_of(7_500, 7_500),
        png_of(0, 0),
        b"%PDF-1.7",
        b"II*\x00" + bytes(100),  # a TIFF, which no browser shows
    ],
    ids=range(14),
)
def test_what_is_no_picture_is_never_shown_as_one(message, settings, content):
    stored = kept(pending(message, ""), content)

    assert (stored.state, stored.kind) == (State.STORED, Kind.FILE)
    assert stored.content_type == "application/octet-stream"
    assert (stored.is_picture, stored.player, stored.thumbnail.name) == (False, "", "")
    assert content_of(stored.file) == content
    assert len(files(settings)) == 1


def test_picture_that_is_something_else_too_shows_its_pixels_alone(message):
    stored = kept(pending(message, ""), picture("GIF") + b"/*" + HTML)

    assert stored.content_type == "image/gif"
    assert b"script" not in content_of(stored.thumbnail)


@pytest.mark.parametrize(
    ("content", "claimed", "kind", "player"),
    [
        (b"OggS....", "audio", "audio", "audio"),
        (b"....ftypM4A ", "audio", "audio", "audio"),
        (b"....ftypmp42", "image", "video", "video"),
        (b"OggS....", "file", "audio", "audio"),
        (b"#!AMR\n", "audio", "file", ""),
        (HTML, "video", "file", ""),
        (b"BEGIN:VCARD", "contact", "contact", ""),
    ],
)
def test_file_is_what_it_is_and_not_what_it_is_called(message, content, claimed, kind, player):
    stored = kept(pending(message, "", kind=claimed, content_type="video/mp4"), content)

    assert (stored.kind, stored.player) == (kind, player)


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"MZ\x90\x00", "invoice.pdf", "a program"),
        (b"\x7fELF", "photo.jpg", "a program"),
        (b"#!/bin/sh", "", "a program"),
        (b"WScript.Echo(1)", "invoice.pdf.JS ", "a program"),
        (b"", "empty.txt", "empty"),
        (b"x" * 2_000_001, "film.mp4", "too large"),
    ],
)
def test_what_we_do_not_take_is_refused_with_the_reason(message, settings, content, name, reason):
    settings.MEDIA_MAX_BYTES = 2_000_000

    refused = kept(pending(message, "", name=name), content)

    assert (refused.state, refused.refusal, refused.fetch_at) == (State.REFUSED, reason, None)
    assert (refused.file.name, refused.thumbnail.name, refused.source) == ("", "", {})
    assert files(settings) == []


def test_file_that_says_it_is_too_large_is_not_asked_for(server, message, settings):
    refused = fetched(pending(message, server.url("/a"), size=settings.MEDIA_MAX_BYTES + 1))

    assert refused.refusal == "too large"
    assert server.asked == []


@pytest.mark.parametrize("url", ["http://example.com/a", "file:///etc/passwd", ""])
def test_file_elsewhere_is_refused(message, url):
    assert fetched(pending(message, url)).refusal == "it does not lie with its provider"


def test_file_of_a_channel_without_provider_is_refused(server, message, channel):
    channel.provider = ""
    channel.save()

    assert fetched(pending(message, server.url("/a"))).refusal == "its channel has no provider"


def test_file_that_cannot_be_had_is_tried_again_ever_less_often_and_refused_in_the_end(server, message, settings):
    server.answers = {"/a": 500}
    attachment = pending(message, server.url("/a"))
    waits = []
    for attempt in range(1, len(media.PAUSES)):
        now = timezone.now()
        fetched(attachment)
        fetched(attachment)  # not due
        assert (attachment.state, attachment.attempts, len(server.asked)) == (State.PENDING, attempt, attempt)
        waits.append(attachment.fetch_at - now)
        Attachment.objects.update(fetch_at=now)

    assert waits == sorted(waits)
    assert timedelta(minutes=15) <= waits[0] < timedelta(hours=1)
    assert fetched(attachment).refusal == "it could not be fetched"
    assert files(settings) == []


def test_file_that_comes_at_the_second_try_is_kept(server, message):
    server.answers = {"/a": 503}
    attachment = fetched(pending(message, server.url("/a")))
    Attachment.objects.update(fetch_at=timezone.now())
    server.answers = {"/a": picture("PNG")}

    assert fetched(attachment).is_picture


class _Killed(BaseException):
    pass


def killed(*_args) -> bool:
    raise _Killed


def test_try_that_was_killed_leaves_no_file_and_the_last_one_no_wait(server, message, settings):
    server.answers = {"/a": picture("PNG")}
    attachment = pending(message, server.url("/a"))
    for _try in media.PAUSES:
        with pytest.raises(_Killed):
            media.fetch(attachment.pk, Network("http", killed))
        attachment.refresh_from_db()
        attachment.file.storage.save(attachment.file.name, BytesIO(b"half a pho"))
        Attachment.objects.update(fetch_at=timezone.now())
        assert len(files(settings)) == 1

    assert fetched(attachment).refusal == "it could not be fetched"
    assert files(settings) == []


def test_file_of_a_contact_that_is_deleted_meanwhile_is_not_kept(server, message, settings):
    server.answers = {"/a": picture("PNG")}
    attachment = pending(message, server.url("/a"))

    def deletes(_address) -> bool:
        message.conversation.contact.delete()
        return True

    media.fetch(attachment.pk, Network("http", deletes))

    assert not Attachment.objects.exists()
    assert files(settings) == []


class _InTwoSteps(Provider):
    """Tells, asked for an id, where the file is."""

    def __init__(self, server) -> None:
        self.server = server

    def media_request(self, reference, credentials):
        def follow(answer: bytes) -> MediaRequest:
            if not answer.startswith(b"/"):
                raise UnreadableDelivery("No path.")
            return MediaRequest(self.server.url(answer.decode()), {"Authorization": "2"}, ("127.0.0.1",))

        url = self.server.url(f"/{reference.id}")
        return MediaRequest(url, {"Authorization": credentials["token"]}, ("127.0.0.1",), follow)


def test_file_that_is_known_by_an_id_is_asked_for_twice(server, message, channel, monkeypatch):
    monkeypatch.setitem(PROVIDERS, "two-steps", _InTwoSteps(server))
    channel.provider, channel.credentials = "two-steps", {"token": "1"}
    channel.save()
    server.answers = {"/17": b"/file", "/file": b"photo", "/18": b"?"}

    stored = fetched(pending(message, "", source={"id": "17"}))

    assert content_of(stored.file) == b"photo"
    assert server.asked == [("/17", "1"), ("/file", "2")]
    assert fetched(pending(message, "", source={"id": "18"})).state == State.PENDING
