"""First blame and kinds: stacked bars as wide as their periods."""

import pandas as pd
import pytest

from dashboard import charts
from tests.dashboard.charts.frames import shown, span

BLAME = pd.DataFrame(
    [
        span(0) | {"blame": "client", "n": 6, "share": 0.6},
        span(0) | {"blame": "neither", "n": 4, "share": 0.4},
        span(3, weeks=4) | {"blame": "neither", "n": 5, "share": 0.25},
        span(3, weeks=4) | {"blame": "other", "n": 15, "share": 0.75},
    ]
)
KINDS = pd.DataFrame(
    [
        span(0) | {"kind": "yes_but", "n": 5},
        span(0) | {"kind": "other", "n": 6},
        span(1, weeks=2) | {"kind": "withdrawal", "n": 7.0},
    ]
)


def by_name(figure):
    return {trace.name: trace for trace in figure.data}


def test_shares_are_stacked_per_cent_over_their_whole_period():
    figure = charts.first_blame_balance(BLAME)
    assert figure.layout.barmode == "stack"
    neither = by_name(figure)["Neither"]
    assert list(neither.y) == [40, 25]
    assert list(neither.x) == ["2026-06-04T12:00", "2026-07-06T00:00"]
    assert neither.width[1] == 4 * neither.width[0]
    assert figure.layout.yaxis.range == (0, 100)


def test_what_is_not_shown_apart_comes_last_under_its_own_name():
    figure = charts.first_blame_balance(BLAME)
    assert [trace.name for trace in figure.data] == ["Neither", "The client", "Other, or shown together"]


def test_a_silence_has_no_bars():
    starts = {x for trace in charts.first_blame_balance(BLAME).data for x in trace.x}
    assert starts == {"2026-06-04T12:00", "2026-07-06T00:00"}


def test_hover_and_subtitle_say_how_many():
    figure = charts.first_blame_balance(BLAME)
    assert "6 episodes<br>2026-W23" in by_name(figure)["The client"].customdata
    assert "30 episodes" in figure.layout.meta["subtitle"]


def test_the_balance_in_words_and_as_a_table():
    words = charts.first_blame_balance_in_words(BLAME)
    assert words == (
        "2026-W23 to W29, 30 episodes: first blame on neither in 30%, on the client in 20%, not shown apart in 50%."
    )
    table = charts.first_blame_balance_table(BLAME)
    assert list(table["Weeks"]) == ["2026-W23", "2026-W26 to W29"]
    assert list(table["Neither, %"]) == [40, 25]
    assert table["The client, n"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("counts", "title"),
    [
        ({"client": 6, "neither": 5}, "First blame: most often on the client"),
        ({"client": 6, "neither": 6}, "First blame: no one answer stands out"),
        ({"client": 6, "neither": 5.5}, "First blame: no one answer stands out"),
        ({"client": 6, "other": 6}, "First blame: no one answer stands out"),
        ({"client": 6, "other": 16}, "First blame: no one answer stands out"),
        ({"myself": 1}, "First blame: most often on oneself"),
    ],
)
def test_a_title_names_an_answer_only_where_it_clearly_leads(counts, title):
    frame = pd.DataFrame([span(0) | {"blame": key, "n": 10 * n, "share": 0.5} for key, n in counts.items()])
    assert charts.first_blame_balance(frame).layout.meta["title"] == title


def test_a_title_names_the_kind_that_leads():
    assert charts.episodes_by_kind(KINDS[:1]).layout.meta["title"] == "Episodes: “Yes, but …” most often"
    assert charts.episodes_by_kind(KINDS).layout.meta["title"] == "Episodes: no one kind stands out"


def test_kinds_keep_their_order_and_looks():
    both = charts.episodes_by_kind(KINDS)
    assert [trace.name for trace in both.data] == ["Withdrawal", "“Yes, but …”", "Other, or shown together"]
    alone = charts.episodes_by_kind(KINDS[KINDS["kind"] == "yes_but"])
    assert by_name(alone)["“Yes, but …”"].marker == by_name(both)["“Yes, but …”"].marker


def test_every_kind_and_blame_has_looks_of_its_own():
    from dashboard.charts import episodes
    from services.vocabulary import BLAMES, EPISODE_KINDS

    for signs, words in (
        (episodes.KIND_SIGNS, EPISODE_KINDS),
        (episodes.BLAME_SIGNS, {**BLAMES, "other": None}),
    ):
        assert set(signs) == set(words)
        assert len({colour for colour, _ in signs.values()}) == len(signs)


def test_kinds_in_words_and_as_a_table():
    assert charts.episodes_by_kind_in_words(KINDS) == (
        "2026-W23 to W25: 18 episodes; most often Withdrawal (7), “Yes, but …” (5)."
    )
    assert list(charts.episodes_by_kind_table(KINDS).columns) == [
        "Weeks", "Withdrawal", "“Yes, but …”", "Other, or shown together",
    ]  # fmt: skip


def test_kinds_that_cannot_be_shown_apart_are_not_named():
    merged = pd.DataFrame([span(0) | {"kind": "other", "n": 1}])
    assert charts.episodes_by_kind_in_words(merged) == (
        "2026-W23: 1 episode, too few of each kind to show them apart."
    )


@pytest.mark.parametrize(
    ("chart", "column"), [("first_blame_balance", "blame"), ("episodes_by_kind", "kind")]
)
def test_nothing_is_said_plainly(chart, column):
    empty = pd.DataFrame(columns=["period_start", "period_end", column, "n", "share"])
    figure = getattr(charts, chart)(empty)
    assert not figure.data
    assert shown(figure) == [getattr(charts, f"{chart}_in_words")(empty)]
    assert getattr(charts, f"{chart}_table")(empty).empty


def test_ten_years_of_bars():
    many = pd.DataFrame([span(week) | {"kind": "stalled", "n": week} for week in range(520)])
    assert len(charts.episodes_by_kind(many).data[0].x) == 520
