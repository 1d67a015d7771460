"""Requests to erase: asked by a case's therapist or an administrator, decided with a basis, done at once when approved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from uuid import UUID

import httpx
from supabase import Client

from services import cases, entries, stored
from services.errors import NotReachable, Refused, explained
from services.people import Colleague

SHORTEST_BASIS, LONGEST_BASIS = 10, 500
LONGEST_WHY = 500
MAYBE_DONE = (
    "The database has not answered in time. It may have been done all the same: "
    "please open this page again and look, before you try once more."
)


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `code` is None for all reflections of a person, and once it is approved; `gone` counts by table."""

    id: UUID
    team: UUID
    therapist_id: UUID
    therapist: str
    code: str | None
    asked_by: UUID
    asked_by_name: str
    asked_at: datetime
    why: str
    state: str
    basis: str
    decided_at: datetime | None
    gone: Mapping[str, int]

    @classmethod
    def from_row(cls, row: dict, names: Mapping[str, str]) -> Self:
        return cls(
            id=UUID(row["id"]), team=UUID(row["team_id"]), therapist_id=UUID(row["therapist_id"]), therapist=names.get(row["therapist_id"], ""),
            code=row["code"], asked_by=UUID(row["asked_by"]), asked_by_name=names.get(row["asked_by"], ""),
            asked_at=datetime.fromisoformat(row["asked_at"]), why=row["why"], state=row["state"], basis=row["basis"],
            decided_at=stored.moment(row["decided_at"]), gone=dict(row["gone"]),
        )  # fmt: skip

    def age(self, today: date) -> int:
        """Days since it was asked."""
        return max((today - self.asked_at.date()).days, 0)


def of_team(db: Client, *, team: UUID) -> list[Request]:
    """Requests of a team: for its administrator all, for a therapist those about their own entries. Open ones first, oldest first."""
    with explained():
        rows = (
            db.table("erasure_requests").select("*").eq("team_id", str(team))
            .order("state").order("asked_at").limit(500).execute().data
        )  # fmt: skip
        ids = sorted({row[who] for row in rows for who in ("therapist_id", "asked_by")})
        names = (
            db.table("people").select("id, display_name").in_("id", ids).limit(1000).execute().data
            if ids
            else []
        )
    found = [Request.from_row(row, {each["id"]: each["display_name"] for each in names}) for row in rows]
    waiting = [one for one in found if one.state == "asked"]
    return waiting + sorted(
        (one for one in found if one.decided_at), key=lambda one: one.decided_at, reverse=True
    )


def therapists(db: Client, *, team: UUID) -> list[Colleague]:
    """Everybody who is or was a therapist of the team, by name, as far as the caller may know them."""
    with explained():
        rows = (
            db.table("memberships").select("person_id, people(display_name)").eq("team_id", str(team)).eq("role", "therapist")
            .limit(1000).execute().data
        )  # fmt: skip
    names = {row["person_id"]: row["people"]["display_name"] for row in rows if row["people"]}
    return sorted(
        (Colleague(UUID(who), name) for who, name in names.items()), key=lambda t: (t.name.casefold(), t.id)
    )


def ask(db: Client, *, me: UUID, team: UUID, therapist: UUID | None, code: str | None, why: str = "") -> None:
    """Ask to erase a case by its code, or (without one) all weekly reflections of a person in a team.

    Written directly, and nothing is erased by it. Raises Refused where the same is asked for already, NotAllowed for what is
    neither one's own nor of a team one administers. Whether there is such a case is looked up when it is decided.
    """
    if therapist is None:
        raise Refused("Please choose whose entries it is about.")
    code = cases.checked_code(code) if code is not None else None
    why = entries.text(why, LONGEST_WHY, "What it is asked for")
    with explained():
        open_ones = (
            db.table("erasure_requests").select("code").eq("team_id", str(team)).eq("therapist_id", str(therapist)).eq("state", "asked")
            .limit(500).execute().data
        )  # fmt: skip
        if any(row["code"] == code for row in open_ones):
            raise Refused("This is asked for already and waits for a decision.")
        db.table("erasure_requests").insert(
            {"team_id": str(team), "therapist_id": str(therapist), "code": code, "asked_by": str(me), "why": why},
            returning="minimal",
        ).execute()  # fmt: skip


def decide(db: Client, *, request: UUID, approve: bool, basis: str) -> dict[str, int]:
    """Approve, and it is done at once; or refuse, and all of it stays. Answers what went, as counts by table.

    Raises Refused without a basis, where a hold is in the way, where there is no such case, or when it was decided meanwhile;
    NotAllowed but for an administrator of the team.
    """
    basis = entries.text(basis, LONGEST_BASIS, "The basis")
    if len(basis) < SHORTEST_BASIS:
        raise Refused(f"Please name the basis of the decision in {SHORTEST_BASIS} characters or more.")
    said = {"request": str(request), "approve": approve, "on_basis": basis}
    with explained():
        try:
            return db.rpc("decide_erasure", said).execute().data
        except httpx.ReadTimeout:
            raise NotReachable(MAYBE_DONE) from None
