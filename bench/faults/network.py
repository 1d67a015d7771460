"""Fault runs: people write while the way to the database is broken at random; then it heals, and every queue must empty.

A lane is one app (vault, worker, people) behind a proxy of its own, in a process of its own; several run side by side,
for most of a run is waiting.
"""

import json
import logging
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psycopg

from bench.faults import ledger, plan
from bench.faults.app import PLACES, ROOT, new_key
from bench.faults.clinic import Clinic, staffed
from bench.faults.ledger import Verdict, Written
from bench.faults.proxy import FAULTS, Proxy
from processes import die_with_parent
from services import sync, vault
from services.outbox import Operation, Outbox
from services.settings import Settings

HEALING = 5.0  # seconds after which every queue is empty; those are not counted in which the machine was busy with other work
STUCK = 60.0  # seconds after which a run is given up
LANES = 2


@dataclass
class Place:
    """Where a lane lives and whom it speaks for."""

    vault: str
    url: str
    publishable_key: str
    database_url: str
    team: str
    tokens: dict[str, str]
    seed: int


@dataclass
class Run:
    """One fault run. `wrongly_*` count operations, and have to be 0."""

    faults: list[str]
    healed_in: float = 0.0  # by the clock
    unattended: float = 0.0  # of these, seconds for which app or proxy could have gone on and the machine had no processor for it
    written: int = 0
    parked: int = 0  # because the proxy had refused them alone; sent again by their author, they arrived
    wrongly_synced: int = 0
    wrongly_parked: int = 0


