"""Figures of the meeting: the picture of a case for everybody, what shifted, the pulse over time."""

import pytest

from dashboard import charts
from services.vocabulary import CAUSES
from tests.dashboard.charts.frames import shown

PICTURE = {
    "weeks": 30,
    "sessions": 24,
    "scores": [{"measure": "PHQ-9", "week": week, "value": value} for week, value in ((0, 18), (8, 14), (20, 12))]
    + [{"measure": "How the week went", "week": 3, "value": "21.5"}],
    "episodes": [{"week": 4, "kind": "yes_but"}, {"week": 27, "kind": "withdrawal"}],
    "ruptures": [{"from": 5, "to": 9, "kind": "mixed"}, {"from": 26, "to": None, "kind": "withdrawal"}],
}  # fmt: skip
PULSES = [
    {"held_on": "2026-11-04", "answers": 5, "mean": 3.2, "counts": {"1": 1, "3": 2, "4": 1, "5": 1}},
    {"held_on": "2026-11-11", "answers": 6, "mean": "4.0", "counts": {"4": 6}},
]


def test_the_picture_of_a_case_holds_no_date_no_word_and_nothing_under_a_pointer():
    figure = charts.case_picture(PICTURE)
    assert shown(figure) == [
        "<b>PHQ-9</b>",
        "<b>How the week went</b>",
        "<b>Episodes (2)</b>",
        "<b>Ruptures (2)</b>",
    ]
    assert {trace.hoverinfo for trace in figure.data} == {"skip"}
    assert all(trace.customdata is None and trace.text is None for trace in figure.data)
    assert "2026" not in figure.to_json()


def test_an_open_rupture_runs_on_and_a_closed_one_has_its_end():
    ruptures = charts.case_picture(PICTURE).data[-1]
    assert list(ruptures.x) == [5, 9, None, 26, 30.5, None]
    assert list(ruptures.marker.size) == [11, 11, 0, 11, 0, 0]


def test_the_picture_in_words_and_as_a_table():
    assert charts.case_picture_in_words(PICTURE) == (
        "24 sessions in 30 weeks; PHQ-9 from 18 to 12; How the week went 21.5; 2 episodes, the last in week 27; 2 ruptures, 1 of them open."
    )
    table = charts.case_picture_table(PICTURE)
    assert table["Week"].is_monotonic_increasing
    assert ["26", "Rupture", "Withdrawal, open"] in table.astype(str).values.tolist()


def test_a_case_without_an_entry_has_a_picture_that_says_so():
    empty = {"weeks": 0, "sessions": 0, "scores": [], "episodes": [], "ruptures": []}
    assert shown(charts.case_picture(empty)) == ["No score, episode or rupture is on record."]
    assert len(charts.case_picture_table(empty)) == 0
    assert shown(charts.case_picture(empty | {"episodes": [{"week": 0, "kind": "other"}]})) == ["<b>Episodes (1)</b>"]  # fmt: skip


def test_a_measure_keeps_its_name_which_is_cut_only_where_there_is_no_room():
    name = "How much <i>the main problem</i> got in the way of an ordinary working day"
    one = PICTURE | {"scores": [{"measure": name, "week": 0, "value": 3}]}
    assert (
        shown(charts.case_picture(one))[0]
        == "<b>How much &lt;i&gt;the main problem&lt;/i&gt; got in the…</b>"
    )
    assert name in charts.case_picture_in_words(one)
    assert name in set(charts.case_picture_table(one)["What"])


def test_many_measures_are_kept_to_three():
    scores = [{"measure": f"M{number}", "week": week, "value": 1} for number in range(6) for week in range(number + 1)]  # fmt: skip
    assert shown(charts.case_picture(PICTURE | {"scores": scores}))[:3] == ["<b>M5</b>", "<b>M4</b>", "<b>M3</b>"]  # fmt: skip


PAIRS = {1: (3, 1), 2: (1, 2), 3: (2, 2), 4: (None, 2), 5: (3, None)}


def test_what_shifted_joins_before_and_after_where_both_are_there():
    joins, before, after = charts.what_shifted(PAIRS).data
    assert (list(before.x), list(after.x)) == ([3, 1, 2], [1, 2, 2, 2])
    assert len([x for x in joins.x if x is None]) == 3
    assert shown(charts.what_shifted(PAIRS))[0] == f"1 {CAUSES[1].label}"


def test_what_shifted_is_told_without_a_word_of_cause_and_effect():
    said = charts.what_shifted_in_words(PAIRS)
    assert said == (
        "Lower than before: “Rapport” (3 to 1); higher than before: “Own agenda” (1 to 2); 1 the same; "
        "rated for the first time: “Part of what is treated” (2)."
    )
    assert not {"because", "effect", "improved", "worked"} & set(said.lower().split())
    assert charts.what_shifted_table(PAIRS).iloc[3].tolist() == [
        CAUSES[4].label,
        "not rated",
        "2 · partly",
    ]


@pytest.mark.parametrize("nothing", [{}, {5: (3, None)}])
def test_nothing_rated_again_is_said(nothing):
    assert shown(charts.what_shifted(nothing)) == ["Nothing was rated again yet."]
    assert charts.what_shifted_in_words(nothing) == "Nothing was rated again yet."


def test_a_pulse_is_a_bar_of_its_answers_with_the_mean_above():
    figure = charts.pulse_over_time(PULSES)
    assert [trace.y[0] for trace in figure.data] == [20, 0, 40, 20, 20]
    assert shown(figure) == ["<b>3.2</b>", "<b>4.0</b>"]
    assert figure.data[3].text == ("1", "6")


def test_a_pulse_in_words_and_as_a_table():
    assert charts.pulse_over_time_in_words(PULSES) == (
        "11 November 2026, 6 answers: 4.0 of 5 on average; it was 3.2 on 4 November 2026, 2 meetings in all."
    )
    assert charts.pulse_over_time_in_words(PULSES[:1]).endswith("One meeting is no course yet.")
    assert charts.pulse_over_time_table(PULSES).iloc[0].tolist() == ["2026-11-04", 5, 3.2, "1: 1 · 2: 0 · 3: 2 · 4: 1 · 5: 1"]  # fmt: skip


def test_no_pulse_yet_is_said_and_a_hundred_fit():
    assert shown(charts.pulse_over_time([])) == ["No meeting with five answers or more yet."]
    assert len(charts.pulse_over_time([PULSES[0]] * 100).data[0].x) == 20
    assert len(charts.pulse_over_time_table([PULSES[0]] * 100)) == 100
