"""What is in the demo book."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count
from django.test import override_settings
from django.utils import timezone

from campaigns.models import List
from channels.models import Channel
from channels.types import ChannelType
from contactbook.demo import fill_book
from contacts.file_types import START, shown_type
from contacts.models import (
    Attachment,
    Contact,
    ContactLabel,
    Conversation,
    CustomField,
    Favorite,
    Label,
    Message,
    Note,
    SavedView,
)
from contacts.typed_values import ValueType

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def media(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Path]:
    """The book, filled once for all tests of this file; where its files are."""
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=folder):
            fill_book()
        yield folder
        transaction.set_rollback(True)


def test_demo_book_shows_every_state():
    contacts, conversations = Contact.objects.all(), Conversation.objects.all()
    assert 290 <= contacts.count() <= 310
    assert set(Channel.objects.values_list("type", flat=True)) == set(ChannelType.values)
    assert set(CustomField.objects.values_list("type", flat=True)) == set(ValueType.values)
    assert set(List.objects.values_list("kind", flat=True)) == {"static", "dynamic"}
    assert set(SavedView.objects.values_list("is_shared", flat=True)) == {True, False}
    for state in ("blocked_at", "opted_out_at", "deleted_at", "person", "provider_id"):
        assert contacts.filter(**{f"{state}__isnull": False}).exists(), state
    assert contacts.filter(identifier=None, provider_id__isnull=False).exists()
    assert contacts.filter(name="").exists()
    assert any(len(name) > 80 for name in contacts.values_list("name", flat=True))
    assert contacts.filter(channel__is_active=False, conversations__isnull=False).exists()
    assert {status for (status,) in conversations.values_list("status")} == {"open", "closed"}
    assert conversations.filter(assignee="", status="open").exists()
    assert contacts.annotate(said=Count("conversations__messages")).filter(said__gt=300).exists()
    notes = Note.objects.all()
    assert notes.filter(pinned_at__isnull=False).exists()
    assert notes.filter(conversation__isnull=False).exists()


def test_demo_book_shares_files_of_every_kind(settings, media):
    settings.MEDIA_ROOT = media
    attachments = Attachment.objects.all()
    assert set(attachments.values_list("state", flat=True)) == set(Attachment.State.values)
    assert {"image/jpeg", "application/pdf", "audio/x-wav"} <= set(attachments.values_list("content_type", flat=True))
    pictures = {Path(attachment.file.path).read_bytes() for attachment in attachments if attachment.is_picture}
    assert len(pictures) > 5
    assert {shown_type(picture[:START]) for picture in pictures} == {"image/jpeg"}


def test_demo_book_is_spread_over_time():
    now, last = timezone.now(), list(Contact.objects.values_list("last_activity_at", flat=True))
    ages = [(now - at).days for at in last]
    assert min(last) < now - timedelta(days=200)
    assert max(last) < now
    assert all(sum(start <= age < end for age in ages) > 10 for start, end in ((0, 1), (1, 7), (7, 40), (40, 400)))
    oldest = Message.objects.filter(channel__retention_days=90).earliest("sent_at")
    assert oldest.sent_at > now - timedelta(days=91)


def test_demo_book_tells_no_story_twice_in_a_row():
    newest = Contact.objects.filter(deleted_at=None).order_by("-last_activity_at")[:50]
    said = [last.body for one in newest if (last := Message.objects.filter(conversation__contact=one).last())]
    assert sum(bool(text) and text == next_text for text, next_text in pairwise(said)) <= 1


def test_demo_book_gives_nobody_what_he_may_not_see():
    for favorite in Favorite.objects.select_related("user"):
        assert Contact.objects.visible_to(favorite.user).filter(pk=favorite.contact_id).exists()
    for note in Note.objects.select_related("author", "contact"):
        assert Channel.objects.visible_to(note.author).filter(pk=note.contact.channel_id).exists()
    for one in ContactLabel.objects.select_related("contact__channel"):
        assert Label.objects.usable_on(one.contact.channel).filter(pk=one.label_id).exists(), one
    seen = {user.username: Contact.objects.visible_to(user).count() for user in User.objects.all()}
    assert all(0 < seen[agent] < seen["ada"] for agent in ("iris", "bram", "noor"))
