"""A released part of an item as everybody reads it: on the shared screen, and in its author's preview before it is released."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import charts, components
from dashboard.components.figures import CONFIG
from services import vocabulary

STEPS = "●●●●○○○○"  # four of them, from the place that leaves as many filled as the rating says


def show(part: str, value: Any, *, key: str, rupture: Mapping[str, Any] | None = None) -> None:
    """One part under its name. `value` is that of `Item.released`, `rupture` goes with "reasons". Nothing waits under a pointer."""
    if part == "picture":
        picture(value or {}, key=key)
        return
    st.markdown(f"**{name(part)}**")
    st.markdown("  \n".join(lines(part, value, rupture=rupture)))


def name(part: str) -> str:
    """What a part is called where others read it: "The moment", "The question"."""
    return NAMES.get(part) or vocabulary.label("released_part", part)


NAMES = {"question": "The question", "felt": "What it felt like", "would_like": "What would help", "words": "Added for today"}  # fmt: skip


def lines(part: str, value: Any, *, rupture: Mapping[str, Any] | None = None) -> list[str]:
    """A part other than the picture in markdown, line by line."""
    if part == "causes":
        rated = {int(cause): rating for cause, rating in (value or {}).items()}
        return [f"{_steps(rating)} {number} {vocabulary.CAUSES[number].label}: {vocabulary.rating_label(rating)}" for number, rating in sorted(rated.items())]  # fmt: skip
    if part == "reasons":
        said = [vocabulary.label("flag_rule", rule) for rule in dict.fromkeys(value or ())]
        said += [f"A rupture, {rupture_in_words(rupture)}"] if rupture else []
        return [components.plain(one) for one in said]
    return components.paragraphs(str(value)).split("  \n")


def rupture_in_words(rupture: Mapping[str, Any]) -> str:
    """ "withdrawal, open for 12 days, repair so far: named with the client" """
    days = rupture.get("days") or 0
    age = "noticed today" if days <= 0 else f"open for {days} day{'s' * (days != 1)}"
    stage = rupture.get("stage")
    repair = f"repair so far: {vocabulary.label('repair_stage', stage).lower()}" if stage else "no repair step yet"  # fmt: skip
    return f"{vocabulary.label('rupture_kind', rupture['kind']).lower()}, {age}, {repair}"


def picture(value: Mapping[str, Any], *, key: str) -> None:
    """The picture of a case: no date, no word, nothing to hover over or to open."""
    figure, said = charts.case_picture(value), charts.case_picture_in_words(value)
    st.markdown(f"**{name('picture')}**")
    with st.container(key=f"{key}_picture"):
        st.plotly_chart(figure, key=f"{key}_picture_{st.context.theme.type or 'light'}", alt=said, width="stretch", config=CONFIG | {"staticPlot": True})  # fmt: skip
    st.caption(components.plain(said))


def _steps(rating: int) -> str:
    return STEPS[4 - rating : 8 - rating]
