"""The six causes over time: one trace each, gaps, limits, words and table."""

import math

import pandas as pd
import pytest

from dashboard import charts
from services import statistics
from services.vocabulary import CAUSES
from tests.dashboard.charts.frames import cause, causes, shown, span

EMPTY = pd.DataFrame(columns=["period_start", "period_end", "cause", "mean", "n"])
TOO_FEW = "too few weeks to judge"


def test_each_cause_has_one_trace_in_its_own_panel():
    figure = charts.causes_over_time(causes(26))
    assert [trace.name for trace in figure.data] == [cause.label for cause in CAUSES.values()]
    assert len({trace.yaxis for trace in figure.data}) == 6


def test_causes_are_told_apart_by_colour_and_dash_and_marker_each():
    figure = charts.causes_over_time(causes(3))
    for looks in (
        [trace.line.color for trace in figure.data],
        [trace.line.dash for trace in figure.data],
        [trace.marker.symbol for trace in figure.data],
    ):
        assert len(set(looks)) == 6


def test_a_cause_keeps_its_looks_when_others_have_nothing_to_show():
    alone, all_six = charts.causes_over_time(cause(5, [1, 2])), charts.causes_over_time(causes(2))
    assert alone.data[4].line == all_six.data[4].line
    assert list(alone.data[4].y) != []
    assert not alone.data[0].y
    assert sum("nothing to show" in text for text in shown(alone)) == 5


def test_a_silent_week_is_a_gap():
    trace = charts.causes_over_time(cause(1, [1, None, 3])).data[0]
    assert list(trace.y) == [1, 1, 1, None, 3, 3, 3]
    assert trace.connectgaps is False


def test_hover_says_value_unit_week_and_n():
    trace = charts.causes_over_time(cause(1, [1.25], n=7)).data[0]
    assert "of 4" in trace.hovertemplate
    assert "7 ratings" in trace.customdata[1]
    assert "2026-W23" in trace.customdata[1]


def test_title_and_subtitle_travel_with_the_figure_with_unit_and_n():
    meta = charts.causes_over_time(causes(2), title="Rapport is back").layout.meta
    assert meta["title"] == "Rapport is back"
    assert "72 ratings" in meta["subtitle"]
    assert "0 “not a factor” to 4 “main factor”" in meta["subtitle"]


@pytest.mark.parametrize(
    ("means", "title"),
    [
        ({1: [1, 1], 2: [1, 3]}, "Six causes: “Own agenda” rose from 1.0 to 3.0"),
        ({1: [3.14, 1], 2: [1, 1.5]}, "Six causes: “Rapport” fell from 3.1 to 1.0"),
        ({1: [1.5, 1.4], 2: [2.5, 2.2]}, "Six causes: “Own agenda” rated highest"),
        ({1: [2.1], 2: [2.2]}, "Six causes: “Rapport” and “Own agenda” rated highest"),
        ({1: [2], 2: [2], 3: [2]}, "Six causes: several rated alike"),
    ],
)
def test_without_a_given_title_it_says_what_is_seen(means, title):
    frame = pd.concat([cause(number, [float(mean) for mean in values]) for number, values in means.items()])
    assert charts.causes_over_time(frame).layout.meta["title"] == title


def test_with_twelve_weeks_a_band_shows_the_limits():
    values = [2.0, 2.4] * 6
    figure = charts.causes_over_time(cause(2, values))
    band, centre = figure.layout.shapes
    limits = statistics.xmr(values)
    assert (band.y0, band.y1, band.yref) == (pytest.approx(limits.lower), pytest.approx(limits.upper), "y2")
    assert centre.y0 == pytest.approx(2.2)
    assert f"usual range {limits.lower:.1f}–{limits.upper:.1f}" in shown(figure)
    assert TOO_FEW not in figure.layout.meta["subtitle"]


def test_the_band_stays_on_the_scale():
    band = charts.causes_over_time(cause(2, [0.0, 4.0] * 6)).layout.shapes[0]
    assert (band.y0, band.y1) == (0, 4)


def test_below_twelve_weeks_there_are_the_words_instead():
    figure = charts.causes_over_time(cause(2, [2.0, 2.4] * 5 + [2.0]))
    assert not figure.layout.shapes
    assert TOO_FEW in figure.layout.meta["subtitle"]


def test_a_cause_with_too_few_weeks_says_so_beside_others_with_enough():
    figure = charts.causes_over_time(pd.concat([cause(1, [1, 2] * 6), cause(6, [1, 2])]))
    assert len(figure.layout.shapes) == 2
    assert TOO_FEW in shown(figure)


