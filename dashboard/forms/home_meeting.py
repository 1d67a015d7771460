"""On Home: the next meeting, for those who prepare it and for those who come to it, with the way there."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.forms import clock
from dashboard.meeting import at as meeting_page
from dashboard.meeting import called_off, words
from dashboard.meeting.at import At
from services.people import Membership, Person


def to_supervisor(person: Person, member: Membership, *, today: date) -> None:
    """When it is and how many items it has; or that there is none, and where to prepare it."""
    at = _read(person, member, today)
    meeting = at.meeting
    if not at.known:
        return
    _called_off(at)
    if meeting is None or meeting.state == "ended":
        said = (
            "The meeting of today has ended."
            if meeting and meeting.held_on == today
            else "No meeting is planned."
        )
        _row(member.team, f"{said} The agenda of the next one has proposed itself.", "Prepare it")
    elif meeting.state == "running":
        _row(member.team, "**The meeting is running.**", "Go on")
    else:
        many = "1 item" if len(meeting.items) == 1 else f"{len(meeting.items)} items"
        _row(member.team, f"Next meeting: **{_when(at, today)}**, {many} on the agenda.", "Open it")


def to_therapist(person: Person, member: Membership, *, today: date) -> bool:
    """When it is and what of theirs is on it; nothing while none is planned. Whether there was something."""
    at = _read(person, member, today)
    meeting = at.meeting
    told = _called_off(at)
    if meeting is None or meeting.state == "ended":
        return told
    when = "The meeting is running" if meeting.state == "running" else f"Meeting {_when(at, today)}"
    mine = [one for one in meeting.items if one.known and one.known.therapist_id == person.id]
    own = "; ".join(f"**{components.plain(one.known.code)}** ({words.kind(one).lower()})" for one in mine)
    what = f"yours on it: {own}." if mine else "nothing of yours is on it."
    _row(member.team, f"{when}: {what}", "Open it")
    return True


def _called_off(at: At) -> bool:
    """Whether there is one to be told of."""
    found = called_off.found(at) if at.known else []
    for one in found:
        st.info(called_off.sentence(one, at), icon=":material/event_busy:")
    return bool(found)


def _read(person: Person, member: Membership, today: date) -> At:
    with session.errors_shown():
        return meeting_page.read(person, member, today=today)


def _when(at: At, today: date) -> str:
    """ "today at 10:00", "on Wednesday 2 December" """
    meeting = at.meeting
    day = "today" if meeting.held_on == today else f"on {meeting.held_on:%A} {clock.date_words(meeting.held_on, now=today)}"  # fmt: skip
    return f"{day} at {meeting.starts_at}" if meeting.starts_at else day


def _row(team: UUID, said: str, label: str) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"home_meeting_{team}_row_card", gap="small"):  # fmt: skip
        st.markdown(f":material/groups: {said}", width="stretch")
        st.page_link(meeting_page.PAGE, label=label, icon=":material/arrow_forward:", icon_position="right")
