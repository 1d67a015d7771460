"""What is looked at in a step back: flags, gaps of the formulation, whose the goals and tasks are, the plan and open ruptures."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from dashboard import charts, components, session
from dashboard.case import formulation as formulation_tab
from dashboard.case import goals as goals_tab
from dashboard.case import plan as plan_tab
from dashboard.case import sharing
from dashboard.case import tasks as tasks_tab
from dashboard.case.at import At
from dashboard.flags import strip
from dashboard.forms import clock, last_seen, ruptures_now
from services import formulation, plans, ruptures, tasks, vocabulary

NOT_NOW = "This cannot be shown just now."


def flags_up(at: At) -> None:
    seen = strip.read(at)
    if seen.value is None:
        st.markdown(
            NOT_NOW if seen.trouble else "No flag is up on this case just now. A step back can be of use all the same."
        )  # fmt: skip
        return
    for flag in seen.value.flags:
        st.markdown(strip.in_words(flag, at))
    st.markdown("**To talk about:** which of these did you expect, and which surprises you?")


def gaps(at: At) -> None:
    read = last_seen.of(
        f"formulation_{at.case.id}",
        lambda: formulation.current(session.db(), team=at.team, therapist=at.therapist, case=at.case.id),
        otherwise={},
    )
    if read.trouble and not read.known:
        st.markdown(NOT_NOW)
        return
    stands = formulation.as_it_will_be(read.value, at.waiting, case=at.case.id, therapist=at.case.therapist)
    formulation_tab.how_complete(at, stands)
    st.markdown("**To talk about:** what would you write today that is not there yet?")
    _way(at, "Formulation", "Go to the formulation")


def goals_and_tasks(at: At) -> None:
    found, trouble = goals_tab.read(at)
    still_open = [goal for goal in found if goal.state == "open"]
    st.markdown("**Goals**")
    if not still_open:
        st.markdown(NOT_NOW if trouble else "No open goal is on record.")
    _lines(
        (goal.wording.body if goal.wording else "", goals_tab.WHOSE[goal.set_by], goal.importance)
        for goal in still_open
    )
    read = last_seen.of(
        at.key("tasks"), lambda: tasks.of(session.db(), therapist=at.therapist, case=at.case.id), otherwise=[]
    )
    given = tasks.as_they_will_be(read.value, at.waiting, case=at.case.id)
    st.markdown("**Between sessions**")
    frame = tasks.completion(given)
    if frame.empty:
        st.markdown(NOT_NOW if read.trouble and not read.known else "Nothing has been looked at yet.")
    else:
        st.markdown(charts.completion_in_words(frame))
    _lines(
        (task.wording.body if task.wording else "", tasks_tab.WHOSE[task.proposed_by], task.importance)
        for task in given
        if task.state == "open"
    )
    st.markdown("**To talk about:** whose goals are these, and what would the client change about them?")


def _lines(rows: Iterable[tuple[str, str, int | None]]) -> None:
    """One line each: its words where they may be read, whose it is, how much it matters to the client."""
    said = []
    for words, whose, importance in rows:
        matters = (
            "not asked how much it matters"
            if importance is None
            else f"matters {importance} of 10 to the client"
        )
        said.append(
            f"- {components.plain(words.rstrip('.')) if words else sharing.PRIVATE.rstrip('.')} · {whose} · {matters}"
        )
    if said:
        st.markdown("\n".join(said))


def plan_and_ruptures(at: At) -> None:
    whose = {"team": at.team, "therapist": at.therapist, "case": at.case.id}
    tried = last_seen.of(
        f"strategies_{at.case.id}", lambda: plans.strategies(session.db(), **whose), otherwise=[]
    )
    strategies, _ = plans.as_it_will_be(tried.value, [], at.waiting, case=at.case.id)
    running = [one for one in strategies if one.ended_on is None]
    st.markdown("**Being tried**")
    if not running:
        st.markdown(NOT_NOW if tried.trouble and not tried.known else "No strategy is on record as being tried.")  # fmt: skip
    for one in running:
        st.markdown(f"- {plan_tab.named(at, one).rstrip('.')}: {plan_tab.how_it_went(at, one)}")
    known = last_seen.of(at.key("ruptures"), lambda: ruptures.open_in(session.db(), **whose), otherwise=[])
    mine = [op for op in at.waiting if op.kind != "rupture.open" or op.params["case"] == str(at.case.id)]
    open_now = ruptures_now.still_open(
        known.value, mine, team=at.team, me=at.me, name=at.case.therapist, codes={at.case.id: at.case.code}, today=at.today
    )  # fmt: skip
    st.markdown("**Open ruptures**")
    if not open_now:
        st.markdown(NOT_NOW if known.trouble and not known.known else "None is on record as open.")
    for one in open_now:
        kind, stage = vocabulary.label("rupture_kind", one.kind), vocabulary.label("repair_stage", one.stage)
        reached = f"last step: {stage.lower()}" if one.last_step_on else "no step yet"
        st.markdown(f"- {kind}, noticed {clock.day(one.noticed_on, now=at.today)}, {reached}")
    st.markdown("**To talk about:** what is kept up although it does not work, and what has not been said?")
    _way(at, "Plan", "Go to the plan")


def _way(at: At, tab: str, label: str) -> None:
    st.button(label, key=at.key(f"step_back_to_{tab}"), type="tertiary", on_click=_open, args=(at, tab))


def _open(at: At, tab: str) -> None:
    st.session_state[at.key("tab")] = tab
