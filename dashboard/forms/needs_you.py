"""Entries that the database did not accept: why, and their author's choice of what becomes of each."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import components, session
from dashboard.forms import clock, notices, parked_editor
from services import parked, vocabulary
from services.outbox import Operation
from services.parked import Ask, Standing

# Kinds that have a page of their own on which to change what was refused. Anything else is changed in its card.
PAGES = {"reflection.hand_in": "../pages/weekly_reflection.py"}


def show(*, key: str) -> None:
    """One card per entry, nothing when there is none."""
    with session.errors_shown():
        found = session.outbox().parked()
    if not found:
        return
    st.subheader("Entries that need you", anchor=False)
    st.caption(
        "The database did not accept these. Nothing is lost: change them, send them again, or let them go."
    )
    for op in found:
        _card(op, key=f"{key}_{op.op_id}")


def _card(op: Operation, *, key: str) -> None:
    asks = parked.asks(op)
    with st.container(border=True, key=f"{key}_card", gap="small"):
        word = vocabulary.OPERATION_KINDS.get(op.kind)
        st.markdown(
            f"**{word.label if word else op.kind}**, saved {clock.moment(op.accepted)}  \n{components.plain(op.reason or '')}"
        )
        stands, twice = None, parked.changed_elsewhere(op)
        if twice:
            stands = _both(op, asks)
        else:
            _what_it_says(op, asks)
        if op.kind not in PAGES:
            _change(op, asks, key=key, stands=stands)
        with st.container(horizontal=True, gap="small"):
            if op.kind in PAGES:
                query = {"week": op.params["week"]}
                st.page_link(PAGES[op.kind], label="Change it", icon=":material/edit:", query_params=query)
            elif twice:
                _take_its_place(op, stands, key=key)
            elif not parked_editor.begun(session.vault(), op):  # or what was begun would be left behind
                _send_again(op, key=key)
            _let_it_go(op, key=key, label="Keep what stands" if twice else "Let it go")


def _change(op: Operation, asks: Sequence[Ask], *, key: str, stands: Standing | None) -> None:
    """What can be wrong in it, to be set right. Of two versions, only while the other one can be seen."""
    if not asks or (parked.changed_elsewhere(op) and stands is None):
        return
    begun = parked_editor.begun(session.vault(), op)
    opened = st.expander("Change it", key=f"{key}_change", expanded=begun, on_change="rerun", type="compact")
    if opened.open:
        with opened:
            parked_editor.show(op, asks, key=key, stands=stands)


def _send_again(op: Operation, *, key: str) -> None:
    if st.button("Send it again", key=f"{key}_again"):
        with notices.refusal() as refusal:
            session.outbox().retry(op.op_id)
            st.rerun()
        st.error(refusal.sentence)


def _take_its_place(op: Operation, stands: Standing | None, *, key: str) -> None:
    if stands and st.button("Send mine in its place", key=f"{key}_again"):
        with notices.refusal() as refusal:
            session.outbox().retry(op.op_id, parked.in_its_place(op, stands))
            st.rerun()
        st.error(refusal.sentence)


def _let_it_go(op: Operation, *, key: str, label: str) -> None:
    sentence = "What you wrote in it is deleted for good."
    if components.sure(label, sentence, "Delete it", key=f"{key}_discard"):
        with notices.refusal():
            parked_editor.let_go(session.vault(), session.outbox(), op)
        st.rerun()


def _both(op: Operation, asks: Sequence[Ask]) -> Standing | None:
    """What stands and what was refused, side by side where they differ."""
    with notices.refusal() as refusal:
        stands = parked.standing(session.db(), op, owner=session.outbox().owner)
        if stands is None:
            st.caption("What stood there is no longer there, or no longer yours.")
            return None
        there, mine = parked.said(stands.params, asks), parked.said(op.params, asks)
        differ = [ask.label for ask in asks if there.get(ask.label) != mine.get(ask.label)]
        if differ:
            st.table(
                {
                    "": differ,
                    "What stands": [there.get(label, "") for label in differ],
                    "Yours, not sent": [mine.get(label, "") for label in differ],
                },
                border="horizontal",
            )
        else:
            st.caption("Both say the same.")
        return stands
    st.caption(f"What stands cannot be shown just now. {components.plain(refusal.sentence or '')}")
    return None


def _what_it_says(op: Operation, asks: Sequence[Ask]) -> None:
    """The words in it, so that letting it go is a choice with open eyes."""
    said = parked.said(op.params, asks)
    said |= {
        vocabulary.REFLECTION_PARTS[name].label: str(part["value"])
        for name, part in op.params.get("parts", {}).items()
        if isinstance(part["value"], str) and name in vocabulary.REFLECTION_PARTS
    }
    if said:
        with st.expander("What you wrote", type="compact"):
            for label, words in said.items():
                st.markdown(f"**{components.plain(label)}:** {components.plain(words)}")
