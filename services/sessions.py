"""Sessions: every appointment of a case, whether it took place or not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from supabase import Client

from services import entries, vocabulary
from services.cases import Case
from services.errors import Refused, explained
from services.outbox import Operation, Outbox

HIGHEST = 999


@dataclass(frozen=True, slots=True)
class Session:
    """One appointment; its number is as the therapist counts. `op` is on its way to the database."""

    id: UUID
    number: int
    held_on: date
    attendance: str = "attended"
    mode: str = "in_person"
    op: str | None = None

    @classmethod
    def from_row(cls, row: dict) -> Self:
        return cls(UUID(row["id"]), row["number"], date.fromisoformat(row["held_on"]), row["attendance"], row["mode"])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One appointment as it is entered: `id` and `op` were made when the form opened, so that a double click is one."""

    held_on: date | None
    attendance: str | None
    mode: str | None
    id: str
    op: str


def of(db: Client, *, therapist: UUID, case: UUID) -> list[Session]:
    """All of a case that the caller may see, the latest first; at most 1,000, and a number has three digits."""
    with explained():
        rows = (
            db.table("sessions").select("id, number, held_on, attendance, mode")
            .eq("therapist_id", str(therapist)).eq("case_id", str(case))
            .order("held_on", desc=True).order("number", desc=True).limit(1000).execute().data
        )  # fmt: skip
    return [Session.from_row(row) for row in rows]


def as_they_will_be(known: Iterable[Session], waiting: Iterable[Operation], *, case: UUID) -> list[Session]:
    """The same with what has been saved here and is still on its way, the latest first."""
    found = {session.id: session for session in known}
    for op in waiting:
        if op.kind in ("session.log", "session.amend") and op.params.get("case") == str(case):
            said = {name: op.params[name] for name in ("number", "attendance", "mode")}
            session = Session(
                UUID(op.entity), held_on=date.fromisoformat(op.params["held_on"]), op=op.op_id, **said
            )
            if op.kind == "session.log" and session.id in found:
                continue  # it has arrived since
            if op.kind == "session.amend" and session.id not in found:
                continue
            found[session.id] = session
    return sorted(found.values(), key=lambda session: (session.held_on, session.number), reverse=True)


def next_number(known: Sequence[Session], case: Case | None = None) -> int:
    """The number after the highest so far."""
    last = max([session.number for session in known] + [case.last_session_number if case else 0])
    return min(last + 1, HIGHEST)


def log(
    outbox: Outbox, *, team: UUID, case: UUID, appointments: Sequence[Entry], first_number: int | None, today: date
) -> list[Operation]:  # fmt: skip
    """Keep one or several appointments of a case, numbered on in the order of their days. All of them or none.

    Raises Refused, with a sentence, for what could not be stored; nothing is kept then.
    """
    if not appointments:
        raise Refused("There is no session to save yet. Please enter one.")
    first = entries.within(first_number, 1, HIGHEST, "The number of a session")
    if first is None:
        raise Refused("The number of the first session is missing. Please enter it.")
    facts = [
        _facts(one.held_on, one.attendance, one.mode, today=today, what=f"The day of session {place}" if len(appointments) > 1 else "The day")
        for place, one in enumerate(appointments, 1)
    ]  # fmt: skip
    if first + len(facts) - 1 > HIGHEST:
        raise Refused(f"A session’s number goes up to {HIGHEST}. Please check the first one.")
    in_order = sorted(zip(facts, appointments, strict=True), key=lambda pair: pair[0]["held_on"])
    return [
        outbox.accept(
            kind="session.log", entity=one.id, op_id=one.op, after=[str(case)],
            params={"team": str(team), "case": str(case), "number": number} | fact,
        )
        for number, (fact, one) in enumerate(in_order, first)
    ]  # fmt: skip


def amend(
    outbox: Outbox, *, session: Session, case: UUID, number: int | None, held_on: date | None, attendance: str | None, mode: str | None,
    today: date, op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Correct an appointment that says what `session` says; what it said before stays in its history."""
    if entries.within(number, 1, HIGHEST, "The number of a session") is None:
        raise Refused("The number of the session is missing. Please enter it.")
    was = {
        "number": session.number,
        "held_on": session.held_on.isoformat(),
        "attendance": session.attendance,
        "mode": session.mode,
    }
    params = {"case": str(case), "number": number, "was": was} | _facts(
        held_on, attendance, mode, today=today, what="The day"
    )
    return outbox.accept(kind="session.amend", entity=str(session.id), params=params, op_id=op_id)


def _facts(held_on: date | None, attendance: str | None, mode: str | None, *, today: date, what: str) -> dict:
    return {
        "held_on": entries.day(held_on, today=today, what=what),
        "attendance": entries.one_of(attendance, vocabulary.ATTENDANCES, "whether it took place", needed=True),
        "mode": entries.one_of(mode, vocabulary.SESSION_MODES, "how you met", needed=True),
    }  # fmt: skip
