"""A measure's scores and the check-ins: what is drawn, what is said, and what is never drawn."""

from datetime import date, timedelta
from uuid import uuid4

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import charts
from services.measures import Measure

START = date(2026, 3, 2)
PHQ9 = Measure(
    uuid4(), "phq-9", "PHQ-9", "", 0, 27, 1, "lower_is_better", 6, "published", 10, "published", "A source", "Free"
)  # fmt: skip
COMPUTED = Measure(
    uuid4(), "own", "Own", "", 0, 100, 0.01, "higher_is_better", 9.3, "computed", 50, "computed", "A source", ""
)  # fmt: skip
WEEK = Measure(
    uuid4(), "own-week", "How the week went", "", 0, 10, 1, "higher_is_better", None, "none", None, "none", "", ""
)  # fmt: skip


def frame(*values: float, every: int = 7) -> pd.DataFrame:
    days = [START + timedelta(days=every * place) for place in range(len(values))]
    return pd.DataFrame({"on_day": days, "value": values})


def said(measure: Measure, *values: float) -> str:
    return charts.scores_over_time_in_words(frame(*values), measure)


def test_line_band_and_cut_off_and_nothing_else():
    band, line, limit = charts.scores_over_time(frame(18, 15, 12), PHQ9).data
    assert (list(line.x), list(line.y)) == (["2026-03-02", "2026-03-09", "2026-03-16"], [18, 15, 12])
    assert (min(band.y), max(band.y), band.name) == (12, 24, "first score ± 6")
    assert (list(limit.y), limit.name) == ([10, 10], "cut-off 10")


def test_the_band_ends_where_the_range_does():
    band = charts.scores_over_time(frame(2, 3), PHQ9).data[0]
    assert (min(band.y), max(band.y)) == (0, 8)


def test_a_scale_without_thresholds_is_only_its_line():
    (line,) = charts.scores_over_time(frame(3, 5), WEEK).data
    assert line.name == "How the week went"


def test_a_line_breaks_where_nothing_was_scored_for_six_weeks():
    days = [START, START + timedelta(days=42), START + timedelta(days=85)]
    figure = charts.scores_over_time(pd.DataFrame({"on_day": days, "value": [9, 8, 7]}), PHQ9)
    assert list(figure.data[1].y) == [9, 8, None, 7]
    assert "gaps: no score for more than six weeks" in figure.layout.meta["subtitle"]
    assert "gaps" not in charts.scores_over_time(frame(1, 2), PHQ9).layout.meta["subtitle"]


def test_the_whole_range_is_on_the_axis_and_a_score_beyond_it_as_well():
    low, high = charts.scores_over_time(frame(3, 30), PHQ9).layout.yaxis.range
    assert low < 0
    assert high > 30


def test_without_scores_it_says_so():
    empty = frame()
    assert len(charts.scores_over_time(empty, PHQ9).data) == 0
    assert charts.scores_over_time_in_words(empty, PHQ9) == "No score of PHQ-9 yet."
    assert len(charts.scores_over_time_table(empty)) == 0


@pytest.mark.parametrize(
    ("measure", "values", "sentence"),
    [
        (PHQ9, (18, 12), "6 points lower than at the start: at least the reliable change of 6 (published)."),
        (PHQ9, (18, 13), "5 points lower than at the start: less than the reliable change of 6 (published)."),
        (PHQ9, (12, 18), "6 points higher than at the start: at least the reliable change of 6 (published)."),
        (PHQ9, (12, 13), "1 point higher than at the start: less than"),
        (PHQ9, (12, 12), "the same as at the start: less than the reliable change of 6 (published)."),
        (COMPUTED, (40, 49.3), "9.3 points higher than at the start: not more than the reliable change of 9.3 (computed)."),
        (COMPUTED, (40, 49.31), "9.31 points higher than at the start: more than the reliable change of 9.3 (computed)."),
        (WEEK, (3, 5), "2 points higher than at the start. No threshold is claimed for this scale."),
        (WEEK, (3,), "too few to say anything about change. No threshold is claimed for this scale."),
        (PHQ9, (18,), "One score so far, 18 on 2 March 2026: too few to say anything about change."),
        (PHQ9, (18, 12), "12 is on the clinical side of the cut-off 10 (published)."),
        (PHQ9, (18, 9), "9 is not on the clinical side of the cut-off 10 (published)."),
        (PHQ9, (20, 8, 14), "Beside the best score, 8 on 9 March 2026: 6 points higher than then: at least"),
        (PHQ9, (14, 15, 14, 15, 14, 15), "The last 6 scores lie within the reliable change of each other."),
    ],
)  # fmt: skip
def test_what_the_last_score_is_beside_the_first_the_best_and_the_cut_off(measure, values, sentence):
    assert sentence in said(measure, *values)


