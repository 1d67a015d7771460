"""A stack of its own with people who write, and what can be done to it: kill its server, its database, start them again."""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg

import local_stack
from bench import measure

TOKENS_LAST = 12 * 3600  # longer than any run
PEOPLE = 10


@dataclass
class Clinic:
    """`people` writes in `team`; `tokens` holds what each of them signs in with."""

    stack: local_stack.Stack
    directory: Path
    team: str = ""
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def people(self) -> list[str]:
        return list(self.tokens)

    def database(self) -> psycopg.Connection:
        """SQL as the superuser, each statement by itself."""
        return psycopg.connect(self.stack.database_url, autocommit=True)

    def place(self, name: str) -> Path:
        """A private directory, for a vault."""
        made = self.directory / name
        made.mkdir(mode=0o700)
        return made

    def kill_api(self) -> None:
        _kill([self.stack.api.pid])
        self.stack.api.wait()

    def kill_database(self) -> None:
        """Every process of PostgreSQL, all at once."""
        process = psutil.Process(self.stack.postgres.process.pid)
        _kill([process.pid, *(child.pid for child in process.children(recursive=True))])
        self.stack.postgres.process.wait()

    def restart(self) -> None:
        """Start what does not run. Called by the main thread, on which the children's life depends."""
        if self.stack.postgres.process.poll() is not None:
            self.stack.postgres.start()
        if self.stack.api.poll() is not None:
            self.stack.start_api(site_url="http://localhost:8501", jwt_expiry=TOKENS_LAST)
        while True:
            with suppress(psycopg.OperationalError):
                self.database().close()
                return
            time.sleep(0.05)


def staffed(clinic: Clinic, *, people: int = PEOPLE) -> Clinic:
    """The same stack with another team of people who have written nothing yet."""
    with clinic.database() as connection:
        team, therapists, _ = measure.clinic(connection, therapists=people)
    tokens = {}
    for number, person in enumerate(therapists):
        client = measure.sign_in(clinic.stack, measure.email(team, number))
        tokens[str(person)] = client.auth.get_session().access_token
    return Clinic(clinic.stack, clinic.directory, str(team), tokens)


@contextmanager
def running(*, durable: bool = True) -> Iterator[Clinic]:
    """A fresh stack, gone afterwards with all its files."""
    directory = Path(tempfile.mkdtemp(prefix="sixfold-faults-"))
    directory.chmod(0o711)
    try:
        with local_stack.start(
            directory / "stack", api_port=0, db_port=0, durable=durable, jwt_expiry=TOKENS_LAST
        ) as stack:
            yield Clinic(stack, directory)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _kill(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
