"""The form in which an entry that the database refused is changed: one field for each thing that can be wrong in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.forms import asking, case_field, clock, notices
from dashboard.forms.form import Form
from services import drafts, parked, vocabulary
from services.outbox import Operation, Outbox
from services.parked import Ask, Standing
from services.vault import Vault
from services.vocabulary import Word

NAME = "parked"


def begun(vault: Vault, op: Operation) -> bool:
    """Whether its author has begun to change this entry."""
    return drafts.load(vault, owner=session.outbox().owner, form=NAME, key=op.op_id) is not None


def let_go(vault: Vault, outbox: Outbox, op: Operation) -> None:
    """Let the entry go, and what was begun to change it: both or neither."""
    with vault.transaction():
        outbox.discard(op.op_id)
        drafts.discard(vault, owner=outbox.owner, form=NAME, key=op.op_id)


def show(op: Operation, asks: Sequence[Ask], *, key: str, stands: Standing | None) -> None:
    """The fields, each kept as it changes. Sent, it takes the place of what was refused; `stands`: of what was first."""
    today = clock.today()
    asks = [replace(ask, words=_cases(op)) if ask.how == "case" else ask for ask in asks]

    @st.fragment
    def fields() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name=NAME, key=op.op_id, prefix=f"{key}_edit",
                start={ask.name: _start(ask, op.params, today) for ask in asks},
            )  # fmt: skip
        texts = {ask.name: f"“{ask.label}”" for ask in asks if ask.how == "text"}
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, texts):
                params = parked.changed(op.params, [(ask, _answer(ask, form)) for ask in asks], today=today)
                with form.saving():
                    outbox.retry(op.op_id, params | ({"based_on": stands.version} if stands else {}))
                st.rerun()
        notices.begun_before(form)
        for ask in asks:
            _ask(ask, form, today)
        notices.kept(form)
        asking.save_bar(form, "Send the change", texts, refused=refusal.sentence, width="content")

    fields()


def _cases(op: Operation) -> dict[str, Word]:
    """The cases it could be about, and the one that it is about, should that not be among them."""
    known = case_field.known(therapist=UUID(session.outbox().owner), team=UUID(op.params["team"])).value
    words = {str(case.id): Word(str(case.id), case.code, "") for case in known}
    return {op.params["case"]: Word(op.params["case"], "As it was", "")} | words


def _start(ask: Ask, params: dict[str, Any], today: date) -> Any:
    """What stands there, as its field takes it; a value that no field would take begins empty."""
    there = parked.value(params, ask.path)
    match ask.how:
        case "day":
            return parked.as_day(there, today=today)
        case "later":
            return date.fromisoformat(there) if there else None
        case "choice" | "case":
            return there if there in ask.words else None
        case "choices":
            return [one for one in there or [] if one in ask.words]
        case "number":
            return there if isinstance(there, int) and ask.low <= there <= ask.high else None
        case "cause":
            rated = ask.path[-1] in (parked.value(params, ask.path[:-1]) or {})
            return asking.answer(there) if rated and there in (None, *vocabulary.RATINGS) else None
        case "yes":
            return bool(there)
        case "score":
            return float(there) if there is not None else None
    return there or ""


def _answer(ask: Ask, form: Form) -> Any:
    given = form[ask.name]
    match ask.how:
        case "cause":
            return parked.UNANSWERED if given is None else components.rating_value(given)
        case "score" if given is not None and float(given).is_integer():
            return int(given)
    return given


def _ask(ask: Ask, form: Form, today: date) -> None:
    match ask.how:
        case "day":
            asking.day(form, ask.name, ask.label, today=today)
        case "later":
            st.date_input(ask.label, format="DD/MM/YYYY", width=240, **form.field(ask.name))
        case "choice" | "case":
            components.choice(ask.label, ask.words, **form.field(ask.name, among=ask.words))
        case "choices":
            components.choices(ask.label, ask.words, **form.field(ask.name, among=ask.words))
        case "number":
            st.number_input(
                ask.label,
                min_value=ask.low,
                max_value=ask.high,
                step=1,
                value=None,
                width=240,
                **form.field(ask.name),
            )
        case "score":
            st.number_input(ask.label, value=None, width=240, **form.field(ask.name))
        case "cause":
            components.cause_rating(int(ask.path[-1]), **form.field(ask.name))
        case "yes":
            st.toggle(ask.label, **form.field(ask.name))
        case "text" if ask.longest > 100:
            st.text_area(ask.label, height=96, **form.field(ask.name))
        case _:
            st.text_input(ask.label, **form.field(ask.name))
