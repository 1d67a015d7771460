"""Sync: whatever the network does, each operation arrives exactly once, in order, and nothing else is ever called synced.

The database is a small server on loopback that keeps a ledger as apply_ops does; everything on our side is real.
"""

# ruff: noqa: F811 - fixtures are asked for by the names they are imported under

import io
import logging
import random
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import stamina

from services import database, drafts, ids, lanes, outbox, sync
from services.errors import NotReachable, ServiceError, SignInNeeded
from services.outbox import Outbox
from services.settings import Settings
from services.sync import Worker
from services.vault import Vault
from tests.services.loopback import FAULTS, LOST, STATUSES, WRONG, Loopback
from tests.services.vaults import KEY, loopback, settings, vault  # noqa: F401

STUCK = 60  # seconds after which a test gives up waiting; no measure of speed


def until(condition: Callable[[], object], what: str = "") -> None:
    deadline = time.monotonic() + STUCK
    while not condition():
        assert time.monotonic() < deadline, what or "waited in vain"
        time.sleep(0.005)


@pytest.fixture(scope="module")
def pools() -> Iterator[dict[str, httpx.Client]]:
    with database.pool(timeout=STUCK) as patient, database.pool(timeout=0.25) as brief:
        yield {"patient": patient, "brief": brief}


