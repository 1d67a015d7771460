"""A page that holds still: while a drawer is open over it, what changed elsewhere waits until the drawer is closed.

Streamlit makes a dialog anew whenever its page runs, and the caret of whoever types in it would be gone.
"""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

# In session state, as fragments that run by themselves know nothing of the run that drew them.
_HELD, _BEGAN = "page_held_still", "page_run_began"


def hold() -> None:
    """Called in a run that draws a drawer: until the next run of the page nothing runs it by itself."""
    st.session_state[_HELD] = True


def begin() -> None:
    """Called at the beginning of every run of a page."""
    st.session_state.pop(_HELD, None)
    st.session_state[_BEGAN] = datetime.now(UTC)


def may_have_missed(moment: datetime | None) -> bool:
    """Whether this happened since the last run of the page began: what it had read by then may be of before."""
    began = st.session_state.get(_BEGAN)
    return moment is not None and began is not None and moment >= began


def run_again() -> None:
    """Run the page again because there is more to show; not while it is held."""
    if not st.session_state.get(_HELD):
        st.rerun()
