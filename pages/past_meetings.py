"""Past meetings: what was decided and agreed in each, and what became of it."""

import streamlit as st

from dashboard import components, session
from dashboard.forms import clock, look
from dashboard.meeting import past, pulse_course, take_away
from dashboard.meeting.at import At
from services import past_meetings

look.use()
st.title("Past meetings", anchor=False)
person, today = session.person(), clock.today()
member = session.team("supervisor", key="past_meetings_team")
team = member.team

with session.errors_shown():
    held = past_meetings.held(session.db(), team=team)
st.page_link("../pages/meeting.py", label="Meeting", icon=":material/groups:")
if not held:
    components.empty_state(
        "No meeting has ended yet", "Once one has, what was decided and agreed in it stays here.", key="past_meetings"
    )  # fmt: skip
    st.stop()

names = components.told_apart({one.id: clock.date_words(one.held_on, now=today) for one in held})
chosen = st.selectbox("Meeting of", [one.id for one in held], format_func=names.get, key="past_meetings_which", width=320)  # fmt: skip
connect, meeting = session.db_on_click(), next(one for one in held if one.id == chosen)
with session.errors_shown():
    found = past_meetings.of(session.db(), meeting=meeting)
past.show(found, me=person.id, today=today, waiting=session.outbox().waiting(), key=f"past_meetings_{chosen}")
st.download_button(
    "On paper, with names (PDF)", lambda: take_away.of_past(connect(), meeting, team_name=member.team_name, today=today), key="past_meetings_pack",
    file_name=f"sixfold-meeting-{meeting.held_on.isoformat()}-names.pdf", mime=take_away.PDF, on_click="ignore", icon=take_away.ICON,
)  # fmt: skip
st.caption("For supervisors; that you took it is noted in the log of the team.")
pulse_course.show(At(team, member.team_name, person.id, today, leads=True, takes_part=False))
