"""What people write in these runs: a pure function of who and how many, so that any process can say what ought to be there.

Twelve operations make a round: a case, an episode that is amended twice, a reflection handed in three times, a rupture
with its steps. Every entry carries its number, so that its rows tell in which order the operations were applied.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

ROUND = 12
STAGES = ("noticed", "named", "explored")
LAST_MONDAY = date(2026, 11, 16)
MOST_ROUNDS = (LAST_MONDAY - date(2000, 1, 3)).days // 7  # a person has one reflection per week, since 2000


@dataclass(frozen=True, slots=True)
class Planned:
    """One operation; `parks` when the database ought to refuse it."""

    op_id: str
    kind: str
    entity: str
    params: dict[str, Any] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    parks: bool = False


def name(person: str, what: str) -> str:
    return str(uuid5(UUID(person), what))


def nth(team: str, person: str, n: int, *, note: str = "") -> Planned:
    """The n-th operation of this person, counted from 0. `note` goes into the words of an episode."""
    turn, step = divmod(n, ROUND)
    if turn >= MOST_ROUNDS:
        raise ValueError("more rounds than there are weeks: give the clinic more people")
    case, episode, reflection, rupture = (
        name(person, f"{what} {turn}") for what in ("case", "episode", "reflection", "rupture")
    )
    kind, entity, params = _step(step, turn, person, note)
    entity = {"case": case, "episode": episode, "reflection": reflection, "rupture": rupture}.get(
        entity, entity
    )
    if "case" in params:
        params["case"] = case
    return Planned(
        op_id=name(person, f"operation {n}"),
        kind=kind,
        entity=entity,
        params={"team": team} | params,
        after=(case,) if "case" in params else (),
        parks=params.get("intensity") == 9,
    )


def _step(step: int, turn: int, person: str, note: str) -> tuple[str, str, dict[str, Any]]:
    day = "2026-10-05"
    facts = {"happened_on": day, "kind": "stalled", "markers": ["yes_but"]}
    match step:
        case 0:
            return "case.open", "case", {"code": f"C-{turn:05d}", "started_on": "2026-01-01"}
        case 1:
            body = note or f"said by {person} in round {turn}"
            words = {"id": name(person, f"note {turn}"), "body": body}
            return (
                "episode.log",
                "episode",
                facts | {"case": "", "intensity": 1, "ratings": {"1": 1}, "note": words},
            )
        case 2 | 6 | 10:
            version = (2, 6, 10).index(step)
            week = LAST_MONDAY - timedelta(weeks=turn)
            parts = {"strength": {"value": f"version {version + 1}"}}
            return (
                "reflection.hand_in",
                "reflection",
                {"week": str(week), "based_on": version, "parts": parts},
            )
        case 3:
            return "rupture.open", "rupture", {"case": "", "kind": "mixed", "noticed_on": day}
        case 4 | 8:
            return (
                "episode.amend",
                "episode",
                facts
                | {
                    "intensity": 2 if step == 4 else 3,
                    "ratings": {"1": step // 4 + 1},
                    "based_on": step // 4,
                },
            )
        case 5 | 7:
            said = {
                "step": name(person, f"step {turn} {step}"),
                "therapist": person,
                "stage": STAGES[(step - 5) // 2],
            }
            return "rupture.step", "rupture", said | {"taken_on": day}
        case 9:  # each fifth round, one that the database ought to refuse
            entity = name(person, f"other {turn}")
            return "episode.log", entity, facts | {"case": "", "intensity": 9 if turn % 5 == 0 else 5}
    return "rupture.close", "rupture", {"therapist": person, "closed_on": day, "outcome": "repaired"}
