"""Team settings: the thresholds of a team, what others would do to today's flags, and how they changed."""

import streamlit as st

from dashboard import components, session
from dashboard.administration import thresholds as on_screen
from dashboard.forms import look, notices
from services import teams, thresholds

look.use()
st.title("Team settings", anchor=False)
st.caption(
    "Changes hold at once for everybody in the team. They are written directly: if one cannot be stored, you are told here. "
    "You see how many flags there are, not which cases they are about."
)
team = session.team("admin", key="team_settings_team")
with session.errors_shown():
    now = teams.settings(session.db(), team=team.team)
    changes = thresholds.history(session.db(), team=team.team)

st.header(f"Thresholds of {components.plain(team.team_name)}", anchor=False)
key = f"team_settings_{team.team}"
chosen = on_screen.fields(now, key=key)
if chosen != now:
    on_screen.effect(team.team, chosen, key=key)
with notices.refusal() as refusal:
    if st.button("Save settings", type="primary", key="team_settings_save", disabled=chosen == now):
        teams.change(session.db(), team=team.team, settings=chosen)
        st.toast(f"The settings of {components.plain(team.team_name)} are saved.", icon=":material/check:")
        st.rerun()
if refusal.sentence:
    st.error(components.plain(refusal.sentence))

st.header("How they changed", anchor=False)
on_screen.history(changes)
