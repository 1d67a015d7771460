"""Two versions of a text in one: what was taken out is struck through, what was put in is underlined."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from services.formulation import Piece

TAGS = {"same": "{}", "removed": "<del>{}</del>", "added": "<ins>{}</ins>"}


def difference(pieces: Sequence[Piece]) -> None:
    """The pieces in their order, and in a line how many words came and went."""
    st.html(
        f'<p class="sx-difference">{"".join(TAGS[one.kind].format(html.escape(one.text)) for one in pieces)}</p>'
    )
    st.caption(difference_in_words(pieces))


def difference_in_words(pieces: Sequence[Piece]) -> str:
    """ "3 words put in, 1 taken out" """
    put, taken = (
        sum(len(one.text.split()) for one in pieces if one.kind == kind) for kind in ("added", "removed")
    )
    said = [
        f"{count} {'word' if count == 1 else 'words'} {what}"
        for count, what in ((put, "put in"), (taken, "taken out"))
        if count
    ]
    return ", ".join(said) or "The same words"
