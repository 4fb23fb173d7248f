"""Phone numbers checked per second: ours beside `phonenumbers` as it is shipped, on the same numbers in one run.

`python -m benchmarks.numbers [count]` prints the figures as JSON lines.
"""

import json
import multiprocessing
import random
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from time import perf_counter

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

# Gives the function to time; called in the process that times it.
Contestant = Callable[[], Callable[[str], str]]

_MOBILE_TYPES = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
# As in the files of the import benchmark.
_SHARE_OF_BAD_NUMBERS = 0.02


def run(count: int) -> dict[str, dict[str, int | float]]:
    """Numbers per second and ratios for `count` numbers of one country, and for as many of all countries.

    2 % of them are cut short. "plain" are digits, "grouped" is "+31 6 12345678". Raises `RuntimeError` when we and the
    library differ on a single number.
    """
    return {
        "one_country": run_one_country(count),
        "all_countries": _compare(sorted(phonenumbers.SUPPORTED_REGIONS), count),
    }


def run_one_country(count: int) -> dict[str, int | float]:
    """As `run`, with Dutch numbers."""
    return _compare(["NL"], count)


def _compare(regions: list[str], count: int) -> dict[str, int | float]:
    plain, grouped = _generated_numbers(regions, count)
    library_rate, library_verdicts = _measure(_library, plain)
    plain_rate, plain_verdicts = _measure(_ours, plain)
    grouped_rate, grouped_verdicts = _measure(_ours, grouped)
    if not library_verdicts == plain_verdicts == grouped_verdicts:
        raise RuntimeError("The verdicts differ: the figures mean nothing.")
    return {
        "numbers": count,
        "library_per_second": round(library_rate),
        "plain_per_second": round(plain_rate),
        "plain_ratio": round(plain_rate / library_rate, 1),
        "grouped_per_second": round(grouped_rate),
        "grouped_ratio": round(grouped_rate / library_rate, 1),
    }


def _generated_numbers(regions: list[str], count: int) -> tuple[list[str], list[str]]:
    """The same numbers twice: as digits, and in groups as people write them."""
    # Not for secrets: every run is to have the same numbers.
    chance = random.Random(1)  # noqa: S311
    examples = [
        phonenumbers.format_number(example, PhoneNumberFormat.E164)[1:]
        for region in regions
        if (example := phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE))
    ]
    plain: list[str] = []
    grouped: list[str] = []
    while len(plain) < count:
        digits = f"{chance.choice(examples)[:-4]}{chance.randrange(10_000):04}"
        number = phonenumbers.parse(f"+{digits}")
        is_bad = chance.random() < _SHARE_OF_BAD_NUMBERS
        if is_bad or phonenumbers.is_valid_number(number):
            text = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
            plain.append(digits[:-3] if is_bad else digits)
            grouped.append(text[:-3] if is_bad else text)
    return plain, grouped


def _measure(contestant: Contestant, numbers: list[str]) -> tuple[float, list[str]]:
    """Numbers per second, and the verdicts.

    In a fresh process: our package switches on the pattern cache of the library, which is shipped switched off.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(_time, contestant, numbers).result()


def _time(contestant: Contestant, numbers: list[str]) -> tuple[float, list[str]]:
    check = contestant()
    best = 0.0
    # The best of three, because other processes on the machine only ever slow a round down.
    for _ in range(3):
        started = perf_counter()
        verdicts = [check(number) for number in numbers]
        best = max(best, len(numbers) / (perf_counter() - started))
    return best, verdicts


def _library() -> Callable[[str], str]:
    """The library used as its documentation shows: the digits of a mobile number, "" for any other."""

    def check(digits: str) -> str:
        try:
            number = phonenumbers.parse(f"+{digits}")
        except NumberParseException:
            return ""
        if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _MOBILE_TYPES:
            return ""
        return phonenumbers.format_number(number, PhoneNumberFormat.E164)[1:]

    return check


def _ours() -> Callable[[str], str]:
    from channels.identifiers import IdentifierError, read_identifier

    def check(text: str) -> str:
        try:
            return read_identifier(text, "whatsapp")
        except IdentifierError:
            return ""

    return check


if __name__ == "__main__":
    requested = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    for countries, figures in run(requested).items():
        sys.stdout.write(json.dumps({"countries": countries, **figures}) + "\n")
