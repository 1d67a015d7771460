"""A measure as its administrator describes it: range, direction, thresholds with their basis, source and licence."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.forms import notices
from services import measures
from services.measures import Measure
from services.vocabulary import MEASURE_DIRECTIONS, THRESHOLD_BASES


def add(*, team: UUID) -> None:
    """A measure of the clinic's own."""
    opened = st.expander("Add a measure", key="measures_add", icon=":material/add:", on_change="rerun")
    if opened.open:
        with opened:
            _form(None, team=team, key="measures_new")


def change(measure: Measure, *, team: UUID) -> None:
    """Another description: of the clinic's own measure itself, of a shipped one in a copy that takes its place here."""
    label = "Change" if measure.own else "Change for our clinic"
    opened = st.expander(label, key=f"measures_{measure.slug}_open", type="compact", on_change="rerun")
    if opened.open:
        with opened:
            st.caption(
                "Scores that were entered stay as they are."
                if measure.own
                else "Your clinic’s description takes the place of the shipped one, for new scores and for those that are there."
            )
            _form(measure, team=team, key=f"measures_{measure.id}")


def _form(measure: Measure | None, *, team: UUID, key: str) -> None:
    # Written directly and not a draft, as all of administration is; what was typed stays on screen when it is refused.
    given = _fields(measure, key)
    with notices.refusal() as refusal:
        if st.button("Save the measure", key=f"{key}_save", type="primary"):
            if measure and measure.own:
                saved = measures.edit(session.db(), measure=measure.id, **given)
            else:
                saved = measures.add(session.db(), team=team, slug=measure.slug if measure else None, **given)
            st.toast(f"{saved.name} is saved.", icon=":material/check:")
            for name in [
                name for name in st.session_state if str(name).startswith(f"{key}_") or name == "measures_add"
            ]:
                del st.session_state[name]
            st.rerun()
    if refusal.sentence:
        st.error(components.plain(refusal.sentence))


def _fields(measure: Measure | None, key: str) -> dict[str, Any]:
    start = measure.row() if measure else {}
    given: dict[str, Any] = {"position": start.get("position", 100)}
    given["name"] = st.text_input(
        "Name", start.get("name", ""), key=f"{key}_name", max_chars=measures.LONGEST_NAME
    )
    given["about"] = st.text_input(
        "What it is about, in your own words", start.get("about", ""), key=f"{key}_about", max_chars=measures.LONGEST_ABOUT
    )  # fmt: skip
    with st.container(horizontal=True):
        for name, label, value in (
            ("lowest", "Lowest score", 0.0),
            ("highest", "Highest score", 10.0),
            ("step", "Step", 1.0),
        ):
            given[name] = _number(label, start.get(name, value), f"{key}_{name}")
    given["direction"] = components.choice(
        "Which direction is better?", MEASURE_DIRECTIONS, value=start.get("direction"), key=f"{key}_direction"
    )  # fmt: skip
    for name, label in (("reliable", "Reliable change"), ("cut_off", "Cut-off")):
        basis, number = f"{name}_basis", "reliable_change" if name == "reliable" else name
        given[basis] = components.choice(
            f"{label}: where does it come from?", THRESHOLD_BASES, value=start.get(basis, "none"), explain=True, key=f"{key}_{basis}"
        )  # fmt: skip
        given[number] = None
        if given[basis] not in (None, "none"):
            given[number] = _number(label, start.get(number), f"{key}_{number}")
    given["source"] = st.text_area(
        "Source of the thresholds", start.get("source", ""), key=f"{key}_source", height=80
    )
    given["licence"] = st.text_area(
        "Licence", start.get("licence", ""), key=f"{key}_licence", height=80, help="What allows your clinic to use this measure. Its questions are never entered here."
    )  # fmt: skip
    given["active"] = st.toggle("Offer it for new scores", start.get("active", True), key=f"{key}_active")
    return given


def _number(label: str, value: float | None, key: str) -> float | None:
    return st.number_input(label, value=value, step=1.0, format="%g", width=160, key=key)
