"""How long it takes: the product-limit estimate against an example worked by hand and against a plain loop."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import survival

SPELLS = st.lists(st.tuples(st.integers(0, 60), st.booleans(), st.integers(1, 4)), min_size=1, max_size=25)


def by_loop(spells: list[survival.Spell]) -> dict[int, float]:
    """The estimate as the textbook writes it: at each day with an event, times (1 - events / at risk)."""
    share, found = 1.0, {}
    for day in sorted({days for days, over, _ in spells if over}):
        at_risk = sum(n for days, _, n in spells if days >= day)
        events = sum(n for days, over, n in spells if over and days == day)
        share *= 1 - events / at_risk
        found[day] = share
    return found


def test_an_example_worked_by_hand():
    """Seven spells: 3, 5, 5+, 8, 10+, 12, 15+ days. 6/7, then 5/6, 3/4, 1/2 of what was left."""
    found = survival.curve(
        [
            (3, True, 1),
            (5, True, 1),
            (5, False, 1),
            (8, True, 1),
            (10, False, 1),
            (12, True, 1),
            (15, False, 1),
        ]
    )
    assert [(day, at_risk) for day, _, at_risk in found.steps] == [(0, 7), (3, 7), (5, 6), (8, 4), (12, 2)]
    assert [share for _, share, _ in found.steps] == pytest.approx([1, 6 / 7, 5 / 7, 15 / 28, 15 / 56])
    assert (found.n, found.happened, found.median, found.longest) == (7, 4, 12, 15)


@given(SPELLS)
def test_the_estimate_is_that_of_the_textbook(spells):
    found = survival.curve(spells)
    expected = by_loop(spells)
    shares = {day: share for day, share, _ in found.steps[1:]}
    assert shares == pytest.approx(expected)
    assert found.steps[0][1] == 1
    assert found.n == sum(n for *_, n in spells)
    assert found.happened == sum(n for _, over, n in spells if over)


@given(SPELLS)
def test_it_only_falls_and_the_median_is_where_half_is_left(spells):
    found = survival.curve(spells)
    shares = [share for _, share, _ in found.steps]
    assert shares == sorted(shares, reverse=True)
    half = [day for day, share in by_loop(spells).items() if share <= 0.5 or math.isclose(share, 0.5)]
    assert found.median == (min(half) if half else None)


@given(SPELLS, st.integers(0, 80))
def test_somebody_who_still_waits_never_makes_it_look_quicker(spells, days):
    before, after = survival.curve(spells), survival.curve([*spells, (days, False, 1)])
    if before.median is not None and after.median is not None:
        assert after.median >= before.median


def test_without_spells_and_without_events_it_says_so():
    assert survival.median_in_words(survival.curve([])) == "nothing to count yet"
    waiting = survival.curve([(9, False, 3)])
    assert (waiting.median, waiting.longest, waiting.steps) == (None, 9, ((0, 1.0, 3),))
    assert survival.median_in_words(waiting) == "not reached yet for half of them"


@pytest.mark.parametrize(
    ("days", "says"),
    [(0, "on the same day"), (1, "within 1 day"), (12, "within 12 days")],
)
def test_the_median_is_said_in_words(days, says):
    assert says in survival.median_in_words(survival.curve([(days, True, 2)]))
