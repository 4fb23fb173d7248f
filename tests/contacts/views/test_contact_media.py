"""What was shared: the Media tab, and the files themselves."""

import re
from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from contacts.models import Attachment
from tests.factories import make_attachment, make_channel, make_contact, make_conversation, make_message

OGG = b"OggS" + bytes(range(100))
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.fixture
def message(channel):
    return make_message(make_conversation(make_contact(channel, name="Sanne")), kind="image")


def media_url(message) -> str:
    return reverse("contacts:contact_media", args=[message.conversation.contact_id])


def names(response) -> list[str]:
    return [one.name for month in response.context["months"] for one in month.pictures + month.files]


def file_url(attachment, contact=None) -> str:
    return reverse("contacts:attachment", args=[(contact or attachment.contact).pk, attachment.pk])


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_contact_media_shows_files_newest_first(agent_client, message):
    make_attachment(message, PNG, "old.png", "image/png", kind="image")
    make_attachment(message, b"%PDF", "new.pdf", "application/pdf")
    response = agent_client.get(media_url(message))
    assert names(response) == ["old.png", "new.pdf"]
    page = response.content.decode()
    assert f'href="/contacts/{message.conversation.contact_id}/?message={message.pk}"' in page
    assert 'title="Show in conversation"' in page


def test_contact_media_says_what_is_not_there_and_why(agent_client, message):
    for attempts, name in enumerate(["a.pdf", "b.pdf", "c.pdf"]):
        make_attachment(message, b"", name, "", state=Attachment.State.PENDING, attempts=attempts)
    make_attachment(message, b"", "d.mp4", "", state=Attachment.State.REFUSED, refusal="too large")
    page = agent_client.get(media_url(message)).text
    for part in (page[page.index('id="inspector"') :], page[: page.index('id="inspector"')]):
        shown = re.findall(r"<bdi>(\w.\w+)</bdi> <small>(.*?)</small>", part)
        assert sorted(shown) == [
            ("a.pdf", "not fetched yet"),
            ("b.pdf", "not fetched yet · tried 1 time"),
            ("c.pdf", "not fetched yet · tried 2 times"),
            ("d.mp4", "not kept: too large"),
        ]


def test_contact_media_keeps_no_file_of_a_message_that_was_taken_back(agent_client, message):
    taken_back = make_attachment(message, PNG, "a.png", "image/png")
    message.deleted_at = message.sent_at
    message.save()
    assert names(agent_client.get(media_url(message))) == []
    assert agent_client.get(file_url(taken_back)).status_code == 404


def test_contact_media_stands_by_month_pictures_before_files(agent_client, message):
    other = make_message(message.conversation, sent_at=datetime(2026, 2, 28, 12, tzinfo=UTC))
    for name, owner in [("a.png", message), ("b.pdf", message), ("c.pdf", other), ("d.png", other), ("e.png", other)]:
        make_attachment(owner, PNG, name, "image/png" if name.endswith("png") else "application/pdf")
    type(message).objects.filter(pk=message.pk).update(sent_at=datetime(2026, 1, 31, 23, 30, tzinfo=UTC))
    months = agent_client.get(media_url(message)).context["months"]
    assert [(month.title, [one.name for one in month.pictures + month.files]) for month in months] == [
        ("February 2026", ["e.png", "d.png", "a.png", "c.pdf", "b.pdf"])
    ]  # the last evening of January is February in Amsterdam
    type(message).objects.filter(pk=message.pk).update(sent_at=datetime(2026, 1, 31, 12, tzinfo=UTC))
    months = agent_client.get(media_url(message)).context["months"]
    assert [month.title for month in months] == ["February 2026", "January 2026"]


def test_contact_media_gives_htmx_the_inspector(agent_client, message):
    part = agent_client.get(media_url(message), headers={"HX-Request": "true", "HX-Target": "inspector"})
    assert "No files were shared" in part.content.decode()
    assert 'id="detail"' not in part.content.decode()


def test_contact_media_pages_back(agent_client, message):
    for number in range(61):
        make_attachment(message, b"x", f"{number}.txt", "text/plain")
    response = agent_client.get(media_url(message))
    assert len(names(response)) == 60
    address = f"{media_url(message)}?older={response.context['older']}"
    assert f'hx-get="{address}"' in response.content.decode()
    older = agent_client.get(address, headers={"HX-Request": "true", "HX-Target": "older"})
    assert names(older) == ["0.txt"]
    assert [month.title for month in older.context["months"]] == [""]
    assert 'id="inspector"' not in older.content.decode()
    assert names(agent_client.get(address)) == ["0.txt"]
    assert agent_client.get(media_url(message), {"older": "x"}).status_code == 400


def test_contact_media_takes_as_many_queries_for_fifty_files_as_for_one(
    agent_client, message, django_assert_max_num_queries
):
    headers = {"HX-Request": "true", "HX-Target": "inspector"}
    make_attachment(message, PNG, "a.png", "image/png")
    with django_assert_max_num_queries(7) as one:
        agent_client.get(media_url(message), headers=headers)
    for _ in range(49):
        make_attachment(message, PNG, "a.png", "image/png")
    with django_assert_max_num_queries(7) as fifty:
        agent_client.get(media_url(message), headers=headers)
    assert len(fifty) == len(one)


