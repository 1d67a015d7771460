"""When a meeting is and how long: the fields of a draft, and of a change to a planned one."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard import session
from dashboard.forms import asking, clock, notices
from dashboard.forms.form import Form, edition_of
from dashboard.meeting.at import At
from services import chairing
from services.errors import Refused

NAME = "meeting_when"
NO_TEXT: dict[str, str] = {}
TIMES = [f"{hour:02}:{quarter:02}" for hour in range(7, 21) for quarter in (0, 15, 30, 45)]


def fields(form: Form) -> None:
    """Day, time and length, side by side where there is room."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=f"{form.prefix}_when"):
        st.date_input("Day", format="DD/MM/YYYY", width=170, **form.field("day"))
        times = sorted({*TIMES, form["starts_at"]} - {None}) if form["starts_at"] else TIMES
        st.selectbox("Begins at", times, index=None, placeholder="Not set", width=150, **form.field("starts_at"))  # fmt: skip
        st.number_input("Minutes", min_value=15, max_value=240, step=5, width=150, **form.field("length"))


def words(day: date, starts_at: str | None, minutes: int, *, today: date) -> str:
    """ "Wednesday 25 November at 10:00, 60 minutes" """
    at = f" at {starts_at}" if starts_at else ""
    return f"{day:%A} {clock.date_words(day, now=today)}{at}, {minutes} minutes"


def change(at: At) -> None:
    """Another day, time or length for a planned meeting."""
    meeting = at.meeting
    opened = st.expander("Another day, time or length", key=at.key("when"), on_change="rerun", type="compact", icon=":material/event:")  # fmt: skip
    if not opened.open:
        return

    @st.fragment
    def asked() -> None:
        with session.errors_shown():
            start = {"day": meeting.held_on, "starts_at": meeting.starts_at, "length": meeting.minutes}
            form = Form(session.vault(), owner=at.outbox.owner, name=NAME, key=str(meeting.id), prefix=at.key("when_form"), start=start, edition=edition_of(start))  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, NO_TEXT):
                if form["day"] is None or form["day"] < at.today:
                    raise Refused("Please choose the day of the meeting: today or a later one.")
                with form.saving():
                    chairing.amend(at.outbox, meeting=meeting, held_on=form["day"], starts_at=form["starts_at"], minutes=form["length"], op_id=form.names["op"])  # fmt: skip
                st.rerun()
        fields(form)
        notices.kept(form)
        asking.save_bar(form, "Save", NO_TEXT, refused=refusal.sentence, width="content")

    with opened:
        asked()
