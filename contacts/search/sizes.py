"""The sizes by which a search chooses its way, as measured with a million contacts (`make bench PART=search`)."""

from dataclasses import dataclass

# No more queries than this are merged into one, as those of single channels: SQLite takes no more than 500.
MOST_MERGED = 100


@dataclass(frozen=True)
class Sizes:
    """Numbers of rows, where nothing else is said."""

    # Fewer matches than this are looked up one by one; more are met as soon on the way through the order.
    few: int = 5_000
    # To look up more matches than this takes long, and very long.
    many: int = 50_000
    very_many: int = 150_000

    # How many first rows of the order are gone through; the larger number where the smaller one promises enough.
    pieces: tuple[int, ...] = (2_000, 15_000)
    # How many first rows of each channel are gone through; the larger number where any of the others match.
    channel_pieces: tuple[int, ...] = (500, 15_000)
    # How many rows are gone through where very many match, but further on: to look those up would take as long.
    long_piece: int = 100_000
    # A search takes no more channels than this one by one.
    channels: int = 20

    # A term that more rows hold is common: where a rarer one is looked for, it is compared, and no index asked for it.
    # SQLite tells how many rows hold all trigrams of the term, PostgreSQL guesses how many hold the term.
    common: int = 10_000
    common_guessed: int = 150_000
    # The index is asked for no more terms of one search, the longest: a pasted letter has hundreds.
    terms: int = 5
    # Fewer keys than this that SQLite's index found are kept, so that it need not find them twice.
    keys_kept: int = 500

    # Rows that are chosen blindly: the share of them that matches is taken for that of all, when so many match.
    sample: int = 300
    sample_matches: int = 12

    # A count asked for up to a limit is that limit where an estimate says that so many times as many match.
    sure_factor: int = 5
    # The first of an index's candidates, among which the matches are counted before they are counted among all.
    count_piece: int = 50_000


SIZES = Sizes()
