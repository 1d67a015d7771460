"""One item as it is shared: the same to its author before sharing and to the supervisor after."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import components
from services import vocabulary
from services.mirror import Snapshot

PLAIN_ROWS, PLAIN_COLUMNS = 30, 4  # beyond, a table that scrolls, as below a figure


def show(snapshot: Snapshot, *, item: str, key: str) -> None:
    """Its title and period, its sentence, its table, and what it says and does not say."""
    st.markdown(f"**{components.plain(snapshot.title)}**  \n{components.plain(snapshot.period)}")
    st.markdown(components.plain(snapshot.words))
    if snapshot.rows and snapshot.columns:
        if len(snapshot.rows) <= PLAIN_ROWS and len(snapshot.columns) <= PLAIN_COLUMNS:
            cells = zip(*snapshot.rows, strict=True)
            columns = dict(
                zip(
                    _apart(snapshot.columns),
                    ([components.plain(c) for c in column] for column in cells),
                    strict=True,
                )
            )
            st.table(columns, border="horizontal")
        else:
            frame = pd.DataFrame(snapshot.rows, columns=_apart(snapshot.columns))
            st.dataframe(frame, hide_index=True, key=f"{key}_rows", alt=snapshot.words, placeholder="")
    if item in vocabulary.MIRROR_LIMITS:
        st.caption(vocabulary.MIRROR_LIMITS[item])


def _apart(columns: tuple[str, ...]) -> list[str]:
    """Names of columns without doubles: what was shared may hold any."""
    return [
        name if columns.index(name) == place else f"{name} ({place + 1})"
        for place, name in enumerate(columns)
    ]
