"""Stepping back from a case that stands still: what was seen, what is let go of, and the decision, with a day to look again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self
from uuid import UUID

from supabase import Client

from services import actions, entries, ids, stored, vocabulary
from services.errors import Refused, explained
from services.outbox import Operation, Outbox

LONGEST_SEEN, LONGEST_LET_GO = 2_000, 1_000
LOOK_AGAIN_AFTER = 28  # days, offered as the next look
FURTHEST = 3_660  # days, as the database checks it


@dataclass(frozen=True, slots=True)
class StepBack:
    """One step back and what it ended in. Therapist and supervisors of the team read all of it."""

    id: UUID
    done_by: UUID
    decision: str
    done_on: date
    look_again_on: date | None = None
    seen: str = ""
    let_go: str = ""

    @classmethod
    def from_row(cls, row: dict) -> Self:
        return cls(
            UUID(row["id"]), UUID(row["done_by"]), row["decision"], date.fromisoformat(row["done_on"]), stored.day(row["look_again_on"]),
            row["seen"], row["let_go"],
        )  # fmt: skip


def of_case(db: Client, *, team: UUID, therapist: UUID, case: UUID) -> list[StepBack]:
    """Step backs of a case that the caller may see, the latest first; at most 100."""
    with explained():
        rows = (
            db.table("step_backs").select("*").eq("team_id", str(team)).eq("therapist_id", str(therapist)).eq("case_id", str(case))
            .order("done_on", desc=True).order("created_at", desc=True).limit(100).execute().data
        )  # fmt: skip
    return [StepBack.from_row(row) for row in rows]


def as_they_will_be(
    known: Iterable[StepBack], waiting: Iterable[Operation], *, case: UUID, me: UUID
) -> list[StepBack]:
    """The same with what has been saved here and is still on its way."""
    found = {one.id: one for one in known}
    for op in waiting:
        if op.kind == "step_back.decide" and op.params["case"] == str(case):
            said = op.params
            found.setdefault(
                UUID(op.entity),
                StepBack(
                    UUID(op.entity), me, said["decision"], date.fromisoformat(said["done_on"]), stored.day(said["look_again_on"]), said["seen"], said["let_go"]
                ),
            )  # fmt: skip
    return sorted(found.values(), key=lambda one: one.done_on, reverse=True)


def decide(
    outbox: Outbox, *, team: UUID, therapist: UUID, case: UUID, decision: str | None, today: date, look_again_on: date | None = None,
    seen: str = "", let_go: str = "", owner: UUID | None = None, what: str = "", due_on: date | None = None, review: str | None = None,
    action: str | None = None, entity: str | None = None, op_id: str | None = None,
) -> Operation:  # fmt: skip
    """End a step back with its decision. It becomes a review of the plan and, with words in `what`, an action of `owner`.

    Going on as before needs a day to look again; every other decision needs an action. Raises Refused where one is missing.
    """
    chosen = entries.one_of(decision, vocabulary.STEP_BACK_DECISIONS, "what you decide", needed=True)
    if chosen == "go_on" and look_again_on is None:
        raise Refused("Please choose a day to look again.")
    if look_again_on is not None and not today < look_again_on <= today + timedelta(days=FURTHEST):
        raise Refused(
            "The day to look again lies in the days to come, and within ten years. Please check it."
        )
    if chosen != "go_on" and not (what or "").strip():
        raise Refused("Please say what is to be done, so that the decision is followed by something.")
    params: dict[str, Any] = {
        "team": str(team), "therapist": str(therapist), "case": str(case), "decision": chosen, "done_on": today.isoformat(),
        "look_again_on": look_again_on.isoformat() if look_again_on else None, "review": review or ids.new(),
        "seen": entries.text(seen, LONGEST_SEEN, "What you see now"), "let_go": entries.text(let_go, LONGEST_LET_GO, "What you let go of"),
    }  # fmt: skip
    if (what or "").strip():
        params["action"] = {"id": action or ids.new(), **actions.words(owner=owner, what=what, due_on=due_on)}
    return outbox.accept(
        kind="step_back.decide", entity=entity or ids.new(), params=params, op_id=op_id, after=[str(case)]
    )
