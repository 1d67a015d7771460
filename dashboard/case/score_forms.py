"""The forms of the scores of a case: one score in a line, and the correction of one that is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from dashboard import components, session
from dashboard.case.at import At
from dashboard.charts.scores import day_words
from dashboard.forms import asking, notices
from dashboard.forms.form import Form
from services import measures, scores
from services.errors import Refused
from services.measures import Measure
from services.scores import Score

NO_TEXT: dict[str, str] = {}


def enter(at: At, offered: Sequence[Measure], found: Sequence[Score]) -> None:
    """A measure, a day, a number. `found` are the scores of this case, those on their way included."""
    if not offered:
        st.caption("No measure is known here, so no score can be entered yet.")
        return
    by_slug = {measure.slug: measure for measure in offered}
    latest = max(found, key=lambda score: score.on_day, default=None)

    @st.fragment
    def entry() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name="score", key=str(at.case.id), prefix=at.key("score"), names=("op", "score"),
                start={"measure": latest.measure if latest and latest.measure in by_slug else offered[0].slug, "on_day": at.today, "value": None},
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, NO_TEXT):
                asking.not_to_come(form, "on_day", "The day of the score", today=at.today)
                with form.saving():
                    scores.enter(
                        outbox, team=at.team, case=at.case.id, measure=by_slug.get(form["measure"]), on_day=form["on_day"],
                        value=form["value"], today=at.today, known=found, entity=form.names["score"], op_id=form.names["op"],
                    )  # fmt: skip
                st.rerun()
        with st.container(border=True, key=at.key("score_card"), gap="small"):
            notices.begun_before(form)
            with st.container(horizontal=True, key=at.key("score_row")):
                st.selectbox(
                    "Measure", list(by_slug), format_func=lambda slug: by_slug[slug].name, width=300, **form.field("measure", among=by_slug)
                )  # fmt: skip
                asking.day(form, "on_day", "Day", today=at.today)
                _number("Score", form)
            if measure := by_slug.get(form["measure"]):
                _within(form, measure)
            asking.save_bar(form, "Save the score", NO_TEXT, refused=refusal.sentence, width="content")

    entry()


def _number(label: str, form: Form) -> None:
    # Without the measure's ends as limits: the browser's are no guard, and a kept value beyond them would stop the page.
    st.number_input(label, value=None, step=1.0, format="%g", width=160, **form.field("value"))


def _within(form: Form, measure: Measure) -> None:
    """The range, and at once what lies outside of it."""
    said = f"{measure.name}: {measure.range_words}, {'lower' if measure.lower_is_better else 'higher'} is better."
    if form["value"] is not None:
        try:
            measures.checked_score(measure, form["value"])
        except Refused as error:
            said = str(error)
    st.caption(components.plain(said))


def correct(at: At, measure: Measure, own: Sequence[Score], *, key: str) -> None:
    """Another value for one score of this measure; the earlier one stays in its history."""
    opened = st.expander("Correct a score", key=f"{key}_correct", type="compact", on_change="rerun")
    if not opened.open:
        return
    latest_first = {str(score.id): score for score in reversed(own)}

    @st.fragment
    def correction() -> None:
        chosen = st.selectbox(
            "Which score", list(latest_first), key=f"{key}_which", width=300,
            format_func=lambda one: f"{day_words(latest_first[one].on_day)}: {measures.spelt(latest_first[one].value)}",
        )  # fmt: skip
        score = latest_first[chosen]
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name="score_amend", key=f"{at.case.id}/{score.id}", prefix=f"{key}_amend",
                start={"value": score.value}, edition=score.version,
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, NO_TEXT):
                built_on = replace(score, version=form.edition)
                with form.saving():
                    scores.amend(
                        outbox, score=built_on, measure=measure, value=form["value"], op_id=form.names["op"]
                    )
                st.rerun()
        notices.begun_before(form)
        _number("It should be", form)
        _within(form, measure)
        asking.save_bar(form, "Save the correction", NO_TEXT, refused=refusal.sentence, width="content")

    with opened:
        correction()
