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
