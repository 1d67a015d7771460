"""For a supervisor with one device only: the meeting run from the shared screen itself, by keyboard or pointer."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.meeting import pressing, screen_decision, ways, words
from services import chairing
from services.meetings import Item, Meeting
from services.vocabulary import DISCUSSION_STAGES


def show(meeting: Meeting | None) -> None:
    """One quiet row at the foot of the screen. What names people is not done here."""
    with st.container(key="screen_controls", horizontal=True, vertical_alignment="center", gap="small"):
        if meeting and meeting.state == "planned":
            st.button(
                "Begin", key="screen_begin", type="primary", icon=":material/play_arrow:", shortcut=pressing.key("N"),
                disabled=not any(one.state == "on" for one in meeting.items), on_click=pressing.pressed, args=(_begin,), kwargs={"meeting": meeting},
            )  # fmt: skip
        elif meeting and meeting.state == "running":
            _ways(meeting)
            with st.popover("Keys", type="tertiary", key="screen_keys"):
                pressing.keys_switch()
        session.form_button("Take this screen down", action="/auth/logout")
    if st.session_state.get(pressing.TROUBLE):  # its words are not for this screen
        st.caption("That could not be kept on this server. Please try again on your own device.")


def _ways(meeting: Meeting) -> None:
    item = meeting.current
    ways.moving(meeting, key="screen_{}".format, last="Done with the last one")
    if item:
        if item.is_a_case and (stage := _after(item.stage)):
            st.button(
                DISCUSSION_STAGES[stage].label, key=f"screen_stage_{item.id}_{stage}", icon=":material/arrow_forward:", shortcut=pressing.key("S"),
                on_click=pressing.pressed, args=(_stage,), kwargs={"meeting": meeting, "item": item, "stage": stage},
            )  # fmt: skip
        if st.button("Record a decision", key=f"screen_decide_{item.id}", icon=":material/gavel:", shortcut=pressing.key("D")):  # fmt: skip
            screen_decision.open_for(item)
            st.rerun()  # the form stands over the page, outside of what is drawn anew every two seconds
    ways.ending(meeting, named=words.label, key="screen_end")


def _after(stage: str) -> str | None:
    stages = list(DISCUSSION_STAGES)
    place = stages.index(stage) + 1
    return stages[place] if place < len(stages) else None


def _begin(*, meeting: Meeting) -> None:
    chairing.begin(session.outbox(), meeting=meeting)


def _stage(*, meeting: Meeting, item: Item, stage: str) -> None:
    chairing.amend_item(session.outbox(), meeting=meeting, item=item, stage=stage)
