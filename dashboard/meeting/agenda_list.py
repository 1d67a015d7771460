"""The agenda as a list: to read, or to put in order, with the minutes of each item and why it is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import streamlit as st

from dashboard import components
from dashboard.forms import notices
from dashboard.meeting import taking_off, words
from dashboard.meeting.at import At
from services import agenda, vocabulary
from services.outbox import Operation


@dataclass(frozen=True)
class Row:
    """One item as a supervisor prepares it. `ref` names it among the others; `because` holds reasons and points."""

    ref: str
    title: str
    kind: str
    minutes: int
    is_a_case: bool = False
    therapist: str = ""
    because: tuple[Mapping[str, Any], ...] = ()
    question: str = ""
    note: str = ""
    waiting: tuple[Operation, ...] = ()


class Changes(Protocol):
    """What can be done with a row; each saves at once, in a draft or on its way to the database."""

    def move(self, ref: str, step: int) -> None: ...

    def give(self, ref: str, minutes: int) -> None: ...

    def take_off(self, ref: str, reason: str, op_id: str) -> None: ...


def plain(at: At) -> None:
    """One line an item: what it is, its minutes and how it stands. An item that the reader may resolve is called by its code."""
    meeting = at.meeting
    if meeting is None or not meeting.items:
        st.markdown("Nothing is on the agenda.")
        return
    lines = []
    for item in meeting.items:
        now = " · **now**" if item.id == meeting.item and meeting.state == "running" else ""
        stands = "" if item.state == "on" else f" · {vocabulary.label('agenda_state', item.state).lower()}"
        lines.append(f"1. {components.plain(words.title(item))} · {words.minutes(item.minutes)}{stands}{now}")
    st.markdown("\n".join(lines))


def to_change(rows: Sequence[Row], changes: Changes, *, key: str, owner: str) -> None:
    """The items in their order, with buttons to move them: Tab reaches them, Enter or Space presses them."""
    with st.container(gap="small", key=f"{key}_agenda"):
        for place, row in enumerate(rows):
            _row(row, changes, place=place, last=place == len(rows) - 1, key=f"{key}_{row.ref}", owner=owner)


def _row(row: Row, changes: Changes, *, place: int, last: bool, key: str, owner: str) -> None:
    with st.container(border=True, key=f"{key}_item_card", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key}_top"):
            st.markdown(
                f"**{place + 1}. {components.plain(row.title)}**  \n{components.plain(row.kind)}",
                width="stretch",
            )
            _minutes(row, changes, key=key)
            st.button("Earlier", key=f"{key}_earlier", icon=":material/arrow_upward:", disabled=place == 0, on_click=changes.move, args=(row.ref, -1))  # fmt: skip
            st.button("Later", key=f"{key}_later", icon=":material/arrow_downward:", disabled=last, on_click=changes.move, args=(row.ref, 1))  # fmt: skip
        why(row.because, row.therapist, row.question, row.note)
        for op in row.waiting:
            notices.how_far(op.op_id, key=f"{key}_{op.op_id}")
        taking_off.ask(row.ref, changes.take_off, key=key, owner=owner)


def why(because: Sequence[Mapping[str, Any]], therapist: str, question: str = "", note: str = "") -> None:
    """Why a case is proposed, how its points add up, and what its therapist asked."""
    if question:
        st.markdown(f":material/record_voice_over: {components.plain(question)}")
    if said := words.arithmetic(because, therapist):
        st.caption(components.plain(said))
    if note:
        st.caption(components.plain(note))


def _minutes(row: Row, changes: Changes, *, key: str) -> None:
    # In session state beside its widget, to notice that the minutes were changed elsewhere: then the widget follows.
    here, stood = f"{key}_minutes", f"{key}_minutes_stood"
    if st.session_state.get(here) is None or st.session_state.get(stood) != row.minutes:
        st.session_state[here] = st.session_state[stood] = row.minutes

    def changed() -> None:
        # Streamlit calls this for a field as well that has just left the page, with what stood in it: nobody has changed that.
        if (given := st.session_state.get(here)) is not None and given != row.minutes:
            changes.give(row.ref, given)

    st.number_input(
        f"Minutes for item {row.title}", min_value=1, max_value=120, step=1, key=here, width=104, label_visibility="collapsed",
        icon=":material/timer:",
        on_change=changed,
    )  # fmt: skip


def time_left(rows: Sequence[Row], minutes: int) -> None:
    """Whether it all fits, and what to do where a case has too little time to be talked about."""
    taken = sum(row.minutes for row in rows)
    short = [row for row in rows if row.is_a_case and row.minutes < agenda.LEAST]
    if short:
        which = ", ".join(row.title for row in short[:3]) + (
            f" and {len(short) - 3} more" if len(short) > 3 else ""
        )
        st.warning(
            components.plain(f"Fewer than {agenda.LEAST} minutes are too few to talk about a case: {which}. "
            "Take one item off so that the others have time, or make the meeting longer."), icon=":material/timer:",
        )  # fmt: skip
    if taken > minutes:
        st.warning(
            f"The items take {words.minutes(taken)}, and the meeting has {minutes}. Take one off, give some less time, or make the meeting longer.",
            icon=":material/more_time:",
        )
    else:
        rest = f"; {words.minutes(minutes - taken)} to spare" if taken < minutes else ""
        st.caption(f"The items take {taken} of {words.minutes(minutes)}{rest}.")
