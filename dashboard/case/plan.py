"""The plan of a case: what is tried and how it goes, and the reviews that say so."""

from __future__ import annotations

import streamlit as st

from dashboard import components, session
from dashboard.case import plan_review, sharing
from dashboard.case.at import At
from dashboard.forms import asking, clock, folded, last_seen, notices
from dashboard.forms.form import Form
from services import plans
from services.plans import Strategy
from services.vocabulary import STRATEGY_VERDICTS

NAME = "strategy_new"
TEXTS = {"wording": "What you try"}


def show(at: At) -> None:
    case, whose = at.case, {"team": at.team, "therapist": at.therapist, "case": at.case.id}
    tried = last_seen.of(
        f"strategies_{case.id}", lambda: plans.strategies(session.db(), **whose), otherwise=[]
    )
    looks = last_seen.of(
        f"plan_reviews_{case.id}", lambda: plans.reviews(session.db(), **whose), otherwise=[]
    )
    notices.away(
        tried.trouble or looks.trouble,
        "The plan is the one from before." if tried.known else "The plan cannot be shown just now.",
    )
    strategies, reviews = plans.as_it_will_be(tried.value, looks.value, at.waiting, case=case.id)
    running = [one for one in strategies if one.ended_on is None]
    ended = [one for one in strategies if one.ended_on is not None]

    st.header("What is being tried", anchor=False)
    if at.mine:
        st.caption(
            "Your words are yours alone until you share them, one by one. Your supervisor sees how it goes, and when."
        )
    if not running:
        st.markdown("No strategy is on record as being tried.")
    for strategy in running:
        _running(at, strategy)
    if at.mine:
        _try_something(at, count=len(strategies))
    if ended:
        with st.expander(f"No longer tried ({len(ended)})", key=at.key("ended"), type="compact"):
            for strategy in ended:
                _ended(at, strategy)
    plan_review.show(at, strategies, reviews)


def named(at: At, strategy: Strategy) -> str:
    """Its wording where this reader has it, else since when it is tried."""
    if strategy.wording:
        return components.plain(strategy.wording.body)
    return f"A strategy tried since {clock.date_words(strategy.started_on, now=at.today)}"


def _running(at: At, strategy: Strategy) -> None:
    key = at.key(f"strategy_{strategy.id}")
    with st.container(border=True, key=f"{key}_card", gap="xsmall"):
        st.subheader(named(at, strategy), anchor=False)
        if not strategy.wording and not at.mine:
            st.markdown(sharing.PRIVATE)
        since = f"Since {clock.date_words(strategy.started_on, now=at.today)}"
        st.caption(f"{since} · {how_it_went(at, strategy)}")
        sharing.on_its_way(at, strategy.id)
        if not at.mine:
            return
        with st.container(horizontal=True, vertical_alignment="center", gap="medium", key=f"{key}_ways"):
            if strategy.wording:
                sharing.switch(at, strategy.wording)
            ended = components.sure(
                "No longer try it", "It stays on record with what your reviews said of it.", "End it today", key=f"{key}_end"
            )  # fmt: skip
        if ended:
            with notices.refusal() as refusal:
                plans.end(session.outbox(), strategy=strategy, ended_on=at.today, today=at.today)
                st.rerun()
            st.error(refusal.sentence)


def how_it_went(at: At, strategy: Strategy) -> str:
    """The last three verdicts with their days, the latest first."""
    last = strategy.verdicts[:-4:-1]
    said = [
        f"{STRATEGY_VERDICTS[one.verdict].label.lower()} ({clock.day(one.on, now=at.today)})" for one in last
    ]
    return ", before that ".join(said) if said else "not reviewed yet"


def _ended(at: At, strategy: Strategy) -> None:
    first, last = (clock.date_words(day, now=at.today) for day in (strategy.started_on, strategy.ended_on))
    st.markdown(f"**{named(at, strategy)}**  \n{first} to {last} · {how_it_went(at, strategy)}")
    sharing.on_its_way(at, strategy.id)


def _try_something(at: At, *, count: int) -> None:
    def begin() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name=NAME, key=str(at.case.id), prefix=at.key("try"), names=("op", "strategy"),
                start={"wording": "", "started_on": at.today, "share": False},
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, TEXTS):
                asking.not_to_come(form, "started_on", "The first day", today=at.today)
                with form.saving():
                    plans.start(
                        outbox, team=at.team, case=at.case.id, wording=form["wording"] or "", started_on=form["started_on"],
                        today=at.today, share=form["share"], entity=form.names["strategy"], op_id=form.names["op"],
                    )  # fmt: skip
                st.rerun()
        notices.begun_before(form)
        st.text_area(
            "What I will try",
            height=72,
            placeholder="One thing, so that a review can say whether it works.",
            **form.field("wording"),
        )
        asking.day(form, "started_on", "From", today=at.today)
        st.toggle("Share these words with my supervisor", **form.field("share"))
        notices.kept(form)
        asking.save_bar(form, "Save", TEXTS, refused=refusal.sentence, width="content")

    # With their number in the key: what was saved closes by itself and is in the list.
    folded.away("Try something new", begin, key=at.key(f"try_{count}"), type="compact", icon=":material/add:")
