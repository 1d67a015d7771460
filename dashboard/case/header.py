"""The head of the case page: since when, how sensitive to control, and what is open."""

from __future__ import annotations

import streamlit as st

from dashboard.case.at import At
from dashboard.forms import clock
from services import vocabulary


def show(at: At) -> None:
    case = at.case
    said = [
        f"week {case.weeks(at.today)} in therapy",
        f"{case.sessions_attended} sessions attended",
        "sensitivity to control: "
        + (
            "not stated"
            if case.control_sensitivity is None
            else vocabulary.CONTROL_SENSITIVITIES[case.control_sensitivity]
        ),
    ]
    if case.state != "active":
        said.insert(0, vocabulary.label("case_state", case.state).lower())
    st.markdown(clock.opening(" · ".join(said)))
    open_now = []
    if case.open_ruptures:
        open_now.append(f"{case.open_ruptures} open rupture{'s' if case.open_ruptures > 1 else ''}")
    if case.open_questions:
        open_now.append(
            f"{case.open_questions} question{'s' if case.open_questions > 1 else ''} for supervision"
        )
    if case.next_review_on:
        due = case.next_review_on <= at.today
        open_now.append(
            f"plan review {'due since' if due else 'on'} {clock.date_words(case.next_review_on, now=at.today)}"
        )
    st.caption("Open: " + (", ".join(open_now) if open_now else "nothing on record"))
