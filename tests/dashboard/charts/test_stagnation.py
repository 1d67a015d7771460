"""Standing still as figures: gaps stay gaps, curves fall, and what is not known is said."""

from datetime import date

import pandas as pd
import pytest

from dashboard import charts
from services import survival, weeks

MONDAY = date(2026, 9, 7)
WEEKS = [MONDAY + weeks.WEEK * n for n in range(4)]


def frame(counts: dict, computed) -> pd.DataFrame:
    rows = [(week, rule, n) for (week, rule), n in counts.items()]
    return charts.weeks_of_stagnation(rows, set(computed), since=WEEKS[0], until=WEEKS[-1])


def test_a_week_in_which_nothing_was_computed_is_a_gap_and_one_without_cases_is_zero():
    made = frame(
        {(WEEKS[0], "any"): 2, (WEEKS[0], "R5"): 2, (WEEKS[3], "any"): 1, (WEEKS[3], "R1"): 1},
        [WEEKS[0], WEEKS[1], WEEKS[3]],
    )
    drawn = charts.stagnation_over_time(made)
    by_name = {trace.name: list(trace.y) for trace in drawn.data}
    assert by_name["All that stand still"] == [2, 0, None, 1]
    assert by_name["Open rupture waits"] == [2, 0, None, 0]
    assert "Plateau" not in by_name
    assert not any(trace.connectgaps for trace in drawn.data)
    assert (
        "1 case stood still at the end of 2026-W40; 2 at the end of 2026-W37"
        in charts.stagnation_over_time_in_words(made)
    )
    assert "In 1 of 4 weeks nothing was computed" in charts.stagnation_over_time_in_words(made)
    table = charts.stagnation_over_time_table(made)
    assert list(table["Week"]) == ["2026-W40", "2026-W39", "2026-W38", "2026-W37"]
    assert table["All"].isna().tolist() == [False, True, False, False]


def test_nothing_computed_is_said_and_not_drawn():
    made = frame({}, [])
    assert len(charts.stagnation_over_time(made).data) == 0
    assert charts.stagnation_over_time_in_words(made).startswith("No flags were computed")


def test_a_curve_falls_in_steps_as_far_as_anybody_has_waited():
    curves = {
        "discussed": survival.curve([(3, True, 1), (10, False, 1)]),
        "acted": survival.curve([(12, False, 2)]),
        "cleared": survival.curve([]),
    }
    drawn = charts.until_something_happened(curves)
    assert [(trace.name, list(trace.x), list(trace.y)) for trace in drawn.data] == [
        ("until talked about", [0, 3, 10], [100, 50, 50]), ("until something was agreed", [0, 12], [100, 100])
    ]  # fmt: skip
    assert {trace.line.shape for trace in drawn.data} == {"hv"}
    said = charts.until_something_happened_in_words(curves)
    assert "until talked about: for half of them within 3 days" in said
    assert "until something was agreed: not reached yet for half of them" in said
    table = charts.until_something_happened_table(curves)
    assert table.values.tolist() == [
        ["until talked about", 2, 1, 1, "3"],
        ["until something was agreed", 2, 0, 2, "not reached yet"],
    ]


def test_without_spells_there_is_no_curve():
    nothing = dict.fromkeys(("discussed", "acted", "cleared"), survival.curve([]))
    assert len(charts.until_something_happened(nothing).data) == 0
    assert charts.until_something_happened_in_words(nothing) == "No spell to count in these weeks."


@pytest.mark.parametrize(
    ("days", "place"), [(22, 0), (28, 0), (29, 1), (56, 1), (57, 2), (91, 2), (92, 3), (900, 3)]
)
def test_a_silent_case_stands_where_its_days_belong(days, place):
    made = pd.DataFrame([("C-001", "North", "Ann", days)], columns=["code", "team", "therapist", "days"])
    assert [i for i, n in enumerate(charts.cases_without_entries(made).data[0].x) if n] == [place]
    assert f"the longest is C-001, {days} days" in charts.cases_without_entries_in_words(made)
    assert charts.cases_without_entries_table(made).values.tolist() == [["C-001", "North", "Ann", days]]


def test_no_silent_case_is_not_called_fine():
    made = pd.DataFrame(columns=["code", "team", "therapist", "days"])
    said = charts.cases_without_entries_in_words(made)
    assert said == "Every active case has had an entry lately."
    assert "fine" not in said
    assert charts.cases_without_entries_table(made).empty
