"""A history of messages from another system, by `manage.py import_messages`'s own code: read, and read again.

Thirty messages with each contact, in conversations of ten, a third of them ours, in the order of their times.
"""

import json
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from channels.models import Channel
from contacts.conversations.history_import import import_messages
from contacts.models import Contact, Conversation, Message

EACH, TALK = 30, 10
BEGINNING = 1_700_000_000
WEEK = 7 * 24 * 3600


def run(rows: int) -> Iterator[dict[str, Any]]:
    """Figures of the empty database that is connected, for `rows` messages."""
    channel = Channel.objects.create(name="History", type="whatsapp")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.jsonl"
        with path.open("w") as file:
            file.writelines(f"{json.dumps(_event(number, rows))}\n" for number in range(rows))
        for step in ("import", "again"):
            began, worked = time.perf_counter(), time.process_time()
            with path.open("rb") as lines:
                counts = import_messages(lines, channel, lambda _number, reason: print(reason))
            seconds = time.perf_counter() - began
            yield {
                "step": step,
                **{name: count for name, count in counts.items() if count},
                "messages_per_second": round(rows / seconds),
                "cpu_ms_per_message": round(1000 * (time.process_time() - worked) / rows, 3),
                "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
    yield {
        "step": "in the book",
        "messages": Message.objects.count(),
        "conversations": Conversation.objects.count(),
        "contacts": Contact.objects.count(),
    }


def _event(number: int, rows: int) -> dict[str, Any]:
    people = max(rows // EACH, 1)
    person, turn = number % people, number // people
    told: dict[str, Any] = {
        "id": f"m{number}",
        "contact": {"identifier": f"316{20_000_000 + person}", "name": f"Person {person}"},
        "text": f"Where is order {number}? It should have been here on Tuesday.",
        "sent_at": BEGINNING + turn // TALK * WEEK + turn % TALK * 600 + person % 600,
    }
    if turn % 3 == 2:
        told |= {"direction": "out", "author": "Iris", "status": "read"}
    return {"type": "message", "data": told}
