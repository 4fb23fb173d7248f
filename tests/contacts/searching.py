"""All ways that a search has, in a book of a few contacts."""

from contacts.search import finding


def shrink_pieces(monkeypatch, few: int) -> None:
    """Let fewer than `few` matches be looked up, and others be met on the way through a few contacts of the order."""
    pieces = {"_PIECES": (3, 8), "_SHORT_PIECE": 2, "_LONG_PIECE": 5}
    sizes = {"_NAMED": few, "_FEW": few, "_MANY": few, "_VERY_MANY": few + 6, "_COUNTED": 3}
    common = {"_COMMON": 4, "_COMMON_PLANNED": 4}
    for name, size in {**pieces, **sizes, **common}.items():
        monkeypatch.setattr(finding, name, size)
