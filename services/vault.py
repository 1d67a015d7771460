"""The vault: one encrypted SQLite file per server for sign-in sessions, drafts and what waits to be sent."""

import errno
import fcntl
import hashlib
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import lru_cache
from pathlib import Path

import apsw

from services import settings, vault_schema
from services.errors import ServiceError

# SQLite 3.7.0 to 3.51.2 can corrupt a database in WAL mode when a checkpoint meets a log that is being restarted.
# 3.51.3 mends it, 3.52.0 was withdrawn; this is the version that Sixfold is tested with.
OLDEST_SQLITE = (3, 54, 0)
FEWEST_CHARACTERS = 8  # different ones; a generated key has some forty
NEEDED_BYTES = 32 * 1024 * 1024


class Vault:
    """An opened vault. Threads share it; each gets a connection of its own."""

    def __init__(self, path: Path, raw_key: str) -> None:
        self.path = path
        self._raw_key = raw_key
        self._threads = threading.local()
        self._turn = threading.RLock()
        self._lock: int | None = None
        self._first = self.connection()  # kept: SQLite drops the log when the last connection goes

    def connection(self) -> apsw.Connection:
        """This thread's connection, opened on first use."""
        opened = getattr(self._threads, "connection", None)
        if opened is None:
            with plain(self.path):
                opened = self._threads.connection = _connect(self.path, self._raw_key)
        return opened

    @contextmanager
    def transaction(self) -> Iterator[apsw.Connection]:
        """All or nothing, on disk when it ends; one inside another joins it. Disk trouble leaves as a ServiceError.

        Threads take turns here: left to SQLite, one that waits looks again only ten times a second and can starve.
        """
        with self._turn, plain(self.path):
            connection = self.connection()
            if connection.in_transaction:
                yield connection
                return
            connection.execute(
                "begin immediate"
            )  # a reader that turns writer halfway would fail without waiting
            try:
                yield connection
                connection.execute("commit")
            except BaseException:
                if connection.in_transaction:  # when the disk is full, SQLite has rolled back by itself
                    connection.execute("rollback")
                raise

    def hold(self) -> None:
        """Keep every other process off this vault until this one ends.

        A record lock belongs to the process, not to this object, so a reloaded module may ask again.
        """
        lock = os.open(_beside(self.path, ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise ServiceError(
                f"Another Sixfold process is using the vault {self.path}. "
                "Stop that one first, or give this one a vault of its own with SIXFOLD_VAULT."
            ) from None
        self._lock = lock
        for leftover in _leftovers(self.path):  # of a rotation that was cut short
            leftover.unlink()

    def room(self) -> None:
        """Raise a ServiceError unless the disk can take what is about to be typed. Costs one system call."""
        disk = os.statvfs(self.path.parent)
        if disk.f_flag & os.ST_RDONLY:
            raise ServiceError(_READ_ONLY)
        if disk.f_bavail * disk.f_frsize < NEEDED_BYTES:
            raise ServiceError(_FULL)

    def close(self) -> None:
        """Let go of the file and let other processes in. Connections of other threads close as those threads end."""
        for opened in (self._first, getattr(self._threads, "connection", self._first)):
            opened.close()
        self._threads = threading.local()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def open(path: Path, key: str) -> Vault:
    """The vault at `path`, made when it is not there. Raises ServiceError: what is wrong, and the cure."""
    _check_sqlite()
    _check_key(key)
    path = Path(path).absolute()
    _make_private(path)
    _check_rights(path)
    raw_key = _raw(key)
    try:
        vault = Vault(path, raw_key)
    except apsw.NotADBError:
        raise ServiceError(_wrong_key(path)) from None
    with vault.transaction() as connection:
        vault_schema.migrate(connection)
    return vault


def rotate(path: Path, key: str, new_key: str) -> None:
    """Put the vault under another key. Killed at any moment, it leaves one vault, wholly under one of both.

    A copy is re-encrypted and synced beside it, then takes its place in one step. The app must not be running.
    """
    _check_key(new_key, "SIXFOLD_VAULT_KEY_NEW")
    path = Path(path).absolute()
    if not path.exists():
        raise ServiceError(
            f"There is no vault at {path}. Set SIXFOLD_VAULT to the vault whose key is to change."
        )
    with closing(open(path, key)) as vault:
        vault.hold()
        vault.room()
        with plain(path):
            copy = _beside(path, ".rotating")
            try:
                _copy_under(new_key, vault, copy)
                # Nothing of the old log may meet the new file.
                vault.connection().pragma("journal_mode", "delete")
                os.replace(copy, path)
            finally:
                copy.unlink(missing_ok=True)
            _to_disk(path.parent)


def _copy_under(new_key: str, vault: Vault, copy: Path) -> None:
    os.close(os.open(copy, os.O_CREAT | os.O_EXCL, 0o600))
    vault.connection().pragma("wal_checkpoint(truncate)")
    with closing(_keyed(copy, vault._raw_key)) as target:
        with target.backup("main", vault.connection(), "main") as backup:
            backup.step()
        target.pragma("journal_mode", "delete")
        target.pragma("rekey", f"raw:{_raw(new_key)}")
    with closing(_keyed(copy, _raw(new_key))) as renewed:
        if renewed.pragma("integrity_check") != "ok":
            raise ServiceError(
                "The copy under the new key is not sound. The vault stays under the old key; please try again."
            )
    _to_disk(copy)


@contextmanager
def plain(path: Path) -> Iterator[None]:
    """Say disk trouble in plain words. Losing a race for the file longer than the time-out counts as that too."""
    try:
        yield
    except apsw.FullError:
        raise ServiceError(_FULL) from None
    except (apsw.ReadOnlyError, apsw.PermissionsError):
        raise ServiceError(_READ_ONLY) from None
    except (apsw.CantOpenError, apsw.IOError, OSError) as error:
        if getattr(error, "errno", None) == errno.ENOSPC:
            raise ServiceError(_FULL) from None
        if getattr(error, "errno", None) in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise ServiceError(_READ_ONLY) from None
        raise ServiceError(
            f"The disk that holds {path.name} does not answer as it should. Nothing further can be saved here; "
            "please keep your text elsewhere and tell your administrator."
        ) from None
    except apsw.BusyError:
        raise ServiceError("The vault is busy. Nothing was saved by this step; please try again.") from None


_FULL = (
    "The disk of this server is full, so nothing can be saved just now. "
    "Please keep your text elsewhere and tell your administrator."
)
_READ_ONLY = (
    "The disk of this server cannot be written to, so nothing can be saved just now. "
    "Please keep your text elsewhere and tell your administrator."
)


def _keyed(path: Path, raw_key: str) -> apsw.Connection:
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    connection.set_busy_timeout(5_000)
    connection.pragma("key", f"raw:{raw_key}")
    connection.pragma("user_version")  # the first read: a wrong key shows here
    return connection


def _connect(path: Path, raw_key: str) -> apsw.Connection:
    connection = _keyed(path, raw_key)
    connection.pragma("temp_store", "memory")
    connection.pragma("secure_delete", True)
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", "full")
    connection.transaction_mode = "IMMEDIATE"
    return connection


@lru_cache(maxsize=4)
def _raw(key: str) -> str:
    """The cipher's key, derived once per process: opening a connection then takes no time. The salt only separates uses."""
    return hashlib.scrypt(key.encode(), salt=b"sixfold vault 1", n=2**14, r=8, p=1, dklen=32).hex()


def _check_sqlite() -> None:
    version = apsw.sqlite_lib_version()
    if tuple(int(part) for part in version.split(".")) < OLDEST_SQLITE:
        needed = ".".join(map(str, OLDEST_SQLITE))
        raise ServiceError(
            f"SQLite {version} can damage the vault when two writers meet; {needed} or newer is needed. "
            "Install what requirements.txt names."
        )


def _check_key(key: str | None, name: str = "SIXFOLD_VAULT_KEY") -> None:
    cure = f"Make one with {settings.NEW_VAULT_KEY} and keep it like a password."
    if not key:
        raise ServiceError(f"{name} is not set. {cure}")
    if len(key) < settings.SHORTEST_VAULT_KEY or len(set(key)) < FEWEST_CHARACTERS:
        raise ServiceError(
            f"{name} is too weak: it needs at least {settings.SHORTEST_VAULT_KEY} characters, of many kinds. {cure}"
        )


def _make_private(path: Path) -> None:
    with plain(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # SQLite gives the log and its index the rights of the file.
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))


def _check_rights(path: Path) -> None:
    for place, rights in ((path.parent, "700"), *((file, "600") for file in _files(path))):
        with suppress(FileNotFoundError):  # a log that another process has just put away
            _check_private(place, rights)


def _check_private(place: Path, rights: str) -> None:
    found = place.stat()
    if found.st_uid != os.geteuid():
        raise ServiceError(
            f"{place} belongs to another user of this machine. Start Sixfold as that user, or: chown {os.geteuid()} {place}"
        )
    if found.st_mode & 0o077:
        raise ServiceError(f"Others on this machine can read {place}. Close it with: chmod {rights} {place}")


def _wrong_key(path: Path) -> str:
    new_key = os.environ.get("SIXFOLD_VAULT_KEY_NEW")
    if new_key and len(new_key) >= settings.SHORTEST_VAULT_KEY:
        with suppress(apsw.NotADBError):
            _keyed(path, _raw(new_key)).close()
            return (
                f"The key of the vault {path} has been changed: it is under SIXFOLD_VAULT_KEY_NEW now. "
                "Make that value SIXFOLD_VAULT_KEY."
            )
    if any(_leftovers(path)):
        return (
            f"A change of key of the vault {path} was cut short: it is still under the old key. "
            "Set SIXFOLD_VAULT_KEY to the old key, then start the change again."
        )
    return (
        f"{path} is not a vault, or SIXFOLD_VAULT_KEY is not its key. Set the key it was made with; "
        "or set SIXFOLD_VAULT to another place to begin an empty vault."
    )


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _files(path: Path) -> list[Path]:
    return [file for file in (path, _beside(path, "-wal"), _beside(path, "-shm")) if file.exists()]


def _leftovers(path: Path) -> list[Path]:
    return list(path.parent.glob(f"{path.name}.rotating*"))


def _to_disk(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _main(arguments: list[str]) -> int:
    """`python -m services.vault rotate`: from SIXFOLD_VAULT_KEY to SIXFOLD_VAULT_KEY_NEW."""
    if arguments != ["rotate"]:
        print("usage: python -m services.vault rotate", file=sys.stderr)
        return 2
    try:
        now = settings.load()
        rotate(now.vault_path, now.vault_key, os.environ.get("SIXFOLD_VAULT_KEY_NEW", ""))
    except ServiceError as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"The vault {now.vault_path} is under SIXFOLD_VAULT_KEY_NEW now. Make that value SIXFOLD_VAULT_KEY."
    )
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
