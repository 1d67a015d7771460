"""What the database tests share: the scene, SQL that is undone again, and operations as one person."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import SimpleNamespace
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.database import scene as scenes


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest) -> object:
    """The embedded stack; under bench/mutation.py a copy of its database from which something was taken away."""
    mutant = os.environ.get("SIXFOLD_MUTANT_DATABASE_URL")
    return SimpleNamespace(database_url=mutant) if mutant else request.getfixturevalue("stack")


@pytest.fixture(scope="session")
def scene(sql: psycopg.Connection, account: Callable[[str], UUID]) -> scenes.Scene:
    """Teams, people and one of everything for each therapist; written once."""
    return scenes.build(sql, account)


@pytest.fixture
def undone(sql: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """SQL as the database's owner, rolled back when the test ends."""
    with sql.transaction(force_rollback=True):
        yield sql


Speaker = Callable[..., AbstractContextManager[psycopg.Connection]]


@pytest.fixture
def speaking(undone: psycopg.Connection) -> Speaker:
    """`with speaking(person) as db:` within the test's own transaction: what one person writes, the next one meets."""

    @contextmanager
    def speak(person: UUID | None) -> Iterator[psycopg.Connection]:
        for name, value in (
            ("request.jwt.claim.sub", str(person or "")),
            ("request.jwt.claim.role", "authenticated" if person else "anon"),
            ("request.jwt.claims", f'{{"sub": "{person}"}}' if person else "{}"),
            ("role", "authenticated" if person else "anon"),
        ):
            undone.execute("select set_config(%s, %s, true)", (name, value))
        try:
            yield undone
        finally:
            if undone.info.transaction_status != psycopg.pq.TransactionStatus.INERROR:
                undone.execute("reset role")
                undone.execute("select set_config('request.jwt.claim.sub', '', true), set_config('request.jwt.claims', '', true)")

    return speak


def op(kind: str, /, *, entity: UUID | None = None, op_id: UUID | None = None, **params: object) -> dict:
    """One operation as the app sends it."""
    return {
        "op_id": str(op_id or uuid4()), "kind": kind, "entity": str(entity or uuid4()), "stated_at": "2026-01-05T10:00:00+00:00",
        "params": {name: str(value) if isinstance(value, UUID) else value for name, value in params.items()},
    }  # fmt: skip


@pytest.fixture
def send(speaking: Speaker) -> Callable[..., list[dict]]:
    """`send(person, operation, …)` gives apply_ops' answers, in the test's own transaction."""

    def to_database(person: UUID, *operations: dict) -> list[dict]:
        with speaking(person) as db:
            return db.execute("select public.apply_ops(%s)", (Jsonb(list(operations)),)).fetchone()[0]

    return to_database


def refusal(db: psycopg.Connection, statement: str, values: tuple = ()) -> tuple[str | None, str | None]:
    """The code and constraint this statement is refused with; (None, None) when it is not. Either way it has not happened."""
    try:
        with db.transaction(force_rollback=True):
            db.execute(statement, values)
    except psycopg.Error as problem:
        return problem.sqlstate, problem.diag.constraint_name
    return None, None
