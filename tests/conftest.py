"""What every test can ask for: a fresh embedded stack, and SQL or a client as one person."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from uuid import UUID, uuid5

import httpx
import hypothesis
import psycopg
import pytest
from supabase import Client, ClientOptions, create_client

import local_stack
from tests.clock import clock  # noqa: F401  a fixture
from tests.small_clinic import clinic, clinic_vault, today  # noqa: F401  fixtures
from tests.spread import (  # noqa: F401  hooks
    pytest_collection_modifyitems,
    pytest_xdist_auto_num_workers,
    pytest_xdist_make_scheduler,
)

# How long an example takes says something about the machine, and no test asserts that.
hypothesis.settings.register_profile("sixfold", deadline=None)
hypothesis.settings.load_profile("sixfold")

PASSWORD = "a long enough test password"
# bcrypt of PASSWORD at cost 4, so that signing in costs a test 2 ms instead of 120
PASSWORD_HASH = "$2b$04$3WJq14uOiHOYbbW03AlCTua0YSSxdin.fJDz7tSS3SlbnS48BGExO"
PEOPLE = UUID("5f0f0000-0000-4000-8000-000000000000")


@contextmanager
def open_directory() -> Iterator[Path]:
    """A temporary directory that PostgreSQL's own user may enter (pytest's tmp_path is closed to it)."""
    directory = Path(tempfile.mkdtemp(prefix="sixfold-"))
    directory.chmod(0o711)
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def a_stack() -> Iterator[local_stack.Stack]:
    """A fresh stack on free ports with the migrations applied."""
    with (
        open_directory() as directory,
        local_stack.start(directory / "stack", api_port=0, db_port=0, durable=False) as running,
    ):
        yield running


@pytest.fixture(scope="session")
def stack() -> Iterator[local_stack.Stack]:
    """One stack for the whole run."""
    with a_stack() as running:
        yield running


@pytest.fixture(scope="session")
def sql(stack: local_stack.Stack) -> Iterator[psycopg.Connection]:
    """SQL as the database's owner, each statement committed at once: for setting a scene and looking behind it."""
    with psycopg.connect(stack.database_url, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def acting_as(
    stack: local_stack.Stack,
) -> Iterator[Callable[..., AbstractContextManager[psycopg.Connection]]]:
    """`with acting_as(person) as db:` runs SQL as that person; without a person, as a visitor. Rolled back at the end."""
    with psycopg.connect(stack.database_url, autocommit=True) as connection:

        @contextmanager
        def act(person: UUID | str | None = None) -> Iterator[psycopg.Connection]:
            role = "anon" if person is None else "authenticated"
            sub = "" if person is None else str(person)
            claims = {"role": role} | ({"sub": sub} if sub else {})
            with connection.transaction(force_rollback=True):
                # Hosted projects read the claims as one JSON object, Lite reads them one by one.
                for name, value in (
                    ("request.jwt.claims", json.dumps(claims)),
                    ("request.jwt.claim.sub", sub),
                    ("request.jwt.claim.role", role),
                    ("role", role),
                ):
                    connection.execute("select set_config(%s, %s, true)", (name, value))
                yield connection

        yield act


@pytest.fixture(scope="session")
def account(sql: psycopg.Connection) -> Callable[[str], UUID]:
    """`account("alice@example.org")` makes sure this account exists, with PASSWORD, and returns its id (always the same)."""

    def make(email: str) -> UUID:
        person = uuid5(PEOPLE, email)
        sql.execute(
            """
            insert into auth.users (id, aud, role, email, encrypted_password, email_confirmed_at, created_at, updated_at,
              raw_app_meta_data, raw_user_meta_data, confirmation_token, recovery_token, email_change_token_new, email_change)
            values (%s, 'authenticated', 'authenticated', %s, %s, now(), now(), now(), '{"provider": "email"}', '{}', '', '', '', '')
            on conflict (id) do nothing
            """,
            (person, email, PASSWORD_HASH),
        )
        sql.execute(
            """
            insert into auth.identities (id, provider_id, user_id, identity_data, provider, created_at, updated_at)
            select gen_random_uuid(), %(id)s::text, %(id)s, jsonb_build_object('sub', %(id)s::text, 'email', %(email)s::text), 'email', now(), now()
            where not exists (select from auth.identities where user_id = %(id)s)
            """,
            {"id": person, "email": email},
        )
        return person

    return make


@pytest.fixture(scope="session")
def sign_in(stack: local_stack.Stack, account: Callable[[str], UUID]) -> Iterator[Callable[..., Client]]:
    """`sign_in("alice@example.org")` gives a supabase-py client that speaks as this person; the account is made if missing."""
    with httpx.Client(timeout=20) as http:

        def enter(email: str, password: str = PASSWORD) -> Client:
            account(email)
            options = ClientOptions(auto_refresh_token=False, persist_session=False, httpx_client=http)
            client = create_client(stack.url, stack.publishable_key, options)
            client.auth.sign_in_with_password({"email": email, "password": password})
            return client

        yield enter
