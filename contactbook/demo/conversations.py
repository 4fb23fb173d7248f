"""Reads conversations.txt; its first lines explain it."""

from dataclasses import dataclass, field
from pathlib import Path

FILE = Path(__file__).with_name("conversations.txt")


@dataclass
class Line:
    """One message: a text, or the name of a picture."""

    is_ours: bool
    text: str = ""
    picture: str = ""


@dataclass
class Talk:
    """One conversation: how many days ago it began, whether it is over, who of us held it."""

    days_ago: float
    status: str
    agent: str
    lines: list[Line] = field(default_factory=list)


def read_conversations() -> dict[str, list[Talk]]:
    """{name: the conversations of one contact, oldest first}."""
    stories: dict[str, list[Talk]] = {}
    for raw in FILE.read_text(encoding="utf-8").splitlines():
        mark, _space, text = raw.partition(" ")
        if mark == "=":
            story = stories[text] = []
        elif mark == "@":
            days_ago, status, agent = text.split()
            story.append(Talk(float(days_ago), status, agent))
        elif mark in {"<", ">"}:
            story[-1].lines.append(_line(text, is_ours=mark == ">"))
    return stories


def _line(text: str, *, is_ours: bool) -> Line:
    if text.startswith("["):
        return Line(is_ours, picture=text.strip("[]"))
    return Line(is_ours, text=text.strip())
