"""The head of the case page: since when, how sensitive to control, what is open; its therapist may change the first two."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from dashboard import session
from dashboard.case.at import At
from dashboard.flags import strip
from dashboard.forms import asking, clock, notices
from dashboard.forms.form import Form, edition_of
from services import cases, vocabulary

NO_TEXT: dict[str, str] = {}


def show(at: At) -> None:
    with st.container(border=True, key=at.key("head_card"), gap="xsmall"):
        st.header(at.case.code, anchor=False)
        st.markdown(clock.opening(" · ".join(_facts(at))))
        st.markdown("**Open:** " + (", ".join(_open(at)) or "nothing on record"))
        for op in at.waiting:
            if op.entity == str(at.case.id) and op.kind in ("case.open", "case.amend"):
                notices.how_far(op.op_id, key=at.key(op.op_id))
        if at.mine and at.case.state in ("active", "paused"):
            _change(at)
        strip.show(at)


def _facts(at: At) -> Iterator[str]:
    case = at.case
    if case.state != "active":
        yield vocabulary.label("case_state", case.state).lower()
    if case.started_on:
        yield f"week {case.weeks(at.today)} in therapy, since {clock.date_words(case.started_on, now=at.today)}"
    yield f"{case.sessions_attended} session{'s' * (case.sessions_attended != 1)} attended"
    yield "sensitivity to control: " + (
        "not stated" if case.control_sensitivity is None else vocabulary.CONTROL_SENSITIVITIES[case.control_sensitivity]
    )  # fmt: skip


def _open(at: At) -> Iterator[str]:
    case = at.case
    for count, what in ((case.open_ruptures, "rupture"), (case.open_questions, "question")):
        if count:
            yield f"{count} {what}{'s' * (count > 1)}" + (" for supervision" if what == "question" else "")
    if case.next_review_on:
        if case.next_review_on == at.today:
            yield "plan review due today"
        else:
            due = "due since" if case.next_review_on < at.today else "on"
            yield f"plan review {due} {clock.date_words(case.next_review_on, now=at.today)}"


def _change(at: At) -> None:
    opened = st.expander(
        "Sensitivity to control, first day, pause", key=at.key("head"), on_change="rerun", type="compact"
    )
    if not opened.open:
        return
    case = at.case

    @st.fragment
    def change() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name="case_head", key=str(case.id), prefix=at.key("head"), edition=edition_of(case.started_on, case.control_sensitivity, case.state),
                start={
                    "control": case.control_sensitivity, "started_on": case.started_on or at.today,
                    "paused": case.state == "paused",
                },
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, NO_TEXT):
                asking.not_to_come(form, "started_on", "The first day", today=at.today)
                with form.saving():
                    cases.describe(
                        outbox, case=case.id, control_sensitivity=form["control"], started_on=form["started_on"],
                        paused=form["paused"], today=at.today, op_id=form.names["op"],
                    )  # fmt: skip
                st.rerun()
        notices.begun_before(form)
        levels = vocabulary.CONTROL_SENSITIVITIES
        st.pills(
            "How sensitive is this client to being controlled?", list(levels), format_func=lambda level: levels[level],
            help="From controlling parents or trouble with authority, say: a push is then felt sooner, and harder.",
            **form.field("control"),
        )  # fmt: skip
        asking.day(form, "started_on", "In therapy since", today=at.today)
        st.toggle("The work pauses for now", **form.field("paused"))
        notices.kept(form)
        asking.save_bar(form, "Save", NO_TEXT, refused=refusal.sentence, width="content")

    with opened:
        change()