@pytest.fixture(autouse=True)
def impatient(monkeypatch, pools) -> None:
    """Short waits, so that hundreds of faults fit into a test; the real ones are checked by themselves below."""
    monkeypatch.setattr(sync, "SHORTEST_WAIT", 0.001)
    monkeypatch.setattr(sync, "LONGEST_WAIT", 0.005)
    monkeypatch.setattr(sync, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(sync, "ASK_SECONDS", 0.01)
    monkeypatch.setattr(database, "_pool", pools["patient"])  # a busy machine is no fault


@pytest.fixture
def hanging_up(monkeypatch, pools) -> None:
    """For what is never answered: the client hangs up early."""
    monkeypatch.setattr(database, "_pool", pools["brief"])


@pytest.fixture
def tokens() -> dict[str, str]:
    return {person: f"token of {person}" for person in ("alice", "bob", "carol")}


@pytest.fixture
def worker(vault: Vault, settings: Settings, tokens) -> Iterator[Worker]:
    worker = Worker(vault, settings, tokens.get)
    yield worker
    worker.stop()


@pytest.fixture
def box(vault: Vault) -> Outbox:
    return Outbox(vault, "alice")


def log(box: Outbox, entity: str | None = None, *, after=(), **params: object) -> outbox.Operation:
    return box.accept(kind="episode.log", entity=entity or ids.new(), params=params, after=after)


def drained(*boxes: Outbox) -> bool:
    return all(box.status().waiting == 0 for box in boxes)


def arrived(loopback: Loopback, person: str = "alice") -> list[str]:
    return [op.op_id for op in loopback.applied if op.person == person]


def states(box: Outbox) -> list[str]:
    return [one.state for one in reversed(box.recent(1_000))]


class TestWhileAllIsWell:
    def test_what_was_saved_arrives_as_it_was_said_and_its_content_leaves_the_vault(
        self, worker, box, loopback
    ):
        said = box.accept(
            kind="episode.log",
            entity=ids.new(),
            params={"note": "é🫶", "ratings": {"1": None}},
            stated_at="2026-11-20T10:00:00+01:00",
        )
        worker.start()
        until(lambda: drained(box))
        (op,) = loopback.applied
        assert (op.person, op.op_id, op.kind, op.entity) == ("alice", said.op_id, "episode.log", said.entity)
        assert (op.params, op.stated_at) == (
            {"note": "é🫶", "ratings": {"1": None}},
            "2026-11-20T10:00:00+01:00",
        )
        now = box.find(said.op_id)
        assert (now.state, now.params, now.attempts) == ("synced", {}, 1)
        assert now.synced >= now.accepted

    def test_a_running_worker_notices_what_is_saved_with_and_without_being_told(
        self, worker, box, loopback, monkeypatch
    ):
        worker.start()
        log(box)
        until(lambda: len(loopback.applied) == 1)
        monkeypatch.setattr(
            outbox, "news", threading.Event()
        )  # a reloaded module's event: nobody waits for it
        log(box)
        until(lambda: len(loopback.applied) == 2)

    def test_each_persons_entries_travel_under_their_own_token(self, worker, vault, loopback):
        boxes = [Outbox(vault, person) for person in ("alice", "bob", "carol")]
        for box in boxes * 3:
            log(box)
        worker.start()
        until(lambda: drained(*boxes))
        assert sorted(op.person for op in loopback.applied) == ["alice"] * 3 + ["bob"] * 3 + ["carol"] * 3
        for box in boxes:
            assert set(arrived(loopback, box.owner)) == {one.op_id for one in box.recent()}

    def test_independent_entries_go_in_one_batch_and_those_of_an_entity_one_after_the_other(
        self, worker, box, loopback
    ):
        entity = ids.new()
        chain = [log(box, entity, n=n) for n in range(3)]
        for _ in range(10):
            log(box)
        worker.start()
        until(lambda: drained(box))
        assert loopback.batches == [11, 1, 1]
        assert [op.op_id for op in loopback.applied if op.entity == entity] == [one.op_id for one in chain]

    def test_an_entry_goes_after_those_it_depends_on(self, worker, box, loopback):
        case, episode = ids.new(), ids.new()
        said = [log(box, case), log(box, episode, after=[case]), log(box, after=[episode])]
        worker.start()
        until(lambda: drained(box))
        assert arrived(loopback) == [one.op_id for one in said]

    def test_more_than_fits_a_batch_goes_in_several(self, worker, box, loopback, vault, monkeypatch):
        monkeypatch.setattr(sync, "PASSES", 2)
        with vault.transaction():
            for n in range(5 * sync.BATCH + 1):
                log(box, n=n)
        worker.start()
        until(lambda: drained(box))
        assert loopback.batches == [sync.BATCH] * 5 + [1]

    def test_health_says_so(self, worker, box, vault):
        assert lanes.health(vault, owner="alice") == lanes.Health(None, None, None, False)
        log(box)
        worker.start()
        until(lambda: drained(box))
        health = lanes.health(vault, owner="alice")
        assert (health.reachable, health.trouble, health.since, health.sign_in_needed) == (
            True,
            None,
            None,
            False,
        )
        assert health.last_success is not None


class TestWhenTheWayIsBroken:
    @pytest.mark.parametrize("fault", [*LOST, *WRONG, *STATUSES])
    def test_everything_arrives_once_it_heals_exactly_once(
        self, request, worker, box, loopback, vault, fault
    ):
        if fault.startswith("blackhole"):
            request.getfixturevalue("hanging_up")
        loopback.always = fault
        said = [log(box, n=n) for n in range(5)]
        worker.start()
        until(lambda: len(loopback.batches) > 4)
        until(lambda: lanes.health(vault, owner="alice").since)
        assert states(box).count("synced") == states(box).count("parked") == 0
        assert all(one.params for one in box.waiting())
        loopback.always = None
        until(lambda: drained(box), fault)
        assert sorted(arrived(loopback)) == sorted(one.op_id for one in said)
        assert states(box) == ["synced"] * 5
        until(lambda: lanes.health(vault, owner="alice").since is None)

    def test_a_dead_server_is_noticed_and_so_is_its_return(self, worker, box, settings, vault, loopback):
        alive, port = loopback.url, loopback._server.server_port
        loopback.close()
        log(box)
        worker.start()
        until(lambda: not lanes.health(vault, owner="alice").reachable)
        assert "cannot be reached" in lanes.health(vault, owner="alice").trouble
        assert alive.endswith(str(port))
        again = Loopback(port)
        until(lambda: drained(box))
        again.close()
        assert len(again.applied) == 1

    def test_accepting_does_not_wait_for_it(self, hanging_up, worker, box, loopback):
        loopback.always = "blackhole"
        worker.start()
        log(box)
        until(lambda: loopback.batches)
        for _ in range(50):
            log(box)
        assert box.status().waiting == 51

    def test_the_time_since_when_is_that_of_the_first_failure(self, worker, box, loopback, vault):
        loopback.always = "503"
        log(box)
        worker.start()
        until(lambda: not lanes.health(vault, owner="alice").reachable)
        first = lanes.health(vault, owner="alice").since
        loopback.always = "html"
        until(lambda: lanes.health(vault, owner="alice").trouble == sync.GARBLED)
        assert lanes.health(vault, owner="alice").since == first

    def test_batches_shrink_until_the_database_manages_and_grow_again(self, worker, box, loopback, vault):
        with vault.transaction():
            for n in range(150):
                log(box, n=n)
        loopback.faults.extend(["500"] * 4)
        worker.start()
        until(lambda: drained(box))
        assert loopback.batches[:5] == [150, 100, 50, 25, 12]
        assert sum(loopback.batches[4:]) == 150
        assert max(loopback.batches[5:]) > 25

    def test_one_persons_entry_that_breaks_the_server_holds_up_neither_others_nor_the_rest_of_hers(
        self, worker, box, loopback, vault
    ):
        bobs = Outbox(vault, "bob")
        poison = log(box, spoil=500)
        with vault.transaction():
            fine = [log(box, n=n) for n in range(20)] + [log(bobs, n=n) for n in range(20)]
        worker.start()
        until(lambda: drained(bobs) and [one.op_id for one in box.waiting()] == [poison.op_id])
        assert {op.op_id for op in loopback.applied} == {one.op_id for one in fine}
        until(lambda: not lanes.health(vault, owner="alice").reachable)
        assert lanes.health(vault, owner="bob").reachable

    def test_one_persons_entry_that_is_never_answered_does_not_keep_the_others_from_their_turn(
        self, hanging_up, worker, box, loopback, vault
    ):
        bobs = Outbox(vault, "bob")
        log(box, hang=True)
        log(bobs)
        worker.start()
        until(lambda: drained(bobs))
        assert box.status().waiting == 1

    @pytest.mark.parametrize("fault", WRONG)
    def test_an_answer_that_does_not_fit_is_called_that(self, worker, box, loopback, vault, fault):
        loopback.always = fault
        log(box)
        worker.start()
        until(lambda: lanes.health(vault, owner="alice").trouble == sync.GARBLED)

    def test_the_real_waits_leave_time_to_notice_healing_and_to_send_within_five_seconds(self):
        source = Path(sync.__file__).read_text()
        shortest, longest = (
            float(part)
            for part in source.split("SHORTEST_WAIT, LONGEST_WAIT = ")[1].split("\n")[0].split(", ")
        )
        (ask,) = (float(line.split("=")[1]) for line in source.splitlines() if line.startswith("ASK_SECONDS"))
        assert max(shortest + longest, ask) + database.TIMEOUT <= 4

    def test_a_worker_told_to_stop_ends_in_the_middle_of_a_wait(self, worker, box, loopback, monkeypatch):
        monkeypatch.setattr(sync, "LONGEST_WAIT", 3_600)
        monkeypatch.setattr(sync, "SHORTEST_WAIT", 3_600)
        loopback.always = "503"
        log(box)
        worker.start()
        until(lambda: loopback.batches)
        worker.stop(STUCK)
        assert not worker._thread.is_alive()
        assert states(box) == ["saved"]

    def test_it_goes_on_even_where_stamina_was_switched_off(self, worker, box, loopback):
        stamina.set_active(False)
        try:
            loopback.faults.extend(["503", "reset_after"])
            log(box)
            worker.start()
            until(lambda: drained(box))
        finally:
            stamina.set_active(True)
        assert len(loopback.applied) == 1


class TestRefused:
    def test_it_is_parked_with_its_reason_and_stops_no_other(self, worker, box, loopback):
        bad = log(box, refuse="23514")
        fine = log(box)
        worker.start()
        until(lambda: drained(box))
        assert arrived(loopback) == [fine.op_id]
        (parked,) = box.parked()
        assert (parked.op_id, parked.code, parked.params) == (bad.op_id, "23514", {"refuse": "23514"})
        assert parked.reason == "A value is outside its allowed range. Please check the entry."

    @pytest.mark.parametrize(
        ("code", "reason"),
        [
            ("SX004", "Because the test says so."),
            ("42501", "Your role does not allow this."),
            ("ZZ999", "(code ZZ999)"),
        ],
    )
    def test_the_reason_is_in_plain_words(self, worker, box, code, reason):
        log(box, refuse=code)
        worker.start()
        until(lambda: drained(box))
        assert reason in box.parked()[0].reason

    def test_what_depends_on_it_waits_until_its_author_has_decided(self, worker, box, loopback):
        case = ids.new()
        bad = log(box, case, refuse="23505")
        episode = log(box, after=[case])
        later = log(box, case)
        other = log(box)
        worker.start()
        until(lambda: box.parked() and len(loopback.applied) == 1)
        assert arrived(loopback) == [other.op_id]
        assert {one.op_id: one.behind for one in box.waiting()} == {
            episode.op_id: bad.op_id,
            later.op_id: bad.op_id,
        }
        edited = box.retry(bad.op_id, {"code": "C-12"})
        until(lambda: drained(box))
        assert arrived(loopback)[:2] == [other.op_id, edited.op_id]
        assert set(arrived(loopback)[2:]) == {episode.op_id, later.op_id}

    def test_after_it_was_discarded_what_waited_behind_it_goes(self, worker, box, loopback):
        entity = ids.new()
        bad, later = log(box, entity, refuse="23514"), log(box, entity)
        worker.start()
        until(box.parked)
        box.discard(bad.op_id)
        until(lambda: drained(box))
        assert arrived(loopback) == [later.op_id]

    @pytest.mark.parametrize("status", [400, 403, 409, 413, 422])
    def test_one_that_spoils_the_whole_request_is_found_and_parked_alone(self, worker, box, loopback, status):
        fine = [log(box, n=n) for n in range(7)]
        bad = log(box, spoil=status)
        fine += [log(box, n=n) for n in range(6)]
        worker.start()
        until(lambda: drained(box))
        assert [one.op_id for one in box.parked()] == [bad.op_id]
        assert (
            box.parked()[0].reason.endswith((".", bad.op_id))
            or "number to your administrator" in box.parked()[0].reason
        )
        assert sorted(arrived(loopback)) == sorted(one.op_id for one in fine)

    @pytest.mark.parametrize("fault", ["403", "422", "bytes"])
    def test_one_refusal_in_passing_parks_nothing(self, worker, box, loopback, fault):
        loopback.faults.extend(["reset_after", fault])
        log(box)
        worker.start()
        until(lambda: drained(box))
        assert states(box) == ["synced"]
        assert len(loopback.applied) == 1

    @pytest.mark.parametrize("refusal", ["403", "413", "422"])
    def test_what_was_applied_is_not_parked_by_a_gateway_that_has_begun_to_refuse_it(
        self, worker, box, loopback, refusal
    ):
        """Its answer was lost; from then on nothing with this content comes through, and the ledger is asked."""
        loopback.faults.extend(["reset_after", refusal, None, refusal, None])
        log(box)
        worker.start()
        until(lambda: drained(box))
        assert states(box) == ["synced"]
        assert len(loopback.applied) == 1

    @pytest.mark.parametrize(
        "lie",
        [
            lambda said: said | {"applied": True, "digest": "0" * 64},
            lambda said: said | {"applied": True, "op_id": ids.new()},
            lambda said: said | {"applied": 1},
            lambda said: [said | {"applied": True}],
            lambda said: True,
            lambda said: "<html>Welcome</html>",
        ],
    )
    def test_an_answer_about_something_else_calls_nothing_synced_and_parks_nothing(
        self, worker, box, loopback, vault, lie
    ):
        loopback.lie = lie
        log(box, spoil=422)
        worker.start()
        until(lambda: lanes.health(vault, owner="alice").trouble == sync.GARBLED)
        assert box.status().waiting == 1
        loopback.lie = None
        until(lambda: drained(box))
        assert states(box) == ["parked"]

    @pytest.mark.parametrize("fault", ["401", "403", "503"])
    def test_nothing_is_parked_while_the_ledger_cannot_be_asked(
        self, worker, box, loopback, vault, monkeypatch, fault
    ):
        monkeypatch.setattr(sync, "ASK_SECONDS", 0.1)
        loopback.faults.extend(["403", None, "403", fault])
        log(box)
        worker.start()
        until(lambda: drained(box))
        assert states(box) == ["synced"]

    def test_sent_again_as_it_was_it_is_known_by_its_name_and_not_doubled(self, worker, box, loopback, vault):
        """Parked by mistake, as by a version that did not ask the ledger."""
        operation = log(box)
        loopback.apply(
            "alice", [sync.Entry(*vault.connection().execute(sync.READY, ("alice", 1)).get).sent()]
        )
        vault.connection().execute("update operations set state = 'parked'")
        assert box.retry(operation.op_id).op_id == operation.op_id
        worker.start()
        until(lambda: drained(box))
        assert states(box) == ["synced"]
        assert arrived(loopback) == [operation.op_id]

    def test_nothing_is_parked_when_the_refusal_meets_everything(self, worker, box, loopback):
        """A gateway that says 403 to all is not the fault of what somebody wrote."""
        loopback.always = "403"
        log(box)
        worker.start()
        until(lambda: len(loopback.batches) > 6)
        assert 0 in loopback.batches
        assert states(box) == ["saved"] or states(box) == ["sending"]

    @pytest.mark.parametrize(("fault", "sign_in"), [("401", True), ("503", False)])
    def test_nothing_is_parked_when_the_second_opinion_is_not_to_be_had(
        self, worker, box, loopback, vault, monkeypatch, fault, sign_in
    ):
        monkeypatch.setattr(sync, "ASK_SECONDS", 3_600)
        loopback.faults.extend(["403", fault])
        loopback.always = "503"
        log(box)
        worker.start()
        until(lambda: lanes.health(vault, owner="alice").since)
        assert lanes.health(vault, owner="alice").sign_in_needed == sign_in
        loopback.always = None
        worker.wake()
        until(lambda: drained(box))
        assert states(box) == ["synced"]

    def test_a_refusal_that_passes_by_itself_is_waited_out(self, worker, box, loopback, vault):
        """An applier that is not deployed yet: the operation is not to blame."""
        log(box, refuse="42883")
        worker.start()
        until(lambda: not lanes.health(vault, owner="alice").reachable)
        assert "migrations" in lanes.health(vault, owner="alice").trouble
        assert box.parked() == []

    def test_the_same_id_with_other_content_is_never_called_synced(self, worker, box, loopback):
        operation = log(box, mine=True)
        loopback.ledger["alice", operation.op_id] = "something else under the same id"
        worker.start()
        until(lambda: drained(box))
        assert (box.parked()[0].code, arrived(loopback)) == ("SX409", [])


class TestSignIn:
    def test_without_a_token_entries_wait_and_others_go(self, worker, box, loopback, tokens, vault):
        del tokens["alice"]
        bobs = Outbox(vault, "bob")
        log(box), log(bobs)
        worker.start()
        until(lambda: drained(bobs))
        until(lambda: lanes.health(vault, owner="alice").sign_in_needed)
        assert not lanes.health(vault, owner="bob").sign_in_needed
        assert lanes.health(vault, owner="alice").reachable
        tokens["alice"] = "token of alice"
        until(lambda: drained(box))
        worker.stop(STUCK)
        log(box)
        assert not lanes.health(vault, owner="alice").sign_in_needed

    def test_a_token_that_is_refused_pauses_that_lane_until_there_is_another(
        self, worker, box, loopback, tokens, vault, monkeypatch
    ):
        monkeypatch.setattr(sync, "ASK_SECONDS", 3_600)
        tokens["alice"] = "token of alice, expired"
        loopback.refused_tokens = {"token of alice, expired"}
        bobs = Outbox(vault, "bob")
        log(box), log(bobs)
        worker.start()
        until(lambda: drained(bobs))
        until(lambda: lanes.health(vault, owner="alice").sign_in_needed)
        log(bobs)
        until(lambda: drained(bobs))
        assert [request.token for request in loopback.seen].count("Bearer token of alice, expired") == 1
        assert states(box) == ["saved"]
        tokens["alice"] = "token of alice"
        worker.wake()
        until(lambda: drained(box))
        assert arrived(loopback) == [box.recent()[0].op_id]

    def test_asking_for_a_token_may_fail_like_any_request(self, vault, settings, box, loopback):
        given = iter(
            [SignInNeeded("Please sign in."), NotReachable("Away."), RuntimeError("a bug"), "token of alice"]
        )

        def tokens(person: str) -> str:
            answer = next(given)
            if isinstance(answer, Exception):
                raise answer
            return answer

        log(box)
        worker = Worker(vault, settings, tokens)
        worker.start()
        until(lambda: drained(box))
        worker.stop()

    def test_waking_says_look_at_once_also_for_those_who_were_signed_out(
        self, worker, box, tokens, monkeypatch
    ):
        monkeypatch.setattr(sync, "ASK_SECONDS", 3_600)
        token = tokens.pop("alice")
        log(box)
        worker.start()
        until(lambda: worker._lanes["alice"].ask_at)
        tokens["alice"] = token
        worker.wake()
        until(lambda: drained(box))


class Killed(BaseException):
    """What a kill looks like from inside a thread: nothing of ours runs after it."""


class TestKilled:
    @pytest.mark.parametrize("moment", ["before the request", "after the server's commit"])
    def test_between_the_servers_commit_and_our_record_it_still_arrives_once(
        self, vault, settings, box, loopback, moment, tokens, monkeypatch
    ):
        apply = Worker._apply

        def dies(self, token, batch):
            if moment == "after the server's commit":
                apply(self, token, batch)
            raise Killed

        said = [log(box, n=n) for n in range(3)]
        first = Worker(vault, settings, tokens.get)
        with monkeypatch.context() as patched:
            patched.setattr(Worker, "_apply", dies)
            patched.setattr(Worker, "_mark", lambda *_: None)  # a dead thread puts nothing back
            patched.setattr(threading, "excepthook", lambda _: None)
            first.start()
            until(lambda: not first._thread.is_alive())
        assert box.status().waiting == 3
        second = Worker(vault, settings, tokens.get)
        second.start()
        until(lambda: drained(box))
        second.stop()
        assert sorted(arrived(loopback)) == sorted(one.op_id for one in said)

    def test_what_an_earlier_process_left_as_sending_is_sent(self, worker, box, vault, loopback):
        log(box)
        vault.connection().execute("update operations set state = 'sending'")
        worker.start()
        until(lambda: drained(box))
        assert len(loopback.applied) == 1

    def test_an_answer_that_was_late_outdoes_one_that_said_refused(self, worker, box, vault):
        operation = log(box)
        entry = sync.Entry(*vault.connection().execute(sync.READY, ("alice", 1)).get)
        worker._record("alice", [entry], [(False, "23503", "Not there yet.")])
        assert states(box) == ["parked"]
        worker._record("alice", [entry], [(True, None, None)])
        assert box.find(operation.op_id).state == "synced"
        worker._record("alice", [entry], [(False, "23503", "Not there yet.")])
        assert box.find(operation.op_id).state == "synced"

    @pytest.mark.parametrize("seed", range(6))
    def test_whatever_happens_in_whatever_order_nothing_is_lost_doubled_or_out_of_order(
        self, vault, settings, loopback, seed, tokens, monkeypatch
    ):
        """Random saves, faults, kills, sign-outs and second workers; afterwards the server holds exactly what was saved."""
        chance = random.Random(seed)
        boxes = {person: Outbox(vault, person) for person in tokens}
        entities = {person: [ids.new() for _ in range(8)] for person in tokens}
        said: list[tuple[str, str, str]] = []
        # Not those that rightly park (they are their author's to decide), nor those that only take time.
        faults = [fault for fault in FAULTS if not fault.startswith(("blackhole", "40", "413", "422"))] + [
            "401",
            "404",
            "408",
        ]
        monkeypatch.setattr(threading, "excepthook", lambda _: None)
        record = Worker._record
        dying = threading.Event()

        def fragile(self, *arguments):
            if dying.is_set():
                dying.clear()
                raise Killed
            record(self, *arguments)

        monkeypatch.setattr(Worker, "_record", fragile)
        workers = [Worker(vault, settings, tokens.get)]
        workers[0].start()
        for _ in range(150):
            match chance.random():
                case draw if draw < 0.6:
                    person = chance.choice(list(boxes))
                    entity, other = chance.sample(entities[person], 2)
                    operation = log(
                        boxes[person],
                        entity,
                        after=[other] if chance.random() < 0.3 else [],
                        n=chance.random(),
                    )
                    said.append((person, entity, operation.op_id))
                case draw if draw < 0.8:
                    loopback.faults.append(chance.choice(faults))
                case draw if draw < 0.9:
                    dying.set()
                    workers.append(Worker(vault, settings, tokens.get))
                    workers[-1].start()
                case draw if draw < 0.95:
                    person = chance.choice(list(tokens))
                    tokens[person] = None if tokens[person] else f"token of {person}"
                case _:
                    time.sleep(chance.random() / 50)
        loopback.faults.clear()
        dying.clear()
        tokens.update({person: f"token of {person}" for person in tokens})
        workers.append(Worker(vault, settings, tokens.get))
        workers[-1].start()
        until(lambda: drained(*boxes.values()))
        for worker in workers:
            worker.stop(STUCK)
        assert [box.parked() for box in boxes.values()] == [[], [], []]
        came = [(op.person, op.entity, op.op_id) for op in loopback.applied]
        assert sorted(came) == sorted(said)
        for person in boxes:
            for entity in entities[person]:
                assert [one for one in came if one[:2] == (person, entity)] == [
                    one for one in said if one[:2] == (person, entity)
                ]


class TestOnThisServer:
    def test_a_full_disk_stops_nothing_for_good(self, worker, box, vault, loopback, monkeypatch):
        """Marking fails, then recording fails after the server has committed; both times it is simply done again."""
        broken = {"_mark": 2, "_record": 2}

        def fails(name: str):
            real = getattr(Worker, name)

            def method(self, *arguments):
                if broken[name]:
                    broken[name] -= 1
                    raise ServiceError("The disk of this server is full.")
                return real(self, *arguments)

            return method

        for name in broken:
            monkeypatch.setattr(Worker, name, fails(name))
        note, tries = lanes.note, [2]

        def fragile_note(*arguments):
            if tries[0]:
                tries[0] -= 1
                raise ServiceError("The disk of this server is full.")
            note(*arguments)

        monkeypatch.setattr(lanes, "note", fragile_note)
        log(box)
        worker.start()
        until(lambda: drained(box))
        assert len(loopback.applied) == 1
        assert broken == {"_mark": 0, "_record": 0}

    def test_old_drafts_and_done_operations_are_cleared_away_at_start_and_each_hour(
        self, worker, vault, box, monkeypatch
    ):
        drafts.save(vault, owner="alice", form="episode", key="new", content={})
        vault.connection().execute("update drafts set changed = 1")
        worker.start()
        until(lambda: drafts.of(vault, owner="alice") == [])
        drafts.save(vault, owner="alice", form="episode", key="new", content={})
        vault.connection().execute("update drafts set changed = 1")
        log(box)
        until(lambda: drained(box))
        assert len(drafts.of(vault, owner="alice")) == 1
        monkeypatch.setattr(sync, "HOUR", -1)
        until(lambda: drafts.of(vault, owner="alice") == [])

    def test_nothing_that_was_typed_is_found_on_the_disk_or_in_a_log(
        self, worker, box, vault, loopback, tmp_path, monkeypatch, caplog
    ):
        """200 marked words go through drafts, edits, faults, parking, retrying, discarding and syncing."""
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))
        monkeypatch.setattr(tempfile, "tempdir", None)
        caplog.set_level(logging.DEBUG)
        printed = io.StringIO()
        handler = logging.StreamHandler(printed)
        logging.getLogger().addHandler(handler)
        canaries = [f"canary{random.getrandbits(64):016x}" for _ in range(200)]
        for n, canary in enumerate(canaries):
            drafts.save(vault, owner="alice", form="episode", key=str(n), content={"note": canary})
            log(
                box,
                note=canary,
                **({"refuse": "23514"} if n % 5 == 0 else {"spoil": 422} if n % 50 == 1 else {}),
            )
        loopback.faults.extend(["503", "reset_after", "html", "wrong_ids", "truncated", None, "500"])
        worker.start()
        until(lambda: drained(box))
        assert {op.params["note"] for op in loopback.applied} < set(canaries)
        parked = box.parked()
        assert len(parked) == 44
        for operation in parked[::2]:
            box.discard(operation.op_id)
        for operation in parked[1::2]:
            box.retry(operation.op_id, {"note": operation.params["note"]})
        until(lambda: drained(box))
        files = [file for file in tmp_path.rglob("*") if file.is_file()]
        assert {"vault.db", "vault.db-wal", "vault.db-shm"} <= {file.name for file in files}
        on_disk = b"".join(file.read_bytes() for file in files)
        logged = caplog.text + printed.getvalue()
        logging.getLogger().removeHandler(handler)
        assert "parked episode.log" in logged
        assert [canary for canary in canaries if canary.encode() in on_disk or canary in logged] == []

    def test_that_search_would_find_them_in_a_plain_database(self, tmp_path):
        with sqlite3.connect(tmp_path / "plain.db") as plain:
            plain.execute("create table drafts (content text)")
            plain.execute("insert into drafts values ('canary')")
        plain.close()
        assert b"canary" in (tmp_path / "plain.db").read_bytes()
