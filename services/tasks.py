"""Between-session work: who proposed it, how much it matters to the client, and what became of it. A fact, not resistance."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self
from uuid import UUID

import pandas as pd
from supabase import Client

from services import entries, ids, stored, texts, vocabulary
from services.errors import Refused, explained
from services.outbox import Operation, Outbox
from services.texts import Text

LONGEST = 300
ASKED_AFTER = 3  # times not done until the question of cause 2 is asked
DONE_FOR_THE_MOST_PART = frozenset({"most", "all"})


@dataclass(frozen=True, slots=True)
class Look:
    """What became of it between two sessions. `obstacle` is None where there is none, or none for this reader."""

    id: UUID
    on: date
    done: str
    looked_at: bool | None = None
    obstacle: Text | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """Something for between sessions. `importance` is to the client, 0–10; `wording` is None where it may not be read."""

    id: UUID
    proposed_by: str
    given_on: date
    importance: int | None = None
    agreed: bool = True
    state: str = "open"
    goal: UUID | None = None
    wording: Text | None = None
    looks: tuple[Look, ...] = ()

    @classmethod
    def from_row(cls, row: dict) -> Self:
        return cls(
            UUID(row["id"]), row["proposed_by"], date.fromisoformat(row["given_on"]), row["importance"], row["agreed"], row["state"],
            stored.uid(row["goal_id"]),
            texts.beside(row, "task", body="wording", shared="wording_shared", version="wording_version"),
            tuple(
                Look(UUID(each["id"]), date.fromisoformat(each["on"]), each["done"], each["looked_at"],
                     texts.beside(each, "obstacle", body="obstacle", shared="shared", version="version"))
                for each in row["checks"]
            ),
        )  # fmt: skip

    @property
    def times_undone(self) -> int:
        """How often it was not done since it was last done for the most part, or something else was done in its place."""
        count = 0
        for look in self.looks:
            count = (
                0
                if look.done in DONE_FOR_THE_MOST_PART or look.done == "something_else"
                else count + (look.done == "none")
            )
        return count

    @property
    def asks_about_agenda(self) -> bool:
        """Whether it is time to ask whose task it is (cause 2): still open, and left undone three times."""
        return self.state == "open" and self.times_undone >= ASKED_AFTER


def of(db: Client, *, therapist: UUID, case: UUID) -> list[Task]:
    """Between-session work of a case that the caller may see, the latest first; at most 500."""
    with explained():
        rows = (
            db.table("task_list").select("*").eq("therapist_id", str(therapist)).eq("case_id", str(case))
            .order("given_on", desc=True).order("created_at", desc=True).limit(500).execute().data
        )  # fmt: skip
    return [Task.from_row(row) for row in rows]


def as_they_will_be(known: Iterable[Task], waiting: Iterable[Operation], *, case: UUID) -> list[Task]:
    """The same with what has been saved here and is still on its way."""
    waiting = [op for op in waiting if op.params.get("case") == str(case)]
    found = {task.id: task for task in known}
    for op in waiting:
        entity, said = UUID(op.entity), op.params
        if op.kind == "task.give" and entity not in found:
            found[entity] = Task(
                entity, said["proposed_by"], date.fromisoformat(said["given_on"]), said["importance"], said["agreed"],
                goal=stored.uid(said["goal"]), wording=texts.inside(op, "task", "wording"),
            )  # fmt: skip
        elif op.kind == "task.amend" and entity in found:
            changed = {
                name: said[name] for name in ("proposed_by", "importance", "agreed", "state") if name in said
            }
            found[entity] = replace(found[entity], **changed)
        elif op.kind == "task.check" and entity in found:
            found[entity] = _looked(found[entity], op)
    told = [
        replace(
            task,
            wording=task.wording and texts.as_it_will_be(task.wording, waiting),
            looks=tuple(
                replace(look, obstacle=look.obstacle and texts.as_it_will_be(look.obstacle, waiting))
                for look in task.looks
            ),
        )
        for task in found.values()
    ]
    return sorted(told, key=lambda task: task.given_on, reverse=True)


def _looked(task: Task, op: Operation) -> Task:
    said, id = op.params, UUID(op.params["id"])
    obstacle = texts.inside(op, "obstacle", "obstacle", of=id)
    look = Look(id, date.fromisoformat(said["on_day"]), said["done"], said["looked_at"], obstacle)
    if look.id in {each.id for each in task.looks}:
        return task
    return replace(task, looks=tuple(sorted([*task.looks, look], key=lambda each: each.on)))


def give(
    outbox: Outbox, *, team: UUID, case: UUID, wording: str, proposed_by: str | None, given_on: date | None, today: date,
    importance: int | None = None, agreed: bool = True, goal: UUID | None = None, share_wording: bool = False,
    entity: str | None = None, op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Put down what is meant to be done until the next session. Raises Refused for what could not be stored."""
    entity = entity or ids.new()
    said = texts.words(wording, shared=share_wording, id=entity, longest=LONGEST, what="The task")
    if said is None:
        raise Refused("The task has no words yet. Please write it down.")
    params = {
        "team": str(team), "case": str(case), "goal": str(goal) if goal else None, "wording": said, "agreed": bool(agreed),
        "proposed_by": entries.one_of(proposed_by, vocabulary.PROPOSERS, "who proposed it", needed=True),
        "importance": entries.within(importance, 0, 10, "How much it matters"),
        "given_on": entries.day(given_on, today=today, what="The day it was agreed"),
    }  # fmt: skip
    after = [str(one) for one in (case, goal) if one]
    return outbox.accept(kind="task.give", entity=entity, params=params, op_id=op_id, after=after)


