"""The team theme: which series moved beyond its usual range, what is said of it, and what a meeting keeps of it."""

import json
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services import prompts, statistics, themes, weeks
from services.prompt_rules import Prompt
from services.themes import Point, Theme
from services.trends import Trends

LAST = date(2026, 11, 16)  # the Monday of the last complete week
LEVEL = [2.0, 2.2] * 10


def mondays(count: int) -> list[date]:
    return weeks.last(count, until=LAST)


def frame(name: str, value: str, series: dict, *, width: int = 1) -> pd.DataFrame:
    rows = [
        {"period_start": monday, "period_end": monday + timedelta(weeks=width), "n": 9, name: key, value: number}
        for key, numbers in series.items()
        for monday, number in zip(mondays(len(numbers) * width)[::width], numbers, strict=True)
        if number is not None
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(dict.fromkeys(["period_start", "period_end", name, value, "n"])))


def shape(causes: dict | None = None, kinds: dict | None = None, *, opened=(), percent=(), on_record=26, width=1) -> Trends:  # fmt: skip
    ruptures = frame("flow", "opened", {"x": list(opened)}).drop(columns=["flow", "n"])
    return Trends(
        causes=frame("cause", "mean", causes or {}, width=width), blame=pd.DataFrame(), kinds=frame("kind", "n", kinds or {}),
        ruptures=ruptures.assign(closed=float("nan"), open_at_end=float("nan")),
        reflections=frame("x", "percent", {"x": list(percent)}).drop(columns=["x", "n"]),
        weeks=on_record, through=LAST + weeks.WEEK, exact=False,
    )  # fmt: skip


def test_a_cause_beyond_its_usual_range_is_the_theme():
    theme = themes.found(shape({1: LEVEL, 2: [*LEVEL[:-1], 3.6]}))
    assert (theme.state, theme.cause, theme.rule, theme.way) == ("moved", 2, "outside", "up")
    assert theme.title == "“Own agenda” is rated higher than usual"
    assert "3.6 of 4 in 2026-W47" in theme.in_words
    assert "Of 2 series looked at" in theme.in_words


def test_what_fell_is_told_as_well():
    theme = themes.found(shape({3: [*LEVEL[:-1], 0.4]}))
    assert theme.title == "“Inflexibility” is rated lower than usual"


def test_the_strongest_move_comes_first():
    theme = themes.found(shape({1: [*LEVEL[:-1], 3.2], 2: [*LEVEL[:-1], 3.9]}))
    assert theme.cause == 2


def test_what_stood_out_more_than_four_weeks_ago_is_no_news():
    assert themes.found(shape({2: [*LEVEL[:14], 3.9, *LEVEL[:5]]})).state == "steady"
    assert themes.found(shape({2: [*LEVEL[:14], 3.9, *LEVEL[:3]]})).state == "moved"


def test_seven_weeks_one_way_are_a_trend_with_its_direction():
    theme = themes.found(
        shape({5: [2.0, 2.4, 1.6, 2.2, 1.9, 2.5, 1.5, 2.3, 1.7, 1.8, 1.9, 2.0, 2.1, 2.2, 2.3]})
    )
    assert (theme.rule, theme.way) == ("trend", "up")
    assert theme.title == "“Fears and early schemas”: rising for seven weeks"
    assert theme.weeks_rising == 6


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ({"kinds": {"homework_not_done": [6, 7] * 9 + [19]}}, "“Homework not done” comes up more often than usual"),
        ({"kinds": {"yes_but": [16, 17] * 9 + [5]}}, "“Yes, but …” comes up less often than usual"),
        ({"opened": [5, 6] * 9 + [15]}, "Ruptures noticed: more often than usual"),
        ({"percent": [80, 90] * 9 + [30]}, "Weekly reflections handed in: fewer than usual"),
    ],
)  # fmt: skip
def test_episodes_ruptures_and_reflections_are_looked_at_too(given, title):
    assert themes.found(shape({1: LEVEL}, **given)).title == title


def test_kinds_that_are_shown_together_are_no_series():
    assert themes.found(shape(kinds={"other": [6, 7] * 9 + [19]})).state == "hidden"


