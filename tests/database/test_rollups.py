"""The weekly sums behind the trends are exact: whatever people write, amend, move and take back, they equal a fresh count."""

import random
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.database.operations import op
from tests.database.scene import Scene, ident, put

KINDS = ["withdrawal", "confrontation", "homework_not_done", "topic_avoided", "yes_but", "stalled", "other"]
BLAMES = ["client", "myself", "neither", None]
MOVES = ["insisted", "asked", None]

# Counted from the entries themselves, with Postgres' own idea of a week.
FROM_SCRATCH = """
with counted (team_id, measure, key, day, therapist_id, rating) as (
  select team_id, 'kind', kind::text, happened_on, therapist_id, 0 from public.episodes
  union all select team_id, 'first_blame', first_blame::text, happened_on, therapist_id, 0 from public.episodes where first_blame is not null
  union all select team_id, 'next_move', next_move::text, happened_on, therapist_id, 0 from public.episodes where next_move is not null
  union all select team_id, 'cause', cause::text, on_day, therapist_id, rating from public.ratings where rating is not null
  union all select team_id, 'rupture', 'opened', noticed_on, therapist_id, 0 from public.ruptures
  union all select team_id, 'rupture', 'closed', closed_on, therapist_id, 0 from public.ruptures where closed_on is not null
  union all select team_id, 'reflection', 'handed_in', week, therapist_id, 0 from public.reflections
)
select team_id, measure, key, date_trunc('week', day)::date, therapist_id, count(*)::int, sum(rating)::int from counted group by 1, 2, 3, 4, 5
"""
KEPT = "select team_id, measure, key, week, therapist_id, n, total from private.weekly where (n, total) <> (0, 0)"


def difference(db: psycopg.Connection) -> tuple[set, set]:
    """What the sums have and a fresh count has not, and the other way round."""
    fresh, kept = set(db.execute(FROM_SCRATCH)), set(db.execute(KEPT))
    return kept - fresh, fresh - kept


def test_the_scene_itself_is_counted(undone, scene):
    assert difference(undone) == (set(), set())
    assert {row[0] for row in undone.execute("select distinct measure from private.weekly")} == {
        "kind", "first_blame", "next_move", "cause", "rupture", "reflection"
    }  # fmt: skip


class Writers:
    """People who write at random, through apply_ops, and an operator who corrects by SQL."""

    def __init__(self, chance: random.Random, db: psycopg.Connection, send: Callable, scene: Scene) -> None:
        self.chance, self.db, self.send, self.scene = chance, db, send, scene
        self.episodes: list[tuple[str, UUID]] = []
        self.ruptures: list[tuple[str, UUID]] = []
        self.reflections: dict[tuple[str, str], tuple[UUID, int]] = {}

    def day(self) -> str:
        return str(self.scene.today - timedelta(days=self.chance.randrange(60)))

    def ratings(self) -> dict:
        some = self.chance.sample(range(1, 7), self.chance.randrange(7))
        return {str(cause): self.chance.choice([None, 0, 1, 2, 3, 4]) for cause in some}

    def facts(self) -> dict:
        pick = self.chance.choice
        return {
            "happened_on": self.day(),
            "kind": pick(KINDS),
            "first_blame": pick(BLAMES),
            "next_move": pick(MOVES),
            "ratings": self.ratings(),
        }

    def do(self) -> None:
        who = self.chance.choice(["alice", "bob", "tom"])
        me, team = self.scene.people[who], self.scene.team_of(who)
        match self.chance.randrange(9):
            case 0 | 1 | 2:
                self.episodes.append((who, uuid4()))
                logged = [
                    op(
                        "episode.log",
                        entity=self.episodes[-1][1],
                        team=team,
                        case=ident(who, "case"),
                        **self.facts(),
                    )
                ]
                # A refused one in the same batch must not count.
                logged.insert(
                    self.chance.randrange(2),
                    op("episode.log", team=team, case=ident(who, "case"), **{**self.facts(), "intensity": 9}),
                )
                self.send(me, *logged)
            case 3 | 4 if self.episodes:
                owner, episode = self.chance.choice(self.episodes)
                (stands,) = self.db.execute(
                    "select version from public.episodes where id = %s", (episode,)
                ).fetchone()
                self.send(
                    self.scene.people[owner],
                    op("episode.amend", entity=episode, based_on=stands, **self.facts()),
                )
            case 5:
                week = str(self.scene.monday - timedelta(weeks=self.chance.randrange(3, 9)))
                reflection, version = self.reflections.get((who, week), (uuid4(), 0))
                self.reflections[who, week] = (reflection, version + 1)
                self.send(
                    me,
                    op(
                        "reflection.hand_in",
                        entity=reflection,
                        team=team,
                        week=week,
                        based_on=version,
                        ratings=self.ratings(),
                    ),
                )
            case 6:
                self.ruptures.append((who, uuid4()))
                self.send(
                    me,
                    op(
                        "rupture.open",
                        entity=self.ruptures[-1][1],
                        team=team,
                        case=ident(who, "case"),
                        kind="mixed",
                        noticed_on=self.day(),
                    ),
                )
            case 7 if self.ruptures:
                owner, rupture = self.chance.choice(self.ruptures)
                me = self.scene.people[owner]
                self.send(
                    me,
                    op(
                        "rupture.close",
                        entity=rupture,
                        therapist=me,
                        closed_on=str(self.scene.today),
                        outcome="ended",
                    ),
                )
            case _:
                self.db.execute(self.chance.choice(CORRECTIONS))


