"""One case of the monitor: why it is on the list, since when, who is on it, and what would clear it. No words of anybody."""

from collections.abc import Callable
from datetime import date

import streamlit as st

from dashboard.components import plain
from dashboard.flags import detail, work
from dashboard.monitor import words
from services.flags import Flag, Watched

DETAIL = "Detail, for a reason"

#: What one can do with a case, in this order, each behind its name; it is drawn when it is opened, not 25 times.
BELOW: dict[str, Callable[..., None]] = {"Work on it": work.show, DETAIL: detail.show}


def show(case: Watched, *, today: date) -> None:
    """The case as a card."""
    key = f"monitor_{case.case}_{case.therapist_id}"  # ids of cases are unique per therapist
    with st.container(border=True, key=f"{key}_card", gap="xsmall"):
        with st.container(
            horizontal=True,
            vertical_alignment="center",
            horizontal_alignment="distribute",
            gap="small",
            key=f"{key}_head",
        ):
            st.subheader(f"{plain(case.code)} · {plain(case.therapist)}", anchor=False, width="content")
            st.markdown(
                f"**{words.severity(case.severity)}** · {words.for_how_long(case.since, today)}",
                width="content",
            )
        st.caption(
            f"{plain(case.team_name)} · {plain(case.reasons())} {'point' if case.points == 1 else 'points'}",
            help=words.AN_AID,
        )
        st.markdown("\n".join(_flag(flag, today) for flag in case.flags))
        st.markdown(
            " · ".join(
                plain(said) for said in (
                    words.on_it(case.assigned, today), words.actions(case.actions, today), words.discussed(case.discussed_on, today),
                )
            )
        )  # fmt: skip
        with st.expander("What would clear it, and what was looked at", key=f"{key}_rules", type="compact"):
            st.markdown("\n".join(_rule(flag, today) for flag in case.flags))
        for name, draw in BELOW.items():
            if name == DETAIL and not detail.for_me(case):
                continue
            opened = st.expander(
                name, key=f"{key}_{draw.__module__.split('.')[-1]}", on_change="rerun", type="compact"
            )
            if opened.open:
                with opened:
                    draw(case, key=key)


def _flag(flag: Flag, today: date) -> str:
    aside = [said for said in (words.came_back(flag, today), words.own_view(flag, today)) if said]
    note = f" *({plain(', '.join(aside))})*" if aside else ""
    return f"- **{plain(flag.label)}**, {words.severity(flag.severity).lower()}, {words.for_how_long(flag.since, today)}{note}. {plain(flag.why())}"


def _rule(flag: Flag, today: date) -> str:
    return (
        f"- **{plain(flag.label)}** goes with: {plain(flag.clears())}  \n  {plain(words.window(flag, today))}"
    )
