"""The formulation card, all the way: versions that build on one another, what is missing, and what has changed."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import cases, formulation, texts, vocabulary
from services.errors import Refused
from services.formulation import Version


@pytest.fixture
def case(clinic):
    """A case of Alice's, in the database."""
    opened = cases.open(clinic.outbox("alice"), team=clinic.team, code=f"F-{uuid4().int % 90_000 + 10_000}")
    clinic.synced()
    return UUID(opened.entity)


def stands(clinic, case, who="alice") -> dict[str, Version]:
    return formulation.current(clinic.as_(who), team=clinic.team, therapist=clinic.people["alice"], case=case)


def every(clinic, case, field, who="alice") -> list[Version]:
    return formulation.versions(
        clinic.as_(who), team=clinic.team, therapist=clinic.people["alice"], case=case, field=field
    )


def wrote(clinic, case, today, body, field="core_beliefs", *, synced=True, **more):
    op = formulation.write(
        clinic.outbox("alice"), team=clinic.team, case=case, field=field, body=body, written_on=more.pop("written_on", today),
        today=today, **{"based_on": stands(clinic, case).get(field)} | more,
    )  # fmt: skip
    if synced:
        clinic.synced()
    return op


def test_a_field_keeps_every_version_with_its_day_and_author(clinic, case, today):
    wrote(clinic, case, today, "I am a burden", written_on=today - timedelta(days=30))
    wrote(clinic, case, today, "  I am a burden\nto others ")
    now = stands(clinic, case)["core_beliefs"]
    assert (now.version, now.written_on, now.therapist, now.body) == (
        2,
        today,
        "Alice",
        "I am a burden\nto others",
    )
    assert [(v.version, v.body, v.written_on) for v in every(clinic, case, "core_beliefs")] == [
        (2, "I am a burden\nto others", today), (1, "I am a burden", today - timedelta(days=30)),
    ]  # fmt: skip


def test_nine_fields_make_a_card_and_four_stand_beside_it():
    assert len(formulation.CARD) == 9
    assert {*formulation.CARD, *formulation.BESIDE} == set(vocabulary.FORMULATION_FIELDS)
    assert not set(formulation.CARD) & set(formulation.BESIDE)


def test_a_supervisor_knows_which_fields_exist_and_reads_only_what_is_shared(clinic, case, today):
    wrote(clinic, case, today, "mine alone")
    wrote(clinic, case, today, "for us", field="wants", share=True)
    seen = stands(clinic, case, "sue")
    assert (seen["core_beliefs"].body, seen["core_beliefs"].words, seen["core_beliefs"].written_on) == (
        "",
        None,
        today,
    )
    assert seen["wants"].body == "for us"
    for other in ("bob", "lee", "ada", "otto"):
        assert stands(clinic, case, other) == {}


def test_sharing_is_said_of_one_version_and_the_earlier_ones_stay_as_they_were(clinic, case, today):
    wrote(clinic, case, today, "first")
    wrote(clinic, case, today, "second")
    texts.share(clinic.outbox("alice"), text=stands(clinic, case)["core_beliefs"].words, case=case)
    clinic.synced()
    assert [v.body for v in every(clinic, case, "core_beliefs", "sue")] == ["second", ""]


def test_a_version_written_elsewhere_is_not_written_over_and_both_are_kept(clinic, case, today):
    wrote(clinic, case, today, "first")
    seen = stands(clinic, case)["core_beliefs"]
    wrote(clinic, case, today, "from the laptop", based_on=seen)
    late = wrote(clinic, case, today, "from the phone", based_on=seen)
    parked = clinic.outbox("alice").find(late.op_id)
    assert (parked.state, parked.code) == ("parked", "SX409")
    assert parked.params["words"]["body"] == "from the phone"
    assert stands(clinic, case)["core_beliefs"].body == "from the laptop"
    clinic.outbox("alice").discard(late.op_id)


def test_a_version_can_build_on_one_that_is_still_on_its_way(clinic, case, today):
    first = wrote(clinic, case, today, "first", synced=False)
    waiting = Version(UUID(first.entity), case, "core_beliefs", 1, today)
    wrote(clinic, case, today, "second", based_on=waiting)
    assert [v.body for v in every(clinic, case, "core_beliefs")] == ["second", "first"]


