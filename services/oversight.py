"""What a clinical lead sees of their teams: counts and ages, and nothing that anyone wrote."""

from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from supabase import Client

from services.errors import explained


@dataclass(frozen=True, slots=True)
class TeamCounts:
    """One team in numbers. `ruptures_waiting` had no repair step for longer than the team's threshold (R5)."""

    team: UUID
    team_name: str
    therapists: int
    active_cases: int
    episodes_28_days: int
    ruptures_open: int
    ruptures_waiting: int
    oldest_days: int | None
    reflections_percent: int | None

    @classmethod
    def from_row(cls, row: dict) -> Self:
        percent = row["reflections_percent"]
        return cls(
            **row
            | {"team": UUID(row["team"]), "reflections_percent": None if percent is None else round(percent)}
        )


@dataclass(frozen=True, slots=True)
class WaitingRupture:
    """An open rupture that waits for a step, by its case code."""

    code: str
    noticed_on: date
    days_open: int
    days_waiting: int
    stage: str | None


def teams(db: Client) -> list[TeamCounts]:
    """The teams the caller leads, by name; empty for anyone else."""
    with explained():
        rows = db.rpc("lead_overview", {}).execute().data
    return [TeamCounts.from_row(row) for row in rows]


def waiting_ruptures(db: Client, *, team: UUID) -> list[WaitingRupture]:
    """Ruptures beyond the team's threshold, the longest waiting first. Raises NotAllowed unless the caller leads the team."""
    with explained():
        rows = db.rpc("lead_waiting_ruptures", {"team": str(team)}).execute().data
    return [
        WaitingRupture(
            r["code"], date.fromisoformat(r["noticed_on"]), r["days_open"], r["days_waiting"], r["stage"]
        )
        for r in rows
    ]
