"""Any open case of a team found by its code: of five and of five thousand."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services import case_search


@pytest.fixture(scope="module")
def thousands(clinic, sql):
    """5,000 more cases of Alice's, and one each that nobody is to find: closed, of another team, of somebody who has left."""
    alice, bob = clinic.people["alice"], clinic.people["bob"]
    made = "insert into public.cases (therapist_id, id, team_id, code, state) values (%s, %s, %s, %s, %s)"
    sql.execute(
        "insert into public.cases (therapist_id, id, team_id, code) select %s, gen_random_uuid(), %s, 'SR-' || to_char(n, 'FM0000') from generate_series(1, 5000) n",
        (alice, clinic.team),
    )  # fmt: skip
    sql.execute(made, (alice, uuid4(), clinic.team, "SR-9001", "closed"))
    sql.execute(made, (alice, uuid4(), clinic.team, "SR-9002", "paused"))
    sql.execute(made, (bob, uuid4(), clinic.team, "SR-0777", "active"))
    return clinic


def codes(clinic, code: str, today, person: str = "sue", **more) -> list[str]:
    return [one.code for one in case_search.open_cases(clinic.as_(person), team=clinic.team, today=today, code=code, **more)]  # fmt: skip


def test_a_part_of_the_code_finds_it_however_it_is_written(thousands, today):
    assert codes(thousands, "SR-4711", today) == ["SR-4711"]
    assert codes(thousands, " sr4711", today) == ["SR-4711"]
    assert codes(thousands, "r_4711", today) == ["SR-4711"]
    assert codes(thousands, "SR-0777", today) == ["SR-0777"] * 2  # one of each therapist


def test_no_more_come_than_were_asked_for_in_their_order(thousands, today):
    assert codes(thousands, "SR", today, limit=3) == ["SR-0001", "SR-0002", "SR-0003"]


def test_what_is_closed_is_not_found_and_what_rests_is(thousands, today):
    assert codes(thousands, "SR-900", today) == ["SR-9002"]


@pytest.mark.parametrize("typed", ["%", "_", "–", "'", "*", "(,)"])
def test_signs_alone_find_nothing(thousands, today, typed):
    assert codes(thousands, typed, today) == []


def test_only_of_those_who_are_therapists_of_the_team_on_the_day(thousands, today, sql):
    alice, ends = thousands.people["alice"], today + timedelta(days=30)
    sql.execute("update public.memberships set ends_on = %s where person_id = %s", (ends, alice))
    days = (today - timedelta(weeks=61), today, ends - timedelta(days=1), ends)
    assert [len(codes(thousands, "SR-4711", day)) for day in days] == [0, 1, 1, 0]
    sql.execute("update public.memberships set ends_on = null where person_id = %s", (alice,))


def test_a_therapist_finds_their_own_only(thousands, today):
    assert codes(thousands, "SR-0777", today, person="bob") == ["SR-0777"]


def test_cases_are_looked_up_by_what_they_are_as_well(thousands, today):
    (one,) = case_search.open_cases(thousands.as_("sue"), team=thousands.team, today=today, code="SR-4711")
    (same,) = case_search.open_cases(
        thousands.as_("sue"), team=thousands.team, today=today, among=[one.case, uuid4()]
    )
    assert same == one
    assert (one.therapist, one.points, one.kind, one.because[0]["why"]) == ("Alice", 0, "case", "supervisor")
