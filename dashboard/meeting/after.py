"""After a meeting, for its supervisors: what came of it, as it will stand once all of it has arrived."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.forms import clock, last_seen, notices
from dashboard.meeting import past, pulse_course
from dashboard.meeting.at import At
from services import actions, past_meetings

PAST = "../pages/past_meetings.py"


def show(at: At) -> None:
    meeting = at.meeting
    if meeting is None or meeting.ended_at is None:
        return
    agreed = last_seen.of(
        f"agreed_{meeting.id}",
        lambda: past_meetings.agreed_in(session.db(), meeting=meeting),
        otherwise=[],
    )
    shown = last_seen.of(
        f"screens_{meeting.id}",
        lambda: past_meetings.screens_of(session.db(), meeting=meeting),
        otherwise=[],
    )
    known = actions.as_they_will_be(agreed.value, at.waiting, team=at.team, me=at.me, today=at.today)
    st.header(f"The meeting of {clock.day(meeting.held_on, now=at.today)} has ended", anchor=False)
    st.markdown("What was agreed is on the Home of whoever does it, and the next meeting begins with it.")
    notices.away(agreed.trouble or shown.trouble, "Some of what was agreed cannot be shown just now.")
    with st.container(horizontal=True, key=at.key("after_ways"), gap="small"):
        st.page_link(PAST, label="Past meetings", icon=":material/history:")
    found = past_meetings.just_now(meeting, actions=known, screens=shown.value)
    past.show(found, me=at.me, today=at.today, waiting=at.waiting, key=at.key("after"))
    pulse_course.show(at)
