"""What went well: strengths that were shared, ruptures repaired, actions that helped. For the presenter with names, to be said without."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from dashboard import components, session
from dashboard.forms import clock, last_seen
from dashboard.meeting import decide
from dashboard.meeting.at import At
from services import actions, reflections, ruptures, vocabulary, weeks
from services.meetings import Item

BACK = timedelta(weeks=4)
AT_MOST = 6  # of each
HELPED = ("yes", "a_little")
REPAIRED = ("repaired", "partly")


def show(at: At, item: Item) -> None:
    st.markdown("Begin with a round of one thing each. What follows is for you to draw on; the shared screen has none of it.")  # fmt: skip
    said = [("Strengths that were shared", _strengths(at)), ("Ruptures repaired", _repaired(at)), ("Actions that helped", _helped(at))]  # fmt: skip
    for column, (label, lines) in zip(st.columns(len(said), gap="large"), said, strict=True):
        with (
            column,
            st.container(border=True, key=at.key(f"well_{label.split()[0].lower()}_card"), gap="xsmall"),
        ):
            st.subheader(label, anchor=False)
            for line in lines[:AT_MOST]:
                st.markdown(line)
            if len(lines) > AT_MOST:
                st.caption(f"And {len(lines) - AT_MOST} more.")
            if not lines:
                st.caption("None on record in the last four weeks. That does not mean that there was none.")
    decide.show(at, item)


def _strengths(at: At) -> list[str]:
    since, until = weeks.monday(at.today - BACK), weeks.monday(at.today)
    found = last_seen.of(
        f"well_strengths_{at.team}", lambda: reflections.handed_in(session.db(), team=at.team, since=since, until=until), otherwise=[]
    ).value  # fmt: skip
    return [
        f"**{components.plain(one.therapist)}:** {components.plain(part.value)}"
        for one in found if (part := one.parts.get("strength")) and part.shared and part.value
    ]  # fmt: skip


def _repaired(at: At) -> list[str]:
    found = last_seen.of(
        f"well_repaired_{at.team}",
        lambda: ruptures.closed_in(session.db(), team=at.team, limit=50),
        otherwise=[],
    ).value
    return [
        f"**{components.plain(one.code)}** ({components.plain(one.therapist)}): {vocabulary.label('rupture_outcome', one.outcome).lower()}, {clock.day(one.closed_on, now=at.today)}"
        for one in found if one.outcome in REPAIRED and one.closed_on >= at.today - BACK
    ]  # fmt: skip


def _helped(at: At) -> list[str]:
    found = last_seen.of(f"well_helped_{at.team}", lambda: actions.in_team(session.db(), team=at.team, state="done"), otherwise=[]).value  # fmt: skip
    return [
        f"**{components.plain(one.owner)}:** {components.plain(one.what)} · {vocabulary.label('helped', one.helped).lower()}"
        for one in found if one.helped in HELPED and one.done_on and one.done_on >= at.today - BACK
    ]  # fmt: skip
