"""The sessions of the case: several entered at once, all in a table, one corrected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard import session
from dashboard.case import session_entry
from dashboard.case.at import At
from dashboard.forms import clock, last_seen, notices
from services import sessions, vocabulary
from services.sessions import Session

LATEST = 12  # shown as a plain table; the rest on request


def show(at: At) -> None:
    st.header("Sessions", anchor=False)
    read = last_seen.of(
        at.key("sessions"),
        lambda: sessions.of(session.db(), therapist=at.therapist, case=at.case.id),
        otherwise=[],
    )
    found = sessions.as_they_will_be(read.value, at.waiting, case=at.case.id)
    if at.mine:
        session_entry.new(at, found)
    for op in at.on_its_way("session.log", "session.amend"):
        notices.how_far(op.op_id, key=at.key(op.op_id))
    if not found:
        st.markdown(
            "The sessions cannot be shown just now." if read.trouble else "No session is on record yet."
        )
        return
    st.markdown(_counted(found))
    everything = len(found) <= LATEST or st.toggle(f"Show all {len(found)}", key=at.key("sessions_all"))
    table = _table(found if everything else found[:LATEST], at)
    if len(table) <= LATEST:
        st.table(table.set_index("No."))
    else:
        st.dataframe(table, hide_index=True, key=at.key("sessions_rows"), alt=_counted(found))
    if at.mine:
        session_entry.correct(at, found)


def _counted(found: Sequence[Session]) -> str:
    """ "14 booked: 11 attended, 2 cancelled, 1 did not come. In person 9, video 5." """
    attendances, modes = Counter(one.attendance for one in found), Counter(one.mode for one in found)
    how = ", ".join(f"{attendances[key]} {word.label.lower()}" for key, word in vocabulary.ATTENDANCES.items() if attendances[key])  # fmt: skip
    where = ", ".join(f"{word.label.lower()} {modes[key]}" for key, word in vocabulary.SESSION_MODES.items() if modes[key])  # fmt: skip
    return f"{len(found)} booked: {how}. {clock.opening(where)}."


def _table(found: Sequence[Session], at: At) -> pd.DataFrame:
    rows = [
        [
            str(one.number),
            clock.date_words(one.held_on, now=at.today),
            vocabulary.label("attendance", one.attendance),
            vocabulary.label("session_mode", one.mode),
        ]
        for one in found
    ]
    return pd.DataFrame(rows, columns=["No.", "Day", "Took place", "How"])
