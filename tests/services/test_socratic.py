"""The Socratic helper: a ladder of questions in our own words, and answers that belong to their author."""

from uuid import UUID, uuid4

import pytest

from services import cases, socratic, vocabulary
from services.errors import Refused

EACH = [pytest.param(question, id=question.slug) for question in socratic.QUESTIONS]


@pytest.fixture
def case(clinic):
    """A case of Alice's, in the database."""
    opened = cases.open(clinic.outbox("alice"), team=clinic.team, code=f"S-{uuid4().int % 90_000 + 10_000}")
    clinic.synced()
    return UUID(opened.entity)


@pytest.mark.parametrize("question", EACH)
def test_a_question_is_open_short_and_says_in_a_line_why_one_would_ask_it(question):
    assert question.wording.endswith("?")
    assert question.wording.count("?") == 1
    assert 15 <= len(question.wording) <= 110
    assert question.why.endswith(".")
    assert len(question.why) <= 80
    assert question.step in socratic.STEPS
    assert len(question.slug) <= 60
    assert not {"should", "must", "why"} & set(question.wording.lower().replace(",", "").split())


def test_the_ladder_climbs_in_order_and_no_step_is_without_questions():
    assert len(socratic.QUESTIONS) == 24
    assert len(socratic.BY_SLUG) == 24
    assert [q for step in socratic.STEPS for q in socratic.of_step(step)] == list(socratic.QUESTIONS)
    assert all(len(socratic.of_step(step)) >= 3 for step in socratic.STEPS)


def test_every_step_says_where_its_answers_may_belong():
    fields = {field for step in socratic.STEPS.values() for field in step.feeds}
    assert fields <= set(vocabulary.FORMULATION_FIELDS)


def test_an_answer_is_kept_with_the_case_and_can_be_put_in_other_words(clinic, case):
    box, given = clinic.outbox("alice"), {"team": clinic.team, "case": case, "question": "if-it-worked"}
    socratic.answer(box, **given, body="He would have to move out")
    clinic.synced()
    (first,) = socratic.answers(clinic.as_("alice"), case=case)
    assert (first.slot, first.body, first.shared) == ("if-it-worked", "He would have to move out", False)
    assert socratic.answers(clinic.as_("sue"), case=case) == []
    socratic.answer(box, **given, body="He would be alone", known=first, share=True)
    clinic.synced()
    (second,) = socratic.answers(clinic.as_("sue"), case=case)
    assert (second.body, second.version) == ("He would be alone", 2)
    socratic.answer(box, **given, body="", known=second)
    clinic.synced()
    (gone,) = socratic.answers(clinic.as_("alice"), case=case)
    assert gone.body == ""


def test_an_answer_from_another_device_is_not_written_over(clinic, case):
    box, given = clinic.outbox("alice"), {"team": clinic.team, "case": case, "question": "safe-from"}
    socratic.answer(box, **given, body="from the laptop")
    clinic.synced()
    late = socratic.answer(box, **given, body="from the phone")
    clinic.synced()
    parked = box.find(late.op_id)
    assert (parked.state, parked.params["body"]) == ("parked", "from the phone")
    assert [text.body for text in socratic.answers(clinic.as_("alice"), case=case)] == ["from the laptop"]
    box.discard(late.op_id)


@pytest.mark.parametrize(
    ("question", "body", "sentence"),
    [("never-asked", "x", "not in the ladder"), ("safe-from", "  ", "What came up"), ("safe-from", "x" * 2_001, "2,000 fit")],
)  # fmt: skip
def test_what_could_not_be_stored_is_a_sentence_at_once(clinic, question, body, sentence):
    with pytest.raises(Refused, match=sentence):
        socratic.answer(clinic.outbox("alice"), team=clinic.team, case=uuid4(), question=question, body=body)
