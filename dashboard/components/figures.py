"""A figure as a card: what is seen, the picture, the same in words, its table, and the table as a file."""

from collections.abc import Callable, Sequence

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard.components.text import plain
from services import spreadsheets

CONFIG = {"displayModeBar": False, "responsive": True, "doubleClick": False}
PERIODS = (4, 12, 26, 52)
# Up to here a plain table, which fits on a phone; beyond, one that scrolls and can be scrolled by keyboard.
PLAIN_ROWS, PLAIN_COLUMNS = 30, 4


def figure_with_table(
    figure: go.Figure,
    table: pd.DataFrame,
    words: str,
    *,
    key: str,
    filename: str,
    level: int = 2,
    below: Callable[[], None] | None = None,
) -> None:
    """The figure with its title as a heading of `level`, its units, its sentence, table and CSV.

    `filename` is without its ending. The table does no work while it is closed, the CSV none until it is asked for.
    `below` draws what else belongs into the card.
    """
    about = figure.layout.meta or {}
    with st.container(border=True, key=f"{key}_card", gap="xsmall"):
        if about.get("title"):
            heading = st.header if level == 2 else st.subheader
            heading(plain(about["title"]), anchor=False)
        if about.get("subtitle"):
            st.caption(plain(about["subtitle"]))
        # Streamlit colours a figure once; a key of the theme in use draws it afresh after a change of theme.
        with st.container(key=key):
            st.plotly_chart(figure, key=f"{key}_{_theme()}", alt=words, width="stretch", config=CONFIG)
        if len(table):
            st.markdown(plain(words))
            _table(table, words, key=key, filename=filename)
        if below:
            below()


def _theme() -> str:
    return st.context.theme.type or "light"


@st.fragment
def _table(table: pd.DataFrame, words: str, *, key: str, filename: str) -> None:
    with st.container(key=f"{key}_table_row", gap=None):
        shown = st.expander("The numbers as a table", key=f"{key}_table", on_change="rerun", type="compact")
        if shown.open:
            with shown:
                if len(table) <= PLAIN_ROWS and len(table.columns) <= PLAIN_COLUMNS:
                    st.table(table.astype(object).fillna("").astype(str).set_index(table.columns[0]))
                else:
                    st.dataframe(table, hide_index=True, key=f"{key}_rows", alt=words, placeholder="")
        st.download_button(
            "Download these numbers (CSV)",
            lambda: as_csv(table),
            file_name=f"{filename}.csv",
            mime="text/csv",
            key=f"{key}_csv",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )


def as_csv(table: pd.DataFrame) -> bytes:
    """The table as UTF-8 with a byte-order mark, as spreadsheets expect it.

    A text that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    safe = table.copy()
    for column in safe.columns[[not pd.api.types.is_numeric_dtype(kind) for kind in safe.dtypes]]:
        safe[column] = [spreadsheets.safe(value) for value in safe[column]]
    return safe.to_csv(index=False).encode("utf-8-sig")


def period_picker(*, key: str, default: int = 26, periods: Sequence[int] = PERIODS) -> int:
    """How many weeks to look back: 4, 12, 26 or 52, or one of `periods`."""
    return st.segmented_control(
        "Period",
        periods,
        default=default,
        required=True,
        format_func=lambda weeks: f"{weeks} weeks" if weeks <= 52 else f"{weeks // 52} years",
        key=key,
        persist_state="session",
    )
