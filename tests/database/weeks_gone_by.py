"""A made-up team whose weeks go by inside one transaction, and an onlooker who keeps every answer of the safe view.

The onlooker knows the rule and nothing of how it is kept: from the entries themselves it works out what each cell may
show, and holds every answer, and every step from one answer to the next, against that.
"""

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from uuid import UUID, uuid4

import psycopg

from tests.database.scene import put

WEEK = timedelta(weeks=1)
KINDS = ["withdrawal", "confrontation", "homework_not_done", "topic_avoided", "yes_but", "stalled", "other"]
BLAMES = ["client", "myself", "neither"]
PARTLY_SHOWN = {"kind", "first_blame"}  # measures whose small keys are shown together, as others

ENTRIES = """
select 'kind', kind::text, happened_on, therapist_id, id::text, 0 from public.episodes where team_id = %(team)s
union all select 'first_blame', first_blame::text, happened_on, therapist_id, id::text, 0 from public.episodes where team_id = %(team)s and first_blame is not null
union all select 'cause', cause::text, on_day, therapist_id, id::text, rating from public.ratings where team_id = %(team)s and rating is not null
union all select 'rupture', 'opened', noticed_on, therapist_id, id::text, 0 from public.ruptures where team_id = %(team)s
union all select 'rupture', 'closed', closed_on, therapist_id, id::text || '/c', 0 from public.ruptures where team_id = %(team)s and closed_on is not null
union all select 'reflection', 'handed_in', week, therapist_id, id::text, 0 from public.reflections where team_id = %(team)s
"""


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


