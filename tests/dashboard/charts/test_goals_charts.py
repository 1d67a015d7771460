"""Progress on goals, and between-session work by who proposed it."""

from datetime import date, timedelta

import pandas as pd
import pytest

from dashboard import charts
from dashboard.charts.goals import AMOUNTS, WHO
from services import vocabulary
from tests.dashboard.charts.frames import shown

DAY = date(2026, 6, 3)
PROGRESS = pd.DataFrame(
    [("1 To drive", DAY, 2), ("1 To drive", DAY + timedelta(weeks=3), 5), ("2 <b>To sleep</b>", DAY, 1)],
    columns=["goal", "day", "progress"],
)
LOOKS = pd.DataFrame(
    [
        ("therapist", "none", 3),
        ("therapist", "all", 1),
        ("client", "most", 2),
        ("client", "something_else", 2),
    ],
    columns=["proposer", "done", "n"],
)
NOTHING = PROGRESS.iloc[:0]


def test_each_goal_is_a_line_of_its_own_told_apart_without_colour():
    first, second = charts.goal_progress(PROGRESS).data
    assert list(first.y) == [2, 5]
    assert (first.marker.symbol, first.line.dash) != (second.marker.symbol, second.line.dash)
    assert "<b>" not in second.name  # words of a therapist are no markup


def test_a_long_silence_is_a_gap():
    late = pd.concat(
        [
            PROGRESS.iloc[:1],
            pd.DataFrame([("1 To drive", DAY + timedelta(weeks=20), 6)], columns=PROGRESS.columns),
        ]
    )
    (line,) = charts.goal_progress(late).data
    assert list(line.y) == [2, None, 6]


def test_the_goals_looked_at_last_are_drawn_and_all_are_in_the_table():
    many = pd.DataFrame(
        [(f"{n} goal", DAY + timedelta(days=n), n % 10) for n in range(1, 10)],
        columns=["goal", "day", "progress"],
    )
    figure = charts.goal_progress(many)
    assert [line.name for line in figure.data] == [f"{n} goal" for n in range(4, 10)]
    assert "the 6 looked at last of 9" in figure.layout.meta["subtitle"]
    assert len(charts.goal_progress_table(many)) == 9


def test_progress_in_words_and_as_a_table():
    assert charts.goal_progress_in_words(PROGRESS) == (
        "“1 To drive” 2 to 5 of 10, last looked at on 24 Jun 2026; “2 <b>To sleep</b>” 1 of 10, last looked at on 3 Jun 2026."
    )
    assert charts.goal_progress_table(PROGRESS).iloc[0].tolist() == ["2026-06-24", "1 To drive", 5]


def test_each_proposer_has_a_bar_with_its_number_the_client_first():
    figure = charts.completion(LOOKS)
    assert shown(figure) == [
        "<b>Proposed by the client</b> · most or all of it 2 of 4 times",
        "<b>Proposed by the therapist</b> · most or all of it 1 of 4 times",
    ]
    done = {trace.name: list(trace.x) for trace in figure.data}
    assert done["Not done"] == [0, 75]
    assert done["Most of it"] == [50, 0]
    assert sum(values[0] for values in done.values()) == sum(values[1] for values in done.values()) == 100
    assert "A little" not in done  # what never occurred has no place in the legend


def test_amounts_are_told_apart_without_red_and_green():
    assert set(AMOUNTS) == set(vocabulary.TASK_DONE)
    assert set(WHO) == set(vocabulary.PROPOSERS)
    assert len(set(AMOUNTS.values())) == len(AMOUNTS)


def test_completion_in_words_and_as_a_table():
    assert charts.completion_in_words(LOOKS) == (
        "Proposed by the client: most or all of it 2 of 4 times; proposed by the therapist: most or all of it 1 of 4 times."
    )
    table = charts.completion_table(LOOKS)
    assert table["Times looked at"].tolist() == [4, 4]
    assert table.columns.tolist()[1:-1] == [word.label for word in vocabulary.TASK_DONE.values()]


@pytest.mark.parametrize("figure", ["goal_progress", "completion"])
def test_nothing_is_said_in_words_and_drawn_as_nothing(figure):
    empty = NOTHING if figure == "goal_progress" else LOOKS.iloc[:0]
    (sentence,) = shown(getattr(charts, figure)(empty))
    assert getattr(charts, f"{figure}_in_words")(empty) == sentence
    assert getattr(charts, f"{figure}_table")(empty).empty
