"""Two processes at one vault: a second app, and a change of its key, while the first runs; and a change of key killed halfway."""

import random
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench.faults import kills
from bench.faults.app import Nursery, new_key
from bench.faults.clinic import Clinic, staffed
from bench.faults.ledger import Verdict
from services import vault
from services.errors import ServiceError

IN_USE = "Another Sixfold process is using the vault"


@dataclass
class Outcome:
    """`refused` of `asked` were told that the vault is in use; of `killed` changes of key each left one vault under one key."""

    asked: int = 0
    refused: int = 0
    killed: int = 0
    under_old: int = 0
    under_new: int = 0
    ambiguous: int = 0
    verdict: Verdict = field(default_factory=Verdict)

    @property
    def holds(self) -> bool:
        return self.verdict.holds and self.asked == self.refused and not self.ambiguous


def run(stack: Clinic, *, intrusions: int, rotations: int, seed: int | None = None) -> Outcome:
    """Ten people write throughout; in the end everything they were told is kept is in the database, once and in order."""
    chance, outcome = random.Random(seed), Outcome()
    clinic = staffed(stack)
    with tempfile.TemporaryDirectory(prefix="sixfold-log-") as logs:
        place = clinic.place(f"together-{clinic.team}")
        nursery = Nursery(kills.life_in(clinic, place), log=Path(logs) / "app.log")
        try:
            pid = nursery.start()
            nursery.heard("writing")
            for number in range(intrusions):
                _intrude(nursery, outcome, number)
            whole = _time_of_a_rotation(nursery, pid)
            for _ in range(rotations):
                pid = nursery.start()
                time.sleep(chance.uniform(0.02, 0.2))
                nursery.kill(pid)  # its log is full of what the file does not hold yet
                _cut_short(nursery, outcome, chance.uniform(0, 1.3 * whole))
            outcome.verdict = kills.judged(clinic, nursery)
        finally:
            nursery.close()
    return outcome


def _intrude(nursery: Nursery, outcome: Outcome, number: int) -> None:
    """A second app, or a change of key, beside the one that runs. It goes on writing all the while."""
    before = sum(nursery.kept.values())
    changes = {"task": "rotate", "new_key": new_key()} if number % 2 else {}
    other = nursery.start(**changes)
    nursery.ended(other)
    outcome.asked += 1
    outcome.refused += IN_USE in nursery.heard("refused")
    with nursery.news:
        nursery.wait(lambda: sum(nursery.kept.values()) > before)


def _time_of_a_rotation(nursery: Nursery, running: int) -> float:
    """Seconds of one change of key that nobody disturbs."""
    nursery.kill(running)
    key = new_key()
    start = time.monotonic()
    pid = nursery.start(task="rotate", new_key=key)
    nursery.heard("rotated")
    took = time.monotonic() - start
    nursery.ended(pid)
    nursery.life = replace(nursery.life, key=key)
    return took


def _cut_short(nursery: Nursery, outcome: Outcome, after: float) -> None:
    """Kill a change of key, and find out under which key the vault is: one of the two, never both, never none."""
    old, new = nursery.life.key, new_key()
    pid = nursery.start(task="rotate", new_key=new)
    time.sleep(after)
    nursery.kill(pid)
    outcome.killed += 1
    fits = [key for key in (old, new) if _opens(Path(nursery.life.vault), key)]
    outcome.ambiguous += len(fits) != 1
    outcome.under_old += fits == [old]
    outcome.under_new += fits == [new]
    nursery.life = replace(nursery.life, key=fits[0])


def _opens(path: Path, key: str) -> bool:
    try:
        with closing(vault.open(path, key)) as opened:
            return opened.connection().pragma("integrity_check") == "ok"
    except ServiceError:
        return False
