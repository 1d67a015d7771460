"""The meeting on a therapist's own device: the agenda, and what is theirs on it."""

from __future__ import annotations

import streamlit as st

from dashboard.forms import clock
from dashboard.meeting import agenda_list
from dashboard.meeting.at import At


def show(at: At) -> None:
    if at.meeting is None:
        st.markdown("No meeting is planned. What you ask to bring on the page of a case is proposed for the next one.")  # fmt: skip
        return
    day = clock.date_words(at.meeting.held_on, now=at.today)
    st.header(f"Meeting of {day}", anchor=False)
    agenda_list.plain(at)
