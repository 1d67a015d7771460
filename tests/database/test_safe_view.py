"""The safe view: k therapists and n entries behind every cell and behind every change of one, whoever asks when."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import combinations
from uuid import uuid4

import pytest

from tests.database.scene import put
from tests.database.weeks_gone_by import WEEK, Onlooker, Rule, Team, monday


@pytest.fixture
def team_of(undone, account, speaking) -> Callable[..., Team]:
    return lambda therapists, seed=1: Team(undone, account, speaking, therapists=therapists, seed=seed)


def some_weeks(
    team: Team,
    onlooker: Onlooker,
    *,
    days: int,
    delay: Callable[[], int],
    amend: float,
    look: float,
    settings: bool = False,
) -> None:
    """Days go by: people write, some of it late, think again, and now and then somebody looks."""
    chance = team.chance
    pace = {person: chance.choice([0.05, 0.2, 0.4, 0.6]) for person in team.therapists}
    for number in range(days):
        team.let_it_be(team.start + timedelta(days=number))
        for person in team.therapists:
            if chance.random() < pace[person]:
                team.episode(person, team.day - timedelta(days=delay()))
            if chance.random() < pace[person] / 3:
                team.rupture(person, team.day - timedelta(days=delay()))
            if team.day.weekday() == 4 and chance.random() < pace[person] + 0.3:
                team.reflection(person, monday(team.day - timedelta(days=delay())))
        if chance.random() < 0.5:
            team.close_one()
        while chance.random() < amend:
            team.amend_one()
        if settings and chance.random() < 0.05:
            onlooker.rule = Rule(chance.choice([3, 3, 4]), chance.choice([5, 5, 8]))
            team.need(onlooker.rule.therapists, onlooker.rule.entries)
        if chance.random() < look:
            onlooker.looks()
    onlooker.looks()


@pytest.mark.parametrize(
    ("therapists", "late", "amend", "look", "settings"),
    [
        (5, "on time", 0.0, 0.3, False),
        (5, "late", 0.2, 0.3, False),
        (4, "any order", 0.2, 1.0, False),
        (3, "late", 0.3, 0.5, False),
        (6, "any order", 0.5, 0.5, True),
        (7, "late", 0.6, 0.2, True),
    ],
)
def test_every_answer_and_every_step_between_answers_stands_on_enough(
    team_of, therapists: int, late: str, amend: float, look: float, settings: bool
):
    team = team_of(therapists, seed=therapists * 100 + len(late))
    delay = {
        "on time": lambda: 0,
        "late": lambda: team.chance.choice([0, 0, 0, 1, 3, 8, 20]),
        "any order": lambda: team.chance.randrange(60),
    }[late]
    onlooker = Onlooker(team)
    some_weeks(team, onlooker, days=130, delay=delay, amend=amend, look=look, settings=settings)
    shown = {(c["measure"], c["starts"]) for c in onlooker.answers[-1]["cells"]}
    assert len(shown) > 10, "an onlooker who is shown nothing has tested nothing"
    if amend:
        assert onlooker.changes > len({*onlooker.known_periods}), "nothing changed after it was first shown"
    subtract_all_pairs(onlooker.answers)


def subtract_all_pairs(answers: list[dict]) -> None:
    """No two answers, of whatever day and filter, cover weeks that differ by a part: there is nothing to take away."""
    spans = {(c["measure"], c["starts"], c["ends"]) for answer in answers for c in answer["cells"]}
    for (measure, starts, ends), (other, begins, stops) in combinations(sorted(spans), 2):
        if measure == other:
            assert ends <= begins or stops <= starts, (
                f"{measure}: {starts}–{ends} and {begins}–{stops} overlap"
            )


def cells(answer: dict, measure: str) -> dict[str, tuple]:
    return {c["key"]: (c["n"], c["starts"], c["ends"]) for c in answer["cells"] if c["measure"] == measure}


def test_fewer_than_three_therapists_or_five_entries_show_nothing(team_of):
    team = team_of(3)
    one, two, three = team.therapists
    for person in (one, one, one, two, two, two):
        team.episode(person, team.start, kind="stalled", blame="client")
    team.let_it_be(team.start + WEEK)
    assert team.answer()["cells"] == []
    team.episode(three, team.start, kind="stalled", blame="client")
    assert cells(team.answer(), "kind") == {"stalled": (7, str(team.start), str(team.start + WEEK))}


def test_four_entries_by_three_therapists_show_nothing_five_do(team_of):
    team = team_of(3)
    one, two, three = team.therapists
    for person in (one, two, three, three):
        team.episode(person, team.start, kind="stalled", blame="client")
    team.let_it_be(team.start + WEEK)
    assert team.answer()["cells"] == []
    team.episode(one, team.start, kind="stalled", blame="client")
    assert cells(team.answer(), "kind") == {"stalled": (5, str(team.start), str(team.start + WEEK))}


def test_the_running_week_is_not_shown(team_of):
    team = team_of(3)
    for person in team.therapists * 2:
        team.episode(person, team.start, kind="stalled")
    for day in range(7):
        team.let_it_be(team.start + timedelta(days=day))
        assert team.answer()["cells"] == []
    team.let_it_be(team.start + WEEK)
    assert cells(team.answer(), "kind")["stalled"][0] == 6


def test_what_comes_late_shows_once_enough_of_it_has_come(team_of):
    """A published cell does not move by one entry, nor by one therapist's many."""
    team = team_of(4)
    one, two, three, four = team.therapists
    for person in (one, two, three, four) * 2:
        team.episode(person, team.start, kind="stalled", blame="client")
    team.let_it_be(team.start + WEEK)

    def shown() -> int:
        return cells(team.answer(), "kind")["stalled"][0]

    assert shown() == 8
    for person in (one, one, one, one, one, one, two):
        team.episode(person, team.start, kind="stalled", blame="client")
        assert shown() == 8
    team.episode(three, team.start, kind="stalled", blame="client")
    assert shown() == 16


