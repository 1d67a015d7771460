"""Overview for clinical leads: counts and ages for each of their teams, and nothing that anyone wrote."""

import pandas as pd
import streamlit as st

from dashboard import charts, components, session
from services import oversight

st.title("Overview")
st.caption("Counts and ages for the teams you lead. What people wrote stays with them and their supervisors.")

with session.errors_shown():
    teams = oversight.teams(session.db())

if not teams:
    components.empty_state(
        "No team yet",
        "You lead no team at the moment. Ask your administrator if you expected one.",
        key="overview",
    )

if teams:
    st.page_link(
        "../pages/monitor.py",
        label="Which cases to look at, and why: Monitor",
        icon=":material/arrow_forward:",
    )

for team in teams:
    st.header(team.team_name, anchor=False)
    handed_in = "–" if team.reflections_percent is None else f"{team.reflections_percent} %"
    counts = {
        "Therapists": team.therapists,
        "Active cases": team.active_cases,
        "Episodes in 28 days": team.episodes_28_days,
        "Reflections handed in, last 4 weeks": handed_in,
        "Open ruptures": team.ruptures_open,
        "Open without a recent step": team.ruptures_waiting,
    }
    places = [*st.columns(3, gap="small"), *st.columns(3, gap="small")]
    for place, (label, value) in zip(places, counts.items(), strict=True):
        place.metric(label, value, border=True)
    if not team.episodes_28_days:
        st.info("Nothing was logged in 28 days. That is not the same as nothing having happened.")
    with session.errors_shown():
        waiting = oversight.waiting_ruptures(session.db(), team=team.team)
    if waiting:
        rows = pd.DataFrame(
            [(r.code, r.days_open, r.stage) for r in waiting], columns=["label", "days", "stage"]
        )
        components.figure_with_table(
            charts.open_ruptures_by_age(rows, title="Open ruptures that wait for a step"),
            charts.open_ruptures_by_age_table(rows), charts.open_ruptures_by_age_in_words(rows),
            key=f"overview_waiting_{team.team}", filename="sixfold-waiting-ruptures", level=3,
        )  # fmt: skip
    elif team.ruptures_open:
        st.write("Every open rupture has had a repair step within the team’s threshold.")
