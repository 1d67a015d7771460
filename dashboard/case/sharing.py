"""Who may read one text of a case: its author says so here, and a supervisor is told where nothing was shared."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from dashboard import session
from dashboard.case.at import At
from dashboard.forms import notices
from services import texts
from services.texts import Text

PRIVATE = ":material/lock: Kept private by the therapist."


def switch(at: At, text: Text, *, label: str = "Share with my supervisor", after: Sequence[UUID] = ()) -> None:  # fmt: skip
    """Share this one text with the supervisor, or take that back; it counts at once. Its author's alone."""
    now = st.toggle(label, value=text.shared, key=at.key(f"_share_{text.id}_{text.version}"))
    if now != text.shared:
        with notices.refusal() as refusal:
            texts.share(session.outbox(), text=text, case=at.case.id, shared=now, after=after)
            st.rerun()  # with the next version of the text, and so with a switch of its own
        st.error(refusal.sentence)


def on_its_way(at: At, *entities: object) -> None:
    """How far what was saved about these has come, as long as the database does not have it."""
    for op in at.waiting:
        if op.entity in set(map(str, entities)):
            notices.how_far(op.op_id, key=at.key(op.op_id))
