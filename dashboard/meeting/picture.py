"""The course of a case beside a discussion: low enough for one screen, and the same in words and as a table where it is opened."""

from __future__ import annotations

import streamlit as st

from dashboard import charts, components
from dashboard.case import timeline
from dashboard.case.at import At
from dashboard.components.figures import CONFIG

LANES = (
    "session",
    "episode",
    "rupture",
    "closed",
    "repair",
    "score",
)  # work and plan are on the page of the case


def show(case: At, *, key: str) -> None:
    whole, names = timeline.read(case)
    frame = whole[whole["lane"].isin(LANES)]
    figure = charts.case_course(frame, today=case.today, measures=names, low=True)
    said = charts.case_course_in_words(frame, today=case.today, measures=names)
    with st.container(key=f"{key}_figure"):
        st.plotly_chart(figure, key=f"{key}_{st.context.theme.type or 'light'}", alt=said, width="stretch", config=CONFIG)  # fmt: skip
    opened = st.expander("The same in words and numbers", key=f"{key}_words", on_change="rerun", type="compact")  # fmt: skip
    if opened.open:
        with opened:
            st.markdown(components.plain(said))
            table = charts.case_course_table(frame, measures=names)
            if len(table):
                st.dataframe(table, hide_index=True, key=f"{key}_table", alt=said, placeholder="")
