"""Sessions, goals and between-session work, all the way: service → outbox → sync → database → whoever may read it."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import cases, goals, ids, sessions, tasks, texts, vocabulary
from services.errors import Refused
from services.sessions import Entry
from services.tasks import Look, Task

DAY = timedelta(days=1)
OTHERS = ("bob", "lee", "ada", "otto")


@pytest.fixture
def case(clinic):
    """A case of Alice's, in the database."""
    opened = cases.open(clinic.outbox("alice"), team=clinic.team, code=f"GT-{uuid4().int % 90_000 + 10_000}")
    clinic.synced()
    return UUID(opened.entity)


def entry(day: date | None, attendance: str | None = "attended", mode: str | None = "in_person") -> Entry:
    return Entry(day, attendance, mode, ids.new(), ids.new())


class Reads:
    """What somebody reads of Alice's case."""

    def __init__(self, clinic, case, who="alice"):
        self.who = {"therapist": clinic.people["alice"], "case": case}
        self.db = clinic.as_(who)

    def sessions(self):
        return sessions.of(self.db, **self.who)

    def goals(self):
        return goals.of(self.db, **self.who)

    def tasks(self):
        return tasks.of(self.db, **self.who)


def logged(clinic, case, *entered, first=1, today):
    return sessions.log(
        clinic.outbox("alice"),
        team=clinic.team,
        case=case,
        appointments=entered,
        first_number=first,
        today=today,
    )


# Sessions ------------------------------------------------------------------------------------------------------------


def test_several_sessions_at_once_are_numbered_in_the_order_of_their_days(clinic, case, today):
    ops = logged(clinic, case, entry(today), entry(today - 14 * DAY, "no_show"), entry(today - 7 * DAY, "late_cancel", "video"),
                 first=4, today=today)  # fmt: skip
    expected = [
        (6, today, "attended", "in_person"), (5, today - 7 * DAY, "late_cancel", "video"), (4, today - 14 * DAY, "no_show", "in_person"),
    ]  # fmt: skip
    seen = [(s.number, s.held_on, s.attendance, s.mode) for s in sessions.as_they_will_be([], ops, case=case)]
    assert seen == expected  # before the database has them
    clinic.synced()
    known = Reads(clinic, case).sessions()
    assert [(s.number, s.held_on, s.attendance, s.mode) for s in known] == expected
    assert sessions.next_number(known) == 7
    assert [s.number for s in Reads(clinic, case, "sue").sessions()] == [6, 5, 4]
    for other in OTHERS:
        assert Reads(clinic, case, other).sessions() == []
    (shown,) = [c for c in cases.in_team(clinic.as_("alice"), team=clinic.team) if c.id == case]
    assert (shown.sessions_attended, shown.last_session_number, shown.last_session_on) == (1, 6, today)
    assert sessions.next_number([], shown) == 7


def test_the_same_entries_sent_twice_are_one(clinic, case, today):
    one = entry(today)
    logged(clinic, case, one, today=today)
    logged(clinic, case, one, today=today)
    clinic.synced()
    assert len(Reads(clinic, case).sessions()) == 1


@pytest.mark.parametrize(
    ("entered", "first", "sentence"),
    [
        ([], 1, "no session to save yet"),
        ([entry(None)], 1, "The day is missing"),
        ([entry(date(2999, 1, 1))], 1, "has not come yet"),
        ([entry(date(2026, 1, 1)), entry(None)], 1, "The day of session 2 is missing"),
        ([entry(date(2026, 1, 1), None)], 1, "whether it took place"),
        ([entry(date(2026, 1, 1), "attended", None)], 1, "how you met"),
        ([entry(date(2026, 1, 1))], 0, "goes from 1 to 999"),
        ([entry(date(2026, 1, 1))], None, "number of the first session is missing"),
        ([entry(date(2026, 1, 1)), entry(date(2026, 1, 2))], 999, "goes up to 999"),
    ],
)
def test_a_session_that_could_not_be_stored_is_refused_and_none_of_them_kept(
    clinic, case, entered, first, sentence
):
    with pytest.raises(Refused, match=sentence):
        logged(clinic, case, *entered, first=first, today=date(2026, 11, 25))
    assert [op for op in clinic.outbox("alice").waiting() if op.params.get("case") == str(case)] == []


