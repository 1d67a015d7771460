"""Figures: saving with the database away against there, draining in batches against one by one, words that must not be found."""

import logging
import os
import random
import secrets
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.faults import plan
from bench.faults.app import new_key
from bench.faults.clinic import Clinic, staffed
from bench.faults.proxy import Proxy
from services import database, drafts, ids, sync, vault
from services.outbox import Outbox
from services.settings import Settings
from services.vault import Vault

STUCK = 120.0
WAYS = {"there": (), "dead": ("refused",), "blackholed": ("blackhole",)}


@dataclass
class App:
    """An app in this process: its vault, its worker, and its way to the database."""

    clinic: Clinic
    vault: Vault
    settings: Settings
    worker: sync.Worker
    proxy: Proxy

    def box(self, person: str) -> Outbox:
        return Outbox(self.vault, person)

    def accept(self, person: str, n: int, *, note: str = "") -> float:
        """Seconds until the n-th operation of this person was acknowledged."""
        operation = plan.nth(self.clinic.team, person, n, note=note)
        start = time.perf_counter()
        self.box(person).accept(
            kind=operation.kind,
            entity=operation.entity,
            params=operation.params,
            op_id=operation.op_id,
            after=operation.after,
        )
        return time.perf_counter() - start

    def drained(self) -> None:
        end = time.monotonic() + STUCK
        while any(self.box(person).status().waiting for person in self.clinic.people):
            if time.monotonic() > end:
                raise TimeoutError("entries are still waiting")
            time.sleep(0.005)


@contextmanager
def app(stack: Clinic, *, place: Path | None = None) -> Iterator[App]:
    clinic = staffed(stack)
    proxy = Proxy(stack.stack.url)
    path = (place or clinic.place(f"figures-{clinic.team}")) / "vault.db"
    opened = vault.open(path, new_key())
    settings = Settings(proxy.url, stack.stack.publishable_key, path, "")
    worker = sync.Worker(opened, settings, clinic.tokens.get)
    try:
        yield App(clinic, opened, settings, worker, proxy)
    finally:
        worker.stop()
        opened.close()
        proxy.close()


def saving(stack: Clinic, *, rounds: int = 8, each: int = 40) -> dict[str, float]:
    """Median seconds until an entry is acknowledged, by how the database is. The ways take turns, so that noise meets all."""
    took: dict[str, list[float]] = {way: [] for way in WAYS}
    with app(stack) as here:
        here.worker.start()
        said = dict.fromkeys(here.clinic.people, 0)
        for number in range(rounds):
            for way in sorted(WAYS, key=lambda _: random.random()):
                here.proxy.break_with(WAYS[way])
                for turn in range(each):
                    person = here.clinic.people[turn % len(said)]
                    seconds = here.accept(person, said[person])
                    said[person] += 1
                    if turn >= 5 and number:  # the first of each are still under the way before
                        took[way].append(seconds)
                    time.sleep(0.01)
                here.proxy.heal()
                here.drained()
    return {way: median(all_of_them) for way, all_of_them in took.items()}


def draining(stack: Clinic, *, operations: int = 1000) -> dict[str, float]:
    """Seconds until so many operations of ten people have arrived: as the worker sends them, and one per request."""
    took = {}
    for way, size in (("batched", sync.BATCH), ("one by one", 1)):
        usual, sync.BATCH = sync.BATCH, size
        try:
            with app(stack) as here:
                here.worker._lanes.update({person: sync.Lane(size=size) for person in here.clinic.people})
                with here.vault.transaction():
                    for number in range(operations):
                        turn, which = divmod(number, len(here.clinic.people))
                        here.accept(here.clinic.people[which], turn)
                start = time.perf_counter()
                here.worker.start()
                here.drained()
                took[way] = time.perf_counter() - start
        finally:
            sync.BATCH = usual
    return took


