"""A form that is folded away: nothing of it runs before it is opened, and what happens in it runs nothing else of the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st


def away(label: str, form: Callable[[], None], *, key: str, **look: Any) -> None:
    """An expander with this form in it. `look`: what else st.expander takes, an icon say."""
    opened = st.expander(label, key=key, on_change="rerun", **look)
    if opened.open:
        with opened:
            st.fragment(form)()
