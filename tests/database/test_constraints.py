"""Every key and rule that somebody's entry can break is explained to them, and nothing is explained that is not there."""

import re

import pytest

from services import constraints, errors
from tests.database.operations import good
from tests.database.scene import ident

# What the app cannot send, whatever is typed: how rows hang together, and what the server alone writes.
SHAPES = {
    "episode_notes_are_the_therapists", "notes_check", "prompt_uses_check", "prompt_uses_check1", "prompt_uses_prompt_check", "ratings_check",
    "reflections_check", "ruptures_check1", "a_case_has_its_therapist", "done_has_a_day", "step_notes_name_the_therapist", "reflections_week_check",
    "accepted_by_somebody", "a_meeting_begins_before_it_ends", "a_timer_has_an_end", "a_case_names_its_therapist", "what_it_is_about",
    "meeting_screens_check", "a_decision_on_a_case_names_its_therapist", "meetings_prompt_check", "agenda_items_because_check",
}  # fmt: skip
# Texts of a clinic's own prompts, which an administrator writes by SQL.
BY_SQL = re.compile(r"prompts_\w+_check")


def on_what_people_write(sql, condition: str) -> set[str]:
    return {
        name
        for (name,) in sql.execute(
            "select c.conname from pg_constraint c where c.connamespace = 'public'::regnamespace and exists (select from pg_attribute a"
            " where a.attrelid = c.conrelid and a.attnum > 0 and has_column_privilege('authenticated', a.attrelid, a.attnum, 'insert, update'))"
            f" and {condition}"
        )
    }


def test_every_key_that_an_entry_can_break_has_a_sentence(sql):
    """A key that holds its row's own id cannot be broken: it is there for foreign keys to point at."""
    keys = on_what_people_write(
        sql,
        "c.contype = 'u' and not exists (select from pg_constraint p where p.conrelid = c.conrelid and p.contype = 'p' and p.conkey <@ c.conkey)",
    )
    partial = {
        name
        for (name,) in sql.execute(
            "select i.indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indrelid"
            " where c.relnamespace = 'public'::regnamespace and i.indisunique and i.indpred is not null"
        )
    }
    assert len(keys) > 10
    assert (keys | partial) - {
        "one_open_spell"
    } <= constraints.SENTENCES.keys()  # a flag is raised by the server


def test_every_rule_on_lengths_or_on_several_fields_has_a_sentence(sql):
    rules = on_what_people_write(
        sql,
        "c.contype = 'c' and (cardinality(c.conkey) > 1 or pg_get_constraintdef(c.oid) ~ 'char_length|jsonb_typeof')",
    )
    named = on_what_people_write(sql, "c.contype = 'c' and c.conname !~ '_check[0-9]?$'")
    unsaid = {name for name in rules | named if not constraints.sentence(name)} - SHAPES
    assert {name for name in unsaid if not BY_SQL.fullmatch(name)} == set()


def test_every_first_possible_day_has_a_sentence(sql):
    days = on_what_people_write(
        sql, r"c.contype = 'c' and pg_get_constraintdef(c.oid) ~ '2000-01-01''::date'"
    )
    assert len(days) > 10
    assert {constraints.sentence(name) for name in days} == {constraints.FAR_DAY}


def test_nothing_is_explained_that_is_not_there(sql):
    there = {
        name
        for (name,) in sql.execute(
            "select conname from pg_constraint union select relname from pg_class where relkind = 'i'"
        )
    }
    assert constraints.SENTENCES.keys() - there == set()


@pytest.mark.parametrize("name", list(constraints.SENTENCES))
def test_a_sentence_says_what_is_and_then_what_to_do(name: str):
    said = constraints.SENTENCES[name]
    assert re.fullmatch(r"[A-Z][^.]+\. Please [^.]+\.", said)


@pytest.mark.parametrize(
    ("kind", "wrong", "name"),
    [
        ("case.open", {"code": "CAN-01"}, "cases_therapist_id_code_key"),
        ("case.open", {"code": "Anna"}, "cases_code_check"),
        ("transfer.ask", {"case": ident("alice", "parting")}, "one_transfer_at_a_time"),
        ("text.write", {"about": "goal", "about_id": ident("alice", "goal"), "slot": ""}, "case_texts_therapist_id_about_id_about_slot_key"),
        ("text.write", {"body": "x" * 2_001}, "case_texts_body_check"),
        ("question.ask", {"moment": ""}, "questions_moment_check"),
        ("check_in.enter", {"guess": {}}, "something_was_guessed"),
        ("plan.review", {"next_review_on": "2001-01-01"}, "plan_reviews_check"),
    ],
)  # fmt: skip
def test_the_author_of_a_refused_entry_reads_that_sentence(send, scene, kind: str, wrong: dict, name: str):
    """By the name in the answer of apply_ops; and by the one in Postgres' own message, which is all that a direct write gets."""
    (answer,) = send(scene.people["alice"], good(kind, scene, **wrong))
    for told in (answer["constraint"], None):
        said = errors.refusal(answer["code"], answer["message"], told)
        assert (str(said), said.code) == (constraints.SENTENCES[name], answer["code"])


def test_a_day_long_ago_and_an_unknown_rule_are_explained_too(send, scene):
    old, odd = send(
        scene.people["alice"],
        good("goal.set", scene, set_on="1999-12-31"),
        good("goal.set", scene, importance=11),
    )
    assert str(errors.refusal(old["code"], old["message"], old["constraint"])) == constraints.FAR_DAY
    assert str(errors.refusal(odd["code"], odd["message"], odd["constraint"])) == errors.REFUSALS["23514"]


def test_every_refusal_of_our_own_functions_is_a_sentence(sql):
    bodies = " ".join(
        body
        for (body,) in sql.execute(
            "select prosrc from pg_proc where pronamespace::regnamespace::text in ('public', 'private')"
        )
    )
    said = re.findall(r"errcode = '(?:SX|P0)\w+', message = '((?:[^']|'')+)'", bodies)
    assert len(set(said)) > 15
    for sentence in said:
        assert re.fullmatch(r"[A-Z].{15,160}\.", sentence), sentence
