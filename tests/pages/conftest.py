"""The whole application behind AppTest: main.py with its pages, on the real stack, as whoever a test needs."""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from types import ModuleType
from uuid import UUID, uuid4

import pytest
from streamlit.testing.v1 import AppTest
from supabase import Client

from dashboard import runtime
from dashboard.runtime import Running
from services import database, settings, sync
from services.accounts import Account
from services.outbox import Outbox
from services.web_sessions import key_of
from tests.app_tests import packages_are_looked_through_once  # noqa: F401  fixture

ROOT = Path(__file__).resolve().parents[2]
KEY = "a key for page tests that is long enough: 3Vq8xT5mB1"
NUMBERS = count(1)


@dataclass(frozen=True)
class Somebody:
    """A person of the test's own: what they see, what waits in their outbox, and a client that speaks for them."""

    id: UUID
    name: str
    team: UUID
    team_name: str
    app: "App"
    session: str = field(repr=False)
    """The key of their sign-in."""

    def visits(self, page: str, **query: str) -> AppTest:
        """A browser of its own, on this page; nothing of an earlier one is in it but what the server keeps."""
        at = AppTest.from_file(str(ROOT / "dashboard" / "main.py"), default_timeout=60)
        at.user = {"person": str(self.id), "session": self.session}
        at.run()
        for name, value in query.items():
            at.query_params[name] = value
        return at.switch_page(str(ROOT / "pages" / f"{page}.py")).run()

    @property
    def outbox(self) -> Outbox:
        return Outbox(self.app.running.vault, str(self.id))

    @property
    def db(self) -> Client:
        return database.client(
            self.app.running.sessions.token(self.session), settings=self.app.running.settings
        )

    def saved(self, kind: str) -> list:
        """What they saved of this kind, the earliest first."""
        return [op for op in reversed(self.outbox.recent()) if op.kind == kind]

    def synced(self) -> None:
        """Send what waits, and wait until the database has it or has refused it."""
        self.app.sends()
        deadline = time.monotonic() + 60  # a net for a run that is stuck, not a measure of speed
        while self.outbox.status().waiting:
            assert time.monotonic() < deadline, self.outbox.waiting()
            time.sleep(0.02)


@dataclass
class App:
    """The running application. Nothing is sent to the database until a test says so, and it can be taken away."""

    running: Running
    sql: object
    sign_in: Callable
    account: Callable
    place: ModuleType
    worker: sync.Worker | None = None

    def team(self) -> UUID:
        """A new team, in a clinic of its own."""
        clinic, team = uuid4(), uuid4()
        self.sql.execute("insert into public.clinics (id, name) values (%s, 'Pages')", (clinic,))
        self.sql.execute(
            "insert into public.teams (id, clinic_id, name) values (%s, %s, %s)",
            (team, clinic, f"Team {team.hex[:4]}"),
        )
        self.sql.execute("insert into public.team_settings (team_id) values (%s)", (team,))
        return team

    def person(
        self,
        *roles: str,
        name: str = "Alice Ashby",
        team: UUID | None = None,
        since: timedelta = timedelta(weeks=60),
    ) -> Somebody:
        """Somebody new, signed in, with these roles in a team; in a new one unless it is named."""
        team = team or self.team()
        email = f"{name.split()[0].lower()}.{next(NUMBERS)}@pages.example.org"
        person = self.account(email)
        clinic, team_name = self.sql.execute(
            "select clinic_id, name from public.teams where id = %s", (team,)
        ).fetchone()
        self.sql.execute(
            "insert into public.people (id, clinic_id, display_name) values (%s, %s, %s)",
            (person, clinic, name),
        )
        for role in roles or ("therapist",):
            self.sql.execute(
                "insert into public.memberships (person_id, team_id, role, starts_on) values (%s, %s, %s, %s)",
                (person, team, role, today() - since),
            )
        had = self.sign_in(email).auth.get_session()
        account = Account(str(person), email, had.access_token, 3600.0, had.refresh_token)
        return Somebody(person, name, team, team_name, self, key_of(self.running.sessions.create(account)))

    def sends(self) -> None:
        """From now on the worker sends what is saved."""
        if self.worker is None:
            self.worker = sync.Worker(
                self.running.vault, self.running.settings, tokens=self.running.sessions.token_of
            )
            self.worker.start()

    def holds(self) -> None:
        """From now on nothing is sent, until a test asks for it again."""
        if self.worker:
            self.worker.stop()
            self.worker = None

    def loses_the_database(self) -> None:
        """Nobody answers any more, what was saved included; everything on this server goes on."""
        if self.worker:
            self.worker.stop()
            self.worker = None
        away = replace(self.running.settings, supabase_url="http://127.0.0.1:9")
        self.place.running = replace(self.running, settings=away)


def today() -> date:
    """As the pages count it for a browser that names no time zone."""
    return datetime.now(UTC).date()


@pytest.fixture(scope="session")
def running(stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    directory = tmp_path_factory.mktemp("pages")
    directory.chmod(0o700)
    here = settings.load(
        {
            "SUPABASE_URL": stack.url, "SUPABASE_PUBLISHABLE_KEY": stack.publishable_key,
            "SIXFOLD_VAULT": str(directory / "vault.db"), "SIXFOLD_VAULT_KEY": KEY,
        }
    )  # fmt: skip
    started = runtime.start(here)
    sys.modules.pop(runtime._KEPT_UNDER)  # each test puts it back for itself
    yield started
    started.desk.shutdown()
    started.vault.close()


@pytest.fixture
def app(running: Running, sql, sign_in, account, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    place = ModuleType(runtime._KEPT_UNDER)
    place.running = running
    monkeypatch.setitem(sys.modules, runtime._KEPT_UNDER, place)
    made = App(running, sql, sign_in, account, place)
    yield made
    if made.worker:
        made.worker.stop()


@pytest.fixture
def alice(app: App) -> Somebody:
    """A therapist in a team of her own, in which nothing has happened yet."""
    return app.person("therapist")


def words(at: AppTest) -> str:
    """Everything that is written on the page: headings, text, captions, notices, and the labels of what can be used."""
    said = []
    for element in at.main:
        said += [getattr(element, name, None) for name in ("label", "value", "help")]
        if element.type == "html":
            said.append(element.proto.body)
    return "\n".join(text for text in said if isinstance(text, str))


def pick(at: AppTest, key: str, value: object) -> AppTest:
    """Choose in pills or a segmented control, and let the page run."""
    return at.button_group(key=key).set_value(value).run()


def write(at: AppTest, key: str, text: str) -> AppTest:
    return at.text_area(key=key).set_value(text).run()


def press(at: AppTest, key: str) -> AppTest:
    return at.button(key=key).click().run()


def has(at: AppTest, key: str) -> bool:
    """Whether there is a widget with this key on the page."""
    return any(getattr(element, "key", None) == key for element in at.main)
