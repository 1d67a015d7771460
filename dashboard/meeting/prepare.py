"""Preparing a meeting: the proposal as a draft, and the agenda once it is planned."""

from __future__ import annotations

import streamlit as st

from dashboard.forms import clock
from dashboard.meeting import agenda_list
from dashboard.meeting.at import At


def show(at: At) -> None:
    if at.meeting is None or at.state == "ended":
        st.header("The next meeting", anchor=False)
        st.markdown("Nothing is planned yet.")
        return
    st.header(f"Planned for {clock.date_words(at.meeting.held_on, now=at.today)}", anchor=False)
    agenda_list.plain(at)
