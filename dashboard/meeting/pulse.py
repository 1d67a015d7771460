"""The pulse at the end of a meeting: one question, one minute, counted and not kept."""

from __future__ import annotations

import streamlit as st

from dashboard import components
from dashboard.forms import notices
from dashboard.meeting.at import At
from services import own_items, vocabulary

ANONYMOUS = "Counted, not kept: nobody can see who answered what, not in the database either. The team sees it from five answers on, and from the day after."
COUNTED = ":material/how_to_vote: Your answer counts among the others. Thank you."


def asked(at: At) -> bool:
    """At the end: over the last item, and once the meeting has ended. Of therapists only."""
    if not at.takes_part or at.meeting is None:
        return False
    at_the_last = at.state == "running" and at.meeting.current is not None and at.meeting.next_item() is None
    return at_the_last or at.state == "ended"


def show(at: At) -> None:
    on_its_way = [op for op in at.waiting if op.kind == "pulse.give" and op.params.get("meeting") == str(at.meeting.id)]  # fmt: skip
    with st.container(border=True, key=at.key("pulse_card"), gap="small"):
        st.subheader("One question before you go", anchor=False)
        if at.meeting.pulse_given or on_its_way:
            st.markdown(COUNTED)
            for op in on_its_way[:1]:
                notices.how_far(op.op_id, key=at.key("pulse_given"))
            return
        # Not a draft: what is not sent is not kept anywhere.
        answer = st.radio(
            vocabulary.PULSE_QUESTION, list(vocabulary.PULSE_ANSWERS), index=None, key=at.key("pulse_answer"),
            format_func=lambda one: f"{one} {vocabulary.PULSE_ANSWERS[one]}",
        )  # fmt: skip
        st.caption(components.plain(ANONYMOUS))
        if st.button("Give my answer", key=at.key("pulse_give"), type="primary"):
            with notices.refusal() as refusal:
                own_items.give_pulse(at.outbox, meeting=at.meeting, answer=answer)
                st.rerun()
            st.error(refusal.sentence)