def test_a_session_is_corrected_and_shows_it_at_once(clinic, case, today):
    logged(clinic, case, entry(today), today=today)
    clinic.synced()
    (session,) = Reads(clinic, case).sessions()
    op = sessions.amend(
        clinic.outbox("alice"), session=session, case=case, number=9, held_on=today - DAY, attendance="no_show", mode="phone", today=today
    )  # fmt: skip
    (seen,) = sessions.as_they_will_be([session], [op], case=case)
    assert (seen.number, seen.attendance, seen.op) == (9, "no_show", op.op_id)
    clinic.synced()
    (now,) = Reads(clinic, case).sessions()
    assert (now.number, now.held_on, now.attendance, now.mode) == (9, today - DAY, "no_show", "phone")
    with pytest.raises(Refused, match="number of the session is missing"):
        sessions.amend(clinic.outbox("alice"), session=now, case=case, number=None, held_on=today, attendance="attended", mode="phone", today=today)  # fmt: skip


def test_what_waits_for_another_case_is_not_among_them(clinic, case, today):
    ops = logged(clinic, case, entry(today), today=today)
    assert sessions.as_they_will_be([], ops, case=uuid4()) == []
    clinic.synced()


# Goals ---------------------------------------------------------------------------------------------------------------


def goal_of(clinic, case, today, **more):
    given = {"wording": "To drive again", "set_by": "together", "importance": 8, "set_on": today - 30 * DAY}
    op = goals.set(clinic.outbox("alice"), team=clinic.team, case=case, today=today, **given | more)
    (seen,) = goals.as_they_will_be([], [op], case=case)
    clinic.synced()
    known = next(g for g in Reads(clinic, case).goals() if str(g.id) == op.entity)
    assert seen == known  # what its author saw before the database had it
    return known


def test_a_goal_is_read_by_the_supervisor_its_words_only_once_shared(clinic, case, today):
    goal = goal_of(clinic, case, today)
    assert (goal.set_by, goal.importance, goal.state, goal.wording.body) == (
        "together",
        8,
        "open",
        "To drive again",
    )
    (hers,) = Reads(clinic, case, "sue").goals()
    assert (hers.set_by, hers.importance, hers.wording) == ("together", 8, None)
    for other in OTHERS:
        assert Reads(clinic, case, other).goals() == []
    texts.share(clinic.outbox("alice"), text=goal.wording, case=case)
    clinic.synced()
    assert Reads(clinic, case, "sue").goals()[0].wording.body == "To drive again"


def test_progress_says_when_a_goal_was_last_reviewed(clinic, case, today):
    goal = goal_of(clinic, case, today)
    assert goal.last_reviewed is None
    box = clinic.outbox("alice")
    ops = [
        goals.record(
            box,
            goal=goal,
            team=clinic.team,
            case=case,
            progress=value,
            on_day=today - days * DAY,
            today=today,
        )
        for value, days in ((4, 0), (2, 20))
    ]
    (seen,) = goals.as_they_will_be([goal], ops, case=case)
    assert seen.progress == ((today - 20 * DAY, 2), (today, 4))
    clinic.synced()
    (known,) = Reads(clinic, case).goals()
    assert known.progress == seen.progress
    assert known.last_reviewed == today
    assert goals.as_they_will_be([known], ops, case=case) == [known]  # not counted twice
    frame = goals.progress_of([known])
    assert frame.values.tolist() == [
        ["1 To drive again", today - 20 * DAY, 2],
        ["1 To drive again", today, 4],
    ]


def test_a_goal_changes_and_ends(clinic, case, today):
    goal = goal_of(clinic, case, today)
    op = goals.amend(
        clinic.outbox("alice"), goal=goal, case=case, set_by="client", importance=None, state="reached"
    )
    (seen,) = goals.as_they_will_be([goal], [op], case=case)
    clinic.synced()
    assert Reads(clinic, case).goals() == [seen]
    assert (seen.set_by, seen.importance, seen.state) == ("client", None, "reached")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"wording": "  "}, "no words yet"),
        ({"wording": "x" * 301}, "The goal has 301 characters; 300 fit"),
        ({"set_by": None}, "whose goal it is"),
        ({"set_by": "mother"}, "is not one of the choices"),
        ({"importance": 11}, "goes from 0 to 10"),
        ({"set_on": date(2999, 1, 1)}, "has not come yet"),
    ],
)
def test_a_goal_that_could_not_be_stored_is_refused(clinic, case, today, given, sentence):
    with pytest.raises(Refused, match=sentence):
        goal_of(clinic, case, today, **given)


