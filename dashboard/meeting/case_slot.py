"""A case in the meeting, on one screen: the moment and the question, what is known, where the discussion stands, one prompt at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import components
from dashboard.case.at import At as CaseAt
from dashboard.flags import strip
from dashboard.meeting import causes, decide, guide, picture, released, stages, words
from dashboard.meeting.at import At
from dashboard.meeting.subject import case_of
from services.meetings import Item

BLAME_FREE = "We look at what happened between two people, and nobody is to blame for it. Who brings a case says how far it goes."
ASKED = (("felt", "What it felt like"), ("would_like", "What would help"))


def show(at: At, item: Item) -> None:
    left, right = st.columns(2, gap="medium")
    with left, st.container(key=at.key("known"), gap="xsmall"):
        moment(at, item)
        looks(at, item)
    with right, st.container(key=at.key("slot"), gap="xsmall"):
        stages.show(at, item)
        guide.show(at, item)
        decide.show(at, item)


def moment(at: At, item: Item) -> None:
    """The moment and the question as their author wrote them, and what of it is on the shared screen."""
    known = item.known
    with st.container(border=True, key=at.key(f"moment_{item.id}_card"), gap="xsmall"):
        st.subheader("The moment", anchor=False)
        if known.question:
            st.markdown(components.paragraphs(known.question["moment"]))
            st.markdown(f"**Question:** {components.plain(known.question['question'])}")
            for part, label in ASKED:
                if said := known.question.get(part):
                    st.markdown(f"**{label}:** {components.plain(said)}")
        else:
            who = components.plain(known.therapist) or "its therapist"
            st.markdown(f"No question was written. Ask {who} for one moment, as if in slow motion, rather than for a summary.")  # fmt: skip
        if known.words:
            st.markdown(f"**Added for today:** {components.plain(known.words)}")
        screen_line(item)


def on_screen(item: Item) -> str:
    """What the shared screen calls this item, and what of it its therapist has put there."""
    parts = [released.name(part) for part in item.known.released]
    said = (
        f"with {', '.join(part[:1].lower() + part[1:] for part in parts)}"
        if parts
        else "and nothing else of it"
    )
    return f"{words.screen_name(item) or 'A case'}, {said}."


def screen_line(item: Item) -> None:
    st.caption(f":material/tv: {components.plain(on_screen(item))}")


def looks(at: At, item: Item) -> None:
    """The six causes, the picture of the case, and why it is here; a closed one does no work."""
    places = {"Six causes": causes.show, "Picture": _picture, "Why it is here": _why}
    tabs = st.tabs(list(places), key=at.key(f"looks_{item.id}"), on_change="rerun")
    for tab, look in zip(tabs, places.values(), strict=True):
        if tab.open:
            with tab:
                look(at, item)


def _picture(at: At, item: Item) -> None:
    if case := _case(at, item):
        picture.show(case, key=at.key(f"picture_{item.id}"))


def _why(at: At, item: Item) -> None:
    """What put it on the agenda with its points, and the flags that are up with their own arithmetic."""
    known = item.known
    first = known.therapist.split()[0] if known.therapist else ""
    st.markdown(
        "\n".join(f"- {components.plain(words.reason(one, first))}{_worth(one)}" for one in known.because)
    )
    if added := words.arithmetic(known.because, first):
        st.caption(f"{components.plain(added)}. Points order the agenda and measure nobody.")
    case = _case(at, item)
    if case is None:
        return
    seen = strip.read(case)
    if seen.trouble and not seen.known:
        st.caption("Flags cannot be looked up just now.")
    for flag in seen.value.flags if seen.value else ():
        st.markdown(strip.in_words(flag, case))


def _worth(one: Mapping[str, Any]) -> str:
    points = one.get("points")
    return f" · {points} {'point' if points == 1 else 'points'}" if points else ""


def _case(at: At, item: Item) -> CaseAt | None:
    found = case_of(at, item)
    if found.value is None:
        st.caption(
            "The case cannot be shown just now." if found.trouble else "The case is not there any more."
        )
        return None
    return CaseAt(found.value, at.me, at.today, mine=False, waiting=at.waiting)
