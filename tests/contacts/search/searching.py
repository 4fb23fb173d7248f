"""All ways that a search has, in a book of a few contacts."""

from contacts.search import candidates, finding
from contacts.search.sizes import Sizes


def shrink_sizes(monkeypatch, few: int) -> None:
    """Let fewer than `few` matches be looked up, and others be met on the way through a few contacts of the order."""
    sizes = Sizes(
        few=few,
        many=few,
        very_many=few + 6,
        pieces=(3, 8),
        channel_pieces=(2, 4),
        long_piece=5,
        common=4,
        common_guessed=4,
        keys_kept=few,
        count_piece=3,
    )
    for module in (candidates, finding):
        monkeypatch.setattr(module, "SIZES", sizes)
