"""Sessions in the vault: how long they last, what ends them, and that one refresh serves many threads."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier, Event

import pytest

from services import vault as vaults
from services.accounts import Account
from services.errors import NotReachable, ServiceError, SignInNeeded
from services.vault import Vault
from services.web_sessions import Projection, WebSessions, key_of
from tests.clock import Clock

MINUTE, HOUR = 60.0, 3600.0
ALICE, BOB = "a11ce", "b0b"
KEY = "Zk3-vault-key-for-tests-only-9qW7xY2"


class Supabase:
    """Hands out numbered tokens, and counts."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.refuses: Exception | None = None

    def refresh(self, refresh_token: str) -> Account:
        self.asked.append(refresh_token)
        if self.refuses:
            raise self.refuses
        return account(ALICE, f"{len(self.asked)}")


def account(person: str, number: str = "0") -> Account:
    return Account(
        person_id=person,
        email=f"{person}@example.org",
        access_token=f"access-{person}-{number}",
        lasts=HOUR,
        refresh_token=f"refresh-{person}-{number}",
    )


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    opened = vaults.open(tmp_path / "vault" / "vault.db", KEY)
    yield opened
    opened.close()


@pytest.fixture
def supabase() -> Supabase:
    return Supabase()


@pytest.fixture
def sessions(vault: Vault, clock: Clock, supabase: Supabase) -> WebSessions:
    return WebSessions(
        vault, idle_seconds=15 * MINUTE, absolute_seconds=12 * HOUR, refresh=supabase.refresh, clock=clock
    )


def seen_at(vault: Vault, key: str) -> float:
    return vault.connection().execute("select seen from web_sessions where id_hash = ?", (key,)).get


def test_a_sign_in_is_told_once_it_is_on_disk(sessions):
    told = []
    sessions.on_sign_in = lambda: told.append(sessions.token_of(ALICE))
    sessions.create(account(ALICE))
    assert told == [account(ALICE).access_token]


def test_an_id_is_found_again_and_another_is_not(sessions):
    session_id = sessions.create(account(ALICE))
    found = sessions.find(key_of(session_id), active=True)
    assert found.person_id == ALICE
    assert found.needs_sign_in is False
    assert sessions.find(key_of(session_id + "x"), active=True) is None
    assert sessions.find(session_id, active=True) is None, "the id itself is no key"


def test_ids_are_256_random_bits_and_never_repeat(sessions):
    ids = {sessions.create(account(ALICE)) for _ in range(50)}
    assert len(ids) == 50
    assert all(len(each) >= 43 for each in ids)


def test_the_vault_holds_the_hash_of_an_id_and_not_the_id(sessions, vault):
    session_id = sessions.create(account(ALICE))
    rows = vault.connection().execute("select * from web_sessions").fetchall()
    assert session_id not in repr(rows)
    assert key_of(session_id) in repr(rows)


def test_the_csrf_token_is_not_printed(sessions):
    found = sessions.find(key_of(sessions.create(account(ALICE))), active=False)
    assert len(found.csrf) >= 24
    assert found.csrf not in repr(found)


def test_a_session_ends_after_fifteen_idle_minutes_and_not_before(sessions, clock):
    key = key_of(sessions.create(account(ALICE)))
    clock.passes(15 * MINUTE - 1)
    assert sessions.find(key, active=False)
    clock.passes(1)
    assert sessions.find(key, active=True) is None
    clock.passes(-10 * MINUTE)
    assert sessions.find(key, active=True) is None, "what has ended stays ended"


def test_use_puts_the_end_off_and_looking_does_not(sessions, clock):
    used, watched = key_of(sessions.create(account(ALICE))), key_of(sessions.create(account(BOB)))
    for _ in range(3):
        clock.passes(6 * MINUTE)
        assert sessions.find(used, active=True)
        sessions.find(watched, active=False)
    assert sessions.find(used, active=False)
    assert sessions.find(watched, active=False) is None


def test_a_session_ends_after_twelve_hours_however_busy(sessions, clock):
    key = key_of(sessions.create(account(ALICE)))
    for _ in range(12 * 6 - 1):
        clock.passes(10 * MINUTE)
        assert sessions.find(key, active=True)
    clock.passes(10 * MINUTE)
    assert sessions.find(key, active=True) is None