class Lane:
    """An app whose way to the database can be broken."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._chance = random.Random(place.seed)
        self.proxy = Proxy(place.url)
        self._vault = vault.open(Path(place.vault), new_key())
        self._tokens: dict[str, str | None] = dict(place.tokens)
        settings = Settings(self.proxy.url, place.publishable_key, Path(place.vault), "")
        self._worker = sync.Worker(self._vault, settings, self._tokens.get)
        self._worker.start()
        self._boxes = {person: Outbox(self._vault, person) for person in place.tokens}
        self.written = {person: Written() for person in place.tokens}
        self._ought_to_park: set[str] = set()
        self._database = psycopg.connect(place.database_url, autocommit=True)
        self._looked_at = 0.0

    def run(self, faults: tuple[str, ...] = FAULTS) -> Run:
        """Write under some of these faults for a while, heal, wait; then see to what was parked, as its author would."""
        chance = self._chance
        result = Run(chance.sample(faults, min(len(faults), chance.randint(1, 3))))
        signed_out = chance.choice(list(self._tokens)) if chance.random() < 0.2 else None
        if signed_out:
            self._tokens[signed_out] = None
        share = 1.0 if chance.random() < 0.5 else chance.uniform(0.3, 0.9)
        self.proxy.break_with(tuple(result.faults), share=share, seed=chance.getrandbits(32))
        self._write_for(chance.uniform(0.2, 1.2) if chance.random() < 0.75 else chance.uniform(2, 4), result)
        result.wrongly_synced = self._synced_and_not_there()
        self.proxy.heal()
        start, unattended = time.monotonic(), self._unattended()
        if signed_out:
            self._tokens[signed_out] = self._place.tokens[signed_out]
            self._worker.wake()
        self._until_quiet()
        result.healed_in = time.monotonic() - start
        result.unattended = self._unattended() - unattended
        self._see_to_parked(result)
        return result

    def close(self) -> None:
        for person, box in self._boxes.items():
            self.written[person].parked = {one.op_id for one in box.parked()}
        self._worker.stop()
        self._vault.close()
        self._database.close()
        self.proxy.close()

    def _write_for(self, seconds: float, result: Run) -> None:
        """Some of the people, up to all ten at once, write a few entries each."""
        end = time.monotonic() + seconds
        people = self._chance.sample(list(self._boxes), self._chance.randint(1, len(self._boxes)))
        writers = [
            threading.Thread(target=self._write, args=(person, end, random.Random(person)))
            for person in people
        ]
        before = sum(written.acknowledged for written in self.written.values())
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        result.written = sum(written.acknowledged for written in self.written.values()) - before

    def _write(self, person: str, end: float, chance: random.Random) -> None:
        while True:
            operation = plan.nth(self._place.team, person, self.written[person].acknowledged)
            if operation.parks:
                self._ought_to_park.add(operation.op_id)
            self._boxes[person].accept(
                kind=operation.kind,
                entity=operation.entity,
                params=operation.params,
                op_id=operation.op_id,
                after=operation.after,
            )
            self.written[person].acknowledged += 1
            wait = chance.uniform(0, 0.4)
            if time.monotonic() + wait > end:
                return
            time.sleep(wait)

    def _until_quiet(self) -> None:
        """Until nothing waits but for what is behind a parked one."""
        end = time.monotonic() + STUCK
        while any(self._on_its_way(box) for box in self._boxes.values()):
            if time.monotonic() > end:
                raise TimeoutError(
                    f"still waiting after {STUCK} s: {[self._on_its_way(box) for box in self._boxes.values()]}"
                )
            time.sleep(0.01)

    def _unattended(self) -> float:
        """Seconds, so far, that the two threads of the way have waited for a processor. They never run at once."""
        waited = 0.0
        for thread in (self._worker._thread, self.proxy.thread):
            with suppress(OSError):
                counted = Path(f"/proc/self/task/{thread.native_id}/schedstat").read_text().split()
                waited += int(counted[1]) / 1e9
        return waited

    def _on_its_way(self, box: Outbox) -> list[Operation]:
        if not box.status().waiting:
            return []
        stuck = {one.op_id for one in box.parked()}
        moving = []
        for one in box.waiting():
            if one.behind in stuck:
                stuck.add(one.op_id)
            else:
                moving.append(one)
        return moving

    def _synced_and_not_there(self) -> int:
        """Operations that the app calls synced since the last look, and the ledger does not know."""
        now = time.time()
        rows = self._vault.connection().execute(
            "select owner, op_id from operations where state = 'synced' and synced >= ?", (self._looked_at,)
        )
        said = set(rows)
        known = self._database.execute(
            "select owner_id::text, op_id::text from private.applied_ops where op_id = any(%s::uuid[])",
            ([op_id for _, op_id in said],),
        )
        self._looked_at = now
        return len(said - set(known))

    def _see_to_parked(self, result: Run) -> None:
        """What the proxy has refused by itself is sent again as it was, under its own name.

        Anything else that is parked ought to have been planned; and nothing is parked that the database has.
        """
        for person, box in self._boxes.items():
            while mine := [one for one in box.parked() if one.op_id not in self._ought_to_park]:
                for one in mine:
                    refused = one.op_id in self.proxy.seen.refused_alone
                    result.parked += refused
                    result.wrongly_parked += not refused or self._is_there(person, one.op_id)
                    box.retry(one.op_id)
                    self.proxy.seen.refused_alone.discard(one.op_id)
                self._until_quiet()

    def _is_there(self, person: str, op_id: str) -> bool:
        row = self._database.execute(
            "select from private.applied_ops where owner_id = %s and op_id = %s", (person, op_id)
        )
        return row.fetchone() is not None


@dataclass
class Outcome:
    """All runs of all lanes, and what the database says in the end."""

    runs: list[Run]
    verdict: Verdict
    faults: Counter = field(default_factory=Counter)

    @property
    def too_slow(self) -> list[Run]:
        return [run for run in self.runs if run.healed_in - run.unattended > HEALING]

    @property
    def holds(self) -> bool:
        wrong = sum(run.wrongly_synced + run.wrongly_parked for run in self.runs)
        return self.verdict.holds and not self.too_slow and not wrong


def run(stack: Clinic, *, runs: int, seed: int | None = None, lanes: int = LANES) -> Outcome:
    """So many fault runs, spread over lanes."""
    chance = random.Random(seed)
    outcome = Outcome([], Verdict())
    lanes = min(lanes, runs)
    teams = [staffed(stack) for _ in range(lanes)]
    children = []
    for number, team in enumerate(teams):
        place = Place(
            vault=str(team.place(f"network-{team.team}") / "vault.db"),
            url=team.stack.url,
            publishable_key=team.stack.publishable_key,
            database_url=team.stack.database_url,
            team=team.team,
            tokens=team.tokens,
            seed=chance.getrandbits(32),
        )
        child = subprocess.Popen(
            [sys.executable, "-m", "bench.faults.network"],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": PLACES},
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        child.stdin.write(
            json.dumps({"place": asdict(place), "runs": runs // lanes + (number < runs % lanes)})
        )
        child.stdin.close()
        children.append(child)
    with stack.database() as connection:
        for child, team in zip(children, teams, strict=True):
            with closing(child.stdout):
                said = json.loads(child.stdout.read() or "null")
            child.wait()
            if said is None:
                raise RuntimeError("a lane ended before its time")
            outcome.runs += [Run(**one) for one in said["runs"]]
            outcome.faults.update(said["faults"])
            people = {
                person: Written(one["acknowledged"], set(one["parked"]))
                for person, one in said["written"].items()
            }
            outcome.verdict += ledger.verdict(connection, team.team, people)
    return outcome


def main() -> None:
    """One lane, as told on standard input; what came of it on standard output."""
    die_with_parent(9)
    logging.disable(logging.CRITICAL)  # an outage is what these runs are about
    asked = json.load(sys.stdin)
    lane = Lane(Place(**asked["place"]))
    runs = [asdict(lane.run()) for _ in range(asked["runs"])]
    lane.close()
    written = {person: asdict(one) | {"parked": sorted(one.parked)} for person, one in lane.written.items()}
    json.dump({"runs": runs, "faults": lane.proxy.seen.faults, "written": written}, sys.stdout)


if __name__ == "__main__":
    main()
