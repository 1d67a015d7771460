"""The plan, all the way: what is tried, what a review says of it, and when the next one has come."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from services import cases, plans, texts
from services.cases import Case
from services.errors import Refused
from services.plans import Review, Strategy


@pytest.fixture
def case(clinic):
    """A case of Alice's, in the database."""
    opened = cases.open(clinic.outbox("alice"), team=clinic.team, code=f"P-{uuid4().int % 90_000 + 10_000}")
    clinic.synced()
    return UUID(opened.entity)


def tried(clinic, case, who="alice") -> list[Strategy]:
    return plans.strategies(clinic.as_(who), team=clinic.team, therapist=clinic.people["alice"], case=case)


def reviewed(clinic, case, who="alice") -> list[Review]:
    return plans.reviews(clinic.as_(who), team=clinic.team, therapist=clinic.people["alice"], case=case)


def started(clinic, case, today, wording="Slow down at the start", **more):
    return plans.start(
        clinic.outbox("alice"), team=clinic.team, case=case, wording=wording, today=today, **{"started_on": today} | more
    )  # fmt: skip


def test_a_review_can_be_saved_with_a_strategy_that_is_still_on_its_way(clinic, case, today):
    two = [UUID(started(clinic, case, today, words).entity) for words in ("Slow down", "Ask first")]
    later = today + timedelta(days=28)
    plans.review(
        clinic.outbox("alice"), team=clinic.team, case=case, verdicts={two[0]: "works", two[1]: "not"}, reviewed_on=today,
        today=today, next_review_on=later, adjustment="Ask less, wait more",
    )  # fmt: skip
    clinic.synced()
    assert [(s.wording.body, [v.verdict for v in s.verdicts]) for s in tried(clinic, case)] == [
        ("Slow down", ["works"]), ("Ask first", ["not"]),
    ]  # fmt: skip
    (review,) = reviewed(clinic, case)
    assert (review.reviewed_on, review.next_review_on, review.adjustment.body) == (
        today,
        later,
        "Ask less, wait more",
    )


def test_a_supervisor_sees_how_it_goes_and_reads_only_what_is_shared(clinic, case, today):
    mine, ours = (
        UUID(started(clinic, case, today, "mine").entity),
        UUID(started(clinic, case, today, "ours", share=True).entity),
    )
    plans.review(
        clinic.outbox("alice"), team=clinic.team, case=case, verdicts={mine: "partly", ours: "works"}, reviewed_on=today, today=today,
        adjustment="private",
    )  # fmt: skip
    clinic.synced()
    seen = {s.id: s for s in tried(clinic, case, "sue")}
    assert (seen[mine].wording, seen[mine].verdicts[0].verdict) == (None, "partly")
    assert seen[ours].wording.body == "ours"
    assert reviewed(clinic, case, "sue")[0].adjustment is None
    texts.share(clinic.outbox("alice"), text=reviewed(clinic, case)[0].adjustment, case=case)
    clinic.synced()
    assert reviewed(clinic, case, "sue")[0].adjustment.body == "private"
    assert tried(clinic, case, "bob") == reviewed(clinic, case, "otto") == []


def test_what_is_no_longer_tried_stays_on_record(clinic, case, today):
    started(clinic, case, today, started_on=today - timedelta(days=40))
    clinic.synced()
    (strategy,) = tried(clinic, case)
    plans.end(clinic.outbox("alice"), strategy=strategy, ended_on=today, today=today)
    clinic.synced()
    assert tried(clinic, case)[0].ended_on == today


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"verdicts": {}}, "say of one strategy"),
        ({"verdicts": {UUID(int=1): "brilliant"}}, "not one of the choices"),
        ({"verdicts": {UUID(int=1): None}}, "choose how it goes"),
        ({"reviewed_on": date(2999, 1, 1)}, "has not come yet"),
        ({"next_review_on": date(2020, 1, 1)}, "comes after this one"),
        ({"next_review_on": date(2999, 1, 1)}, "within ten years"),
        ({"adjustment": "x" * 1_001}, "1,000 fit"),
    ],
)
def test_a_review_that_could_not_be_stored_is_a_sentence_at_once(clinic, today, wrong, sentence):
    given = {"verdicts": {UUID(int=1): "works"}, "reviewed_on": today} | wrong
    with pytest.raises(Refused, match=sentence):
        plans.review(clinic.outbox("alice"), team=clinic.team, case=uuid4(), today=today, **given)
    assert clinic.outbox("alice").status().waiting == 0


def test_a_strategy_needs_words_and_ends_after_it_began(clinic, today):
    with pytest.raises(Refused, match="What would you like to try"):
        started(clinic, uuid4(), today, "  ")
    strategy = Strategy(uuid4(), uuid4(), today)
    with pytest.raises(Refused, match="before the first"):
        plans.end(clinic.outbox("alice"), strategy=strategy, ended_on=today - timedelta(days=1), today=today)


TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(("in_days", "due"), [(1, False), (0, True), (-1, True), (None, False)])
def test_a_review_is_due_from_its_day_on(in_days, due):
    case = Case(
        uuid4(), "C-1000", next_review_on=None if in_days is None else TODAY + timedelta(days=in_days)
    )
    assert plans.due([case], [], today=TODAY) == ([case] if due else [])


def test_the_longest_due_comes_first_and_one_reviewed_a_moment_ago_is_not_asked_for_again(clinic, today):
    first, second = (Case(uuid4(), f"C-100{n}", next_review_on=today - timedelta(days=n)) for n in (3, 9))
    assert plans.due([first, second], [], today=today) == [second, first]
    op = plans.review(
        clinic.outbox("bob"), team=clinic.team, case=second.id, verdicts={}, adjustment="x", reviewed_on=today, today=today
    )  # fmt: skip
    assert plans.due([first, second], [op], today=today) == [first]
    assert plans.due([replace(second, next_review_on=None)], [], today=today) == []
    clinic.synced()
    clinic.outbox("bob").discard(op.op_id)  # Bob has no such case
