"""Fills a database with the demo clinic: made-up people and half a year of their work, up to yesterday.

    python supabase/embedded/seed_demo.py postgresql://postgres:…@127.0.0.1:54322/postgres

For demonstrations and development only: everybody knows the password.
"""

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

# The app's own rules choose the prompts, so that the demo shows none that the app would not have offered.
sys.path.append(str(Path(__file__).resolve().parents[2]))

from demo_clinic import meetings
from demo_clinic.build import build
from demo_clinic.people import PASSWORD_HASH, PEOPLE, RUNNING, SIGN_INS, key
from services import themes, trends, weeks
from services.prompt_rules import Prompt

__all__ = ["SIGN_INS", "seed"]

# What GoTrue expects of an account; columns that this database's schema auth lacks are left out.
# Its token columns may not be null, or signing in fails.
ACCOUNT = {
    "instance_id": UUID(int=0), "aud": "authenticated", "role": "authenticated", "encrypted_password": PASSWORD_HASH,
    "raw_app_meta_data": Jsonb({"provider": "email", "providers": ["email"]}), "confirmation_token": "",
    "recovery_token": "", "email_change": "", "email_change_token_new": "", "email_change_token_current": "",
    "phone_change": "", "phone_change_token": "", "reauthentication_token": "",
}  # fmt: skip

JSON_LISTS = {"because"}  # lists that are one value to the database


def seed(database_url: str, today: date) -> None:
    """Put the demo clinic in, all or nothing; where it is already, nothing happens.

    `today` is the day in UTC, as the database counts it; the last entries are of the day before.
    """
    with psycopg.connect(database_url) as db:
        db.execute("select pg_advisory_xact_lock(hashtextextended('sixfold.seed_demo', 0))")
        if db.execute(
            "select exists (select from public.clinics where id = %s)", (key("clinic"),)
        ).fetchone()[0]:
            return
        write(db, today)


def write(db: psycopg.Connection, today: date) -> None:
    """Put the demo clinic, as it stands on the morning of `today`, into a database that lacks it; commits nothing."""
    _accounts(db)
    made = build(today, _prompts(db))
    tables = list(made.tables)
    first = tables.index(
        "meetings"
    )  # what is prepared for the meeting of today looks at what is there already
    for table in tables[:first]:
        _copy(db, table, made.tables[table])
    # Fresh statistics and published periods, or the first visitor would wait for both.
    db.execute("analyze")
    db.execute("select private.publish(id) from public.teams where clinic_id = %s", (key("clinic"),))
    for meeting in made.tables["meetings"]:
        if meeting["state"] == "planned":
            meeting["theme"] = _theme(db, meeting, today)
    for table in tables[first:]:
        _copy(db, table, made.tables[table])
    # The spells of flags gone by were found week by week: none of the complete weeks is unknown.
    db.execute(
        "insert into private.flag_weeks (team_id, week) select t.id, w::date from public.teams t,"
        " generate_series(%s::date, %s::date, '7 days') w where t.clinic_id = %s",
        (made.day(0), made.day(RUNNING - 1), key("clinic")),
    )
    with db.cursor() as cursor:  # nobody's answers are rows of their own
        cursor.executemany(
            "insert into private.pulse_counts (led_by, meeting_id, answer, n) values (%s, %s, %s, %s)",
            [(meetings.LED_BY, *counted) for counted in meetings.pulses()],
        )


def _theme(db: psycopg.Connection, meeting: dict[str, Any], today: date) -> dict[str, Any]:
    """The team's theme as its supervisor finds it today."""
    with db.transaction(force_rollback=True):  # so that nobody is left speaking afterwards
        db.execute(
            "select set_config('request.jwt.claim.sub', %(id)s, true),"
            " set_config('request.jwt.claims', json_build_object('sub', %(id)s::text)::text, true)",
            {"id": str(meeting["led_by"])},
        )
        since, until = weeks.monday(today - themes.SPAN), weeks.monday(today) + weeks.WEEK
        answer = db.execute(
            "select public.team_trends(%s, %s, %s)", (meeting["team_id"], since, until)
        ).fetchone()[0]
    return themes.found(trends.of_answer(answer)).as_json()


def _prompts(db: psycopg.Connection) -> list[Prompt]:
    """The prompts shipped with Sixfold, in the order in which they are shown."""
    with db.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            "select slug, stage::text, causes, rupture_kinds::text[], trigger, wording, position from public.prompts"
            " where clinic_id is null and active order by stage, position, slug"
        )
        return [Prompt.from_row(row) for row in rows]


def _accounts(db: psycopg.Connection) -> None:
    columns = {
        row[0]
        for row in db.execute(
            "select column_name from information_schema.columns where table_schema = 'auth' and table_name = 'users'"
        )
    }
    now = datetime.now(UTC)
    for person in PEOPLE.values():
        account = {name: value for name, value in ACCOUNT.items() if name in columns} | {
            "id": person.id, "email": person.email, "email_confirmed_at": now, "created_at": now, "updated_at": now,
            "raw_user_meta_data": Jsonb({"display_name": person.name}),
        }  # fmt: skip
        identity = {
            "id": key("identity", person.key), "provider": "email", "provider_id": str(person.id), "user_id": person.id,
            "identity_data": Jsonb({"sub": str(person.id), "email": person.email, "email_verified": True}),
            "created_at": now, "updated_at": now,
        }  # fmt: skip
        for table, row in (("users", account), ("identities", identity)):
            statement = sql.SQL("insert into auth.{} ({}) values ({}) on conflict do nothing").format(
                sql.Identifier(table),
                sql.SQL(", ").join(map(sql.Identifier, row)),
                sql.SQL(", ").join(sql.Placeholder() * len(row)),
            )
            db.execute(statement, list(row.values()))


def _copy(db: psycopg.Connection, table: str, rows: list[dict]) -> None:
    columns = list(rows[0])
    statement = sql.SQL("copy public.{} ({}) from stdin").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with db.cursor().copy(statement) as copy:
        for row in rows:
            copy.write_row([_value(name, row[name]) for name in columns])


def _value(column: str, value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict) or column in JSON_LISTS else value


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        description="Put the demo clinic into a database, unless it is there already."
    )
    parser.add_argument(
        "database_url", help="the database's owner, for example postgresql://postgres:…@host/postgres"
    )
    seed(parser.parse_args().database_url, datetime.now(UTC).date())
    print("The demo clinic is there. Everybody signs in with the same password:")
    for email, password, name, words in SIGN_INS:
        print(f"  {email:<34} {password}   {name}, {words}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
