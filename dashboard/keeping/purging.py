"""The purge: rehearsed first, meant by a typed word, done in steps that are seen, told afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import pandas as pd
import streamlit as st

from dashboard import components, session
from dashboard.forms import clock, notices
from services import gone, retention
from services.retention import Due, Purged
from services.vocabulary import RETAINED

# In session state, because it is told once after the run in which it was done.
TOLD = "keeping_purged"


def show(*, clinic: UUID, today: date) -> None:
    st.header("Rehearsal", anchor=False)
    with session.errors_shown():
        db = session.db()
        due, periods = retention.rehearse(db, clinic=clinic), retention.periods(db, clinic=clinic)
    if just_now := st.session_state.pop(TOLD, None):
        st.success(just_now, icon=":material/check:")
    st.markdown(in_words(due, some_period=bool(periods), today=today))
    if due:
        st.dataframe(as_table(due), hide_index=True, width="stretch")
    if any(one.due for one in due):
        _purge(due, clinic=clinic)
    _reports(clinic=clinic)


def in_words(due: Sequence[Due], *, some_period: bool, today: date) -> str:
    """What a purge would take today, as a paragraph."""
    if not some_period:
        return "No period is set, so nothing is ever due. Periods are set on the tab “How long”."
    if not due:
        return "Nothing is older than its period. A purge would take nothing today."
    told = [
        f"- **{RETAINED[one.what].label}**: {one.due:,} would go, the oldest since {clock.date_words(one.oldest, now=today)}"
        + (f"; a hold keeps {one.held:,}" if one.held else "")
        + "."
        for one in due
    ]
    return "\n".join(["A purge today would take out the following, and nothing else. This is a rehearsal: nothing has gone.\n", *told])  # fmt: skip


def as_table(due: Sequence[Due]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Kind": [RETAINED[one.what].label for one in due],
            "Would go": [one.due for one in due],
            "Kept by a hold": [one.held for one in due],
            "Oldest since": [one.oldest for one in due],
        }
    )


def _purge(due: Sequence[Due], *, clinic: UUID) -> None:
    st.header("Purge", anchor=False)
    st.markdown(
        "What is purged cannot be brought back, by nobody but a backup. Counts for teams are right afterwards. "
        "Each deletion stays in the audit log, without content."
    )
    typed = st.text_input(f"Type “{retention.WORD}” to say that this is meant", key="keeping_word", width=320)
    many = sum(one.due for one in due if one.what == "closed_cases")
    steps: list[Purged] = []
    with notices.refusal() as refusal:
        if st.button(
            "Purge now", key="keeping_purge", type="primary", disabled=typed.strip().casefold() != retention.WORD,
        ):  # fmt: skip
            bar = st.progress(0.0, text="Purging …")
            for step in retention.purge(session.db(), clinic=clinic, typed=typed):
                steps.append(step)
                bar.progress(
                    (many - step.left) / many if many and step.left < many else 1.0,
                    text=f"Purging … {step.left:,} cases left",
                )
            st.session_state[TOLD] = told(steps)
            del st.session_state["keeping_word"]
            st.rerun()
    if refusal.sentence:
        if steps:
            st.warning(f"The purge stopped on its way. {told(steps)}")
        st.error(refusal.sentence)


def told(steps: Sequence[Purged]) -> str:
    """What went, in one sentence."""
    return f"What went: {gone.in_words(gone.together(*(step.tables for step in steps)))}."


def _reports(*, clinic: UUID) -> None:
    st.header("Earlier purges", anchor=False)
    with session.errors_shown():
        earlier = retention.reports(session.db(), clinic=clinic)
    if not earlier:
        st.markdown("Nothing has been purged so far.")
        return
    st.caption("The last 100 steps; a step takes at most five cases.")
    for at, report in enumerate(earlier):
        by = f" by {components.plain(report.ran_by)}" if report.ran_by else ""
        when = clock.opening(clock.moment(report.ran_at))
        kept = sum(held for _, held in report.kinds.values())
        also = f" A hold kept {kept:,}." if kept else ""
        with st.container(key=f"keeping_report_{at}"):
            st.markdown(f"**{when}**{by}: {gone.in_words(report.tables)}.{also}")
