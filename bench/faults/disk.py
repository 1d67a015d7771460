"""A disk that loses power: an SQLite file system that knows what each file would hold if the power went out now.

Every write goes through to the real files, and is remembered until the file is synced. `after_a_cut` lays out what a
disk may hold afterwards: of each file what was synced, and of the later writes some, none, a beginning, or torn ones.
SQLite's encryption is a file system of its own; asked for by the name `multipleciphers-<ours>`, it puts itself on top.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import apsw

SECTOR = 512
NAME = "powercut"
DURABLE = ("", "-wal", "-journal")  # the log's index, -shm, is not meant to survive


@dataclass
class Platter:
    """One file: what is on it for certain, and what has been written since. None stands for a file that is not there."""

    certain: bytes | None = None
    pending: list[tuple[int, bytes] | int] = field(default_factory=list)  # (offset, data), or a new length

    def sync(self) -> None:
        self.certain = _after(self.certain or b"", self.pending)
        self.pending.clear()

    def cut(self, chance: random.Random) -> bytes | None:
        """What may be left of it."""
        kept: list[tuple[int, bytes] | int] = []
        match chance.randrange(5):
            case 0:
                pass
            case 1:
                kept = self.pending[: chance.randint(0, len(self.pending))]
            case 2:
                kept = [change for change in self.pending if chance.random() < 0.5]
            case 3:
                kept = list(self.pending)
            case 4:
                kept = [torn for change in self.pending for torn in _torn(change, chance)]
        if self.certain is None and not kept:
            return None
        return _after(self.certain or b"", kept)


def _torn(change: tuple[int, bytes] | int, chance: random.Random) -> list[tuple[int, bytes] | int]:
    """The sectors of one write, each there or not; now and then the file has grown and holds nothing there yet."""
    if isinstance(change, int):
        return [change] if chance.random() < 0.5 else []
    offset, data = change
    kept: list[tuple[int, bytes] | int] = []
    start = 0
    while start < len(data):
        end = min(len(data), start + SECTOR - (offset + start) % SECTOR)
        draw = chance.random()
        if draw < 0.6:
            kept.append((offset + start, data[start:end]))
        elif draw < 0.7:
            kept.append((offset + start, b""))
        start = end
    return kept


def _after(content: bytes, changes: list[tuple[int, bytes] | int]) -> bytes:
    """The content of a file after these changes; a write beyond its end fills the gap with zeros."""
    made = bytearray(content)
    for change in changes:
        if isinstance(change, int):
            del made[change:]
            made.extend(bytes(max(0, change - len(made))))
        else:
            offset, data = change
            made.extend(bytes(max(0, offset + len(data) - len(made))))
            made[offset : offset + len(data)] = data
    return bytes(made)


class Disk(apsw.VFS):
    """`on_event` is called before every write, sync and deletion; `events` counts them."""

    def __init__(self) -> None:
        self.on_event: Callable[[], None] = lambda: None
        self.insert()
        super().__init__(NAME, base="unix")

    def insert(self, *, lying: bool = False) -> None:
        """Begin afresh. A lying disk says "synced" and is not: these runs must find it out."""
        self.platters: dict[str, Platter] = {}
        self.events = 0
        self.lying = lying

    def happens(self) -> None:
        self.events += 1
        self.on_event()

    def xOpen(self, name: apsw.URIFilename | str | None, flags: list[int]) -> "File":
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        return File(self, path, name, flags)

    def xDelete(self, path: str, sync: bool) -> None:
        self.happens()
        super().xDelete(path, sync)
        self.platters.pop(path, None)

    def platter(self, path: str) -> Platter:
        """The file at this path; what was there when it was first opened is certain."""
        if path not in self.platters:
            there = Path(path)
            self.platters[path] = Platter(
                there.read_bytes() if there.exists() and there.stat().st_size else None
            )
        return self.platters[path]

    def after_a_cut(self, vault: Path, into: Path, chance: random.Random) -> Path:
        """Lay out in a new directory what is left of the vault."""
        into.mkdir(mode=0o700)
        for ending in DURABLE:
            if platter := self.platters.get(f"{vault}{ending}"):
                left = platter.cut(chance)
                if left is not None:
                    made = into / f"{vault.name}{ending}"
                    made.touch(0o600)
                    made.write_bytes(left)
        return into / vault.name


class File(apsw.VFSFile):
    """One open file on that disk."""

    def __init__(
        self, disk: Disk, path: str | None, name: apsw.URIFilename | str | None, flags: list[int]
    ) -> None:
        self._disk = disk
        self._platter = disk.platter(path) if path else Platter()
        super().__init__("unix", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        self._disk.happens()
        super().xWrite(data, offset)
        self._platter.pending.append((offset, bytes(data)))

    def xTruncate(self, size: int) -> None:
        self._disk.happens()
        super().xTruncate(size)
        self._platter.pending.append(size)

    def xSync(self, flags: int) -> None:
        self._disk.happens()
        super().xSync(flags)
        if not self._disk.lying:
            self._platter.sync()
