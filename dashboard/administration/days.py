"""From which day a role holds, and until when."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from dashboard.forms import clock

UNTIL = "First day without the role"
UNTIL_HELP = "Leave it empty for a role without an end. The day before is the last one on which it holds."


def pick(key: str, *, today: date) -> tuple[date, date | None]:
    """Two days to choose; the second may stay open."""
    with st.container(horizontal=True):
        starts = st.date_input("From", today, key=f"{key}_starts", format="DD/MM/YYYY", width=180)
        ends = st.date_input(
            UNTIL, None, key=f"{key}_ends", format="DD/MM/YYYY", help=UNTIL_HELP, width=220, min_value=starts
        )
    return starts, ends


def in_words(starts: date, ends: date | None, *, today: date) -> str:
    """ "since 3 March 2025", "from 1 December", "since 3 March 2025, last day 31 May" """
    begin = f"{'from' if starts > today else 'since'} {clock.date_words(starts, now=today)}"
    return begin + (f", last day {clock.date_words(ends - timedelta(days=1), now=today)}" if ends else "")
