"""For a supervisor with one device only: the meeting run from the shared screen itself, by keyboard or pointer."""

from __future__ import annotations

import streamlit as st

from dashboard import components, session
from dashboard.meeting import pressing, screen_decision, words
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
    mark = item.id if item else "none"
    before, after = meeting.next_item(-1), following(meeting)
    # Keys hold the item, so that a press on what was there before never does anything to what is there now.
    st.button(
        "Previous", key=f"screen_previous_{mark}", icon=":material/chevron_left:", disabled=before is None, shortcut=pressing.key("P"),
        on_click=pressing.pressed, args=(_go,), kwargs={"meeting": meeting, "to": before},
    )  # fmt: skip
    st.button(
        "Next" if after or item is None else "Done with the last one", key=f"screen_next_{mark}", icon=":material/chevron_right:",
        disabled=after is None and item is None, shortcut=pressing.key("N"),
        on_click=pressing.pressed, args=(_go,), kwargs={"meeting": meeting, "to": after, "left": "done" if item else None},
    )  # fmt: skip
    if item:
        runs = meeting.clock_since is not None
        st.button(
            "Stop the clock" if runs else "Start the clock", key=f"screen_clock_{mark}_{runs}", shortcut=pressing.key("T"),
            icon=":material/pause:" if runs else ":material/play_arrow:", on_click=pressing.pressed, args=(_clock,), kwargs={"meeting": meeting, "running": not runs},
        )  # fmt: skip
        if item.is_a_case and (stage := _after(item.stage)):
            st.button(
                DISCUSSION_STAGES[stage].label, key=f"screen_stage_{mark}_{stage}", icon=":material/arrow_forward:", shortcut=pressing.key("S"),
                on_click=pressing.pressed, args=(_stage,), kwargs={"meeting": meeting, "item": item, "stage": stage},
            )  # fmt: skip
        if st.button("Record a decision", key=f"screen_decide_{mark}", icon=":material/gavel:", shortcut=pressing.key("D")):  # fmt: skip
            screen_decision.open_for(item)
            st.rerun()  # the form stands over the page, outside of what is drawn anew every two seconds
    still = [words.label(one) for one in meeting.items if one.state == "on" and one.id != meeting.item]
    said = f"Carried over to next time: {'; '.join(still)}." if still else "Everything on the agenda has been talked about."  # fmt: skip
    components.sure("End the meeting", said, "End it now", key="screen_end", on_click=pressing.tried, args=(_end, meeting))  # fmt: skip


def following(meeting: Meeting) -> Item | None:
    """Where "Next" leads; with nothing being talked about, to the first that is still to come."""
    if meeting.current:
        return meeting.next_item()
    return next((one for one in meeting.items if one.state == "on"), None)


def _after(stage: str) -> str | None:
    stages = list(DISCUSSION_STAGES)
    place = stages.index(stage) + 1
    return stages[place] if place < len(stages) else None


def _begin(*, meeting: Meeting) -> None:
    chairing.begin(session.outbox(), meeting=meeting)


def _go(*, meeting: Meeting, to: Item | None, left: str | None = None) -> None:
    chairing.go(session.outbox(), meeting=meeting, to=to, left=left)


def _clock(*, meeting: Meeting, running: bool) -> None:
    chairing.clock(session.outbox(), meeting=meeting, running=running)


def _stage(*, meeting: Meeting, item: Item, stage: str) -> None:
    chairing.amend_item(session.outbox(), meeting=meeting, item=item, stage=stage)


def _end(meeting: Meeting) -> None:
    chairing.end(session.outbox(), meeting=meeting, left="done" if meeting.current else None)
