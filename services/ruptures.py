"""Ruptures: a strain in the working alliance, from the day it is noticed until it is closed, with its repair steps."""

from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from supabase import Client

from services import entries, ids, stored, texts, vocabulary
from services.errors import Refused, explained
from services.outbox import Operation, Outbox

LONGEST_NOTE = 1_000


@dataclass(frozen=True, slots=True)
class Rupture:
    """One rupture. `days_open` runs from the day it was noticed to its close, or to today."""

    id: UUID
    therapist_id: UUID
    therapist: str
    team: UUID
    case: UUID
    code: str
    episode: UUID | None
    kind: str
    noticed_on: date
    days_open: int
    stage: str | None = None
    last_step_on: date | None = None
    steps: int = 0
    closed_on: date | None = None
    outcome: str | None = None

    @classmethod
    def from_row(cls, row: dict) -> Self:
        return cls(
            id=UUID(row["id"]), therapist_id=UUID(row["therapist_id"]), therapist=row["therapist"] or "", team=UUID(row["team_id"]),
            case=UUID(row["case_id"]), code=row["code"], episode=stored.uid(row["episode_id"]),
            kind=row["kind"], noticed_on=date.fromisoformat(row["noticed_on"]), days_open=row["days_open"], stage=row["stage"],
            last_step_on=stored.day(row["last_step_on"]), steps=row["steps"], closed_on=stored.day(row["closed_on"]), outcome=row["outcome"],
        )  # fmt: skip

    def days_without_step(self, today: date) -> int:
        """Days since the last repair step, or since it was noticed (R5)."""
        return (today - (self.last_step_on or self.noticed_on)).days


@dataclass(frozen=True, slots=True)
class Step:
    """One repair step; its note is there for whoever wrote it, and for others once shared."""

    stage: str
    taken_on: date
    note: str = ""
    note_shared: bool = False


def open_in(
    db: Client, *, team: UUID, therapist: UUID | None = None, case: UUID | None = None
) -> list[Rupture]:
    """Ruptures of the team without a close that the caller may see, the oldest first; at most 500."""
    with explained():
        query = db.table("rupture_list").select("*").eq("team_id", str(team)).is_("closed_on", "null")
        if therapist:
            query = query.eq("therapist_id", str(therapist))
        if case:
            query = query.eq("case_id", str(case))
        rows = query.order("noticed_on").limit(500).execute().data
    return [Rupture.from_row(row) for row in rows]


def closed_in(
    db: Client, *, team: UUID, therapist: UUID | None = None, case: UUID | None = None, limit: int = 20
) -> list[Rupture]:
    """Closed ruptures of the team that the caller may see, the last closed first."""
    with explained():
        query = db.table("rupture_list").select("*").eq("team_id", str(team)).not_.is_("closed_on", "null")
        if therapist:
            query = query.eq("therapist_id", str(therapist))
        if case:
            query = query.eq("case_id", str(case))
        rows = query.order("closed_on", desc=True).limit(limit).execute().data
    return [Rupture.from_row(row) for row in rows]


def steps_of(db: Client, *, rupture: Rupture) -> list[Step]:
    """Repair steps in the order in which they were taken."""
    with explained():
        rows = (
            db.table("repair_step_list").select("stage, taken_on, note, note_shared")
            .eq("therapist_id", str(rupture.therapist_id)).eq("team_id", str(rupture.team)).eq("rupture_id", str(rupture.id))
            .order("taken_on").order("created_at").limit(200).execute().data
        )  # fmt: skip
    return [
        Step(r["stage"], date.fromisoformat(r["taken_on"]), r["note"] or "", bool(r["note_shared"]))
        for r in rows
    ]


def open(
    outbox: Outbox, *, team: UUID, case: UUID, kind: str | None, noticed_on: date, today: date,
    episode: UUID | None = None, entity: str | None = None, op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Open a rupture on a case, from an episode or by itself. Raises Refused for what could not be stored."""
    return outbox.accept(
        kind="rupture.open", entity=entity or ids.new(), op_id=op_id, after=[str(one) for one in (case, episode) if one],
        params={
            "team": str(team), "case": str(case), "episode": str(episode) if episode else None,
            "kind": entries.one_of(kind, vocabulary.RUPTURE_KINDS, "what kind of rupture it is", needed=True),
            "noticed_on": entries.day(noticed_on, today=today, what="The day it was noticed"),
        },
    )  # fmt: skip


def add_step(
    outbox: Outbox, *, rupture: Rupture, stage: str | None, taken_on: date, today: date, note: str = "", share_note: bool = False,
    op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Record a repair step on a rupture, by its therapist or a supervisor of the team."""
    if isinstance(taken_on, date) and taken_on < rupture.noticed_on:
        raise Refused("The step lies before the day the rupture was noticed. Please check the date.")
    step = op_id or ids.new()
    params = {
        "therapist": str(rupture.therapist_id), "team": str(rupture.team), "step": step,
        "stage": entries.one_of(stage, vocabulary.REPAIR_STAGES, "the repair step", needed=True),
        "taken_on": entries.day(taken_on, today=today, what="The day of the step"),
    }  # fmt: skip
    if body := entries.text(note, LONGEST_NOTE, "The note"):
        params["note"] = {"id": step, "body": body, "shared": bool(share_note)}
    return outbox.accept(kind="rupture.step", entity=str(rupture.id), params=params, op_id=step)


def close(
    outbox: Outbox, *, rupture: Rupture, outcome: str | None, closed_on: date, today: date, helped: str = "", share_helped: bool = False,
    op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Close a rupture with its outcome, by its therapist or a supervisor of the team.

    `helped`, what helped to repair it, is its therapist's to write and private unless shared; from anybody else it is Refused.
    """
    if isinstance(closed_on, date) and closed_on < rupture.noticed_on:
        raise Refused("The close lies before the day the rupture was noticed. Please check the date.")
    params = {
        "therapist": str(rupture.therapist_id), "case": str(rupture.case),
        "outcome": entries.one_of(outcome, vocabulary.RUPTURE_OUTCOMES, "how it ended", needed=True),
        "closed_on": entries.day(closed_on, today=today, what="The day it was closed"),
    }  # fmt: skip
    if said := texts.words(
        helped, shared=share_helped, id=str(rupture.id), longest=LONGEST_NOTE, what="What helped"
    ):
        if outbox.owner != str(rupture.therapist_id):
            raise Refused("What helped is for the therapist of this case to write. Please leave it empty.")
        params["helped"] = said
    return outbox.accept(kind="rupture.close", entity=str(rupture.id), op_id=op_id, params=params)
