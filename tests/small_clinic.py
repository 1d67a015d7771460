"""A small clinic, and people who write in it through their own outbox and the real sync. Each file of tests has its own."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from supabase import Client

from services import settings, sync, vault
from services.outbox import Outbox
from services.vault import Vault

KEY = "a key for tests that is long enough: 7Kq2pZ9xL4"
ROLES = {
    "alice": ("therapist", "Here"),
    "bob": ("therapist", "Here"),
    "carol": ("therapist", "Here"),
    "dan": ("therapist", "Here"),
    "sue": ("supervisor", "Here"),
    "lee": ("lead", "Here"),
    "ada": ("admin", "Here"),
    "otto": ("supervisor", "Elsewhere"),
}


@dataclass(frozen=True)
class Clinic:
    """Who is there: `people["alice"]` is an id, `as_("alice")` a client that speaks for her, `outbox("alice")` hers."""

    people: dict[str, UUID]
    as_: Callable[[str], Client]
    outbox: Callable[[str], Outbox]
    synced: Callable[[], None]
    team: UUID
    elsewhere: UUID


@pytest.fixture(scope="module")
def clinic_vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    directory: Path = tmp_path_factory.mktemp("vault")
    directory.chmod(0o700)
    opened = vault.open(directory / "vault.db", KEY)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def clinic(stack, sql: psycopg.Connection, account, sign_in, clinic_vault: Vault) -> Iterator[Clinic]:
    """Eight people in two teams, on the real stack, with one worker that syncs for all of them."""
    home, teams = uuid4(), {"Here": uuid4(), "Elsewhere": uuid4()}
    emails = {name: f"{name}.{home.hex[:8]}@small.example.org" for name in ROLES}
    people = {name: account(email) for name, email in emails.items()}
    sql.execute("insert into public.clinics (id, name) values (%s, 'Small clinic')", (home,))
    for name, team in teams.items():
        sql.execute("insert into public.teams (id, clinic_id, name) values (%s, %s, %s)", (team, home, name))
        sql.execute("insert into public.team_settings (team_id) values (%s)", (team,))
    for name, (role, team) in ROLES.items():
        sql.execute(
            "insert into public.people (id, clinic_id, display_name) values (%s, %s, %s)",
            (people[name], home, name.title()),
        )
        sql.execute(
            "insert into public.memberships (person_id, team_id, role, starts_on) values (%s, %s, %s, %s)",
            (people[name], teams[team], role, date.today() - timedelta(weeks=60)),
        )
    clients = {str(people[name]): sign_in(emails[name]) for name in ROLES}
    tokens = {person: client.auth.get_session().access_token for person, client in clients.items()}
    here = settings.load(
        {
            "SUPABASE_URL": stack.url,
            "SUPABASE_PUBLISHABLE_KEY": stack.publishable_key,
            "SIXFOLD_VAULT_KEY": KEY,
        }
    )
    worker = sync.Worker(clinic_vault, here, tokens.get)
    worker.start()

    def synced() -> None:
        """Wait until nothing waits any more; parked operations stay."""
        boxes = [Outbox(clinic_vault, person) for person in tokens]
        deadline = time.monotonic() + 60  # a net for a run that is stuck, not a measure of speed
        while any(box.status().waiting for box in boxes):
            assert time.monotonic() < deadline, [op for box in boxes for op in box.waiting()]
            time.sleep(0.02)

    yield Clinic(
        people,
        as_=lambda name: clients[str(people[name])],
        outbox=lambda name: Outbox(clinic_vault, str(people[name])),
        synced=synced,
        team=teams["Here"],
        elsewhere=teams["Elsewhere"],
    )
    worker.stop()


@pytest.fixture
def today() -> date:
    return date.today()
