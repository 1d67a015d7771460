"""What stands on the shared screen: the meeting as the database gives it for a screen, with what was saved here since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import streamlit as st

from dashboard import session
from dashboard.forms import last_seen
from services import meetings, prompts, shared_screen
from services.meetings import Meeting
from services.prompt_rules import Prompt

_LAST = "screen_last"


@dataclass(frozen=True)
class Seen:
    """The meeting, or None when it is over or was never read.

    `away`: the database is, and this is from before. `known`: it was read at some time. `ends`: when this screen does.
    """

    meeting: Meeting | None
    away: bool
    known: bool
    ends: datetime | None = None


def read() -> Seen:
    """The meeting of this screen. Nothing about people or cases is read on this page in any other way.

    Raises SignInNeeded when the screen has ended.
    """
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
    # In session state for the clock, which ticks between two reads, and for the form over the page.
    st.session_state[_LAST] = shown
    return Seen(shown, bool(seen.trouble), known, ends)


def last() -> Meeting | None:
    """What was read last."""
    return st.session_state.get(_LAST)


def prompt(slug: str | None) -> Prompt | None:
    """The prompt that is to be shown, from the clinic's own library; None while that cannot be read."""
    if slug is None:
        return None
    library = last_seen.of("screen_prompts", lambda: prompts.library(session.db()), otherwise=[])
    return next((one for one in library.value if one.slug == slug), None)
