"""Giving between-session work, looking at what became of it, and changing what is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.case import goal_forms, ten
from dashboard.case.at import At
from dashboard.forms import asking, folded, notices
from dashboard.forms.form import Form, edition_of
from services import tasks, vocabulary
from services.goals import Goal
from services.goals import named as goal_named
from services.tasks import Task

WORDING, OBSTACLE = {"wording": "The task"}, {"obstacle": "What got in the way"}
NO_TEXT: dict[str, str] = {}
TOGETHER = {True: "Yes", False: "No"}


def new(at: At, goals: Sequence[Goal]) -> None:
    opened = st.expander("Put down a task", key=at.key("task_new"), icon=":material/add:", on_change="rerun")
    if not opened.open:
        return
    names = {
        str(goal.id): goal_named(goal, place) for place, goal in enumerate(goals, 1) if goal.state == "open"
    }

    @st.fragment
    def give() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name="case_task", key=str(at.case.id), prefix=at.key("task"), names=("op", "task"),
                start={
                    "wording": "", "proposed_by": None, "importance": None, "agreed": True, "goal": None, "given_on": at.today,
                    "share_wording": False,
                },
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, WORDING):
                asking.not_to_come(form, "given_on", "The day it was agreed", today=at.today)
                with form.saving():
                    tasks.give(
                        outbox, team=at.team, case=at.case.id, wording=form["wording"] or "", proposed_by=form["proposed_by"],
                        given_on=form["given_on"], today=at.today, importance=form["importance"], agreed=form["agreed"],
                        goal=UUID(form["goal"]) if form["goal"] else None, share_wording=form["share_wording"], entity=form.names["task"],
                        op_id=form.names["op"],
                    )  # fmt: skip
                st.rerun()
        notices.begun_before(form)
        st.text_area("What is meant to be done?", height=80, placeholder="No names.", **form.field("wording"))
        st.toggle("Share these words with my supervisor", **form.field("share_wording"))
        components.choice("Who proposed it?", vocabulary.PROPOSERS, explain=True, **form.field("proposed_by"))
        ten.ask("How much does it matter to the client?", ends=goal_forms.MATTERS, **form.field("importance"))
        st.toggle("We agreed on it", **form.field("agreed"))
        if names:
            st.selectbox(
                "Which goal does it serve?", list(names), index=None, format_func=lambda one: names.get(one, one),
                placeholder="None, or not clear", **form.field("goal", among=list(names)),
            )  # fmt: skip
        asking.day(form, "given_on", "Put down on", today=at.today)
        notices.kept(form)
        asking.save_bar(form, "Save the task", WORDING, refused=refusal.sentence, width="content")

    with opened:
        give()


def look(at: At, task: Task) -> None:
    def check() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name="case_task_look", key=f"{at.case.id}/{task.id}", prefix=at.key(f"look_{task.id}"),
                start={"done": None, "on_day": at.today, "looked_at": None, "obstacle": "", "share_obstacle": False},
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, OBSTACLE):
                asking.not_to_come(form, "on_day", "The day you looked at it", today=at.today)
                with form.saving():
                    tasks.check(
                        outbox, task=task, team=at.team, case=at.case.id, done=form["done"], on_day=form["on_day"], today=at.today,
                        looked_at=form["looked_at"], obstacle=form["obstacle"] or "", share_obstacle=form["share_obstacle"],
                        op_id=form.names["op"],
                    )  # fmt: skip
                st.rerun()
        notices.begun_before(form)
        components.choice(
            "How much of it was done?", vocabulary.TASK_DONE, explain=True, **form.field("done")
        )
        st.pills("Looked at together?", list(TOGETHER), format_func=TOGETHER.get, **form.field("looked_at"))
        st.text_area(
            "What got in the way?", height=80, placeholder="As the client tells it, if anything did. No names.", **form.field("obstacle")
        )  # fmt: skip
        st.toggle("Share this with my supervisor", **form.field("share_obstacle"))
        asking.day(form, "on_day", "Day", today=at.today)
        notices.kept(form)
        asking.save_bar(form, "Save it", OBSTACLE, refused=refusal.sentence, width="content")

    folded.away("What became of it?", check, key=at.key(f"task_{task.id}_look"), type="compact")


def change(at: At, task: Task) -> None:
    def amend() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name="case_task_change", key=f"{at.case.id}/{task.id}", prefix=at.key(f"change_{task.id}"),
                edition=edition_of(task.proposed_by, task.importance, task.agreed, task.state),
                start={"proposed_by": task.proposed_by, "importance": task.importance, "agreed": task.agreed, "state": task.state},
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, NO_TEXT):
                with form.saving():
                    tasks.amend(
                        outbox, task=task, case=at.case.id, proposed_by=form["proposed_by"], importance=form["importance"],
                        agreed=form["agreed"], state=form["state"], op_id=form.names["op"],
                    )  # fmt: skip
                st.rerun()
        notices.begun_before(form)
        components.choice("Who proposed it?", vocabulary.PROPOSERS, explain=True, **form.field("proposed_by"))
        ten.ask("How much does it matter to the client?", ends=goal_forms.MATTERS, **form.field("importance"))
        st.toggle("We agreed on it", **form.field("agreed"))
        components.choice("How does it stand?", vocabulary.TASK_STATES, explain=True, **form.field("state"))
        notices.kept(form)
        asking.save_bar(form, "Save the change", NO_TEXT, refused=refusal.sentence, width="content")

    folded.away(
        "Whose task it is, how much it matters, or its end",
        amend,
        key=at.key(f"task_{task.id}_change"),
        type="compact",
    )
