"""A team's name, and another team."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.administration import saving
from services import teams
from services.people import Membership


def rename(team: Membership) -> None:
    """Another name for this team."""
    opened = st.expander(
        "Rename this team", key="people_rename_open", icon=":material/edit:", on_change="rerun"
    )
    if not opened.open:
        return
    with opened:
        key = f"people_rename_{team.team}"
        name = st.text_input(
            "Name of the team", team.team_name, key=f"{key}_name", max_chars=teams.LONGEST_NAME
        )
        if name.strip() == team.team_name:
            st.caption("Change the name, then it can be saved.")
            return
        saving.button(
            "Save the name", lambda: teams.rename(session.db(), team=team.team, name=name),
            key="people_rename_save", form=key, opened="people_rename_open", done=f"The team is now called {name.strip()}.",
        )  # fmt: skip


def found(beside: Membership) -> None:
    """One more team of the clinic, with its founder as first administrator."""
    opened = st.expander(
        "Found another team", key="people_found_open", icon=":material/group_add:", on_change="rerun"
    )
    if not opened.open:
        return
    with opened:
        st.caption(
            "It belongs to the same clinic and begins with the usual thresholds. You are its first administrator; invite the others afterwards."
        )
        name = st.text_input("Name of the new team", key="people_found_name", max_chars=teams.LONGEST_NAME)
        saving.button(
            "Found the team", lambda: teams.found(session.db(), beside=beside.team, name=name),
            key="people_found_save", form="people_found", opened="people_found_open", done=f"{name.strip()} is founded.",
        )  # fmt: skip
