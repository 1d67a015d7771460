"""A month of a team for those who lead or supervise it: what is up, what was dealt with, what went well; and the log of exports."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self
from uuid import UUID

from supabase import Client

from services.errors import explained


@dataclass(frozen=True, slots=True)
class Up:
    """One rule: how many cases it is up for, since when at the longest, and for how many days in the middle."""

    rule: str
    cases: int
    oldest: date
    median_days: int


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of`; both None where too few people or entries stand behind it to be shown."""

    count: int | None
    of: int | None


@dataclass(frozen=True, slots=True)
class Month:
    """What is up today, and what happened in the month. `work`: flag events by kind; `outcomes`: those dealt with by how they ended."""

    team: UUID
    team_name: str
    cases: int
    first: int
    rules: tuple[Up, ...]
    work: Mapping[str, int]
    outcomes: Mapping[str, int]
    actions_done: int
    actions_open: int
    step_backs: int
    cleared: int
    repaired: Share
    improved: Share

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        return cls(
            team=UUID(row["team"]), team_name=row["team_name"], cases=row["cases"], first=row["first"],
            rules=tuple(Up(r["rule"], r["cases"], date.fromisoformat(r["oldest"]), r["median_days"]) for r in row["rules"]),
            work=row["work"], outcomes=row["outcomes"], actions_done=row["actions_done"], actions_open=row["actions_open"],
            step_backs=row["step_backs"], cleared=row["cleared"], repaired=Share(row["ruptures"]["repaired"], row["ruptures"]["of"]),
            improved=Share(row["improved"]["cases"], row["improved"]["of"]),
        )  # fmt: skip


def of_team(db: Client, *, team: UUID, month: date) -> Month:
    """The month that holds this day. Raises NotAllowed unless the caller leads or supervises the team."""
    with explained():
        return Month.from_row(
            db.rpc("month_of_team", {"team": str(team), "month": month.isoformat()}).execute().data
        )


def log_export(db: Client, *, teams: Iterable[UUID], what: str) -> None:
    """Note in the log of each team that the caller takes this list or report out. Raises NotAllowed for others' teams."""
    with explained():
        for team in teams:
            db.rpc("log_export", {"team": str(team), "what": what}).execute()