@pytest.mark.parametrize(
    ("progress", "days", "sentence"),
    [(None, 0, "is missing"), (11, 0, "goes from 0 to 10"), (3, 31, "lies before the goal was set")],
)
def test_progress_that_could_not_be_stored_is_refused(clinic, today, progress, days, sentence):
    goal = goals.Goal(uuid4(), "client", today - 30 * DAY)
    with pytest.raises(Refused, match=sentence):
        goals.record(clinic.outbox("alice"), goal=goal, team=clinic.team, case=uuid4(), progress=progress, on_day=today - days * DAY, today=today)  # fmt: skip


def test_a_goal_that_may_not_be_read_has_a_number(today):
    assert goals.named(goals.Goal(uuid4(), "client", today), 2) == "Goal 2"


# Between-session work ------------------------------------------------------------------------------------------------


def task_of(clinic, case, today, **more):
    given = {
        "wording": "Sit in the parked car",
        "proposed_by": "therapist",
        "importance": 3,
        "given_on": today - 30 * DAY,
    }
    op = tasks.give(clinic.outbox("alice"), team=clinic.team, case=case, today=today, **given | more)
    (seen,) = tasks.as_they_will_be([], [op], case=case)
    clinic.synced()
    known = next(t for t in Reads(clinic, case).tasks() if str(t.id) == op.entity)
    assert seen == known
    return known


def looked(clinic, case, task, today, *done: str, **more):
    return [
        tasks.check(
            clinic.outbox("alice"), task=task, team=clinic.team, case=case, done=each, on_day=today - (len(done) - place) * DAY, today=today,
            **more,
        )
        for place, each in enumerate(done)
    ]  # fmt: skip


def test_a_task_keeps_who_proposed_it_and_what_became_of_it(clinic, case, today):
    goal = goal_of(clinic, case, today)
    task = task_of(clinic, case, today, goal=goal.id, agreed=False)
    assert (task.proposed_by, task.importance, task.agreed, task.goal) == ("therapist", 3, False, goal.id)
    ops = looked(clinic, case, task, today, "none", looked_at=True, obstacle="The car was away")
    (seen,) = tasks.as_they_will_be([task], ops, case=case)
    clinic.synced()
    (known,) = Reads(clinic, case).tasks()
    assert known == seen
    assert (known.looks[0].done, known.looks[0].looked_at, known.looks[0].obstacle.body) == (
        "none",
        True,
        "The car was away",
    )
    assert tasks.as_they_will_be([known], ops, case=case) == [known]
    (hers,) = Reads(clinic, case, "sue").tasks()
    assert (hers.wording, hers.looks[0].done, hers.looks[0].obstacle) == (None, "none", None)
    for other in OTHERS:
        assert Reads(clinic, case, other).tasks() == []


def test_an_obstacle_shared_when_it_is_written_is_read_by_the_supervisor(clinic, case, today):
    task = task_of(clinic, case, today, share_wording=True)
    looked(clinic, case, task, today, "a_little", obstacle="No time", share_obstacle=True)
    clinic.synced()
    (hers,) = Reads(clinic, case, "sue").tasks()
    assert (hers.wording.body, hers.looks[0].obstacle.body) == ("Sit in the parked car", "No time")


def test_an_obstacle_is_shared_later_and_taken_back_even_while_the_look_is_on_its_way(clinic, case, today):
    task = task_of(clinic, case, today)
    box = clinic.outbox("alice")
    saved = looked(clinic, case, task, today, "a_little", obstacle="No time")
    look = saved[0]
    for shared in (True, False, True):
        (seen,) = tasks.as_they_will_be([task], saved, case=case)
        saved.append(texts.share(box, text=seen.looks[0].obstacle, case=case, shared=shared, after=[task.id]))
        if shared:
            clinic.synced()
            (task,) = Reads(clinic, case).tasks()
            (hers,) = Reads(clinic, case, "sue").tasks()
            assert hers.looks[0].obstacle.body == "No time"
    assert task.looks[0].obstacle.version == 4
    assert look.op_id == str(task.looks[0].id)
    assert box.parked() == []


