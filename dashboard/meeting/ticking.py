"""Time in a meeting: what an item has taken, what is left of the meeting, and a timer for role-play or silence."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

import streamlit as st

from dashboard.meeting import words
from services import vocabulary
from services.meetings import Meeting

EVERY = 1.0  # seconds


def show(meeting: Meeting) -> None:
    """The clock, which goes on by itself; nothing else on the page runs with it."""

    @st.fragment(run_every=EVERY)
    def tick() -> None:
        now = datetime.now(UTC)
        said = [of_item(meeting, now), of_meeting(meeting, now), of_timer(meeting, now)]
        parts = "".join(
            f'<span class="{"sx-over" if over else "sx-time"}">{escape(one)}</span>'
            for one, over in said
            if one
        )
        st.html(f'<p class="sx-clock" role="timer" aria-live="off">{parts}</p>')

    tick()


def of_item(meeting: Meeting, now: datetime) -> tuple[str, bool]:
    """ "3:05 of 10 minutes", or how far over, and whether it is over."""
    item = meeting.current
    if item is None:
        return "", False
    spent, planned = meeting.seconds(item, now), item.minutes * 60
    over = spent > planned
    said = f"{words.clocked(spent - planned)} over {words.minutes(item.minutes)}" if over else f"{words.clocked(spent)} of {words.minutes(item.minutes)}"  # fmt: skip
    return (said if meeting.clock_since else f"{said}, clock stopped"), over


def of_meeting(meeting: Meeting, now: datetime) -> tuple[str, bool]:
    """ "34 minutes left" of the whole meeting, or how far over, and whether it is over."""
    if meeting.begun_at is None:
        return "", False
    left = meeting.minutes * 60 - int((now - meeting.begun_at).total_seconds())
    if left < 0:
        return f"Meeting {words.minutes(-left // 60)} over" if left <= -60 else "Meeting over its time", True
    return f"Meeting {words.minutes(left // 60)} left" if left >= 60 else "Meeting: less than a minute left", False  # fmt: skip


def of_timer(meeting: Meeting, now: datetime) -> tuple[str, bool]:
    """ "Silent reflection 1:23", or that its time is up."""
    if meeting.timer is None or meeting.timer_until is None:
        return "", False
    name = vocabulary.MEETING_TIMERS[meeting.timer].label
    left = int((meeting.timer_until - now).total_seconds())
    return (f"{name} {words.clocked(left)}", False) if left > 0 else (f"{name}: time is up", True)
