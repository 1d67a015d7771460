"""After a meeting, for its supervisors."""

from __future__ import annotations

import streamlit as st

from dashboard.meeting import agenda_list
from dashboard.meeting.at import At


def show(at: At) -> None:
    st.header("The meeting has ended", anchor=False)
    agenda_list.plain(at)
