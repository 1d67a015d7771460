"""A clinic's own prompts: triggers as plain choices, words that are checked, and who may change what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import clinic_prompts, prompts, trigger_choices, vocabulary
from services.errors import NotAllowed, Refused
from services.prompt_facts import FACTS, LIST_OF, NUMBER
from services.prompt_rules import validate
from tests.services.test_prompt_library import LIBRARY

WORDS = {
    "stage": "validate",
    "wording": "What was it like for the client?",
    "why": "{facts}.",
    "sentence": "I would like to hear how that was for you.",
    "repaired_when": "The client says what it was like.",
    "source": "our team",
    "trigger": {"fact": "next_move", "is": ["insisted"]},
}


# Triggers as choices


def conditions_of(fact):
    kind = FACTS[fact]
    if kind.shape == NUMBER:
        return st.integers(kind.lowest, kind.highest or 90).map(
            lambda n: trigger_choices.condition(fact, low=n)
        )
    return st.lists(st.sampled_from(kind.choices), min_size=1, unique=True).map(
        lambda values: trigger_choices.condition(fact, values=values)
    )


@given(
    st.sampled_from([trigger_choices.ALL, trigger_choices.ANY]),
    st.lists(st.sampled_from(list(FACTS)), unique=True, max_size=4).flatmap(
        lambda facts: st.tuples(*map(conditions_of, facts))
    ),
)
def test_what_is_chosen_makes_a_trigger_that_can_be_used_and_is_read_back_the_same(together, chosen):
    made = trigger_choices.trigger(together, chosen)
    assert validate(made) == []
    group, read = trigger_choices.conditions(made)
    assert read == [dict(one) for one in chosen]
    assert len(chosen) < 2 or group == together


@pytest.mark.parametrize("prompt", [pytest.param(p, id=p.slug) for p in LIBRARY])
def test_every_shipped_trigger_is_told_in_words(prompt):
    said = trigger_choices.in_words(prompt.trigger)
    assert (said == "always") is (prompt.trigger == {})
    assert "never" not in said
    assert "_" not in said


def test_every_fact_and_every_value_has_its_words():
    assert trigger_choices.NAMES.keys() == FACTS.keys()
    for name, kind in FACTS.items():
        said = [trigger_choices.choice(name, value) for value in kind.choices]
        assert len(set(said)) == len(said)
        assert (kind.shape == LIST_OF) is ("has" in trigger_choices.condition(name, values=["x"]))


def test_groups_within_groups_are_left_as_they_are():
    nested = {"all": [{"any": [{"fact": "named", "is": ["yes"]}]}, {"fact": "intensity", "at_least": 4}]}
    assert trigger_choices.conditions(nested) is None
    twice = {"any": [{"fact": "intensity", "at_least": 4}, {"fact": "intensity", "at_most": 1}]}
    assert trigger_choices.conditions(twice) is None


# Words


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"wording": ""}, "no words yet"),
        ({"wording": "Say what it was like."}, "as a question"),
        ({"wording": "Why was that so?"}, "sound like an examination"),
        ({"wording": "What made the resistant client go quiet?"}, "“resistant client” can be read as blame"),
        ({"sentence": "This is a pattern of yours."}, "belongs into a later session"),
        ({"causes": [4]}, "goals made together"),
        ({"causes": [7]}, "from 1 to 6"),
        ({"wording": "What " * 60 + "?"}, "220 fit"),
        ({"stage": None}, "choose the stage"),
        ({"trigger": {"fact": "next_move", "is": []}}, "needs a list"),
        ({"trigger": {"fact": "intensity"}}, "needs something to compare with"),
        ({"why": "{intensity}", "trigger": {}}, "stays empty"),
    ],
)
def test_what_a_prompt_should_not_say_is_refused_with_the_reason(other, said):
    with pytest.raises(Refused, match=said):
        clinic_prompts.checked(**WORDS | other)


def test_what_waits_for_later_can_be_said_later():
    assert clinic_prompts.checked(**WORDS | {"stage": "later", "sentence": "Shall we look at the pattern?"})


# On the real stack


@pytest.fixture
def own(clinic, sql):
    """The administrator's client; what is added with it is taken away afterwards, for the others who use this clinic."""
    yield clinic.as_("ada")
    sql.execute("delete from public.prompts where clinic_id = (select clinic_id from public.teams where id = %s)", (clinic.team,))  # fmt: skip


def of(clinic, slug, who="ada"):
    return next(e for e in clinic_prompts.library(clinic.as_(who)) if e.prompt.slug == slug)


def offered(clinic, slug, who="sue"):
    return next((p for p in prompts.library(clinic.as_(who)) if p.slug == slug), None)


def test_a_shipped_one_is_replaced_changed_and_switched_off_for_this_clinic_alone(clinic, own):
    ada, slug = own, LIBRARY[0].slug
    clinic_prompts.save(ada, team=clinic.team, entry=of(clinic, slug), **WORDS)
    assert offered(clinic, slug).wording == WORDS["wording"]
    replaced = of(clinic, slug)
    assert replaced.own
    assert replaced.shipped == LIBRARY[0]
    clinic_prompts.save(ada, team=clinic.team, entry=replaced, **WORDS | {"wording": "Which moment was it?"})
    assert offered(clinic, slug).wording == "Which moment was it?"
    clinic_prompts.offer(ada, team=clinic.team, entry=of(clinic, slug), active=False)
    assert offered(clinic, slug) is None
    assert len(clinic_prompts.library(ada)) == len(LIBRARY)


def test_a_shipped_one_is_switched_off_and_on_without_being_changed(clinic, own):
    ada, slug = own, LIBRARY[1].slug
    clinic_prompts.offer(ada, team=clinic.team, entry=of(clinic, slug), active=False)
    assert offered(clinic, slug) is None
    clinic_prompts.offer(ada, team=clinic.team, entry=of(clinic, slug), active=True)
    assert offered(clinic, slug).wording == LIBRARY[1].wording


def test_an_own_one_is_added_and_one_of_the_same_words_is_refused(clinic, own):
    ada, words = own, WORDS | {"wording": "What would you like to try next time?"}
    clinic_prompts.save(ada, team=clinic.team, **words)
    assert offered(clinic, "what-would-you-like-to-try-next-time").why == "{facts}."
    with pytest.raises(Refused, match="There is one with this short name already"):
        clinic_prompts.save(ada, team=clinic.team, **words)


@pytest.mark.parametrize("who", ["alice", "sue", "lee"])
def test_nobody_else_changes_a_prompt(clinic, who):
    db, entry = clinic.as_(who), of(clinic, LIBRARY[2].slug)
    for change in (
        lambda: clinic_prompts.save(db, team=clinic.team, entry=entry, **WORDS),
        lambda: clinic_prompts.save(db, team=clinic.team, **WORDS),
        lambda: clinic_prompts.offer(db, team=clinic.team, entry=entry, active=False),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_the_list_is_narrowed_by_stage_and_cause(clinic):
    found = clinic_prompts.library(clinic.as_("ada"))
    for stage in vocabulary.PROMPT_STAGES:
        some = clinic_prompts.filtered(found, stage=stage, cause=3)
        assert some
        assert all(e.prompt.stage == stage and 3 in e.prompt.causes for e in some)
    assert clinic_prompts.filtered(found, stage=None, cause=None) == found
