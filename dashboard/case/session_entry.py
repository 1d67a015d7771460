"""Entering sessions, several at once, and correcting one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from dashboard import components, session
from dashboard.case.at import At
from dashboard.forms import asking, clock, notices
from dashboard.forms.form import Form, edition_of
from services import sessions, vocabulary
from services.sessions import HIGHEST, Entry, Session

NO_TEXT: dict[str, str] = {}
MOST = 6  # at once: more belong into a file
WEEK = timedelta(weeks=1)


def new(at: At, known: Sequence[Session]) -> None:
    """One session is two taps; of several only what differs has to be touched."""
    opened = st.expander(
        "Enter sessions", key=at.key("session_new"), icon=":material/add:", on_change="rerun"
    )
    if not opened.open:
        return
    first, mode = sessions.next_number(known, at.case), known[0].mode if known else "in_person"
    days = {one.held_on for one in known}

    @st.fragment
    def enter() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name="case_sessions", key=str(at.case.id), prefix=at.key("session"), edition=first,
                names=[f"{what}_{place}" for what in ("op", "session") for place in range(1, MOST + 1)],
                start={"day_1": at.today, "count": 1, "first": first}
                | {f"day_{place}": at.today - WEEK * (place - 1) for place in range(2, MOST + 1)}
                | {f"attendance_{place}": "attended" for place in range(1, MOST + 1)}
                | {f"mode_{place}": mode for place in range(1, MOST + 1)},
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, NO_TEXT):
                _save(at, form)
                st.rerun()
        notices.begun_before(form)
        st.segmented_control(
            "How many sessions?", list(range(1, MOST + 1)), required=True, wrap=True, **form.field("count")
        )
        for place in range(1, form["count"] + 1):
            _row(at, form, place, days)
        st.number_input(
            "Number of the first of them", 1, HIGHEST, help="As you count. Those that did not take place count too.", width=240,
            **form.field("first"),
        )  # fmt: skip
        notices.kept(form)
        many = f"Save {form['count']} sessions" if form["count"] > 1 else "Save the session"
        asking.save_bar(form, many, NO_TEXT, refused=refusal.sentence, width="content")

    with opened:
        enter()


def _row(at: At, form: Form, place: int, days: set) -> None:
    which = f" (session {place})" if form["count"] > 1 else ""
    with st.container(border=form["count"] > 1, key=at.key(f"session_row_{place}"), gap="small"):
        asking.day(form, f"day_{place}", f"Day{which}", today=at.today)
        if form[f"day_{place}"] in days:
            st.caption("A session on this day is on record already.")
        components.choice(
            f"Did it take place?{which}", vocabulary.ATTENDANCES, **form.field(f"attendance_{place}")
        )
        components.choice(
            f"How did you meet?{which}", vocabulary.SESSION_MODES, **form.field(f"mode_{place}")
        )


def _save(at: At, form: Form) -> None:
    places = range(1, form["count"] + 1)
    for place in places:
        asking.not_to_come(form, f"day_{place}", "The day", today=at.today)
    with form.saving():
        sessions.log(
            session.outbox(), team=at.team, case=at.case.id, first_number=form["first"], today=at.today,
            appointments=[
                Entry(form[f"day_{place}"], form[f"attendance_{place}"], form[f"mode_{place}"], form.names[f"session_{place}"], form.names[f"op_{place}"])
                for place in places
            ],
        )  # fmt: skip


def correct(at: At, known: Sequence[Session]) -> None:
    """Choose one, and put it right. What it said before is kept."""
    opened = st.expander(
        "Correct a session", key=at.key("session_correct"), on_change="rerun", type="compact"
    )
    if not opened.open:
        return
    by_id = {str(one.id): one for one in known}

    def named(key: str) -> str:
        one = by_id[key]
        return f"No. {one.number} · {clock.date_words(one.held_on, now=at.today)} · {vocabulary.label('attendance', one.attendance)}"

    names = components.told_apart({key: named(key) for key in by_id})

    @st.fragment
    def put_right() -> None:
        which = by_id[
            st.selectbox("Which one?", list(by_id), format_func=names.get, key=at.key("session_which"))
        ]
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name="case_session", key=f"{at.case.id}/{which.id}", prefix=at.key("correct"),
                edition=edition_of(which.number, which.held_on, which.attendance, which.mode),
                start={"number": which.number, "day": which.held_on, "attendance": which.attendance, "mode": which.mode},
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, NO_TEXT):
                asking.not_to_come(form, "day", "The day", today=at.today)
                with form.saving():
                    sessions.amend(
                        outbox, session=which, case=at.case.id, number=form["number"], held_on=form["day"], attendance=form["attendance"],
                        mode=form["mode"], today=at.today, op_id=form.names["op"],
                    )  # fmt: skip
                st.rerun()
        notices.begun_before(form)
        st.number_input("Number", 1, HIGHEST, width=240, **form.field("number"))
        asking.day(form, "day", "Day", today=at.today)
        components.choice("Did it take place?", vocabulary.ATTENDANCES, **form.field("attendance"))
        components.choice("How did you meet?", vocabulary.SESSION_MODES, **form.field("mode"))
        notices.kept(form)
        asking.save_bar(form, "Save the correction", NO_TEXT, refused=refusal.sentence, width="content")

    with opened:
        put_right()
