"""Reviews of a plan: when the next one is due, what works and what does not, and what changes from here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.case import sharing
from dashboard.case.at import At
from dashboard.forms import asking, clock, folded, notices
from dashboard.forms.form import Form
from services import plans
from services.plans import Review, Strategy
from services.vocabulary import STRATEGY_VERDICTS

NAME = "plan_review"
TEXTS = {"adjustment": "What you will do differently"}
NEXT = {
    14: "in 2 weeks",
    plans.REVIEW_AFTER: "in 4 weeks",
    56: "in 8 weeks",
    84: "in 12 weeks",
    0: "no date yet",
}
SHOWN = 20  # reviews; more than a year of them, monthly


def show(at: At, strategies: Sequence[Strategy], reviews: Sequence[Review]) -> None:
    st.header("Reviews", anchor=False)
    st.markdown(when_next(at, reviews))
    if at.mine:
        _review(at, [one for one in strategies if one.ended_on is None], count=len(reviews))
    for review in reviews[:SHOWN]:
        _one(at, review, strategies)
    if len(reviews) > SHOWN:
        st.caption(f"{len(reviews) - SHOWN} earlier reviews are on record.")


def when_next(at: At, reviews: Sequence[Review]) -> str:
    """When the plan is looked at again, as the latest review said."""
    if not reviews:
        return "The plan has not been reviewed yet."
    due = reviews[0].next_review_on
    if due is None:
        return "No date is set for the next review."
    day = clock.date_words(due, now=at.today)
    if due == at.today:
        return "**The next review is due today.**"
    return f"**A review is due since {day}.**" if due < at.today else f"The next review is on {day}."


def _review(at: At, running: Sequence[Strategy], *, count: int) -> None:
    # With their number in the key: what was saved closes by itself and is in the list.
    def review() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name=NAME, key=str(at.case.id), prefix=at.key("review"), names=("op", "review"),
                start={
                    "reviewed_on": at.today, "adjustment": "", "share": False, "next_in": plans.REVIEW_AFTER,
                    **{f"verdict_{one.id}": None for one in running},
                },
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, TEXTS):
                asking.not_to_come(form, "reviewed_on", "The day of the review", today=at.today)
                _save(at, form, running)
                st.rerun()
        notices.begun_before(form)
        for strategy in running:
            words = strategy.wording.body if strategy.wording else "This strategy"
            components.choice(
                components.plain(words),
                STRATEGY_VERDICTS,
                explain=True,
                **form.field(f"verdict_{strategy.id}"),
            )
        st.text_area(
            "What I will do differently", height=80, placeholder="No names.", **form.field("adjustment")
        )
        st.toggle("Share these words with my supervisor", **form.field("share"))
        asking.day(form, "reviewed_on", "Day of the review", today=at.today)
        st.pills(
            "Look again", list(NEXT), format_func=NEXT.get, required=True, **form.field("next_in", among=NEXT)
        )
        if _next(form):
            st.caption(
                f"That is {clock.date_words(_next(form), now=at.today)}; it shows on Home from that day on."
            )
        notices.kept(form)
        asking.save_bar(form, "Save the review", TEXTS, refused=refusal.sentence, width="content")

    folded.away(
        "Review the plan", review, key=at.key(f"review_{count}"), type="compact", icon=":material/fact_check:"
    )


def _next(form: Form):
    return (
        form["reviewed_on"] + timedelta(days=form["next_in"])
        if form["reviewed_on"] and form["next_in"]
        else None
    )


def _save(at: At, form: Form, running: Sequence[Strategy]) -> None:
    given: dict[UUID, str] = {
        one.id: form[f"verdict_{one.id}"] for one in running if form[f"verdict_{one.id}"]
    }
    with form.saving():
        plans.review(
            session.outbox(), team=at.team, case=at.case.id, verdicts=given, reviewed_on=form["reviewed_on"], today=at.today,
            next_review_on=_next(form), adjustment=form["adjustment"] or "", share=form["share"], entity=form.names["review"],
            op_id=form.names["op"],
        )  # fmt: skip


def _one(at: At, review: Review, strategies: Sequence[Strategy]) -> None:
    with st.container(border=True, key=at.key(f"review_{review.id}_card"), gap="xsmall"):
        st.subheader(clock.opening(clock.day(review.reviewed_on, now=at.today)), anchor=False)
        for strategy in strategies:
            for verdict in (one for one in strategy.verdicts if one.review == review.id):
                since = f"a strategy tried since {clock.date_words(strategy.started_on, now=at.today)}"
                words = components.plain(strategy.wording.body) if strategy.wording else since
                st.markdown(f"**{STRATEGY_VERDICTS[verdict.verdict].label}:** {words}")
        if review.adjustment:
            st.markdown(f"**From here on:** {components.paragraphs(review.adjustment.body)}")
            if at.mine:
                sharing.switch(at, review.adjustment)
        elif not at.mine:
            st.caption("Any words about what changes are kept private by the therapist.")
        sharing.on_its_way(at, review.id)
