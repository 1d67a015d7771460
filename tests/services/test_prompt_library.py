"""The shipped prompts: enough for every case, in the right order, short, without blame; and the database holds the same."""

import json
import re
from collections import Counter
from itertools import product
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import dict_row

from services import vocabulary
from services.prompt_rules import STAGES, Prompt, fits, in_force, validate, validate_why
from services.prompt_wording import BLAMING, NOT_WHILE_IT_HURTS, problems

MIGRATION = Path(__file__).parents[2] / "supabase/migrations/20261123000300_prompt_library.sql"
ROWS = json.loads(MIGRATION.read_text(encoding="utf-8").split("$prompts$")[1])
LIBRARY = [Prompt.from_row(row | {"position": place}) for place, row in enumerate(ROWS, start=1)]

CAUSES = list(vocabulary.CAUSES)
KINDS = list(vocabulary.RUPTURE_KINDS)
CELLS = list(product(CAUSES, KINDS, STAGES))
each = pytest.mark.parametrize("prompt", [pytest.param(one, id=one.slug) for one in LIBRARY])

AMERICAN = re.compile(
    r"\b(behavior|color|favor|recogniz\w+|realiz\w+|apologiz\w+|judgment|gotten|practice[sd])\b",
    re.IGNORECASE,
)


def in_cell(library, cause, kind, stage):
    """What fits when only the kind of rupture and one rating are known."""
    facts = {"subject": "rupture", "rupture_kind": kind, f"cause.{cause}": 4}
    return [fit.prompt for fit in fits(library, facts, stage=stage, cause=cause, rupture_kind=kind)]


def gaps(library):
    return [cell for cell in CELLS if len(in_cell(library, *cell)) < 3]


def appears(facts):
    return [fit.prompt for fit in fits(LIBRARY, facts)]


# --- enough ---------------------------------------------------------------------------------------------------------


def test_every_cause_rupture_kind_and_stage_has_at_least_three_prompts():
    assert len(LIBRARY) >= 72
    assert gaps(LIBRARY) == []


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_two_of_them_at_least_are_about_that_very_cause(cell):
    assert sum(prompt.causes == (cell[0],) for prompt in in_cell(LIBRARY, *cell)) >= 2


@pytest.mark.parametrize("stage", STAGES)
def test_a_handful_fewer_leaves_a_gap(stage):
    """The check above can fail: five prompts taken from one stage are missed somewhere."""
    smallest = min((in_cell(LIBRARY, *cell) for cell in CELLS if cell[2] == stage), key=len)
    assert len(smallest) <= 7
    assert gaps([prompt for prompt in LIBRARY if prompt not in smallest[:5]])


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        *(({"unticked": [behaviour]}, "contribution") for behaviour in vocabulary.RAPPORT_BEHAVIOURS),
        *(({"subject": "theme", "theme_cause": cause}, "contribution") for cause in CAUSES),
        *(({"markers": [marker]}, "validate") for marker in vocabulary.EPISODE_KINDS if marker != "other"),
        *(({"markers": [marker]}, "protect") for marker in vocabulary.EPISODE_KINDS if marker != "other"),
        *(({"outside": [factor]}, stage) for factor in vocabulary.OUTSIDE_FACTORS for stage in ("validate", "later")),
        *(({"first_blame": blame}, stage) for blame in ("client", "myself") for stage in ("validate", "contribution")),
        ({"next_move": "asked"}, "validate"),
        ({"next_move": "slowed_down"}, "validate"),
        ({"next_move": "insisted"}, "contribution"),
        ({"next_move": "changed_course"}, "contribution"),
        ({"next_move": "nothing"}, "contribution"),
        ({"named": "not_yet"}, "validate"),
        ({"named": "planned"}, "validate"),
        ({"named": "yes", "rupture_days": 21}, "protect"),
        ({"intensity": 4}, "validate"),
        ({"frustration": 3}, "contribution"),
        ({"control_sensitivity": 3}, "contribution"),
        ({"rupture_days": 14}, "validate"),
        ({"rupture_days": 28}, "contribution"),
        ({"repair_stage": "explored"}, "protect"),
        ({"repair_stage": "parked"}, "protect"),
        ({"repair_stage": "need_expressed"}, "later"),
        ({"subject": "theme", "weeks_rising": 3}, "validate"),
    ],
    ids=str,
)  # fmt: skip
def test_what_was_logged_brings_a_prompt_of_its_own_at_that_stage(facts, stage):
    without = {name: value for name, value in facts.items() if name == "subject"}
    assert [p for p in appears(facts) if p.stage == stage and p not in appears(without)]


def test_each_rapport_behaviour_brings_its_own_prompt_and_no_other():
    brought = [appears({"unticked": [behaviour]}) for behaviour in vocabulary.RAPPORT_BEHAVIOURS]
    assert all(len(prompts) == 1 for prompts in brought)
    assert len({prompts[0].slug for prompts in brought}) == 8


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("cause", CAUSES)
def test_a_team_theme_has_something_to_talk_about_at_every_stage_and_nothing_about_one_client(cause, stage):
    found = fits(LIBRARY, {"subject": "theme", "theme_cause": cause}, stage=stage, cause=cause)
    assert found
    assert all(fit.prompt.slug.startswith("theme-") for fit in found)


def test_the_four_reframes_come_up_when_distance_is_rated_high():
    sources = " ".join(prompt.source for prompt in appears({"cause.6": 4}))
    for reframe in ("fair expectations", "mistakes are allowed", "attention to the client", "repair heals"):
        assert reframe in sources


