"""Values as they come from the database, in JSON, as Python’s own; None stays None."""

from datetime import date


def day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
