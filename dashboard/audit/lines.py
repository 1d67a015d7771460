"""Lines of the log, a page at a time."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import components, session
from dashboard.forms import clock
from services import audit
from services.audit import Asked, Entry, Page

CAPTION = "Rows are named by the end of their id. The log says that something was done, never what it said."


def show(asked: Asked, *, key: str) -> Page:
    """The page of lines that is asked for, with the way to older and newer ones."""
    # Where each page before this one ended, so that "Newer" finds the way back. In session state because the next run
    # must know it; another filter begins at the newest line again.
    state = f"{key}_read"
    read = st.session_state.get(state)
    if read is None or read[0] != asked:
        read = st.session_state[state] = (asked, [])
    ends: list[Entry] = read[1]
    with session.errors_shown():
        page = audit.page(session.db(), asked, after=ends[-1] if ends else None)
    if not page.entries:
        components.empty_state(
            "Nothing in the log for this", "Choose other days, or ask for more than these filters leave.", key=key
        )  # fmt: skip
    else:
        table = as_table(page.entries)
        if asked.place == "own":  # all of it is about the reader
            table = table.drop(columns="About")
        st.table(table.set_index("When"))
        st.caption(CAPTION)
    with st.container(horizontal=True, gap="small", key=f"{key}_pages"):
        if ends:
            st.button("Newer", key=f"{key}_newer", icon=":material/arrow_back:", on_click=ends.pop)
        if page.more:
            st.button(
                "Older",
                key=f"{key}_older",
                icon=":material/arrow_forward:",
                icon_position="right",
                on_click=ends.append,
                args=(page.entries[-1],),
            )
    return page


def as_table(entries: tuple[Entry, ...]) -> pd.DataFrame:
    """When, Who, What, About: text in each cell, as st.table shows markdown."""
    return pd.DataFrame(
        [
            [clock.stamp(one.at), components.plain(one.actor), components.plain(what(one)), components.plain(one.about or "–")]
            for one in entries
        ],
        columns=["When", "Who", "What", "About"],
    )  # fmt: skip


def what(one: Entry) -> str:
    """ "Added: Session of C-0387 (…3f2a9c)" """
    of = f" of {one.code}" if one.code and one.kind != "cases" else f" {one.code}" if one.code else ""
    return f"{one.did}: {one.what}{of} ({one.short})"
