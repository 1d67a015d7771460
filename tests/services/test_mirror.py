"""My mirror: what it adds up, whose it is, and what becomes of what is shared."""

import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

import pandas as pd
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.json import Jsonb
from supabase import Client

from services import mirror, vocabulary, weeks
from services.errors import NotAllowed, Refused
from services.mirror import Snapshot
from services.outbox import Outbox

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Work:
    """One therapist of a team of her own, who writes straight into the tables."""

    sql: psycopg.Connection
    db: Client
    me: UUID
    team: UUID
    today: date

    @property
    def monday(self) -> date:
        return weeks.monday(self.today)

    def add(self, table: str, **values: object) -> UUID:
        row = {"therapist_id": self.me, "team_id": self.team, "id": uuid4()} | values
        row = {name: Jsonb(v) if isinstance(v, dict) else v for name, v in row.items() if v is not ...}
        self.sql.execute(
            f"insert into public.{table} ({', '.join(row)}) values ({', '.join(['%s'] * len(row))})",
            list(row.values()),
        )
        return row.get("id")

    def case(self) -> UUID:
        return self.add("cases", code=f"M-{uuid4().int % 90000 + 10000}")

    def episode(
        self, case: UUID, day: date, *, ratings: dict[int, int | None] | None = None, **more: object
    ) -> UUID:
        episode = self.add("episodes", case_id=case, happened_on=day, kind="stalled", **more)
        for cause, rating in (ratings or {}).items():
            self.add("ratings", episode_id=episode, on_day=day, cause=cause, rating=rating)
        return episode

    def week(
        self,
        back: int,
        *,
        ratings: dict[int, int | None] | None = None,
        behaviours: tuple = (),
        **parts: object,
    ) -> UUID:
        monday = self.monday - weeks.WEEK * back
        reflection = self.add("reflections", week=monday, behaviours=list(behaviours))
        for cause, rating in (ratings or {}).items():
            self.add("ratings", reflection_id=reflection, on_day=monday, cause=cause, rating=rating)
        for part, value in parts.items():
            self.add(
                "reflection_parts", id=..., reflection_id=reflection, part=part, content={"value": value}
            )
        return reflection

    def prompt(self, case: UUID, day: date, *, verdict: str = "used") -> None:
        episode = self.episode(case, self.today - timedelta(days=1000))
        self.add(
            "prompt_uses", used_by=self.me, case_id=case, episode_id=episode, prompt="a-prompt", verdict=verdict,
            used_at=day,
        )  # fmt: skip

    def mirror(self, weeks_back: int = 26) -> mirror.Mirror:
        return mirror.mine(
            self.db, team=self.team, since=self.monday - weeks.WEEK * (weeks_back - 1), today=self.today
        )


@pytest.fixture
def join(sql, account, sign_in, clinic):
    """Somebody new with these roles, as somebody who works: `join("therapist", team=…)`."""

    def enter(*roles: str, team: UUID | None = None) -> Work:
        email = f"mira.{uuid4().hex[:10]}@mirror.example.org"
        person = account(email)
        home = sql.execute("select clinic_id from public.teams where id = %s", (clinic.team,)).fetchone()[0]
        if team is None:
            team = uuid4()
            sql.execute(
                "insert into public.teams (id, clinic_id, name) values (%s, %s, %s)",
                (team, home, f"T {team.hex[:8]}"),
            )
        sql.execute(
            "insert into public.people (id, clinic_id, display_name) values (%s, %s, 'Mira')", (person, home)
        )
        for role in roles:
            sql.execute(
                "insert into public.memberships (person_id, team_id, role, starts_on) values (%s, %s, %s, current_date - 900)",
                (person, team, role),
            )  # fmt: skip
        return Work(sql, sign_in(email), person, team, date.today())

    return enter


@pytest.fixture
def mira(join) -> Work:
    return join("therapist")


def cells(frame: pd.DataFrame, *columns: str) -> list[tuple]:
    return [tuple(row) for row in frame[list(columns)].itertuples(index=False)]


