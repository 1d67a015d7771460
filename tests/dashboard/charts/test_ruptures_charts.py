"""Ruptures over time and by age."""

import numpy as np
import pandas as pd
import pytest

from dashboard import charts
from tests.dashboard.charts.frames import shown, span

FLOW = pd.DataFrame(
    [
        span(0, weeks=2) | {"opened": 5.0, "closed": 6.0, "open_at_end": 3.0},
        span(2, weeks=2) | {"opened": 8.0, "closed": np.nan, "open_at_end": np.nan},
        span(8, weeks=2) | {"opened": 5.0, "closed": 5.0, "open_at_end": 6.0},
    ]
)
OPEN = pd.DataFrame(
    [
        {"label": "B-2", "days": 3, "stage": None},
        {"label": "A-1", "days": 40, "stage": "named"},
    ]
)


def test_opened_goes_up_closed_goes_down_and_nothing_is_drawn_for_what_is_not_shown():
    opened, closed, still_open = charts.ruptures_over_time(FLOW).data
    assert list(opened.y) == [5, 8, 5]
    assert list(closed.y) == [-6, -5]
    assert list(still_open.y) == [3, 3, 3, None, 6, 6, 6]


@pytest.mark.parametrize(
    ("opened", "closed", "title"),
    [
        (5, 3, "Ruptures: more opened than closed"),
        (3, 5, "Ruptures: more closed than opened"),
        (4, 4, "Ruptures: as many closed as opened"),
        (4, None, "Ruptures opened and closed"),
    ],
)
def test_the_title_compares_only_what_is_shown(opened, closed, title):
    frame = pd.DataFrame([span(0) | {"opened": opened, "closed": closed, "open_at_end": None}])
    assert charts.ruptures_over_time(frame).layout.meta["title"] == title


def test_the_axis_counts_without_a_sign():
    axis = charts.ruptures_over_time(FLOW).layout.yaxis
    assert all(not text.startswith("-") for text in axis.ticktext)
    assert [abs(value) for value in axis.tickvals] == [int(text) for text in axis.ticktext]
    assert axis.range[0] < -6
    assert axis.range[1] > 8


def test_flow_in_words_and_as_a_table():
    assert charts.ruptures_over_time_in_words(FLOW) == (
        "2026-W23 to W32: 18 ruptures were opened and 11 closed; 6 were open at the end."
    )
    table = charts.ruptures_over_time_table(FLOW)
    assert list(table["Weeks"]) == ["2026-W23 to W24", "2026-W25 to W26", "2026-W31 to W32"]
    assert table["Closed"].isna().tolist() == [False, True, False]


def test_none_logged_is_never_shown_as_good():
    empty = FLOW.iloc[:0]
    assert "does not mean that there were none" in charts.ruptures_over_time_in_words(empty)
    assert shown(charts.ruptures_over_time(empty)) == [charts.ruptures_over_time_in_words(empty)]


@pytest.mark.parametrize("most", [1, 7, 30, 400, 9000])
def test_ticks_stay_few_for_any_height(most):
    frame = pd.DataFrame([span(0) | {"opened": most, "closed": most, "open_at_end": most}])
    assert 2 <= len(charts.ruptures_over_time(frame).layout.yaxis.tickvals) <= 20


def test_open_ruptures_stand_oldest_on_top_with_age_and_step():
    figure = charts.open_ruptures_by_age(OPEN)
    assert list(figure.data[0].x) == [40, 3]
    assert list(figure.data[0].y) == [2, 1]
    assert shown(figure) == [
        "<b>A-1</b> · 40 days · named with the client", "<b>B-2</b> · 3 days · no repair step yet",
    ]  # fmt: skip


def test_a_label_is_text_and_never_markup():
    frame = pd.DataFrame([{"label": "<a href='x'>C</a>", "days": 1, "stage": "noticed"}])
    assert "&lt;a href=" in shown(charts.open_ruptures_by_age(frame))[0]


def test_the_threshold_is_marked_on_each_bar_when_given():
    assert not charts.open_ruptures_by_age(OPEN).layout.shapes
    marks = charts.open_ruptures_by_age(OPEN, open_days=14).layout.shapes
    assert [mark.x0 for mark in marks] == [14, 14]


def test_many_open_ruptures_are_drawn_in_part_and_listed_whole():
    many = pd.DataFrame([{"label": f"C-{day}", "days": day, "stage": "noticed"} for day in range(1, 38)])
    figure = charts.open_ruptures_by_age(many)
    assert len(figure.data[0].x) == 20
    assert "the 20 oldest of 37" in figure.layout.meta["subtitle"]
    assert len(charts.open_ruptures_by_age_table(many)) == 37


def test_open_ruptures_in_words():
    assert charts.open_ruptures_by_age_in_words(OPEN) == (
        "2 ruptures are open; the oldest is A-1, 40 days, named with the client."
    )
    assert (
        charts.open_ruptures_by_age_in_words(OPEN[:1])
        == "One rupture is open: B-2, 3 days, no repair step yet."
    )
    assert charts.open_ruptures_by_age_in_words(OPEN[:0]) == "No rupture is open at the moment."
    assert shown(charts.open_ruptures_by_age(OPEN[:0])) == ["No rupture is open at the moment."]