class Team:
    """A team of so many therapists, and what they write. Days are in the past, so that nothing is in the future."""

    def __init__(
        self,
        sql: psycopg.Connection,
        account: Callable[[str], UUID],
        speaking: Callable,
        *,
        therapists: int,
        seed: int,
    ) -> None:
        self.sql, self.speaking, self.chance = sql, speaking, random.Random(seed)
        self.id, self.clinic = uuid4(), uuid4()
        put(sql, "clinics", id=self.clinic, name="Weeks gone by")
        put(sql, "teams", id=self.id, clinic_id=self.clinic, name="Weeks gone by")
        put(sql, "team_settings", team_id=self.id)
        self.people = [account(f"weeks{number}@scene.example") for number in range(therapists + 1)]
        *self.therapists, self.supervisor = self.people
        self.cases = {person: uuid4() for person in self.therapists}
        for person in self.people:
            put(sql, "people", id=person, clinic_id=self.clinic, display_name="Somebody")
            role = "supervisor" if person == self.supervisor else "therapist"
            put(sql, "memberships", person_id=person, team_id=self.id, role=role, starts_on=date(2020, 1, 6))
        for person, case in self.cases.items():
            put(sql, "cases", therapist_id=person, id=case, team_id=self.id, code="WK-01")
        sql.execute(
            "create or replace function private.today() returns date language sql stable set search_path = ''"
            " as $$ select current_setting('sixfold.a_day')::date $$"
        )
        self.start = monday(date.today()) - timedelta(weeks=40)
        self.let_it_be(self.start)

    def let_it_be(self, day: date) -> None:
        self.day = day
        self.sql.execute("select set_config('sixfold.a_day', %s, true)", (str(day),))

    def need(self, therapists: int, entries: int) -> None:
        """What the administrator asks of the safe view."""
        self.sql.execute(
            "update public.team_settings set safe_min_therapists = %s, safe_min_entries = %s where team_id = %s",
            (therapists, entries, self.id),
        )

    def episode(self, person: UUID, day: date, *, kind: str | None = None, blame: str | None = None) -> UUID:
        episode, mine = uuid4(), {"therapist_id": person, "team_id": self.id}
        put(
            self.sql, "episodes", **mine, id=episode, case_id=self.cases[person], happened_on=day,
            kind=kind or self.chance.choices(KINDS, [9, 4, 5, 3, 3, 4, 1])[0], first_blame=blame or self.chance.choice([*BLAMES, None]),
        )  # fmt: skip
        for cause in self.chance.sample(range(1, 7), 2):
            put(
                self.sql,
                "ratings",
                **mine,
                episode_id=episode,
                on_day=day,
                cause=cause,
                rating=self.chance.choice([None, 0, 1, 2, 3, 4]),
            )
        return episode

    def reflection(self, person: UUID, week: date) -> None:
        """Handed in once; a week that is in already stays as it is."""
        reflection = uuid4()
        new = self.sql.execute(
            "insert into public.reflections (therapist_id, id, team_id, week) values (%s, %s, %s, %s) on conflict do nothing",
            (person, reflection, self.id, week),
        ).rowcount
        if new:
            self.sql.execute(
                "insert into public.ratings (therapist_id, team_id, reflection_id, on_day, cause, rating)"
                " select %s, %s, %s, %s, cause, nullif(rating, 9) from unnest(%s::int[], %s::int[]) r (cause, rating)",
                (
                    person,
                    self.id,
                    reflection,
                    week,
                    [1, 2, 3, 4, 5, 6],
                    self.chance.choices([0, 1, 2, 3, 4, 9], k=6),
                ),
            )

    def usual_weeks(self, weeks: int) -> None:
        """So many weeks of about two episodes by each, and four reflections of five: at once, to be quick."""
        episodes, ratings, reflections = [], [], []
        for week in (self.start + number * WEEK for number in range(weeks)):
            for person in self.therapists:
                for _ in range(self.chance.choice([1, 2, 2, 3])):
                    day, kind = (
                        week + timedelta(days=self.chance.randrange(5)),
                        self.chance.choices(KINDS, [9, 4, 5, 3, 3, 4, 1])[0],
                    )
                    episodes.append(
                        (person, uuid4(), self.id, self.cases[person], day, kind, self.chance.choice(BLAMES))
                    )
                if self.chance.random() < 0.8:
                    reflections.append((person, uuid4(), self.id, week))
                    ratings += [
                        (*reflections[-1], cause, self.chance.choice([0, 1, 2, 3, 4]))
                        for cause in range(1, 7)
                    ]
        for table, columns, rows in (
            ("episodes", "therapist_id, id, team_id, case_id, happened_on, kind, first_blame", episodes),
            ("reflections", "therapist_id, id, team_id, week", reflections),
            ("ratings", "therapist_id, reflection_id, team_id, on_day, cause, rating", ratings),
        ):
            values = ", ".join(f"({', '.join(['%s'] * len(rows[0]))})" for _ in rows)
            self.sql.execute(
                f"insert into public.{table} ({columns}) values {values}",
                [value for row in rows for value in row],
            )

    def rupture(self, person: UUID, day: date) -> None:
        put(
            self.sql,
            "ruptures",
            therapist_id=person,
            id=uuid4(),
            team_id=self.id,
            case_id=self.cases[person],
            kind="mixed",
            noticed_on=day,
        )

    def close_one(self) -> None:
        self.sql.execute(
            "update public.ruptures set closed_on = %s, outcome = 'repaired' where (therapist_id, id) ="
            " (select therapist_id, id from public.ruptures where team_id = %s and closed_on is null and noticed_on <= %s order by noticed_on, id limit 1)",
            (self.day, self.id, self.day),
        )

    def amend_one(self) -> None:
        """Somebody thinks again about an entry of any age: another kind, another day, another rating, or it goes."""
        one = "(select id from public.{} where team_id = %(team)s order by md5(id::text || %(salt)s) limit 1)"
        change = self.chance.choice([
            f"update public.episodes set kind = %(kind)s where id = {one.format('episodes')}",
            f"update public.episodes set first_blame = %(blame)s where id = {one.format('episodes')}",
            f"update public.episodes set happened_on = greatest(happened_on - %(days)s, '2020-01-06') where id = {one.format('episodes')}",
            f"update public.ratings set rating = %(rating)s where id = {one.format('ratings')}",
            f"delete from public.ratings where id = {one.format('ratings')}",
            f"update public.ruptures set closed_on = null, outcome = null where id = {one.format('ruptures')}",
        ])  # fmt: skip
        pick = self.chance.choice
        values = {
            "team": self.id, "salt": str(self.chance.random()), "kind": pick(KINDS), "blame": pick([*BLAMES, None]),
            "rating": pick([None, 0, 1, 2, 3, 4]), "days": self.chance.randrange(12),
        }  # fmt: skip
        self.sql.execute(change, values)

    def answer(self, since: date | None = None, until: date | None = None) -> dict:
        """What the safe view says today to somebody of the team."""
        with self.speaking(self.chance.choice(self.people)) as db:
            return db.execute(
                "select public.team_trends(%s, %s, %s)",
                (self.id, since or date(2000, 1, 3), until or date(2100, 1, 4)),
            ).fetchone()[0]

    def entries(self) -> dict[str, list[tuple[str, date, UUID, str, int]]]:
        """Per measure what is really there: key, day, therapist, id, rating."""
        found = defaultdict(list)
        for measure, *entry in self.sql.execute(ENTRIES, {"team": self.id}):
            found[measure].append(tuple(entry))
        return found

    def periods(self) -> dict[tuple[str, date], tuple]:
        rows = self.sql.execute(
            "select measure, starts, ends, keys, others, expected from private.periods where team_id = %s",
            (self.id,),
        )
        return {(measure, starts): rest for measure, starts, *rest in rows}


State = dict[str, tuple[UUID, int]]  # what a cell holds: entry → its therapist and its rating