def test_it_knows_how_long_it_has_left(sessions, clock):
    key = key_of(sessions.create(account(ALICE)))
    clock.passes(5 * MINUTE)
    assert sessions.find(key, active=False).ends_in == 10 * MINUTE
    assert sessions.find(key, active=True).ends_in == 15 * MINUTE
    for _ in range(11 * 6 + 4):
        clock.passes(10 * MINUTE)
        sessions.find(key, active=True)
    assert sessions.find(key, active=False).ends_in == 12 * HOUR - 11 * HOUR - 45 * MINUTE


def test_use_is_written_down_at_most_every_thirty_seconds(sessions, vault, clock):
    key = key_of(sessions.create(account(ALICE)))
    began = seen_at(vault, key)
    clock.passes(29)
    sessions.find(key, active=True)
    assert seen_at(vault, key) == began
    clock.passes(1)
    sessions.find(key, active=True)
    assert seen_at(vault, key) == began + 30


def test_ending_a_session_ends_no_other_and_destroys_its_tokens(sessions, vault):
    laptop, phone = key_of(sessions.create(account(ALICE, "7"))), key_of(sessions.create(account(ALICE, "8")))
    assert sessions.end(laptop) == "access-a11ce-7"
    assert sessions.find(laptop, active=True) is None
    assert sessions.find(phone, active=True)
    row = vault.connection().execute("select * from web_sessions where id_hash = ?", (laptop,)).fetchone()
    assert "access-a11ce-7" not in row
    assert "refresh-a11ce-7" not in row
    with pytest.raises(SignInNeeded):
        sessions.token(laptop)


def test_ending_what_has_ended_says_nothing(sessions):
    key = key_of(sessions.create(account(ALICE)))
    sessions.end(key)
    assert sessions.end(key) is None
    assert sessions.end("no such session") is None


def test_everybody_elses_sessions_outlive_one_persons_end(sessions):
    alices = {key_of(sessions.create(account(ALICE))) for _ in range(3)}
    bobs = key_of(sessions.create(account(BOB)))
    assert set(sessions.end_all_of(ALICE)) == alices
    assert all(sessions.find(key, active=True) is None for key in alices)
    assert sessions.find(bobs, active=True)
    assert sessions.end_all_of(ALICE) == []


def test_what_timed_out_loses_its_tokens_without_being_asked_for(sessions, vault, clock):
    old = key_of(sessions.create(account(ALICE)))
    clock.passes(10 * MINUTE)
    young = key_of(sessions.create(account(BOB)))
    clock.passes(5 * MINUTE)
    sessions.end_lapsed()
    tokens = dict(vault.connection().execute("select id_hash, refresh_token from web_sessions"))
    assert tokens == {old: None, young: "refresh-b0b-0"}


def test_sessions_long_over_are_forgotten(sessions, vault, clock):
    sessions.create(account(ALICE))
    clock.passes(36 * HOUR + 1)
    sessions.create(account(BOB))
    assert vault.connection().execute("select person_id from web_sessions").fetchall() == [(BOB,)]


def test_sessions_outlive_a_restart_of_the_server(sessions, vault, clock, supabase):
    key = key_of(sessions.create(account(ALICE)))
    vault.close()
    reopened = vaults.open(vault.path, KEY)
    again = WebSessions(
        reopened, idle_seconds=900, absolute_seconds=9000, refresh=supabase.refresh, clock=clock
    )
    assert again.find(key, active=True).person_id == ALICE
    assert again.token(key) == "access-a11ce-0"
    reopened.close()


def test_a_fresh_token_is_handed_out_as_it_is(sessions, supabase):
    key = key_of(sessions.create(account(ALICE)))
    assert sessions.token(key) == "access-a11ce-0"
    assert supabase.asked == []


def test_a_token_is_renewed_in_its_last_minute_and_the_new_refresh_token_used_next(sessions, clock, supabase):
    key = key_of(sessions.create(account(ALICE)))
    clock.passes(HOUR - 61)
    assert sessions.token(key) == "access-a11ce-0"
    clock.passes(1)
    assert sessions.token(key) == "access-a11ce-1"
    clock.passes(HOUR - 60)
    assert sessions.token(key) == "access-a11ce-2"
    assert supabase.asked == ["refresh-a11ce-0", "refresh-a11ce-1"]


