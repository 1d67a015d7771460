"""Reflections: who has handed in, and what they chose to share with their supervisor."""

import streamlit as st

from dashboard import components, session
from dashboard.components import reflection_card
from dashboard.forms import clock
from dashboard.mirror import with_supervisor
from services import reflections, weeks

TODAY = clock.today()
LOOK_BACK = 8

st.title("Reflections")
st.caption(
    "You see who has handed in, the six ratings, and the parts each person chose to share. Everything else stays with its author."
)

team = session.team("supervisor", key="shared_reflections_team")
week = st.selectbox(
    "Week", weeks.last(LOOK_BACK, until=TODAY)[::-1], index=1, format_func=components.week_words, key="shared_reflections_week",
)  # fmt: skip

with session.errors_shown():
    found = reflections.handed_in(session.db(), team=team.team, since=week, until=week)

if not found:
    components.empty_state(
        "Nothing handed in for this week yet", "Reflections appear here once they are handed in. Late ones can still come.",
        key="shared_reflections",
    )  # fmt: skip

for reflection in found:
    reflection_card.show(reflection, key=f"shared_reflections_{reflection.id}")
    if not reflection.read_at and st.button(
        "Mark as read", key=f"shared_reflections_{reflection.id}_read", help="From then on it stands as it is; its author is told.",
    ):  # fmt: skip
        with session.errors_shown():
            reflections.mark_read(
                session.outbox(), therapist=reflection.therapist_id, reflection=reflection.id
            )
        st.toast("Marked as read.", icon=":material/done_all:")

with_supervisor.show(team.team, today=TODAY)
