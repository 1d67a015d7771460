"""The vault: encrypted, private to one process, and plain about what is wrong with it."""

# ruff: noqa: F811 - fixtures are asked for by the names they are imported under

import errno
import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import apsw
import pytest

from services import settings as deployment
from services import vault as services_vault
from services import vault_schema
from services.errors import ServiceError
from services.vault import Vault
from tests.services.vaults import KEY, vault  # noqa: F401

NEW_KEY = "Qm5tZ7yB1cXv3nWk9sLp0dHf2gJr4aEu6oTi"
ROOT = Path(__file__).resolve().parents[2]


def keep(vault: Vault, *texts: str) -> None:
    with vault.transaction() as connection:
        connection.executemany(
            "insert into drafts values ('alice', 'episode', ?, ?, 1)", [(text, text) for text in texts]
        )


def kept(vault: Vault) -> list[str]:
    return [
        content for (content,) in vault.connection().execute("select content from drafts order by content")
    ]


def refusal(path: Path, key: str | None = KEY) -> str:
    with pytest.raises(ServiceError) as caught:
        services_vault.open(path, key)
    return str(caught.value)


def in_a_child(work) -> int:
    """Run `work` in a forked process and wait for it; negative when a signal ended it."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_what_is_kept_is_there_after_the_vault_was_closed(vault):
    keep(vault, "one", "two")
    vault.close()
    assert kept(services_vault.open(vault.path, KEY)) == ["one", "two"]


def test_nobody_else_on_the_machine_can_read_it_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        opened = services_vault.open(tmp_path / "made" / "vault.db", KEY)
        opened.hold()
        keep(opened, "one")
    finally:
        os.umask(before)
    rights = {file.name: oct(file.stat().st_mode & 0o777) for file in opened.path.parent.iterdir()}
    assert rights == dict.fromkeys(("vault.db", "vault.db-wal", "vault.db-shm", "vault.db.lock"), "0o600")
    assert oct(opened.path.parent.stat().st_mode & 0o777) == "0o700"


def test_the_connection_is_durable_forgets_what_is_deleted_and_spills_nothing_to_disk(vault):
    pragma = vault.connection().pragma
    assert (pragma("journal_mode"), pragma("synchronous"), pragma("secure_delete"), pragma("temp_store")) == (
        "wal",
        2,
        1,
        2,
    )


def test_each_thread_has_one_connection_of_its_own(vault):
    seen = []
    threads = [
        threading.Thread(target=lambda: seen.append((vault.connection(), vault.connection())))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(first is second for first, second in seen)
    assert len({id(first) for first, _ in seen} | {id(vault.connection())}) == 4


def test_a_transaction_inside_another_joins_it(vault):
    def halfway():
        with vault.transaction():
            keep(vault, "one")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        halfway()
    assert kept(vault) == []


def test_the_key_is_derived_once_because_it_is_meant_to_take_time(vault, monkeypatch):
    monkeypatch.setattr("hashlib.scrypt", lambda *_, **__: pytest.fail("derived again"))
    services_vault.open(vault.path, KEY).close()


@pytest.mark.parametrize(
    ("key", "says"),
    [
        (None, "SIXFOLD_VAULT_KEY is not set"),
        ("", "SIXFOLD_VAULT_KEY is not set"),
        (KEY[:31], "too weak"),
        ("ab" * 40, "too weak"),
    ],
)
def test_a_missing_or_weak_key_is_refused_with_the_way_to_make_one(tmp_path, key, says):
    sentence = refusal(tmp_path / "v" / "vault.db", key)
    assert says in sentence
    assert deployment.NEW_VAULT_KEY in sentence
    assert not (tmp_path / "v").exists()


def test_a_wrong_key_is_refused_and_harms_nothing_not_even_what_is_only_in_the_log(vault):
    def crash():
        second = services_vault.open(vault.path, KEY)
        keep(second, "only in the log")
        os.kill(os.getpid(), signal.SIGKILL)

    vault.close()
    assert in_a_child(crash) == -signal.SIGKILL
    assert Path(f"{vault.path}-wal").stat().st_size > 0
    assert "is not its key" in refusal(vault.path, NEW_KEY)
    assert kept(services_vault.open(vault.path, KEY)) == ["only in the log"]


@pytest.mark.parametrize("content", [b"SQLite format 3\x00" + b"\x00" * 4080, b"no database at all " * 300])
def test_a_file_that_is_no_vault_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "vault.db"
    path.write_bytes(content)
    path.chmod(0o600)
    assert "is not a vault" in refusal(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("name", ["vault.db", "vault.db-wal", "vault.db-shm", "."])
def test_rights_that_let_others_read_are_refused_with_the_cure(vault, name):
    keep(vault, "one")
    place = (vault.path.parent / name).resolve()
    place.chmod(place.stat().st_mode | 0o040)
    sentence = refusal(vault.path)
    assert f"chmod {'700' if name == '.' else '600'} {place}" in sentence


def test_a_vault_of_another_user_is_refused_with_the_cure(vault, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    assert "chown 4711" in refusal(vault.path)


@pytest.mark.parametrize("version", ["3.40.1", "3.51.2", "3.7.0", "3.53.9"])
def test_an_sqlite_that_can_corrupt_its_log_is_refused(tmp_path, monkeypatch, version):
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: version)
    assert f"SQLite {version}" in refusal(tmp_path / "vault.db")


def test_a_vault_of_a_newer_sixfold_is_left_alone(vault):
    vault.connection().pragma("user_version", len(vault_schema.MIGRATIONS) + 1)
    assert "newer Sixfold" in refusal(vault.path)


HOLDER = """
import sys
from pathlib import Path
from services import vault
vault.open(Path(sys.argv[1]), sys.argv[2]).hold()
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_process_is_told_the_way_out_and_may_come_when_the_first_has_ended(vault):
    first = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(vault.path), KEY],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert first.stdout.readline() == b"held\n"
    with pytest.raises(ServiceError, match=r"Another Sixfold process .* SIXFOLD_VAULT"):
        vault.hold()
    first.kill()
    first.communicate()
    vault.hold()


