"""Scores: what a client's answers to a measure came to on one day. The answers themselves are never stored here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import pandas as pd
from supabase import Client

from services import entries, ids, measures
from services.change import Points
from services.errors import Refused, explained
from services.measures import Measure
from services.outbox import Operation, Outbox

AT_ONCE = 1_000  # rows that one question to the database answers
MOST = 5_000


@dataclass(frozen=True, slots=True)
class Score:
    """One score. `op` names the operation that is still on its way to the database, if there is one."""

    id: UUID
    case: UUID
    measure_id: UUID
    measure: str  # its slug, which stays when a clinic replaces a shipped measure
    on_day: date
    value: float
    version: int = 1
    op: str | None = None


def enter(
    outbox: Outbox, *, team: UUID, case: UUID, measure: Measure | None, on_day: date, value: float | None, today: date,
    known: Iterable[Score] = (), entity: str | None = None, op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Keep one score. `known` are the scores of this case as far as they are known; one day has one score of a measure.

    Raises Refused, with a sentence, for what the measure cannot give and for a day that has another score.
    """
    if measure is None:
        raise Refused("Please choose the measure.")
    day, number = entries.day(on_day, today=today), measures.checked_score(measure, value)
    if there := on_that_day(known, measure.slug, on_day):
        same = there.value == number
        raise Refused(
            f"There is a score of {measure.name} on that day already: {measures.spelt(there.value)}. "
            + (
                "It is the same, so nothing needs saving."
                if same
                else "Correct that one, or choose another day."
            )
        )
    params = {
        "team": str(team),
        "case": str(case),
        "measure": str(measure.id),
        "on_day": day,
        "value": number,
    }
    return outbox.accept(
        kind="score.enter", entity=entity or ids.new(), params=params, op_id=op_id, after=[str(case)]
    )


def amend(
    outbox: Outbox, *, score: Score, measure: Measure, value: float | None, op_id: str | None = None
) -> Operation:
    """Correct a score of one's own. Another device's correction in the meantime is not overwritten: the database refuses this one."""
    number = measures.checked_score(measure, value)
    if number == score.value:
        raise Refused("This is the score that is there. Please enter another one.")
    params = {"case": str(score.case), "value": number, "based_on": score.version}
    return outbox.accept(kind="score.amend", entity=str(score.id), params=params, op_id=op_id)


def on_that_day(known: Iterable[Score], measure: str, day: date) -> Score | None:
    """The score of a measure on one day."""
    return next((score for score in known if (score.measure, score.on_day) == (measure, day)), None)


def of_case(db: Client, *, team: UUID, therapist: UUID, case: UUID) -> list[Score]:
    """Scores of one case that the caller may see, the earliest first; at most 5,000, the latest ones."""
    found: list[Score] = []
    while len(found) < MOST:
        with explained():
            rows = (
                db.table("score_list").select("id, case_id, measure_id, measure, on_day, value, version")
                .eq("team_id", str(team)).eq("therapist_id", str(therapist)).eq("case_id", str(case))
                .order("on_day", desc=True).order("id").range(len(found), len(found) + AT_ONCE - 1).execute().data
            )  # fmt: skip
        found += map(from_row, rows)
        if len(rows) < AT_ONCE:
            break
    return sorted(found, key=lambda score: (score.on_day, str(score.id)))


def from_row(row: Mapping[str, Any]) -> Score:
    """A score from a row of score_list."""
    return Score(
        UUID(row["id"]), UUID(row["case_id"]), UUID(row["measure_id"]), row["measure"], date.fromisoformat(row["on_day"]), float(row["value"]), row["version"]
    )  # fmt: skip


def with_waiting(
    known: Iterable[Score], waiting: Iterable[Operation], *, slugs: Mapping[UUID, str]
) -> list[Score]:
    """The same with what is on its way, the earliest first. `slugs` names the measures by their ids."""
    found = {score.id: score for score in known}
    for op in waiting:
        entity = UUID(op.entity)
        if op.kind == "score.enter" and entity not in found:
            score = _entered(op, slugs)
            if on_that_day(found.values(), score.measure, score.on_day) is None:
                found[entity] = score
        elif op.kind == "score.amend" and entity in found and found[entity].version == op.params["based_on"]:
            was = found[entity]
            found[entity] = replace(
                was, value=float(op.params["value"]), version=was.version + 1, op=op.op_id
            )
    return sorted(found.values(), key=lambda score: (score.on_day, str(score.id)))


def _entered(op: Operation, slugs: Mapping[UUID, str]) -> Score:
    measure = UUID(op.params["measure"])
    day = date.fromisoformat(op.params["on_day"])
    return Score(
        UUID(op.entity), UUID(op.params["case"]), measure, slugs.get(measure, ""), day, float(op.params["value"]), op=op.op_id
    )  # fmt: skip


def points(scores: Iterable[Score], measure: str) -> Points:
    """The (day, value) pairs of one measure, in time order."""
    return sorted((score.on_day, score.value) for score in scores if score.measure == measure)


def frame(scores: Iterable[Score], measure: str) -> pd.DataFrame:
    """The same as a frame for a figure. Columns: on_day (date), value."""
    return pd.DataFrame(points(scores, measure), columns=["on_day", "value"])
