"""The goals of the case: whose they are, how much they matter to the client, how far they have come, when last looked at."""

from __future__ import annotations

import streamlit as st

from dashboard import charts, components, session
from dashboard.case import goal_forms, sharing
from dashboard.case.at import At
from dashboard.forms import clock, last_seen
from services import goals, vocabulary
from services.goals import Goal

WHOSE = {"client": "set by the client", "together": "set together", "therapist": "set by the therapist"}


def show(at: At) -> None:
    st.header("Goals", anchor=False)
    found, trouble = read(at)
    if at.mine:
        goal_forms.new(at)
    if not found:
        st.markdown("The goals cannot be shown just now." if trouble else "No goal is on record yet.")
        return
    for place, goal in enumerate(found, 1):
        if goal.state == "open":
            _card(at, goal, place)
    frame = goals.progress_of(found)
    if len(frame):
        components.figure_with_table(
            charts.goal_progress(frame),
            charts.goal_progress_table(frame),
            charts.goal_progress_in_words(frame),
            key=at.key("goal_progress"),
            filename=f"sixfold-{at.case.code}-goals",
            level=3,
        )
    ended = [(place, goal) for place, goal in enumerate(found, 1) if goal.state != "open"]
    if ended:
        opened = st.expander(f"Reached or let go ({len(ended)})", key=at.key("goals_ended"), on_change="rerun", type="compact")  # fmt: skip
        if opened.open:
            with opened:
                for place, goal in ended:
                    _card(at, goal, place)


def read(at: At) -> tuple[list[Goal], str | None]:
    """The goals with what is on its way; and why they are not from now, if so."""
    seen = last_seen.of(
        at.key("goals"), lambda: goals.of(session.db(), therapist=at.therapist, case=at.case.id), otherwise=[]
    )
    return goals.as_they_will_be(seen.value, at.waiting, case=at.case.id), seen.trouble


def _card(at: At, goal: Goal, place: int) -> None:
    with st.container(border=True, key=at.key(f"goal_{goal.id}_card"), gap="small"):
        words = components.plain(goal.wording.body) if goal.wording and goal.wording.body else f"Goal {place}"
        st.subheader(words, anchor=False)
        if not at.mine and not goal.wording:
            st.caption(sharing.PRIVATE)
        st.markdown(clock.opening(" · ".join(_facts(at, goal))))
        sharing.on_its_way(at, goal.id, *([goal.wording.id] if goal.wording else []))
        if at.mine:
            if goal.wording:
                sharing.switch(at, goal.wording)
            goal_forms.review(at, goal)


def _facts(at: At, goal: Goal) -> list[str]:
    said = [] if goal.state == "open" else [vocabulary.label("goal_state", goal.state).lower()]
    said += [
        WHOSE[goal.set_by] + f" on {clock.date_words(goal.set_on, now=at.today)}",
        "how much it matters to the client: not asked yet" if goal.importance is None else f"matters {goal.importance} of 10 to the client",
    ]  # fmt: skip
    if goal.progress:
        first, last = goal.progress[0][1], goal.progress[-1][1]
        said.append(f"progress {last} of 10" + (f", from {first}" if len(goal.progress) > 1 else ""))
        said.append(f"last reviewed {clock.day(goal.last_reviewed, now=at.today)}")
    else:
        said.append("not reviewed yet")
    return said