def test_the_same_process_may_hold_it_again_as_it_does_after_a_hot_reload(vault):
    vault.hold()
    services_vault.open(vault.path, KEY).hold()


class TestWhenTheDisk:
    """Every one of these is seen before "saved" is said: the transaction raises, and nothing of it is kept."""

    @pytest.fixture
    def sentence(self, vault):
        def of(trouble: str) -> str:
            if trouble == "full":
                vault.connection().pragma("max_page_count", vault.connection().pragma("page_count"))
            elif trouble == "read only":
                vault.connection().pragma("query_only", True)
            with pytest.raises(ServiceError) as caught:
                keep(vault, "x" * 100_000)
            vault.connection().pragma("query_only", False)
            assert kept(vault) == []
            return str(caught.value)

        return of

    def test_is_full_it_says_so(self, sentence):
        assert "is full" in sentence("full")

    def test_is_read_only_it_says_so(self, sentence):
        assert "cannot be written to" in sentence("read only")

    @pytest.mark.parametrize(
        ("error", "says"),
        [
            (apsw.IOError(), "does not answer"),
            (apsw.CantOpenError(), "does not answer"),
            (apsw.BusyError(), "busy"),
            (OSError(errno.ENOSPC, ""), "is full"),
            (OSError(errno.EROFS, ""), "cannot be written to"),
            (OSError(errno.EIO, ""), "does not answer"),
        ],
    )
    def test_has_any_other_trouble_it_says_so(self, vault, error, says):
        with pytest.raises(ServiceError, match=says), services_vault.plain(vault.path):
            raise error

    @pytest.mark.parametrize(
        ("flags", "free", "says"), [(os.ST_RDONLY, 10**6, "cannot be written"), (0, 100, "is full")]
    )
    def test_cannot_take_more_it_is_said_before_anything_is_typed(
        self, vault, monkeypatch, flags, free, says
    ):
        vault.room()
        monkeypatch.setattr(
            os, "statvfs", lambda _: SimpleNamespace(f_flag=flags, f_bavail=free, f_frsize=4096)
        )
        with pytest.raises(ServiceError, match=says):
            vault.room()

    def test_lets_no_directory_be_made_it_says_so(self, tmp_path, monkeypatch):
        def full(*_, **__):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(Path, "mkdir", full)
        assert "is full" in refusal(tmp_path / "v" / "vault.db")


def under(path: Path) -> set[str]:
    keys = set()
    for key in (KEY, NEW_KEY):
        try:
            opened = services_vault.open(path, key)
        except ServiceError:
            continue
        assert kept(opened) == ["one", "two"]
        opened.close()
        keys.add(key)
    return keys