def test_a_value_that_no_longer_holds_is_hidden_again(team_of):
    """A step that enough people took can leave a value with two of them in it."""
    team = team_of(3)
    one, two, three = team.therapists
    for person in team.therapists * 2:
        team.episode(person, team.start, kind="stalled", blame="client")
    team.let_it_be(team.start + WEEK)
    assert cells(team.answer(), "kind")["stalled"][0] == 6
    team.sql.execute("update public.episodes set kind = 'yes_but' where therapist_id = %s", (three,))
    for person in (one, two) * 2:
        team.episode(person, team.start, kind="stalled", blame="client")
    assert cells(team.answer(), "kind") == {}


def test_what_one_therapist_moves_to_and_fro_carries_nobody_elses_entry_along(team_of):
    """Two who only shift days within a period, and a third who adds one: that one would stand alone in the difference."""
    team = team_of(3)
    one, two, three = team.therapists
    for person in (one, one, one, two, two, two, three, three):
        team.episode(person, team.start, kind="stalled", blame="client")
    team.episode(one, team.start, kind="withdrawal", blame="client")
    for person in (one, two, three, three):
        team.episode(person, team.start + WEEK, kind="withdrawal", blame="client")
    team.let_it_be(team.start + 4 * WEEK)
    before = cells(team.answer(), "kind")
    assert before["withdrawal"] == (5, str(team.start), str(team.start + 2 * WEEK))
    for person in (one, two):
        team.sql.execute(
            "update public.episodes set happened_on = %s where therapist_id = %s and kind = 'stalled'",
            (team.start + WEEK, person),
        )
    team.episode(three, team.start, kind="stalled", blame="client")
    assert cells(team.answer(), "kind") == before


@pytest.mark.parametrize(
    ("small", "shown"),
    [
        ({"yes_but": [0]}, {"withdrawal": 12, "others": 7}),
        (
            {"yes_but": [0], "other": [1], "topic_avoided": [2]},
            {"withdrawal": 12, "others": 9},
        ),  # people enough, entries not
        ({"yes_but": [0] * 6}, {"withdrawal": 12, "others": 12}),  # entries enough, people not
        ({"yes_but": [0, 0, 1], "other": [1, 2]}, {"withdrawal": 12, "stalled": 6, "others": 5}),
    ],
)
def test_small_kinds_go_together_and_the_smallest_shown_one_joins_them_when_they_are_too_few(
    team_of, small: dict[str, list[int]], shown: dict[str, int]
):
    team = team_of(3)
    for week in range(4):
        for person in team.therapists:
            team.episode(person, team.start + week * WEEK, kind="withdrawal")
            if week > 1:
                team.episode(person, team.start + week * WEEK, kind="stalled")
    for kind, by in small.items():
        for number in by:
            team.episode(team.therapists[number], team.start, kind=kind)
    team.let_it_be(team.start + 4 * WEEK)
    assert {key: n for key, (n, *_) in cells(team.answer(), "kind").items()} == shown


