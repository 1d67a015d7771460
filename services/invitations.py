"""Invitations: an address, a team and a role, waiting for whoever signs in with that address."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from supabase import Client

from services import stored
from services.errors import NotAllowed, Refused, explained
from services.vocabulary import MEMBER_ROLES

#: As public.accept_invitations has it.
GOOD_FOR = timedelta(days=30)
LONGEST_NAME = 80
MOST = 500

_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")  # as the database checks it


@dataclass(frozen=True, slots=True)
class Invitation:
    """One that was neither taken up nor withdrawn."""

    id: UUID
    email: str
    name: str
    role: str
    starts_on: date
    ends_on: date | None
    invited_at: datetime

    def lapsed(self, now: datetime) -> bool:
        """Too old to be taken up; it can be withdrawn, and made again."""
        return now - self.invited_at >= GOOD_FOR


def waiting(db: Client, *, team: UUID) -> list[Invitation]:
    """The open invitations to a team the caller administers, oldest first; at most 500."""
    with explained():
        rows = (
            db.table("invitations")
            .select("id, email, display_name, role, starts_on, ends_on, invited_at")
            .eq("team_id", str(team))
            .is_("accepted_at", "null")
            .is_("withdrawn_at", "null")
            .order("invited_at")
            .limit(MOST)
            .execute()
            .data
        )
    return [
        Invitation(
            UUID(row["id"]), row["email"], row["display_name"], row["role"], date.fromisoformat(row["starts_on"]),
            stored.day(row["ends_on"]), datetime.fromisoformat(row["invited_at"]),
        )
        for row in rows
    ]  # fmt: skip


def invite(
    db: Client, *, me: UUID, team: UUID, email: str, name: str, role: str | None, starts_on: date, ends_on: date | None = None
) -> None:  # fmt: skip
    """Offer a role to an address; whoever signs in with it in the next 30 days has it. Nothing is mailed by this.

    Raises Refused with what is wrong, NotAllowed but for the administrator of the team.
    """
    email, name = email.strip().lower(), " ".join(name.split())
    if not _ADDRESS.fullmatch(email):
        raise Refused("This is no e-mail address. Please check it.")
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Refused(f"A name has between 1 and {LONGEST_NAME} characters. Please enter one.")
    if role not in MEMBER_ROLES:
        raise Refused("Please choose a role.")
    if ends_on is not None and ends_on < starts_on:
        raise Refused("A role cannot end before it begins. Please check the days.")
    with explained():
        of_team = db.table("teams").select("clinic_id").eq("id", str(team)).execute().data
        if not of_team:
            raise NotAllowed("Only an administrator of this team can invite to it.")
        row = {
            "clinic_id": of_team[0]["clinic_id"], "team_id": str(team), "email": email, "display_name": name, "role": role,
            "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat() if ends_on else None, "invited_by": str(me),
        }  # fmt: skip
        db.table("invitations").insert(row, returning="minimal").execute()


def withdraw(db: Client, *, invitation: UUID, now: datetime) -> None:
    """Take an invitation back. Raises Refused when it was taken up or withdrawn meanwhile, or is not the caller's to withdraw."""
    with explained():
        changed = (
            db.table("invitations")
            .update({"withdrawn_at": now.isoformat()})
            .eq("id", str(invitation))
            .is_("accepted_at", "null")
            .is_("withdrawn_at", "null")
            .execute()
            .data
        )
    if not changed:
        raise Refused("This invitation is no longer open. Please look at the list again.")


def accept(db: Client) -> int:
    """Take up what was offered to the caller's own address; how many roles came of it."""
    with explained():
        return db.rpc("accept_invitations", {}).execute().data or 0