CORRECTIONS = [
    "update public.episodes set happened_on = happened_on - 3 where intensity is null",
    "update public.episodes set kind = 'other', first_blame = null where happened_on < current_date - 30",
    "update public.episodes set first_blame = 'client', next_move = 'nothing' where first_blame is null",
    "update public.ratings set rating = case when rating is null then 4 when rating = 0 then null else rating - 1 end",
    "delete from public.ratings where cause = 3",
    "update public.ruptures set noticed_on = noticed_on - 8",
    "update public.ruptures set closed_on = null, outcome = null where outcome = 'ended'",
    "delete from public.episodes e where not exists (select from public.ratings where episode_id = e.id)"
    " and not exists (select from public.ruptures where episode_id = e.id) and not exists (select from public.notes where episode_id = e.id)"
    " and not exists (select from public.prompt_uses where episode_id = e.id)",
    "delete from public.ratings where reflection_id is not null and rating is null",
    "insert into public.ratings (therapist_id, team_id, episode_id, on_day, cause, rating)"
    " select therapist_id, team_id, id, happened_on, 5, 2 from public.episodes on conflict (therapist_id, episode_id, cause) do update set rating = 1",
    "update public.episodes set id = id",
    "update public.episodes set happened_on = happened_on where false",
]


@pytest.mark.parametrize("seed", range(5))
def test_the_sums_equal_a_fresh_count_after_whatever_people_did(undone, send, scene, seed: int):
    chance = random.Random(seed)
    writers = Writers(chance, undone, send, scene)
    for step in range(80):
        writers.do()
        if step % 8 == 0:
            assert difference(undone) == (set(), set()), f"after step {step}"
    assert difference(undone) == (set(), set())
    assert len(writers.episodes) > 10
    assert len(writers.ruptures) > 2


@pytest.mark.parametrize("correction", CORRECTIONS)
def test_each_correction_alone_keeps_the_sums(undone, scene, correction: str):
    undone.execute(correction)
    assert difference(undone) == (set(), set())


def test_a_team_that_goes_takes_its_sums_along_to_zero(undone, scene):
    for table in (
        "agenda_items",
        "notes",
        "prompt_uses",
        "repair_steps",
        "ruptures",
        "ratings",
        "reflection_parts",
        "reflections",
        "episodes",
    ):
        undone.execute(f"delete from public.{table}")
    assert undone.execute("select count(*) from private.weekly where (n, total) <> (0, 0)").fetchone() == (0,)
    assert undone.execute("select count(*) > 0 from private.weekly").fetchone() == (True,)


