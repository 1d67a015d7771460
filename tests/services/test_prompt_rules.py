"""The matcher: which prompts fit, in which order, and what it says about why."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import prompt_rules, vocabulary
from services.prompt_facts import FACTS, LIST_OF, NUMBER, ONE_OF, OPERATORS
from services.prompt_rules import Prompt, fits, in_force, validate, validate_why

INSISTED = {"fact": "next_move", "is": ["insisted"]}
AGENDA = {"fact": "cause.2", "at_least": 3}


ALWAYS = {}


def prompt(slug="one", stage="validate", trigger=ALWAYS, **rest):
    return Prompt(slug=slug, stage=stage, wording="What happened?", trigger=trigger, **rest)


def slugs(found):
    return [fit.prompt.slug for fit in found]


# --- what fits ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trigger", "facts", "fitting"),
    [
        ({}, {}, True),
        (INSISTED, {"next_move": "insisted"}, True),
        (INSISTED, {"next_move": "asked"}, False),
        (INSISTED, {"next_move": None}, False),
        (INSISTED, {"next_move": ["insisted"]}, False),
        (INSISTED, {}, False),
        (AGENDA, {"cause.2": 3}, True),
        (AGENDA, {"cause.2": 2}, False),
        (AGENDA, {"cause.2": "4"}, False),
        (AGENDA, {"cause.2": True}, False),
        (AGENDA, {"cause.2": float("nan")}, False),
        (AGENDA, {"cause.1": 4}, False),
        ({"fact": "cause.2", "at_most": 1}, {"cause.2": 1}, True),
        ({"fact": "cause.2", "at_most": 1}, {"cause.2": 2}, False),
        ({"fact": "cause.2", "at_most": 1}, {}, False),
        ({"fact": "rupture_days", "at_least": 7, "at_most": 14}, {"rupture_days": 10}, True),
        ({"fact": "rupture_days", "at_least": 7, "at_most": 14}, {"rupture_days": 15}, False),
        ({"fact": "markers", "has": ["yes_but", "stalled"]}, {"markers": ["stalled"]}, True),
        ({"fact": "markers", "has": ["yes_but"]}, {"markers": ["stalled"]}, False),
        ({"fact": "markers", "has": ["yes_but"]}, {"markers": []}, False),
        ({"fact": "markers", "has": ["yes_but"]}, {"markers": "yes_but"}, False),
        ({"fact": "strongest_causes", "has": [6]}, {"strongest_causes": (2, 6)}, True),
        ({"fact": "theme_cause", "is": [5]}, {"theme_cause": 5}, True),
        ({"fact": "theme_cause", "is": [1]}, {"theme_cause": True}, False),
        ({"all": [INSISTED, AGENDA]}, {"next_move": "insisted", "cause.2": 4}, True),
        ({"all": [INSISTED, AGENDA]}, {"next_move": "insisted"}, False),
        ({"any": [INSISTED, AGENDA]}, {"cause.2": 4}, True),
        ({"any": [INSISTED, AGENDA]}, {"cause.2": 0, "next_move": "asked"}, False),
        ({"all": [INSISTED, {"any": [AGENDA, {"fact": "named", "is": ["not_yet"]}]}]},
         {"next_move": "insisted", "named": "not_yet"}, True),
    ],
)  # fmt: skip
def test_a_trigger_holds_only_on_what_was_logged(trigger, facts, fitting):
    assert validate(trigger) == []
    assert bool(fits([prompt(trigger=trigger)], facts)) is fitting


def test_prompts_come_in_the_order_of_stages_then_strength_then_position():
    facts = {"next_move": "insisted", "cause.2": 4}
    prompts = [
        prompt("later", "later", {"all": [INSISTED, AGENDA]}, position=1),
        prompt("second", "validate", INSISTED, position=2),
        prompt("last", "validate", {}, position=0),
        prompt("first", "validate", {"any": [INSISTED, AGENDA]}, position=9),
        prompt("third", "validate", AGENDA, position=3),
        prompt("own", "contribution", {}, position=0),
        prompt("guard", "protect", {}, position=0),
    ]
    assert slugs(fits(prompts, facts)) == ["first", "second", "third", "last", "own", "guard", "later"]


def test_equals_are_in_the_order_of_their_slugs():
    assert slugs(fits([prompt("b"), prompt("a"), prompt("c")], {})) == ["a", "b", "c"]
    assert [one.slug for one in in_force([prompt("b"), prompt("a")])] == ["a", "b"]


def test_strength_counts_the_logged_facts_and_not_what_the_screen_chose():
    trigger = {
        "all": [{"fact": "subject", "is": ["rupture"]}, INSISTED, {"fact": "markers", "has": ["yes_but", "stalled"]}]
    }  # fmt: skip
    facts = {"subject": "rupture", "next_move": "insisted", "markers": ["stalled", "withdrawal", "yes_but"]}
    [fit] = fits([prompt(trigger=trigger)], facts)
    assert fit.strength == 3
    assert [(fact.name, fact.value) for fact in fit.facts] == [
        ("next_move", "insisted"),
        ("markers", ("stalled", "yes_but")),
    ]


def test_two_conditions_on_one_list_bring_both_matches():
    trigger = {
        "all": [{"fact": "markers", "has": ["withdrawal"]}, {"fact": "markers", "has": ["confrontation"]}]
    }  # fmt: skip
    [fit] = fits([prompt(trigger=trigger)], {"markers": ["withdrawal", "confrontation"]})
    assert fit.facts[0].value == ("withdrawal", "confrontation")
    assert fit.strength == 2


def test_stage_cause_and_rupture_kind_narrow_the_list_and_empty_columns_fit_any():
    prompts = [
        prompt("any", position=1),
        prompt("rapport", causes=(1,), position=2),
        prompt("angry", rupture_kinds=("confrontation", "mixed"), position=3),
        prompt("late", "later", position=4),
    ]
    assert slugs(fits(prompts, {})) == ["any", "rapport", "angry", "late"]
    assert slugs(fits(prompts, {}, stage="later")) == ["late"]
    assert slugs(fits(prompts, {}, cause=1)) == ["any", "rapport", "angry", "late"]
    assert slugs(fits(prompts, {}, cause=2)) == ["any", "angry", "late"]
    assert slugs(fits(prompts, {}, rupture_kind="withdrawal")) == ["any", "rapport", "late"]
    assert slugs(fits(prompts, {"rupture_kind": "withdrawal"})) == ["any", "rapport", "late"]
    assert slugs(fits(prompts, {"rupture_kind": "withdrawal"}, rupture_kind="mixed", stage="validate")) == [
        "any", "rapport", "angry",
    ]  # fmt: skip


def test_a_switched_off_prompt_an_unknown_stage_and_a_bad_trigger_are_passed_over():
    prompts = [
        prompt("off", active=False),
        prompt("elsewhere", "someday"),
        prompt("broken", trigger={"fact": "mood", "is": ["bad"]}),
        prompt("text", trigger="always"),
        prompt("fine"),
    ]
    assert slugs(fits(prompts, {})) == ["fine"]


@pytest.mark.parametrize("facts", [None, [], "next_move", 7])
def test_facts_that_are_no_mapping_count_as_nothing_known(facts):
    assert slugs(fits([prompt("always"), prompt("if", trigger=INSISTED)], facts)) == ["always"]


# --- why now --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("why", "trigger", "facts", "said"),
    [
        ("{next_move}. Then what?", INSISTED, {"next_move": "insisted"},
         "You marked “insisted” as the next move. Then what?"),
        ("{rupture_days}.", {"fact": "rupture_days", "at_least": 14}, {"rupture_days": 23}, "Open for 23 days."),
        ("{rupture_days}.", {"fact": "rupture_days", "at_least": 1}, {"rupture_days": 1}, "Open for 1 day."),
        ("{next_move}, and {cause.2}.", {"all": [INSISTED, AGENDA]}, {"next_move": "insisted", "cause.2": 4},
         "You marked “insisted” as the next move, and “Own agenda” is rated 4 of 4."),
        ("Look: {next_move}.", INSISTED, {"next_move": "insisted"}, "Look: you marked “insisted” as the next move."),
        ("{facts}.", {"any": [INSISTED, AGENDA]}, {"cause.2": 3}, "“Own agenda” is rated 3 of 4."),
        ("{facts}.", {"any": [INSISTED, AGENDA]}, {"cause.2": 3, "next_move": "insisted"},
         "You marked “insisted” as the next move and “Own agenda” is rated 3 of 4."),
        ("{markers}.", {"fact": "markers", "has": ["yes_but", "stalled"]}, {"markers": ["yes_but", "stalled"]},
         "“Yes, but …” and “Stalled work” are marked."),
        ("{outside}.", {"fact": "outside", "has": ["life_event"]}, {"outside": ["life_event"]},
         "“Life event” is marked as playing a part outside therapy."),
        ("Always worth asking.", {}, {}, "Always worth asking."),
        # a slot that cannot be filled leaves the bare facts, never a gap
        ("{cause.2} and so on", {"any": [INSISTED, AGENDA]}, {"next_move": "insisted"},
         "You marked “insisted” as the next move."),
        ("{facts}, hence this", {}, {}, ""),
    ],
)  # fmt: skip
def test_why_says_the_logged_facts_in_words(why, trigger, facts, said):
    [fit] = fits([prompt(why=why, trigger=trigger)], facts)
    assert fit.why == said


def _every_value(kind):
    if kind.shape == NUMBER:
        return [kind.lowest, 2, kind.highest or 40]
    return list(kind.choices) if kind.shape == ONE_OF else [kind.choices[:1], kind.choices]


@pytest.mark.parametrize("name", FACTS)
def test_every_value_of_a_fact_can_be_said_so_that_it_starts_or_continues_a_sentence(name):
    for value in _every_value(FACTS[name]):
        words = FACTS[name].say(value)
        assert words[0] == "“" or words[0].islower()
        assert "_" not in words
        assert not words.endswith(".")


# --- a clinic's own prompts -----------------------------------------------------------------------------------------


def test_a_clinics_own_prompt_replaces_the_shipped_one_in_whichever_order_they_come():
    shipped, own = prompt("same"), prompt("same", clinic_id="c1", position=5)
    other = prompt("other", position=3)
    assert in_force([shipped, other, own]) == [other, own] == in_force([own, shipped, other])


def test_a_clinic_can_switch_a_shipped_prompt_off():
    assert in_force([prompt("same"), prompt("same", clinic_id="c1", active=False)]) == []


def test_a_row_of_the_table_becomes_a_prompt():
    row = {
        "id": "…", "clinic_id": None, "slug": "a", "stage": "later", "causes": [1, 2], "rupture_kinds": [],
        "trigger": {}, "wording": "What?", "why": "w", "sentence": "s", "repaired_when": "r", "source": "x",
        "active": True, "position": 4,
    }  # fmt: skip
    assert Prompt.from_row(row) == Prompt(
        "a", "later", "What?", (1, 2), (), {}, "w", "s", "r", "x", True, 4, None
    )
    assert Prompt.from_row({"slug": "a", "stage": "later", "wording": "What?", "causes": None}).causes == ()
    assert len({Prompt.from_row(row), Prompt.from_row(row)}) == 1


# --- what an editor is told -----------------------------------------------------------------------------------------


def nested(depth):
    return INSISTED if depth == 0 else {"all": [nested(depth - 1)]}


@pytest.mark.parametrize(
    ("trigger", "told"),
    [
        ("always", "A trigger is written in braces"),
        (None, "A trigger is written in braces"),
        ([INSISTED], "A trigger is written in braces"),
        ({"fact": "next_mov", "is": ["insisted"]}, "did you mean “next_move”?"),
        ({"fact": "weather", "is": ["rain"]}, "There is no fact “weather”; there are subject, kind,"),
        ({"fact": 7, "is": ["insisted"]}, "There is no fact 7"),
        ({"is": ["insisted"]}, "A condition needs a “fact”"),
        ({"fact": "next_move"}, "“next_move” needs something to compare with: is."),
        ({"fact": "cause.1"}, "“cause.1” needs something to compare with: at_least or at_most."),
        ({"fact": "next_move", "not": ["insisted"]}, "single choice and takes is, not “not”"),
        ({"fact": "next_move", "at_least": 3}, "single choice and takes is, not “at_least”"),
        ({"fact": "cause.1", "is": [3]}, "is a number and takes at_least or at_most, not “is”"),
        ({"fact": "markers", "is": ["stalled"]}, "is a list and takes has, not “is”"),
        ({"fact": "next_move", "is": "insisted"}, "needs a list, for example [“insisted”]"),
        ({"fact": "next_move", "is": []}, "needs a list"),
        ({"fact": "next_move", "is": ["pushed"]}, "“next_move” is never “pushed”; it can be insisted, slowed_down"),
        ({"fact": "theme_cause", "is": [True]}, "“theme_cause” is never True"),
        ({"fact": "strongest_causes", "has": [7]}, "“strongest_causes” is never 7"),
        ({"fact": "cause.1", "at_least": "3"}, "needs a number, not “3”"),
        ({"fact": "cause.1", "at_least": True}, "needs a number, not True"),
        ({"fact": "cause.1", "at_least": 5}, "“cause.1” goes from 0 to 4, so 5 makes no sense there."),
        ({"fact": "intensity", "at_least": 0}, "“intensity” goes from 1 to 5"),
        ({"fact": "rupture_days", "at_least": -1}, "“rupture_days” goes from 0 upwards"),
        ({"fact": "rupture_days", "at_least": 10**400}, "needs a number"),
        ({"all": []}, "“all” needs a list with at least one condition."),
        ({"any": INSISTED}, "“any” needs a list with at least one condition."),
        ({"all": [INSISTED], "fact": "named"}, "“all” has to stand alone in its braces"),
        ({"all": [INSISTED], "any": [INSISTED]}, "“all” has to stand alone in its braces"),
        ({"all": ["insisted"]}, "“insisted” is not a condition"),
        ({"all": [{}]}, "A condition needs a “fact”"),
        (nested(5), "nested more than 4 deep"),
    ],
)  # fmt: skip
def test_a_problem_in_a_trigger_is_told_in_one_sentence(trigger, told):
    [problem] = validate(trigger)
    assert told in problem
    assert problem[-1] in ".?"
    assert fits([prompt(trigger=trigger)], {"next_move": "insisted"}) == []


def test_all_problems_of_a_trigger_are_told_at_once():
    assert len(validate({"all": [{"fact": "x"}, {"fact": "cause.1", "at_least": 9, "at_most": "b"}]})) == 3


def test_groups_may_be_nested_four_deep():
    assert validate(nested(4)) == []
    assert fits([prompt(trigger=nested(4))], {"next_move": "insisted"})


@pytest.mark.parametrize(
    ("why", "trigger", "problems"),
    [
        ("{next_move}.", INSISTED, 0),
        ("{facts}.", INSISTED, 0),
        ("No slot at all.", {}, 0),
        ("{cause.2}, {next_move}.", {"all": [AGENDA, INSISTED]}, 0),
        ("{cause.2}.", {"any": [{"all": [AGENDA, INSISTED]}, AGENDA]}, 0),
        ("{cause.2}.", {"any": [AGENDA, INSISTED]}, 1),
        ("{named}.", INSISTED, 1),
        ("{named}.", {}, 1),
        ("{subject}.", {"fact": "subject", "is": ["theme"]}, 1),
        ("{Not a slot}", INSISTED, 1),
        ("{next_move.__class__}", INSISTED, 1),
        ("{named}", "broken", 0),
    ],
)
def test_a_slot_must_be_a_fact_that_the_trigger_always_asks_for(why, trigger, problems):
    assert len(validate_why(why, trigger)) == problems


# --- the page that explains it ----------------------------------------------------------------------------------------

DOCS = (Path(__file__).parents[2] / "docs/prompts.md").read_text(encoding="utf-8")


def test_the_docs_list_every_fact_with_its_operators_and_choices_and_no_other():
    rows = [
        line.split("|")
        for line in DOCS.split("## The trigger language")[1].splitlines()
        if line.startswith("| `")
    ]
    told = {name: (row[2], row[3]) for row in rows for name in re.findall(r"`([^`]+)`", row[1])}
    assert set(told) == set(FACTS)
    for name, (operators, values) in told.items():
        assert tuple(re.findall(r"`([^`]+)`", operators)) == OPERATORS[FACTS[name].shape]
        if named := set(re.findall(r"`([^`]+)`", values)):
            assert named == set(FACTS[name].choices)


def test_the_triggers_in_the_docs_can_be_used():
    examples = re.findall(r"```json\n(.+?)\n```", DOCS, re.DOTALL)
    assert len(examples) == 3
    assert [problem for example in examples for problem in validate(json.loads(example))] == []


# --- properties -----------------------------------------------------------------------------------------------------

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from([*FACTS, "insisted", "all", "any"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(["all", "any", "fact", "is", "has", "at_least", "at_most", "x"]), inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


def _condition(kind):
    if kind.shape == NUMBER:
        bound = st.integers(kind.lowest, kind.highest or 60)
        return st.fixed_dictionaries(
            {"fact": st.just(kind.name)}, optional={"at_least": bound, "at_most": bound}
        ).filter(lambda condition: len(condition) > 1)
    operator = "is" if kind.shape == ONE_OF else "has"
    return st.fixed_dictionaries(
        {
            "fact": st.just(kind.name),
            operator: st.lists(st.sampled_from(kind.choices), min_size=1, max_size=3),
        }
    )


conditions = st.sampled_from(list(FACTS.values())).flatmap(_condition)
some = st.lists(conditions, min_size=1, max_size=3)
groups = st.builds(lambda name, parts: {name: parts}, st.sampled_from(["all", "any"]), some)
triggers = (
    st.just({})
    | conditions
    | groups
    | st.builds(lambda name, a, b: {name: [*a, b]}, st.sampled_from(["all", "any"]), some, groups)
)


def _logged(kind):
    if kind.shape == NUMBER:
        return st.integers(kind.lowest, kind.highest or 60)
    one = st.sampled_from(kind.choices)
    return one if kind.shape == ONE_OF else st.lists(one, max_size=4)


logged = st.fixed_dictionaries({}, optional={name: _logged(kind) for name, kind in FACTS.items()})
odd = st.dictionaries(st.sampled_from([*FACTS, "unheard_of"]), anything, max_size=6)
prompts = st.lists(
    st.builds(
        Prompt,
        slug=st.uuids().map(str),
        stage=st.sampled_from([*prompt_rules.STAGES, "someday"]),
        wording=st.just("What?"),
        causes=st.lists(st.integers(1, 6), max_size=2).map(tuple),
        rupture_kinds=st.lists(st.sampled_from(list(vocabulary.RUPTURE_KINDS)), max_size=2).map(tuple),
        trigger=triggers | anything,
        why=st.sampled_from(["{facts}.", "{next_move}!", "{cause.1}, {markers}", "", "{"]),
        position=st.integers(0, 3),
    ),
    max_size=8,
    unique_by=lambda one: one.slug,
)


@given(trigger=anything, facts=odd | anything)
def test_whatever_a_trigger_or_a_fact_is_nothing_breaks(trigger, facts):
    problems = validate(trigger)
    found = fits([prompt(trigger=trigger, why="{facts}")], facts)
    assert all(isinstance(problem, str) and problem[-1] in ".?" for problem in problems)
    assert not (problems and found)
    assert isinstance(validate_why("{facts} {x}", trigger), list)


@given(prompts=prompts, facts=logged | odd, seed=st.randoms(use_true_random=False))
def test_the_order_is_that_of_the_rules_and_does_not_depend_on_the_order_of_the_rows(prompts, facts, seed):
    found = fits(prompts, facts)
    shuffled = list(prompts)
    seed.shuffle(shuffled)
    assert slugs(fits(shuffled, facts)) == slugs(found) == slugs(fits(prompts, facts))
    keys = [
        (prompt_rules.STAGES.index(fit.prompt.stage), -fit.strength, fit.prompt.position) for fit in found
    ]
    assert keys == sorted(keys)


@given(trigger=triggers, facts=logged)
def test_what_is_unknown_never_makes_a_trigger_hold(trigger, facts):
    assert validate(trigger) == []
    holds = bool(fits([prompt(trigger=trigger)], facts))
    for name in facts:
        fewer = {other: value for other, value in facts.items() if other != name}
        assert holds or not fits([prompt(trigger=trigger)], fewer)
    assert bool(fits([prompt(trigger=trigger)], {})) is (trigger == {})


@given(first=triggers.filter(bool), second=triggers.filter(bool), facts=logged)
def test_all_means_both_and_any_means_either(first, second, facts):
    def holds(trigger):
        return bool(fits([prompt(trigger=trigger)], facts))

    assert holds({"all": [first, second]}) == (holds(first) and holds(second))
    assert holds({"any": [first, second]}) == (holds(first) or holds(second))


@given(trigger=triggers, facts=logged)
def test_what_is_said_was_logged_and_was_asked_for(trigger, facts):
    for fit in fits([prompt(trigger=trigger, why="{facts}.")], facts):
        for fact in fit.facts:
            logged_value = facts[fact.name]
            if FACTS[fact.name].shape == LIST_OF:
                assert set(fact.value) <= set(logged_value)
            else:
                assert fact.value == logged_value
            assert fact.words[1:] in fit.why
        assert fit.strength >= len(fit.facts)


@given(
    prompts=prompts,
    facts=logged,
    cause=st.integers(1, 6),
    kind=st.sampled_from(list(vocabulary.RUPTURE_KINDS)),
)
def test_narrowing_never_adds_and_keeps_the_order(prompts, facts, cause, kind):
    facts = {name: value for name, value in facts.items() if name != "rupture_kind"}
    everything = slugs(fits(prompts, facts))
    narrowed = slugs(fits(prompts, facts, cause=cause, rupture_kind=kind))
    assert narrowed == [slug for slug in everything if slug in narrowed]
    stages = [slugs(fits(prompts, facts, stage=stage)) for stage in prompt_rules.STAGES]
    assert [slug for part in stages for slug in part] == everything


# --- cause 4 presumes shared goals ----------------------------------------------------------------------------------

TREATED = {"fact": "cause.4", "at_least": 3}


@pytest.mark.parametrize(
    ("goals_shared", "why"),
    [
        ("yes", "“Part of what is treated” is rated 4 of 4. An open goal of this case was made together or by the client."),
        ("none_on_record", "“Part of what is treated” is rated 4 of 4. It presumes shared goals; none are on record."),
        (None, "“Part of what is treated” is rated 4 of 4."),
    ],
)  # fmt: skip
def test_a_prompt_on_cause_four_says_what_is_on_record_about_shared_goals(goals_shared, why):
    facts = {"cause.4": 4} | ({"goals_shared": goals_shared} if goals_shared else {})
    [fit] = fits([prompt(trigger=TREATED, why="{facts}.", causes=(4,))], facts)
    assert fit.why == why


def test_a_prompt_on_cause_four_alone_waits_for_a_shared_goal_and_no_other_prompt_does():
    prompts = [
        prompt("four", causes=(4,)),
        prompt("two-and-four", causes=(2, 4)),
        prompt("two", causes=(2,)),
        prompt("any"),
    ]
    assert slugs(fits(prompts, {"goals_shared": "no"})) == ["any", "two", "two-and-four"]
    assert slugs(fits(prompts, {"goals_shared": "yes"})) == ["any", "four", "two", "two-and-four"]
    assert all(
        "goal" not in fit.why for fit in fits(prompts, {"goals_shared": "yes"}) if 4 not in fit.prompt.causes
    )


def test_a_trigger_may_ask_whether_a_goal_is_shared():
    asks = {"fact": "goals_shared", "is": ["no", "none_on_record"]}
    assert validate(asks) == []
    [fit] = fits([prompt(trigger=asks, why="{goals_shared}.")], {"goals_shared": "none_on_record"})
    assert fit.why == "No goal is on record."
