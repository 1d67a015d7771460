"""Cases: a client's work with one therapist, known here by a code and never by a name."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from supabase import Client

from services import entries, ids, stored
from services.errors import Refused, explained
from services.outbox import Operation, Outbox

CODE = re.compile(r"[A-Z]{1,3}-?[0-9]{2,5}")  # as the database checks it


@dataclass(frozen=True, slots=True)
class Case:
    """One case as a list shows it. `waiting` while it is saved here and not yet in the database."""

    id: UUID
    code: str
    state: str = "active"
    control_sensitivity: int | None = None
    last_episode_on: date | None = None
    open_ruptures: int = 0
    waiting: bool = False
    therapist_id: UUID | None = None
    therapist: str = ""
    team: UUID | None = None
    started_on: date | None = None
    sessions_attended: int = 0
    last_session_number: int = 0
    last_session_on: date | None = None
    next_review_on: date | None = None
    open_questions: int = 0

    def weeks(self, today: date) -> int:
        """Weeks in therapy, the running one included."""
        return (today - (self.started_on or today)).days // 7 + 1


def mine(db: Client, *, therapist: UUID, team: UUID, waiting: Iterable[Operation] = ()) -> list[Case]:
    """The therapist's open cases in a team, the one written about last first; at most 500.

    Cases that still wait in the outbox are among them, so that work goes on while the database is away.
    """
    with explained():
        rows = (
            db.table("case_list").select("*")
            .eq("therapist_id", str(therapist)).eq("team_id", str(team)).in_("state", ["active", "paused"])
            .order("last_episode_on", desc=True, nullsfirst=False).order("code").limit(500).execute().data
        )  # fmt: skip
    known = [_from_row(row) for row in rows]
    return opened_here(waiting, team=team, known={case.id for case in known}) + known


def in_team(
    db: Client, *, team: UUID, therapist: UUID | None = None, states: Iterable[str] = ("active", "paused")
) -> list[Case]:
    """Cases of a team that the caller may see, by code; of one therapist when named; at most 1,000."""
    with explained():
        query = db.table("case_list").select("*").eq("team_id", str(team)).in_("state", list(states))
        if therapist:
            query = query.eq("therapist_id", str(therapist))
        rows = query.order("code").order("therapist_id").limit(1000).execute().data
    return [_from_row(row) for row in rows]


def find(db: Client, *, team: UUID, case: UUID) -> Case | None:
    """One case in any state, or None when it is not there or not the caller's to see."""
    with explained():
        query = db.table("case_list").select("*").eq("team_id", str(team)).eq("id", str(case))
        # One that was handed over is there twice for a supervisor: where it goes on comes first.
        rows = query.order("state").execute().data
    return _from_row(rows[0]) if rows else None


def opened_here(waiting: Iterable[Operation], *, team: UUID, known: Iterable[UUID] = ()) -> list[Case]:
    """Cases in the outbox that the database does not have yet, newest first."""
    new = [
        Case(
            UUID(op.entity),
            op.params["code"],
            control_sensitivity=op.params.get("control_sensitivity"),
            waiting=True,
        )
        for op in waiting
        if op.kind == "case.open" and op.params["team"] == str(team) and UUID(op.entity) not in set(known)
    ]
    return new[::-1]


def new_code(taken: Iterable[str] = ()) -> str:
    """A random code such as "C-4821" that the therapist does not use yet; it says nothing about anyone."""
    taken = set(taken)
    while (code := f"C-{secrets.randbelow(9000) + 1000}") in taken:
        pass
    return code


def checked_code(code: str) -> str:
    """The code as it is stored. Raises Refused when it could not be a code."""
    code = code.strip().upper()
    if not CODE.fullmatch(code):
        raise Refused(
            "A code is one to three letters and two to five digits, such as C-4821. Please use no names or initials."
        )
    return code


def open(
    outbox: Outbox,
    *,
    team: UUID,
    code: str,
    control_sensitivity: int | None = None,
    entity: str | None = None,
    op_id: str | None = None,
) -> Operation:
    """Open a case under a code. Raises Refused for what could not be a code.

    `entity` and `op_id` are made when the form opens, so that a double click is one case.
    """
    return outbox.accept(
        kind="case.open", entity=entity or ids.new(), op_id=op_id,
        params={"team": str(team), "code": checked_code(code), "control_sensitivity": control_sensitivity},
    )  # fmt: skip


def amend(outbox: Outbox, *, case: UUID, op_id: str | None = None, **changes: str | int | None) -> Operation:
    """Change the state (active, paused, closed, archived), the sensitivity to control (0–4 or None) or the first day
    (`started_on`, as text) of a case; what is not named stays.
    """
    return outbox.accept(kind="case.amend", entity=str(case), params=changes, op_id=op_id)


def describe(
    outbox: Outbox, *, case: UUID, control_sensitivity: int | None, started_on: date | None, paused: bool, today: date,
    op_id: str | None = None,
) -> Operation:  # fmt: skip
    """What the head of the case page says of a running case: sensitivity to control, since when, and whether it pauses."""
    return amend(
        outbox, case=case, op_id=op_id, state="paused" if paused else "active",
        control_sensitivity=entries.within(control_sensitivity, 0, 4, "Sensitivity to control"),
        started_on=entries.day(started_on, today=today, what="The first day"),
    )  # fmt: skip


def _from_row(row: dict) -> Case:
    return Case(
        UUID(row["id"]), row["code"], row["state"], row["control_sensitivity"], last_episode_on=stored.day(row["last_episode_on"]),
        open_ruptures=row["open_ruptures"], therapist_id=UUID(row["therapist_id"]), therapist=row["therapist"] or "",
        team=UUID(row["team_id"]), started_on=stored.day(row["started_on"]), sessions_attended=row["sessions_attended"],
        last_session_number=row["last_session_number"] or 0, last_session_on=stored.day(row["last_session_on"]),
        next_review_on=stored.day(row["next_review_on"]), open_questions=row["open_questions"],
    )  # fmt: skip
