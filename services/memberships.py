"""Who holds which role in a team, from when to when. Its administrator gives and ends roles, written directly."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from supabase import Client

from services import stored
from services.errors import NotAllowed, Refused, explained
from services.vocabulary import MEMBER_ROLES

#: The API answers with at most 1,000 rows; a team's history is read up to here, the latest first.
MOST = 500

NOT_YOURS = (
    "Nobody changes their own roles, so that no role opens every door. "
    "Another administrator of this team can, or the operator of this service."
)


@dataclass(frozen=True, slots=True)
class Member:
    """One role of one person. `ends_on` is the first day on which it no longer holds."""

    id: UUID
    person: UUID
    name: str
    role: str
    starts_on: date
    ends_on: date | None

    def state(self, today: date) -> str:
        """ "now", "coming" or "ended"."""
        if self.ends_on is not None and self.ends_on <= max(today, self.starts_on):
            return "ended"
        return "coming" if self.starts_on > today else "now"


def of_team(db: Client, *, team: UUID) -> list[Member]:
    """Every role in this team, ended ones too, by name; at most 500, the latest to begin first in line."""
    with explained():
        rows = (
            db.table("memberships")
            .select("id, person_id, role, starts_on, ends_on, people(display_name)")
            .eq("team_id", str(team))
            .order("starts_on", desc=True)
            .limit(MOST)
            .execute()
            .data
        )
    order = list(MEMBER_ROLES)
    return sorted(
        (
            Member(
                UUID(row["id"]), UUID(row["person_id"]), row["people"]["display_name"], row["role"],
                date.fromisoformat(row["starts_on"]), stored.day(row["ends_on"]),
            )
            for row in rows
        ),
        key=lambda m: (m.name.casefold(), order.index(m.role), m.starts_on),
    )  # fmt: skip


def people(db: Client) -> dict[UUID, str]:
    """People whose names the caller may read, by name: those in the teams they administer, and themselves."""
    with explained():
        rows = (
            db.table("people").select("id, display_name").order("display_name").limit(MOST * 2).execute().data
        )
    return {UUID(row["id"]): row["display_name"] for row in rows}


def give(
    db: Client, *, me: UUID, team: UUID, person: UUID, role: str, starts_on: date, ends_on: date | None = None
) -> None:
    """Give somebody of the clinic a role. Raises NotAllowed but for the team's administrator, Refused for one's own."""
    if person == me:
        raise Refused(NOT_YOURS)
    if role not in MEMBER_ROLES:
        raise Refused("Please choose a role.")
    _in_order(starts_on, ends_on)
    row = {
        "person_id": str(person), "team_id": str(team), "role": role,
        "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat() if ends_on else None,
    }  # fmt: skip
    with explained():
        db.table("memberships").insert(row, returning="minimal").execute()


def end(db: Client, *, me: UUID, member: Member, on: date | None) -> None:
    """Set the first day without this role; None lets it go on. Today ends it with the person's next request."""
    if member.person == me:
        raise Refused(NOT_YOURS)
    _in_order(member.starts_on, on)
    with explained():
        changed = (
            db.table("memberships")
            .update({"ends_on": on.isoformat() if on else None})
            .eq("id", str(member.id))
            .execute()
            .data
        )
    if not changed:
        raise NotAllowed("Only an administrator of this team can end a role in it.")


def today() -> date:
    """The day by which the database counts roles."""
    return datetime.now(UTC).date()


def _in_order(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise Refused("A role cannot end before it begins. Please check the days.")
