"""Power cuts: the disk loses what was not synced, or halves of it; the vault must open and hold all that was acknowledged."""

import json
import random
import shutil
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import apsw

from bench.faults.app import new_key
from bench.faults.disk import NAME, Disk
from services import drafts, ids, outbox, sync
from services import vault as services_vault
from services.errors import ServiceError
from services.outbox import Outbox
from services.settings import Settings
from services.vault import Vault

PEOPLE = tuple(ids.new() for _ in range(10))
MEMORY = Path("/dev/shm")  # the disk is made up: real ones need not be kept busy
STEPS = 60  # of a life at most
CUTS = 5  # moments of a life at which the power might go
WAYS = 3  # what a disk holds afterwards is a matter of chance: each moment is looked at so many times
LIVES = 20  # after which a new vault is begun


@dataclass
class Tally:
    """`lost`: acknowledged and not there; `broken`: vaults that did not open, or were not sound."""

    cuts: int = 0
    acknowledged: int = 0
    lost: int = 0
    broken: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not (self.lost or self.broken)

    def note(self, what: str, example: str) -> None:
        setattr(self, what, getattr(self, what) + 1)
        if len(self.examples) < 12:
            self.examples.append(f"{what}: {example}")


class Answers:
    """In the place of a client: a database that has applied whatever it was sent."""

    def __call__(self, *_: object, **__: object) -> "Answers":
        return self

    def rpc(self, _name: str, given: dict) -> "Answers":
        self.data = [
            {"op_id": op["op_id"], "state": "applied", "code": None, "message": None} for op in given["ops"]
        ]
        return self

    def execute(self) -> "Answers":
        return self


@dataclass
class Told:
    """What people have been told is kept: operations (id, owner, content) and of each draft its version."""

    operations: list[tuple[str, str, str]] = field(default_factory=list)
    drafts: dict[str, int] = field(default_factory=dict)

    def copy(self) -> "Told":
        return Told(list(self.operations), dict(self.drafts))


@cache
def _disk() -> Disk:
    """One for the whole process: the cipher's file system on top of it cannot be taken away again."""
    made = Disk()
    usual = apsw.vfs_names()[0]
    apsw.Connection(":memory:", vfs=f"multipleciphers-{NAME}").close()
    apsw.set_default_vfs(usual)
    return made


class Series:
    """One vault through many lives, each of which goes on with what an earlier cut has left of it."""

    def __init__(
        self,
        place: Path,
        chance: random.Random,
        tally: Tally,
        *,
        synchronous: str = "full",
        lying: bool = False,
    ) -> None:
        self._place, self._chance, self._tally = place, chance, tally
        self._synchronous, self._lying = synchronous, lying
        self._key = new_key()
        self._vault = place / "first" / "vault.db"
        self._told = Told()
        self._names = 0

    def live(self) -> None:
        """Open, write, and look at what would be left had the power gone at one of a few moments."""
        disk, usual = _disk(), apsw.vfs_names()[0]
        disk.insert(lying=self._lying)
        left: list[tuple[Path, Told]] = []
        moments = sorted(self._chance.randint(1, 500) for _ in range(CUTS))

        def event() -> None:
            while moments and disk.events >= moments[0]:
                moments.pop(0)
                left.extend(
                    (disk.after_a_cut(self._vault, self._new_place(), self._chance), self._told.copy())
                    for _ in range(WAYS)
                )

        apsw.set_default_vfs(f"multipleciphers-{NAME}")
        try:
            disk.on_event = event
            opened = services_vault.open(self._vault, self._key)
            opened.connection().pragma("synchronous", self._synchronous)
            if self._chance.random() < 0.7:
                opened.connection().pragma("wal_autocheckpoint", self._chance.choice((5, 20, 80)))
            self._write(opened)
            opened.close()  # an orderly end is the last thing that may be cut short
        finally:
            disk.on_event = lambda: None
            apsw.set_default_vfs(usual)
        sound = [(vault, told) for vault, told in left if self._look(vault, told)]
        shutil.rmtree(self._vault.parent)
        self._vault, self._told = (
            self._chance.choice(sound) if sound else (self._new_place() / "vault.db", Told())
        )
        for vault, _ in left:
            if vault != self._vault:
                shutil.rmtree(vault.parent, ignore_errors=True)

    def _write(self, vault: Vault) -> None:
        settings = Settings("http://127.0.0.1:1", "sb_publishable_none", self._vault, self._key)
        worker = sync.Worker(vault, settings, lambda _: "a token", Answers())
        for _ in range(self._chance.randint(1, STEPS)):
            person = self._chance.choice(PEOPLE)
            draw = self._chance.random()
            if draw < 0.6:
                content = {
                    "n": len(self._told.operations),
                    "note": "x" * int(self._chance.paretovariate(0.6) * 20 % 9000),
                }
                entity = ids.new()
                operation = Outbox(vault, person).accept(kind="episode.log", entity=entity, params=content)
                self._told.operations.append((operation.op_id, person, json.dumps(content, sort_keys=True)))
                self._tally.acknowledged += 1
            elif draw < 0.85:
                key = f"{person} {self._chance.randrange(3)}"
                version = self._told.drafts.get(key, 0) + 1
                drafts.save(vault, owner=person, form="episode", key=key, content={"version": version})
                self._told.drafts[key] = version
            elif draw < 0.97:
                worker._send_some(person)
            else:
                outbox.purge(vault)

    def _look(self, path: Path, told: Told) -> bool:
        """Open what is left as the app would, and compare. Whether it was sound and complete."""
        self._tally.cuts += 1
        before = self._tally.lost
        try:
            with closing(services_vault.open(path, self._key)) as vault:
                if (sound := vault.connection().pragma("integrity_check")) != "ok":
                    raise ServiceError(f"not sound: {sound}")
                self._compare(vault, told)
        except (ServiceError, apsw.Error) as error:
            self._tally.note("broken", f"{error} after {len(told.operations)} operations")
            return False
        return self._tally.lost == before

    def _compare(self, vault: Vault, told: Told) -> None:
        rows = vault.connection().execute("select op_id, owner, params, state from operations")
        there = {op_id: (owner, content, state) for op_id, owner, content, state in rows}
        for op_id, owner, content in told.operations:
            found_owner, found, state = there.get(op_id, ("", "{}", "not there"))
            as_said = json.dumps(json.loads(found), sort_keys=True) == content
            if found_owner != owner or not (as_said or state == "synced"):
                self._tally.note("lost", f"operation {op_id} after {len(told.operations)}: {state}")
        for key, version in told.drafts.items():
            draft = drafts.load(vault, owner=key.split()[0], form="episode", key=key)
            if draft is None or draft["version"] < version:
                self._tally.note("lost", f"draft {key}: {draft} instead of version {version}")

    def _new_place(self) -> Path:
        self._names += 1
        return self._place / str(self._names)


def run(*, cuts: int, seed: int | None = None, synchronous: str = "full", lying: bool = False) -> Tally:
    """So many cuts. Writing less durably, or to a disk that lies, must show as losses: that is how these runs are tested."""
    chance, tally = random.Random(seed), Tally()
    while tally.cuts < cuts:
        with tempfile.TemporaryDirectory(
            prefix="sixfold-power-", dir=MEMORY if MEMORY.is_dir() else None
        ) as place:
            series = Series(Path(place), chance, tally, synchronous=synchronous, lying=lying)
            for _ in range(LIVES):
                series.live()
                if tally.cuts >= cuts:
                    break
    return tally
