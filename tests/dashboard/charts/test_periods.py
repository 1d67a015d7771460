"""Periods on an axis: steps, gaps, names of weeks."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from dashboard.charts import periods
from tests.dashboard.charts.frames import MONDAY, WEEK, span


def rows(*parts):
    return periods.rows(pd.DataFrame(list(parts)))


def line(*parts):
    found = rows(*parts)
    return periods.step(found, "mean", ["said"] * len(found))


def test_a_value_is_held_over_its_whole_period():
    drawn = line(span(0, weeks=4) | {"mean": 2.5})
    assert drawn["x"] == ["2026-06-01", "2026-06-15T00:00", "2026-06-29"]
    assert drawn["y"] == [2.5, 2.5, 2.5]
    assert drawn["marks"] == [False, True, False]


def test_neighbours_are_joined_without_a_break():
    drawn = line(span(0) | {"mean": 1}, span(1, weeks=2) | {"mean": 3})
    assert None not in drawn["x"]


def test_a_silence_breaks_the_line_and_is_never_a_zero():
    drawn = line(span(0) | {"mean": 1}, span(3) | {"mean": 3})
    assert drawn["x"][3] is None
    assert drawn["y"] == [1, 1, 1, None, 3, 3, 3]


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_a_period_without_a_value_breaks_the_line_too(missing):
    drawn = line(span(0) | {"mean": 1}, span(1) | {"mean": missing}, span(2) | {"mean": 3})
    assert drawn["y"] == [1, 1, 1, None, 3, 3, 3]


def test_rows_come_in_time_order_whatever_the_dates_are_written_as():
    written = [
        {"period_start": pd.Timestamp(2026, 6, 8), "period_end": "2026-06-15"},
        {"period_start": "2026-06-01", "period_end": date(2026, 6, 8)},
    ]
    assert periods.spans(rows(*written)) == [(MONDAY, MONDAY + WEEK), (MONDAY + WEEK, MONDAY + 2 * WEEK)]


def test_a_period_without_length_is_one_week():
    assert periods.spans(rows({"period_start": MONDAY, "period_end": MONDAY})) == [(MONDAY, MONDAY + WEEK)]


@pytest.mark.parametrize(
    ("start", "weeks", "words"),
    [
        (date(2026, 11, 16), 1, "2026-W47"),
        (date(2026, 10, 26), 4, "2026-W44 to W47"),
        (date(2026, 12, 21), 3, "2026-W52 to 2027-W01"),
    ],
)
def test_periods_are_named_by_iso_weeks(start, weeks, words):
    assert periods.words(start, start + timedelta(weeks=weeks)) == words


def test_the_note_speaks_of_wide_steps_and_gaps_only_where_there_are_some():
    assert periods.note(rows(span(0), span(1))) == ""
    assert "several weeks together" in periods.note(rows(span(0, weeks=2), span(2)))
    assert "gaps" in periods.note(rows(span(0), span(2)))


@pytest.mark.parametrize("weeks", [1, 2, 7, 8, 12, 26, 52, 104, 520, 900])
def test_few_enough_weeks_are_named_for_a_phone_and_the_last_is_one_of_them(weeks):
    axis = periods.axis(rows(span(0, weeks=weeks)))
    assert 1 <= len(axis["ticktext"]) <= 7
    assert len(axis["ticktext"]) == len(axis["tickvals"])
    last = MONDAY + WEEK * (weeks - 1)
    assert axis["tickvals"][-1].startswith((last + timedelta(days=3)).isoformat())


def test_the_year_is_written_where_it_changes():
    axis = periods.axis(rows({"period_start": date(2026, 12, 14), "period_end": date(2027, 1, 18)}))
    assert axis["ticktext"] == ["W51<br>2026", "W52", "W53", "W1<br>2027".replace("W1", "W01"), "W02"]
