"""The proposal of an agenda: it fits the time, a choice comes before a flag, everybody before anybody twice, and its points add up."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as some

from services import agenda
from services.agenda import Candidate, Candidates, Matter, Turn

PEOPLE = [UUID(int=number) for number in range(1, 13)]


ROOMS = Matter(UUID(int=7), "Rooms", 7)


def points(*of: int) -> tuple[dict, ...]:
    return tuple({"why": "flag", "rule": "R1", "points": one} for one in of)


@some.composite
def cases(draw, most: int = 24) -> tuple[Candidate, ...]:
    """Any cases of up to twelve therapists, each of whom has waited for some weeks."""
    waited = dict(zip(PEOPLE, draw(some.lists(some.none() | some.integers(0, 9), min_size=12, max_size=12)), strict=True))  # fmt: skip
    one = some.tuples(some.sampled_from(PEOPLE), some.lists(some.integers(0, 6), max_size=3), some.booleans(), some.booleans())  # fmt: skip
    found = []
    for number, (who, of, asked, strained) in enumerate(draw(some.lists(one, max_size=most))):
        case = Candidate(who, "", UUID(int=1000 + number), f"C-{number:04}", points(*of), waited=waited[who])
        question = UUID(int=5000 + number) if asked else None
        rupture = UUID(int=9000 + number) if strained else None
        found.append(replace(case, question_id=question, rupture=rupture))
    return tuple(found)


@given(cases(), some.integers(15, 240), some.integers(0, 3))
def test_a_proposal_keeps_to_the_time_and_gives_each_case_ten_minutes_at_least(found, minutes, follow_ups):
    proposed = agenda.compose(Candidates(found, follow_ups=follow_ups), minutes=minutes)
    assert sum(one.minutes for one in proposed.items) <= minutes
    assert all(one.minutes >= agenda.LEAST for one in proposed.items if one.candidate)


@given(cases(), some.integers(15, 240), some.integers(0, 3))
def test_no_case_waits_that_would_have_fitted_and_each_is_there_once(found, minutes, follow_ups):
    proposed = agenda.compose(Candidates(found, follow_ups=follow_ups), minutes=minutes)
    on = [one.candidate for one in proposed.items if one.candidate]
    assert sorted(one.code for one in (*on, *proposed.next_in_line)) == [one.code for one in found]
    framed = agenda.SHORT * sum(one.candidate is None for one in proposed.items)
    if proposed.next_in_line:
        assert minutes - framed < agenda.LEAST * (len(on) + 1)


@given(cases())
def test_what_a_therapist_chose_comes_before_any_flag_of_theirs(found):
    order = agenda.in_order(found)
    for who in PEOPLE:
        theirs = [one.chosen for one in order if one.therapist_id == who]
        assert theirs == sorted(theirs, reverse=True)


@given(cases())
def test_nobody_comes_twice_before_everybody_has_come_once(found):
    had: Counter[UUID] = Counter()
    total = Counter(one.therapist_id for one in found)
    for one in agenda.in_order(found):
        waiting = [had[who] for who in total if had[who] < total[who]]
        assert had[one.therapist_id] == min(waiting)
        had[one.therapist_id] += 1


@given(cases(), some.randoms())
def test_the_order_does_not_depend_on_the_order_they_come_in(found, chance):
    mixed = list(found)
    chance.shuffle(mixed)
    assert agenda.in_order(mixed) == agenda.in_order(found)


@given(cases())
def test_within_a_round_points_decide_once_everybody_has_had_a_turn_lately(found):
    lately = [replace(one, waited=1) for one in found]
    seen: Counter[UUID] = Counter()
    rounds: dict[int, list[int]] = {}
    for one in agenda.in_order(lately):
        rounds.setdefault(seen[one.therapist_id], []).append(one.points)
        seen[one.therapist_id] += 1
    assert all(each == sorted(each, reverse=True) for each in rounds.values())


@settings(max_examples=40)
@given(
    some.integers(2, 12),
    some.lists(some.integers(0, 15), min_size=12, max_size=12),
    some.sets(some.sampled_from(PEOPLE)),
)
def test_over_the_weeks_everybody_with_something_to_bring_gets_a_turn(many, weights, askers):
    people, last = PEOPLE[:many], dict.fromkeys(PEOPLE[:many])
    for week in count():
        found = tuple(
            Candidate(
                who, "", UUID(int=1000 + place), f"C-{place}", points(weights[place], min(4, week - last[who] if last[who] is not None else 4)),
                question_id=UUID(int=5) if who in askers else None, waited=None if last[who] is None else week - last[who],
            )
            for place, who in enumerate(people)
        )  # fmt: skip
        for one in agenda.compose(Candidates(found, follow_ups=1)).items:
            if one.candidate:
                last[one.candidate.therapist_id] = week
        if None not in last.values():
            break
        assert week < 4, "four cases a week: twelve people have all had a turn by the fourth week"


def test_an_hour_with_last_times_actions_holds_four_cases_of_eleven_minutes():
    found = tuple(Candidate(who, "", UUID(int=99 + who.int), "", points(who.int)) for who in PEOPLE[:6])
    proposed = agenda.compose(Candidates(found, follow_ups=2))
    assert [(one.kind, one.minutes) for one in proposed.items] == [
        ("follow_ups", 5), ("case", 11), ("case", 11), ("case", 11), ("case", 11), ("theme", 5), ("went_well", 5),
    ]  # fmt: skip
    assert [one.points for one in proposed.next_in_line] == [2, 1]


def test_with_nothing_to_bring_there_is_still_a_theme_and_what_went_well():
    assert [one.kind for one in agenda.compose(Candidates()).items] == ["theme", "went_well"]


def test_in_a_quarter_of_an_hour_the_case_comes_before_the_theme():
    one = Candidate(PEOPLE[0], "", UUID(int=1), "")
    kinds = [each.kind for each in agenda.compose(Candidates((one,), follow_ups=1), minutes=15).items]
    assert kinds == ["follow_ups", "case"]


def test_one_case_is_one_item_whatever_speaks_for_it():
    case = Candidate(PEOPLE[0], "", UUID(int=1), "", question_id=UUID(int=2), rupture=UUID(int=3))
    assert case.kind == "question"
    assert replace(case, question_id=None).kind == "rupture"
    assert replace(case, question_id=None, rupture=None).kind == "case"


def row(**more: object) -> dict:
    return {
        "therapist_id": str(PEOPLE[0]), "therapist": "Alice", "case_id": str(UUID(int=7)), "code": "C-1", "question_id": None, "question": None,
        "moment": None, "rupture_id": None, "rupture_kind": None, "rupture_days": None, "discussed_on": None, "because": [], **more,
    }  # fmt: skip


def test_candidates_are_read_with_what_was_asked_counted_and_the_weeks_waited():
    day = date(2026, 11, 25)
    told = {
        "last_on": "2026-11-18", "follow_ups": [{"id": "x"}],
        "cases": [row(question_id=str(UUID(int=5)), because=[{"why": "chosen", "points": None}, {"why": "turn", "weeks": 3, "points": 3}])],
        "turns": [{"therapist_id": str(PEOPLE[0]), "therapist": "Alice", "last_on": str(day - timedelta(weeks=3)), "turns": 2}],
    }  # fmt: skip
    found = agenda.Candidates.from_row(told, day)
    assert (found.cases[0].points, found.cases[0].waited, found.follow_ups) == (agenda.ASKED + 3, 3, 1)
    assert found.turns == (Turn(PEOPLE[0], "Alice", day - timedelta(weeks=3), 2),)
    assert found.find(UUID(int=7)) == found.cases[0]
    assert found.find(UUID(int=8)) is None


def test_a_matter_that_was_carried_over_is_proposed_where_a_case_keeps_its_ten_minutes():
    case = Candidate(PEOPLE[0], "", UUID(int=1), "C-0001", points(3))

    def items(found: Candidates, minutes: int) -> list[tuple[str, int]]:
        return [(one.kind, one.minutes) for one in agenda.compose(found, minutes=minutes).items]

    assert items(Candidates((case,), own=(ROOMS,)), 60) == [
        ("case", 20),
        ("own", 7),
        ("theme", 5),
        ("went_well", 5),
    ]
    assert items(Candidates((case,), own=(ROOMS,)), 26) == [("case", 16), ("theme", 5), ("went_well", 5)]
    assert items(Candidates(own=(ROOMS,)), 17) == [("own", 7), ("theme", 5), ("went_well", 5)]
