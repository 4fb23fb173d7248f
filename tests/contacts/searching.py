"""All ways that a search has, in a book of a few contacts."""

from contacts.pages import keyset
from contacts.search import finding


def shrink_pieces(monkeypatch, few: int) -> None:
    """Let fewer than `few` matches be looked up, and others be met on the way through a few contacts of the order."""
    for name, size in {
        "PIECES": (3, 8),
        "SHORT_PIECE": 2,
        "LONG_PIECE": 5,
    }.items():
        monkeypatch.setattr(keyset, name, size)
    for name, size in {
        "_NAMED": few,
        "_FEW": few,
        "_MANY": few,
        "_VERY_MANY": few + 6,
        "_COUNTED": 3,
        "_COMMON": 4,
    }.items():
        monkeypatch.setattr(finding, name, size)
