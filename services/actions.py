"""Actions: what was agreed to be done, by whom and by when, and whether it helped."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self
from uuid import UUID

from supabase import Client

from services import entries, ids, stored, vocabulary
from services.errors import Refused, explained
from services.outbox import Operation, Outbox

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Action:
    """One action. `case` is None where it is a matter of the team; `version` says on what a change builds; `item`: agreed on this item of a meeting."""

    id: UUID
    created_by: UUID
    team: UUID
    owner_id: UUID
    owner: str
    what: str
    state: str
    created_on: date
    therapist_id: UUID | None = None
    case: UUID | None = None
    code: str = ""
    due_on: date | None = None
    done_on: date | None = None
    helped: str | None = None
    version: int = 1
    item: UUID | None = None

    @classmethod
    def from_row(cls, row: dict) -> Self:
        return cls(
            id=UUID(row["id"]), created_by=UUID(row["created_by"]), team=UUID(row["team_id"]), owner_id=UUID(row["owner_id"]),
            owner=row["owner"] or "", what=row["what"], state=row["state"], created_on=date.fromisoformat(row["created_on"]),
            therapist_id=stored.uid(row["therapist_id"]), case=stored.uid(row["case_id"]),
            code=row["code"] or "", due_on=stored.day(row["due_on"]), done_on=stored.day(row["done_on"]), helped=row["helped"], version=row["version"],
            item=stored.uid(row.get("item_id")),
        )  # fmt: skip


def in_team(
    db: Client, *, team: UUID, owner: UUID | None = None, case: UUID | None = None, state: str | None = "open"
) -> list[Action]:
    """Actions of a team that the caller may see, those due first; of one owner or case when named; at most 500."""
    with explained():
        query = db.table("action_list").select("*").eq("team_id", str(team))
        if state:
            query = query.eq("state", state)
        if owner:
            query = query.eq("owner_id", str(owner))
        if case:
            query = query.eq("case_id", str(case))
        rows = query.order("due_on", nullsfirst=False).order("created_on").limit(500).execute().data
    return [Action.from_row(row) for row in rows]


def as_they_will_be(
    known: Iterable[Action], waiting: Iterable[Operation], *, team: UUID, me: UUID, today: date
) -> list[Action]:
    """Actions of a team, with what has been saved here about them and is still on its way."""
    found = {one.id: one for one in known}
    for op in waiting:
        said = op.params
        if op.kind == "action.agree" and said["team"] == str(team):
            found.setdefault(UUID(op.entity), _agreed(op.entity, said, said, me, today))
        elif (
            op.kind in ("step_back.decide", "item.decide")
            and said.get("action")
            and said["team"] == str(team)
        ):
            one = _agreed(said["action"]["id"], said, said["action"], me, today)
            if op.kind == "item.decide":
                one = replace(one, item=UUID(op.entity))
            found.setdefault(one.id, one)
        elif op.kind == "action.amend" and (one := found.get(UUID(op.entity))):
            state = said.get("state") or one.state
            done_on = None if state == "open" else stored.day(said.get("done_on")) or one.done_on or today
            found[one.id] = replace(
                one, state=state, done_on=done_on, helped=said.get("helped", one.helped), version=max(one.version, said["based_on"] + 1)
            )  # fmt: skip
    return sorted(found.values(), key=lambda one: (one.due_on or date.max, one.created_on))


def _agreed(entity: str, said: dict, words: dict, me: UUID, today: date) -> Action:
    return Action(
        UUID(entity), me, UUID(said["team"]), UUID(words["owner"]), "", words["what"], "open", today,
        stored.uid(said["therapist"]), stored.uid(said["case"]), due_on=stored.day(words["due_on"]),
    )  # fmt: skip


def agree(
    outbox: Outbox, *, team: UUID, owner: UUID | None, what: str, therapist: UUID | None = None, case: UUID | None = None,
    due_on: date | None = None, entity: str | None = None, op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Agree on something to be done: about a case of `therapist`, or a matter of the team. Raises Refused without words or owner."""
    return outbox.accept(
        kind="action.agree", entity=entity or ids.new(), op_id=op_id, after=[str(case)] if case else [],
        params={
            "team": str(team), "therapist": str(therapist) if therapist else None, "case": str(case) if case else None,
            **words(owner=owner, what=what, due_on=due_on),
        },
    )  # fmt: skip


def words(*, owner: UUID | None, what: str, due_on: date | None) -> dict[str, Any]:
    """Who does what by when, checked, as it travels."""
    if owner is None:
        raise Refused("Please choose who does it.")
    if not (said := entries.text(what, LONGEST, "The action")):
        raise Refused("Please say what is to be done.")
    return {"owner": str(owner), "what": said, "due_on": due_on.isoformat() if due_on else None}


def amend(
    outbox: Outbox, *, action: Action, state: str | None = None, helped: str | None = None, done_on: date | None = None, op_id: str | None = None
) -> Operation:  # fmt: skip
    """Say what became of an action: done or dropped, and whether it helped."""
    params: dict[str, Any] = {"created_by": str(action.created_by), "based_on": action.version}
    if state is not None:
        params["state"] = entries.one_of(state, vocabulary.ACTION_STATES, "what became of it", needed=True)
        params["done_on"] = done_on.isoformat() if done_on else None
    if helped is not None:
        params["helped"] = entries.one_of(helped, vocabulary.ACTION_HELPED, "whether it helped")
    return outbox.accept(kind="action.amend", entity=str(action.id), params=params, op_id=op_id)
