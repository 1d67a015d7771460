"""Handing a case over to another therapist of the team: its therapist asks, a supervisor decides and names the new one.

Facts and shared words go along, as they stand when the supervisor agrees. Episodes, ruptures, reflections and words that were not shared
stay with whoever wrote them (`private.hand_over` is the list).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from uuid import UUID

from supabase import Client

from services import ids, people, stored
from services.errors import Refused, explained
from services.outbox import Operation, Outbox
from services.people import Colleague


@dataclass(frozen=True, slots=True)
class Transfer:
    """One time that a case was asked to be handed over. `code` is "" where the reader may not see the case any more."""

    id: UUID
    therapist_id: UUID
    therapist: str
    team: UUID
    case: UUID
    code: str
    state: str
    asked_on: date
    to_id: UUID | None = None
    to_name: str = ""
    decided_at: datetime | None = None

    @classmethod
    def from_row(cls, row: dict) -> Self:
        return cls(
            id=UUID(row["id"]), therapist_id=UUID(row["therapist_id"]), therapist=row["therapist"] or "", team=UUID(row["team_id"]),
            case=UUID(row["case_id"]), code=row["code"] or "", state=row["state"], asked_on=date.fromisoformat(row["asked_on"]),
            to_id=stored.uid(row["to_id"]), to_name=row["to_name"] or "",
            decided_at=stored.moment(row["decided_at"]),
        )  # fmt: skip


def of_case(db: Client, *, team: UUID, case: UUID) -> list[Transfer]:
    """Every time this case was asked to be handed over, by or to the caller or in a team they supervise; the latest first."""
    with explained():
        rows = (
            db.table("case_transfer_list").select("*").eq("team_id", str(team)).eq("case_id", str(case))
            .order("asked_on", desc=True).order("decided_at", desc=True, nullsfirst=True).limit(50).execute().data
        )  # fmt: skip
    return [Transfer.from_row(row) for row in rows]


def asked_in(db: Client, *, team: UUID) -> list[Transfer]:
    """What waits for a supervisor of this team, the earliest first."""
    with explained():
        rows = (
            db.table("case_transfer_list").select("*").eq("team_id", str(team)).eq("state", "asked")
            .order("asked_on").limit(100).execute().data
        )  # fmt: skip
    return [Transfer.from_row(row) for row in rows]


def therapists(db: Client, *, team: UUID, today: date) -> list[Colleague]:
    """The therapists of a team today, by name; only who supervises or leads it may see them all."""
    return people.named(db, people.holding(db, "therapist", team=team, today=today))


def ask(
    outbox: Outbox, *, team: UUID, case: UUID, read: bool, entity: str | None = None, op_id: str | None = None
) -> Operation:
    """Ask to hand over a case of one's own; a supervisor of the team decides. `read`: what goes along, and what stays."""
    if not read:
        raise Refused("Please read what goes along and what stays, and tick that you have.")
    return outbox.accept(
        kind="transfer.ask", entity=entity or ids.new(), op_id=op_id, after=[str(case)],
        params={"team": str(team), "case": str(case)},
    )  # fmt: skip


def withdraw(outbox: Outbox, *, transfer: UUID, case: UUID, op_id: str | None = None) -> Operation:
    """Take back what was asked and nobody has decided."""
    return outbox.accept(
        kind="transfer.withdraw", entity=str(transfer), params={"case": str(case)}, op_id=op_id
    )


def decide(
    outbox: Outbox, *, transfer: Transfer, agreed: bool, to: UUID | None = None, op_id: str | None = None
) -> Operation:
    """Agree, naming the new therapist, or let the case stay where it is. By a supervisor of the team."""
    if agreed and to is None:
        raise Refused("Please choose who takes over the case.")
    if agreed and to == transfer.therapist_id:
        raise Refused("The case is with this therapist already. Please choose somebody else.")
    return outbox.accept(
        kind="transfer.decide", entity=str(transfer.id), op_id=op_id,
        params={"therapist": str(transfer.therapist_id), "case": str(transfer.case), "to": str(to) if agreed else None},
    )  # fmt: skip
