"""Who is here: a person and the roles they hold today."""

from collections.abc import Iterable
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
    """Somebody of a team, as others choose them by name."""

    id: UUID
    name: str


def holding(db: Client, *roles: str, team: UUID, today: date) -> dict[str, set[str]]:
    """Who holds any of these roles in a team today, as far as the caller may know: id → which of them."""
    with explained():
        rows = (
            db.table("memberships").select("person_id, role").eq("team_id", str(team)).in_("role", roles)
            .lte("starts_on", today.isoformat()).or_(f"ends_on.is.null,ends_on.gt.{today.isoformat()}").limit(1000).execute().data
        )  # fmt: skip
    held: dict[str, set[str]] = {}
    for row in rows:
        held.setdefault(row["person_id"], set()).add(row["role"])
    return held


def named(db: Client, ids: Iterable[str]) -> list[Colleague]:
    """These people by name, as far as the caller may know them."""
    with explained():
        rows = db.table("people").select("id, display_name").in_("id", sorted(ids)).limit(1000).execute().data
    found = (Colleague(UUID(row["id"]), row["display_name"]) for row in rows)
    return sorted(found, key=lambda one: (one.name.casefold(), str(one.id)))


def who_may_see_to(db: Client, *, team: UUID, therapist: UUID, today: date) -> list[Colleague]:
    """The therapist of a case first, then the team's supervisors of today by name: as far as the caller may know them.

    Supervisors and leads see all of them, a therapist only their own name.
    """
    held = holding(db, "therapist", "supervisor", team=team, today=today)
    here = {who for who, roles in held.items() if "supervisor" in roles or who == str(therapist)}
    return sorted(named(db, here), key=lambda one: one.id != therapist)


def me(db: Client) -> Person | None:
    """The person this client speaks for; None when their account belongs to no clinic yet.

    Raises SignInNeeded when the token is no longer taken, NotReachable when the database is away.
    """
    with explained():
        row = db.rpc("me", {}).execute().data
    return Person.from_row(row) if row else None
