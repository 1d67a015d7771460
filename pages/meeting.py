"""Meeting: the supervision meeting of a team, from its agenda to what became of it, for whoever is there."""

import streamlit as st

from dashboard import session
from dashboard.forms import clock, look, notices
from dashboard.meeting import after, called_off, member, prepare, presenter, put_on_screen, refused, take_away
from dashboard.meeting import at as meeting

AS_SUPERVISOR = {
    "none": (prepare,),
    "planned": (prepare, take_away),
    "running": (presenter,),
    "ended": (after, take_away, prepare),
}
AS_MEMBER = (member, take_away)

look.use()
st.title("Meeting", anchor=False)
person, today = session.person(), clock.today()
team = session.team("supervisor", "therapist", key="meeting_team")

with session.errors_shown():
    at = meeting.shown(person, team, today=today)
notices.away(
    at.trouble, "What you see here is from before." if at.known else "The meeting cannot be shown just now."
)
refused.show()
if not at.known:
    st.stop()

called_off.show(at)

as_supervisor = at.leads
if at.leads and at.takes_part:
    views = {"lead": "I lead it", "member": "What is mine in it"}
    chosen = st.segmented_control(
        "View", list(views), default="lead", required=True, format_func=views.get, key="meeting_view", persist_state="session"
    )  # fmt: skip
    as_supervisor = chosen == "lead"

if as_supervisor and at.state == "planned":
    put_on_screen.show(at.meeting, key=at.key("shared"))
for part in AS_SUPERVISOR[at.state] if as_supervisor else AS_MEMBER:
    part.show(at)
