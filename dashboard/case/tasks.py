"""Between-session work: what is meant to be done, what became of it, and how much was done by who proposed it."""

from __future__ import annotations

import streamlit as st

from dashboard import charts, components, session
from dashboard.case import goals as goals_tab
from dashboard.case import sharing, task_forms
from dashboard.case.at import At
from dashboard.forms import clock, last_seen
from services import tasks, vocabulary
from services.tasks import Look, Task

WHOSE = {
    "client": "proposed by the client",
    "together": "came up together",
    "therapist": "proposed by the therapist",
}
FEWEST = 3  # looks by a proposer; with fewer nothing is read into a difference
LATEST = 3  # looks shown on a card


def show(at: At) -> None:
    st.header("Between sessions", anchor=False)
    st.caption(
        "Most of the work happens here, and it is the client’s. Not done is a fact, and not by itself resistance."
    )
    read = last_seen.of(
        at.key("tasks"), lambda: tasks.of(session.db(), therapist=at.therapist, case=at.case.id), otherwise=[]
    )
    found = tasks.as_they_will_be(read.value, at.waiting, case=at.case.id)
    if at.mine:
        task_forms.new(at, goals_tab.read(at)[0])
    if not found:
        st.markdown(
            "This cannot be shown just now." if read.trouble else "No between-session work is on record yet."
        )
        return
    for task in found:
        if task.state == "open":
            _card(at, task)
    _completion(at, found)
    ended = [task for task in found if task.state != "open"]
    if ended:
        opened = st.expander(f"Finished or dropped ({len(ended)})", key=at.key("tasks_ended"), on_change="rerun", type="compact")  # fmt: skip
        if opened.open:
            with opened:
                for task in ended:
                    _card(at, task)


def _completion(at: At, found: list[Task]) -> None:
    frame = tasks.completion(found)
    if frame.empty:
        return
    components.figure_with_table(
        charts.completion(frame), charts.completion_table(frame), charts.completion_in_words(frame),
        key=at.key("completion"), filename=f"sixfold-{at.case.code}-between-sessions", level=3,
    )  # fmt: skip
    looks = frame.groupby("proposer")["n"].sum()
    if len(looks) < 2 or looks.min() < FEWEST:
        st.caption("A difference can be read once work of each kind has been looked at three times at least.")
    else:
        st.caption(
            "Where your own proposals are done less often than the client’s, it is worth asking whose goal they serve (cause 2)."
            if at.mine
            else "Where the therapist’s proposals are done less often than the client’s, it is worth asking whose goal they serve (cause 2)."
        )


def _card(at: At, task: Task) -> None:
    with st.container(border=True, key=at.key(f"task_{task.id}_card"), gap="small"):
        words = task.wording.body if task.wording and task.wording.body else ""
        given = clock.date_words(task.given_on, now=at.today)
        st.subheader(components.plain(words) if words else f"Given on {given}", anchor=False)
        if not at.mine and not task.wording:
            st.caption(sharing.PRIVATE)
        st.markdown(clock.opening(" · ".join(_facts(task, given))))
        for look in reversed(task.looks[-LATEST:]):
            _looked(at, task, look)
        sharing.on_its_way(at, task.id, *([task.wording.id] if task.wording else []))
        if task.asks_about_agenda:
            _question(at, task)
        if at.mine:
            if task.wording:
                sharing.switch(at, task.wording)
            task_forms.look(at, task)
            task_forms.change(at, task)


def _question(at: At, task: Task) -> None:
    """Left undone three times: the question of cause 2, to oneself first, without blame."""
    cause = vocabulary.CAUSES[2]
    matters = "It has not been asked how much it matters to the client." if task.importance is None else f"It matters {task.importance} of 10 to the client."  # fmt: skip
    st.info(
        f"**Not done {task.times_undone} times. {cause.question}** This was {WHOSE[task.proposed_by]}. {matters} "
        "Talk about it openly, as a question and not as a fault: would the client miss it if it were dropped? What would they rather do?",
        icon=":material/psychology_alt:",
    )


def _facts(task: Task, given: str) -> list[str]:
    said = [] if task.state == "open" else [vocabulary.label("task_state", task.state).lower()]
    said.append(f"{WHOSE[task.proposed_by]}, {given}")
    said.append("agreed" if task.agreed else "not agreed")
    said.append(
        "how much it matters to the client: not asked yet" if task.importance is None else f"matters {task.importance} of 10 to the client"
    )  # fmt: skip
    return said


def _looked(at: At, task: Task, look: Look) -> None:
    together = {True: ", looked at together", False: ", not looked at together", None: ""}[look.looked_at]
    obstacle = look.obstacle
    words = f"  \n{components.plain(obstacle.body)}" if obstacle and obstacle.body else ""
    day = clock.opening(clock.day(look.on, now=at.today))
    with st.container(gap="xxsmall", key=at.key(f"look_{look.id}_said")):
        st.markdown(f"**{day}** · {vocabulary.label('task_done', look.done)}{together}{words}")
        if obstacle and at.mine:
            sharing.switch(
                at, obstacle, label="Share what got in the way with my supervisor", after=[task.id]
            )
            sharing.on_its_way(at, obstacle.id)
