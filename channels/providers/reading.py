"""How every provider reads what strangers may have written: whatever stands there, nothing but UnreadableDelivery is
raised, and no text holds what a database does not take."""

import json
from datetime import UTC, datetime
from typing import Any

from channels.providers.inbound import UnreadableDelivery

LONGEST_TEXT = 65_536
_EPOCH = datetime.fromtimestamp(0, UTC)
_MILLISECONDS = 100_000_000_000  # as seconds, this is in the year 5138


def load_json(body: bytes) -> Any:
    """The JSON of a body. Raises UnreadableDelivery."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UnreadableDelivery("This is not JSON.") from error


def dump_json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def part(value: Any, name: str) -> dict[str, Any]:
    """The object below `name`, an empty one where there is none."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def parts(value: Any, name: str) -> list[dict[str, Any]]:
    """The objects in the list below `name`."""
    found = value.get(name) if isinstance(value, dict) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def text(value: Any, limit: int = LONGEST_TEXT) -> str:
    """A text, or a number as one; "" for all else."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = f"{value:d}" if abs(value) < 10**60 else ""
    if not isinstance(value, str):
        return ""
    # Half a character cannot be stored, NUL neither.
    return value.replace("\0", "").encode(errors="replace").decode()[:limit].strip()


def needed(value: dict[str, Any], name: str, limit: int = 254) -> str:
    """The text below `name`. Raises UnreadableDelivery where there is none."""
    if not (found := text(value.get(name), limit)):
        raise UnreadableDelivery(f"“{name}” is missing.")
    return found


def moment(value: Any) -> datetime:
    """A time out of seconds or milliseconds since 1970, or ISO 8601 with its zone. Raises UnreadableDelivery."""
    try:
        if isinstance(value, str) and not value.isdigit():
            at = datetime.fromisoformat(value)
        else:
            number = int(value)
            at = datetime.fromtimestamp(number / 1000 if number > _MILLISECONDS else number, UTC)
        if at.tzinfo is None:
            raise UnreadableDelivery(f"The time {value!r:.40} has no zone.")
        at = at.astimezone(UTC)
    except (TypeError, ValueError, OverflowError, OSError) as error:
        raise UnreadableDelivery(f"{value!r:.40} is no time.") from error
    if at < _EPOCH:  # of the year 1 the pages of some time zones could not tell the day
        raise UnreadableDelivery(f"The time {value!r:.40} is before 1970.")
    return at
