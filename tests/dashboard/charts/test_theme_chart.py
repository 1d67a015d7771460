"""The team theme as a figure: its line, its usual range, and what is not on a shared screen."""

from datetime import timedelta

import pytest

from dashboard import charts
from services.themes import Point, Theme
from tests.dashboard.charts.frames import MONDAY, shown

LEVEL = [2.0, 2.2] * 10 + [3.6]


def theme(values=LEVEL, *, subject="cause", key="2") -> Theme:
    points = tuple(Point(MONDAY + timedelta(weeks=week), 1, value) for week, value in enumerate(values))
    return Theme("moved", subject, key, "outside", "up", points, looked_at=3, on_record=len(values))


def test_the_usual_range_is_a_band_and_the_week_outside_it_a_larger_mark():
    figure = charts.theme_over_time(theme())
    assert [shape.type for shape in figure.layout.shapes] == ["rect", "line"]
    marks = [size for size in figure.data[0].marker.size if size]
    assert (len(marks), marks[-1] > marks[-2]) == (21, True)
    assert figure.layout.meta["title"] == "“Own agenda” is rated higher than usual"


def test_eleven_weeks_have_no_band():
    figure = charts.theme_over_time(theme(LEVEL[:11]))
    assert figure.layout.shapes == ()
    assert "no usual range" in figure.layout.meta["subtitle"]


def test_on_a_shared_screen_nothing_waits_under_a_pointer():
    trace = charts.theme_over_time(theme(), on_screen=True).data[0]
    assert (trace.hoverinfo, trace.customdata, trace.hovertemplate) == ("skip", None, None)


@pytest.mark.parametrize(("subject", "key", "top"), [("cause", "2", 4), ("reflection", "handed_in", 100)])
def test_scales_that_have_an_end_are_shown_whole(subject, key, top):
    low, high = charts.theme_over_time(theme(subject=subject, key=key)).layout.yaxis.range
    assert low < 0 < top < high


def test_the_table_names_the_weeks_that_stand_out():
    table = charts.theme_over_time_table(theme())
    assert table.iloc[-1].tolist() == ["2026-W43", 3.6, "outside its usual range"]
    assert charts.theme_over_time_in_words(theme()) == theme().in_words


def test_a_theme_without_a_series_says_so():
    assert shown(charts.theme_over_time(Theme("hidden"))) == ["Nothing to show."]
