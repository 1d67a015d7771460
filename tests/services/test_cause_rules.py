"""The cause helper: every rule both ways, its sources and words, and that nothing is weighed, ranked or decided."""

import re
from collections import Counter
from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import cause_rules, vocabulary
from services.cause_facts import FACTS, Entry
from services.cause_library import AGAINST, FOR, NEEDS, RULES, Rule
from services.cause_rules import View, holds, look
from services.prompt_facts import LIST_OF, NUMBER, ONE_OF
from services.prompt_rules import validate

DAY = date(2026, 11, 16)
each = pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in RULES])
SHARED = Entry("goal", "g", DAY - timedelta(days=90), "Goal", {"goal_state": "open", "set_by": "together"})


def entry(about, facts=None, *, id="e", day=DAY, **more):
    return Entry(about, id, day, "An entry", facts or {}, **more)


def conditions(rule: Rule) -> list[dict]:
    return rule.when.get("all", [rule.when])


def meeting(condition: dict, about: str):
    """A value with which this condition just holds."""
    kind = FACTS[about][condition["fact"]]
    if kind.shape == NUMBER:
        return condition.get("at_least", condition.get("at_most"))
    value = condition["is" if kind.shape == ONE_OF else "has"][0]
    return value if kind.shape == ONE_OF else [value]


def missing(condition: dict, about: str):
    """A value with which it just does not."""
    kind = FACTS[about][condition["fact"]]
    if kind.shape == NUMBER:
        return condition["at_least"] - 1 if "at_least" in condition else condition["at_most"] + 1
    given = condition["is" if kind.shape == ONE_OF else "has"]
    others = [choice for choice in kind.choices if choice not in given]
    return (others[0] if others else None) if kind.shape == ONE_OF else others[:1]


def just_enough(rule: Rule) -> dict:
    return {one["fact"]: meeting(one, rule.about) for one in conditions(rule)}


def lines(views) -> dict[str, set[str]]:
    return {
        line.rule.id: {seen.entry.id for seen in line.seen}
        for view in views
        for line in (*view.speaks_for, *view.speaks_against)
    }


# --- every rule -----------------------------------------------------------------------------------------------------


@each
def test_a_rule_holds_on_just_enough_and_comes_up_under_its_cause_and_side(rule):
    found = entry(rule.about, just_enough(rule))
    assert holds(rule, found)
    view = look([found, SHARED])[rule.cause - 1]
    side = view.speaks_for if rule.side == FOR else view.speaks_against
    assert rule.id in [line.rule.id for line in side]
    assert not view.not_enough


@each
def test_a_rule_does_not_hold_when_any_of_its_facts_is_another_or_unknown(rule):
    for condition in conditions(rule):
        name, enough = condition["fact"], just_enough(rule)
        without = {key: value for key, value in enough.items() if key != name}
        assert holds(rule, entry(rule.about, without)) is None
        assert holds(rule, entry(rule.about, enough | {name: missing(condition, rule.about)})) is None


@each
def test_a_rule_asks_only_its_own_kind_of_entry(rule):
    for about in FACTS:
        assert (holds(rule, entry(about, just_enough(rule))) is not None) is (about == rule.about)


@each
def test_a_rule_is_valid_sourced_and_in_plain_words(rule):
    assert validate(rule.when, FACTS[rule.about]) == []
    assert rule.cause in vocabulary.CAUSES
    assert rule.side in (FOR, AGAINST)
    assert re.match(r"(S([1-9]|1[0-9])\b|doi |PMC|PubMed )", rule.source)
    assert 8 <= len(rule.says) <= 80
    assert not rule.says.endswith(".")
    assert 15 <= len(rule.because) <= 130
    assert rule.because[-1] in ".?"
    assert rule.needs in NEEDS
    assert NEEDS[rule.needs][0] == rule.about


@each
def test_a_rule_blames_nobody_and_measures_nobody(rule):
    said = f"{rule.says} {rule.because}"
    assert not re.search(
        r"resistant|non-?complian|fault|score|risk|likely|proves?\b|always|never the|should|must|failed|wrong|good therap|bad",
        said,
        re.IGNORECASE,
    )
    assert not re.search(r"['\"]|--|\.\.\.", said)


def test_no_two_rules_share_a_name_or_speak_twice_on_one_cause():
    assert max(Counter(rule.id for rule in RULES).values()) == 1
    assert max(Counter((rule.cause, rule.side, rule.says) for rule in RULES).values()) == 1


@pytest.mark.parametrize("cause", vocabulary.CAUSES)
@pytest.mark.parametrize("side", [FOR, AGAINST])
def test_every_cause_has_five_rules_or_more_on_each_side(cause, side):
    assert len([rule for rule in RULES if (rule.cause, rule.side) == (cause, side)]) >= 5


def test_every_need_is_used_and_names_a_fact_that_exists():
    assert {rule.needs for rule in RULES} == set(NEEDS)
    for about, fact, words in NEEDS.values():
        assert fact in FACTS[about]
        assert words[0].islower()


@pytest.mark.parametrize("about", FACTS)
def test_every_fact_can_be_said(about):
    for kind in FACTS[about].values():
        values = {
            NUMBER: [kind.lowest, 2],
            ONE_OF: kind.choices,
            LIST_OF: [kind.choices[:1], kind.choices[:3]],
        }
        for value in values[kind.shape]:
            assert "_" not in kind.say(value)


# --- the six views --------------------------------------------------------------------------------------------------


