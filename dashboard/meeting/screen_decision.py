"""A decision recorded on the shared screen itself: typed where everybody reads it, and therefore shown."""

from __future__ import annotations

import streamlit as st

from dashboard import components, session
from dashboard.forms import asking, notices
from dashboard.forms.form import Form
from dashboard.meeting import drawer, screen_at, words
from services import chairing, vocabulary
from services.meetings import Item, Meeting

# A draft of its own: what is typed on the supervisor's own device, perhaps not to be shown, never comes up here.
NAME = "screen_decision"
TEXTS = {"words": "What was decided", "will_know": "How we will know"}
_OPEN = "screen_deciding"


def open_for(item: Item) -> None:
    drawer.open_for(_OPEN, item)


def show() -> None:
    """The form over the page, while it is open."""
    meeting = screen_at.last()
    drawer.show(_OPEN, meeting, title=lambda item: f"Decision: {words.label(item)}", form=lambda item: _form(meeting, item))  # fmt: skip


def _form(meeting: Meeting, item: Item) -> None:
    outbox = session.outbox()
    form = Form(
        session.vault(), owner=outbox.owner, name=NAME, key=str(item.id), prefix=f"screen_decision_{item.id}",
        start={"decision": None, "words": "", "will_know": ""},
    )  # fmt: skip
    with notices.refusal() as refusal:
        if asking.may_be_saved(form, TEXTS):
            with form.saving():
                chairing.decide(
                    outbox, meeting=meeting, item=item, decision=form["decision"], words=form["words"] or "", will_know=form["will_know"] or "",
                    shown=True, op_id=form.names["op"],
                )  # fmt: skip
            drawer.close(_OPEN)
            st.rerun()
    components.choice("What do we do?", vocabulary.STEP_BACK_DECISIONS, **form.field("decision"))
    st.text_area("In words", height=80, placeholder="What was decided. No names.", max_chars=chairing.LONGEST_DECISION, **form.field("words"))  # fmt: skip
    st.text_input("How we will know", max_chars=chairing.LONGEST_SENTENCE, **form.field("will_know"))
    st.caption("It stands on this screen. Who does what by when is entered on your own device.")
    asking.save_bar(form, "Save the decision", TEXTS, refused=refusal.sentence, width="content")
