"""What can be asked about a value of an entry: where it stands, how it is asked for, what fits."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services import cases, entries, vocabulary
from services.vocabulary import Word

LONGEST_TEXT = 2_000


@dataclass(frozen=True, slots=True)
class Ask:
    """One value in an entry: where it stands in the parameters, what it is called, and how it is asked for.

    `how`: day, later (a day that may be to come, or none), choice, choices, number, score, cause, case, code, text or yes.
    `words` are the choices, `low` and `high` the range of a number, `longest` counts the characters of a text.
    """

    path: tuple[str, ...]
    label: str
    how: str
    words: Mapping[str, Word] = field(default_factory=dict)
    needed: bool = False
    low: int = 0
    high: int = 10
    longest: int = LONGEST_TEXT

    @property
    def name(self) -> str:
        return "_".join(self.path)


def value(params: Mapping[str, Any], path: Sequence[str]) -> Any:
    """What stands there; None when nothing does."""
    for key in path:
        if not isinstance(params, Mapping) or key not in params:
            return None
        params = params[key]
    return params


def checked(ask: Ask, answer: Any, today: date) -> Any:
    """The answer as the entry keeps it. Raises Refused for what could not be stored."""
    what = f"“{ask.label}”"
    match ask.how:
        case "day":
            return entries.day(answer, today=today, what=what)
        case "later":
            return answer.isoformat() if answer else None
        case "choice" | "case":
            return entries.one_of(answer, ask.words, what, needed=ask.needed)
        case "choices":
            return entries.some_of(answer or [], ask.words, what)
        case "number":
            return entries.within(answer, ask.low, ask.high, what)
        case "cause":
            return entries.within(answer, 0, 4, what)
        case "code":
            return cases.checked_code(answer or "")
        case "text":
            return entries.text(answer, ask.longest, what)
        case "yes":
            return bool(answer)
    return answer


# Where an entry keeps its words, whatever kind of entry it is.
_WORDS = {"body", "text", "note", "words", "wording", "moment", "question"}
_KEY = re.compile(r"[a-z0-9_.-]*")


def found_in(params: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[Ask]:
    """A question for every text and every day in an entry of whatever kind."""
    for key, there in params.items():
        path = (*above, key)
        label = " ".join(path).replace("_", " ").removesuffix(" body").capitalize()
        if isinstance(there, Mapping):
            yield from found_in(there, path)
        elif isinstance(there, str) and not _is_id(there):
            if _is_day(there):
                yield Ask(path, label, "later")  # the database knows whether it may be to come
            elif key in _WORDS or not _KEY.fullmatch(there):
                yield Ask(path, label, "text")


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def in_words(ask: Ask, there: Any) -> str:
    """A value as a person reads it; empty when there is none."""
    if there is None and ask.how == "cause":
        return vocabulary.CANNOT_TELL
    if there in (None, "", []) or ask.how == "case":
        return ""
    match ask.how:
        case "choice":
            return ask.words[there].label if there in ask.words else str(there)
        case "choices":
            return ", ".join(ask.words[one].label if one in ask.words else str(one) for one in there)
        case "day" | "later" if isinstance(there, str) and _is_day(there):
            day = date.fromisoformat(there)
            return f"{day.day} {day:%B %Y}"
        case "yes":
            return "yes" if there else "no"
    return str(there)


def as_day(there: Any, *, today: date) -> date:
    """The day that stands there, or today where that is none that could be stored."""
    if isinstance(there, str) and _is_day(there):
        day = date.fromisoformat(there)
        if entries.EARLIEST <= day <= today + timedelta(days=1):
            return day
    return today
