"""Scores and check-ins all the way: entered, corrected, read by whom they may be, and merged with what waits."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from services import cases, check_ins, measures, scores
from services.errors import Refused

ALL = {"goals": 7, "way_of_working": 6, "relationship": 9}


@pytest.fixture
def registry(clinic):
    return measures.registry(clinic.as_("alice"))


@pytest.fixture
def phq9(registry):
    return measures.named(registry, "PHQ-9")


@pytest.fixture
def case(clinic):
    op = cases.open(clinic.outbox("alice"), team=clinic.team, code=cases.new_code())
    clinic.synced()
    return UUID(op.entity)


@pytest.fixture
def mine(clinic, case):
    """Alice's scores of the case as somebody reads them."""

    def read(who: str = "alice"):
        return scores.of_case(clinic.as_(who), team=clinic.team, therapist=clinic.people["alice"], case=case)

    return read


def enter(clinic, case, measure, on_day, value, today, **more):
    return scores.enter(
        clinic.outbox("alice"), team=clinic.team, case=case, measure=measure, on_day=on_day, value=value, today=today, **more
    )  # fmt: skip


def test_a_score_is_read_by_its_therapist_and_the_supervisor_and_by_nobody_else(
    clinic, case, phq9, mine, today
):
    enter(clinic, case, phq9, today, 14, today)
    clinic.synced()
    assert [(s.measure, s.on_day, s.value, s.version) for s in mine()] == [("phq-9", today, 14, 1)]
    assert [len(mine(who)) for who in ("sue", "bob", "lee", "ada", "otto")] == [1, 0, 0, 0, 0]


def test_a_correction_builds_on_the_version_it_was_made_from(clinic, case, phq9, mine, today):
    enter(clinic, case, phq9, today, 14, today)
    clinic.synced()
    (there,) = mine()
    scores.amend(clinic.outbox("alice"), score=there, measure=phq9, value=12)
    clinic.synced()
    assert [(s.value, s.version) for s in mine()] == [(12, 2)]
    late = scores.amend(
        clinic.outbox("alice"), score=there, measure=phq9, value=10
    )  # from a page that is older
    clinic.synced()
    assert clinic.outbox("alice").find(late.op_id).state == "parked"
    clinic.outbox("alice").discard(late.op_id)
    assert [s.value for s in mine()] == [12]


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (None, "The score is missing"), (28, "PHQ-9 goes from 0 to 27"), (-1, "PHQ-9 goes from 0 to 27"), (12.5, "PHQ-9 goes in whole numbers"),
        (float("nan"), "PHQ-9 goes from 0 to 27"), (float("inf"), "PHQ-9 goes from 0 to 27"), (True, "The score is missing"),
    ],
)  # fmt: skip
def test_a_value_that_the_measure_cannot_give_is_refused(clinic, case, phq9, today, value, sentence):
    with pytest.raises(Refused, match=sentence):
        enter(clinic, case, phq9, today, value, today)
    one = scores.Score(uuid4(), case, phq9.id, phq9.slug, today, 5)
    with pytest.raises(Refused, match=sentence):
        scores.amend(clinic.outbox("alice"), score=one, measure=phq9, value=value)


@pytest.mark.parametrize(("value", "expected"), [(0, 0), (27.0, 27), (9, 9)])
def test_the_ends_of_the_range_are_within_it_and_whole_numbers_travel_whole(phq9, value, expected):
    found = measures.checked_score(phq9, value)
    assert (found, type(found)) == (expected, int)


def test_a_day_to_come_a_missing_measure_and_the_same_again_are_refused(clinic, case, phq9, today):
    there = scores.Score(uuid4(), case, phq9.id, phq9.slug, today, 5)
    for measure, day, known, sentence in (
        (None, today, [], "Please choose the measure"),
        (phq9, today + timedelta(days=2), [], "has not come yet"),
        (phq9, today, [there], "on that day already: 5. Correct that one, or choose another day"),
    ):
        with pytest.raises(Refused, match=sentence):
            enter(clinic, case, measure, day, 6, today, known=known)
    with pytest.raises(Refused, match="It is the same, so nothing needs saving"):
        enter(clinic, case, phq9, today, 5, today, known=[there])
    with pytest.raises(Refused, match="This is the score that is there"):
        scores.amend(clinic.outbox("alice"), score=there, measure=phq9, value=5.0)


def test_what_waits_is_among_the_others_and_counts_its_versions(
    clinic, clinic_vault, case, phq9, registry, mine, today
):
    slugs = {m.id: m.slug for m in registry}
    with clinic_vault.transaction():  # the worker cannot send before this ends
        enter(clinic, case, phq9, today, 14, today)
        box = clinic.outbox("alice")
        (new,) = scores.with_waiting([], box.waiting(), slugs=slugs)
        assert (new.measure, new.value, new.version, new.op is not None) == ("phq-9", 14, 1, True)
        scores.amend(box, score=new, measure=phq9, value=12)
        (new,) = scores.with_waiting([], box.waiting(), slugs=slugs)
        assert (new.value, new.version) == (12, 2)
        scores.amend(box, score=new, measure=phq9, value=11)
        waiting = box.waiting()
        assert [s.value for s in scores.with_waiting([], waiting, slugs=slugs)] == [11]
    clinic.synced()
    assert [(s.value, s.version) for s in mine()] == [(11, 3)]
    assert scores.with_waiting(mine(), waiting, slugs=slugs) == mine()  # seen twice, shown once


