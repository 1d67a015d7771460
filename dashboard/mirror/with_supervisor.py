"""What therapists of a team share from their mirrors, as their supervisor sees it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.forms import clock
from dashboard.mirror import snapshot
from services import mirror


def show(team: UUID, *, today: date) -> None:
    """One line for each item, the latest first, which opens to what its author saw. Says when there is none."""
    st.header("Shared from a mirror", anchor=False)
    with session.errors_shown():
        found = mirror.shared_with_me(session.db(), team=team, supervisor=session.person().id)
    st.caption(
        "Single items that a therapist chose to share, as they stood on that day. They can be taken back at any time; "
        "nothing else of a mirror is visible to you."
    )
    if not found:
        st.markdown("Nothing is shared from a mirror just now.")
    for one in found:
        name = " · ".join(filter(None, [one.therapist, one.label, clock.day(one.shared_on, now=today)]))
        key = f"shared_reflections_mirror_{one.id}"
        card = st.expander(components.plain(name), key=key, on_change="rerun")
        if card.open:
            with card:
                snapshot.show(one.snapshot, item=one.item, key=key)
