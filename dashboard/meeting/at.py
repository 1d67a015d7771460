"""The meeting a page stands at: as the database has it, with what the person here has saved since; it survives a reload while the database is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import streamlit as st

from dashboard import session
from dashboard.forms import still
from dashboard.meeting import lasting
from services import meetings
from services.meetings import Item, Meeting
from services.outbox import Operation, Outbox
from services.people import Membership, Person

PAGE = "../pages/meeting.py"
LOOK_AGAIN = 2.0  # seconds


@dataclass(frozen=True)
class At:
    """A team's meeting as the person here may know it. `meeting` is None where none is planned; what waits here is laid over it.

    `leads`: a supervisor of the team; `takes_part`: a therapist of it; somebody may be both. `waiting`: what this person has
    saved and the database does not have yet; `stands`: the meeting without it, as the database has it. `trouble` says why this is not from now; `known` is False when it was never read.
    """

    team: UUID
    team_name: str
    me: UUID
    today: date
    leads: bool
    takes_part: bool
    meeting: Meeting | None = None
    waiting: tuple[Operation, ...] = ()
    trouble: str | None = None
    known: bool = True
    stands: Meeting | None = None

    @property
    def outbox(self) -> Outbox:
        return session.outbox()

    @property
    def state(self) -> str:
        """ "none", "planned", "running" or "ended"."""
        return self.meeting.state if self.meeting else "none"

    def key(self, name: str) -> str:
        """A widget's key that belongs to this team's meeting: what is typed for one never shows in another."""
        return f"meeting_{self.meeting.id if self.meeting else self.team}_{name}"

    def as_it_stands(self, item: UUID) -> Item | None:
        """An item as the database has it, and so the shared screen: without what was saved here since."""
        return self.stands.find(item) if self.stands else None

    def on_its_way(self, *entities: UUID) -> list[Operation]:
        """What waits about the meeting itself, or about these items of it."""
        about = {str(one) for one in entities or ([self.meeting.id] if self.meeting else [])}
        return [op for op in self.waiting if op.entity in about]


def read(person: Person, member: Membership, *, today: date) -> At:
    """The meeting of this person's team."""
    found, _told = _read(person, member, today)
    return found


def shown(person: Person, member: Membership, *, today: date) -> At:
    """The same for the page: it runs again by itself when there is more to show, and never while nothing has changed."""
    found, told = _read(person, member, today)
    by_page = [True]  # the first look belongs to the run of the page, later ones are this fragment's own

    @st.fragment(run_every=LOOK_AGAIN)
    def look() -> None:
        if by_page:
            by_page.clear()  # never run the page again from within its own run: a click in it would be lost
            return
        with session.errors_shown():
            _now, tells = _read(person, member, today)
        if tells != told:
            still.run_again()

    look()
    return found


def _read(person: Person, member: Membership, today: date) -> tuple[At, Any]:
    """What there is, and something that differs as soon as there is more."""
    team = member.team
    waiting = tuple(
        session.outbox().waiting()
    )  # before the read: what is synced in between is in one of the two
    seen = lasting.of(
        f"meeting_{team}", lambda: meetings.row_now(session.db(), team=team), owner=str(person.id)
    )
    meeting = Meeting.from_row(seen.value, team) if seen.value else None
    found = At(
        team, member.team_name, person.id, today, leads=team in person.teams_as("supervisor"), takes_part=team in person.teams_as("therapist"),
        meeting=meetings.as_it_will_be(meeting, waiting, team=team), waiting=waiting, trouble=seen.trouble, known=seen.known,
        stands=meeting,
    )  # fmt: skip
    return found, (seen.value, seen.trouble, [op.op_id for op in waiting])
