"""The six causes of an item as they were rated before the meeting, and as their therapist rated them again after it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

from dashboard import components
from dashboard.meeting.at import At
from services import vocabulary
from services.meetings import Item

Pair = tuple[int | None, int | None]


def show(at: At, item: Item) -> None:
    """A row for each cause: four steps filled as far as it was rated, the same in words, and what shifted."""
    known = item.known
    if not known.causes and not known.reratings:
        st.markdown("The six causes have not been rated on this case yet.")
    else:
        rows = "".join(_row(cause, known.causes.get(cause), known.reratings) for cause in vocabulary.CAUSES)
        with st.container(key=at.key(f"causes_{item.id}")):
            st.html(f'<ul class="sx-six">{rows}</ul>')
    st.caption(vocabulary.NOT_A_MEASURE)


def _row(cause: int, rating: int | None, reratings: Mapping[int, Pair]) -> str:
    before, after = reratings.get(cause, (rating, None))
    stands = before if cause not in reratings or after is None else after
    steps = "".join(f'<i class="{"on" if stands is not None and step <= stands else "off"}"></i>' for step in range(1, 5))  # fmt: skip
    said = in_words(before, after) if cause in reratings else _rated(rating)
    return f'<li><b>{cause} {escape(vocabulary.CAUSES[cause].label)}</b><span class="steps" aria-hidden="true">{steps}</span><span>{escape(said)}</span></li>'


def _rated(rating: int | None) -> str:
    return "not rated" if rating is None else vocabulary.rating_label(rating)


def in_words(before: int | None, after: int | None) -> str:
    """ "3 · a lot, now 1 · a little" """
    if before is None:
        return f"now {vocabulary.rating_label(after)}"
    if before == after:
        return f"{vocabulary.rating_label(before)}, the same after it"
    return f"{vocabulary.rating_label(before)}, now {vocabulary.rating_label(after)}"


def shifted(item: Item) -> None:
    """After the discussion: what its therapist rated again, and whether talking about it helped; nothing before that."""
    known = item.known
    who = components.plain(known.therapist) or "Its therapist"
    if known.reratings:
        moved = [
            f"{vocabulary.CAUSES[cause].label}: {in_words(before, after)}"
            for cause, (before, after) in sorted(known.reratings.items()) if before != after
        ]  # fmt: skip
        said = components.plain("; ".join(moved)) if moved else "nothing shifted"
        st.markdown(f":material/sync_alt: **{who} rated again:** {said}")
    if known.helped:
        st.markdown(f":material/forum: **Did talking about it help?** {vocabulary.label('helped', known.helped)}")  # fmt: skip
