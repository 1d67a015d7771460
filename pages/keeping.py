"""Keeping and erasing: how long what is kept, what is purged, what a hold keeps, and requests to erase; for administrators."""

import streamlit as st

from dashboard import session
from dashboard.forms import clock, look
from dashboard.keeping import holding, periods, purging, requests
from services import retention

look.use()
st.title("Keeping and erasing", anchor=False)
st.caption(
    "Here things end. You decide by codes, counts and ages, and see nothing of what was written. "
    "Everything is written directly: if something cannot be done, you are told here."
)
person, today = session.person(), clock.today()
first = next(iter(person.teams_as("admin")), None)
if first is None:
    st.info("You administer no team. Ask your administrator if you expected to.")
    st.stop()
with session.errors_shown():
    clinic = retention.clinic_of(session.db(), team=first)

requested, kept, purged, held = st.tabs(
    ["Requests to erase", "How long", "Purge", "Holds"], key="keeping_tab", on_change="rerun"
)
if requested.open:
    with requested:
        requests.show(me=person.id, today=today)
if kept.open:
    with kept:
        periods.show(clinic=clinic)
if purged.open:
    with purged:
        purging.show(clinic=clinic, today=today)
if held.open:
    with held:
        holding.show(clinic=clinic, me=person.id)
