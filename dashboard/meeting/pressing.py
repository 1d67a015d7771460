"""What a press of a button does while a meeting runs: once, and with a sentence where it cannot be kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard import components
from services.errors import ServiceError

#: Seconds in which a second press is the first one's echo: a key held down, a finger that trembles.
TOO_SOON = 0.6
_LAST, TROUBLE, KEYS = "meeting_pressed", "meeting_trouble", "meeting_keys"


def pressed(deed: Callable[..., Any], **how: Any) -> None:
    """For on_click: do it, unless the press before was only just now."""
    # In session state because a new run has a new button, which knows nothing of the press that brought it about.
    last, now = st.session_state.get(_LAST, 0.0), time.monotonic()
    if now - last < TOO_SOON:
        return
    st.session_state[_LAST] = now
    tried(deed, **how)


def tried(deed: Callable[..., Any], *what: Any, **how: Any) -> None:
    """Do it; what a service refuses is said by `trouble` in the run that follows."""
    st.session_state.pop(TROUBLE, None)
    try:
        deed(*what, **how)
    except ServiceError as error:
        st.session_state[TROUBLE] = str(error)


def trouble() -> None:
    """Why the last press did nothing, where it did nothing."""
    if said := st.session_state.get(TROUBLE):
        st.error(components.plain(said))


def key(letter: str) -> str | None:
    """The letter that presses a button, or None where somebody has switched the letters off (WCAG 2.1.4)."""
    return letter if st.session_state.get(KEYS, True) else None


def keys_switch() -> None:
    st.toggle("Letters press buttons", value=True, key=KEYS, persist_state="session", help="P previous, N next, T clock, S stage, D decision. Never while you type.")  # fmt: skip
