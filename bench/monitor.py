"""The monitor at 200 and at 50,000 cases: its first page, and flags brought up to date after one entry against from scratch."""

import time
from collections.abc import Callable
from datetime import date
from statistics import median
from uuid import UUID, uuid4

import psycopg
from measure import Result, clinic, sign_in, stack

FEW, MANY = 200, 50_000
THERAPISTS = 8
SESSIONS, SCORES = 8, 6  # of each case
PHQ9 = UUID("5c0e0000-0000-4000-8000-000000000001")


def fill(connection: psycopg.Connection, team: UUID, therapists: list[UUID], cases: int) -> None:
    """So many cases, most of them with something that a rule looks at.

    Without triggers, which write the log and the weekly sums: they are measured elsewhere, and here they would only take time.
    """
    with connection.transaction():
        connection.execute("set local session_replication_role = replica")
        known = {
            "team": team,
            "people": therapists,
            "n": cases,
            "sessions": SESSIONS,
            "scores": SCORES,
            "phq9": PHQ9,
        }
        connection.execute(
            """
            create temporary table made on commit drop as
              select g as nr, gen_random_uuid() as id, (%(people)s::uuid[])[1 + g %% cardinality(%(people)s::uuid[])] as who
              from generate_series(1, %(n)s) g
            """,
            known,
        )
        for filling in (
            "insert into public.cases (therapist_id, id, team_id, code, started_on)"
            " select who, id, %(team)s, 'M-' || lpad(nr::text, 5, '0'), current_date - 120 - nr %% 200 from made",
            "insert into public.sessions (therapist_id, id, team_id, case_id, number, held_on, attendance)"
            " select who, gen_random_uuid(), %(team)s, id, g, current_date - 7 * (%(sessions)s - g) - nr %% 20,"
            " (case when (nr + g) %% 9 = 0 then 'no_show' else 'attended' end)::public.attendance from made, generate_series(1, %(sessions)s) g",
            "insert into public.scores (therapist_id, id, team_id, case_id, measure_id, on_day, value)"
            " select who, gen_random_uuid(), %(team)s, id, %(phq9)s, current_date - 7 * (%(scores)s - g) - nr %% 20, 10 + (nr * g) %% 11"
            " from made, generate_series(1, %(scores)s) g",
            "insert into public.ruptures (therapist_id, id, team_id, case_id, kind, noticed_on)"
            " select who, gen_random_uuid(), %(team)s, id, 'mixed', current_date - nr %% 60 from made where nr %% 3 = 0",
        ):
            connection.execute(filling, known)
    connection.execute("analyze")


def timed(action: Callable[[], object], times: int, *, before: Callable[[], object] = lambda: None) -> float:
    """Median seconds, after one run that is not counted; what happens `before` each is not counted either."""
    took = []
    for _ in range(times + 1):
        before()
        start = time.perf_counter()
        action()
        took.append(time.perf_counter() - start)
    return median(took[1:])


def of_size(running, connection: psycopg.Connection, cases: int, times: int) -> tuple[float, float, float]:
    """Seconds for a page (once from scratch, after one that is not counted), for bringing up to date after one entry, and for all of it from scratch."""
    team, therapists, supervisor = clinic(connection, therapists=THERAPISTS)
    fill(connection, team, therapists, cases)

    def refresh() -> None:
        while connection.execute("select private.refresh_flags(%s)", (team,)).fetchone()[0]:
            pass

    def entry() -> None:
        connection.execute(
            "insert into public.sessions (therapist_id, id, team_id, case_id, number, held_on, attendance)"
            " select therapist_id, %s, team_id, id, 999 - (random() * 900)::int, %s, 'attended' from public.cases where team_id = %s and code = 'M-00007'",
            (uuid4(), date.today(), team),
        )

    def forget() -> None:
        connection.execute("delete from public.flags where team_id = %s", (team,))
        connection.execute("delete from private.flags_computed where team_id = %s", (team,))

    scratch = timed(refresh, 1, before=forget)
    connection.execute("analyze public.flags")
    one = timed(refresh, times, before=entry)
    db = sign_in(running, supervisor)
    asked = {"teams": [str(team)], "show": "all"}
    page = timed(lambda: db.rpc("monitor", asked).execute(), times)
    found = db.rpc("monitor", asked).execute().data
    print(
        f"{cases:,} cases, {found['total']:,} with a flag up: page {page:.3f} s, one entry {one:.4f} s, from scratch {scratch:.2f} s",
        flush=True,
    )
    return page, one, scratch


def run(*, times: int = 9) -> list[Result]:
    with stack() as running, psycopg.connect(running.database_url, autocommit=True) as connection:
        few = of_size(running, connection, FEW, times)
        many = of_size(running, connection, MANY, times)
    size = f"{MANY:,} cases, {SESSIONS} sessions and {SCORES} scores each"
    return [
        Result("Monitor, first page of 25 over HTTP, at 50,000 cases against 200", many[0] / few[0], f"{MANY // FEW} times as many cases"),
        Result("Flags after one new entry against from scratch, at 50,000 cases", many[1] / many[2], size),
        Result("Flags after one new entry against from scratch, at 200 cases", few[1] / few[2], f"{FEW} cases"),
        Result("Flags after one new entry, at 50,000 cases against 200", many[1] / few[1], size),
    ]  # fmt: skip


if __name__ == "__main__":
    for result in run():
        print(result)