def canaries(stack: Clinic, *, words: int = 1000) -> tuple[int, int, int]:
    """Marked words typed as drafts and notes, through faults: how many were typed, arrived, and were found where they must not be."""
    marked = [f"canary{secrets.token_hex(12)}" for _ in range(words)]
    with tempfile.TemporaryDirectory(prefix="sixfold-words-") as given:
        place = Path(given)
        for name in ("vault", "tmp", "logs"):
            (place / name).mkdir(mode=0o700)
        with (
            _everything_logged(place / "logs" / "app.log"),
            _temporary_files_in(place / "tmp"),
            app(stack, place=place / "vault") as here,
        ):
            here.worker.start()
            here.proxy.break_with(("500", "truncated", "reset_after", "403", "garbled"), share=0.5)
            for number, word in enumerate(marked):
                turn, which = divmod(number, len(here.clinic.people))
                person = here.clinic.people[which]
                drafts.save(here.vault, owner=person, form="episode", key=str(number), content={"note": word})
                here.accept(person, turn * plan.ROUND)
                here.accept(person, turn * plan.ROUND + 1, note=word)
                if number == words * 3 // 4:
                    here.proxy.heal()
            _send_again_until_all_is_gone(here)
            stack_logs = [str(log) for log in here.clinic.stack.data_dir.glob("*.log")]
            found = _found(marked, [given, *stack_logs])
            with here.clinic.database() as connection:
                arrived = connection.execute(
                    "select count(*) from public.notes where body = any(%s)", (marked,)
                ).fetchone()[0]
        (place / "control").write_text(marked[0])
        if _found(marked, [given]) != 1:
            raise AssertionError("the search would not have found a word that is there")
    return words, arrived, found


def other_content(stack: Clinic, *, operations: int = 200) -> tuple[int, int, int]:
    """Names that the ledger knows with other content: how many were sent, parked, and wrongly called synced."""
    with app(stack) as here:
        person = here.clinic.people[0]
        client = database.client(here.clinic.tokens[person], settings=here.settings)
        names = [ids.new() for _ in range(operations)]
        case = {"team": here.clinic.team, "started_on": "2026-01-01"}
        for number, name in enumerate(names):
            op = {
                "op_id": name,
                "kind": "case.open",
                "entity": ids.new(),
                "params": case | {"code": f"X-{number:04d}"},
            }
            client.rpc("apply_ops", {"ops": [op | {"stated_at": "2026-11-01T10:00:00Z"}]}).execute()
        box = here.box(person)
        for number, name in enumerate(names):
            box.accept(
                kind="case.open", entity=ids.new(), params=case | {"code": f"Y-{number:04d}"}, op_id=name
            )
        here.worker.start()
        here.drained()
        states = [box.find(name).state for name in names]
    return operations, states.count("parked"), states.count("synced")


def _send_again_until_all_is_gone(here: App) -> None:
    """What the faults have had parked is sent again, as it was."""
    for _ in range(5):
        here.proxy.heal()
        end = time.monotonic() + STUCK
        boxes = [here.box(person) for person in here.clinic.people]
        while any(not one.behind for box in boxes for one in box.waiting()) and time.monotonic() < end:
            time.sleep(0.02)
        for box in boxes:
            for one in box.parked():
                box.retry(one.op_id)
    here.drained()


def _found(words: list[str], places: list[str]) -> int:
    """How many of these words stand in these files. A process of its own: reading a vault would drop its locks."""
    search = ["grep", "-r", "-a", "-h", "-o", "-F", "-f", "-", "--", *places]
    return len(
        set(
            subprocess.run(
                search, input="\n".join(words).encode(), capture_output=True, check=False
            ).stdout.split()
        )
    )


@contextmanager
def _everything_logged(file: Path) -> Iterator[None]:
    root, handler = logging.getLogger(), logging.FileHandler(file)
    level, root.level, off = root.level, logging.DEBUG, logging.root.manager.disable
    logging.disable(logging.NOTSET)
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()
        root.setLevel(level)
        logging.disable(off)


@contextmanager
def _temporary_files_in(place: Path) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in ("TMPDIR", "SQLITE_TMPDIR")}
    usual, tempfile.tempdir = tempfile.tempdir, str(place)
    os.environ.update(dict.fromkeys(before, str(place)))
    try:
        yield
    finally:
        tempfile.tempdir = usual
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
