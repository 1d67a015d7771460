"""The facts a prompt's trigger may ask about: what each can be, and how it reads in a sentence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from services import vocabulary

ONE_OF, LIST_OF, NUMBER = "one of", "list of", "number"

# Operators are few on purpose, and there is no "not": what nobody logged is unknown, and unknown is no evidence.
OPERATORS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        ONE_OF: ("is",),
        LIST_OF: ("has",),
        NUMBER: ("at_least", "at_most"),
    }
)

SUBJECTS = ("rupture", "episode", "theme")


@dataclass(frozen=True, slots=True)
class FactKind:
    """One fact: `shape` decides the operators, `choices` or `lowest`/`highest` the values, `say` the words."""

    name: str
    shape: str
    say: Callable[[Any], str]  # a list fact is said with the tuple of values that matched
    choices: tuple[str | int, ...] = ()
    lowest: int = 0
    highest: int | None = None
    logged: bool = True  # False for what the screen chose rather than somebody entered


def joined(parts: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _quoted(enum: str, keys: Sequence[str]) -> str:
    # some labels are quotations themselves
    return joined([f"“{vocabulary.label(enum, key).strip('“”')}”" for key in keys])


def _number(value: float) -> str:
    return f"{value:g}"


def _counted(value: float, thing: str) -> str:
    return f"{_number(value)} {thing}" if value == 1 else f"{_number(value)} {thing}s"


def _blame(key: str) -> str:
    goes = {"client": "to the client", "myself": "to yourself", "neither": "to neither of you"}
    return f"the first blame went {goes[key]}"


def _named(key: str) -> str:
    return {
        "yes": "it has been talked about with the client",
        "not_yet": "it has not been talked about with the client yet",
        "planned": "talking about it with the client is planned",
    }[key]


def _cause(number: int) -> Callable[[float], str]:
    return lambda rating: f"“{vocabulary.CAUSES[number].label}” is rated {_number(rating)} of 4"


def _strongest(numbers: Sequence[int]) -> str:
    names = joined([f"“{vocabulary.CAUSES[number].label}”" for number in numbers])
    return f"{names} {'is' if len(numbers) == 1 else 'are'} rated highest"


def _outside(keys: Sequence[str]) -> str:
    return f"{_quoted('outside_factor', keys)} {'is' if len(keys) == 1 else 'are'} marked as playing a part outside therapy"


# Whose the open goals of a case are; "none_on_record" is a fact as well: nobody has entered one.
GOALS_SHARED = {
    "yes": "an open goal was made together or by the client",
    "no": "no open goal was made together or by the client",
    "none_on_record": "no goal is on record",
}
_KINDS = tuple(vocabulary.EPISODE_KINDS)
_CAUSES = tuple(vocabulary.CAUSES)

FACTS: Mapping[str, FactKind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            FactKind("subject", ONE_OF, lambda key: f"this is about a {key}", choices=SUBJECTS, logged=False),
            FactKind(
                "kind",
                ONE_OF,
                lambda key: f"the episode is logged as {_quoted('episode_kind', [key])}",
                choices=_KINDS,
            ),
            FactKind(
                "markers",
                LIST_OF,
                lambda keys: f"{_quoted('episode_kind', keys)} {'is' if len(keys) == 1 else 'are'} marked",
                choices=_KINDS,
            ),
            FactKind(
                "intensity",
                NUMBER,
                lambda value: f"the intensity is {_number(value)} of 5",
                lowest=1,
                highest=5,
            ),
            FactKind("first_blame", ONE_OF, _blame, choices=tuple(vocabulary.BLAMES)),
            FactKind(
                "next_move",
                ONE_OF,
                lambda key: f"you marked {_quoted('next_move', [key]).lower()} as the next move",
                choices=tuple(vocabulary.NEXT_MOVES),
            ),
            FactKind("named", ONE_OF, _named, choices=tuple(vocabulary.NAMED)),
            FactKind("outside", LIST_OF, _outside, choices=tuple(vocabulary.OUTSIDE_FACTORS)),
            *(FactKind(f"cause.{number}", NUMBER, _cause(number), highest=4) for number in _CAUSES),
            FactKind("strongest_causes", LIST_OF, _strongest, choices=_CAUSES),
            FactKind(
                "rupture_kind",
                ONE_OF,
                lambda key: f"the rupture is logged as {_quoted('rupture_kind', [key]).lower()}",
                choices=tuple(vocabulary.RUPTURE_KINDS),
            ),
            FactKind("rupture_days", NUMBER, lambda days: f"open for {_counted(days, 'day')}"),
            FactKind(
                "repair_stage",
                ONE_OF,
                lambda key: f"the repair has reached {_quoted('repair_stage', [key])}",
                choices=tuple(vocabulary.REPAIR_STAGES),
            ),
            FactKind(
                "unticked",
                LIST_OF,
                lambda keys: f"{_quoted('rapport_behaviour', keys)} was left open in the latest reflection",
                choices=tuple(vocabulary.RAPPORT_BEHAVIOURS),
            ),
            FactKind(
                "frustration",
                NUMBER,
                lambda value: f"you shared a frustration of {_number(value)} of 4",
                highest=4,
            ),
            FactKind(
                "control_sensitivity",
                NUMBER,
                lambda value: f"sensitivity to control is recorded as {_number(value)} of 4",
                highest=4,
            ),
            FactKind(
                "goals_shared",
                ONE_OF,
                lambda key: GOALS_SHARED[key],
                choices=tuple(GOALS_SHARED),
            ),
            FactKind(
                "theme_cause",
                ONE_OF,
                lambda number: f"the team’s theme is “{vocabulary.CAUSES[number].label}”",
                choices=_CAUSES,
            ),
            FactKind("weeks_rising", NUMBER, lambda weeks: f"rising for {_counted(weeks, 'week')}"),
        )
    }
)
