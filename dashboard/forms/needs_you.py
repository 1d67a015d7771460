"""Entries that the database did not accept: why, and their author's choice of what becomes of each."""

from __future__ import annotations

import streamlit as st

from dashboard import components, session
from dashboard.forms import clock, notices
from services import cases, vocabulary
from services.outbox import Operation

# Where an entry can be changed: its page loads it again. Anything else is sent again as it is, or let go.
PAGES = {"reflection.hand_in": "../pages/weekly_reflection.py"}


def show(*, key: str) -> None:
    """One card per entry, nothing when there is none."""
    with session.errors_shown():
        parked = session.outbox().parked()
    if not parked:
        return
    st.subheader("Entries that need you", anchor=False)
    st.caption(
        "The database did not accept these. Nothing is lost: change them, send them again, or let them go."
    )
    for op in parked:
        _card(op, key=f"{key}_{op.op_id}")


def _card(op: Operation, *, key: str) -> None:
    with st.container(border=True, key=f"{key}_card", gap="small"):
        word = vocabulary.OPERATION_KINDS.get(op.kind)
        st.markdown(
            f"**{word.label if word else op.kind}**, saved {clock.moment(op.accepted)}  \n{components.plain(op.reason or '')}"
        )
        _what_it_says(op)
        code = None
        if op.kind == "case.open":
            code = st.text_input("Another code", value=op.params["code"], key=f"{key}_code")
        with st.container(horizontal=True, gap="small"):
            if op.kind in PAGES:
                query = {"week": op.params["week"]}
                st.page_link(PAGES[op.kind], label="Change it", icon=":material/edit:", query_params=query)
            elif st.button("Send it again", key=f"{key}_again"):
                with notices.refusal() as refusal:
                    changed = op.params | {"code": cases.checked_code(code)} if code is not None else None
                    session.outbox().retry(op.op_id, changed)
                    st.rerun()
                st.error(refusal.sentence)
            if st.button(
                "Let it go", key=f"{key}_discard", type="tertiary", help="It and its text are deleted."
            ):
                with notices.refusal():
                    session.outbox().discard(op.op_id)
                st.rerun()


def _what_it_says(op: Operation) -> None:
    """The words in it, so that letting it go is a choice with open eyes."""
    said = [op.params["note"]["body"]] if op.params.get("note") else []
    said += [
        str(part["value"]) for part in op.params.get("parts", {}).values() if isinstance(part["value"], str)
    ]  # fmt: skip
    if said:
        with st.expander("What you wrote", type="compact"):
            for words in said:
                st.markdown(components.plain(words))
