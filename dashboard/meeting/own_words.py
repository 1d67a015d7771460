"""Words for the meeting, on one's own item: a draft from the first keystroke, one's own until released."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.forms import asking, notices
from dashboard.forms.form import Form, edition_of
from dashboard.meeting.at import At
from services import own_items
from services.meetings import Item

NAME = "meeting_words"
TEXTS = {"words": "What you add"}
PRIVATE = ":material/lock: Yours alone until you put it on the shared screen."
EARLIER = (
    "Your earlier words are still on the shared screen. They go as soon as this server reaches the database."
)
SHOWN = ":material/tv: On the shared screen: what you save here takes its place there."


def show(at: At, item: Item) -> None:
    kept = item.known.words

    @st.fragment
    def write() -> None:
        with session.errors_shown():
            form = Form(
                session.vault(), owner=at.outbox.owner, name=NAME, key=str(item.id), prefix=at.key(f"words_{item.id}"),
                start={"words": kept}, edition=edition_of(kept),
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, TEXTS):
                with form.saving():
                    own_items.write(at.outbox, meeting=at.meeting, item=item, words=form["words"] or "", op_id=form.names["op"])  # fmt: skip
                st.rerun()
        notices.begun_before(form)
        st.text_area("Words for the meeting", height=96, placeholder="What you would like to say about it. No names.", **form.field("words"))  # fmt: skip
        st.caption(SHOWN if "words" in item.known.released else PRIVATE)
        stands = at.as_it_stands(item.id)
        if stands and stands.known and "words" in stands.known.released and stands.known.words != kept:
            st.warning(EARLIER, icon=":material/tv:")
        notices.kept(form)
        asking.save_bar(form, "Keep for the meeting", TEXTS, refused=refusal.sentence, width="content")

    write()
