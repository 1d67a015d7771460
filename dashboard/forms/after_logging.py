"""What comes after an episode is saved: how far it has come, and one tap that opens a rupture from it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import streamlit as st

from dashboard import session
from dashboard.case import at
from dashboard.forms import asking, bring_this, clock, notices
from dashboard.forms.bring_this import Origin
from dashboard.forms.episode_form import NAME, Logged
from services import ruptures, vocabulary
from services.outbox import Operation, Outbox

# What was logged last, in session state so that a second click finds it done. It is shown until another form is asked
# for or the page is left: Streamlit forgets the key of a button that is not drawn.
LAST, NOT_SHOWN, ANOTHER = f"{NAME}_last", f"{NAME}_not_shown", f"{NAME}_another"
OPEN = f"{NAME}_open_rupture"


def remember(logged: Logged) -> Logged:
    st.session_state[LAST], st.session_state[NOT_SHOWN] = logged, True
    return logged


def just_logged() -> Logged | None:
    """The episode that this page has saved a moment ago."""
    return (
        st.session_state.get(LAST) if st.session_state.get(NOT_SHOWN) or ANOTHER in st.session_state else None
    )


def show(logged: Logged, *, team: UUID, today: date) -> None:
    """The episode in a few words, the way to a rupture, and the ways on."""
    st.header("Your episode is saved", anchor=False)
    kind = vocabulary.EPISODE_KINDS[logged.kind].label
    st.markdown(f"**{kind}** with **{logged.code}**, {clock.day(logged.happened_on, now=today)}.")
    notices.how_far(logged.op_id, key=NAME)
    _rupture(logged, team=team, today=today)
    origin = Origin(team, {UUID(logged.case): logged.code}, episode=UUID(logged.episode))
    bring_this.offer(origin, today=today, prefix=f"{NAME}_bring_{logged.episode}")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button("Log another episode", key=ANOTHER, icon=":material/add:"):
            st.session_state.pop(LAST, None)
            st.rerun()  # the whole page: a new case is in the list by now
        at.button(UUID(logged.case), logged.code, team=team, key=f"{NAME}_case_page")
        st.page_link("../pages/home.py", label="Back to Home", icon=":material/home:")
    st.session_state[NOT_SHOWN] = False


def _rupture(logged: Logged, *, team: UUID, today: date) -> None:
    with notices.refusal() as refusal:
        if asking.clicked(OPEN):
            kind = st.session_state[f"{NAME}_rupture_kind"]
            open_rupture(session.outbox(), logged, team=team, kind=kind, today=today)
    with st.container(border=True, key=f"{NAME}_rupture_card"):
        if session.outbox().find(logged.rupture_op):
            st.subheader("A rupture is open", anchor=False)
            notices.how_far(logged.rupture_op, key=f"{NAME}_rupture")
            st.page_link(
                "../pages/ruptures.py", label="See it among the ruptures", icon=":material/arrow_forward:"
            )
            return
        st.subheader("Did something strain between you?", anchor=False)
        st.caption("A rupture stays in view until it is repaired. Its age runs from the day of this episode.")
        kinds = vocabulary.RUPTURE_KINDS
        st.segmented_control(
            "Kind of rupture", list(kinds), default=looks_like(logged), required=True,
            format_func=lambda key: kinds[key].label, key=f"{NAME}_rupture_kind",
        )  # fmt: skip
        st.button("Open a rupture from it", key=OPEN, icon=":material/handshake:")
        if refusal.sentence:
            st.error(refusal.sentence)


def looks_like(logged: Logged) -> str:
    """The kind of rupture that the episode suggests."""
    seen = {logged.kind, *logged.markers}
    if {"withdrawal", "confrontation"} <= seen:
        return "mixed"
    return "confrontation" if "confrontation" in seen else "withdrawal"


def open_rupture(outbox: Outbox, logged: Logged, *, team: UUID, kind: str, today: date) -> Operation:
    """Open a rupture from the episode, from the day it happened."""
    return ruptures.open(
        outbox, team=team, case=UUID(logged.case), kind=kind, noticed_on=logged.happened_on, today=today,
        episode=UUID(logged.episode), entity=logged.rupture, op_id=logged.rupture_op,
    )  # fmt: skip
