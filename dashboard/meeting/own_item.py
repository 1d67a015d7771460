"""One's own item in a meeting: what it is on the screen, words for it, what is released, passing; afterwards what came of it."""

from __future__ import annotations

import streamlit as st

from dashboard import components, session
from dashboard.case import at as case_page
from dashboard.forms import action_card, clock, last_seen, notices
from dashboard.meeting import own_words, release, rerate, words
from dashboard.meeting.at import At
from services import actions, own_items, vocabulary
from services.meetings import Decision, Item

PASSING = "It leaves the agenda as if it had never been there, and no note of that is kept. A question of yours stays open for another time."
CARRIED = "There was no time for it. It is proposed again next time."


def show(at: At, item: Item) -> None:
    known, key = item.known, at.key(f"own_{item.id}")
    with st.container(border=True, key=f"{key}_card", gap="small"):
        st.subheader(components.plain(words.title(item).removesuffix(f" · {known.therapist}")), anchor=False)
        st.caption(_facts(at, item))
        for op in at.on_its_way(item.id)[-1:]:
            notices.how_far(op.op_id, key=f"{key}_{op.op_id}")
        if item.state == "carried":
            st.markdown(CARRIED)
        if item.state == "on" and at.state != "ended":
            own_words.show(at, item)
            release.show(at, item)
            _pass(at, item, key)
        if item.state == "done" or (at.state == "running" and item.id == at.meeting.item):
            rerate.show(at, item)
            _came_of_it(at, item, key)
        if known.released and (item.state != "on" or at.state == "ended"):
            release.show(at, item, released_only=True)
        case_page.button(known.case, known.code, key=f"{key}_go", team=at.team, tab="Supervision")


def _facts(at: At, item: Item) -> str:
    """Its label on the screen, and why it is here."""
    because = [
        components.plain(words.reason(one, "you")) for one in item.known.because if one.get("why") != "turn"
    ]
    screen = words.screen_name(item)
    said = [f"on the screen: {components.plain(screen)}"] * bool(screen) + [
        f"why: {'; '.join(because)}"
    ] * bool(because)
    return clock.opening(" · ".join(said))


def _pass(at: At, item: Item, key: str) -> None:
    if components.sure("Pass", PASSING, "Take it off the agenda", key=f"{key}_pass"):
        with notices.refusal() as refusal:
            own_items.pass_on(at.outbox, meeting=at.meeting, item=item)
            st.rerun()
        st.error(refusal.sentence)


def _came_of_it(at: At, item: Item, key: str) -> None:
    """Decisions on the item, and what is to be done on its case."""
    for decision in item.known.decisions:
        _decision(decision, at)
    read = last_seen.of(
        f"meeting_actions_{item.known.case}",
        lambda: actions.in_team(session.db(), team=at.team, case=item.known.case),
        otherwise=[],
    )
    found = actions.as_they_will_be(read.value, at.waiting, team=at.team, me=at.me, today=at.today)
    for action in found:
        if action.case == item.known.case:
            action_card.show(action, me=at.me, today=at.today, waiting=at.waiting, key=key, change=action.owner_id == at.me)  # fmt: skip


def _decision(decision: Decision, at: At) -> None:
    label = vocabulary.label("step_back_decision", decision.decision).lower() if decision.decision else ""
    said = [f"**Decided:** {label}"] if label else []
    parts = (
        ("" if label else "**Decided:** ", decision.words),
        ("**A sentence to try:** ", decision.sentence),
        ("**How we will know:** ", decision.will_know),
    )
    said += [f"{label}{components.plain(text)}" for label, text in parts if text]
    if decision.look_again_on:
        said.append(f"**Look again:** {clock.date_words(decision.look_again_on, now=at.today)}")
    st.markdown("  \n".join(said))
