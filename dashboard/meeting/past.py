"""One meeting that has ended: what was decided and agreed, whether it helped, what shifted, what was carried over, and when it was on a screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

import streamlit as st

from dashboard import charts, components
from dashboard.forms import action_card, clock
from dashboard.meeting import words
from services import vocabulary
from services.meetings import Decision
from services.outbox import Operation
from services.past_meetings import Past, Talked
from services.shared_screen import AFTER_THE_END


def show(found: Past, *, me: UUID, today: date, waiting: Sequence[Operation], key: str) -> None:
    """All of it, under a heading that the caller has written. `key` begins every widget's key."""
    held = found.held
    many = f"{len(found.talked_about)} of {len(found.items)} item{'s' if len(found.items) != 1 else ''} talked about"
    st.markdown(f"{clock.hour(held.begun_at)} to {clock.hour(held.ended_at)}, {words.minutes(held.lasted)} of {held.minutes} planned · {many}")  # fmt: skip
    _decided(found, key, today)
    _agreed(found, me, today, waiting, key)
    _shifted(found, key)
    _not_reached(found)
    _screens(found)


def _decided(found: Past, key: str, today: date) -> None:
    st.header("What was decided", anchor=False)
    told = [item for item in found.items if item.decisions or item.helped]
    for item in told:
        with st.container(border=True, key=f"{key}_{item.id}_card", gap="xsmall"):
            st.subheader(components.plain(item.name), anchor=False)
            kind = vocabulary.label("agenda_kind", item.kind)
            st.caption(_minutes(item) if kind == item.name else f"{kind} · {_minutes(item)}")
            for one in item.decisions:
                st.markdown("  \n".join(decision(one, today)))
            if item.helped:
                st.markdown(
                    f"Did talking about it help? **{vocabulary.label('helped', item.helped)}**, says its therapist."
                )
    quiet = [components.plain(item.name) for item in found.talked_about if item not in told]
    if quiet:
        st.markdown(f"Talked about without a decision on record: {', '.join(quiet)}.")
    elif not told:
        st.markdown("Nothing was recorded.")


def decision(one: Decision, today: date) -> list[str]:
    """The lines of a decision, each only where there is something to say."""
    label = f"**{vocabulary.label('step_back_decision', one.decision)}.** " if one.decision else ""
    lines = [label + components.plain(one.words)] if label or one.words else []
    if one.sentence:
        lines.append(f"A sentence to try: “{components.plain(one.sentence)}”")
    if one.will_know:
        lines.append(f"How we will know: {components.plain(one.will_know)}")
    if one.look_again_on:
        lines.append(f"To be looked at again on {clock.date_words(one.look_again_on, now=today)}.")
    return lines


def _agreed(found: Past, me: UUID, today: date, waiting: Sequence[Operation], key: str) -> None:
    st.header("What was agreed to be done", anchor=False)
    if not found.actions:
        st.markdown("No action was agreed.")
        return
    done = [one for one in found.actions if one.state == "done"]
    helped, told = (
        sum(one.helped in ("yes", "a_little") for one in done),
        sum(one.helped is not None for one in done),
    )
    said = f"; {helped} of {told} helped, at least a little" if told else ""
    st.markdown(f"{len(done)} of {len(found.actions)} done{said}.")
    codes = {item.case: item.code for item in found.items if item.case}
    with st.container(gap="small", key=f"{key}_actions"):
        for one in found.actions:
            action_card.show(action_card.of_case(one, codes), me=me, today=today, waiting=waiting, key=key, change=True)  # fmt: skip


def _shifted(found: Past, key: str) -> None:
    st.header("What shifted", anchor=False)
    rated = [item for item in found.items if item.shifts]
    if not rated:
        st.markdown("No case was rated again after it was talked about.")
        return
    st.markdown(
        "The six causes before a discussion and after it. A higher rating can mean that more was seen."
    )
    for item in rated:
        components.figure_with_table(
            charts.what_shifted(item.shifts, title=item.name), charts.what_shifted_table(item.shifts), charts.what_shifted_in_words(item.shifts),
            key=f"{key}_{item.id}_shifts", filename=f"sixfold-meeting-{found.held.held_on.isoformat()}-{item.code or 'item'}-ratings", level=3,
        )  # fmt: skip


def _not_reached(found: Past) -> None:
    for title, items in (("Carried over", found.carried), ("Taken off", found.dropped)):
        if items:
            st.header(title, anchor=False)
            st.markdown("\n".join(f"- {components.plain(item.name)}{_why(item)}" for item in items))


def _why(item: Talked) -> str:
    return f": {components.plain(item.reason)}" if item.reason else ""


def _screens(found: Past) -> None:
    st.header("On a shared screen", anchor=False)
    for said in on_a_screen(found, now=datetime.now(UTC)) or ["It was on no shared screen."]:
        st.markdown(said)


def on_a_screen(found: Past, *, now: datetime) -> list[str]:
    """A sentence for each time it was on one. What nobody took down ends by itself, some time after the meeting."""
    ends = found.held.ended_at + AFTER_THE_END
    by_itself = f", until {clock.hour(ends)} at the latest" if now < ends else ", until it ended by itself"
    return [
        f"From {clock.hour(one.since)}{f' to {clock.hour(one.until)}' if one.until else by_itself}, put there by {components.plain(one.by)}."
        for one in found.screens
    ]


def _minutes(item: Talked) -> str:
    return f"{words.minutes(round(item.spent / 60))} of {item.minutes} planned" if item.spent else f"{words.minutes(item.minutes)} planned"  # fmt: skip
