"""A page that holds still: while a drawer is open over it, what changed elsewhere waits until the drawer is closed.

Streamlit makes a dialog anew whenever its page runs, and the caret of whoever types in it would be gone.
"""

from __future__ import annotations

import streamlit as st

_HELD = "page_held_still"  # in session state, as fragments that run by themselves know nothing of the run that drew them


def hold() -> None:
    """Called in a run that draws a drawer: until the next run of the page nothing runs it by itself."""
    st.session_state[_HELD] = True


def release() -> None:
    """Called at the beginning of every run of a page."""
    st.session_state.pop(_HELD, None)


def run_again() -> None:
    """Run the page again because there is more to show; not while it is held."""
    if not st.session_state.get(_HELD):
        st.rerun()
