"""What the database tests share: the scene, SQL that is undone again, and operations as one person."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests import conftest as everywhere
from tests.database import scene as scenes
from tests.database.meeting_room import applied, new
from tests.database.operations import good
from tests.database.scene import ident, nothing_ahead


@pytest.fixture(scope="session")
def stack() -> Iterator[object]:
    """A stack that these tests have to themselves, for they count, empty and delete whole tables; under bench/mutation.py a copy of
    a database from which something was taken away."""
    if mutant := os.environ.get("SIXFOLD_MUTANT_DATABASE_URL"):
        yield SimpleNamespace(database_url=mutant)
    else:
        with everywhere.a_stack() as running:
            yield running


# The same fixtures, made anew: of this stack.
sql, account, acting_as = everywhere.sql, everywhere.account, everywhere.acting_as


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
                undone.execute(
                    "select set_config('request.jwt.claim.sub', '', true), set_config('request.jwt.claims', '', true)"
                )

    return speak


@pytest.fixture
def send(speaking: Speaker) -> Callable[..., list[dict]]:
    """`send(person, operation, …)` gives apply_ops' answers, in the test's own transaction."""

    def to_database(person: UUID, *operations: dict) -> list[dict]:
        with speaking(person) as db:
            return db.execute("select public.apply_ops(%s)", (Jsonb(list(operations)),)).fetchone()[0]

    return to_database


@pytest.fixture
def done(send, scene, undone) -> Callable[..., dict]:
    """Send one good operation as alice (or another) and expect it to be applied."""

    def apply(kind: str, *, by: str = "alice", **more: object) -> dict:
        sent = good(kind, scene, **more)
        (answer,) = send(scene.people[by], sent)
        assert answer == {"op_id": sent["op_id"], "state": "applied", "code": None, "message": None}
        return sent

    return apply


# --- a meeting ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def say(send, scene):
    """`say("sue", "meeting.go", entity, …)` sends one operation, by default with the present time."""

    def one(
        person: str, kind: str, entity: str, at: datetime | None = None, /, **params: object
    ) -> list[dict]:
        op = {"op_id": new(), "kind": kind, "entity": entity, "params": params, "stated_at": (at or datetime.now(UTC)).isoformat()}  # fmt: skip
        return send(scene.people[person], op)

    return one


@pytest.fixture
def meeting(undone, say, scene):
    """Planned by Sue for today: follow-ups, Alice's question, Bob's rupture, a theme, what went well."""
    nothing_ahead(undone)
    alice, bob = str(scene.people["alice"]), str(scene.people["bob"])
    items = {name: new() for name in ("follow_ups", "question", "rupture", "theme", "went_well")}
    made = [
        {"id": items["follow_ups"], "kind": "follow_ups", "minutes": 5},
        {"id": items["question"], "kind": "question", "therapist": alice, "case": str(ident("alice", "case")),
         "question": str(ident("alice", "open question")), "minutes": 15, "because": [{"why": "chosen"}, {"why": "flag", "rule": "R1", "points": 3}]},
        {"id": items["rupture"], "kind": "rupture", "therapist": bob, "case": str(ident("bob", "case")), "rupture": str(ident("bob", "rupture"))},
        {"id": items["theme"], "kind": "theme", "minutes": 5},
        {"id": items["went_well"], "kind": "went_well", "minutes": 5},
    ]  # fmt: skip
    meeting = new()
    applied(
        say(
            "sue",
            "meeting.plan",
            meeting,
            team=str(scene.teams["north"]),
            held_on=str(scene.today),
            items=made,
        )
    )
    return {"id": meeting, "led_by": str(scene.people["sue"]), **items}


@pytest.fixture
def seen(speaking, scene):
    """`seen("bob", "meeting_now")`: what the function answers this person about their team."""

    def of(person: str, what: str = "meeting_now", team: str = "north") -> dict | None:
        with speaking(scene.people[person]) as db:
            return db.execute(f"select public.{what}(%s)", (scene.teams[team],)).fetchone()[0]

    return of