def test_attachment_shows_picture(agent_client, message):
    response = agent_client.get(file_url(make_attachment(message, PNG, "lamp.png", "image/png")))
    assert body(response) == PNG
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"].startswith("inline")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("asked", "status", "content_range", "expected"),
    [
        ("bytes=0-3", 206, "bytes 0-3/104", OGG[:4]),
        ("bytes=100-", 206, "bytes 100-103/104", OGG[100:]),
        ("bytes=-4", 206, "bytes 100-103/104", OGG[-4:]),
        ("bytes=90-500", 206, "bytes 90-103/104", OGG[90:]),
        ("bytes=-500", 206, "bytes 0-103/104", OGG),
        ("bytes=104-", 416, "bytes */104", b""),
        ("bytes=3-2", 200, None, OGG),
        ("bytes=-", 200, None, OGG),
        ("bytes=0-1,3-4", 200, None, OGG),
        ("lines=1-2", 200, None, OGG),
        (f"bytes={'9' * 40}-", 200, None, OGG),
    ],
)
def test_attachment_gives_players_the_piece_they_ask_for(agent_client, message, asked, status, content_range, expected):
    sound = make_attachment(message, OGG, "voice.ogg", "audio/ogg; codecs=opus", kind="audio")
    response = agent_client.get(file_url(sound), headers={"Range": asked})
    assert response.status_code == status
    assert response.get("Content-Range") == content_range
    assert b"".join(response) == expected
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    if status != 416:
        assert response["Content-Type"] == "audio/ogg"
        assert int(response["Content-Length"]) == len(expected)


def test_attachment_that_can_be_played_has_a_player(agent_client, message):
    make_attachment(message, OGG, "voice.ogg", "audio/ogg; codecs=opus", kind="audio")
    make_attachment(message, b"....ftypmp42", "film.mp4", "video/mp4", kind="video")
    make_attachment(message, b"#!AMR", "old.amr", "audio/amr", kind="audio")
    page = agent_client.get(media_url(message)).content.decode()
    inspector = page[page.index('id="inspector"') :]
    assert inspector.count("<audio") == inspector.count("<video") == 1
    assert "old.amr" in inspector


@pytest.mark.parametrize(
    ("content", "name", "claimed"),
    [
        (SVG, "logo.svg", "image/svg+xml"),
        (SVG, "logo.png", "image/png"),
        (PNG, "broken.png", "application/octet-stream"),
        (b"<script>alert(1)</script>", "page.html", "text/html"),
        (b"%PDF-1.7", "scan.pdf", "application/pdf"),
        (b"", "empty", ""),
    ],
)
def test_attachment_downloads_whatever_is_no_picture(agent_client, message, content, name, claimed):
    response = agent_client.get(file_url(make_attachment(message, content, name, claimed)))
    assert body(response) == content
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'


def test_attachment_thumbnail_is_what_pages_show(agent_client, outsider_client, channel, message):
    picture = make_attachment(message, PNG, "lamp.png", "image/png")
    picture.thumbnail.save("", ContentFile(b"RIFF....WEBP"))
    url = f"{file_url(picture)}thumbnail/"
    page = agent_client.get(media_url(message)).text
    assert page.count(f'<img src="{url}"') == 2  # in the history and in the tab
    response = agent_client.get(url)
    assert body(response) == b"RIFF....WEBP"
    assert response["Content-Type"] == "image/webp"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert outsider_client.get(url).status_code == 404
    assert agent_client.get(f"{file_url(make_attachment(message, PNG, '', ''))}thumbnail/").status_code == 404
    assert agent_client.post(url).status_code == 405


def test_attachment_puts_no_name_into_its_headers_as_it_is(agent_client, message):
    response = agent_client.get(file_url(make_attachment(message, b"x", 'a"\r\nSet-Cookie: b=1', "")))
    assert "Set-Cookie" not in response
    assert "\n" not in response["Content-Disposition"]
    body(response)


def test_attachment_is_not_found_by_outsider_under_another_contact_or_unless_stored(
    agent_client, outsider_client, channel, message
):
    own = make_attachment(message, PNG, "a.png", "image/png")
    pending = make_attachment(message, PNG, "a.png", "image/png", state=Attachment.State.PENDING)
    foreign = make_attachment(
        make_message(make_conversation(make_contact(make_channel()))), PNG, "secret.png", "image/png"
    )
    assert outsider_client.get(file_url(own)).status_code == 404
    assert agent_client.get(file_url(foreign, own.contact)).status_code == 404
    assert agent_client.get(file_url(own, make_contact(channel))).status_code == 404
    assert agent_client.get(file_url(pending)).status_code == 404


def test_attachment_whose_file_is_gone_is_not_found(agent_client, message):
    attachment = make_attachment(message, PNG, "a.png", "image/png")
    attachment.file.storage.delete(attachment.file.name)
    assert agent_client.get(file_url(attachment)).status_code == 404


def test_attachment_refuses_post(agent_client, message):
    assert agent_client.post(file_url(make_attachment(message, PNG, "a.png", "image/png"))).status_code == 405
