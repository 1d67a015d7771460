"""Past meetings: what was decided and agreed in each, and what became of it."""

import streamlit as st

from dashboard import components, session
from dashboard.forms import clock, look
from dashboard.meeting import past
from services import past_meetings

look.use()
st.title("Past meetings", anchor=False)
person, today = session.person(), clock.today()
team = session.team("supervisor", key="past_meetings_team").team

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
with session.errors_shown():
    found = past_meetings.of(session.db(), meeting=next(one for one in held if one.id == chosen))
past.show(found, me=person.id, today=today, waiting=session.outbox().waiting(), key=f"past_meetings_{chosen}")
