"""Supervision questions, all the way: asked, put in other words, withdrawn, and read by the supervisor until then."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from services import cases, episodes, questions, reflections
from services.errors import Refused
from services.questions import Question

SAID = {
    "moment": "She looked at the clock", "question": "What did I not hear?", "felt": "Sent away", "would_like": "To play it once more",
}  # fmt: skip


@pytest.fixture
def case(clinic):
    """A case of Alice's, in the database."""
    opened = cases.open(clinic.outbox("alice"), team=clinic.team, code=f"Q-{uuid4().int % 90_000 + 10_000}")
    clinic.synced()
    return UUID(opened.entity)


def of(clinic, case, who="alice") -> list[Question]:
    return questions.of_case(clinic.as_(who), team=clinic.team, therapist=clinic.people["alice"], case=case)


def asked(clinic, case, today, **more) -> Question:
    op = questions.ask(
        clinic.outbox("alice"), team=clinic.team, case=case, asked_on=today, today=today, **SAID | more
    )
    clinic.synced()
    return next(one for one in of(clinic, case) if str(one.id) == op.entity)


def test_a_question_is_for_the_next_meeting_and_its_supervisor_reads_all_of_it(clinic, case, today):
    question = asked(clinic, case, today)
    assert (question.moment, question.question, question.felt, question.would_like) == tuple(SAID.values())
    assert (question.state, question.asked_on, question.therapist) == ("open", today, "Alice")
    assert of(clinic, case, "sue") == [question]
    assert question in questions.open_in(clinic.as_("sue"), team=clinic.team)
    assert question in questions.open_in(
        clinic.as_("alice"), team=clinic.team, therapist=clinic.people["alice"]
    )
    assert question not in questions.open_in(
        clinic.as_("alice"), team=clinic.team, therapist=clinic.people["bob"]
    )
    for other in ("bob", "lee", "ada", "otto"):
        assert of(clinic, case, other) == []
        assert question not in questions.open_in(clinic.as_(other), team=clinic.team)


def test_withdrawn_it_is_its_authors_alone_and_can_be_brought_after_all(clinic, case, today):
    question = asked(clinic, case, today)
    questions.withdraw(clinic.outbox("alice"), question=question)
    clinic.synced()
    assert of(clinic, case, "sue") == []
    (mine,) = of(clinic, case)
    assert mine.state == "withdrawn"
    assert mine not in questions.open_in(clinic.as_("alice"), team=clinic.team)
    questions.bring_again(clinic.outbox("alice"), question=mine)
    clinic.synced()
    assert of(clinic, case, "sue") == [question]


def test_it_can_be_put_in_other_words(clinic, case, today):
    question = asked(clinic, case, today)
    questions.amend(clinic.outbox("alice"), question=question, moment="He laughed", wording="Was it at me?")
    clinic.synced()
    (now,) = of(clinic, case, "sue")
    assert (now.moment, now.question, now.felt, now.would_like) == ("He laughed", "Was it at me?", "", "")


def test_it_can_come_from_an_episode_and_from_a_reflection_that_are_still_on_their_way(clinic, case, today):
    box, me = clinic.outbox("alice"), clinic.people["alice"]
    week = today - timedelta(weeks=37)  # one that no other test hands in
    episode = episodes.log(box, team=clinic.team, case=case, happened_on=today, kind="stalled", today=today)
    handed = reflections.hand_in(
        box, therapist=me, team=clinic.team, week=week, ratings={1: 1}, behaviours=[], parts={}, based_on=0, today=today
    )  # fmt: skip
    one = asked(clinic, case, today, episode=UUID(episode.entity))
    other = asked(clinic, case, today, reflection=UUID(handed.entity))
    assert (str(one.episode), str(other.reflection)) == (episode.entity, handed.entity)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"moment": " "}, "Which moment"),
        ({"question": ""}, "What would you like to ask"),
        ({"moment": "x" * 1_001}, "1,000 fit"),
        ({"question": "x" * 501}, "500 fit"),
        ({"felt": "x" * 501}, "What you felt"),
        ({"would_like": "x" * 501}, "What you would like"),
        ({"asked_on": date(2999, 1, 1)}, "has not come yet"),
    ],
)
def test_what_could_not_be_stored_is_a_sentence_at_once(clinic, today, wrong, sentence):
    with pytest.raises(Refused, match=sentence):
        questions.ask(
            clinic.outbox("alice"), team=clinic.team, case=uuid4(), today=today, **SAID | {"asked_on": today} | wrong
        )  # fmt: skip
    assert clinic.outbox("alice").status().waiting == 0
