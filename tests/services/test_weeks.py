"""ISO weeks, also where years meet."""

from datetime import date

import pytest

from services import weeks


@pytest.mark.parametrize(
    ("day", "monday", "spelt"),
    [
        (date(2026, 11, 23), date(2026, 11, 23), "2026-W48"),
        (date(2026, 11, 22), date(2026, 11, 16), "2026-W47"),
        (date(2021, 1, 3), date(2020, 12, 28), "2020-W53"),
        (date(2024, 12, 31), date(2024, 12, 30), "2025-W01"),
    ],
)
def test_a_day_belongs_to_its_iso_week(day, monday, spelt):
    assert (weeks.monday(day), weeks.spelt(day)) == (monday, spelt)


def test_a_week_in_words_repeats_the_month_only_where_it_changes():
    assert weeks.in_words(date(2026, 11, 18)) == "2026-W47 (16 to 22 November)"
    assert weeks.in_words(date(2026, 11, 30)) == "2026-W49 (30 November to 6 December)"


def test_the_last_weeks_end_with_this_one():
    assert weeks.last(3, until=date(2026, 1, 7)) == [date(2025, 12, 22), date(2025, 12, 29), date(2026, 1, 5)]
