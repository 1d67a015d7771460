"""People and teams: who belongs where, in which role, until when; invitations; a team's name. For its administrator."""

import streamlit as st

from dashboard import components, session
from dashboard.administration import inviting, members, teams
from dashboard.forms import look
from services import invitations, memberships

look.use()
st.title("People and teams", anchor=False)
st.caption(
    "Who belongs where decides what they may see, from their next request on. Changes are written directly: "
    "if one cannot be stored, you are told here. You see no clinical data."
)
team = session.team("admin", key="people_team")
today = memberships.today()
with session.errors_shown():
    everybody = memberships.of_team(session.db(), team=team.team)
    offered = invitations.waiting(session.db(), team=team.team)

st.header(f"Members of {components.plain(team.team_name)}", anchor=False)
members.show(everybody, me=session.person().id, today=today)
members.give(team=team.team, team_name=team.team_name, today=today)

st.header("Invitations", anchor=False)
inviting.show(offered, today=today)
inviting.invite(team=team.team, team_name=team.team_name, today=today)

st.header("Teams", anchor=False)
teams.rename(team)
teams.found(team)