def test_a_mirror_without_entries_is_empty_and_whole(mira):
    seen = mira.mirror()
    assert (seen.weeks, seen.episodes, seen.strengths_count, seen.ruptures_open, seen.supervision_days) == (
        0,
        0,
        0,
        0,
        0,
    )
    assert all(f.empty for f in (seen.causes, seen.blame, seen.moves, seen.reframes, seen.repairs, seen.guesses, seen.supervised, seen.frustration))  # fmt: skip
    assert seen.since == mira.monday - weeks.WEEK * 25


def test_weeks_come_with_their_ratings_and_gaps_stay_gaps(mira):
    mira.week(4, ratings={1: 3, 2: None})
    mira.week(1, ratings={1: 0})
    mira.week(30, ratings={1: 4})  # before the period
    seen = mira.mirror()
    assert seen.weeks == 2
    rows = cells(seen.causes.astype(object).where(seen.causes.notna(), None), "week", "cause", "rating")
    assert rows == [
        (mira.monday - weeks.WEEK * 4, 1, 3), (mira.monday - weeks.WEEK * 4, 2, None), (mira.monday - weeks.WEEK, 1, 0),
    ]  # fmt: skip


def test_strengths_come_latest_first_with_what_was_ticked(mira):
    mira.week(3, strength="stayed calm", behaviours=("interested", "eye_contact"))
    mira.week(
        1, strength="asked once more", behaviours=("interested",), private_text="CANARY", not_brought="CANARY"
    )
    mira.week(0, strength={"an": "unknown shape"})
    seen = mira.mirror()
    assert [s.text for s in seen.strengths] == ["asked once more", "stayed calm"]
    assert seen.behaviours == {"eye_contact": 1, "interested": 2}
    assert "CANARY" not in repr(seen)


def test_first_blame_is_shared_out_over_periods_of_four_weeks(mira):
    case = mira.case()
    for back, blame in ((0, "client"), (3, "myself"), (3, "myself"), (3, None), (4, "neither")):
        mira.episode(case, mira.monday - weeks.WEEK * back, first_blame=blame, next_move="asked")
    seen = mira.mirror()
    end = mira.monday + weeks.WEEK
    now, before = end - mirror.BLOCK, end - mirror.BLOCK * 2
    assert cells(seen.blame, "period_start", "key", "n") == [
        (before, "neither", 1),
        (now, "client", 1),
        (now, "myself", 2),
    ]
    assert seen.blame["share"].tolist() == [1, pytest.approx(1 / 3), pytest.approx(2 / 3)]
    assert seen.blame_unstated == 1
    assert cells(seen.moves, "period_start", "key", "n") == [(before, "asked", 1), (now, "asked", 4)]
    assert (seen.moves_unstated, seen.episodes) == (0, 5)


def test_a_reframe_counts_with_whether_it_helped(mira):
    mira.week(2, reframes={"used": ["mistakes_allowed", "repair_heals"], "helped": "yes"})
    mira.week(1, reframes={"used": ["mistakes_allowed"]})
    mira.week(0, reframes={"used": "not a list"})
    assert sorted(cells(mira.mirror().reframes, "reframe", "helped", "n"), key=str) == [
        ("mistakes_allowed", "", 1), ("mistakes_allowed", "yes", 1), ("repair_heals", "yes", 1),
    ]  # fmt: skip


def test_repairs_are_counted_by_what_was_noticed_done_and_closed(mira):
    case = mira.case()
    open_one = mira.add("ruptures", case_id=case, kind="mixed", noticed_on=mira.monday)
    mira.add(
        "ruptures",
        case_id=case,
        kind="mixed",
        noticed_on=mira.monday - weeks.WEEK * 8,
        closed_on=mira.monday,
        outcome="partly",
    )
    for stage in ("named", "named", "explored"):
        mira.add("repair_steps", recorded_by=mira.me, rupture_id=open_one, stage=stage, taken_on=mira.monday)
    seen = mira.mirror()
    assert cells(seen.repairs, "noticed", "steps", "closed") == [(1, 0, 0), (1, 3, 1)]
    assert (seen.ruptures_open, seen.outcomes, seen.stages) == (1, {"partly": 1}, {"named": 2, "explored": 1})


def test_a_guess_stands_beside_the_answer_it_was_about(mira):
    case = mira.case()
    for goals, guessed in ((4, 7), (6, 6), (None, 5)):
        check_in = mira.add("check_ins", case_id=case, on_day=mira.monday, goals=goals, relationship=9)
        mira.add("check_in_guesses", id=check_in, goals=guessed)
    seen = mira.mirror().guesses
    assert cells(seen, "question", "guess", "answer", "n", "near", "above", "below") == [
        ("goals", 6.5, 5, 2, 1, 1, 0)
    ]


