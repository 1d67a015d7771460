"""Closing, pausing and putting away a case, and bringing it back; handing over and erasing stand beside it."""

from __future__ import annotations

import streamlit as st

from dashboard import components, session
from dashboard.case import erasing, handing_over
from dashboard.case.at import At
from dashboard.forms import clock, last_seen, notices
from services import cases, closing, vocabulary
from services.closing import Loose

KINDS = {"rupture": "Rupture", "task": "Between-session work", "question": "Question for supervision"}
# From each state: the button, the state it leads to, and what that means.
WAYS = {
    "active": (
        ("Pause", "paused", "Sessions have stopped for a while and are meant to go on. The case stays in your list."),
        ("Close the case", "closed", "The work has ended. All of it stays, and can be read under “Closed and archived ones”."),
    ),
    "paused": (
        ("Go on", "active", "Sessions go on."),
        ("Close the case", "closed", "The work has ended. All of it stays, and can be read under “Closed and archived ones”."),
    ),
    "closed": (
        ("Bring it back", "active", "The work goes on; the case is in your list again."),
        ("Archive", "archived", "Put away: it is in no list but “Closed and archived ones”, and can be brought back."),
    ),
    "archived": (("Bring it back", "active", "The work goes on; the case is in your list again."),),
}  # fmt: skip


def show(at: At) -> None:
    known = handing_over.read(at)
    gone = handing_over.gone(at, known.value)
    _loose_ends(at)
    if at.mine:
        _state(at, gone=gone is not None)
    else:
        st.markdown(
            f"The case is **{vocabulary.label('case_state', at.case.state).lower()}**; its therapist decides on that."
        )
    handing_over.show(at, known, gone)
    if at.mine:
        erasing.show(at)


def _loose_ends(at: At) -> None:
    st.subheader("What is still open", anchor=False)
    read = last_seen.of(
        at.key("loose"),
        lambda: closing.still_open(session.db(), team=at.team, therapist=at.therapist, case=at.case.id),
        otherwise=[],
    )
    if read.trouble and not read.known:
        st.caption("What is still open cannot be shown just now.")
    elif not read.value:
        st.markdown("No rupture, between-session work or question is on record as open.")
    else:
        st.markdown("\n".join(f"- {_words(at, one)}" for one in read.value))
        if at.case.state in ("active", "paused"):
            st.caption(
                "None of this stands in the way of closing: it is here so that nothing is left by accident."
            )


def _words(at: At, one: Loose) -> str:
    said = f": {components.plain(one.words)}" if one.words else ""
    return f"**{KINDS[one.what]}**, since {clock.date_words(one.since, now=at.today)}{said}"


def _state(at: At, *, gone: bool) -> None:
    st.subheader("Pause, close, archive", anchor=False)
    ways = [way for way in WAYS[at.case.state] if not (gone and way[1] == "active")]
    with notices.refusal() as refusal:
        for label, state, means in ways:
            with st.container(
                horizontal=True, vertical_alignment="center", gap="small", key=at.key(f"to_{state}_row")
            ):
                if st.button(label, key=at.key(f"to_{state}"), width=160):
                    cases.amend(session.outbox(), case=at.case.id, state=state)
                    st.rerun()
                st.markdown(means, width="stretch")
    if refusal.sentence:
        st.error(refusal.sentence)
