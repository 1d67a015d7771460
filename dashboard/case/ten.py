"""A number from 0 to 10, as a row that is tapped once, with what its ends mean below."""

from __future__ import annotations

from typing import Any

import streamlit as st

SCALE = tuple(range(11))


def ask(question: str, *, ends: tuple[str, str], help: str | None = None, **field: Any) -> int | None:
    """The answer, or None while it is open."""
    with st.container(key=f"{field['key']}_rating", gap="xxsmall"):
        answer = st.segmented_control(question, SCALE, help=help, wrap=True, **field)
        st.caption(f"**0** {ends[0]} · **10** {ends[1]}")
    return answer