def test_the_best_score_is_named_only_where_it_says_more_than_the_first():
    assert "best" not in said(PHQ9, 8, 14)
    assert "best" not in said(PHQ9, 20, 8, 13)


@pytest.mark.parametrize("measure", [PHQ9, COMPUTED, WEEK])
@given(values=st.lists(st.integers(0, 10), min_size=1, max_size=30))
def test_no_verdict_on_a_person_and_no_expected_course_whatever_the_scores(measure, values):
    figure = charts.scores_over_time(frame(*values), measure)
    drawn = [trace for trace in figure.data if not trace.name.startswith(("first score", "cut-off"))]
    assert len(drawn) == 1
    assert [y for y in drawn[0].y if y is not None] == values
    words = (said(measure, *values) + figure.layout.meta["title"] + figure.layout.meta["subtitle"]).lower()
    assert not any(
        word in words for word in ("expected", "predict", "on track", "risk", "fail", "good", "bad")
    )


def test_the_table_has_the_latest_first_and_the_difference_from_the_first():
    table = charts.scores_over_time_table(frame(18, 15, 12))
    assert list(table["Day"]) == ["2026-03-16", "2026-03-09", "2026-03-02"]
    assert list(table["From the first"])[:2] == [-6, -3]
    assert pd.isna(table["From the first"].iloc[-1])


CHECK_INS = pd.DataFrame(
    {
        "on_day": [START, START + timedelta(days=7), START + timedelta(days=14)],
        "goals": [8, None, 5], "way_of_working": [7, 6, 5], "relationship": [9, 9, 9],
        "guessed_goals": [9, None, None], "guessed_way_of_working": [None, None, 7], "guessed_relationship": [None, None, None],
    }, dtype=object,
)  # fmt: skip
AS_SUPERVISOR = CHECK_INS.assign(guessed_goals=None, guessed_way_of_working=None)


def test_three_lines_and_a_hollow_marker_where_something_was_guessed():
    figure = charts.check_ins_over_time(CHECK_INS)
    assert [trace.name for trace in figure.data] == [
        "Goals", "Way of working", "Relationship", "Goals, my guess", "Way of working, my guess",
    ]  # fmt: skip
    assert list(figure.data[0].y) == [8, 5]
    assert {trace.marker.symbol for trace in figure.data[3:]} == {"circle-open", "square-open"}
    assert "not validated" in figure.layout.meta["subtitle"]


def test_the_three_lines_are_told_apart_without_colour():
    lines = charts.check_ins_over_time(CHECK_INS).data[:3]
    assert len({trace.line.dash for trace in lines}) == len({trace.marker.symbol for trace in lines}) == 3


def test_who_may_not_read_guesses_is_not_told_that_there_are_any():
    figure = charts.check_ins_over_time(AS_SUPERVISOR)
    words = charts.check_ins_over_time_in_words(AS_SUPERVISOR)
    table = charts.check_ins_over_time_table(AS_SUPERVISOR)
    assert len(figure.data) == 3
    assert "guess" not in figure.layout.meta["subtitle"] + words + " ".join(table.columns)


def test_check_ins_in_words_and_as_a_table():
    assert charts.check_ins_over_time_in_words(CHECK_INS) == (
        "16 March 2026: goals 5, way of working 5, relationship 9, together 19 of 30. My guess was way of working 7. "
        "These questions have no cut-off."
    )
    later = pd.concat([CHECK_INS, CHECK_INS.iloc[[0]].assign(on_day=START + timedelta(days=21))])
    assert "That is 5 points higher than at the check-in before." in charts.check_ins_over_time_in_words(
        later
    )
    table = charts.check_ins_over_time_table(CHECK_INS)
    assert list(table["Together"].fillna(-1)) == [19, -1, 24]
    assert list(table["Day"]) == ["2026-03-16", "2026-03-09", "2026-03-02"]
    assert "Goals, my guess" in table.columns


def test_without_check_ins_it_says_so():
    empty = CHECK_INS.iloc[:0]
    assert len(charts.check_ins_over_time(empty).data) == 0
    assert charts.check_ins_over_time_in_words(empty) == "No check-in yet."
    assert len(charts.check_ins_over_time_table(empty)) == 0