def test_many_threads_that_need_a_new_token_cause_one_refresh(vault, clock):
    everybody, asked = Barrier(8), []

    def slow(refresh_token: str) -> Account:
        asked.append(refresh_token)
        Event().wait(0.2)  # long enough for every thread to be in line
        return account(ALICE, "new")

    sessions = WebSessions(
        vault, idle_seconds=9 * HOUR, absolute_seconds=12 * HOUR, refresh=slow, clock=clock
    )
    key = key_of(sessions.create(account(ALICE)))
    clock.passes(HOUR)

    def token() -> str:
        everybody.wait()
        return sessions.token(key)

    with ThreadPoolExecutor(8) as threads:
        tokens = [each.result() for each in [threads.submit(token) for _ in range(8)]]
    assert tokens == ["access-a11ce-new"] * 8
    assert asked == ["refresh-a11ce-0"]


def test_a_refused_refresh_asks_for_a_sign_in_and_ends_nothing(sessions, vault, clock, supabase):
    key = key_of(sessions.create(account(ALICE)))
    clock.passes(10 * MINUTE)
    sessions.find(key, active=True)
    clock.passes(10 * MINUTE)
    supabase.refuses = SignInNeeded("Please sign in again.")
    with vault.transaction() as connection:
        connection.execute("update web_sessions set access_expires = 0")
    with pytest.raises(SignInNeeded):
        sessions.token(key)
    found = sessions.find(key, active=True)
    assert found.needs_sign_in is True
    assert found.person_id == ALICE
    with pytest.raises(SignInNeeded):
        sessions.token(key)
    assert len(supabase.asked) == 1, "a refused token is not sent a second time"


def test_while_supabase_is_away_the_old_token_serves_as_long_as_it_lasts(sessions, clock, supabase):
    key = key_of(sessions.create(account(ALICE)))
    supabase.refuses = NotReachable("away")
    clock.passes(HOUR - 30)
    assert sessions.token(key) == "access-a11ce-0"
    clock.passes(30)
    with pytest.raises(NotReachable):
        sessions.token(key)
    supabase.refuses = None
    assert sessions.token(key).startswith("access-a11ce")


def test_whoever_signs_out_while_supabase_answers_gets_no_token(vault, clock):
    def answers_too_late(_: str) -> Account:
        sessions.end(key)
        return account(ALICE, "late")

    sessions = WebSessions(
        vault, idle_seconds=9 * HOUR, absolute_seconds=12 * HOUR, refresh=answers_too_late, clock=clock
    )
    key = key_of(sessions.create(account(ALICE)))
    clock.passes(HOUR)
    with pytest.raises(SignInNeeded):
        sessions.token(key)
    assert "late" not in repr(vault.connection().execute("select * from web_sessions").fetchall())


def test_a_person_is_spoken_for_by_the_newest_session_that_can(sessions, clock):
    sessions.create(account(ALICE, "old"))
    clock.passes(1)
    newest = key_of(sessions.create(account(ALICE, "new")))
    assert sessions.token_of(ALICE) == "access-a11ce-new"
    sessions.end(newest)
    assert sessions.token_of(ALICE) == "access-a11ce-old"
    clock.passes(15 * MINUTE)
    assert sessions.token_of(ALICE) is None, "a session that timed out speaks for nobody"
    assert sessions.token_of(BOB) is None


def test_a_session_that_needs_a_sign_in_leaves_the_word_to_another(sessions, vault, clock, supabase):
    sessions.create(account(ALICE, "works"))
    clock.passes(1)
    stale = key_of(sessions.create(account(ALICE, "stale")))
    with vault.transaction() as connection:
        connection.execute("update web_sessions set access_expires = 0 where id_hash = ?", (stale,))
    supabase.refuses = SignInNeeded("Please sign in again.")
    assert sessions.token_of(ALICE) == "access-a11ce-works"


