"""What is always in reach while a meeting runs: where it is, the clock, previous and next, timers, the agenda, the end."""

from __future__ import annotations

import streamlit as st

from dashboard import components
from dashboard.meeting import any_case, candidates, decide, draft, pressing, ticking, ways, words
from dashboard.meeting.at import At
from services import agenda, chairing, vocabulary
from services.agenda import Candidate
from services.meetings import Item

TIMERS = (("role_play", 3), ("role_play", 5), ("silence", 1), ("silence", 2))  # minutes


def show(at: At) -> None:
    with st.container(border=True, key=at.key("bar_card"), gap="xsmall"):
        with st.container(key=at.key("bar_where"), horizontal=True, vertical_alignment="bottom", gap="medium"):  # fmt: skip
            st.header(components.plain(heading(at)), anchor=False)
            ticking.show(at.meeting)
        pressing.trouble()
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=at.key("bar_ways")):
            _ways(at)


def heading(at: At) -> str:
    """ "2 of 6 · Case 47 · C-1044 · Alice" """
    meeting, item = at.meeting, at.meeting.current
    if item is None:
        return "Nothing is being talked about just now"
    place = [one.id for one in meeting.items].index(item.id) + 1 if item in meeting.items else 0
    where = f"{place} of {len(meeting.items)}" if place else ""
    return " · ".join(part for part in (where, named(item)) if part)


def named(item: Item) -> str:
    """With the number it has on the screen: "Case 47 · C-1044 · Alice"."""
    number = f"Case {item.case}" if item.is_a_case and item.case else ""
    return " · ".join(part for part in (number, words.title(item)) if part)


def _ways(at: At) -> None:
    ways.moving(at.meeting, key=at.key, primary=True)
    if at.meeting.current:
        decide.button(at, at.meeting.current)
    _timers(at)
    _agenda(at)
    ways.ending(at.meeting, named=named, key=at.key("end"))


def _timers(at: At) -> None:
    # Its key holds the timer, so that it closes once one runs.
    runs = int(at.meeting.timer_until.timestamp()) if at.meeting.timer_until else 0
    with st.popover("Timer", icon=":material/timer:", key=at.key(f"timers_{runs}")):
        st.markdown("It shows on the shared screen.")
        for timer, length in TIMERS:
            st.button(
                f"{vocabulary.MEETING_TIMERS[timer].label}, {words.minutes(length)}", key=at.key(f"timer_{timer}_{length}"),
                help=vocabulary.MEETING_TIMERS[timer].help, on_click=pressing.tried, args=(chairing.start_timer,),
                kwargs={"outbox": at.outbox, "meeting": at.meeting, "timer": timer, "seconds": length * 60},
            )  # fmt: skip
        if at.meeting.timer:
            st.button(
                "Take the timer away", key=at.key("timer_off"), icon=":material/timer_off:", on_click=pressing.tried, args=(chairing.start_timer,),
                kwargs={"outbox": at.outbox, "meeting": at.meeting, "timer": None},
            )  # fmt: skip


def _agenda(at: At) -> None:
    meeting, item = at.meeting, at.meeting.current
    mark = item.id if item else "none"
    # What has a decision is not to come any more, however it is left.
    left = "done" if item and item.known and item.known.decisions else None
    # Its key holds the item, so that it closes once another one has been chosen.
    with st.popover("Agenda", icon=":material/list:", key=at.key(f"agenda_at_{mark}")):
        with st.container(gap=None, key=at.key(f"agenda_items_{mark}")):
            for one in meeting.items:
                now = one.id == meeting.item
                stands = "now" if now else vocabulary.label("agenda_state", one.state).lower()
                st.button(
                    f"{components.plain(named(one))} · {stands}", key=at.key(f"to_{one.id}_from_{mark}"), type="tertiary", disabled=now,
                    on_click=pressing.tried, args=(ways.go,), kwargs={"meeting": meeting, "to": one, "left": left},
                )  # fmt: skip
        if item and (after := meeting.next_item()):
            st.button(
                "Carry this one over, and go on", key=at.key(f"carry_{mark}"), icon=":material/redo:", on_click=pressing.tried, args=(ways.go,),
                kwargs={"meeting": meeting, "to": after, "left": "carried"},
            )  # fmt: skip
        _add_a_case(at)
        pressing.keys_switch()


def _add_a_case(at: At) -> None:
    there = {one.known.case for one in at.meeting.items if one.known and one.known.case}

    def add(one: Candidate) -> None:
        pressing.pressed(lambda: chairing.add_case(at.outbox, meeting=at.meeting, item=draft.item_of(one, agenda.LEAST)))  # fmt: skip

    any_case.ask(at, lambda: candidates.read(at).value, there, add, key=at.key("add"))
