"""What was agreed last time: is it done, and did it help? Recorded at once, before the meeting or in it."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from dashboard import session
from dashboard.forms import action_card, last_seen
from dashboard.meeting.at import At
from services import actions, agenda

FIRST = 12


def opened(at: At, *, key: str) -> None:
    """The same behind a heading that opens it."""
    box = st.expander("Last time’s actions", key=f"{key}_follow_ups", on_change="rerun", type="compact", icon=":material/checklist:")  # fmt: skip
    if box.open:
        with box:
            show(at, key=key)


def show(at: At, *, key: str) -> None:
    """A card for each action that is open, or of which nobody has said yet whether it helped. For supervisors of the team."""
    # In session state so that a card stays while this page is open, once it has been answered.
    seen_before = f"{key}_follow_ups_seen"
    shown: list[UUID] = st.session_state.get(seen_before, [])
    with session.errors_shown():
        seen = last_seen.of(
            at.key("follow_ups"), lambda: agenda.follow_ups(session.db(), team=at.team, today=at.today, also=shown[:100]), otherwise=[],
        )  # fmt: skip
    found = actions.as_they_will_be(seen.value, at.waiting, team=at.team, me=at.me, today=at.today)
    st.session_state[seen_before] = list(dict.fromkeys([*shown, *(one.id for one in found)]))
    if seen.trouble:
        st.caption("These are from before." if seen.known else "Last time’s actions cannot be looked up just now.")  # fmt: skip
    elif not found:
        st.markdown("Nothing is open from last time.")
    with st.container(gap="small", key=f"{key}_follow_ups_list"):
        for one in found[:FIRST]:
            action_card.show(one, me=at.me, today=at.today, waiting=at.waiting, key=f"{key}_follow", change=True)  # fmt: skip
    if len(found) > FIRST:
        st.caption(f"{len(found) - FIRST} more are on Home.")
