"""What every entry is checked for before it is saved, so that its author hears of it now and not later."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from services.errors import Refused

EARLIEST = date(2000, 1, 1)


def one_of(value: str | None, words: Mapping, what: str, *, needed: bool = False) -> str | None:
    if value is None and needed:
        raise Refused(f"Please choose {what}.")
    if value is not None and value not in words:
        raise Refused(f"“{str(value)[:40]}” is not one of the choices for {what}. Please choose again.")
    return value


def some_of(values: Iterable[str], words: Mapping, what: str) -> list[str]:
    return [one_of(value, words, what) for value in dict.fromkeys(values)]


def within(value: int | None, low: int, high: int, what: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise Refused(f"{what} goes from {low} to {high}. Please choose again.")
    return value


def ratings(given: Mapping[int, int | None]) -> dict[str, int | None]:
    """Ratings of causes 1–6, each 0–4 or None for "can't tell", as they travel: {"1": 3, "2": null}."""
    return {
        str(within(cause, 1, 6, "A cause")): within(value, 0, 4, "A rating")
        for cause, value in sorted(given.items())
    }


def day(value: date | None, *, today: date, what: str = "The day") -> str:
    if not isinstance(value, date):
        raise Refused(f"{what} is missing. Please choose it.")
    if value > today + timedelta(days=1):
        raise Refused(f"{what} has not come yet. Please choose today or an earlier day.")
    if value < EARLIEST:
        raise Refused(f"{what} lies too far back. Please check the year.")
    return value.isoformat()


def text(value: str | None, longest: int, what: str) -> str:
    """The text without blanks around it, exactly as typed otherwise."""
    value = (value or "").strip()
    if "\x00" in value:
        raise Refused(f"{what} holds a character that cannot be stored. Please remove it.")
    if len(value) > longest:
        raise Refused(f"{what} has {len(value):,} characters; {longest:,} fit. Please shorten it.")
    return value
