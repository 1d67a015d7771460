"""What an entry said before: for its author alone, for nobody else can read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from supabase import Client

from services.errors import explained


@dataclass(frozen=True, slots=True)
class Earlier:
    """One earlier state of a row, and when it gave way to the next. `said` has the columns as the table names them."""

    until: datetime
    said: dict[str, Any]


def of(db: Client, *, table: str, row: UUID) -> list[Earlier]:
    """Earlier states of one row of the caller's own, the latest first; at most 200."""
    return _found(db, table, "row_id", row)


def of_ratings(db: Client, *, episode: UUID) -> list[Earlier]:
    """What ratings of an episode of the caller's own said before they were changed or taken out; one that was added is not among them."""
    return _found(db, "ratings", "before->>episode_id", episode)


def _found(db: Client, table: str, column: str, wanted: UUID) -> list[Earlier]:
    with explained():
        rows = (
            db.table("history").select("changed_at, before").eq("table_name", table).eq(column, str(wanted))
            .order("id", desc=True).limit(200).execute().data
        )  # fmt: skip
    return [Earlier(datetime.fromisoformat(each["changed_at"]), each["before"]) for each in rows]
