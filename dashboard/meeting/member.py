"""The meeting on a therapist's own device: the agenda in labels, which item is on, and what is theirs in it."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from dashboard import components
from dashboard.forms import clock, notices
from dashboard.meeting import bring, own_item, pulse, pulse_course, theme, words
from dashboard.meeting.at import At
from services import vocabulary
from services.meetings import Item

STILL_THERE = "What you passed is still on the agenda that the others see. It goes as soon as this server reaches the database."
NOT_PLANNED = "No meeting is planned just now. What you ask to bring is proposed for the next one."


def show(at: At) -> None:
    """Before, during and after a meeting; of other people's items only what the shared screen says."""
    if at.meeting is None:
        st.markdown(NOT_PLANNED)
    else:
        _meeting(at)
    bring.show(at)
    if at.state != "running":
        pulse_course.show(at)


def _meeting(at: At) -> None:
    st.header(_title(at), anchor=False)
    if at.meeting.my_label:
        st.caption(f":material/visibility_off: On the shared screen you are **Person {components.plain(at.meeting.my_label)}**. Only you see this line.")  # fmt: skip
    if at.state == "running":
        _now(at)
    if pulse.asked(at):
        pulse.show(at)
    _agenda(at)
    _passed(at)
    if at.state == "running" and at.meeting.current and at.meeting.current.kind == "theme":
        theme.show(at)
    mine = [item for item in at.meeting.items if _is_mine(at, item)]
    if mine:
        st.header("Yours on the agenda", anchor=False)
    for item in sorted(mine, key=lambda one: one.id != at.meeting.item):
        own_item.show(at, item)


def _passed(at: At) -> None:
    """What was passed here and is still on the agenda of the others, while the database cannot be reached."""
    for op in at.waiting:
        if op.kind == "item.pass" and at.as_it_stands(UUID(op.entity)):
            st.warning(STILL_THERE, icon=":material/tv:")
            notices.how_far(op.op_id, key=at.key(op.op_id))


def _title(at: At) -> str:
    day = clock.day(at.meeting.held_on, now=at.today)
    if at.state == "running":
        return "The meeting is on"
    if at.state == "ended":
        return f"The meeting of {day} has ended"
    when = f"{day}, {at.meeting.starts_at}" if at.meeting.starts_at else day
    return f"Meeting {'on ' if day[:1].isdigit() else ''}{when}"


def _is_mine(at: At, item: Item) -> bool:
    return item.is_a_case and item.known is not None and item.known.therapist_id == at.me


def _now(at: At) -> None:
    """What is being talked about; an own one by its code as well."""
    item = at.meeting.current
    with st.container(border=True, key=at.key("now_card"), gap="xsmall"):
        if item is None:
            st.markdown("**Now:** between two items.")
            return
        st.markdown(f"**Now:** {_name(at, item)}")
        st.caption(vocabulary.DISCUSSION_STAGES[item.stage].label if item.is_a_case else vocabulary.AGENDA_KINDS[item.kind].help)  # fmt: skip


def _name(at: At, item: Item) -> str:
    """The label of an item, and whose it is where it is one's own: "Case 47 · Person B is your C-1044"."""
    label = components.plain(words.label(item))
    return f"{label} is **your {components.plain(item.known.code)}**" if _is_mine(at, item) else label


def _agenda(at: At) -> None:
    items = at.meeting.items
    if not items:
        st.markdown("Nothing is on the agenda yet.")
        return
    lines = []
    for item in items:
        on = item.id == at.meeting.item and at.state == "running"
        stands = "**now**" if on else "" if item.state == "on" else vocabulary.label("agenda_state", item.state).lower()  # fmt: skip
        said = [_name(at, item), words.minutes(item.minutes), stands]
        lines.append(f"1. {' · '.join(part for part in said if part)}")
    with st.container(key=at.key("agenda")):
        st.markdown("\n".join(lines))
