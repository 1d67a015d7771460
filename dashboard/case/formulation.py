"""The formulation of a case: nine fields and four beside them, what is missing or old in words, and questions that may help."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.case import formulation_field, ladder
from dashboard.case.at import At
from dashboard.forms import last_seen, notices
from services import drafts, formulation
from services.formulation import Version
from services.vocabulary import FORMULATION_FIELDS

COLUMNS = 2


def show(at: At) -> None:
    case = at.case
    read = last_seen.of(
        f"formulation_{case.id}",
        lambda: formulation.current(session.db(), team=at.team, therapist=at.therapist, case=case.id),
        otherwise={},
    )
    notices.away(
        read.trouble,
        "The formulation is the one from before."
        if read.known
        else "The formulation cannot be shown just now.",
    )
    stands = formulation.as_it_will_be(read.value, at.waiting, case=case.id, therapist=case.therapist)
    begun = _begun(at)

    st.header("Formulation", anchor=False)
    if read.known or stands:
        how_complete(at, stands)
    if at.mine:
        st.caption(
            "What you write is yours alone until you share it, field by field. "
            "Your supervisor sees which fields exist, since when, and which fears are ticked."
        )
    elif not any(one.words for one in stands.values()):
        st.caption(
            "No words of this formulation are shared with you. You see which fields exist and since when."
        )
    _cards(at, formulation.CARD, stands, begun)
    st.header("What lies behind it, and what carries", anchor=False)
    _cards(at, formulation.BESIDE, stands, begun)
    ladder.show(at)


def _begun(at: At) -> set[str]:
    """The fields of this case with a change that was begun and not saved."""
    if not at.mine:
        return set()
    with session.errors_shown():
        kept = drafts.of(session.vault(), owner=session.outbox().owner)
    return {
        one.key.partition("/")[2]
        for one in kept
        if one.form == formulation_field.NAME and one.key.startswith(f"{at.case.id}/")
    }


def how_complete(at: At, stands: dict[str, Version]) -> None:
    """In words and never as a mark: an empty field may be one that nobody can know yet."""
    found = formulation.completeness(stands, today=at.today)
    st.markdown(f"**{found.in_words}.**")
    for what, fields in (
        ("Not written yet", found.missing),
        (f"Older than {formulation.STALE_DAYS} days", found.stale),
    ):
        if fields:
            st.caption(f"{what}: {', '.join(FORMULATION_FIELDS[field].label for field in fields)}.")


def _cards(at: At, fields: tuple[str, ...], stands: dict[str, Version], begun: set[str]) -> None:
    """Row by row, so that they are read and tabbed through in their order."""
    for first in range(0, len(fields), COLUMNS):
        for column, field in zip(st.columns(COLUMNS), fields[first : first + COLUMNS], strict=False):
            with column:
                formulation_field.show(at, field, stands.get(field), begun=field in begun)
