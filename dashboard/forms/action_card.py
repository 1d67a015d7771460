"""One action: what is to be done, by whom and by when; and whoever does it says what became of it and whether it helped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.case import at as case_page
from dashboard.forms import asking, clock, folded, notices
from dashboard.forms.form import Form
from services import actions, vocabulary
from services.actions import Action
from services.outbox import Operation

NAME = "action_became"
NO_TEXT: dict[str, str] = {}


def show(
    action: Action, *, me: UUID, today: date, waiting: Sequence[Operation], key: str, change: bool, at_case: bool = False
) -> None:  # fmt: skip
    """The card. `change`: this reader may say what became of it; `at_case`: it stands on the page of its case."""
    key = f"{key}_action_{action.id}"
    with st.container(border=True, key=f"{key}_card", gap="xsmall"):
        code = f"**{components.plain(action.code)}:** " if action.code and not at_case else ""
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key}_top"):
            st.markdown(f"{code}{components.plain(action.what)}", width="stretch")
            if action.case and not at_case:
                case_page.button(
                    action.case, action.code or "", key=f"{key}_go", team=action.team, tab="Supervision"
                )
        st.caption(clock.opening(" · ".join(facts(action, me=me, today=today))))
        begins = False
        for op in waiting:
            made_with = (op.params.get("action") or {}).get("id")
            if str(action.id) in (op.entity, made_with):
                notices.how_far(op.op_id, key=f"{key}_{op.op_id}")
            begins = begins or made_with == str(action.id)
        if change and not begins:  # what becomes of it cannot arrive before itself
            _became(action, key=key, today=today)


def of_case(action: Action, codes: Mapping[UUID, str]) -> Action:
    """The same action with the code of its case, where only the list beside it knows that."""
    return action if action.code or not action.case else replace(action, code=codes.get(action.case, ""))


def facts(action: Action, *, me: UUID, today: date) -> list[str]:
    """Whose it is, since when, until when, and what became of it."""
    whose = "yours" if action.owner_id == me else action.owner or "a supervisor of the team"
    said = [components.plain(whose)]
    if action.state == "open":
        age = (today - action.created_on).days
        said.append("agreed today" if age <= 0 else f"agreed {clock.days(age)} ago")
        if action.due_on:
            due = clock.date_words(action.due_on, now=today)
            said.append("due today" if action.due_on == today else f"due since {due}" if action.due_on < today else f"due on {due}")  # fmt: skip
    else:
        said.append(f"{vocabulary.label('action_state', action.state).lower()} {clock.day(action.done_on or today, now=today)}")  # fmt: skip
        if action.helped:
            said.append(f"did it help? {vocabulary.label('helped', action.helped).lower()}")
    return said


def _became(action: Action, *, key: str, today: date) -> None:
    def became() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name=NAME, key=f"{action.created_by}/{action.id}", prefix=f"{key}_became",
                start={"state": "done" if action.state == "open" else action.state, "helped": action.helped}, edition=action.version,
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, NO_TEXT):
                with form.saving():
                    actions.amend(
                        outbox, action=action, state=form["state"], helped=form["helped"], done_on=None if form["state"] == "open" else action.done_on or today,
                        op_id=form.names["op"],
                    )  # fmt: skip
                st.rerun()
        components.choice("How does it stand?", vocabulary.ACTION_STATES, explain=True, **form.field("state"))
        if form["state"] == "done":
            components.choice("Did it help?", vocabulary.ACTION_HELPED, explain=True, **form.field("helped"))
        notices.kept(form)
        asking.save_bar(form, "Save", NO_TEXT, refused=refusal.sentence, width="content")

    folded.away("What became of it", became, key=f"{key}_became_{action.version}", type="compact")
