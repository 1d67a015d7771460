"""From a fact to the entry it came from: another tab of the case, another page, or the episode itself."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard.case.at import At
from dashboard.forms import clock
from services import weeks
from services.cause_facts import Entry

REFLECT, REFLECTIONS, RUPTURES = (
    "../pages/weekly_reflection.py",
    "../pages/shared_reflections.py",
    "../pages/ruptures.py",
)
# The module of the tab on which an entry of this kind stands.
TAB_OF: Mapping[str, str] = {
    "goal": "goals",
    "task": "tasks",
    "look": "tasks",
    "check_in": "scores",
    "card": "formulation",
    "strategy": "plan",
    "plan": "plan",
}
LOOKED_AT = "cause_scope"  # which episode the tab on causes looks at, under At.key


def button(at: At, entry: Entry, words: str, *, key: str) -> None:
    """The day of an entry and what it says, leading to it; plain text where there is no way to it."""
    said = f"{clock.opening(clock.day(entry.day, now=at.today))}: {words}"
    about = entry.about.split(".")[0]
    if about == "episode":
        st.button(
            said,
            key=key,
            type="tertiary",
            help=f"{entry.title}: look at this episode by itself",
            on_click=_look_at,
            args=(at, entry.id),
        )
    elif about in ("rupture", "reflection"):
        said = said if about == "rupture" else f"{weeks.spelt(entry.day)}: {words}"
        if st.button(said, key=key, type="tertiary", help=f"{entry.title}: go to it"):
            if about == "rupture":
                st.switch_page(RUPTURES)
            week = {"week": entry.day.isoformat()}
            st.switch_page(REFLECT if at.mine else REFLECTIONS, query_params=week)
    elif tab := _tab(TAB_OF.get(about, "")):
        st.button(
            said,
            key=key,
            type="tertiary",
            help=f"{entry.title}: go to “{tab}”",
            on_click=_open,
            args=(at, tab),
        )
    else:
        st.markdown(f"{said} (at the head of this page)" if about == "case" else said)


def _tab(module: str) -> str | None:
    from dashboard.case.tabs import TABS  # which imports the tabs, this one's user among them

    return next(
        (label for label, show in TABS.items() if show.__module__ == f"dashboard.case.{module}"), None
    )


def _open(at: At, tab: str) -> None:
    # In session state because only a widget's own key moves it; set in a callback, before the tabs are drawn.
    st.session_state[at.key("tab")] = tab


def _look_at(at: At, episode: str) -> None:
    st.session_state[at.key(LOOKED_AT)] = episode
