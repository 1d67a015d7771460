"""Setting a goal, and reviewing one: how far it has come, whether it still matters, whether it is reached or let go."""

from __future__ import annotations

import streamlit as st

from dashboard import components, session
from dashboard.case import ten
from dashboard.case.at import At
from dashboard.forms import asking, folded, notices
from dashboard.forms.form import Form, edition_of
from services import goals, vocabulary
from services.goals import Goal

WORDING = {"wording": "The goal"}
NO_TEXT: dict[str, str] = {}
MATTERS = ("not at all", "nothing matters more")


def new(at: At) -> None:
    def set_goal() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name="case_goal", key=str(at.case.id), prefix=at.key("goal"), names=("op", "goal"),
                start={"wording": "", "set_by": None, "importance": None, "set_on": at.today, "share_wording": False},
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, WORDING):
                asking.not_to_come(form, "set_on", "The day it was set", today=at.today)
                with form.saving():
                    goals.set(
                        outbox, team=at.team, case=at.case.id, wording=form["wording"] or "", set_by=form["set_by"], set_on=form["set_on"],
                        today=at.today, importance=form["importance"], share_wording=form["share_wording"], entity=form.names["goal"],
                        op_id=form.names["op"],
                    )  # fmt: skip
                st.rerun()
        notices.begun_before(form)
        st.text_area(
            "The goal", height=80, placeholder="In the client’s own words where you can. No names.", **form.field("wording")
        )  # fmt: skip
        st.toggle("Share these words with my supervisor", **form.field("share_wording"))
        components.choice("Whose goal is it?", vocabulary.PROPOSERS, explain=True, **form.field("set_by"))
        ten.ask(
            "How much does it matter to the client?", ends=MATTERS, help="Ask the client. Leave it open until you have.",
            **form.field("importance"),
        )  # fmt: skip
        asking.day(form, "set_on", "Set on", today=at.today)
        notices.kept(form)
        asking.save_bar(form, "Save the goal", WORDING, refused=refusal.sentence, width="content")

    folded.away("Set a goal", set_goal, key=at.key("goal_new"), icon=":material/add:")


def review(at: At, goal: Goal) -> None:
    def look() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name="case_goal_review", key=f"{at.case.id}/{goal.id}", prefix=at.key(f"goal_{goal.id}"),
                names=("op", "change"), edition=edition_of(goal.progress, goal.importance, goal.set_by, goal.state),
                start={"progress": None, "on_day": at.today, "importance": goal.importance, "set_by": goal.set_by, "state": goal.state},
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, NO_TEXT):
                _save(at, goal, form)
                st.rerun()
        notices.begun_before(form)
        ten.ask("How far has it come?", ends=("not begun", "reached"), **form.field("progress"))
        asking.day(form, "on_day", "Looked at on", today=at.today)
        ten.ask("How much does it matter to the client now?", ends=MATTERS, **form.field("importance"))
        components.choice("How does it stand?", vocabulary.GOAL_STATES, explain=True, **form.field("state"))
        components.choice("Whose goal is it?", vocabulary.PROPOSERS, **form.field("set_by"))
        notices.kept(form)
        asking.save_bar(form, "Save the review", NO_TEXT, refused=refusal.sentence, width="content")

    folded.away("Review this goal", look, key=at.key(f"goal_{goal.id}_review"), type="compact")


def _save(at: At, goal: Goal, form: Form) -> None:
    """Progress where there is some, and what has changed about the goal: both or neither."""
    asking.not_to_come(form, "on_day", "The day of the review", today=at.today)
    now = {name: form[name] for name in ("set_by", "importance", "state")}
    changed = now != {"set_by": goal.set_by, "importance": goal.importance, "state": goal.state}
    with form.saving():
        if form["progress"] is not None or not changed:
            goals.record(
                session.outbox(), goal=goal, team=at.team, case=at.case.id, progress=form["progress"], on_day=form["on_day"],
                today=at.today, op_id=form.names["op"],
            )  # fmt: skip
        if changed:
            goals.amend(session.outbox(), goal=goal, case=at.case.id, op_id=form.names["change"], **now)