def amend(
    outbox: Outbox, *, task: Task, case: UUID, proposed_by: str | None, importance: int | None, agreed: bool, state: str | None,
    op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Who proposed it, how much it matters, whether it was agreed, and whether it is still meant to be done."""
    params: dict[str, Any] = {
        "case": str(case), "agreed": bool(agreed),
        "was": {"proposed_by": task.proposed_by, "importance": task.importance, "agreed": task.agreed, "state": task.state},
        "proposed_by": entries.one_of(proposed_by, vocabulary.PROPOSERS, "who proposed it", needed=True),
        "importance": entries.within(importance, 0, 10, "How much it matters"),
        "state": entries.one_of(state, vocabulary.TASK_STATES, "how it stands", needed=True),
    }  # fmt: skip
    return outbox.accept(kind="task.amend", entity=str(task.id), params=params, op_id=op_id)


def check(
    outbox: Outbox, *, task: Task, team: UUID, case: UUID, done: str | None, on_day: date | None, today: date, looked_at: bool | None = None,
    obstacle: str = "", share_obstacle: bool = False, op_id: str | None = None,
) -> Operation:  # fmt: skip
    """What became of it since the last time: how much was done, what got in the way, and whether you looked at it together."""
    if isinstance(on_day, date) and on_day < task.given_on:
        raise Refused("The day lies before the task was given. Please check the date.")
    look = op_id or ids.new()
    params: dict[str, Any] = {
        "team": str(team), "case": str(case), "id": look, "looked_at": looked_at,
        "done": entries.one_of(done, vocabulary.TASK_DONE, "how much of it was done", needed=True),
        "on_day": entries.day(on_day, today=today, what="The day you looked at it"),
    }  # fmt: skip
    if said := texts.words(
        obstacle, shared=share_obstacle, id=look, longest=LONGEST, what="What got in the way"
    ):
        params["obstacle"] = said
    return outbox.accept(kind="task.check", entity=str(task.id), params=params, op_id=look)


def completion(known: Iterable[Task]) -> pd.DataFrame:
    """How much was done, by who proposed it: the test of cause 2 (S4). One row per proposer and answer that occurred.

    Columns: proposer (client, together, therapist), done (none, a_little, most, all, something_else), n (looks).
    """
    counts: dict[tuple[str, str], int] = {}
    for task in known:
        for look in task.looks:
            counts[task.proposed_by, look.done] = counts.get((task.proposed_by, look.done), 0) + 1
    rows = [
        {"proposer": proposer, "done": done, "n": counts[proposer, done]}
        for proposer in vocabulary.PROPOSERS
        for done in vocabulary.TASK_DONE
        if (proposer, done) in counts
    ]
    return pd.DataFrame(rows, columns=["proposer", "done", "n"])
