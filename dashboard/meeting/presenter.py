"""The running meeting on the supervisor's own device."""

from __future__ import annotations

import streamlit as st

from dashboard.meeting import agenda_list
from dashboard.meeting.at import At


def show(at: At) -> None:
    st.header("The meeting runs", anchor=False)
    agenda_list.plain(at)
