"""Signed bodies with something senseless anywhere in them: read, or refused as unreadable, and nothing else."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from channels.providers import PROVIDERS
from channels.providers.inbound import UnreadableDelivery
from tests.channels.providers.test_meta import OURS, THEIRS, event, page
from tests.channels.providers.test_plain import EXAMPLES
from tests.contacts.conversations.deliveries import whatsapp
from tests.contacts.conversations.test_whatsapp_updates import BODIES

SENSELESS = [None, -1, 10**30, "", "9" * 400, "\ud800\0", [None], ["x"], {"type": []}]

CHAT = {"id": 5, "type": "private", "first_name": "Piet", "username": "pietje"}
SAID = {"message_id": 1, "date": 1763800000, "chat": CHAT, "from": {"id": 5}}
BODIES_OF = {
    "meta": [
        *BODIES.values(),
        page(event(THEIRS, message={"mid": "m", "attachments": [{"type": "image", "payload": {"url": "https://x"}}]})),
        page(event(OURS, message={"mid": "m", "is_echo": True, "text": "x"}), object="instagram"),
        page(event(THEIRS, read={"watermark": 1458692752478}), event(THEIRS, delivery={"mids": ["a"]})),
        page(event(THEIRS, reaction={"mid": "a", "action": "react", "emoji": "x"})),
        page(event(THEIRS, message_edit={"mid": "a", "text": "b"}), event(THEIRS, postback={"mid": "a", "title": "t"})),
        whatsapp({"id": "w", "type": "system", "system": {"type": "user_changed_user_id", "previous_user_id": "a"}}),
    ],
    "telegram": [
        {"update_id": 1, "message": {**SAID, "photo": [{"file_id": "a", "file_size": 1}], "caption": "c"}},
        {"update_id": 1, "message": {**SAID, "location": {"latitude": 1, "longitude": 2}, "venue": {"title": "t"}}},
        {"update_id": 1, "message": {**SAID, "contact": {"first_name": "x", "phone_number": "1"}}},
        {"update_id": 1, "edited_message": {**SAID, "edit_date": 1763800000, "text": "y"}},
        {"update_id": 1, "deleted_business_messages": {"chat": CHAT, "message_ids": [1]}},
        {"update_id": 1, "message_reaction": {**SAID, "new_reaction": [{"type": "emoji", "emoji": "x"}]}},
    ],
    "plain": [json.loads(example) for example in EXAMPLES],
}


def variants(told: Any) -> Iterator[Any]:
    """The body with each of its parts in turn taken for something else."""
    yield from SENSELESS
    if isinstance(told, dict):
        for name, part in told.items():
            yield from ({**told, name: other} for other in variants(part))
    elif isinstance(told, list):
        for place, part in enumerate(told):
            yield from ([*told[:place], other, *told[place + 1 :]] for other in variants(part))


@pytest.mark.parametrize("name", BODIES_OF)
def test_senseless_body_is_read_or_refused(name):
    provider, now = PROVIDERS[name], timezone.now()
    for body in (variant for told in BODIES_OF[name] for variant in variants(told)):
        try:
            for part in provider.parts(json.dumps(body).encode()):
                provider.read(part, {}, now)
        except UnreadableDelivery:
            pass
