"""The end of a form of administration: a button that writes at once, and what was refused beside it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import components, session
from dashboard.forms import notices


def button(
    label: str, write: Callable[[], None], *, key: str, form: str, done: str, opened: str = ""
) -> None:
    """Write when it is pressed; then say so, empty the form (its widgets' keys begin with `form`) and close `opened`.

    What is refused is said here, and what was typed stays.
    """
    with notices.refusal() as refusal:
        if st.button(label, key=key, type="primary"):
            write()
            st.toast(components.plain(done), icon=":material/check:")
            for name in [n for n in st.session_state if str(n).startswith(f"{form}_") or n == opened]:
                del st.session_state[name]  # fields of what is saved now; nothing of ours is kept in them
            session.ask_again()
            st.rerun()
    if refusal.sentence:
        st.error(components.plain(refusal.sentence))