def test_more_scores_than_one_answer_holds_are_all_read_in_their_order(clinic, case, phq9, sql, mine):
    sql.execute(
        "insert into public.scores (therapist_id, id, team_id, case_id, measure_id, on_day, value)"
        " select %s, gen_random_uuid(), %s, %s, %s, date '2020-01-01' + n, n %% 28 from generate_series(1, 1203) n",
        (clinic.people["alice"], clinic.team, case, phq9.id),
    )
    found = mine()
    assert len({s.id for s in found}) == 1203
    assert [s.on_day for s in found] == sorted(s.on_day for s in found)
    assert list(scores.frame(found, "phq-9").columns) == ["on_day", "value"]
    assert scores.points(found, "gad-7") == []


def test_a_clinics_own_measure_takes_the_place_of_the_shipped_one_and_old_scores_stay_in_line(
    clinic, case, phq9, mine, today, sql
):
    enter(clinic, case, phq9, today - timedelta(days=7), 14, today)
    own = measures.add(
        clinic.as_("ada"), team=clinic.team, slug="phq-9", name="PHQ-9", lowest=0, highest=27, direction="lower_is_better",
        reliable_change=5.2, reliable_basis="computed", source="SD and reliability of our own intake, 2025",
    )  # fmt: skip
    try:
        registry = measures.registry(clinic.as_("alice"))
        assert [m.id for m in registry if m.slug == "phq-9"] == [own.id]
        enter(clinic, case, measures.named(registry, "phq 9"), today, 9, today)
        clinic.synced()
        assert scores.points(mine(), "phq-9") == [(today - timedelta(days=7), 14), (today, 9)]
        assert [m.id for m in measures.registry(clinic.as_("otto")) if m.slug == "phq-9"] == [own.id]
        measures.edit(
            clinic.as_("ada"), measure=own.id, name="PHQ-9", lowest=0, highest=27, direction="lower_is_better", active=False
        )  # fmt: skip
        off = next(m for m in measures.registry(clinic.as_("alice")) if m.slug == "phq-9")
        assert (off.active, off.reliable_change) == (False, None)
        assert off not in measures.offered(measures.registry(clinic.as_("alice")))
    finally:  # other tests of this clinic score the shipped one
        sql.execute("delete from public.scores where measure_id = %s", (own.id,))
        sql.execute("delete from public.measures where id = %s", (own.id,))


def test_a_check_in_keeps_the_guess_for_its_author_alone(clinic, case, today):
    check_ins.enter(
        clinic.outbox("alice"), team=clinic.team, case=case, on_day=today, answers=ALL, guess={"goals": 9}, today=today
    )  # fmt: skip
    clinic.synced()

    def read(who):
        return check_ins.of_case(
            clinic.as_(who), team=clinic.team, therapist=clinic.people["alice"], case=case
        )

    (own,) = read("alice")
    assert (own.answers, own.total) == (ALL, 22)
    assert own.guess == {"goals": 9, "way_of_working": None, "relationship": None}
    (seen,) = read("sue")
    assert (seen.answers, seen.guess) == (ALL, {})
    assert [read(who) for who in ("bob", "lee", "ada", "otto")] == [[], [], [], []]


@pytest.mark.parametrize("answers", [{}, {"goals": None}])
def test_a_check_in_needs_an_answer_of_the_clients(clinic, case, today, answers):
    with pytest.raises(Refused, match="None of the three has an answer"):
        check_ins.enter(
            clinic.outbox("alice"), team=clinic.team, case=case, on_day=today, answers=answers, guess=ALL, today=today
        )  # fmt: skip


@pytest.mark.parametrize("value", [-1, 11, 5.5, True])
def test_an_answer_and_a_guess_go_from_0_to_10(clinic, case, today, value):
    for given, guess in (({"goals": value}, {}), (ALL, {"goals": value})):
        with pytest.raises(Refused, match="goes from 0 to 10"):
            check_ins.enter(
                clinic.outbox("alice"), team=clinic.team, case=case, on_day=today, answers=given, guess=guess, today=today
            )  # fmt: skip


def test_only_complete_check_ins_have_a_sum_and_waiting_ones_are_among_them(
    clinic, clinic_vault, case, today
):
    box = clinic.outbox("alice")
    with clinic_vault.transaction():
        for answers, guess in ((ALL, ALL), ({"goals": 3}, None)):
            check_ins.enter(
                box, team=clinic.team, case=case, on_day=today, answers=answers, guess=guess, today=today
            )
        found = check_ins.with_waiting([], box.waiting())
        assert [each.total for each in found] == [22, None]
        assert [each.op is not None for each in found] == [True, True]
    assert check_ins.sums(found) == [(today, 22.0)]
    frame = check_ins.frame(found)
    assert list(frame["guessed_goals"]) == [7, None]
    assert list(frame["goals"]) == [7, 3]
    assert frame["on_day"][0] == date.today()
