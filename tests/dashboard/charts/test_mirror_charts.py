"""The figures of the mirror: what they draw, what they say, and how they say that there is nothing."""

from datetime import date

import pandas as pd
import pytest

from dashboard import charts
from dashboard.charts import mirror, mirror_pairs, palette
from services.vocabulary import CAUSES, HELPED, NEXT_MOVES, REFRAMES
from tests.dashboard.charts.frames import MONDAY, WEEK, shown, span

MOVES = pd.DataFrame(
    [span(0, weeks=4) | {"key": "asked", "n": 3, "share": 0.75}, span(0, weeks=4) | {"key": "insisted", "n": 1, "share": 0.25},
     span(8, weeks=4) | {"key": "asked", "n": 1, "share": 1.0}]
)  # fmt: skip
THOUGHTS = pd.DataFrame(
    [("mistakes_allowed", "yes", 2), ("mistakes_allowed", "", 1), ("repair_heals", "no", 1)],
    columns=["reframe", "helped", "n"],
)
REPAIRS = pd.DataFrame(
    [
        span(0, weeks=4) | {"noticed": 1, "steps": 3, "closed": 0},
        span(8, weeks=4) | {"noticed": 0, "steps": 1, "closed": 1},
    ]
)
GUESSES = pd.DataFrame(
    [span(0, weeks=4) | {"question": "relationship", "guess": 7.5, "answer": 6.0, "n": 2, "near": 1, "above": 1, "below": 0},
     span(4, weeks=4) | {"question": "relationship", "guess": 5.0, "answer": 8.0, "n": 1, "near": 0, "above": 0, "below": 1}]
)  # fmt: skip
PAIRS = pd.DataFrame(
    [("case", 2, 3, 3.0, 2.0, 2, 1, 0), ("case", 5, 2, 1.0, 4.0, 0, 0, 2), ("week", 2, 1, 3.0, 1.0, 1, 0, 0)],
    columns=["of", "cause", "n", "before", "after", "lower", "same", "higher"],
)
FRUSTRATION = pd.DataFrame(
    [(MONDAY, 3, True), (MONDAY + WEEK, None, True), (MONDAY + 3 * WEEK, 1, False)],
    columns=["week", "rating", "let_go"],
)


def test_moves_add_up_to_the_whole_of_each_period():
    bars = mirror.next_moves(MOVES).data
    assert [bar.name for bar in bars] == [NEXT_MOVES["insisted"].label, NEXT_MOVES["asked"].label]
    assert [list(bar.y) for bar in bars] == [[25], [75, 100]]
    assert mirror.next_moves_in_words(MOVES) == "2026-W23 to W34, 5 episodes: insisted in 20%, asked in 80%."
    assert mirror.next_moves_table(MOVES).values.tolist() == [
        ["2026-W23 to W26", 1, 0, 3, 0, 0],
        ["2026-W31 to W34", 0, 0, 1, 0, 0],
    ]


def test_a_thought_counts_by_whether_it_helped():
    bars = {bar.name: dict(zip(bar.customdata, bar.x, strict=True)) for bar in mirror.reframes(THOUGHTS).data}
    label = REFRAMES["mistakes_allowed"].label
    assert bars[HELPED["yes"].label][label] == 2
    assert bars[mirror.NOT_SAID][label] == 1
    assert (
        mirror.reframes_in_words(THOUGHTS)
        == f"Used most: “{label}”, in 3 weeks. Of 4 uses, 2 helped at least a little."
    )
    assert mirror.reframes_table(THOUGHTS).iloc[1].tolist() == [label, 2, 0, 0, 1]


def test_repairs_are_said_with_stages_outcomes_and_what_is_open():
    assert [bar.name for bar in mirror.repairs(REPAIRS).data] == ["Noticed", "Repair steps", "Closed"]
    said = mirror.repairs_in_words(
        REPAIRS, still_open=1, outcomes={"partly": 1}, stages={"named": 3, "explored": 1}
    )
    assert (
        said
        == "1 rupture noticed, 4 steps taken (named with the client 3, explored 1), 1 closed (partly repaired 1). 1 rupture is open now."
    )
    assert "gaps: nothing logged" in mirror.repairs(REPAIRS).layout.meta["subtitle"]
    assert mirror.repairs_table(REPAIRS)["Repair steps"].tolist() == [3, 1]


def test_none_logged_is_not_said_to_be_good():
    empty = REPAIRS.iloc[:0]
    said = mirror.repairs_in_words(empty, still_open=2, outcomes={}, stages={})
    assert "does not mean that there were none" in said
    assert said.endswith("2 ruptures are open now.")


def test_a_guess_is_joined_to_its_answer_in_its_own_panel():
    figure = mirror_pairs.guesses(GUESSES)
    points = {(t.name, t.yaxis): list(t.y) for t in figure.data if t.mode == "markers"}
    assert points["My guess", "y3"] == [7.5, 5]
    assert points["The client’s answer", "y3"] == [6, 8]
    assert [t.name for t in figure.data if t.showlegend] == ["My guess", "The client’s answer"]
    joins = next(t for t in figure.data if t.mode == "lines" and t.yaxis == "y3")
    assert list(joins.y) == [7.5, 6, None, 5, 8, None]
    assert (
        mirror_pairs.guesses_in_words(GUESSES)
        == "Of 3 guesses, 1 lay within one point of the client’s answer, 1 higher and 1 lower."
    )
    assert mirror_pairs.guesses_table(GUESSES).iloc[0].tolist() == [
        "2026-W23 to W26",
        "Relationship",
        7.5,
        6.0,
        2,
    ]


