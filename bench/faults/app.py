"""The app of these runs, without its pages: a vault, a sync worker, and people who write through their own outbox.

It runs as a process of its own, to be killed. `Nursery` is the parent's side: a process that has imported everything
and forks an app within milliseconds. An operation is acknowledged, in one line on the pipe, only after `accept` returned.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.faults import plan
from processes import die_with_parent
from services import sync, vault
from services.errors import ServiceError
from services.outbox import Outbox
from services.settings import Settings
from services.vault import Vault

ROOT = Path(__file__).resolve().parents[2]
# Where a child finds what its parent has: a test runner keeps its own path to itself.
PLACES = os.pathsep.join(map(str, (ROOT, ROOT / "supabase" / "embedded")))


@dataclass(frozen=True)
class Life:
    """What one app process is to do. `written` says how many operations of each person are acknowledged already."""

    vault: str
    key: str
    url: str
    publishable_key: str
    team: str
    tokens: dict[str, str]
    written: dict[str, int]
    task: str = "write"  # or "drain", or "rotate" to `new_key`
    new_key: str = ""
    pause: float = 0.03  # seconds, at most, between two entries of a person


def say(*words: object) -> None:
    """One line to the parent; short enough for the pipe to take it whole, whatever happens next."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def live(life: Life) -> None:
    """Be the app, until killed; or until everything has been sent."""
    try:
        if life.task == "rotate":
            vault.rotate(Path(life.vault), life.key, life.new_key)
            return say("rotated")
        opened = vault.open(Path(life.vault), life.key)
        opened.hold()
    except ServiceError as refusal:
        return say("refused", refusal)
    here = Settings(life.url, life.publishable_key, Path(life.vault), life.key)
    worker = sync.Worker(opened, here, life.tokens.get)
    worker.start()
    if life.task == "write":
        for person, count in life.written.items():
            threading.Thread(target=write, args=(life, opened, person, count), daemon=True).start()
    else:
        _drain(life, opened)
        worker.stop()
        opened.close()
        return say("done")
    say("writing")
    while True:
        time.sleep(60)


def write(life: Life, opened: Vault, person: str, n: int) -> None:
    """One person's afternoon. What was not acknowledged when the app died is said again under the same name."""
    box, chance = Outbox(opened, person), random.Random()
    while True:
        operation = plan.nth(life.team, person, n)
        try:
            box.accept(
                kind=operation.kind,
                entity=operation.entity,
                params=operation.params,
                op_id=operation.op_id,
                after=operation.after,
            )
        except ServiceError as trouble:
            say("trouble", person, n, trouble)
            return
        say("kept", person, n)
        n += 1
        time.sleep(chance.uniform(0, life.pause))


def _drain(life: Life, opened: Vault) -> None:
    boxes = [Outbox(opened, person) for person in life.tokens]
    while waiting := sum(box.status().waiting for box in boxes):
        say("waiting", waiting)
        time.sleep(0.1)
    for box in boxes:
        for operation in box.parked():
            say("parked", box.owner, operation.op_id, operation.code)


def nursery() -> None:
    """Fork one app per line that comes in, and say when each has ended."""
    die_with_parent(signal.SIGKILL)
    signal.signal(signal.SIGCHLD, _collect)
    for line in sys.stdin:
        life = Life(**json.loads(line))
        for key in filter(None, (life.key, life.new_key)):
            vault._raw(key)  # derived once, not once per child
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
            die_with_parent(signal.SIGKILL)
            try:
                live(life)
            finally:
                os._exit(0)
        say("born", child)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})


def _collect(_number: int, _frame: object) -> None:
    try:
        while (child := os.waitpid(-1, os.WNOHANG))[0]:
            say("ended", child[0])
    except ChildProcessError:
        return


class Nursery:
    """The parent's side. `kept` counts each person's acknowledged operations, over all lives."""

    def __init__(self, life: Life, *, log: Path) -> None:
        self.life = life
        self.kept = dict(life.written)
        self.parked: dict[str, set[str]] = {person: set() for person in life.tokens}
        self.said: list[tuple[str, str]] = []
        self._ended: set[int] = set()
        self._born: list[int] = []
        self.news = threading.Condition()
        environment = os.environ | {
            "PYTHONPATH": PLACES,
            "TMPDIR": str(log.parent),
            "SQLITE_TMPDIR": str(log.parent),
        }
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bench.faults.app"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                cwd=ROOT,
                text=True,
                bufsize=1,
                env=environment,
            )
        threading.Thread(target=self._listen, daemon=True).start()

    def start(self, **changes: object) -> int:
        """Begin a life, the last one's with these changes; its process id."""
        life = Life(**(asdict(self.life) | {"written": self.kept} | changes))
        with self.news:
            before = len(self._born)
            self._process.stdin.write(json.dumps(asdict(life)) + "\n")
            self._process.stdin.flush()
            self.wait(lambda: len(self._born) > before)
            return self._born[-1]

    def ended(self, pid: int, patience: float = 120) -> None:
        """Wait for the end of this life; everything it said has been heard then."""
        with self.news:
            self.wait(lambda: pid in self._ended, patience)

    def kill(self, pid: int) -> None:
        with suppress(ProcessLookupError):  # it may have come to its end by itself
            os.kill(pid, signal.SIGKILL)
        self.ended(pid)

    def heard(self, word: str, patience: float = 60) -> str:
        """The rest of the first line that begins so, as soon as it has been said; it is forgotten then."""
        with self.news:
            self.wait(lambda: any(first == word for first, _ in self.said), patience)
            line = next(line for line in self.said if line[0] == word)
            self.said.remove(line)
            return line[1]

    def close(self) -> None:
        self._process.stdin.close()
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

    def wait(self, condition, patience: float = 60) -> None:
        if not self.news.wait_for(condition, patience):
            raise TimeoutError(f"the app said nothing of what was awaited; last: {self.said[-5:]}")

    def _listen(self) -> None:
        for line in self._process.stdout:
            word, _, rest = line.rstrip("\n").partition(" ")
            with self.news:
                if word == "kept":
                    person, n = rest.split()
                    if int(n) != self.kept[person]:
                        raise AssertionError(f"acknowledged out of turn: {rest}")
                    self.kept[person] += 1
                elif word == "parked":
                    person, op_id, _ = rest.split(" ", 2)
                    self.parked[person].add(op_id)
                elif word == "ended":
                    self._ended.add(int(rest))
                elif word == "born":
                    self._born.append(int(rest))
                elif word != "waiting":
                    self.said.append((word, rest))
                self.news.notify_all()


def new_key() -> str:
    return f"a key of these runs: {os.urandom(24).hex()}"


if __name__ == "__main__":
    nursery()
