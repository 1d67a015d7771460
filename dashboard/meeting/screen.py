"""The shared screen: one meeting in labels, readable from the other end of a room, drawn anew every two seconds."""

from __future__ import annotations

import streamlit as st

from dashboard.meeting import screen_at

BANNER = "Shared screen: labels instead of names"
LOOK_AGAIN = 2.0  # seconds


def show() -> None:
    st.caption(BANNER)
    live()


@st.fragment(run_every=LOOK_AGAIN)
def live() -> None:
    seen = screen_at.read()
    st.title("Meeting" if seen.meeting else "The meeting has ended", anchor=False)
