"""Where the contacts of an import land besides the book: on what a higher app registered, such as a campaign list.

`ContactImport.target` says which: its `key`, its `id` or, of one that the commit will make, its `name`; `ignored` is
False when contacts whose rows are ignored stay off it. In a form and its URL it is three texts: `target` ("list-5",
"list-new", "" for none), `new_target` (the name) and `ignored` ("join" or "leave").
"""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from channels.models import Channel, Viewer
from contacts.extensions import NamedTarget, import_targets
from contacts.models import ContactImport
from contacts.row_key import row_key

Target = dict[str, Any]

IGNORED = {"join": _("Put them on the list too"), "leave": _("Leave them off the list")}
_NEW = "new"


def choices(user: User, channel: Channel) -> list[tuple[str, str | Promise]]:
    """What the user may import into, and whether he may make something to import into; nothing when neither."""
    found: list[tuple[str, str | Promise]] = []
    for key, target in import_targets.items():
        if target.may_make(user):
            found.append((f"{key}-{_NEW}", target.new_title))
        found += [(f"{key}-{pk}", name) for pk, name in target.offer(user, channel)]
    return found


def is_new(choice: str) -> bool:
    return choice.endswith(f"-{_NEW}")


def read(given: Mapping[str, str]) -> Target | None:
    """The target that the three texts say."""
    key, _dash, which = given.get("target", "").partition("-")
    if not key:
        return None
    chosen = {"name": given.get("new_target", "")} if which == _NEW else {"id": int(which)}
    return {"key": key, **chosen, "ignored": given.get("ignored") != "leave"}


def written(target: Target | None) -> dict[str, str]:
    """The three texts that say the target."""
    if not target:
        return {}
    ignored = "join" if joins_ignored(target) else "leave"
    if "id" not in target:
        return {"target": f"{target['key']}-{_NEW}", "new_target": target["name"], "ignored": ignored}
    return {"target": f"{target['key']}-{target['id']}", "ignored": ignored}


def joins_ignored(target: Target) -> bool:
    return bool(target.get("ignored", True))


def landing(target: Target | None, outcomes: Mapping[str, int]) -> int:
    """How many rows put a contact on the target, of so many of each outcome."""
    if not target:
        return 0
    ignored = outcomes["ignored"] if joins_ignored(target) else 0
    return outcomes["created"] + outcomes["updated"] + outcomes["unchanged"] + ignored


def named(target: Target | None, viewer: Viewer) -> NamedTarget | None:
    """What the target is called; None where there is none that the viewer may see."""
    if not target:
        return None
    if "id" not in target:
        return NamedTarget(target["name"], "")
    return import_targets[target["key"]].named(target["id"], viewer)


def named_as(choice: str, viewer: Viewer) -> NamedTarget | None:
    """What the target chosen in a form is called; None for a new one, which has no name yet."""
    key, _dash, which = choice.partition("-")
    return import_targets[key].named(row_key(which), viewer) if key in import_targets else None


def takes(contact_import: ContactImport, user: User | None) -> bool:
    """Whether the import, which the user confirmed, may put contacts where it is to put them, now."""
    target = contact_import.target
    if not target:
        return True
    register = import_targets[target["key"]]
    if "id" not in target:
        return user is None or register.may_make(user)
    return register.takes(target["id"], contact_import.channel, user)


def make(target: Target, channel: Channel, user_id: int | None) -> Target:
    """The target with its id, made if need be; `is_made` then, for the undo."""
    if "id" in target:
        return target
    return {**target, "id": import_targets[target["key"]].make(target["name"], channel, user_id), "is_made": True}


def clear(contact_import: ContactImport) -> None:
    """The end of an undo: take out contacts that it did not meet; put away a target that the import made, if empty."""
    target = contact_import.target
    if not target or "id" not in target:
        return
    register = import_targets[target["key"]]
    register.remove_rest(target["id"], contact_import.pk)
    if target.get("is_made"):
        register.unmake(target["id"])
