"""A form that stands over the page of a meeting, for the item it was opened on, whatever the meeting goes on to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st

from dashboard.forms import still
from services.meetings import Item, Meeting


# In session state, and not an open or closed box of the page: it must still be there after the page ran because something
# changed on another device, and although the item may have left the agenda: nobody is cut off in the middle of a word.
def open_for(key: str, item: Item) -> None:
    st.session_state[key] = item


def close(key: str) -> None:
    st.session_state.pop(key, None)


def show(
    key: str, meeting: Meeting | None, *, title: Callable[[Item], str], form: Callable[[Item], None], side: Literal["center", "right"] = "center"
) -> None:  # fmt: skip
    """Draw `form` over the page while it is open; the page holds still under it."""
    chosen: Item | None = st.session_state.get(key)
    if meeting is None or chosen is None:
        return
    item = meeting.find(chosen.id) or chosen

    @st.dialog(title(item), width="medium", position=side, dismissible=False)
    def over_the_page() -> None:
        form(item)
        # By a button alone: Escape would take the last words with it, which are kept when their field is left.
        if st.button("Close", key=f"{key}_{item.id}_close", type="tertiary", help="What you have written stays here."):  # fmt: skip
            close(key)
            st.rerun()

    over_the_page()
    still.hold()