@dataclass(frozen=True)
class Rule:
    """At least so many therapists and entries: behind what is shown, and behind every change of it."""

    therapists: int = 3
    entries: int = 5

    def holds(self, state: State) -> bool:
        return len(state) >= self.entries and len({who for who, _ in state.values()}) >= self.therapists

    def allows(self, before: State, after: State) -> bool:
        """Whether one may learn the difference: what each therapist moved in sum, not what cancels out."""
        count, ratings = defaultdict(int), defaultdict(int)
        for state, sign in ((before, -1), (after, 1)):
            for who, rating in state.values():
                count[who] += sign
                ratings[who] += sign * rating
        moved = [max(abs(count[who]), int(ratings[who] != 0)) for who in count]
        return sum(moved) >= self.entries and sum(1 for n in moved if n) >= self.therapists


def shown(measure: str, state: State, expected: int | None) -> tuple:
    """What a cell says: n and mean."""
    n = len(state)
    if measure == "cause":
        mean = Decimal(sum(rating for _, rating in state.values())) / n
        return n, float(mean.quantize(Decimal("0.01"), ROUND_HALF_UP))
    if measure == "reflection":
        tenths = (Decimal(n) * 10 / expected).quantize(Decimal(1), ROUND_HALF_UP) if expected else None
        return None, None if tenths is None else float(min(100, tenths * 10))
    return n, None


class Onlooker:
    """Keeps what every cell has shown so far, and cannot be told more than the rule allows."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self.rule = Rule()
        self.possible: dict[tuple, list[State]] = defaultdict(
            lambda: [{}]
        )  # states that fit all answers so far
        self.known_periods: dict = {}
        self.answers: list[dict] = []
        self.changes = 0

    def looks(self) -> dict:
        """Ask for everything, check it, and check some shorter questions against it."""
        answer = self.team.answer()
        self.answers.append(answer)
        self._periods_stay()
        entries = self.team.entries()
        cells = {
            (c["measure"], date.fromisoformat(c["starts"]), c["key"]): c
            for c in answer["cells"]
            if c["key"] != "open"
        }
        told = set()
        for (measure, starts), (ends, keys, others, expected) in self.known_periods.items():
            for key in [*keys, *(["others"] if others else [])]:
                cell = cells.get((measure, starts, key))
                told.add((measure, starts, key))
                now = {
                    entry: (who, rating)
                    for k, day, who, entry, rating in entries[measure]
                    if starts <= monday(day) < ends and (k == key if key != "others" else k not in keys)
                }
                self._one_cell((measure, starts, key), cell, now, expected)
                assert cell is None or cell["ends"] == str(ends)
        assert set(cells) <= told, "a cell outside of every period"
        self._open_adds_up(answer)
        self._a_shorter_question_gives_whole_periods_only(answer)
        return answer

    def _one_cell(self, name: tuple, cell: dict | None, now: State, expected: int | None) -> None:
        measure = name[0]
        says = None if cell is None else (cell["n"], cell["mean"])
        before = self.possible[name]

        def fits(state: State) -> bool:
            return says == (shown(measure, state, expected) if self.rule.holds(state) else None)

        after = [state for state in before if fits(state)]
        if now not in after and fits(now) and any(self.rule.allows(state, now) for state in before):
            self.changes += not after
            after.append(now)
        assert after, f"{name} says {says}: neither what it said before nor a step that the rule allows"
        self.possible[name] = after

    def _periods_stay(self) -> None:
        periods = self.team.periods()
        assert self.known_periods.items() <= periods.items(), "a published period has moved"
        self.known_periods = periods
        by_measure = defaultdict(list)
        for (measure, starts), (ends, *_) in periods.items():
            assert starts.weekday() == ends.weekday() == 0
            assert starts < ends <= monday(self.team.day), "the running week is never shown"
            by_measure[measure].append((starts, ends))
        for spans in by_measure.values():
            spans.sort()
            assert all(first[1] <= second[0] for first, second in pairwise(spans)), "periods overlap"

    def _open_adds_up(self, answer: dict) -> None:
        """Open ruptures say no more than the opened and closed ones that are shown beside them."""
        flows = {(c["starts"], c["key"]): c["n"] for c in answer["cells"] if c["measure"] == "rupture"}
        starts = sorted(str(s) for m, s in self.known_periods if m == "rupture")
        total, complete = 0, True
        for start in starts:
            complete = complete and (start, "opened") in flows and (start, "closed") in flows
            total += flows.get((start, "opened"), 0) - flows.get((start, "closed"), 0)
            assert flows.get((start, "open")) == (total if complete else None)

    def _a_shorter_question_gives_whole_periods_only(self, answer: dict) -> None:
        chance = self.team.chance
        for _ in range(2):
            since = self.team.start + timedelta(days=chance.randrange(-10, 200))
            until = since + timedelta(days=chance.randrange(200))
            within = [
                c
                for c in answer["cells"]
                if since <= date.fromisoformat(c["starts"]) and date.fromisoformat(c["ends"]) <= until
            ]
            assert self.team.answer(since, until) == {**answer, "cells": within}
