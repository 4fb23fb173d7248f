"""The round picture of a person who has none: initials on one of eight tints."""

from django.db.models import Model

_TINTS = 8
# What stands between a first and a last name and is not part of either.
_PARTICLES = frozenset(
    "van der den de het 't ten ter te op in von zu zum zur da das do dos di del della du des le la el al bin".split()
)


def initials(name: str) -> str:
    """The first letters of first and last name, without "van der"; "" when the name has no letters or digits."""
    words = [word for word in name.split() if word.lower() not in _PARTICLES]
    letters = [next((char for char in word if char.isalnum()), "") for word in words]
    letters = [letter for letter in letters if letter]
    return "".join([letters[0], letters[-1]] if len(letters) > 1 else letters).upper()


def tint(person: Model | None) -> str:
    """The CSS class of the color: the same one for the same row, always."""
    return f"h{((person.pk or 0) if person else 0) % _TINTS + 1}"
