"""One item as a card: its figure or list, what it says and does not say, and the way to share it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

import streamlit as st

from dashboard import components
from dashboard.mirror import items, sharing
from dashboard.mirror.items import Item
from services import vocabulary, weeks
from services.mirror import Mirror, Share, Snapshot


def show(
    item: Item,
    seen: Mirror,
    *,
    team: UUID,
    period: str,
    shares: list[Share],
    today: date,
    refused: str | None,
) -> None:
    """The card of one item. What is shared of it, if anything, is said in it."""
    key = key_of(item.key, team, seen.since)

    def below() -> None:
        st.caption(vocabulary.MIRROR_LIMITS[item.key])
        snapshot = Snapshot.of(item.title, period, item.words, item.table)
        sharing.show(
            item.key,
            snapshot,
            key=key,
            shares=[one for one in shares if one.item == item.key],
            today=today,
            refused=refused,
        )

    if item.figure is None:
        _list(item, seen, key=key, below=below)
        return
    components.figure_with_table(
        item.figure, item.table, item.words, key=f"my_mirror_{item.key}", filename=f"sixfold-{item.key.replace('_', '-')}-{weeks.spelt(today)}",
        below=below,
    )  # fmt: skip


def key_of(item: str, team: UUID, since: date) -> str:
    """A preview belongs to the period it was taken from: another period closes it."""
    return f"my_mirror_{item}_{team}_{since}"


def _list(item: Item, seen: Mirror, *, key: str, below: Callable[[], None]) -> None:
    with st.container(border=True, key=f"my_mirror_{item.key}_card", gap="xsmall"):
        st.header(item.title, anchor=False)
        st.markdown(components.plain(item.words))
        _said(item)
        if len(seen.strengths) > len(item.table):
            more = st.expander("Show earlier ones", key=f"{key}_more", on_change="rerun", type="compact")
            if more.open:
                with more:
                    _said(items.strengths(seen, latest=len(seen.strengths)), begin=len(item.table))
        below()


def _said(item: Item, *, begin: int = 0) -> None:
    rows = item.table.values.tolist()[begin:]
    if rows:
        st.markdown("\n".join(f"- {week}: {_one_line(text)}" for week, text in rows))


def _one_line(text: str) -> str:
    return components.plain(" ".join(text.split()))
