"""Values as they come from the database, in JSON, as Python’s own; None stays None."""

from datetime import date, datetime
from uuid import UUID


def uid(value: str | None) -> UUID | None:
    return UUID(value) if value else None


def day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
