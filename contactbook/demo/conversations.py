"""Reads conversations.txt; its first lines explain it."""

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import cycle
from pathlib import Path
from random import Random

FILE = Path(__file__).with_name("conversations.txt")
NOBODY = "nobody"


@dataclass(frozen=True)
class Line:
    """One thing that was said: the mark it stands behind, and a text or a file with its name and what became of it."""

    mark: str
    text: str = ""
    file: str = ""
    state: str = ""

    @property
    def is_ours(self) -> bool:
        return self.mark in ">x"


@dataclass
class Talk:
    """One conversation: how many days before the end of its story, whether it is over, who of us held it."""

    days_before: float
    status: str
    agent: str
    lines: list[Line] = field(default_factory=list)


Story = list[Talk]


class Stories:
    """The stories by name. Told one after the other, those of one name take turns."""

    def __init__(self) -> None:
        self._words: dict[str, list[str]] = {}
        stories: dict[str, list[Story]] = defaultdict(list)
        name = ""
        for raw in FILE.read_text(encoding="utf-8").splitlines():
            mark, _space, text = raw.partition(" ")
            if mark == "*":
                word, _is, choices = text.partition(" = ")
                self._words[word] = choices.split(" | ")
            elif mark == "=":
                stories[name := text].append([])
            elif mark == "@":
                stories[name][-1].append(_talk(text))
            elif mark and mark in "<>x-!":
                stories[name][-1][-1].lines.append(_line(mark, text.strip()))
        self._turns = {name: cycle(variants) for name, variants in stories.items()}

    def tell(self, name: str, chance: Random) -> Story:
        """The next story of that name, with a word by chance wherever one is to be chosen."""
        words = {word: _digits(chance.choice(choices), chance) for word, choices in self._words.items()}

        def fill(text: str) -> str:
            return _digits(re.sub(r"{(\w+)}", lambda place: words[place[1]], text), chance)

        return [
            replace(talk, lines=[replace(line, text=fill(line.text)) for line in talk.lines])
            for talk in next(self._turns[name])
        ]


def _talk(text: str) -> Talk:
    days, status, *agent = text.split()
    return Talk(float(days), status, agent[0] if agent else "")


def _line(mark: str, text: str) -> Line:
    if not text.startswith("["):
        return Line(mark, text)
    whole, _comma, state = text.strip("[]").partition(", ")
    file, _space, name = ("", "", whole) if state else whole.partition(" ")
    return Line(mark, name or file, file or whole, state)


def _digits(text: str, chance: Random) -> str:
    return re.sub("#", lambda _sign: str(chance.randint(0, 9)), text)
