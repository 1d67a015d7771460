"""After the discussion: the six causes once more beside what stood before, and whether talking about it helped."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import charts, components, session
from dashboard.forms import asking, notices
from dashboard.forms.form import Form, edition_of
from dashboard.meeting.at import At
from services import own_items, vocabulary
from services.meetings import Item

NAME = "meeting_rerate"
NO_TEXT: dict[str, str] = {}
WHY = "Rate only what looks different to you now, or all six. It is for you and your supervisor, never for the shared screen."


def show(at: At, item: Item) -> None:
    known, key = item.known, at.key(f"rerate_{item.id}")
    if known.reratings:
        figure, said = charts.what_shifted(known.reratings), charts.what_shifted_in_words(known.reratings)
        components.figure_with_table(figure, charts.what_shifted_table(known.reratings), said, key=f"{key}_shifted", filename="sixfold-what-shifted", level=3)  # fmt: skip
    if known.helped:
        st.markdown(f"**Did talking about it help?** {vocabulary.label('helped', known.helped)}")
    answered = bool(known.reratings or known.helped)
    edition = edition_of(sorted(known.reratings.items()), known.helped)
    opened = st.expander(
        "Change your answers" if answered else "Rate the six causes again", key=f"{key}_{edition}", expanded=item.state == "done" and not answered,
        on_change="rerun", type="compact", icon=":material/sync_alt:",
    )  # fmt: skip
    if opened.open:
        with opened:
            _form(at, item, key, edition)


def _form(at: At, item: Item, key: str, edition: int) -> None:
    known = item.known
    start = {f"cause_{cause}": asking.answer(known.reratings[cause][1]) if cause in known.reratings else None for cause in vocabulary.CAUSES}  # fmt: skip

    @st.fragment
    def again() -> None:
        with session.errors_shown():
            form = Form(
                session.vault(), owner=at.outbox.owner, name=NAME, key=str(item.id), prefix=key,
                start={**start, "helped": known.helped}, edition=edition,
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, NO_TEXT):
                with form.saving():
                    own_items.rate_again(
                        at.outbox, meeting=at.meeting, item=item, ratings=asking.ratings(form), helped=form["helped"], op_id=form.names["op"]
                    )  # fmt: skip
                st.rerun()
        notices.begun_before(form)
        components.choice("Did talking about it help?", vocabulary.ACTION_HELPED, explain=True, **form.field("helped"))  # fmt: skip
        st.caption(WHY)
        asking.causes(form, under={cause: partial(_before, item, cause) for cause in vocabulary.CAUSES})
        notices.kept(form)
        asking.save_bar(form, "Save", NO_TEXT, refused=refusal.sentence, width="content")

    again()


def _before(item: Item, cause: int, _answer: int | str | None) -> None:
    """What stood before, under the rating of a cause."""
    known = item.known
    before = known.reratings[cause][0] if cause in known.reratings else known.causes.get(cause)
    st.caption(f"Before: {'not rated' if before is None else vocabulary.rating_label(before)}")