def test_fewer_than_three_pairs_are_too_few_to_say():
    figure = mirror_pairs.after_supervision(PAIRS)
    before, after = (t for t in figure.data if t.mode == "markers")
    assert (list(before.x), list(after.x)) == ([3], [2])
    assert [text for text in shown(figure)] == [f"{CAUSES[2].label} · 3 pairs"]
    table = mirror_pairs.after_supervision_table(PAIRS)
    assert table.values.tolist()[1:] == [["Same case", CAUSES[5].label, 2, "too few to say", "too few to say"],
                                         ["Week that was read", CAUSES[2].label, 1, "too few to say", "too few to say"]]  # fmt: skip
    only_few = PAIRS[PAIRS["n"] < 3]
    assert shown(mirror_pairs.after_supervision(only_few)) == [
        "Fewer than 3 pairs of any cause: too few to say."
    ]


def test_pairs_from_a_meeting_stand_beside_those_around_it_and_are_told_apart():
    again = PAIRS.iloc[:1].assign(of="meeting", before=4.0, after=1.0)
    both = pd.concat([PAIRS, again])
    names = [f"{CAUSES[2].label} · 3 pairs", f"{CAUSES[2].label}, in the meeting · 3 pairs"]
    assert shown(mirror_pairs.after_supervision(both)) == names
    assert (
        "3 pairs of ratings of a case before and right after a meeting"
        in mirror_pairs.after_supervision_in_words(both, days=0)
    )
    assert mirror_pairs.after_supervision_table(both).values.tolist()[-1][0] == "In the meeting"


def test_before_and_after_is_told_without_a_word_of_cause_and_effect():
    said = mirror_pairs.after_supervision_in_words(PAIRS, days=4)
    assert said == (
        "Your cases came up on 4 days in supervision. 5 pairs of ratings of the same case: 2 lower after, 1 the same, 2 higher. "
        "1 pair of ratings of your weeks, around one that was read: too few to say."
    )
    assert not {"because", "thanks", "effect", "improved", "worked", "led"} & set(said.lower().split())


def test_frustration_has_gaps_and_a_star_where_something_was_put_down():
    line, stars = mirror_pairs.frustration(FRUSTRATION).data
    assert [y for y, size in zip(line.y, line.marker.size, strict=True) if size] == [3, 1]
    assert None in line.y
    assert len(stars.x) == 2
    assert mirror_pairs.frustration_in_words(FRUSTRATION) == (
        "Frustration noted in 2 weeks; highest “a lot”, last in 2026-W23; something to let go of in 2 weeks."
    )
    assert mirror_pairs.frustration_table(FRUSTRATION).values.tolist()[1] == ["2026-W24", "", "yes"]
    only = FRUSTRATION.iloc[1:2]
    assert (
        mirror_pairs.frustration_in_words(only) == "No frustration noted; something to let go of in 1 week."
    )


@pytest.mark.parametrize(
    ("draw", "say", "table", "frame", "sentence"),
    [
        (mirror.next_moves, mirror.next_moves_in_words, mirror.next_moves_table, MOVES, mirror.NO_MOVES),
        (mirror.reframes, mirror.reframes_in_words, mirror.reframes_table, THOUGHTS, mirror.NO_REFRAMES),
        (mirror.repairs, lambda f: mirror.repairs_in_words(f, still_open=0, outcomes={}, stages={}), mirror.repairs_table, REPAIRS, mirror.NO_REPAIRS),
        (mirror_pairs.guesses, mirror_pairs.guesses_in_words, mirror_pairs.guesses_table, GUESSES, mirror_pairs.NO_GUESSES),
        (mirror_pairs.after_supervision, lambda f: mirror_pairs.after_supervision_in_words(f, days=0), mirror_pairs.after_supervision_table, PAIRS, mirror_pairs.NO_PAIRS),
        (mirror_pairs.frustration, mirror_pairs.frustration_in_words, mirror_pairs.frustration_table, FRUSTRATION, mirror_pairs.NO_FRUSTRATION),
    ],
)  # fmt: skip
def test_nothing_is_said_plainly_and_its_table_is_empty(draw, say, table, frame, sentence):
    empty = frame.iloc[:0]
    assert shown(draw(empty)) == [sentence]
    assert say(empty) == sentence
    assert len(table(empty)) == 0
    assert list(table(empty).columns) == list(table(frame).columns)


def test_own_weeks_give_up_numbers_and_gaps_between_cells_when_there_is_no_room():
    def weekly(count: int):
        rows = [(MONDAY + WEEK * week, cause, week % 5) for week in range(count) for cause in CAUSES]
        return charts.own_weeks(pd.DataFrame(rows, columns=["week", "cause", "rating"]))

    for count, template, gap in ((16, "%{text}", 3), (17, "", 1), (61, "", 0), (156, "", 0)):
        figure = weekly(count)
        assert {(t.texttemplate, t.xgap) for t in figure.data} == {(template, gap)}
        assert len(figure.data[0].x) == count
        assert len(figure.layout.xaxis.tickvals) <= 7


def test_the_colours_are_the_themes_own_and_none_of_them_judges():
    for sign in (*mirror.MOVE_SIGNS.values(), *mirror.HELPED_SIGNS.values(), *mirror.REPAIR_SIGNS.values()):
        assert sign[0] in palette.CATEGORY
    assert isinstance(MONDAY, date)
