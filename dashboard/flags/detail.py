"""Detail of one flagged case for its clinical lead: a reason first, then the facts for an hour. What is shown is kept nowhere.

No cache, no session state, no table inside a fragment of its own and no file: all of these would hold the facts beyond the run.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import streamlit as st

from dashboard import charts, components, session
from dashboard.components.figures import CONFIG
from dashboard.flags import facts_words
from dashboard.forms import asking, clock, last_seen, notices
from dashboard.forms.form import Form
from services import reveals, timeline
from services.errors import NotAllowed
from services.flags import Watched
from services.reveals import Facts

NAME = "reveal"
TEXTS = {"reason": "The reason"}
BEFOREHAND = f"For {reveals.MINUTES} minutes, this case only. Its therapist and supervisors are told your reason, and every look is in the log."
OVER = "This is no longer open to you. While you lead the team, a new reason opens it again."


def for_me(case: Watched) -> bool:
    """Whether there is anything here for whoever is signed in: only for those who lead the team of the case."""
    return case.team in session.person().teams_as("lead")


def show(case: Watched, *, key: str) -> None:
    """The field for a reason or, while one is in force, the facts. Draw it on demand only: with a reason it is a look, and in the log."""
    with session.errors_shown():
        until = reveals.open_until(
            session.db(), lead=session.person().id, therapist=case.therapist_id, case=case.case, now=datetime.now(UTC)
        )  # fmt: skip
    if until is None:
        _reason(case, key=f"{key}_reason")
    else:
        _facts(case, until, key=f"{key}_facts")


def _reason(case: Watched, *, key: str) -> None:
    @st.fragment
    def ask() -> None:
        with session.errors_shown():
            vault, owner = session.vault(), session.outbox().owner
            form = Form(
                vault, owner=owner, name=NAME, key=f"{case.case}/{case.therapist_id}", prefix=key, start={"reason": ""}
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, TEXTS):
                reveals.ask(session.db(), therapist=case.therapist_id, case=case.case, reason=form["reason"])
                form.discard()
                st.rerun()
        notices.begun_before(form)
        st.markdown(BEFOREHAND)
        st.text_area(
            "Why do you need to see this case?", max_chars=reveals.LONGEST, height=100, **form.field("reason"),
            help="What you want to find out, and what for. Without anything that identifies a client.",
        )  # fmt: skip
        written = len(form["reason"].strip())
        if written < reveals.SHORTEST:
            st.caption(f"{written} of the {reveals.SHORTEST} characters that are needed.")
        notices.kept(form)
        asking.save_bar(form, f"Show {case.code} for an hour", TEXTS, refused=refusal.sentence, width="content")  # fmt: skip

    ask()


def _facts(case: Watched, until: datetime, *, key: str) -> None:
    left = (until - datetime.now(UTC)).total_seconds()

    # Runs again by itself when the hour is over, and takes the facts off the screen.
    @st.fragment(run_every=max(left, 0) + 1)
    def look() -> None:
        with session.errors_shown():
            facts = _seen(case, until)
        if facts is None:
            st.markdown(OVER)
            return
        _draw(facts, key=key)

    look()


def _seen(case: Watched, until: datetime) -> Facts | None:
    """One look; None when the hour is over or the role has ended since."""
    with suppress(NotAllowed):
        if datetime.now(UTC) < until:
            return reveals.see(session.db(), therapist=case.therapist_id, case=case.case)
    return None


def _draw(facts: Facts, *, key: str) -> None:
    today = clock.today()
    minutes = max(int((facts.until - datetime.now(UTC)).total_seconds() // 60), 0)
    st.markdown(
        f":material/timer: **{facts_words.minutes(minutes)} left**, until {clock.hour(facts.until)}. "
        "You see facts that were entered; texts, reflections and guesses stay with their author."
    )
    st.markdown(components.plain(facts_words.head(facts, now=today)))
    names = last_seen.of("measure_names", lambda: timeline.measure_names(session.db()), otherwise={}).value
    course = facts.course()
    words = charts.case_course_in_words(course, today=today, measures=names)
    with st.container(key=f"{key}_course"):
        st.plotly_chart(
            charts.case_course(course, today=today, measures=names), alt=words, width="stretch", config=CONFIG
        )
    st.markdown(components.plain(words))
    for title, table, sentence in facts_words.tables(facts, now=today, measures=names):
        st.markdown(f"**{components.plain(title)}**")
        if sentence:
            st.caption(sentence)
        if len(table):
            st.table(table.set_index(table.columns[0]))
