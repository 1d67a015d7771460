"""The pulse over time, for everybody of the team: from five answers on, and from the day after a meeting."""

from __future__ import annotations

import streamlit as st

from dashboard import charts, components, session
from dashboard.forms import last_seen
from dashboard.meeting.at import At
from services import own_items

NOT_A_GRADE = "It says how safe it felt to those who answered that day. It is nobody’s grade."


def show(at: At, *, level: int = 2) -> None:
    """Nothing while there is no meeting with five answers. `level` is that of its heading, 2 or 3."""
    pulses = last_seen.of(f"pulses_{at.team}", lambda: own_items.pulses(session.db(), team=at.team), otherwise=[]).value  # fmt: skip
    if not pulses:
        return
    components.figure_with_table(
        charts.pulse_over_time(pulses), charts.pulse_over_time_table(pulses), charts.pulse_over_time_in_words(pulses),
        key=at.key("pulse_course"), filename="sixfold-pulse", level=level, below=lambda: st.caption(NOT_A_GRADE),
    )  # fmt: skip
