"""XmR limits: the published example, gaps, and too few weeks."""

import math

import pytest

from services import statistics

# 38 monthly counts with the limits that go with them: README of spc-plotly 0.1.3
# (libraries.io/pypi/spc-plotly), recomputed by hand from the formula of Wheeler.
PUBLISHED = [
    2478, 2350, 2485, 2296, 2359, 2567, 3089, 2668, 1788, 2854, 2365, 1883, 1959, 1927, 2640, 2626, 2144,
    2409, 4412, 3287, 3049, 3364, 3078, 2972, 3415, 2753, 3102, 2191, 3693, 4385, 4699, 3031, 2659, 3885, 2628,
    2621, 3071, 2002,
]  # fmt: skip


def test_the_published_series_gives_the_published_limits():
    found = statistics.xmr(PUBLISHED)
    assert found.n == 38
    assert found.mean == pytest.approx(2820.6315789473683)
    assert found.mean_moving_range == pytest.approx(571.8918918919)
    assert found.upper == pytest.approx(4341.864011379801)
    assert found.lower == pytest.approx(1299.3991465149359)
    assert found.moving_range_upper == pytest.approx(1868.9427027027025)


def test_only_what_lies_beyond_the_limits_is_outside():
    found = statistics.xmr(PUBLISHED)
    assert [value for value in PUBLISHED if found.outside(value)] == [4412, 4385, 4699]
    assert not any(found.outside(value) for value in (found.upper, found.lower, None, math.nan))


@pytest.mark.parametrize("gap", [None, math.nan])
def test_a_range_is_never_taken_across_a_gap(gap):
    found = statistics.xmr([1, 2, gap, 10, 11])
    assert found.mean_moving_range == 1
    assert (found.n, found.mean) == (4, 6)


@pytest.mark.parametrize("values", [[], [3], [None, None], [1, None, 2, None, 3]])
def test_without_two_neighbours_there_are_no_limits(values):
    assert statistics.xmr(values) is None


def test_limits_need_twelve_weeks_with_a_value():
    eleven = [1.0, 2.0] * 5 + [1.0]
    assert statistics.limits(eleven) is None
    assert statistics.limits([*eleven, None]) is None
    assert statistics.limits([*eleven, 2.0]).n == 12


# --- the four rules ----------------------------------------------------------------------------------------------------

# A level series whose limits are known: mean 10, mean moving range 1, so limits 7.34 and 12.66, two thirds at ±1.77.
LIMITS = statistics.Xmr(n=20, mean=10, mean_moving_range=1, lower=7.34, upper=12.66, moving_range_upper=3.268)


def marked(*values: float | None) -> list[str | None]:
    return statistics.signals(values, LIMITS)


def test_a_trend_is_seven_weeks_strictly_one_way_and_all_of_it_is_marked():
    assert marked(9.1, 9.3, 9.5, 9.7, 10.1, 10.3, 10.5) == ["trend"] * 7
    assert marked(10.5, 10.3, 10.1, 9.9, 9.7, 9.5, 9.3) == ["trend"] * 7
    assert marked(9.1, 9.3, 9.5, 9.5, 9.7, 10.1, 10.3) == [None] * 7  # two alike end it
    assert marked(9.1, 9.3, 9.5, 9.7, 10.1, 10.3) == [None] * 6


def test_a_run_is_seven_weeks_on_one_side_and_a_week_at_the_mean_ends_it():
    assert marked(10.5, 10.2, 10.6, 10.1, 10.4, 10.2, 10.5, 9.9) == ["run"] * 7 + [None]
    assert marked(10.5, 10.2, 10.6, 10, 10.4, 10.2, 10.5) == [None] * 7


def test_two_of_three_weeks_close_to_a_limit_on_the_same_side_are_marked_with_the_third():
    assert marked(12, 10.5, 12) == ["near"] * 3
    assert marked(12, 10.5, 8) == [None] * 3
    assert marked(12, 9.9, 12) == [None] * 3
    assert marked(11.7, 10.5, 11.7) == [None] * 3


def test_what_lies_outside_is_said_before_any_other_rule():
    assert marked(10.5, 10.2, 10.6, 13, 10.4, 10.2, 10.5) == ["run"] * 3 + ["outside"] + ["run"] * 3


@pytest.mark.parametrize("gap", [None, math.nan])
def test_a_week_without_a_value_ends_every_rule(gap):
    assert marked(10.5, 10.2, 10.6, gap, 10.4, 10.2, 10.5, 10.1) == [None] * 8
    assert marked(12, gap, 12) == [None] * 3


def test_without_limits_nothing_stands_out():
    assert statistics.signals([1, 2, 3], None) == [None] * 3