def test_before_and_after_is_the_last_rating_before_the_day_and_the_first_after_it(mira):
    case, day = mira.case(), mira.today - timedelta(days=30)
    mira.prompt(case, day)
    for away, rating in ((-50, 0), (-9, 1), (-2, 4), (0, 0), (3, 2), (9, 0)):
        mira.episode(case, day + DAY * away, ratings={2: rating, 3: None})
    mira.episode(mira.case(), day - DAY, ratings={2: 0})  # another case has nothing to do with it
    seen = mira.mirror()
    assert cells(seen.supervised, "of", "cause", "n", "before", "after", "lower", "same", "higher") == [
        ("case", 2, 1, 4, 2, 1, 0, 0)
    ]
    assert seen.supervision_days == 1


def test_a_pair_counts_once_however_often_the_case_came_up_in_between(mira):
    case, day = mira.case(), mira.today - timedelta(days=30)
    for later in (0, 1, 1, 2):
        mira.prompt(case, day + DAY * later)
    mira.episode(case, day - DAY * 3, ratings={1: 2})
    mira.episode(case, day + DAY * 5, ratings={1: 2})
    seen = mira.mirror()
    assert cells(seen.supervised, "n", "same") == [(1, 1)]
    assert seen.supervision_days == 3


@pytest.mark.parametrize(
    ("before", "after", "pairs"), [(42, 42, 1), (43, 1, 0), (1, 43, 0), (0, 5, 0), (5, 0, 0)]
)
def test_a_rating_counts_for_six_weeks_on_either_side_of_the_day(mira, before, after, pairs):
    case, day = mira.case(), mira.today - timedelta(days=60)
    mira.prompt(case, day)
    mira.episode(case, day - DAY * before, ratings={1: 2})
    mira.episode(case, day + DAY * after, ratings={1: 3})
    assert len(mira.mirror().supervised) == pairs


def test_a_prompt_that_was_put_off_makes_no_supervision_day(mira):
    case, day = mira.case(), mira.today - timedelta(days=30)
    mira.prompt(case, day, verdict="not_now")
    mira.episode(case, day - DAY, ratings={1: 2})
    mira.episode(case, day + DAY, ratings={1: 3})
    assert mira.mirror().supervision_days == 0


def test_a_question_counts_from_the_day_on_which_it_was_discussed(mira):
    case = mira.case()
    question = mira.add(
        "questions", case_id=case, moment="m", question="q", asked_on=mira.today - timedelta(days=20)
    )
    assert mira.mirror().supervision_days == 0
    mira.sql.execute("update public.questions set state = 'discussed' where id = %s", (question,))
    assert mira.mirror().supervision_days == 1


@pytest.fixture
def talked_about(mira, clinic):
    """`talked_about(day, state)`: a meeting of that day with one of Mira's cases on it; the case, and the item with whose it is."""

    def held(day: date, state: str = "done") -> tuple[UUID, dict]:
        leader, meeting, item, case = clinic.people["sue"], uuid4(), uuid4(), mira.case()
        mira.sql.execute(
            "insert into public.meetings (led_by, id, team_id, held_on, state, begun_at, ended_at) values (%s, %s, %s, %s, 'ended', now(), now())",
            (leader, meeting, mira.team, day),
        )
        mira.add("agenda_items", led_by=leader, id=item, meeting_id=meeting, kind="case", case_id=case, position=1, state=state)  # fmt: skip
        return case, {"led_by": leader, "item_id": item}

    return held


def test_ratings_given_again_in_a_meeting_are_pairs_of_their_own(mira, talked_about):
    _case, item = talked_about(mira.today - DAY)
    for cause, before, after in ((1, 4, 2), (2, None, 3), (3, 1, None)):
        mira.add("reratings", id=..., cause=cause, before=before, rating=after, **item)
    pairs = cells(mira.mirror().supervised, "of", "cause", "n", "before", "after", "lower")
    assert pairs == [("meeting", 1, 1, 4, 2, 1)]


