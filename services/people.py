"""Who is here: a person and the roles they hold today."""

from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from supabase import Client

from services.errors import explained


@dataclass(frozen=True, slots=True)
class Membership:
    """One role in one team, held today."""

    team: UUID
    team_name: str
    role: str
    since: date


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who has signed in. `memberships` is empty until an administrator gives them a role."""

    id: UUID
    name: str
    clinic: str
    memberships: tuple[Membership, ...]

    def teams_as(self, *roles: str) -> dict[UUID, str]:
        """Teams in which this person holds one of the roles: id → name, by name."""
        return {m.team: m.team_name for m in self.memberships if m.role in roles}

    def is_a(self, *roles: str) -> bool:
        return bool(self.teams_as(*roles))

    @classmethod
    def from_row(cls, row: dict) -> Self:
        return cls(
            id=UUID(row["id"]), name=row["name"], clinic=row["clinic"],
            memberships=tuple(
                Membership(UUID(m["team"]), m["team_name"], m["role"], date.fromisoformat(m["since"])) for m in row["memberships"]
            ),
        )  # fmt: skip

    def row(self) -> dict:
        """What `from_row` makes this person of again; it holds nothing but text."""
        return {
            "id": str(self.id), "name": self.name, "clinic": self.clinic,
            "memberships": [
                {"team": str(m.team), "team_name": m.team_name, "role": m.role, "since": m.since.isoformat()} for m in self.memberships
            ],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who can be asked to see to a case: its therapist, or a supervisor of the team."""

    id: UUID
    name: str


def who_may_see_to(db: Client, *, team: UUID, therapist: UUID, today: date) -> list[Colleague]:
    """The therapist of a case first, then the team's supervisors of today by name: as far as the caller may know them.

    Supervisors and leads see all of them, a therapist only their own name.
    """
    with explained():
        held = (
            db.table("memberships").select("person_id, role, ends_on").eq("team_id", str(team)).in_("role", ["therapist", "supervisor"])
            .lte("starts_on", today.isoformat()).limit(1000).execute().data
        )  # fmt: skip
        here = {
            row["person_id"] for row in held
            if (row["ends_on"] is None or today.isoformat() < row["ends_on"]) and (row["role"] == "supervisor" or row["person_id"] == str(therapist))
        }  # fmt: skip
        found = (
            db.table("people").select("id, display_name").in_("id", sorted(here)).limit(1000).execute().data
        )
    known = [Colleague(UUID(row["id"]), row["display_name"]) for row in found]
    return sorted(known, key=lambda one: (one.id != therapist, one.name.casefold(), str(one.id)))


def me(db: Client) -> Person | None:
    """The person this client speaks for; None when their account belongs to no clinic yet.

    Raises SignInNeeded when the token is no longer taken, NotReachable when the database is away.
    """
    with explained():
        row = db.rpc("me", {}).execute().data
    return Person.from_row(row) if row else None
