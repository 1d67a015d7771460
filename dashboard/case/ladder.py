"""The Socratic ladder on the formulation: a few questions of one step at a time, and what came up at each."""

from __future__ import annotations

import streamlit as st

from dashboard import components, session
from dashboard.case import sharing
from dashboard.case.at import At
from dashboard.forms import asking, clock, folded, last_seen, notices, parked_editor
from dashboard.forms.form import Form
from services import socratic, texts
from services.outbox import Operation
from services.socratic import BY_SLUG, STEPS, Question
from services.texts import Text
from services.vocabulary import FORMULATION_FIELDS

NAME = "socratic"
TEXTS = {"body": "What came up"}


def show(at: At) -> None:
    read = last_seen.of(
        f"socratic_{at.case.id}", lambda: socratic.answers(session.db(), case=at.case.id), otherwise=[]
    )
    known = texts.on_their_way(at.waiting, case=at.case.id, known=read.value)
    answers = {one.slot: one for one in known if one.about == socratic.ABOUT and one.slot in BY_SLUG}
    said = {slug: one for slug, one in answers.items() if one.body}
    if at.mine:
        st.header("Questions that may help", anchor=False)
        st.caption(
            "A ladder of questions to ask with curiosity, in your own words and at the client’s pace. "
            "Write down what came up; it stays with this card, and is yours alone until you share it."
        )
        _steps(at, answers)
        _all(at, said, read.trouble)
    elif said:
        st.header("What came up at Socratic questions", anchor=False)
        for question in (one for one in socratic.QUESTIONS if one.slug in said):
            _said(at, question, said[question.slug])


def _steps(at: At, answers: dict[str, Text]) -> None:
    counts = {
        step: sum(bool(answers.get(q.slug) and answers[q.slug].body) for q in socratic.of_step(step))
        for step in STEPS
    }
    step = st.pills(
        "Step", list(STEPS), default=next(iter(STEPS)), required=True, key=at.key("ladder_step"),
        format_func=lambda key: f"{STEPS[key].label} · {counts[key]}" if counts[key] else STEPS[key].label,
    )  # fmt: skip
    feeds = " and ".join(f"“{FORMULATION_FIELDS[field].label}”" for field in STEPS[step].feeds)
    st.caption(f"What comes up here often belongs to {feeds}.")
    with session.errors_shown():
        parked = [op for op in session.outbox().parked() if op.kind in ("text.write", "text.amend")]
    for question in socratic.of_step(step):
        known = answers.get(question.slug)
        with st.container(border=True, key=at.key(f"ladder_{question.slug}_card"), gap="xsmall"):
            st.subheader(question.wording, anchor=False)
            st.caption(question.why)
            if known and known.body:
                _answer(at, known)
            _write(
                at, question, known, next((op for op in parked if _is_about(op, at, question, known)), None)
            )


def _is_about(op: Operation, at: At, question: Question, known: Text | None) -> bool:
    if op.params.get("case") != str(at.case.id):
        return False
    if op.kind == "text.amend":
        return known is not None and op.entity == str(known.id) and "body" in op.params
    return op.params["about"] == socratic.ABOUT and op.params["slot"] == question.slug


def _answer(at: At, known: Text) -> None:
    st.markdown(components.paragraphs(known.body))
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=at.key(f"ladder_{known.slot}_since")
    ):
        if known.written_at:
            st.caption(clock.opening(clock.moment(known.written_at)))
        sharing.switch(at, known)
    sharing.on_its_way(at, known.id)


def _write(at: At, question: Question, known: Text | None, parked: Operation | None) -> None:
    what = (
        "Not accepted: look at it again"
        if parked
        else "Change it"
        if known and known.body
        else "Write down what came up"
    )
    version = known.version if known else 0

    def write() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name=NAME, key=f"{at.case.id}/{question.slug}", prefix=at.key(f"ladder_{question.slug}"),
                names=("op", "entry"), edition=version,
                start={
                    "body": parked.params["body"] if parked else known.body if known else "",
                    "share": bool(parked.params.get("shared")) if parked else bool(known and known.shared),
                },
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, TEXTS):
                with form.saving():
                    if parked:
                        parked_editor.let_go(vault, outbox, parked)
                    socratic.answer(
                        outbox, team=at.team, case=at.case.id, question=question.slug, body=form["body"] or "", known=known,
                        share=form["share"], entity=form.names["entry"], op_id=form.names["op"],
                    )  # fmt: skip
                st.rerun()
        if parked:
            st.warning(
                f"{parked.reason} What you wrote is below; saving puts it in place of what stands.",
                icon=":material/edit_note:",
            )
        notices.begun_before(form)
        if known and form.begun and form.edition != version:
            st.warning(
                "It was answered from another place meanwhile, as above. Saving puts yours in its place.",
                icon=":material/content_copy:",
            )
        st.text_area("What came up", height=96, placeholder="No names.", **form.field("body"))
        st.toggle("Share this answer with my supervisor", **form.field("share"))
        notices.kept(form)
        asking.save_bar(form, "Save", TEXTS, refused=refusal.sentence, width="content")

    folded.away(what, write, key=at.key(f"ladder_{question.slug}_write_{version}"), type="compact")


def _all(at: At, said: dict[str, Text], trouble: str | None) -> None:
    if trouble:
        st.caption("Some of the answers cannot be shown just now.")
    if said:
        with st.expander(
            f"Everything that came up so far ({len(said)})", key=at.key("ladder_all"), type="compact"
        ):
            for question in (one for one in socratic.QUESTIONS if one.slug in said):
                _said(at, question, said[question.slug])


def _said(at: At, question: Question, text: Text) -> None:
    st.markdown(f"**{question.wording}**  \n{components.paragraphs(text.body)}")
