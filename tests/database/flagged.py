"""A team whose cases can be given any course, for the tests of flags. Everything is written by the database's owner."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

import psycopg

from tests.database.flag_reference import Course
from tests.database.scene import put

PHQ9 = UUID("5c0e0000-0000-4000-8000-000000000001")


@dataclass
class FlaggedTeam:
    """One team with one therapist, a supervisor, a lead and an administrator; `put_case` gives it a case."""

    db: psycopg.Connection
    people: dict[str, UUID]
    today: date
    team: UUID = field(default_factory=uuid4)
    own: UUID = field(default_factory=uuid4)  # a measure of the clinic's own

    def __post_init__(self) -> None:
        clinic = uuid4()
        put(self.db, "clinics", id=clinic, name="Flagged")
        put(self.db, "teams", id=self.team, clinic_id=clinic, name="Flagged")
        put(self.db, "team_settings", team_id=self.team)
        for role, person in self.people.items():
            put(self.db, "people", id=person, clinic_id=clinic, display_name=role.title())
            put(
                self.db, "memberships", person_id=person, team_id=self.team, role=role, starts_on=self.today - timedelta(900),
            )  # fmt: skip
        put(
            self.db, "measures", id=self.own, clinic_id=clinic, slug="own-flagged", name="Own", lowest=0, highest=40, step=0.5,
            direction="higher_is_better", reliable_change=4.5, reliable_basis="computed", cut_off=20, cut_off_basis="computed",
        )  # fmt: skip

    @property
    def therapist(self) -> UUID:
        return self.people["therapist"]

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def put_case(self, course: Course, code: str = "F-001") -> UUID:
        """The case with all that its course says."""
        case = uuid4()
        mine = {"therapist_id": self.therapist, "team_id": self.team}
        here = {**mine, "case_id": case}
        put(self.db, "cases", **mine, id=case, code=code, started_on=self.ago(course.started))
        for ago, number, attendance in course.sessions:
            put(
                self.db,
                "sessions",
                **here,
                id=uuid4(),
                number=number,
                held_on=self.ago(ago),
                attendance=attendance,
            )
        for (measure, ago), value in course.scores.items():
            which = PHQ9 if measure == "phq-9" else self.own
            put(self.db, "scores", **here, id=uuid4(), measure_id=which, on_day=self.ago(ago), value=value)
        for ago, total in course.check_ins:
            first, second = min(total, 10), min(max(total - 10, 0), 10)
            put(
                self.db, "check_ins", **here, id=uuid4(), on_day=self.ago(ago), goals=first, way_of_working=second,
                relationship=total - first - second,
            )  # fmt: skip
        for noticed, closed, steps in course.ruptures:
            rupture = uuid4()
            end = {"closed_on": self.ago(closed), "outcome": "repaired"} if closed is not None else {}
            put(self.db, "ruptures", **here, id=rupture, kind="mixed", noticed_on=self.ago(noticed), **end)
            for ago in steps:
                put(
                    self.db, "repair_steps", recorded_by=self.therapist, id=uuid4(), **mine, rupture_id=rupture, stage="named",
                    taken_on=self.ago(ago),
                )  # fmt: skip
        if course.checks:
            tasks = {}
            for who in dict.fromkeys(by for *_, by in course.checks):
                tasks[who] = uuid4()
                oldest = max(ago for ago, *_ in course.checks)
                put(self.db, "tasks", **here, id=tasks[who], proposed_by=who, given_on=self.ago(oldest))
            for ago, done, by in course.checks:
                put(
                    self.db,
                    "task_checks",
                    **mine,
                    id=uuid4(),
                    task_id=tasks[by],
                    on_day=self.ago(ago),
                    done=done,
                )
        for ago in dict.fromkeys(ago for ago, *_ in course.ratings):
            episode = uuid4()
            put(self.db, "episodes", **here, id=episode, happened_on=self.ago(ago), kind="stalled")
            for cause, rating in {c: r for day, c, r in course.ratings if day == ago}.items():
                put(
                    self.db,
                    "ratings",
                    **mine,
                    episode_id=episode,
                    on_day=self.ago(ago),
                    cause=cause,
                    rating=rating,
                )
        for name, ago in course.formulation.items():
            put(
                self.db,
                "formulation_entries",
                **here,
                id=uuid4(),
                field=name,
                version=1,
                written_on=self.ago(ago),
            )
        for ago in course.discussed:
            put(
                self.db, "step_backs", done_by=self.people["supervisor"], id=uuid4(), **here, decision="consult", done_on=self.ago(ago),
            )  # fmt: skip
        if course.action_open:
            put(
                self.db,
                "actions",
                created_by=self.therapist,
                id=uuid4(),
                **here,
                owner_id=self.therapist,
                what="something",
            )
        return case

    def anew(self) -> dict[tuple[UUID, str, str], str]:
        """{(case, rule, about): severity} worked out from scratch."""
        rows = self.db.execute(
            "select case_id, rule::text, about, severity::text from private.flags_of(%s, (select s from public.team_settings s where s.team_id = %s))",
            (self.team, self.team),
        )
        return {(case, rule, about): severity for case, rule, about, severity in rows}

    def kept(self) -> dict[tuple[UUID, str, str], str]:
        """The same from the table, after it was brought up to date."""
        self.refresh()
        rows = self.db.execute(
            "select case_id, rule::text, about, severity::text from public.flags where team_id = %s and cleared_on is null", (self.team,)
        )  # fmt: skip
        return {(case, rule, about): severity for case, rule, about, severity in rows}

    def refresh(self) -> None:
        while self.refresh_some(500):
            pass

    def refresh_some(self, at_once: int) -> int:
        """One go at so many cases; how many wait still."""
        return self.db.execute("select private.refresh_flags(%s, %s)", (self.team, at_once)).fetchone()[0]

    def let_days_pass(self, days: int) -> None:
        """The database's day moves on; what was entered stays where it was."""
        self.db.execute(
            "create or replace function private.today() returns date language sql stable set search_path = ''"
            f" as $$ select current_date + {int(days)} $$"
        )

    def spells(self, case: UUID, rule: str) -> Sequence[tuple]:
        """(spell, first seen, cleared on) of one rule in their order."""
        return self.db.execute(
            "select spell, first_seen, cleared_on from public.flags where case_id = %s and rule = %s::public.flag_rule order by spell",
            (case, rule),
        ).fetchall()
