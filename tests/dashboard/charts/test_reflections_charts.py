"""Reflections handed in, and a therapist's own weeks."""

import numpy as np
import pandas as pd

from dashboard import charts
from dashboard.charts import palette
from services.vocabulary import CAUSES
from tests.dashboard.charts.frames import MONDAY, WEEK, shown, span

HANDED_IN = pd.DataFrame(
    [span(0) | {"percent": 80.0}, span(1) | {"percent": np.nan}, span(5, weeks=2) | {"percent": 60.0}]
)


def own(*answers: tuple[int, int, int | None]) -> pd.DataFrame:
    return pd.DataFrame(
        [{"week": MONDAY + WEEK * week, "cause": cause, "rating": rating} for week, cause, rating in answers],
        columns=["week", "cause", "rating"],
    )


def cells(trace) -> dict[tuple[str, int], object]:
    """What a trace holds, by week and cause; the rows run from the last cause up, with empty rows between."""
    strips = dict(zip(reversed(CAUSES), range(0, 11, 2), strict=True))
    return {
        (day, cause): trace.z[row][place]
        for cause, row in strips.items()
        for place, day in enumerate(trace.x)
        if trace.z[row][place] is not None
    }


def test_percentages_have_a_bar_only_where_there_is_one():
    bars = charts.reflections_handed_in(HANDED_IN).data[0]
    assert list(bars.y) == [80, 60]
    assert bars.width[1] == 2 * bars.width[0]


def test_handed_in_in_words_and_as_a_table():
    assert charts.reflections_handed_in_in_words(HANDED_IN) == (
        "60% of reflections were handed in for 2026-W28 to W29, between 60% and 80% over 2026-W23 to W29."
    )
    table = charts.reflections_handed_in_table(HANDED_IN)
    assert list(table["Weeks"]) == ["2026-W23", "2026-W24", "2026-W28 to W29"]
    assert table["Handed in, %"].isna().tolist() == [False, True, False]


def test_nothing_handed_in_is_said_plainly():
    empty = HANDED_IN.iloc[:0]
    assert shown(charts.reflections_handed_in(empty)) == ["No reflections to show for these weeks."]
    assert charts.reflections_handed_in_in_words(empty) == "No reflections to show for these weeks."


def test_a_week_without_a_reflection_is_blank_and_stands_in_its_place():
    ratings, _ = charts.own_weeks(own((0, 1, 3), (2, 1, 0))).data
    assert list(ratings.x) == ["2026-06-01", "2026-06-08", "2026-06-15"]
    assert cells(ratings) == {("2026-06-01", 1): 3, ("2026-06-15", 1): 0}


def test_cannot_tell_is_an_answer_of_its_own():
    ratings, unsure = charts.own_weeks(own((0, 1, 2), (0, 6, None))).data
    assert cells(ratings) == {("2026-06-01", 1): 2}
    assert list(cells(unsure)) == [("2026-06-01", 6)]
    assert "?" in [text for row in unsure.text for text in row]
    assert (
        unsure.textfont.color == palette.INK
    )  # plotly would choose white for the full colour, which is faint here


def test_numbers_stand_in_the_cells_and_every_cause_has_its_name():
    figure = charts.own_weeks(own((0, 3, 4)))
    assert 4 in [text for row in figure.data[0].text for text in row]
    assert [cause.label for cause in CAUSES.values()] == [text.split(" ", 3)[-1] for text in shown(figure)]


def test_the_scale_is_fixed_whatever_the_ratings_are():
    ratings = charts.own_weeks(own((0, 1, 1), (1, 1, 1))).data[0]
    assert (ratings.zmin, ratings.zmax) == (0, 4)


def test_own_weeks_in_words_and_as_a_table():
    frame = own((0, 1, 3), (2, 1, 4), (2, 2, 4), (2, 3, None))
    assert charts.own_weeks_in_words(frame) == (
        "2 weeks with ratings; highest for 2026-W25: “Rapport”, “Own agenda” with 4 of 4."
    )
    table = charts.own_weeks_table(frame)
    assert list(table["Week"]) == ["2026-W23", "2026-W24", "2026-W25"]
    assert list(table["Rapport"]) == ["3", "", "4"]
    assert list(table["Inflexibility"]) == ["", "", "can’t tell"]


def test_a_week_in_which_one_could_not_tell():
    assert (
        charts.own_weeks_in_words(own((0, 1, None)))
        == "1 week with ratings; for 2026-W23 you could not tell."
    )


def test_before_the_first_reflection_it_says_what_will_come():
    figure = charts.own_weeks(own())
    assert not figure.data
    assert "first weekly reflection" in shown(figure)[0]
    assert charts.own_weeks_in_words(own()) == shown(figure)[0]
    assert charts.own_weeks_table(own()).empty


def test_ten_years_of_own_weeks():
    figure = charts.own_weeks(own(*((week, 1, week % 5) for week in range(520))))
    assert len(figure.data[0].x) == 520
    assert len(figure.layout.xaxis.ticktext) <= 7