def test_exact_values_are_the_sums(undone, send, speaking, scene):
    """What a supervisor gets on request: every week, from a single entry on."""
    monday = scene.monday - timedelta(weeks=3)
    entries = [
        op("episode.log", team=scene.teams["north"], case=ident("alice", "case"), happened_on=str(monday + timedelta(days=d)), kind=kind,
           first_blame="client", ratings={"1": rating})
        for d, kind, rating in ((0, "stalled", 4), (6, "stalled", 1), (7, "stalled", 0))
    ]  # fmt: skip
    assert {a["state"] for a in send(scene.people["alice"], *entries)} == {"applied"}
    with speaking(scene.people["sue"]) as db:
        (answer,) = db.execute(
            "select public.team_trends_exact(%s, %s, %s)",
            (scene.teams["north"], monday, monday + timedelta(weeks=1)),
        ).fetchone()
        (all_weeks,) = db.execute(
            "select public.team_trends_exact(%s, '2020-01-06', '2030-01-07')", (scene.teams["north"],)
        ).fetchone()
    week = {"starts": str(monday), "ends": str(monday + timedelta(weeks=1))}
    assert answer["cells"] == [
        {"measure": "cause", "key": "1", **week, "n": 2, "mean": 2.5},
        {"measure": "first_blame", "key": "client", **week, "n": 2, "mean": None},
        {"measure": "kind", "key": "stalled", **week, "n": 2, "mean": None},
        {"measure": "rupture", "key": "open", **week, "n": 0, "mean": None},
    ]
    percents = {c["starts"]: c["mean"] for c in all_weeks["cells"] if c["measure"] == "reflection"}
    assert percents == {str(scene.monday - timedelta(weeks=w)): 100 for w in (1, 2)}
    open_now = [c["n"] for c in all_weeks["cells"] if (c["measure"], c["key"]) == ("rupture", "open")]
    assert open_now[-1] == 4
    assert max(c["starts"] for c in all_weeks["cells"]) <= str(scene.today)


def test_what_was_taken_back_has_no_exact_value_and_other_teams_weeks_do_not_count(
    undone, send, speaking, scene
):
    long_ago, day = scene.monday - timedelta(weeks=20), str(scene.monday - timedelta(weeks=5))
    earlier = op(
        "episode.log",
        team=scene.teams["south"],
        case=ident("tom", "case"),
        happened_on=str(long_ago),
        kind="other",
    )
    logged = op(
        "episode.log", team=scene.teams["north"], case=ident("alice", "case"), happened_on=day, kind="stalled", ratings={"3": 4}
    )  # fmt: skip
    amended = op("episode.amend", entity=UUID(logged["entity"]), based_on=1, happened_on=day, kind="yes_but")
    assert send(scene.people["tom"], earlier)[0]["state"] == "applied"
    assert {a["state"] for a in send(scene.people["alice"], logged, amended)} == {"applied"}
    with speaking(scene.people["sue"]) as db:
        week = (scene.teams["north"], day, scene.monday - timedelta(weeks=4))
        (answer,) = db.execute("select public.team_trends_exact(%s, %s, %s)", week).fetchone()
    assert [(c["measure"], c["key"], c["n"]) for c in answer["cells"]] == [
        ("kind", "yes_but", 1),
        ("rupture", "open", 0),
    ]
    assert answer["weeks"] == 5


def test_two_writers_at_once_are_both_counted(stack, sql, account):
    """The same week, the same therapist, two connections: the second waits for the first and adds to it."""
    who, clinic, team, case = account("counted@scene.example"), uuid4(), uuid4(), uuid4()
    put(sql, "clinics", id=clinic, name="Counted")
    put(sql, "teams", id=team, clinic_id=clinic, name="Counted")
    put(sql, "people", id=who, clinic_id=clinic, display_name="Counted")
    put(sql, "cases", therapist_id=who, id=case, team_id=team, code="CN-01")
    with psycopg.connect(stack.database_url) as one, psycopg.connect(stack.database_url) as other:
        values = {
            "therapist_id": who,
            "team_id": team,
            "case_id": case,
            "happened_on": "2026-01-07",
            "kind": "other",
        }
        put(one, "episodes", id=uuid4(), **values)
        other.execute("set lock_timeout = '20ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            put(other, "episodes", id=uuid4(), **values)
        other.rollback()
        one.commit()
        put(other, "episodes", id=uuid4(), **values)
        other.commit()
    counted = sql.execute(
        "select n from private.weekly where team_id = %s and measure = 'kind'", (team,)
    ).fetchall()
    assert counted == [(2,)]