def test_a_case_that_a_meeting_talked_about_came_up_on_that_day(mira, talked_about):
    day = mira.today - timedelta(days=20)
    case, _item = talked_about(day)
    talked_about(day + DAY, "carried")
    mira.episode(case, day - DAY, ratings={1: 3})
    mira.episode(case, day + DAY, ratings={1: 1})
    seen = mira.mirror()
    assert seen.supervision_days == 1
    assert cells(seen.supervised, "of", "before", "after") == [("case", 3, 1)]


def test_a_week_that_was_read_stands_before_the_first_one_that_began_after(mira, clinic):
    read = mira.week(5, ratings={4: 3})
    mira.sql.execute(
        "update public.reflections set read_at = %s, read_by = %s where id = %s",
        (mira.monday - weeks.WEEK * 3 + DAY, clinic.people["sue"], read),
    )
    mira.week(3, ratings={4: 0})  # had begun by then
    mira.week(1, ratings={4: 1})
    assert cells(mira.mirror().supervised, "of", "cause", "before", "after") == [("week", 4, 3, 1)]


def test_frustration_comes_with_whether_something_was_let_go_and_never_with_the_words(mira):
    mira.week(2, frustration=3, let_go="CANARY")
    mira.week(1, frustration=0)
    mira.week(0, let_go="CANARY", frustration="much")
    seen = mira.mirror()
    rows = seen.frustration.astype(object).where(seen.frustration.notna(), None)
    assert cells(rows, "rating", "let_go") == [(3, True), (0, False), (None, True)]
    assert "CANARY" not in repr(seen)


def test_a_mirror_shows_nobody_else_even_to_somebody_who_supervises(join, mira):
    both = join("therapist", "supervisor", team=mira.team)
    case = mira.case()
    mira.episode(case, mira.monday, ratings={1: 2}, first_blame="client", next_move="asked")
    mira.week(
        1,
        ratings={1: 2},
        strength="CANARY",
        behaviours=("interested",),
        reframes={"used": ["repair_heals"]},
        frustration=2,
    )
    mira.sql.execute("update public.reflection_parts set shared = true where therapist_id = %s", (mira.me,))
    mira.add("ruptures", case_id=case, kind="mixed", noticed_on=mira.monday)
    check_in = mira.add("check_ins", case_id=case, on_day=mira.monday, goals=4)
    mira.add("check_in_guesses", id=check_in, goals=5)
    mira.prompt(case, mira.monday)
    seen = both.mirror()
    assert (seen.weeks, seen.episodes, seen.strengths, seen.behaviours, seen.supervision_days) == (
        0,
        0,
        (),
        {},
        0,
    )
    assert seen.blame.empty
    assert seen.repairs.empty
    assert seen.guesses.empty


def test_only_a_therapist_of_the_team_has_a_mirror_there(mira, clinic):
    for name in ("sue", "lee", "otto", "alice"):
        with pytest.raises(NotAllowed):
            mirror.mine(clinic.as_(name), team=mira.team, since=mira.today, today=mira.today)
    with pytest.raises(NotAllowed):
        mirror.mine(mira.db, team=clinic.elsewhere, since=mira.today, today=mira.today)


@given(back=st.integers(0, 160), weeks_shown=st.integers(1, 160))
def test_a_period_holds_its_week_and_never_more_than_four(back, weeks_shown):
    today = date(2026, 11, 25)
    this = weeks.monday(today)
    first, week = this - weeks.WEEK * (weeks_shown - 1), this - weeks.WEEK * min(back, weeks_shown - 1)
    start, end = mirror.block(week, first=first, today=today)
    assert first <= start <= week < end <= this + weeks.WEEK
    assert weeks.WEEK <= end - start <= mirror.BLOCK
    assert (this + weeks.WEEK - end) % mirror.BLOCK == timedelta(0)
    assert start.weekday() == end.weekday() == 0


# --- sharing --------------------------------------------------------------------------------------------------------

SEEN = Snapshot(
    "Where it went",
    "12 weeks",
    "First blame on neither.",
    ("Weeks", "Neither, n"),
    (("2026-W40", "3"), ("2026-W44", "")),
)


@pytest.fixture
def shared(clinic):
    """Alice shares one item; the operation."""
    made = mirror.share(clinic.outbox("alice"), team=clinic.team, item="first_blame", snapshot=SEEN)
    clinic.synced()
    return made


