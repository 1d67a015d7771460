"""A rupture in the meeting: the way of its repair step by step into the ledger, what the team remembers, one sentence to try."""

from __future__ import annotations

import streamlit as st

from dashboard import components, session
from dashboard.forms import last_seen, rupture_card
from dashboard.meeting import case_slot, decide, guide, stages
from dashboard.meeting.at import At
from dashboard.meeting.subject import rupture_of
from services import repair_memory, vocabulary
from services.meetings import Item

WAY = ("noticed", "named", "explored", "need_expressed", "repaired")


def show(at: At, item: Item) -> None:
    left, right = st.columns(2, gap="medium")
    with left, st.container(key=at.key("known"), gap="xsmall"):
        _ledger(at, item)
        case_slot.screen_line(item)
        _memory(at)
        case_slot.looks(at, item)
    with right, st.container(key=at.key("slot"), gap="xsmall"):
        stages.show(at, item)
        guide.show(at, item)
        decide.show(at, item)


def _ledger(at: At, item: Item) -> None:
    """The rupture with its ladder, the step ahead in words, and the forms that record a step or the close."""
    seen = rupture_of(at, item)
    rupture = seen.value
    if rupture is None:
        st.caption(
            "The rupture cannot be shown just now."
            if seen.trouble
            else "This rupture is not on record any more."
        )
        return
    if rupture.closed_on:
        st.markdown(rupture_card.closed(rupture, me=at.me, today=at.today))
        return
    st.markdown(ahead(rupture.stage))
    mine = [op for op in at.waiting if op.entity == str(rupture.id)]
    rupture_card.show(rupture, me=at.me, today=at.today, waiting=mine, at_case=True)


def ahead(stage: str | None) -> str:
    """What comes next on the way, as something to do: after "named", exploring it from both sides."""
    onward = vocabulary.REPAIR_PATH[stage or "noticed"]
    return f"**{onward.label}.** {onward.help}"


def _memory(at: At) -> None:
    """How ruptures of this team went that were closed within a year; nothing where too few stand behind it."""
    seen = last_seen.of(
        f"repair_memory_{at.team}", lambda: repair_memory.of_team(session.db(), team=at.team), otherwise=None
    )
    with st.expander("What this team’s own repairs tell", key=at.key("repair_memory"), type="compact"):
        if seen.trouble and not seen.known:
            st.caption("It cannot be looked up just now.")
            return
        if seen.value is None:
            components.suppressed(repair_memory.TOO_FEW)
            return
        st.markdown(f"Of all that were closed within a year, {seen.value.every.in_words()}.")
        for stage, share in seen.value.steps.items():
            st.markdown(
                f"- Where the step “{vocabulary.label('repair_stage', stage)}” was taken: {share.in_words()}"
            )
        st.caption(repair_memory.NO_CAUSE)