def test_a_full_disk_locks_nobody_out(sessions, clock, vault, monkeypatch):
    @contextmanager
    def full():
        raise ServiceError("The disk of this server is full.")
        yield

    key = key_of(sessions.create(account(ALICE)))
    clock.passes(MINUTE)
    monkeypatch.setattr(vault, "transaction", full)
    assert sessions.find(key, active=True)


ONTO = Projection("team", "meeting", "screen")


@pytest.fixture
def screen(sessions) -> str:
    """The key of a session of Alice's that has become a shared screen for three hours."""
    key = key_of(sessions.create(account(ALICE)))
    assert sessions.project(key, ONTO, seconds=3 * HOUR)
    return key


def test_a_session_becomes_a_shared_screen_once_and_for_good(sessions, screen):
    assert sessions.find(screen, active=False).projects == ONTO
    assert not sessions.project(screen, Projection("other", "other", "other"), seconds=HOUR)
    assert sessions.find(screen, active=True).projects == ONTO
    assert not [name for name in dir(sessions) if "unproject" in name or name == "stop_projecting"]
    other = key_of(sessions.create(account(ALICE)))
    assert sessions.find(other, active=False).projects is None, "her other sessions stay as they are"


def test_a_shared_screen_needs_nobody_to_touch_it_and_ends_by_itself(sessions, screen, clock):
    for _ in range(11):
        clock.passes(16 * MINUTE)
        assert sessions.find(screen, active=False)
    assert sessions.find(screen, active=True).ends_in == 3 * HOUR - 11 * 16 * MINUTE
    clock.passes(4 * MINUTE)
    assert sessions.find(screen, active=True) is None


def test_a_shared_screen_never_outlives_a_working_day(sessions, clock):
    key = key_of(sessions.create(account(ALICE)))
    for _ in range(11 * 6):
        clock.passes(10 * MINUTE)
        sessions.find(key, active=True)
    sessions.project(key, ONTO, seconds=8 * HOUR)
    assert sessions.find(key, active=False).ends_in == HOUR


def test_the_end_of_a_shared_screen_can_be_brought_forward_and_not_put_off(sessions, screen, clock):
    sessions.project_until(screen, clock() + 4 * HOUR)
    assert sessions.find(screen, active=False).ends_in == 3 * HOUR
    sessions.project_until(screen, clock() + 15 * MINUTE)
    assert sessions.find(screen, active=False).ends_in == 15 * MINUTE
    sessions.project_until(screen, clock() + HOUR)
    assert sessions.find(screen, active=False).ends_in == 15 * MINUTE
    plain = key_of(sessions.create(account(BOB)))
    sessions.project_until(plain, clock())
    assert sessions.find(plain, active=False), "it is no shared screen"


def test_what_has_ended_does_not_become_a_shared_screen(sessions):
    key = key_of(sessions.create(account(ALICE)))
    sessions.end(key)
    assert not sessions.project(key, ONTO, seconds=HOUR)
    assert sessions.find(key, active=False) is None


@pytest.mark.parametrize("how", ["signed out", "found late", "looked after", "every session ended"])
def test_the_end_of_a_shared_screen_is_told_once_however_it_ends(sessions, screen, clock, how):
    told = []
    sessions.on_screen_down = lambda person, name: told.append((person, name))
    sessions.create(account(ALICE))
    if how in ("found late", "looked after"):
        clock.passes(3 * HOUR)
    for _ in range(2):
        match how:
            case "signed out":
                sessions.end(screen)
            case "found late":
                sessions.find(screen, active=False)
            case "looked after":
                sessions.end_lapsed()
            case _:
                sessions.end_all_of(ALICE)
    assert told == [(ALICE, "screen")]
    assert sessions.find(screen, active=False) is None


def test_a_shared_screen_ends_even_when_that_cannot_be_noted(sessions, screen):
    def full(person: str, name: str) -> None:
        raise ServiceError("The disk is full.")

    sessions.on_screen_down = full
    sessions.end(screen)
    assert sessions.find(screen, active=False) is None


def test_looking_after_sessions_ends_no_screen_before_its_time(sessions, screen, clock):
    clock.passes(2 * HOUR)
    sessions.end_lapsed()
    assert sessions.find(screen, active=False)
