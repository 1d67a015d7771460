"""The tab "Scores": questionnaires and scales by their scores, the client's check-ins, and what there is to enter."""

from __future__ import annotations

import streamlit as st

from dashboard import charts, components, session
from dashboard.case import check_ins as check_ins_part
from dashboard.case import score_forms
from dashboard.case.at import At
from dashboard.components import measure_card
from dashboard.forms import last_seen, measures_known, notices
from services import measures, scores
from services.measures import Measure
from services.outbox import Operation
from services.scores import Score

ONE_BY_ONE = 3  # so many on their way are named; a whole import is counted
KINDS = ("score.enter", "score.amend")


def show(at: At) -> None:
    with session.errors_shown():
        registry = measures_known.read()
        read = last_seen.of(
            at.key("scores"),
            lambda: scores.of_case(session.db(), team=at.team, therapist=at.therapist, case=at.case.id),
            otherwise=[],
        )
    notices.away(
        read.trouble or registry.trouble,
        "These are the scores from before." if read.known else "The scores cannot be shown just now.",
    )
    on_their_way = at.on_its_way(*KINDS)
    slugs = {measure.id: measure.slug for measure in registry.value}
    found = scores.with_waiting(read.value, on_their_way, slugs=slugs)

    st.header("Scores", anchor=False)
    if at.mine:
        score_forms.enter(at, measures.offered(registry.value), found)
        st.page_link(
            "../pages/import_scores.py", label="Import scores from a file", icon=":material/upload_file:"
        )
    _on_their_way(at, on_their_way)
    used = [measure for measure in registry.value if any(s.measure == measure.slug for s in found)]
    if not used and not read.trouble:
        st.markdown("No score has been entered for this case yet.")
    for measure in used:
        _measure(at, measure, found)

    check_ins_part.show(at)


def _on_their_way(at: At, waiting: list[Operation]) -> None:
    for op in waiting if len(waiting) <= ONE_BY_ONE else []:
        notices.how_far(op.op_id, key=at.key(op.op_id))
    if len(waiting) > ONE_BY_ONE:
        st.caption(
            f":material/cloud_upload: {len(waiting)} scores are saved here and on their way to the database. They are shown already."
        )


def _measure(at: At, measure: Measure, found: list[Score]) -> None:
    """The picture of one measure, what it is, and a way to correct a score of it."""
    frame, key = scores.frame(found, measure.slug), at.key(f"measure_{measure.slug}")
    components.figure_with_table(
        charts.scores_over_time(frame, measure),
        charts.scores_over_time_table(frame),
        charts.scores_over_time_in_words(frame, measure),
        key=key,
        filename=f"{at.case.code}-{measure.slug}",
        level=3,
    )
    with st.container(key=f"{key}_more", gap=None):
        about = st.expander(
            f"About {components.plain(measure.name)}", key=f"{key}_about", type="compact", on_change="rerun"
        )
        if about.open:
            with about:
                st.markdown(measure_card.about(measure))
                st.caption(measure_card.ONLY_SCORES)
        if at.mine:
            own = [score for score in found if score.measure == measure.slug]
            score_forms.correct(at, measure, own, key=key)
