"""What the benches share: a stack of their own, a made-up clinic, and a result that is always a ratio."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
from supabase import Client, ClientOptions, create_client

import local_stack

PASSWORD = "a long enough test password"
PASSWORD_HASH = "$2b$04$3WJq14uOiHOYbbW03AlCTua0YSSxdin.fJDz7tSS3SlbnS48BGExO"
ACCOUNT = """
with made as (
  insert into auth.users (id, aud, role, email, encrypted_password, email_confirmed_at, created_at, updated_at,
    raw_app_meta_data, raw_user_meta_data, confirmation_token, recovery_token, email_change_token_new, email_change)
  values (%(id)s, 'authenticated', 'authenticated', %(email)s, %(hash)s, now(), now(), now(), '{}', '{}', '', '', '', '') returning id)
insert into auth.identities (id, provider_id, user_id, identity_data, provider, created_at, updated_at)
select gen_random_uuid(), id::text, id, jsonb_build_object('sub', id::text, 'email', %(email)s::text), 'email', now(), now() from made
"""


@dataclass(frozen=True, slots=True)
class Result:
    """One figure: a ratio of two medians of the same run, or a plain size where nothing is timed."""

    what: str
    value: float
    beside: str = ""
    unit: str = "×"

    def __str__(self) -> str:
        return f"{self.what}: {self.value:.3g} {self.unit}" + (f" ({self.beside})" if self.beside else "")


@contextmanager
def stack() -> Iterator[local_stack.Stack]:
    """A fresh embedded stack with the migrations, gone afterwards."""
    directory = Path(tempfile.mkdtemp(prefix="sixfold-bench-"))
    directory.chmod(0o711)
    try:
        with local_stack.start(directory / "stack", api_port=0, db_port=0) as running:
            yield running
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def email(team: UUID, number: int) -> str:
    """The address of one of a team's people; the supervisor comes after the therapists."""
    return f"person{number}@{team}.example"


def clinic(connection: psycopg.Connection, *, therapists: int) -> tuple[UUID, list[UUID], str]:
    """A team with so many therapists and a supervisor; returns the team, the therapists and the supervisor's e-mail."""
    home, team = uuid4(), uuid4()
    connection.execute("insert into public.clinics (id, name) values (%s, 'Bench')", (home,))
    connection.execute(
        "insert into public.teams (id, clinic_id, name) values (%s, %s, 'Bench')", (team, home)
    )
    connection.execute("insert into public.team_settings (team_id) values (%s)", (team,))
    people = [uuid4() for _ in range(therapists + 1)]
    for number, person in enumerate(people):
        connection.execute(ACCOUNT, {"id": person, "email": email(team, number), "hash": PASSWORD_HASH})
        connection.execute(
            "insert into public.people (id, clinic_id, display_name) values (%s, %s, %s)",
            (person, home, f"Person {number}"),
        )
        connection.execute(
            "insert into public.memberships (person_id, team_id, role, starts_on) values (%s, %s, %s, %s)",
            (
                person,
                team,
                "therapist" if number < therapists else "supervisor",
                date.today() - timedelta(days=2000),
            ),
        )
    return team, people[:-1], email(team, therapists)


def sign_in(running: local_stack.Stack, email: str) -> Client:
    """A supabase-py client that speaks as this person."""
    client = create_client(
        running.url,
        running.publishable_key,
        ClientOptions(auto_refresh_token=False, persist_session=False, postgrest_client_timeout=60),
    )
    client.auth.sign_in_with_password({"email": email, "password": PASSWORD})
    return client
