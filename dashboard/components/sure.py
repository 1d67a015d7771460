"""A step that cannot be undone, asked about once more."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.components.text import plain


def sure(
    label: str, sentence: str, do: str, *, key: str, on_click: Callable[..., None] | None = None, args: tuple[Any, ...] = ()
) -> bool:  # fmt: skip
    """`label` opens the question: `sentence` says what is gone afterwards, `do` does it. True in the run of that click."""
    with st.popover(label, key=f"{key}_ask", type="tertiary"):
        st.markdown(plain(sentence))
        return st.button(do, key=key, on_click=on_click, args=args)