def test_others_never_stand_for_one_small_kind_alone(team_of):
    """Nor does the sum of what is shown, taken from all, leave one."""
    team = team_of(4, seed=9)
    onlooker = Onlooker(team)
    some_weeks(team, onlooker, days=120, delay=lambda: 0, amend=0.0, look=0.2)
    entries = team.entries()
    seen = 0
    for (measure, starts), (ends, keys, others, _) in onlooker.known_periods.items():
        together = [
            who for k, day, who, *_ in entries[measure] if starts <= monday(day) < ends and k not in keys
        ]
        if measure in ("kind", "first_blame"):
            assert bool(together) is others
            assert not together or (len(together) >= 5 and len(set(together)) >= 3)
            seen += others
    assert seen > 2


def test_a_silent_week_is_a_gap(team_of):
    team = team_of(3)
    for week in (0, 1, 4):
        for person in team.therapists * 2:
            team.episode(person, team.start + week * WEEK, kind="stalled", blame="client")
    team.let_it_be(team.start + 6 * WEEK)
    starts = [c["starts"] for c in team.answer()["cells"] if c["measure"] == "kind"]
    assert starts == [str(team.start + week * WEEK) for week in (0, 1, 4)]
    for person in (
        team.therapists * 2
    ):  # what is filled in later stays out of the safe view: the period has passed by
        team.episode(person, team.start + 2 * WEEK, kind="stalled", blame="client")
    assert [c["starts"] for c in team.answer()["cells"] if c["measure"] == "kind"] == starts


def test_reflections_come_as_a_percentage_rounded_to_ten_without_counts(team_of):
    team = team_of(6)
    for number, person in enumerate(team.therapists):
        team.reflection(person, team.start)
        if number < 1:
            team.reflection(person, team.start + WEEK)
    for person in team.therapists[:5]:
        team.reflection(person, team.start + 2 * WEEK)
    team.let_it_be(team.start + 4 * WEEK)
    found = [
        (c["starts"], c["ends"], c["n"], c["mean"])
        for c in team.answer()["cells"]
        if c["measure"] == "reflection"
    ]
    assert found == [
        (str(team.start), str(team.start + WEEK), None, 100),
        (str(team.start + WEEK), str(team.start + 3 * WEEK), None, 50),
    ]


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(-30, None)], 2),
        ([(-30, 14)], 2),  # through the Sunday of the second week
        ([(-30, 13)], 1),
        ([(-30, 7)], 1),
        ([(0, None)], 2),
        ([(1, None)], 1),
        ([(8, None)], 0),
        ([(-30, 14), (0, None)], 2),  # two roles of one person, side by side
        ([(-30, 7), (7, None)], 2),
    ],
)
def test_a_reflection_is_expected_for_the_weeks_that_a_role_spans(
    team_of, spans: list[tuple[int, int | None]], expected: int
):
    """Days from the first of two Mondays; the supervisor of the team is expected to hand in nothing."""
    team = team_of(1)
    (person,) = team.therapists
    team.sql.execute("delete from public.memberships where person_id = %s", (person,))
    for first, end in spans:
        until = None if end is None else team.start + timedelta(days=end)
        starts = team.start + timedelta(days=first)
        put(
            team.sql,
            "memberships",
            person_id=person,
            team_id=team.id,
            role="therapist",
            starts_on=starts,
            ends_on=until,
        )
    counted = "select private.reflections_expected(%s, %s, %s)"
    assert team.sql.execute(counted, (team.id, team.start, team.start + 2 * WEEK)).fetchone() == (expected,)


def test_how_long_there_are_entries_is_told_from_what_is_shown(team_of):
    """One entry dated far back must not be announced by the number of weeks."""
    team = team_of(3)
    team.let_it_be(team.start + 3 * WEEK)
    for person in team.therapists * 2:
        team.episode(person, team.start + 2 * WEEK, kind="stalled", blame="client")
    before = team.answer()
    assert (before["weeks"], before["through"]) == (1, str(team.start + 3 * WEEK))
    team.episode(team.therapists[0], team.start - 9 * WEEK, kind="stalled", blame="client")
    assert team.answer() == before


def test_a_stricter_rule_hides_and_the_old_one_shows_the_same_again(team_of):
    team = team_of(3)
    for person in team.therapists * 2:
        team.episode(person, team.start, kind="stalled", blame="client")
    team.let_it_be(team.start + WEEK)
    before = team.answer()
    team.need(4, 5)
    assert team.answer()["cells"] == []
    team.need(3, 7)
    assert team.answer()["cells"] == []
    team.need(3, 5)
    assert team.answer() == before


