"""The button that turns this browser into the shared screen of the meeting."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from services.meetings import Meeting

WHAT_HAPPENS = (
    "Press this on the computer of the projector. The browser there becomes the shared screen: labels instead of names, what "
    "therapists have released, and nothing else, in every tab, until the meeting has ended. To work with names on that "
    "computer again you sign in anew; on your own device nothing changes."
)


def show(meeting: Meeting, *, key: str, quiet: bool = False) -> None:
    """For supervisors, while the meeting is to come or runs. `key` is the page's own, as for a widget; `quiet`: without a frame."""
    if meeting.state == "ended":
        return
    with st.popover("Shared screen", icon=":material/tv:", type="tertiary" if quiet else "secondary", key=f"{key}_put_on_screen"):  # fmt: skip
        if meeting.screens:
            st.markdown("**It is on a shared screen now.**")
        st.markdown(WHAT_HAPPENS)
        session.form_button(
            "Put it on this screen", action="/auth/screen", team=str(meeting.team), meeting=str(meeting.id),
            led_by=str(meeting.led_by), minutes=str(meeting.minutes),
        )  # fmt: skip
