"""The shared screen: one meeting in labels, readable from the other end of a room, looked at anew every two seconds."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from pathlib import Path

import streamlit as st

from dashboard.forms import clock
from dashboard.meeting import screen_at, screen_controls, screen_decision, screen_parts, ticking
from dashboard.meeting.screen_at import Seen
from services.errors import ServiceError
from services.meetings import Meeting

STYLE = Path(__file__).with_name("screen.css")
LOOK_AGAIN, TICK = 2.0, 1.0  # seconds
BANNER = "Shared screen: labels instead of names"


def show() -> None:
    st.html(STYLE)
    with st.container(key="screen_top", horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(f":material/visibility_off: **{BANNER}**")
        time()
    live()
    screen_decision.show()


@st.fragment(run_every=TICK)
def time() -> None:
    """The clock and the timer; they read nothing, so that a database that is away stops neither."""
    meeting = screen_at.last()
    if meeting is None or meeting.state != "running":
        return
    now = datetime.now(UTC)
    said = [ticking.of_item(meeting, now), ticking.of_meeting(meeting, now), ticking.of_timer(meeting, now)]
    parts = "".join(
        f'<span class="{"sx-over" if over else "sx-time"}">{escape(one)}</span>' for one, over in said if one
    )
    st.html(f'<p class="sx-clock" role="timer" aria-live="off">{parts}</p>')


@st.fragment(run_every=LOOK_AGAIN)
def live() -> None:
    try:
        seen = screen_at.read()
    except ServiceError:  # whatever it says is not for this screen
        st.title("This screen has ended", anchor=False)
        st.markdown("Sign in again to go on.")
        return
    meeting = seen.meeting
    if meeting is None or meeting.state == "ended":
        _over(seen)
    elif meeting.state == "planned":
        st.title("The meeting begins soon", anchor=False)
        screen_parts.agenda(meeting)
    else:
        _running(meeting)
    if seen.away and meeting:
        st.caption(
            ":material/cloud_off: The database is away. The meeting goes on from what was last known here."
        )
    if seen.known:
        screen_controls.show(meeting)


def _running(meeting: Meeting) -> None:
    left, right = st.columns([7, 4], gap="large")
    with left:
        if meeting.current is None:
            st.title("Between two items", anchor=False)
        else:
            screen_parts.item(meeting.current, screen_at.prompt(meeting.prompt), meeting)
    with right:
        if meeting.current:
            screen_parts.decided([meeting.current])
        screen_parts.agenda(meeting)
        if meeting.current:
            screen_parts.beside(meeting.current)


def _over(seen: Seen) -> None:
    if not seen.known:
        st.title("One moment", anchor=False)
        st.markdown("The meeting appears here as soon as the database can be reached.")
        return
    if seen.meeting is None:  # another one, or none: it was called off, or is long over
        st.title("This meeting is not on any more", anchor=False)
        return
    left, right = st.columns([7, 4], gap="large")
    with left:
        st.title("The meeting has ended", anchor=False)
        st.markdown("One minute on your own device: the pulse, and what shifted on your case.")
        screen_parts.decided(seen.meeting.items, named=True)
        if seen.ends:
            st.caption(f"This screen goes dark at {clock.hour(seen.ends)}.")
    with right:
        screen_parts.agenda(seen.meeting)