def test_left_undone_three_times_it_asks_whose_task_it_is(clinic, case, today):
    task = task_of(clinic, case, today)
    ops = looked(clinic, case, task, today, "none", "none")
    assert not tasks.as_they_will_be([task], ops, case=case)[0].asks_about_agenda
    looked(clinic, case, task, today, "none")
    clinic.synced()
    (known,) = Reads(clinic, case).tasks()
    assert known.asks_about_agenda
    op = tasks.amend(
        clinic.outbox("alice"),
        task=known,
        case=case,
        proposed_by="therapist",
        importance=2,
        agreed=True,
        state="dropped",
    )
    (seen,) = tasks.as_they_will_be([known], [op], case=case)
    assert not seen.asks_about_agenda  # it is off the list
    clinic.synced()
    assert Reads(clinic, case).tasks() == [seen]


def a_task(*done: str, **more) -> Task:
    looks = tuple(Look(uuid4(), date(2026, 1, 1) + place * DAY, each) for place, each in enumerate(done))
    return Task(uuid4(), "client", date(2026, 1, 1), looks=looks, **more)


@pytest.mark.parametrize(
    ("done", "asks"),
    [
        (["none"] * 3, True),
        (["none"] * 2, False),
        (["none", "a_little", "none", "none"], True),
        (["none", "none", "most", "none"], False),
        (["none", "none", "something_else", "none"], False),
        (["none", "none", "none", "all"], False),
        (["all", "none", "none", "none"], True),
        ([], False),
    ],
)
def test_what_counts_as_left_undone(done, asks):
    assert a_task(*done).asks_about_agenda is asks
    assert not a_task(*done, state="finished").asks_about_agenda


@given(st.lists(st.sampled_from(list(vocabulary.TASK_DONE)), max_size=30))
def test_looks_at_undone_work_count_up_and_begin_anew_once_it_is_done(done):
    times = [a_task(*done[: place + 1]).times_undone for place in range(len(done))]
    for before, now, answer in zip([0, *times], times, done, strict=False):
        assert now == {"none": before + 1, "a_little": before}.get(answer, 0)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(list(vocabulary.PROPOSERS)), st.lists(st.sampled_from(list(vocabulary.TASK_DONE)))
        )
    )
)
def test_completion_counts_every_look_once_under_who_proposed_it(given_tasks):
    known = [
        Task(uuid4(), proposer, date(2026, 1, 1), looks=a_task(*done).looks) for proposer, done in given_tasks
    ]
    frame = tasks.completion(known)
    assert frame["n"].sum() == sum(len(done) for _, done in given_tasks)
    for proposer in vocabulary.PROPOSERS:
        of_them = frame[frame["proposer"] == proposer]
        assert of_them["n"].sum() == sum(len(done) for who, done in given_tasks if who == proposer)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"wording": ""}, "no words yet"),
        ({"proposed_by": None}, "who proposed it"),
        ({"importance": -1}, "goes from 0 to 10"),
        ({"given_on": None}, "is missing"),
    ],
)
def test_a_task_that_could_not_be_stored_is_refused(clinic, case, today, given, sentence):
    with pytest.raises(Refused, match=sentence):
        task_of(clinic, case, today, **given)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"done": None}, "how much of it was done"),
        ({"done": "all", "obstacle": "x" * 301}, "What got in the way has 301"),
        ({"done": "all", "days": 31}, "lies before the task was given"),
    ],
)
def test_a_look_that_could_not_be_stored_is_refused(clinic, today, given, sentence):
    task = Task(uuid4(), "client", today - 30 * DAY)
    day = today - given.pop("days", 0) * DAY
    with pytest.raises(Refused, match=sentence):
        tasks.check(
            clinic.outbox("alice"),
            task=task,
            team=clinic.team,
            case=uuid4(),
            on_day=day,
            today=today,
            **given,
        )
