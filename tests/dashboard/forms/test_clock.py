"""Days in the words of a sentence."""

from datetime import date

import pytest

from dashboard.forms import clock

NOW = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("day", "words"),
    [(NOW, "today"), (date(2026, 3, 1), "yesterday"), (date(2026, 2, 28), "28 February"), (date(2025, 12, 31), "31 December 2025"),
     (date(2026, 3, 4), "4 March")],
)  # fmt: skip
def test_a_day(day, words):
    assert clock.day(day, now=NOW) == words


@pytest.mark.parametrize(("count", "words"), [(0, "0 days"), (1, "1 day"), (12, "12 days")])
def test_days(count, words):
    assert clock.days(count) == words


def test_a_sentence_begins_with_a_capital_and_the_rest_stays():
    assert clock.opening("last week, 2026-W46 (9 to 15 November)") == "Last week, 2026-W46 (9 to 15 November)"
    assert clock.opening("") == ""
