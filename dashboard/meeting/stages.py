"""Where the discussion of an item stands: five stages, one button to the next; what went well is never jumped over by accident."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard.meeting import pressing
from dashboard.meeting.at import At
from services import chairing
from services.meetings import Item
from services.vocabulary import DISCUSSION_STAGES

STAGES = tuple(DISCUSSION_STAGES)
WELL = STAGES.index("did_well")


def show(at: At, item: Item) -> None:
    here = STAGES.index(item.stage)
    key = at.key(f"stage_{item.id}_{item.stage}")
    steps = "".join(
        f'<li class="{"done" if place <= here else "ahead"}"{_current(place == here)}>{escape(DISCUSSION_STAGES[stage].label)}</li>'
        for place, stage in enumerate(STAGES)
    )
    with st.container(key=f"{key}_ladder"):
        st.html(f'<ol class="sx-ladder">{steps}</ol><p class="sx-ladder-now" aria-hidden="true">{escape(DISCUSSION_STAGES[item.stage].label)}</p>')  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key}_ways"):
        st.caption(DISCUSSION_STAGES[item.stage].help)
        if here + 1 < len(STAGES):
            onward = STAGES[here + 1]
            st.button(
                DISCUSSION_STAGES[onward].label, key=f"{key}_on", icon=":material/arrow_forward:", icon_position="right", shortcut=pressing.key("S"),
                on_click=pressing.pressed, args=(_to,), kwargs={"at": at, "item": item, "stage": onward},
            )  # fmt: skip
        with st.popover("Another stage", type="tertiary", key=f"{key}_other"):
            _others(at, item, key)


def jumps_over_what_went_well(here: str, to: str) -> bool:
    """Whether going from one stage to another leaves out what the team did well."""
    return STAGES.index(here) < WELL < STAGES.index(to)


def _others(at: At, item: Item, key: str) -> None:
    for stage in STAGES:
        if stage == item.stage:
            continue
        word = DISCUSSION_STAGES[stage]
        if not jumps_over_what_went_well(item.stage, stage):
            st.button(word.label, key=f"{key}_to_{stage}", on_click=pressing.tried, args=(_to,), kwargs={"at": at, "item": item, "stage": stage})  # fmt: skip
        elif st.button(word.label, key=f"{key}_to_{stage}"):
            # In session state until it is answered: the question must outlive the run that asks it.
            st.session_state[f"{key}_asked"] = stage
    if asked := st.session_state.get(f"{key}_asked"):
        st.warning(
            "What already worked comes first; that makes the next step easier to take. Has it been said?"
        )
        with st.container(horizontal=True, gap="small", key=f"{key}_answers"):
            for label, to in ((f"Go to “{DISCUSSION_STAGES['did_well'].label}”", "did_well"), (f"Go to “{DISCUSSION_STAGES[asked].label}” all the same", asked)):  # fmt: skip
                st.button(label, key=f"{key}_sure_{to}", on_click=pressing.tried, args=(_to,), kwargs={"at": at, "item": item, "stage": to})  # fmt: skip


def _to(*, at: At, item: Item, stage: str) -> None:
    chairing.amend_item(at.outbox, meeting=at.meeting, item=item, stage=stage)


def _current(now: bool) -> str:
    return ' aria-current="step"' if now else ""