def by_alice(clinic, **more):
    found = mirror.shared_by_me(
        clinic.as_("alice"), team=clinic.team, therapist=clinic.people["alice"], **more
    )
    return {str(one.id): one for one in found}


def with_sue(clinic, name="sue"):
    found = mirror.shared_with_me(clinic.as_(name), team=clinic.team, supervisor=clinic.people[name])
    return {str(one.id): one for one in found}


def test_what_is_shared_arrives_exactly_as_it_was_seen(clinic, shared):
    assert by_alice(clinic)[shared.entity].snapshot == SEEN
    read = with_sue(clinic)[shared.entity]
    assert (read.snapshot, read.item, read.therapist, read.shared_on) == (
        SEEN,
        "first_blame",
        "Alice",
        date.today(),
    )


@pytest.mark.parametrize("name", ["bob", "lee", "ada", "otto"])
def test_nobody_but_the_teams_supervisors_sees_what_is_shared(clinic, shared, name):
    assert shared.entity not in with_sue(clinic, name)


def test_what_is_taken_back_is_gone_for_the_supervisor(clinic, shared):
    mirror.withdraw(clinic.outbox("alice"), share=UUID(shared.entity))
    clinic.synced()
    assert shared.entity not in by_alice(clinic)
    assert shared.entity not in with_sue(clinic)


def test_what_is_on_its_way_is_among_what_is_shared_and_what_is_being_taken_back_is_not(clinic, shared):
    box = Outbox(clinic.outbox("alice")._vault, str(uuid4()))  # of somebody for whom nothing is sent
    new = mirror.share(box, team=clinic.team, item="repairs", snapshot=SEEN)
    mirror.withdraw(box, share=UUID(shared.entity))
    mirror.share(box, team=clinic.elsewhere, item="repairs", snapshot=SEEN)
    found = by_alice(clinic, waiting=box.waiting(), today=date(2026, 1, 2))
    assert next(iter(found)) == new.entity
    assert (found[new.entity].op_id, found[new.entity].shared_on) == (new.op_id, date(2026, 1, 2))
    assert shared.entity not in found
    assert sum(one.op_id is not None for one in found.values()) == 1


def test_what_is_too_long_or_unknown_is_refused_before_it_is_sent(clinic):
    box = clinic.outbox("alice")
    fits = Snapshot("t", "p", "x" * 19_000)
    assert mirror.share(box, team=clinic.team, item="strengths", snapshot=fits).kind == "mirror.share"
    with pytest.raises(Refused, match="shorter period"):
        mirror.share(box, team=clinic.team, item="strengths", snapshot=Snapshot("t", "p", "x" * 20_001))
    with pytest.raises(Refused):
        mirror.share(box, team=clinic.team, item="league_table", snapshot=SEEN)
    clinic.synced()
    assert not [op for op in box.parked() if op.kind == "mirror.share"]


@given(
    columns=st.lists(st.text(max_size=8), max_size=4), rows=st.integers(0, 4), words=st.text(max_size=40), cell=st.none() | st.text(max_size=5)
)  # fmt: skip
def test_a_snapshot_comes_back_from_its_content_as_it_was(columns, rows, words, cell):
    table = pd.DataFrame([[cell] * len(columns)] * rows, columns=range(len(columns)))
    table.columns = columns
    seen = Snapshot.of("title", "period", words, table)
    again = Snapshot.from_content(json.loads(json.dumps(asdict(seen))))
    assert again == seen
    assert len(seen.rows) == rows
    assert all(isinstance(c, str) for row in seen.rows for c in row)


@pytest.mark.parametrize(
    "content", [{}, {"title": 3, "rows": "x"}, {"columns": ["a"], "rows": [["1", "2"], "x", ["3"]]}, {"columns": {}, "rows": [[]]}]
)  # fmt: skip
def test_a_snapshot_of_another_shape_is_left_out_rather_than_guessed(content):
    read = Snapshot.from_content(content)
    assert read.title == ""
    assert read.rows in ((), (("3",),), ((),))


def test_every_item_has_a_word_on_what_it_shows_and_what_it_does_not():
    assert list(vocabulary.MIRROR_LIMITS) == list(vocabulary.MIRROR_ITEMS)
