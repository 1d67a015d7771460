"""What of the log is asked for: whose part, who acted, what was done to what, and between which days."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.forms import clock
from services import audit
from services.audit import Asked
from services.people import Person

BACK = timedelta(days=30)
EARLIEST = date(2020, 1, 1)
OVERSEES = ("supervisor", "lead", "admin")
ANYBODY, NOT_ME = "Anybody", "Anybody but me"

Place = tuple[str, UUID | None]


def places(person: Person) -> dict[Place, str]:
    """The parts of the log that this person can ask for, each with its name: what is about them, their teams, the clinic."""
    found: dict[Place, str] = {}
    teams = person.teams_as("therapist", *OVERSEES)
    for team, name in person.teams_as("therapist").items():
        found["own", team] = f"About me and my cases, {name}" if len(teams) > 1 else "About me and my cases"
    found |= {("team", team): name for team, name in person.teams_as(*OVERSEES).items()}
    if person.is_a("admin"):
        found["clinic", None] = "The clinic: people, measures, periods"
    return found


def show(person: Person, *, today: date, key: str) -> Asked:
    """The filters, two in a row where there is room."""
    choices = places(person)
    with st.container(horizontal=True, gap="small", key=f"{key}_filters"):
        place = (
            st.selectbox("Part of the log", list(choices), format_func=choices.get, key=f"{key}_place", width=260)
            if len(choices) > 1
            else next(iter(choices))
        )  # fmt: skip
        who = _who(place, key)
        actions = st.multiselect("What was done", list(audit.ACTIONS), format_func=audit.ACTIONS.get, placeholder="Anything", key=f"{key}_actions", width=260)  # fmt: skip
        kinds = st.multiselect("To what", _by_word(), format_func=audit.KINDS.get, placeholder="Everything", key=f"{key}_kinds", width=260)  # fmt: skip
        days = {"format": "DD/MM/YYYY", "min_value": EARLIEST, "max_value": today + timedelta(days=1), "width": 160}  # fmt: skip
        first = st.date_input("From", today - BACK, key=f"{key}_from", **days)
        last = st.date_input("To", today, key=f"{key}_to", **days)
    return Asked(
        place=place[0], team=place[1], actor=who if isinstance(who, UUID) else None, not_me=who == NOT_ME, kinds=tuple(kinds),
        actions=tuple(actions), since=clock.midnight(first or EARLIEST), until=clock.midnight((last or today) + timedelta(days=1)),
    )  # fmt: skip


def _who(place: Place, key: str) -> str | UUID:
    """Whoever acted: by name where the reader looks after the team; else anybody, or anybody but the reader."""
    names: dict[str | UUID, str] = {ANYBODY: ANYBODY, NOT_ME: NOT_ME}
    if place[0] == "team":
        with session.errors_shown():
            names |= {one.id: one.name for one in audit.people(session.db(), team=place[1])}
    own = place[0] == "own"
    return st.selectbox(
        "Who", list(names), index=1 if own else 0, format_func=components.told_apart(names).get, key=f"{key}_who_{place[0]}_{place[1]}", width=220
    )  # fmt: skip


def _by_word() -> list[str]:
    return sorted(audit.KINDS, key=lambda kind: audit.KINDS[kind].casefold())
