"""Home: what waits for the person who is here, and the shortest way to it."""

import streamlit as st

from dashboard import components, session
from dashboard.flags import told
from dashboard.forms import clock, home_supervisor, home_therapist, look, needs_you

person, today = session.person(), clock.today()

look.use()
st.title(f"Hello, {components.plain(person.name.split()[0])}" if person.name else "Hello", anchor=False)

if person.is_a("therapist"):
    with st.container(horizontal=True, key="home_quick", gap="small"):
        if st.button("Log an episode", key="home_log", type="primary", icon=":material/edit_note:"):
            st.switch_page(home_therapist.LOG)
        if st.button("Weekly reflection", key="home_reflect", icon=":material/self_improvement:"):
            st.switch_page(home_therapist.REFLECT)

needs_you.show(key="home_needs")

if person.is_a("therapist"):
    with session.errors_shown():
        member = session.team("therapist", key="home_team")
        waiting = home_therapist.read(person, member, today=today)
    home_therapist.show(person, member, waiting, today=today)
    told.to_therapist(member, person.id)

if person.is_a("supervisor"):
    supervised = session.team("supervisor", key="home_supervised_team")
    with session.errors_shown():
        home_supervisor.show(supervised, today=today)
        told.to_supervisor(supervised, person.id)
