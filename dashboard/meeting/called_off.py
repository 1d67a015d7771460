"""A meeting that was called off, said to everybody of its team until its day is over."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import components, session
from dashboard.forms import clock, last_seen, notices
from dashboard.meeting.at import At
from services import past_meetings
from services.past_meetings import CalledOff

WHAT_IT_DOES = "Everybody of the team reads that it was called off. What is on the agenda is proposed for the next meeting, and you can plan one for any day."
FOLLOWS = (
    "What was on it is proposed for the next one. If it is in your own calendar, please take it out there."
)


def ask(call_off: Callable[[], None], *, key: str) -> None:
    """The way to call the planned meeting off, and first what that does."""
    components.sure(
        "Call it off", WHAT_IT_DOES, "Call the meeting off", key=f"{key}_call_off", on_click=call_off
    )


def show(at: At) -> None:
    """One notice for each; while it is still on its way, how far it has come."""
    for one in found(at):
        st.info(f"{sentence(one, at)} {FOLLOWS}", icon=":material/event_busy:")
    for op in at.waiting:
        if op.kind == "meeting.call_off":
            notices.how_far(op.op_id, key=f"called_off_{op.op_id}")


def sentence(one: CalledOff, at: At) -> str:
    """ "The meeting planned for Wednesday 2 December at 10:00 was called off." """
    day = (
        "today"
        if one.held_on == at.today
        else f"{one.held_on:%A} {clock.date_words(one.held_on, now=at.today)}"
    )
    hour = f" at {one.starts_at}" if one.starts_at else ""
    return f"The meeting planned for {day}{hour} was called off."


def found(at: At) -> list[CalledOff]:
    """Those whose day is not over. One in whose place another stands on the same day is not worth a word, and none is while one runs."""
    if at.state == "running":
        return []
    read = last_seen.of(
        f"called_off_{at.team}", lambda: past_meetings.called_off(session.db(), team=at.team, since=at.today), otherwise=[]
    )  # fmt: skip
    every = {one.id: one for one in read.value}
    if at.stands and any(op.kind == "meeting.call_off" and op.entity == str(at.stands.id) for op in at.waiting):  # fmt: skip
        every[at.stands.id] = CalledOff(at.stands.id, at.stands.held_on, at.stands.starts_at)
    instead = at.meeting.held_on if at.meeting else None
    return [one for one in every.values() if one.held_on != instead]
