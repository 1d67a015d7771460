"""Goals of a case: whose they are, how much they matter to the client, and how far they have come."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self
from uuid import UUID

import pandas as pd
from supabase import Client

from services import entries, ids, texts, vocabulary
from services.errors import Refused, explained
from services.outbox import Operation, Outbox
from services.texts import Text

LONGEST = 300


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal. `importance` is to the client, 0–10, None while not asked; `progress` are (day, 0–10), the earliest first.

    `wording` is None where this reader may not read it.
    """

    id: UUID
    set_by: str
    set_on: date
    importance: int | None = None
    state: str = "open"
    wording: Text | None = None
    progress: tuple[tuple[date, int], ...] = ()

    @classmethod
    def from_row(cls, row: dict) -> Self:
        return cls(
            UUID(row["id"]), row["set_by"], date.fromisoformat(row["set_on"]), row["importance"], row["state"],
            texts.beside(row, "goal", body="wording", shared="wording_shared", version="wording_version"),
            tuple((date.fromisoformat(each["on"]), each["progress"]) for each in row["progress"]),
        )  # fmt: skip

    @property
    def last_reviewed(self) -> date | None:
        """The day of the last look at it; None when nobody has looked since it was set."""
        return self.progress[-1][0] if self.progress else None


def of(db: Client, *, therapist: UUID, case: UUID) -> list[Goal]:
    """Goals of a case that the caller may see, the earliest first; at most 500."""
    with explained():
        rows = (
            db.table("goal_list").select("*").eq("therapist_id", str(therapist)).eq("case_id", str(case))
            .order("set_on").order("created_at").limit(500).execute().data
        )  # fmt: skip
    return [Goal.from_row(row) for row in rows]


def as_they_will_be(known: Iterable[Goal], waiting: Iterable[Operation], *, case: UUID) -> list[Goal]:
    """The same with what has been saved here and is still on its way."""
    waiting = [op for op in waiting if op.params.get("case") == str(case)]
    found = {goal.id: goal for goal in known}
    for op in waiting:
        entity = UUID(op.entity)
        if op.kind == "goal.set" and entity not in found:
            found[entity] = Goal(
                entity, op.params["set_by"], date.fromisoformat(op.params["set_on"]), op.params["importance"],
                wording=texts.inside(op, "goal", "wording"),
            )  # fmt: skip
        elif op.kind == "goal.amend" and entity in found:
            said = {name: op.params[name] for name in ("set_by", "importance", "state") if name in op.params}
            found[entity] = replace(found[entity], **said)
        elif op.kind == "goal.progress" and entity in found:
            step = date.fromisoformat(op.params["on_day"]), op.params["progress"]
            if step not in found[entity].progress:
                steps = sorted([*found[entity].progress, step], key=lambda step: step[0])
                found[entity] = replace(found[entity], progress=tuple(steps))
    return [
        replace(goal, wording=goal.wording and texts.as_it_will_be(goal.wording, waiting)) for goal in found.values()
    ]  # fmt: skip


def set(
    outbox: Outbox, *, team: UUID, case: UUID, wording: str, set_by: str | None, set_on: date | None, today: date,
    importance: int | None = None, share_wording: bool = False, entity: str | None = None, op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Set a goal; its wording, who set it and the day are needed. Raises Refused for what could not be stored."""
    entity = entity or ids.new()
    said = texts.words(wording, shared=share_wording, id=entity, longest=LONGEST, what="The goal")
    if said is None:
        raise Refused("The goal has no words yet. Please write it down.")
    params = {
        "team": str(team), "case": str(case), "wording": said,
        "set_by": entries.one_of(set_by, vocabulary.PROPOSERS, "whose goal it is", needed=True),
        "importance": entries.within(importance, 0, 10, "How much it matters"),
        "set_on": entries.day(set_on, today=today, what="The day it was set"),
    }  # fmt: skip
    return outbox.accept(kind="goal.set", entity=entity, params=params, op_id=op_id, after=[str(case)])


def amend(
    outbox: Outbox, *, goal: Goal, case: UUID, set_by: str | None, importance: int | None, state: str | None,
    op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Whose it is, how much it matters, and whether it is still open."""
    params: dict[str, Any] = {
        "case": str(case),
        "was": {"set_by": goal.set_by, "importance": goal.importance, "state": goal.state},
        "set_by": entries.one_of(set_by, vocabulary.PROPOSERS, "whose goal it is", needed=True),
        "importance": entries.within(importance, 0, 10, "How much it matters"),
        "state": entries.one_of(state, vocabulary.GOAL_STATES, "how it stands", needed=True),
    }  # fmt: skip
    return outbox.accept(kind="goal.amend", entity=str(goal.id), params=params, op_id=op_id)


def record(
    outbox: Outbox, *, goal: Goal, team: UUID, case: UUID, progress: int | None, on_day: date | None, today: date,
    op_id: str | None = None,
) -> Operation:  # fmt: skip
    """How far it has come, 0–10, on one day: with that it was reviewed."""
    if entries.within(progress, 0, 10, "Progress") is None:
        raise Refused("How far the goal has come is missing. Please choose it.")
    if isinstance(on_day, date) and on_day < goal.set_on:
        raise Refused("The day lies before the goal was set. Please check the date.")
    step = op_id or ids.new()
    params = {
        "team": str(team), "case": str(case), "id": step, "progress": progress,
        "on_day": entries.day(on_day, today=today, what="The day of the review"),
    }  # fmt: skip
    return outbox.accept(kind="goal.progress", entity=str(goal.id), params=params, op_id=step)


def progress_of(known: Iterable[Goal]) -> pd.DataFrame:
    """All progress as a frame for the figure. Columns: goal (its number and words), day, progress (0–10)."""
    rows = [
        {"goal": named(goal, place), "day": day, "progress": value}
        for place, goal in enumerate(known, 1)
        for day, value in goal.progress
    ]
    return pd.DataFrame(rows, columns=["goal", "day", "progress"])


def named(goal: Goal, place: int) -> str:
    """A goal in a list: its number, and its words where they may be read."""
    return f"{place} {goal.wording.body}" if goal.wording and goal.wording.body else f"Goal {place}"
