"""The meeting of a team as the database tells it."""

from typing import Any
from uuid import UUID

from supabase import Client

from services.errors import explained
from services.meetings.records import Meeting


def now(db: Client, *, team: UUID) -> Meeting | None:
    """The team's meeting with all that the caller may know of it; None when there is none. Raises NotAllowed for strangers to the team."""
    row = row_now(db, team=team)
    return Meeting.from_row(row, team) if row else None


def row_now(db: Client, *, team: UUID) -> dict[str, Any] | None:
    """The same as the database tells it, without its clock: what `Meeting.from_row` takes, and what can be kept for when the database is away."""
    with explained():
        row = db.rpc("meeting_now", {"of_team": str(team)}).execute().data
    return {name: told for name, told in row.items() if name != "now"} if row else None


def screen(db: Client, *, team: UUID) -> Meeting | None:
    """The same as the shared screen may know it: labels, and nothing that its author has not released."""
    with explained():
        row = db.rpc("meeting_screen", {"of_team": str(team)}).execute().data
    return Meeting.from_row(row, team) if row else None
