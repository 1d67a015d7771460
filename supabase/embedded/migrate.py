"""Applies migrations in order, each in one transaction, into the history table that the Supabase CLI reads."""

import re
from pathlib import Path

import psycopg

from processes import StackProblem

NAMED = re.compile(r"(?P<version>\d{14})_(?P<name>\w+)\.sql")

# The CLI's own shape; `if not exists`, because a database that the CLI has pushed to has it already.
HISTORY = """
create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (
  version text primary key, statements text[], name text
);
"""


def up(database_url: str, migrations: Path) -> list[str]:
    """Apply what the history lacks; returns the versions applied.

    Raises StackProblem for a file that fails, which leaves nothing behind, and for one edited since it was applied.
    """
    applied = []
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(HISTORY)
        known = dict(
            connection.execute(
                "select version, statements from supabase_migrations.schema_migrations"
            ).fetchall()
        )
        for file in sorted(migrations.glob("*.sql")):
            named = NAMED.fullmatch(file.name)
            if not named:
                raise StackProblem(f"{file.name} is no migration: name it <14 digits>_<what_it_does>.sql.")
            if named["version"] in known:
                if known[named["version"]] != [file.read_text(encoding="utf-8")]:
                    raise StackProblem(
                        f"Migration {file.name} was edited after it had been applied to these data: "
                        "undo the edit, or start afresh with `make demo-reset`."
                    )
                continue
            _apply(connection, file, named["version"], named["name"])
            applied.append(named["version"])
        if applied:
            connection.execute("notify pgrst, 'reload schema'")
    return applied


def _apply(connection: psycopg.Connection, file: Path, version: str, name: str) -> None:
    text = file.read_text(encoding="utf-8")
    try:
        with connection.transaction():
            connection.execute(text)  # without parameters: the file may hold many statements
            connection.execute(
                "insert into supabase_migrations.schema_migrations (version, name, statements) values (%s, %s, %s)",
                (version, name, [text]),
            )
    except psycopg.Error as problem:
        place = problem.diag.statement_position
        line = f", line {text.count(chr(10), 0, int(place)) + 1}" if place else ""
        context = f" ({problem.diag.context})" if problem.diag.context else ""
        raise StackProblem(
            f"Migration {file.name}{line} failed: {problem.diag.message_primary or problem}{context}"
        ) from problem
