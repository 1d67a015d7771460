"""What entries said before they were changed, and what they say since: one card for each change."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.components.reflection_card import said
from dashboard.components.text import plain
from services import vocabulary
from services.own_data import ENUM_NAMES, Change
from services.own_data_tables import Column

EMPTY = "nothing"


def show(change: Change, *, when: str, key: str) -> None:
    """Which entry, when and by whom; then each thing that differs. Says so when nothing a reader can follow does."""
    with st.container(border=True, key=f"{key}_card", gap="xsmall"):
        entry = vocabulary.ENTRY_WORDS.get(change.table, change.table.replace("_", " ").capitalize())
        by = "" if change.by_me else " by somebody else in your team"
        what = "taken back" if change.now is None else "changed"
        st.markdown(f"**{entry}** · {what} {when}{by}")
        differing = change.columns()
        if not differing:
            st.caption("Nothing in its content; only that it was looked at or saved again.")
        for column in differing:
            line = f"{column.name.replace('_', ' ').capitalize()}: {plain(in_words(change, column, change.before.get(column.name)))}"
            if change.now is not None:
                line += f" → {plain(in_words(change, column, change.now.get(column.name)))}"
            st.markdown(line)


def in_words(change: Change, column: Column, value: Any) -> str:
    """A stored value as a reader knows it."""
    kind = ENUM_NAMES.get(column.type.removesuffix("[]"), column.type.removesuffix("[]"))
    if value in (None, "", [], {}):
        return EMPTY
    if isinstance(value, bool):
        return "yes" if value else "no"
    if kind in vocabulary.ENUMS:
        return ", ".join(
            vocabulary.label(kind, one) for one in (value if isinstance(value, list) else [value])
        )
    if change.table == "reflection_parts" and column.name == "content":
        return said(change.before["part"], value.get("value"))
    return str(value)
