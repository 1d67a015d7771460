"""What stands on the shared screen: the meeting as the database gives it for a screen, with what was saved here since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from dashboard import session
from dashboard.forms import last_seen
from services import meetings, shared_screen
from services.meetings import Meeting


@dataclass(frozen=True)
class Seen:
    """The meeting, or None when it is over or was never read; `away`: the database is, and this is from before."""

    meeting: Meeting | None
    ends: datetime | None
    away: bool
    known: bool


def read() -> Seen:
    """The meeting of this screen. Nothing else is read on this page. Raises SignInNeeded when the screen has ended."""
    onto = session.screen()
    team, of = UUID(onto.team), UUID(onto.meeting)
    # Before the read: what is synced in between is in one of the two.
    waiting = session.outbox().waiting()
    seen = last_seen.of("screen", lambda: meetings.screen(session.db(), team=team), otherwise=None)
    meeting = meetings.as_it_will_be(seen.value, waiting, team=team)
    known = seen.known or meeting is not None
    ends = shared_screen.ends(meeting, of=of, now=datetime.now(UTC)) if known else None
    if ends:
        session.screen_ends(ends)
    shown = shared_screen.on_screen(meeting) if meeting and meeting.id == of else None
    return Seen(shown, ends, bool(seen.trouble), known)
