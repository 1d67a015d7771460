"""The same fact corrected on two devices: the second one does not overwrite what it has not seen, and its author chooses."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest

from services import cases, check_ins, goals, ids, parked, questions, sessions, tasks
from services.sessions import Entry


def only(found: list):
    (one,) = found
    return one


@pytest.fixture(scope="module")
def case(clinic) -> UUID:
    case = UUID(cases.open(clinic.outbox("alice"), team=clinic.team, code="TWO-11").entity)
    today = date.today()
    here = {"team": clinic.team, "case": case, "today": today}
    box = clinic.outbox("alice")
    sessions.log(
        box,
        team=clinic.team,
        case=case,
        appointments=[Entry(today, "attended", "video", ids.new(), ids.new())],
        first_number=1,
        today=today,
    )
    check_ins.enter(box, team=clinic.team, case=case, on_day=today, answers={"goals": 7}, guess={"relationship": 3}, today=today)  # fmt: skip
    goals.set(box, **here, wording="to sleep", set_by="client", set_on=today)
    tasks.give(box, **here, wording="a diary", proposed_by="therapist", given_on=today)
    questions.ask(box, team=clinic.team, case=case, moment="m", question="q", asked_on=today, today=today)
    clinic.synced()
    return case


def reads(clinic, case: UUID) -> dict[str, Callable]:
    asked = {"therapist": clinic.people["alice"], "case": case}
    return {
        "session.amend": lambda: only(sessions.of(clinic.as_("alice"), **asked)),
        "check_in.amend": lambda: only(check_ins.of_case(clinic.as_("alice"), team=clinic.team, **asked)),
        "goal.amend": lambda: only(goals.of(clinic.as_("alice"), **asked)),
        "task.amend": lambda: only(tasks.of(clinic.as_("alice"), **asked)),
        "question.amend": lambda: only(questions.of_case(clinic.as_("alice"), team=clinic.team, **asked)),
    }


def amends(clinic, case: UUID, kind: str, seen, place: int):
    """A correction by the device that last saw `seen`; the first and the second one differ."""
    box, today = clinic.outbox("alice"), date.today()
    match kind:
        case "session.amend":
            held_on = today - timedelta(days=place)
            return sessions.amend(box, session=seen, case=case, number=1 + place, held_on=held_on, attendance="no_show", mode="video", today=today)  # fmt: skip
        case "check_in.amend":
            return check_ins.amend(
                box, check_in=seen, case=case, on_day=today - timedelta(days=place), answers={"relationship": place},
                guess={"goals": place}, today=today,
            )  # fmt: skip
        case "goal.amend":
            return goals.amend(box, goal=seen, case=case, set_by="together", importance=place, state="open")
        case "task.amend":
            return tasks.amend(
                box, task=seen, case=case, proposed_by="client", importance=place, agreed=True, state="open"
            )
        case "question.amend":
            return questions.amend(box, question=seen, moment=f"moment {place}", wording=f"question {place}")


@pytest.mark.parametrize(
    "kind", ["session.amend", "check_in.amend", "goal.amend", "task.amend", "question.amend"]
)
def test_the_second_device_is_asked_and_both_versions_are_there(clinic, case, kind):
    box, now = clinic.outbox("alice"), reads(clinic, case)[kind]
    seen = now()
    amends(clinic, case, kind, seen, 1)
    clinic.synced()
    first = now()
    late = amends(clinic, case, kind, seen, 2)
    clinic.synced()
    assert now() == first != seen
    waits = only([op for op in box.parked() if op.op_id == late.op_id])
    assert parked.changed_elsewhere(waits)
    stands = parked.standing(clinic.as_("alice"), waits, owner=str(clinic.people["alice"]))
    box.retry(waits.op_id, parked.in_its_place(waits, stands))
    clinic.synced()
    assert [op for op in box.parked() if op.kind == kind] == []
    assert now() not in (first, seen)


def test_a_correction_on_top_of_ones_own_earlier_one_is_no_conflict(clinic, case):
    box, now = clinic.outbox("alice"), reads(clinic, case)["session.amend"]
    known = [now()]
    first = amends(clinic, case, "session.amend", only(known), 5)
    shown = only(sessions.as_they_will_be(known, [first], case=case))
    amends(clinic, case, "session.amend", shown, 6)
    clinic.synced()
    assert box.parked() == []
    assert now().number == 7
