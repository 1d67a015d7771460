"""The way from noticing a rupture to its repair, and how far it has come."""

from html import escape

import streamlit as st

from services.vocabulary import REPAIR_STAGES

STAGES = ("noticed", "named", "explored", "need_expressed", "repaired")


def stage_ladder(stage: str | None, *, key: str) -> None:
    """Five steps in a row, those up to `stage` filled; noticing comes with the rupture. A parked one says so beside them."""
    reached = STAGES.index(stage) if stage in STAGES else 0
    steps = [
        f'<li class="{"done" if place <= reached else "ahead"}"{_current(place == reached and stage != "parked")}>'
        f"{escape(REPAIR_STAGES[each].label)}</li>"
        for place, each in enumerate(STAGES)
    ]
    if stage == "parked":
        steps.append(f'<li class="aside"{_current(True)}>{escape(REPAIR_STAGES["parked"].label)}</li>')
    with st.container(key=f"{key}_ladder"):
        now = escape(REPAIR_STAGES[stage if stage == "parked" else STAGES[reached]].label)
        st.html(
            f'<ol class="sx-ladder">{"".join(steps)}</ol><p class="sx-ladder-now" aria-hidden="true">{now}</p>'
        )


def _current(now: bool) -> str:
    return ' aria-current="step"' if now else ""
