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


def me(db: Client) -> Person | None:
    """The person this client speaks for; None when their account belongs to no clinic yet.

    Raises SignInNeeded when the token is no longer taken, NotReachable when the database is away.
    """
    with explained():
        row = db.rpc("me", {}).execute().data
    return Person.from_row(row) if row else None
