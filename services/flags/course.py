"""How cases stood still over the weeks, by rule, and how long it took until something was done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from supabase import Client

from services.errors import explained

STANDS_STILL = ("R1", "R2", "R3", "R5", "R8")  # what the figures of stagnation count


@dataclass(frozen=True, slots=True)
class Stagnation:
    """How many cases stood still at the end of each ISO week, by rule; and how long spells took, as counted durations.

    `weeks`: (Monday, rule, cases), rule "any" for cases with one or more of STANDS_STILL; `computed`: the Mondays of weeks in
    which flags were computed for all the teams asked for, the others being unknown. `spells`: step (discussed, acted,
    cleared) → list of (days, over, n) of STANDS_STILL; over is False for a spell that has not got there yet.
    """

    weeks: tuple[tuple[date, str, int], ...]
    computed: frozenset[date] = frozenset()
    spells: Mapping[str, list[tuple[int, bool, int]]] = field(default_factory=dict)


def stagnation(db: Client, *, teams: Iterable[UUID], since: date) -> Stagnation:
    """Counts of the teams the caller leads or supervises. Raises NotAllowed for anybody else's."""
    with explained():
        answer = (
            db.rpc("stagnation", {"teams": [str(t) for t in teams], "since_week": since.isoformat()})
            .execute()
            .data
        )
    spells: dict[str, list[tuple[int, bool, int]]] = {}
    for row in answer["spells"]:
        if row["rule"] in STANDS_STILL:
            spells.setdefault(row["step"], []).append((row["days"], row["over"], row["n"]))
    return Stagnation(
        tuple((date.fromisoformat(w["week"]), w["rule"], w["cases"]) for w in answer["weeks"]),
        frozenset(map(date.fromisoformat, answer["computed"])), spells,
    )  # fmt: skip