def test_merged_weeks_are_drawn_as_long_steps_and_not_judged():
    frame = pd.DataFrame([span(2 * week, weeks=2) | {"cause": 1, "mean": 1.0, "n": 5} for week in range(14)])
    figure = charts.causes_over_time(frame)
    assert list(figure.data[0].x[:3]) == ["2026-06-01", "2026-06-08T00:00", "2026-06-15"]
    assert not figure.layout.shapes
    assert "no usual range, as some weeks are shown together" in figure.layout.meta["subtitle"]
    assert TOO_FEW in charts.causes_over_time(frame[:11]).layout.meta["subtitle"]
    assert "several weeks together" in figure.layout.meta["subtitle"]


def test_one_merged_period_among_single_weeks_is_enough_not_to_judge():
    single = cause(1, [1.0, 2.0] * 7)
    assert charts.causes_over_time(single).layout.shapes
    merged = pd.concat([single, pd.DataFrame([span(14, weeks=2) | {"cause": 1, "mean": 1.0, "n": 5}])])
    assert not charts.causes_over_time(merged).layout.shapes


def test_a_value_outside_its_limits_is_marked_and_named():
    values = [2.0, 2.4] * 7 + [4.0]
    figure = charts.causes_over_time(cause(3, values))
    sizes = [size for size in figure.data[2].marker.size if size]
    assert sizes[-1] > sizes[0]
    assert "outside its usual range" in figure.data[2].customdata[-1]
    assert charts.causes_over_time_in_words(cause(3, values)).endswith(
        "outside its usual range: “Inflexibility”."
    )


def test_seven_weeks_on_one_side_are_marked_though_none_is_outside():
    values = [2.0, 2.4] * 4 + [2.3, 2.4] * 4
    figure = charts.causes_over_time(cause(3, values))
    assert [size for size in figure.data[2].marker.size if size] == [7] * 7 + [12] * 9
    assert "seven weeks on one side of its mean" in figure.data[2].customdata[-1]
    assert charts.causes_over_time_in_words(cause(3, values)).endswith(
        "seven weeks on one side of its mean: “Inflexibility”."
    )


def test_nothing_is_said_plainly():
    figure = charts.causes_over_time(EMPTY)
    assert not figure.data
    assert shown(figure) == ["No ratings to show for these weeks."]
    assert charts.causes_over_time_in_words(EMPTY) == "No ratings to show for these weeks."
    assert charts.causes_over_time_table(EMPTY).empty


def test_one_row_draws_one_step():
    frame = cause(4, [3.0])
    assert len(charts.causes_over_time(frame).data[3].x) == 3
    assert charts.causes_over_time_in_words(frame) == (
        "2026-W23: “Part of what is treated” was rated highest at the end (3.0 of 4); too few weeks to judge."
    )


def test_ten_years_stay_readable():
    figure = charts.causes_over_time(causes(520))
    assert len(figure.data[0].x) == 520 * 3
    assert len(figure.layout.xaxis.ticktext) <= 7
    assert max(figure.data[0].marker.size) < 7


def test_the_words_name_highest_lowest_and_the_largest_move():
    frame = pd.concat([cause(1, [1, 1]), cause(2, [1, 3]), cause(6, [0.5, 0.4])])
    words = charts.causes_over_time_in_words(frame)
    assert "“Own agenda” was rated highest at the end (3.0 of 4)" in words
    assert "“Fear of engagement” lowest (0.4)" in words
    assert "“Own agenda” rose most, from 1.0 to 3.0" in words


def test_the_table_has_a_row_per_period_and_blanks_for_what_is_not_shown():
    table = charts.causes_over_time_table(pd.concat([cause(1, [1.234, 2]), cause(2, [None, 3])]))
    assert list(table["Weeks"]) == ["2026-W23", "2026-W24"]
    assert list(table["Rapport"]) == [1.2, 2.0]
    assert list(table["Rapport, n"]) == [6, 6]
    assert math.isnan(table["Own agenda"][0])
    assert table["Own agenda, n"].isna().tolist() == [True, False]


def test_the_callers_frame_is_left_alone():
    frame = causes(3)
    before = frame.copy(deep=True)
    charts.causes_over_time(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_the_axis_spans_exactly_the_periods():
    axis = charts.causes_over_time(causes(4)).layout.xaxis
    assert axis.range == ("2026-06-01", (span(4)["period_start"]).isoformat())
