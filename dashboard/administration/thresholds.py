"""The thresholds of a team on screen: groups of fields, what they would do, and how they changed."""

from __future__ import annotations

from uuid import UUID

import pandas as pd
import streamlit as st

from dashboard import components, session
from dashboard.forms import clock, notices
from services import thresholds
from services.teams import RANGES, TeamSettings
from services.thresholds import Change, Effect
from services.vocabulary import FLAG_RULES, THRESHOLDS

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
GROUPS = {
    "Flags": (
        "sessions_watch", "sessions_review", "sessions_escalate", "plateau_scores", "alliance_points", "rupture_open_days", "no_shows_of_four",
        "undone_of_four", "high_weeks_of_four", "discuss_days", "silence_days", "formulation_days", "formulation_gaps",
    ),
    "Team charts": ("safe_min_therapists", "safe_min_entries"),
    "The weekly reflection": ("week_starts_on", "frustration_high"),
}  # fmt: skip
ABOUT = {
    "Flags": "When a case is flagged, by rule. R2 (reliable worsening) follows the measures alone and has nothing to set.",
    "Team charts": "The safe view: how many people and entries stand behind each value that a team sees of itself.",
    "The weekly reflection": "When it can be handed in, and when it asks what could be let go of.",
}


def fields(now: TeamSettings, *, key: str) -> TeamSettings:
    """Every threshold to choose, in groups; what is chosen, saved or not."""
    chosen = {}
    for group, names in GROUPS.items():
        with st.container(border=True, key=f"{key}_{names[0]}_group", gap="small"):
            st.subheader(group, anchor=False)
            st.caption(ABOUT[group])
            with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
                for name in names:
                    chosen[name] = _field(name, getattr(now, name), key=f"{key}_{name}")
    return TeamSettings(**chosen)


def _field(name: str, value: int, *, key: str) -> int:
    word = THRESHOLDS[name]
    if name == "week_starts_on":
        day = st.selectbox(word.label, DAYS, index=value - 1, help=word.help, key=key, width=235)
        return 1 + DAYS.index(day)
    low, high = RANGES[name]
    return st.number_input(
        word.label, low, high, value, help=f"{word.help} From {low} to {high}.", key=key, width=235
    )


def effect(team: UUID, settings: TeamSettings, *, key: str) -> None:
    """What saving would do to the flags of today."""
    with notices.refusal() as refusal:
        effects = thresholds.preview(session.db(), team=team, settings=settings)
        with st.container(border=True, key=f"{key}_effect", gap="small"):
            st.subheader("What it would do", anchor=False)
            st.markdown(components.plain(thresholds.in_words(effects)))
            if effects:
                st.table(_table(effects))
    if refusal.sentence:
        st.warning(components.plain(f"What it would do cannot be shown. {refusal.sentence}"))


def _table(effects: list[Effect]) -> pd.DataFrame:
    rows = [(f"{e.rule} {FLAG_RULES[e.rule].label}", e.stay, e.come, e.go) for e in effects]
    return pd.DataFrame(rows, columns=["Rule", "Stay", "Come up", "Go down"]).set_index("Rule")


def history(changes: list[Change]) -> None:
    """Who changed what and when, newest first."""
    if not changes:
        st.write("Nothing has been changed yet.")
        return
    for change in changes:
        what = "; ".join(
            f"{THRESHOLDS[name].label}: {_value(name, before)} → {_value(name, after)}"
            for name, (before, after) in change.values.items()
        )
        st.markdown(
            f"**{components.plain(clock.opening(clock.moment(change.at)))}**, {components.plain(change.by or 'somebody else')}"
            f"  \n{components.plain(what)}"
        )


def _value(name: str, value: int | None) -> str:
    if value is None:
        return "–"
    return DAYS[value - 1] if name == "week_starts_on" else str(value)