def test_a_field_can_be_emptied_and_is_missing_again(clinic, case, today):
    wrote(clinic, case, today, "something")
    wrote(clinic, case, today, "  ")
    now = stands(clinic, case)
    assert now["core_beliefs"].emptied
    assert "core_beliefs" in formulation.completeness(now, today=today).missing


def test_fears_are_ticked_with_or_without_words(clinic, case, today):
    wrote(clinic, case, today, "", field="fears", ticked=["success", "ending", "success"])
    now = stands(clinic, case, "sue")["fears"]
    assert (now.ticked, now.emptied, now.words) == (("success", "ending"), False, None)
    wrote(clinic, case, today, "hello", field="wants", ticked=["success"])
    assert stands(clinic, case)["wants"].ticked == ()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"field": "diagnosis"}, "not one of the choices"),
        ({"field": None}, "choose a field"),
        ({"body": "x" * 2_001}, "“Core beliefs” has 2,001 characters; 2,000 fit"),
        ({"written_on": date(2999, 1, 1)}, "has not come yet"),
        ({"field": "fears", "ticked": ["spiders"]}, "not one of the choices for the fears"),
    ],
)
def test_what_could_not_be_stored_is_a_sentence_at_once(clinic, today, wrong, sentence):
    given = {"field": "core_beliefs", "body": "x", "written_on": today, "based_on": None} | wrong
    with pytest.raises(Refused, match=sentence):
        formulation.write(clinic.outbox("alice"), team=clinic.team, case=uuid4(), today=today, **given)
    assert clinic.outbox("alice").status().waiting == 0


def version(field, days_old, *, emptied=False) -> Version:
    return Version(uuid4(), uuid4(), field, 1, TODAY - timedelta(days=days_old), emptied=emptied)


TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(("age", "stale"), [(89, ()), (90, ()), (91, ("wants",))])
def test_a_field_is_old_from_the_day_after_ninety(age, stale):
    assert formulation.completeness({"wants": version("wants", age)}, today=TODAY).stale == stale


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "None of the 9 fields is written yet"),
        ({"schemas": 1}, "None of the 9 fields is written yet"),
        ({"wants": 1}, "1 of 9 fields written"),
        (dict.fromkeys(formulation.CARD[:5], 1) | {"wants": 100, "expects": 91}, "5 of 9 fields written, 2 older than 90 days"),
        (dict.fromkeys(formulation.CARD, 1), "All 9 fields written"),
    ],
)  # fmt: skip
def test_completeness_is_said_in_words(fields, said):
    found = {field: version(field, age) for field, age in fields.items()}
    assert formulation.completeness(found, today=TODAY).in_words == said


def test_what_was_emptied_is_neither_written_nor_old():
    found = formulation.completeness({"wants": version("wants", 200, emptied=True)}, today=TODAY)
    assert (found.written, found.stale) == ((), ())


PROSE = st.lists(st.sampled_from(["she", "he", "leaves", "stays", " ", "\n", "  ", ",", "é", "🌧"])).map(
    "".join
)


@given(before=PROSE | st.text(), after=PROSE | st.text())
def test_applying_the_difference_gives_the_new_text_and_taking_it_back_the_old(before, after):
    pieces = formulation.difference(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
    assert all(piece.text for piece in pieces)


@given(text=PROSE | st.text())
def test_a_text_does_not_differ_from_itself(text):
    assert {piece.kind for piece in formulation.difference(text, text)} <= {"same"}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("She expects to be left", "She expects to be sent away", [("same", "She expects to be "), ("removed", "left"), ("added", "sent away")]),
        ("I have a plan", "I will take over", [("same", "I "), ("removed", "have a plan"), ("added", "will take over")]),
        ("one two", "one two three", [("same", "one two"), ("added", " three")]),
        ("", "one two", [("added", "one two")]),
        ("one two", "", [("removed", "one two")]),
        (" ", " ", [("same", " ")]),
    ],
)  # fmt: skip
def test_the_difference_is_told_in_whole_words_and_phrases_stay_together(before, after, told):
    assert [(piece.kind, piece.text) for piece in formulation.difference(before, after)] == told
