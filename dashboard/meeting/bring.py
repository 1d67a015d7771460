"""Bringing something to the next meeting: own questions that are still to be brought, and a new one."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard import components, session
from dashboard.case import at as case_page
from dashboard.forms import bring_this, case_field, last_seen
from dashboard.forms.bring_this import Origin
from dashboard.meeting.at import At
from services import questions
from services.questions import Question

NO_CASES = "A case begins with its code, the first time an episode is logged for it."


def show(at: At) -> None:
    """What is on the agenda already is not listed once more."""
    codes = {case.id: case.code for case in case_field.known(therapist=at.me, team=at.team).value}
    read = last_seen.of(f"to_bring_{at.team}", lambda: questions.open_in(session.db(), team=at.team, therapist=at.me), otherwise=[])  # fmt: skip
    found = questions.as_they_will_be(read.value, at.waiting, team=at.team, therapist=at.me, codes=codes)
    here = {item.known.question_id for item in at.meeting.items if item.known} if at.meeting and at.state != "ended" else set()  # fmt: skip
    to_come = [one for one in found if one.state == "open" and one.id not in here]
    st.header("To bring another time" if here - {None} else "To bring", anchor=False)
    for question in to_come:
        _line(at, question, at.today)
    if not to_come:
        st.markdown("Nothing of yours waits to be brought." if codes else NO_CASES)
    if codes:
        bring_this.offer(Origin(at.team, codes), today=at.today, prefix=at.key(f"bring_{len(found)}"), label="Bring something")  # fmt: skip


def _line(at: At, question: Question, today: date) -> None:
    key = at.key(f"bring_{question.id}")
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", gap="small", key=f"{key}_row_card"
    ):
        st.markdown(
            f"**{components.plain(question.code)}:** {components.plain(question.question)}", width="stretch"
        )
        case_page.button(question.case, question.code, key=f"{key}_go", team=at.team, tab="Supervision")