def test_nothing_that_moved_is_said_and_the_highest_cause_is_offered_as_no_change():
    theme = themes.found(shape({1: LEVEL, 6: [value + 1 for value in LEVEL]}))
    assert (theme.state, theme.cause, theme.title) == ("steady", 6, "Nothing moved beyond its usual range")
    assert "something to talk about, not a change" in theme.in_words


def test_eleven_weeks_are_too_few_however_far_the_last_one_is():
    theme = themes.found(shape({2: [*LEVEL[:10], 4.0]}, on_record=11))
    assert (theme.state, theme.title) == ("too_few", "Too few weeks to judge")
    assert "11 complete weeks are on record; 12 are needed." in theme.in_words


def test_weeks_that_are_shown_together_are_not_judged_by():
    theme = themes.found(shape({2: [*LEVEL, 4.0]}, width=2, on_record=42))
    assert theme.state == "too_few"
    assert "Some weeks are shown together" in theme.in_words


def test_nothing_is_shown_of_too_few_people():
    theme = themes.found(shape(on_record=30))
    assert (theme.state, theme.points, themes.fits([], theme)) == ("hidden", (), [])


def test_a_series_that_never_changed_from_week_to_week_has_no_range_to_leave():
    points = [Point(monday, 1, value) for monday, value in zip(mondays(15), [1] * 7 + [None] + [3] * 7, strict=True) if value]  # fmt: skip
    assert themes.judged(points) == (None, {})


def test_prompts_fit_the_cause_and_other_themes_get_those_for_any():
    library = [
        Prompt(slug, "validate", slug, causes=causes, trigger=trigger)
        for slug, causes, trigger in (
            ("any-theme", (), {"fact": "subject", "is": ["theme"]}),
            ("of-cause-two", (2,), {"all": [{"fact": "subject", "is": ["theme"]}, {"fact": "theme_cause", "is": [2]}]}),
            ("of-an-episode", (), {"fact": "subject", "is": ["episode"]}),
        )
    ]  # fmt: skip
    two = themes.found(shape({2: [*LEVEL[:-1], 3.6]}))
    assert [fit.prompt.slug for fit in themes.fits(library, two)] == ["of-cause-two", "any-theme"]
    flow = themes.found(shape({1: LEVEL}, opened=[5, 6] * 9 + [15]))
    assert [fit.prompt.slug for fit in themes.fits(library, flow)] == ["any-theme"]
    assert prompts.facts_of_theme(2)["theme_cause"] == 2


values = st.lists(st.none() | st.floats(0, 4).map(lambda value: round(value, 2)), min_size=1, max_size=26)


@settings(max_examples=25)
@given(causes=st.dictionaries(st.integers(1, 6), values, max_size=6))
def test_any_theme_is_kept_whole_in_four_thousand_characters(causes):
    theme = themes.found(shape(causes))
    kept = json.dumps(theme.as_json())
    assert len(kept) <= 4000
    assert Theme.from_json(json.loads(kept)) == theme
    assert theme.in_words.endswith(".")


@settings(max_examples=25)
@given(numbers=values)
def test_a_theme_moved_only_where_the_rules_mark_one_of_the_last_four_weeks(numbers):
    theme = themes.found(shape({1: numbers}))
    limits = statistics.limits(numbers)
    usable = limits is not None and limits.mean_moving_range > 0
    marks = statistics.signals(numbers, limits)[-4:] if usable else []
    assert (theme.state == "moved") == any(marks)


KEPT = themes.found(shape({2: [*LEVEL[:-1], 3.6]})).as_json()


@pytest.mark.parametrize(
    "stored",
    [
        None, {}, {"words": "Ann Smith"}, KEPT | {"key": "Ann Smith"}, KEPT | {"rule": "Ann Smith"}, KEPT | {"way": "Ann Smith"},
        KEPT | {"state": "Ann Smith"}, KEPT | {"subject": "Ann Smith"}, KEPT | {"points": [["Ann Smith", 1, 2]]}, KEPT | {"points": 7},
        KEPT | {"points": []}, KEPT | {"state": "steady", "key": "9"},
    ],
)  # fmt: skip
def test_what_is_not_a_theme_is_never_shown_as_one(stored):
    assert Theme.from_json(stored) is None


def test_only_the_safe_view_is_read(monkeypatch):
    asked = {}
    monkeypatch.setattr(themes.trends, "team", lambda db, **how: asked.update(how) or shape())
    themes.of(None, team=None, today=LAST)
    assert not asked.get("exact")