def test_with_nothing_logged_it_is_not_enough_to_say_and_says_what_would_help():
    views = look([])
    assert [view.cause for view in views] == [1, 2, 3, 4, 5, 6]
    assert all(view.not_enough and view.would_help for view in views if view.cause != 4)
    assert "the client’s check-in on the relationship" in views[0].would_help


def test_what_is_logged_is_no_longer_asked_for():
    [view] = [one for one in look([entry("check_in", {"relationship": 5})]) if one.cause == 1]
    assert view.not_enough  # between low and high nothing is said
    assert "the client’s check-in on the relationship" not in view.would_help
    assert "feelings in the room, in that week’s reflection" in view.would_help


@pytest.mark.parametrize(
    ("goals", "why"),
    [
        ([], "no goal is on record here"),
        ([{"goal_state": "open", "set_by": "therapist"}], "every open goal on record was proposed by the therapist"),
        ([{"goal_state": "reached", "set_by": "client"}], "no goal on record is open any more"),
        ([{"goal_state": "open", "set_by": "client"}], ""),
        ([{"goal_state": "open", "set_by": "together"}, {"goal_state": "open", "set_by": "therapist"}], ""),
    ],
)  # fmt: skip
def test_cause_four_is_offered_only_where_an_open_goal_is_shared_and_says_why(goals, why):
    fear = entry("card.fears", {"stands": "written", "fears": ["failure"]})
    view = look([fear, *(entry("goal", goal, id=str(n)) for n, goal in enumerate(goals))])[3]
    assert why in view.why_not
    assert bool(view.why_not) is bool(why)
    assert bool(view.speaks_for) is not bool(why)
    if why:
        assert "“Own agenda” comes first" in view.why_not
        assert not view.not_enough


def test_no_other_cause_waits_for_shared_goals():
    assert [cause_rules.why_not(cause, []) for cause in (1, 2, 3, 5, 6)] == [""] * 5


def test_the_latest_entry_comes_first_and_each_says_what_of_it_met_the_rule():
    found = [
        entry("check_in", {"relationship": 3}, id="old", day=DAY - timedelta(days=9)),
        entry("check_in", {"relationship": 2}, id="new"),
        entry("check_in", {"relationship": 9}, id="high"),
    ]
    [line] = look(found)[0].speaks_for
    assert [(seen.entry.id, seen.words) for seen in line.seen] == [
        ("new", "the client’s answer on the relationship: 2 of 10"),
        ("old", "the client’s answer on the relationship: 3 of 10"),
    ]


def test_the_own_rating_is_that_of_the_latest_episode_and_of_a_reflection_only_without_one():
    week = entry("reflection", {}, id="r", ratings={1: 1, 2: 2})
    old = entry("episode", {}, id="o", day=DAY - timedelta(days=20), ratings={1: 4})
    new = entry("episode", {}, id="n", day=DAY - timedelta(days=10), ratings={1: None})
    one, two, three, *_ = look([week, old, new])
    assert (one.own_rating.value, one.own_rating.entry.id) == (None, "n")
    assert (two.own_rating.value, two.own_rating.entry.id) == (2, "r")
    assert three.own_rating is None


def test_a_rating_is_shown_beside_the_facts_and_is_none_of_them():
    rated = entry("episode", {}, ratings=dict.fromkeys(range(1, 7), 4))
    assert all(not view.speaks_for and not view.speaks_against for view in look([rated]))


def test_a_view_holds_no_count_no_weight_and_no_verdict():
    held = {field.name for field in fields(View)}
    assert held == {"cause", "speaks_for", "speaks_against", "own_rating", "would_help", "why_not"}


# --- whatever is logged ---------------------------------------------------------------------------------------------


def _values(kind):
    if kind.shape == NUMBER:
        return st.integers(kind.lowest, kind.highest if kind.highest is not None else 60)
    one = st.sampled_from(kind.choices)
    return one if kind.shape == ONE_OF else st.lists(one, min_size=1, max_size=3, unique=True)


@st.composite
def an_entry(draw):
    about = draw(st.sampled_from(list(FACTS)))
    facts = draw(
        st.fixed_dictionaries({}, optional={name: _values(kind) for name, kind in FACTS[about].items()})
    )
    day = DAY - timedelta(days=draw(st.integers(0, 300)))
    return Entry(about, str(draw(st.integers(0, 10**6))), day, "An entry", facts)


@given(st.lists(an_entry(), max_size=12), st.lists(an_entry(), max_size=6))
def test_more_facts_never_take_a_line_away(before, added):
    was, now = lines(look(before)), lines(look([*before, *added]))
    assert all(was[rule] <= now[rule] for rule in was)


@given(st.lists(an_entry(), max_size=12))
def test_the_order_is_fixed_whatever_there_is_most_of(entries):
    views = look(entries)
    assert [view.cause for view in views] == [1, 2, 3, 4, 5, 6]
    places = {rule.id: place for place, rule in enumerate(RULES)}
    for view in views:
        for side in (view.speaks_for, view.speaks_against):
            assert [places[line.rule.id] for line in side] == sorted(places[line.rule.id] for line in side)


@given(st.lists(an_entry(), max_size=8), st.randoms())
def test_the_order_of_entering_changes_nothing(entries, random):
    entries = [replace(one, id=str(n)) for n, one in enumerate(entries)]
    shuffled = entries[:]
    random.shuffle(shuffled)
    assert look(entries) == look(shuffled)
