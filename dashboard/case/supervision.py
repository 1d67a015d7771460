"""Questions for supervision about one case: what is to be brought, what was withdrawn, what has been discussed."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from datetime import date
from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.case import agreed, sharing
from dashboard.case.at import At
from dashboard.forms import asking, bring_this, clock, folded, last_seen, notices
from dashboard.forms.bring_this import Origin
from dashboard.forms.form import Form
from services import drafts, episodes, questions
from services.outbox import Operation
from services.questions import Question
from services.vocabulary import EPISODE_KINDS, QUESTION_STATES

EPISODES = 20  # the latest ones, to choose from


def show(at: At) -> None:
    case = at.case
    read = last_seen.of(
        f"questions_{case.id}",
        lambda: questions.of_case(session.db(), team=at.team, therapist=at.therapist, case=case.id),
        otherwise=[],
    )
    notices.away(
        read.trouble,
        "These are the questions from before." if read.known else "Questions cannot be shown just now.",
    )
    found = questions.as_they_will_be(
        read.value, at.waiting, team=at.team, therapist=at.therapist, codes={case.id: case.code}
    )
    to_bring = [one for one in found if one.state == "open"]
    rest = [one for one in found if one.state != "open"]

    st.header("To bring to supervision", anchor=False)
    if at.mine:
        st.caption(
            "Each is a candidate for your next meeting. Your supervisor reads it until you withdraw it."
        )
    if not to_bring:
        st.markdown("Nothing about this case is to be brought just now.")
    for question in to_bring:
        _open(at, question)
    if at.mine:
        _bring(at, count=len(found))
    if rest:
        with st.expander(f"Earlier ones ({len(rest)})", key=at.key("questions_rest"), type="compact"):
            for question in rest:
                _earlier(at, question)
    agreed.show(at)


def _bring(at: At, *, count: int) -> None:
    """Something new, and what was begun about an episode, on the page after logging say."""
    case = at.case
    known = last_seen.of(
        f"episodes_{case.id}",
        lambda: episodes.recent(
            session.db(), team=at.team, therapist=at.therapist, case=case.id, limit=EPISODES
        ),
        otherwise=[],
    )
    recent = {
        one.id: f"{clock.opening(clock.day(one.happened_on, now=at.today))}: {EPISODE_KINDS[one.kind].label}"
        for one in known.value
    }
    with session.errors_shown():
        kept = drafts.of(session.vault(), owner=session.outbox().owner)
    # With the number of questions in the key: what was saved closes by itself and is in the list.
    for draft in kept:
        of, _, episode = draft.key.partition("/")
        if draft.form == bring_this.NAME and of == str(case.id) and episode:
            origin = Origin(at.team, {case.id: case.code}, episode=UUID(episode))
            words = recent.get(UUID(episode), "an episode")
            bring_this.offer(
                origin,
                today=at.today,
                prefix=at.key(f"bring_{count}_{episode}"),
                label=f"Begun, about an episode ({words})",
            )
    origin = Origin(at.team, {case.id: case.code}, episodes=recent)
    bring_this.offer(origin, today=at.today, prefix=at.key(f"bring_{count}"), label="Bring something")


def card(question: Question, *, today: date) -> None:
    """What was asked, in its four parts."""
    st.subheader(components.plain(question.question), anchor=False)
    st.markdown(components.paragraphs(question.moment))
    for what, words in (("Felt", question.felt), ("Would like", question.would_like)):
        if words:
            st.markdown(f"**{what}:** {components.plain(words)}")
    origin = " from an episode" if question.episode else " from a reflection" if question.reflection else ""
    st.caption(f"Asked {clock.day(question.asked_on, now=today)}{origin}")


def _open(at: At, question: Question) -> None:
    key = at.key(f"question_{question.id}")
    with st.container(border=True, key=f"{key}_card", gap="xsmall"):
        card(question, today=at.today)
        sharing.on_its_way(at, question.id)
        if not at.mine:
            return
        _reword(at, question, key)
        if st.button(
            "Withdraw it", key=f"{key}_withdraw", type="tertiary", help="Then nobody but you reads it."
        ):
            _change(questions.withdraw, question)


def _reword(at: At, question: Question, key: str) -> None:
    said = {
        "moment": question.moment,
        "question": question.question,
        "felt": question.felt,
        "would_like": question.would_like,
    }
    edition = zlib.crc32("\0".join(said.values()).encode())  # another number as soon as the words are others

    def reword() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault,
                owner=outbox.owner,
                name="question",
                key=f"{at.case.id}/{question.id}",
                prefix=key,
                start=said,
                edition=edition,
            )
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, bring_this.TEXTS):
                with form.saving():
                    questions.amend(
                        outbox, question=question, moment=form["moment"] or "", wording=form["question"] or "",
                        felt=form["felt"] or "", would_like=form["would_like"] or "", op_id=form.names["op"],
                    )  # fmt: skip
                st.rerun()
        notices.begun_before(form)
        bring_this.ask(form)
        notices.kept(form)
        asking.save_bar(form, "Save", bring_this.TEXTS, refused=refusal.sentence, width="content")

    folded.away("Put it in other words", reword, key=f"{key}_reword_{edition}", type="compact")


def _earlier(at: At, question: Question) -> None:
    st.markdown(
        f"**{components.plain(question.question)}** · {QUESTION_STATES[question.state].label.lower()}, "
        f"asked {clock.day(question.asked_on, now=at.today)}  \n{components.plain(question.moment)}"
    )
    sharing.on_its_way(at, question.id)
    if (
        at.mine
        and question.state == "withdrawn"
        and st.button("Bring it after all", key=at.key(f"question_{question.id}_again"), type="tertiary")
    ):
        _change(questions.bring_again, question)


def _change(change: Callable[..., Operation], question: Question) -> None:
    with notices.refusal() as refusal:
        change(session.outbox(), question=question)
        st.rerun()
    st.error(refusal.sentence)
