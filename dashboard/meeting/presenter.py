"""The running meeting on the supervisor's own device: names are resolved here, and the shared screen follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import streamlit as st

from dashboard.meeting import (
    agenda_list,
    bar,
    case_slot,
    decide,
    follow_ups,
    put_on_screen,
    repair_path,
    theme,
    went_well,
)
from dashboard.meeting.at import At
from dashboard.meeting.subject import about_a_rupture
from services import vocabulary
from services.meetings import Item

STYLE = Path(__file__).with_name("presenter.css")


def show(at: At) -> None:
    """What is always in reach, what is being talked about, and what was decided on it."""
    st.html(STYLE)
    bar.show(at)
    item = at.meeting.current
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=at.key("bar_below")):
        st.caption(_in_mind(item))
        put_on_screen.show(at.meeting, key=at.key("shared"), quiet=True)
    if item is None:
        _between(at)
    else:
        SLOTS["rupture" if about_a_rupture(item) else item.kind](at, item)
    decide.show_drawer(at)


def _in_mind(item: Item | None) -> str:
    """What everybody keeps in mind while this is talked about."""
    if item is None:
        return "Choose an item on the agenda, or end the meeting."
    if item.is_a_case:
        return f":material/balance: {case_slot.BLAME_FREE}"
    return vocabulary.AGENDA_KINDS[item.kind].help


def _between(at: At) -> None:
    """Nothing is being talked about: the last item is done, or its therapist has passed."""
    agenda_list.plain(at)


def _theme(at: At, item: Item) -> None:
    theme.show(at)
    decide.show(at, item)


def _plain(at: At, item: Item) -> None:
    """An item without a picture of its own."""
    decide.show(at, item)


def _follow_ups(at: At, item: Item) -> None:
    """Last time's actions: done, and did it help?"""
    follow_ups.show(at, key=at.key("slot"))
    decide.show(at, item)


SLOTS: Mapping[str, Callable[[At, Item], None]] = {
    "case": case_slot.show,
    "rupture": repair_path.show,
    "went_well": went_well.show,
    "follow_ups": _follow_ups,
    "theme": _theme,
    "own": _plain,
}
