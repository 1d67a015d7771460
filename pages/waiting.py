"""Waiting and parked: what is saved here and not in the database yet, what needs its author, and what was begun."""

import streamlit as st

from dashboard import components, session
from dashboard.forms import begun, clock, look, needs_you
from services import lanes, vocabulary

LOOK_AGAIN = 2.0  # seconds

look.use()
st.title("Waiting and parked")
st.caption("Whatever you save is kept on this server first, encrypted, and sent to the database by itself.")


@st.fragment(run_every=LOOK_AGAIN)
def on_its_way() -> None:
    """Looks again by itself: entries leave this list as the database takes them."""
    with session.errors_shown():
        here = session.outbox()
        waiting, health = here.waiting(), lanes.health(session.vault(), owner=here.owner)
    if not waiting:
        st.success("Everything you saved is in the database.", icon=":material/cloud_done:")
        return
    if health.sign_in_needed:
        st.warning(
            "Your entries wait until you sign in again on this server. Nothing is lost.",
            icon=":material/key:",
        )
    elif health.trouble:
        since = f" (since {clock.moment(health.since)})" if health.since else ""
        st.warning(components.plain(health.trouble + since), icon=":material/cloud_off:")
    st.table(
        {
            "Entry": [vocabulary.OPERATION_KINDS[op.kind].label for op in waiting],
            "Saved here": [clock.moment(op.accepted) for op in waiting],
            "How far": [
                "waits for the one before it" if op.behind else vocabulary.OPERATION_STATES[op.state].label
                for op in waiting
            ],
        }
    )


st.header("On its way", anchor=False)
on_its_way()

needs_you.show(key="waiting_needs")

st.header("Begun and not finished", anchor=False)
begun.show(key="waiting_begun")
