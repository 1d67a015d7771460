"""What could be on the next agenda, as a supervisor last read it, and who had a turn when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from dashboard import components, session
from dashboard.forms import clock
from dashboard.forms.last_seen import Seen
from dashboard.meeting import lasting
from dashboard.meeting.at import At
from services import agenda
from services.agenda import Candidates, Turn

NO_RANKING = "This helps you to see whose turn it may be. Only supervisors see it, and it is no ranking: some weeks have more to bring than others."


def read(at: At) -> Seen[Candidates]:
    seen = lasting.of(
        f"agenda_{at.team}", lambda: agenda.row_of_candidates(session.db(), team=at.team), owner=str(at.me)
    )
    return replace(seen, value=Candidates.from_row(seen.value, at.today) if seen.value else Candidates())


def turns(found: Sequence[Turn], *, key: str, today: date) -> None:
    """Whose cases were talked about when; for supervisors only."""
    if not found:
        return
    with st.expander("Who had a turn when", key=f"{key}_turns", type="compact"):
        st.caption(NO_RANKING)
        st.table(
            {
                "Therapist": [components.plain(one.therapist) for one in found],
                "Last turn": [clock.opening(clock.day(one.last_on, now=today)) if one.last_on else "not yet" for one in found],
                "Meetings with a turn, last 12 weeks": [str(one.turns) for one in found],
            },
            border="horizontal",
        )  # fmt: skip
