"""Monitor: which cases stand still or carry an open rupture, why, since when, who is on it; codes, flags, ages and actions."""

import streamlit as st

from dashboard import components, session
from dashboard.forms import clock, look
from dashboard.monitor import course, exports, filters, watchlist, words

VIEWS = {"cases": "Cases", "course": "Over time"}

look.use()
st.title("Monitor", anchor=False)
today = clock.today()
mine = session.person().teams_as("lead", "supervisor")
leads = session.person().teams_as("lead")
if not mine:
    components.empty_state(
        "No team yet", "You lead or supervise no team at the moment. Ask your administrator if you expected one.", key="monitor"
    )  # fmt: skip
    st.stop()

top = st.container(key="monitor_top")
with st.container(horizontal=True, vertical_alignment="top", key="monitor_what"):
    view = st.segmented_control(
        "View", list(VIEWS), default="cases", required=True, format_func=VIEWS.get, key="monitor_view", persist_state="session"
    )  # fmt: skip
    teams = filters.teams(mine)

if view == "course":
    top.caption(
        "How many cases stand still, how long it takes until something happens, and what is not known."
    )
    course.show(teams, {team: mine[team] for team in teams}, leads=leads, today=today)
    exports.month(teams, today=today)
else:
    asked = filters.cases(teams)
    found = watchlist.show(asked, today=today)
    if found:
        top.markdown(f"**{components.plain(words.standing(found.standing))}**")
        exports.as_file(asked, total=found.total, today=today)
        exports.month(teams, today=today)
