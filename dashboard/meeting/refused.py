"""What somebody did in a meeting and the database did not accept, said where they are."""

from __future__ import annotations

import streamlit as st

from dashboard import components, session

KINDS = ("meeting.", "item.", "pulse.", "screen.")


def show() -> None:
    """One sentence for each, and the way to what can be done about it; nothing when there is none."""
    with session.errors_shown():
        found = [op for op in session.outbox().parked() if op.kind.startswith(KINDS)]
    for reason in dict.fromkeys(op.reason or "It was not accepted." for op in found):
        st.warning(components.plain(reason), icon=":material/edit_note:")
    if found:
        st.page_link("../pages/waiting.py", label="See what was not accepted", icon=":material/arrow_forward:", icon_position="right")  # fmt: skip
