"""The course of the case: everything with a date on one axis, the same in words and as a table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from dashboard import charts, components, session
from dashboard.case.at import At
from dashboard.forms import last_seen
from services import timeline

MONTHS = {"Whole time": None, "Last 12 months": 52, "Last 6 months": 26, "Last 3 months": 13}


def read(at: At) -> tuple[pd.DataFrame, Mapping[str, str]]:
    """All that happened with what waits, and the names of measures by their short ones; says where it cannot be read."""
    seen = last_seen.of(
        at.key("timeline"),
        lambda: timeline.of(session.db(), therapist=at.therapist, case=at.case.id),
        otherwise=timeline.NONE,
    )
    if seen.trouble and not seen.known:
        st.caption("The course of this case cannot be shown just now.")
    names = last_seen.of("measure_names", lambda: timeline.measure_names(session.db()), otherwise={}).value
    return timeline.with_waiting(seen.value, at.waiting, case=at.case.id), names


def show(at: At) -> None:
    frame, names = read(at)
    components.figure_with_table(
        charts.case_course(frame, today=at.today, since=_since(at, frame), measures=names),
        charts.case_course_table(frame, measures=names),
        charts.case_course_in_words(frame, today=at.today, measures=names),
        key=at.key("course"),
        filename=f"sixfold-{at.case.code}-course",
    )


def _since(at: At, frame: pd.DataFrame) -> date | None:
    """How far back the picture goes; asked only where the whole of it is too long for a phone."""
    if frame.empty or (at.today - frame["day"].min()).days <= 366:
        return None
    shown = st.segmented_control(
        "Time shown", list(MONTHS), default="Whole time", required=True, key=at.key("course_time"), persist_state="session"
    )  # fmt: skip
    return at.today - timedelta(weeks=MONTHS[shown]) if MONTHS[shown] else None