@pytest.mark.parametrize(
    ("by", "shown"), [([0, 1] * 3, False), ([0, 1, 2, 2], False), ([0, 1, 2, 2, 2], True)]
)
def test_a_team_without_settings_has_the_usual_rule(team_of, by: list[int], shown: bool):
    team = team_of(3)
    team.sql.execute("delete from public.team_settings where team_id = %s", (team.id,))
    for number in by:
        team.episode(team.therapists[number], team.start, kind="stalled", blame="client")
    team.let_it_be(team.start + 8 * WEEK)
    assert ("stalled" in cells(team.answer(), "kind")) is shown


@pytest.mark.parametrize("settings", [True, False])
@pytest.mark.parametrize("first_week", [[0, 1] * 3, [0, 1, 2, 2]])
def test_a_week_that_does_not_hold_joins_the_next(team_of, settings: bool, first_week: list[int]):
    team = team_of(3)
    if not settings:
        team.sql.execute("delete from public.team_settings where team_id = %s", (team.id,))
    for week, by in enumerate((first_week, [0, 0, 1, 2, 2])):
        for number in by:
            team.episode(team.therapists[number], team.start + week * WEEK, kind="stalled")
        team.let_it_be(team.start + (week + 1) * WEEK)
        team.answer()
    n = len(first_week) + 5
    assert cells(team.answer(), "kind") == {"stalled": (n, str(team.start), str(team.start + 2 * WEEK))}


def test_a_period_in_which_nothing_holds_yet_stays_open_however_long(team_of):
    """Closed after four weeks with nothing to show, it would take its entries out of sight for good."""
    team = team_of(3)
    one, two, three = team.therapists
    for week, (person, kind) in enumerate(
        ((one, "stalled"), (two, "yes_but"), (one, "other"), (two, "stalled"))
    ):
        team.episode(person, team.start + week * WEEK, kind=kind)
    team.let_it_be(team.start + 5 * WEEK)
    assert cells(team.answer(), "kind") == {}
    for person in (three, one, three):
        team.episode(person, team.start + 5 * WEEK, kind="withdrawal")
    team.let_it_be(team.start + 6 * WEEK)
    assert cells(team.answer(), "kind") == {"others": (7, str(team.start), str(team.start + 6 * WEEK))}


def test_another_teams_sums_and_periods_are_apart(team_of):
    team = team_of(3)
    for person in team.therapists * 2:
        team.episode(person, team.start, kind="stalled")
    team.let_it_be(team.start + WEEK)
    before, other = team.answer(), uuid4()
    put(team.sql, "teams", id=other, clinic_id=team.clinic, name="Another team")
    for person in team.therapists:
        for key in ("stalled", "withdrawal"):
            team.sql.execute(
                "insert into private.weekly (team_id, measure, key, week, therapist_id, n) values (%s, 'kind', %s, %s, %s, 9)",
                (other, key, team.start, person),
            )
    team.sql.execute("select private.publish(%s)", (other,))
    assert team.answer() == before


# --- and it still says something -------------------------------------------------------------------------------------


@pytest.mark.parametrize("therapists", [4, 5])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_team_of_four_or_five_still_sees_most_of_its_weeks(team_of, therapists: int, seed: int):
    """About two episodes a week each, four reflections of five handed in: nothing unusual, on 26 weeks."""
    team = team_of(therapists, seed)
    team.usual_weeks(26)
    team.let_it_be(team.start + 26 * WEEK)
    answer = team.answer()

    def coverage(measure: str, key: str | None = None) -> tuple[float, int]:
        spans = {
            (c["starts"], c["ends"])
            for c in answer["cells"]
            if c["measure"] == measure and key in (None, c["key"])
        }
        days = sum((date.fromisoformat(e) - date.fromisoformat(s)).days for s, e in spans)
        return days / (26 * 7), len(spans)

    for measure, key, least in (
        ("cause", None, 8),
        ("first_blame", None, 6),
        ("kind", None, 5),
        ("reflection", None, 8),
        *(("cause", c, 8) for c in "123456"),
    ):
        covered, periods = coverage(measure, key)
        assert covered >= 0.8, (measure, key)
        assert periods >= least, (measure, key)
    kinds = {c["key"] for c in answer["cells"] if c["measure"] == "kind"}
    assert len(kinds) >= 4
