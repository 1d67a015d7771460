"""Detail for a clinical lead: a reason, then the facts of one flagged case for an hour; and who looked at which case, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pandas as pd
from supabase import Client

from services import entries, stored, timeline
from services.errors import Refused, explained

SHORTEST, LONGEST = 30, 500  # characters of a reason, as the database counts them
MINUTES = 60
TOLD_DAYS = 30  # for so long Home tells of a look

Rows = tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one case until `until`: never a text, a guess or a reflection. Keep it no longer than one look.

    sessions: number, on, attendance, mode. scores: measure, on, value. check_ins: on, goals, way_of_working, relationship.
    episodes: on, kind, intensity, next_move, named, ratings (cause → 0–4). ruptures: kind, noticed_on, closed_on, outcome,
    steps (on, stage). goals: set_by, importance, state, set_on. tasks: proposed_by, on, done. reviews: on, next.
    step_backs: on, decision, look_again_on. formulation: field → day it was last written. Each the earliest first.
    """

    code: str
    state: str
    started_on: date
    control_sensitivity: int | None
    until: datetime
    sessions: Rows
    scores: Rows
    check_ins: Rows
    episodes: Rows
    ruptures: Rows
    goals: Rows
    tasks: Rows
    reviews: Rows
    step_backs: Rows
    formulation: Mapping[str, date]

    def course(self) -> pd.DataFrame:
        """The same on one time axis, as services.timeline gives it: day, lane, key, detail, id."""
        rows: list[tuple[Any, str, str, str | None]] = [
            *((s["on"], "session", s["attendance"], str(s["number"])) for s in self.sessions),
            *((e["on"], "episode", e["kind"], _text(e["intensity"])) for e in self.episodes),
            *((g["set_on"], "goal", g["set_by"], None) for g in self.goals),
            *((t["on"], "task", t["done"], t["proposed_by"]) for t in self.tasks),
            *((r["on"], "review", "review", None) for r in self.reviews),
            *((s["on"], "score", s["measure"], str(s["value"])) for s in self.scores),
        ]
        course = [(*row, str(place)) for place, row in enumerate(rows)]
        for place, rupture in enumerate(self.ruptures):
            name = f"rupture {place}"
            course.append((rupture["noticed_on"], "rupture", rupture["kind"], None, name))
            if rupture["closed_on"]:
                course.append((rupture["closed_on"], "closed", rupture["outcome"], None, name))
            course += [(step["on"], "repair", step["stage"], None, name) for step in rupture["steps"]]
        frame = pd.DataFrame(course, columns=list(timeline.COLUMNS)).astype(object)
        return frame.sort_values("day", kind="stable", ignore_index=True)


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody asked to see a case. `looked_at` is the first look, None as long as there was none; `code` where the reader may know it."""

    id: UUID
    lead: str
    therapist_id: UUID
    therapist: str
    case: UUID
    code: str
    reason: str
    asked_at: datetime
    ends_at: datetime
    looked_at: datetime | None = None


def ask(db: Client, *, therapist: UUID, case: UUID, reason: str) -> datetime:
    """Give a reason for seeing one flagged case; answers until when. Written directly: raises at once when it could not be.

    Its therapist and supervisors read the reason. NotAllowed unless the caller leads the team and a flag is up on the case.
    """
    said = entries.text(reason, LONGEST, "The reason")
    if len(said) < SHORTEST:
        raise Refused(f"Please give the reason in {SHORTEST} characters or more.")
    with explained():
        until = (
            db.rpc("ask_to_see", {"therapist": str(therapist), "case_id": str(case), "why": said})
            .execute()
            .data
        )
    return datetime.fromisoformat(until)


def see(db: Client, *, therapist: UUID, case: UUID) -> Facts:
    """The facts of a case for which the caller has given a reason in the last 60 minutes. Each call is a look, and in the log.

    Raises NotAllowed without one, after the hour, and for anybody who does not lead the team today.
    """
    with explained():
        row = db.rpc("see_case", {"therapist": str(therapist), "case_id": str(case)}).execute().data
    return Facts(
        code=row["code"], state=row["state"], started_on=date.fromisoformat(row["started_on"]), control_sensitivity=row["control_sensitivity"],
        until=datetime.fromisoformat(row["until"]),
        formulation={name: date.fromisoformat(day) for name, day in row["formulation"].items()},
        ruptures=tuple(_rows([r | {"steps": _rows(r["steps"] or ())} for r in row["ruptures"]])),
        episodes=tuple(_rows([e | {"ratings": {int(c): n for c, n in (e["ratings"] or {}).items()}} for e in row["episodes"]])),
        **{name: _rows(row[name]) for name in ("sessions", "scores", "check_ins", "goals", "tasks", "reviews", "step_backs")},
    )  # fmt: skip


def open_until(db: Client, *, lead: UUID, therapist: UUID, case: UUID, now: datetime) -> datetime | None:
    """Until when the facts of this case are open to `lead`; None where there is no reason in force. This is no look."""
    with explained():
        rows = (
            db.table("reveals").select("ends_at").eq("lead_id", str(lead)).eq("therapist_id", str(therapist)).eq("case_id", str(case))
            .gt("ends_at", now.isoformat()).order("ends_at", desc=True).limit(1).execute().data
        )  # fmt: skip
    return datetime.fromisoformat(rows[0]["ends_at"]) if rows else None


def told_to_me(db: Client, *, team: UUID, since: datetime) -> list[Told]:
    """Who asked to see a case of the team, the latest first: the caller's own as its therapist, all as a supervisor; at most 100."""
    with explained():
        rows = (
            db.table("reveal_list").select("*").eq("team_id", str(team)).gte("asked_at", since.isoformat())
            .order("asked_at", desc=True).order("id").limit(100).execute().data
        )  # fmt: skip
    return [
        Told(
            UUID(r["id"]), r["lead_name"] or "", UUID(r["therapist_id"]), r["therapist_name"] or "", UUID(r["case_id"]), r["code"] or "", r["reason"],
            datetime.fromisoformat(r["asked_at"]), datetime.fromisoformat(r["ends_at"]),
            stored.moment(r["looked_at"]),
        )
        for r in rows
    ]  # fmt: skip


# Names under which the database gives a day.
_DAYS = ("on", "next", "noticed_on", "closed_on", "set_on", "look_again_on")


def _rows(rows: Any) -> Rows:
    return tuple(
        {name: date.fromisoformat(value) if name in _DAYS and isinstance(value, str) else value for name, value in row.items()} for row in rows
    )  # fmt: skip


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
