"""The agenda as a plain list, for whoever reads it."""

from __future__ import annotations

import streamlit as st

from dashboard import components
from dashboard.meeting import words
from dashboard.meeting.at import At
from services import vocabulary


def plain(at: At) -> None:
    """One line an item: what it is, its minutes and how it stands. An item that the reader may resolve is called by its code."""
    meeting = at.meeting
    if meeting is None or not meeting.items:
        st.markdown("Nothing is on the agenda.")
        return
    lines = []
    for item in meeting.items:
        now = " · **now**" if item.id == meeting.item and meeting.state == "running" else ""
        stands = "" if item.state == "on" else f" · {vocabulary.label('agenda_state', item.state).lower()}"
        lines.append(f"1. {components.plain(words.title(item))} · {words.minutes(item.minutes)}{stands}{now}")
    st.markdown("\n".join(lines))
