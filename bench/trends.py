"""Trends at a million episodes: the safe view over HTTP, against raw SQL as superuser and against rows in pandas."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from uuid import UUID

import pandas as pd
import psycopg
from measure import Result, clinic, sign_in, stack

ROWS = 1_000_000
THERAPISTS = 8
WEEKS = 156
PAGES = 40  # of 1,000 rows; the whole million is reckoned from their median, so that the bench ends today

RAW = """
select first_blame, kind, private.week_of(happened_on) as week, count(*), count(distinct therapist_id)
from public.episodes where team_id = %s group by grouping sets ((kind, week), (first_blame, week))
"""


def fill(connection: psycopg.Connection, team: UUID, therapists: list[UUID], rows: int) -> None:
    """A million episodes of one team over three years, through the triggers that keep the weekly sums."""
    monday = date.today() - timedelta(days=date.today().weekday())
    for therapist in therapists:
        connection.execute(
            "insert into public.cases (therapist_id, id, team_id, code) values (%s, %s, %s, 'C-1000') on conflict do nothing",
            (therapist, therapist, team),
        )
        connection.execute(
            """
            insert into public.episodes (therapist_id, id, team_id, case_id, happened_on, kind, intensity, first_blame, next_move)
            select %(t)s, gen_random_uuid(), %(team)s, %(t)s, %(first)s::date + (g %% %(days)s)::int,
              (enum_range(null::public.episode_kind))[1 + g %% 7], 1 + g %% 5,
              (enum_range(null::public.blame))[1 + g %% 3], (enum_range(null::public.next_move))[1 + g %% 5]
            from generate_series(1, %(n)s) g
            """,
            {
                "t": therapist,
                "team": team,
                "first": monday - timedelta(weeks=WEEKS),
                "days": WEEKS * 7,
                "n": rows // len(therapists),
            },
        )
    connection.execute("analyze")


def timed(action: Callable[[], object], times: int) -> float:
    """Median seconds, after one run that is not counted."""
    action()
    took = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        took.append(time.perf_counter() - start)
    return median(took)


def run(*, rows: int = ROWS, times: int = 7) -> list[Result]:
    with stack() as running, psycopg.connect(running.database_url, autocommit=True) as connection:
        team, therapists, supervisor = clinic(connection, therapists=THERAPISTS)
        fill(connection, team, therapists, rows)
        db = sign_in(running, supervisor)
        span = {"team": str(team), "from_week": "2000-01-03", "to_week": "2100-01-04"}
        safe = timed(lambda: db.rpc("team_trends", span).execute(), times)
        exact = timed(lambda: db.rpc("team_trends_exact", span).execute(), times)
        raw = timed(lambda: connection.execute(RAW, (team,)).fetchall(), times)

        pages, last = [], ""
        for _ in range(PAGES):
            start = time.perf_counter()
            query = (
                db.table("episodes")
                .select("id, therapist_id, happened_on, kind, first_blame")
                .eq("team_id", str(team))
            )
            found = (query.gt("id", last) if last else query).order("id").limit(1000).execute().data
            pages.append(pd.DataFrame(found))
            last = found[-1]["id"]
            pages[-1].attrs["took"] = time.perf_counter() - start
        one = median(page.attrs["took"] for page in pages)
        pandas = one * rows / 1000
    return [
        Result(
            "Trends RPC, safe view, under RLS and over HTTP, against raw SQL as superuser",
            safe / raw,
            f"{rows:,} episodes",
        ),
        Result("Trends RPC, exact weeks, against raw SQL as superuser", exact / raw, f"{rows:,} episodes"),
        Result(
            "Trends RPC, safe view, against fetching every row (1,000 a page) for pandas",
            safe / pandas,
            f"{rows:,} episodes; {PAGES} pages fetched, the rest reckoned from their median",
        ),
    ]


if __name__ == "__main__":
    for result in run():
        print(result)