class TestRotation:
    @pytest.fixture(autouse=True)
    def closed(self, vault):
        keep(vault, "one", "two")
        vault.close()

    def test_puts_everything_under_the_new_key_and_nothing_stays_under_the_old(self, vault):
        services_vault.rotate(vault.path, KEY, NEW_KEY)
        assert under(vault.path) == {NEW_KEY}

    @pytest.mark.no_cover  # a tracer in each of the hundreds of children
    def test_killed_at_any_moment_leaves_one_vault_under_one_key_and_says_which(self, vault, monkeypatch):
        def rotate_until(step: int) -> int:
            def killed():
                left = [step]

                def count(_frame, event, _argument):
                    left[0] -= event in ("call", "c_call", "c_return")
                    if left[0] <= 0:
                        os.kill(os.getpid(), signal.SIGKILL)

                sys.setprofile(count)
                services_vault.rotate(vault.path, KEY, NEW_KEY)
                sys.setprofile(None)

            return in_a_child(killed)

        services_vault._raw(NEW_KEY)  # derived before the children are born
        said = set()
        for step in range(random.randint(1, 7), 100_000, 7):  # every moment, over some runs
            ended = rotate_until(step)
            keys = under(vault.path)
            assert len(keys) == 1, step
            (wrong,) = {KEY, NEW_KEY} - keys
            monkeypatch.setenv("SIXFOLD_VAULT_KEY_NEW", NEW_KEY)
            sentence = refusal(vault.path, wrong if wrong == KEY else "x" + NEW_KEY)
            if keys == {NEW_KEY}:
                assert "it is under SIXFOLD_VAULT_KEY_NEW now" in sentence
            monkeypatch.delenv("SIXFOLD_VAULT_KEY_NEW")
            said.add((keys == {NEW_KEY}, "cut short" in refusal(vault.path, "x" + NEW_KEY)))
            if keys == {NEW_KEY}:
                services_vault.rotate(vault.path, NEW_KEY, KEY)
            if ended == 0:
                break
            assert ended == -signal.SIGKILL
        assert ended == 0
        assert said == {(False, False), (False, True), (True, False)}

    def test_clears_away_what_a_cut_short_one_left(self, vault):
        leftover = vault.path.with_name("vault.db.rotating")
        leftover.write_bytes(b"half")
        services_vault.rotate(vault.path, KEY, NEW_KEY)
        assert under(vault.path) == {NEW_KEY}
        assert not leftover.exists()

    def test_waits_for_nobody_and_needs_the_app_stopped(self, vault):
        def rotates():
            with pytest.raises(ServiceError, match="Another Sixfold process"):
                services_vault.rotate(vault.path, KEY, NEW_KEY)

        services_vault.open(vault.path, KEY).hold()
        assert in_a_child(rotates) == 0

    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            (NEW_KEY, KEY, "is not its key"),
            (KEY, "short", "SIXFOLD_VAULT_KEY_NEW is too weak"),
            (KEY, "", "SIXFOLD_VAULT_KEY_NEW is not set"),
        ],
    )
    def test_refuses_wrong_keys_and_changes_nothing(self, vault, old, new, says):
        with pytest.raises(ServiceError, match=says):
            services_vault.rotate(vault.path, old, new)
        assert under(vault.path) == {KEY}

    def test_refuses_to_make_a_vault_where_there_is_none(self, tmp_path):
        with pytest.raises(ServiceError, match="There is no vault"):
            services_vault.rotate(tmp_path / "other.db", KEY, NEW_KEY)

    def test_refuses_a_copy_that_is_not_sound(self, vault, monkeypatch):
        keyed = services_vault._keyed

        def unsound(path, raw_key):
            connection = keyed(path, raw_key)
            return (
                SimpleNamespace(pragma=lambda *_: "row 1 missing", close=connection.close)
                if raw_key == services_vault._raw(NEW_KEY)
                else connection
            )

        with monkeypatch.context() as patched:
            patched.setattr(services_vault, "_keyed", unsound)
            with pytest.raises(ServiceError, match="not sound"):
                services_vault.rotate(vault.path, KEY, NEW_KEY)
        assert under(vault.path) == {KEY}
        assert not vault.path.with_name("vault.db.rotating").exists()

    def test_is_a_command(self, vault):
        done = subprocess.run(
            [sys.executable, "-m", "services.vault", "rotate"],
            cwd=ROOT,
            env=os.environ | self.settings(vault, SIXFOLD_VAULT_KEY_NEW=NEW_KEY),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "Make that value SIXFOLD_VAULT_KEY." in done.stdout
        assert under(vault.path) == {NEW_KEY}

    @pytest.mark.parametrize(
        ("arguments", "more", "status", "says"),
        [
            (["rotate"], {}, 1, "SIXFOLD_VAULT_KEY_NEW is not set"),
            (["rotate"], {"SIXFOLD_VAULT_KEY": ""}, 1, "SIXFOLD_VAULT_KEY is missing"),
            (["rotate"], {"SIXFOLD_VAULT_KEY_NEW": NEW_KEY}, 0, "is under SIXFOLD_VAULT_KEY_NEW now"),
            (["spin"], {}, 2, "usage"),
            ([], {}, 2, "usage"),
        ],
    )
    def test_as_a_command_says_in_one_line_what_was_done_or_is_wrong(
        self, vault, monkeypatch, capsys, arguments, more, status, says
    ):
        for name, value in self.settings(vault, **more).items():
            monkeypatch.setenv(name, value)
        assert services_vault._main(arguments) == status
        printed = "".join(capsys.readouterr())
        assert says in printed
        assert printed.count("\n") == 1

    def settings(self, vault, **more: str) -> dict[str, str]:
        return {
            "SUPABASE_URL": "http://127.0.0.1:1",
            "SUPABASE_PUBLISHABLE_KEY": "sb_publishable_x",
            "SIXFOLD_VAULT": str(vault.path),
            "SIXFOLD_VAULT_KEY": KEY,
        } | more