def test_little_said_means_few_prompts():
    """With nothing but a rupture's kind the meeting is offered a short list, and cause prompts wait for a rating."""
    found = appears({"subject": "rupture", "rupture_kind": "withdrawal"})
    assert 8 <= len(found) <= 16
    assert not any(prompt.causes for prompt in found)
    assert not any(prompt.causes for prompt in appears({f"cause.{cause}": 1 for cause in CAUSES}))


def test_the_docs_know_how_many_there_are():
    docs = (MIGRATION.parents[2] / "docs/prompts.md").read_text(encoding="utf-8")
    assert f"ships {len(LIBRARY)} of them" in docs


# --- the right order ------------------------------------------------------------------------------------------------


def test_the_library_is_kept_in_the_order_of_stages():
    stages = [STAGES.index(prompt.stage) for prompt in LIBRARY]
    assert stages == sorted(stages)
    assert in_force(LIBRARY) == LIBRARY


@each
def test_reasons_task_changes_and_patterns_wait_for_later(prompt):
    if prompt.stage != "later":
        assert not NOT_WHILE_IT_HURTS.search(f"{prompt.wording} {prompt.sentence}")


def test_the_later_stage_does_hold_reasons_task_changes_and_patterns():
    later = " ".join(f"{p.wording} {p.sentence}" for p in LIBRARY if p.stage == "later")
    for topic in ("reason", "task", "anywhere else", "rewrite", "belief"):
        assert topic in later


@each
def test_cause_four_says_that_it_presumes_goals_made_together(prompt):
    if 4 in prompt.causes:
        assert re.search(r"goals (were )?made together", f"{prompt.wording} {prompt.why}")


# --- each one -------------------------------------------------------------------------------------------------------


@each
def test_its_trigger_and_its_why_can_be_used(prompt):
    assert validate(prompt.trigger) == []
    assert validate_why(prompt.why, prompt.trigger) == []
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", prompt.slug)
    assert len(prompt.slug) <= 80
    assert set(prompt.causes) <= set(CAUSES)
    assert set(prompt.rupture_kinds) <= set(KINDS)
    assert prompt.trigger or prompt.why, "a prompt that always fits still says why"


@each
def test_a_prompt_that_asks_for_a_fact_says_it(prompt):
    """Why now names what was logged; only what the screen chose goes without saying."""
    if set(re.findall(r'"fact": "([^"]+)"', json.dumps(prompt.trigger))) - {"subject"}:
        assert "{" in prompt.why


@each
def test_it_is_complete_short_and_reads_well(prompt):
    assert "?" in prompt.wording
    assert 30 <= len(prompt.wording) <= 220
    assert 10 <= len(prompt.sentence) <= 200
    assert 15 <= len(prompt.repaired_when) <= 200
    assert len(prompt.why) <= 200
    assert prompt.source.startswith("Sixfold")
    for text in (prompt.wording, prompt.why, prompt.sentence, prompt.repaired_when):
        assert text == text.strip()
        assert text[-1] in ".?"
        assert "  " not in text
        assert not re.search(r"['\"]|--|\.\.\.|TODO|XXX", text), "typographic signs, no remarks to ourselves"
        assert text[0].isupper() or text[0] == "{"
    assert not re.match(r"Why\b|Did you\b|Do you\b", prompt.wording), "curious and open, no cross-examination"


@each
def test_nobody_is_blamed_and_the_spelling_is_british(prompt):
    text = f"{prompt.wording} {prompt.why} {prompt.sentence} {prompt.repaired_when}"
    assert not BLAMING.search(text)
    assert not AMERICAN.search(text)


@each
def test_a_clinic_could_save_each_of_them_as_its_own(prompt):
    assert problems(
        stage=prompt.stage, causes=prompt.causes, wording=prompt.wording, why=prompt.why, sentence=prompt.sentence,
        repaired_when=prompt.repaired_when,
    ) == []  # fmt: skip


@each
def test_the_sentence_to_try_is_said_by_one_person_to_another(prompt):
    assert "client" not in prompt.sentence
    assert re.search(r"\b(I|we|us|our|me|my|you|yours?)\b", prompt.sentence, re.IGNORECASE)


def test_the_checks_of_wording_can_fail():
    assert BLAMING.search("The resistant client was lazy.")
    assert NOT_WHILE_IT_HURTS.search("How would you explain the pattern?")
    assert AMERICAN.search("She realized it.")


@pytest.mark.parametrize("field", ["slug", "wording", "sentence", "repaired_when", "why"])
def test_no_two_prompts_say_the_same(field):
    said = Counter(getattr(prompt, field) for prompt in LIBRARY)
    assert [text for text, times in said.items() if times > 1] == []


@pytest.mark.parametrize("field", ["wording", "sentence", "repaired_when"])
def test_no_two_prompts_say_nearly_the_same(field):
    words = {prompt.slug: set(re.findall(r"[a-z]{4,}", getattr(prompt, field).lower())) for prompt in LIBRARY}
    near = [
        (one, other)
        for one in words
        for other in words
        if one < other and len(words[one] & words[other]) > 0.6 * len(words[one] | words[other])
    ]
    assert near == []


# --- in the database ------------------------------------------------------------------------------------------------


def test_the_database_holds_exactly_these_prompts_in_this_order(sql):
    with sql.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            """select *, stage::text as stage, rupture_kinds::text[] as rupture_kinds
               from public.prompts where clinic_id is null order by position"""
        ).fetchall()
    assert [Prompt.from_row(row) for row in rows] == LIBRARY


def test_a_shipped_slug_is_taken_once(sql):
    with pytest.raises(psycopg.errors.UniqueViolation):
        sql.execute(
            "insert into public.prompts (slug, stage, wording) values (%s, 'later', 'What?')",
            (LIBRARY[0].slug,),
        )
