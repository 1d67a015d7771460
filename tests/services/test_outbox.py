"""The outbox: durable before it says so, one operation for a double click, and every parked one in its author's hands."""

# ruff: noqa: F811 - fixtures are asked for by the names they are imported under

import math
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from services import ids, outbox
from services import vault as services_vault
from services.errors import Refused, ServiceError
from services.outbox import Outbox
from tests.services.vaults import KEY, vault  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def box(vault) -> Outbox:
    return Outbox(vault, "alice")


def become(box: Outbox, operation: outbox.Operation, state: str, **columns: object) -> None:
    """As the worker would leave it."""
    with box._vault.transaction() as connection:
        for column, value in {"state": state, **columns}.items():
            connection.execute(
                f"update operations set {column} = ? where op_id = ?", (value, operation.op_id)
            )


def log(box: Outbox, entity: str | None = None, **more):
    return box.accept(
        **{"kind": "episode.log", "entity": entity or ids.new(), "params": {"kind": "stalled"}} | more
    )


class TestAccepting:
    def test_keeps_what_was_said_and_when(self, box):
        entity, before = ids.new(), datetime.now(UTC)
        operation = box.accept(
            kind="episode.log", entity=entity, params={"note": "é🫶", "ratings": {"1": None}}
        )
        assert box.find(operation.op_id) == operation
        assert (operation.kind, operation.entity, operation.state) == ("episode.log", entity, "saved")
        assert operation.params == {"note": "é🫶", "ratings": {"1": None}}
        assert abs((datetime.fromisoformat(operation.stated_at) - before).total_seconds()) < 60
        assert operation.accepted.tzinfo is UTC
        assert operation.synced is None

    def test_keeps_the_authors_own_time_however_far_off_it_is(self, box):
        assert log(box, stated_at="2031-01-01T00:00:00+09:00").stated_at == "2031-01-01T00:00:00+09:00"

    def test_makes_one_operation_of_a_double_click(self, box):
        entity, op_id = ids.new(), ids.new()
        first, second = (log(box, entity, op_id=op_id) for _ in range(2))
        assert first == second
        assert box.status().waiting == 1

    def test_makes_one_operation_of_clicks_at_the_same_moment(self, box):
        entity, op_id = ids.new(), ids.new()
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(lambda _: log(box, entity, op_id=op_id), range(32)))
        assert box.status().waiting == 1

    @pytest.mark.parametrize(
        "other", [{"params": {"kind": "yes_but"}}, {"kind": "episode.amend"}, {"entity": ids.new()}]
    )
    def test_refuses_other_content_under_the_same_id(self, box, other):
        said = {"kind": "episode.log", "entity": ids.new(), "params": {"kind": "stalled"}, "op_id": ids.new()}
        first = box.accept(**said)
        with pytest.raises(Refused) as refused:
            box.accept(**said | other)
        assert refused.value.code == "SX409"
        assert box.waiting() == [first]

    def test_an_id_belongs_to_its_owner_so_a_stranger_learns_nothing_from_it(self, box, vault):
        mine = log(box)
        theirs = log(Outbox(vault, "bob"), op_id=mine.op_id, params={"kind": "other"})
        assert theirs.state == "saved"
        assert box.waiting() == [mine]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"params": {"x": math.nan}},
            {"params": {"x": "\ud83d"}},
            {"entity": "../etc"},
            {"op_id": "1"},
            {"after": ["x"]},
        ],
    )
    def test_refuses_what_cannot_travel(self, box, wrong):
        with pytest.raises(Refused):
            log(box, **wrong)
        assert box.status().waiting == 0

    def test_says_so_when_the_disk_is_full_and_keeps_nothing_halfway(self, box, vault):
        vault.connection().pragma("max_page_count", vault.connection().pragma("page_count"))
        with pytest.raises(ServiceError, match="full"):
            log(box, params={"note": "x" * 100_000})
        assert box.status().waiting == 0

    def test_belongs_to_the_transaction_round_it(self, box, vault):
        def halfway():
            with vault.transaction():
                log(box)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            halfway()
        assert box.status().waiting == 0


class TestOrder:
    def test_on_one_entity_each_waits_for_the_one_before(self, box):
        entity = ids.new()
        first, second, third = (log(box, entity, params={"n": n}) for n in range(3))
        assert [one.behind for one in box.waiting()] == [None, first.op_id, first.op_id]
        become(box, first, "synced")
        assert [one.behind for one in box.waiting()] == [None, second.op_id]
        assert [one.op_id for one in box.waiting()] == [second.op_id, third.op_id]

    def test_between_entities_only_where_it_was_said(self, box):
        case, episode = ids.new(), ids.new()
        opened = log(box, case)
        log(box)
        logged = log(box, episode, after=[case, episode])
        log(box, ids.new(), after=[episode])
        assert [one.behind for one in box.waiting()] == [None, None, opened.op_id, logged.op_id]

    def test_a_later_change_of_what_is_depended_on_is_not_waited_for(self, box):
        case = ids.new()
        episode = log(box, after=[case])
        log(box, case)
        assert box.find(episode.op_id).behind is None

    def test_what_follows_a_parked_one_waits_for_it(self, box):
        entity = ids.new()
        first, second = (log(box, entity, params={"n": n}) for n in range(2))
        become(box, first, "parked")
        assert [one.behind for one in box.waiting()] == [first.op_id]
        assert box.find(second.op_id).behind == first.op_id

    def test_another_persons_entries_on_the_same_entity_are_not_in_the_way(self, box, vault):
        entity = ids.new()
        log(Outbox(vault, "bob"), entity)
        assert log(box, entity).behind is None


class TestShowing:
    def test_status_counts_what_waits_since_when_and_what_needs_its_author(self, box):
        assert box.status() == outbox.Status(0, None, 0)
        operations = [log(box) for _ in range(4)]
        become(box, operations[0], "synced")
        become(box, operations[1], "parked")
        become(box, operations[2], "sending", accepted=1_000.0)
        assert box.status() == outbox.Status(2, datetime.fromtimestamp(1_000, UTC), 1)

    def test_recent_shows_the_latest_first_whatever_became_of_them_but_not_the_discarded(self, box):
        operations = [log(box) for _ in range(4)]
        become(box, operations[0], "synced", synced=time.time())
        become(box, operations[1], "parked")
        become(box, operations[2], "parked")
        box.discard(operations[2].op_id)
        assert [one.op_id for one in box.recent()] == [operations[n].op_id for n in (3, 1, 0)]
        assert len(box.recent(limit=2)) == 2

    def test_everybody_sees_their_own_only(self, box, vault):
        log(box)
        bobs = Outbox(vault, "bob")
        assert (bobs.waiting(), bobs.recent(), bobs.status().waiting) == ([], [], 0)
        assert bobs.find(box.waiting()[0].op_id) is None


class TestParked:
    @pytest.fixture
    def parked(self, box):
        operation = log(box, params={"intensity": 9})
        become(
            box, operation, "parked", code="23514", reason="A value is outside its allowed range.", attempts=3
        )
        return box.find(operation.op_id)

    def test_shows_its_reason_and_content(self, box, parked):
        assert box.parked() == [parked]
        assert (parked.code, parked.reason, parked.params) == (
            "23514",
            "A value is outside its allowed range.",
            {"intensity": 9},
        )

    def test_edited_and_sent_again_it_is_new_but_keeps_its_place(self, box, parked):
        later = log(box, parked.entity)
        again = box.retry(parked.op_id, {"intensity": 4})
        assert again.op_id != parked.op_id
        assert (again.params, again.replaces, again.state, again.behind) == (
            {"intensity": 4},
            parked.op_id,
            "saved",
            None,
        )
        assert (again.code, again.reason, again.attempts) == (None, None, 0)
        assert box.find(later.op_id).behind == again.op_id
        assert box.parked() == []

    @pytest.mark.parametrize("params", [None, {"intensity": 9}])
    def test_sent_again_as_it_was_it_keeps_its_name_by_which_the_ledger_knows_it(self, box, parked, params):
        again = box.retry(parked.op_id, params)
        assert again == replace(parked, state="saved", attempts=0, code=None, reason=None)
        assert box.parked() == []

    def test_asked_twice_it_is_sent_once(self, box, parked):
        assert box.retry(parked.op_id, {"intensity": 4}) == box.retry(parked.op_id, {"intensity": 4})
        assert box.status().waiting == 1

    def test_a_late_double_click_on_the_first_form_does_not_bring_it_back(self, box, parked):
        box.retry(parked.op_id, {"intensity": 4})
        log(box, parked.entity, op_id=parked.op_id, params={"intensity": 9})
        assert [one.params for one in box.waiting()] == [{"intensity": 4}]

    def test_an_edit_that_cannot_travel_leaves_it_parked(self, box, parked):
        with pytest.raises(Refused):
            box.retry(parked.op_id, {"intensity": math.inf})
        assert box.parked() == [parked]

    def test_discarded_its_content_is_gone_and_the_next_may_go(self, box, parked, vault):
        later = log(box, parked.entity)
        box.discard(parked.op_id)
        assert box.parked() == []
        assert box.find(later.op_id).behind is None
        assert box.find(parked.op_id) == replace(
            parked, state="discarded", params={}, synced=box.find(parked.op_id).synced
        )

    @pytest.mark.parametrize("state", ["saved", "sending", "synced", "discarded"])
    def test_only_a_parked_one_can_be_sent_again_or_discarded(self, box, state):
        operation = log(box)
        become(box, operation, state)
        for act in (box.retry, box.discard):
            with pytest.raises(Refused):
                act(operation.op_id)
        assert box.find(operation.op_id).state == state

    def test_nobody_decides_about_anothers(self, box, parked, vault):
        for act in (Outbox(vault, "bob").retry, Outbox(vault, "bob").discard):
            with pytest.raises(Refused):
                act(parked.op_id)
        assert box.parked() == [parked]


def test_what_is_done_is_forgotten_after_thirty_days_and_what_is_open_never(box, vault, monkeypatch):
    operations = [log(box) for _ in range(4)]
    become(box, operations[0], "synced", synced=time.time())
    become(box, operations[1], "parked")
    become(box, operations[2], "parked")
    box.discard(operations[2].op_id)
    assert outbox.purge(vault) == 0
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 31 * 86_400)
    assert outbox.purge(vault) == 2
    assert {one.op_id for one in box.recent()} == {operations[1].op_id, operations[3].op_id}


def test_names_are_version_seven_sort_by_age_and_never_repeat(monkeypatch):
    clock = iter(range(1_700_000_000_000_000_000, 1_800_000_000_000_000_000, 1_000_000))
    monkeypatch.setattr(time, "time_ns", lambda: next(clock))
    names = [ids.new() for _ in range(1_000)]
    assert names == sorted(names)
    assert len(set(names)) == 1_000
    assert {(UUID(name).version, UUID(name).variant) for name in names} == {(7, UUID(names[0]).variant)}
    assert UUID(names[0]).int >> 80 == 1_700_000_000_000


WRITER = """
import sys
from pathlib import Path
from services import drafts, ids, vault
from services.outbox import Outbox
opened = vault.open(Path(sys.argv[1]), sys.argv[2])
box = Outbox(opened, "alice")
for n in range(1_000_000):
    with opened.transaction():
        operation = box.accept(kind="episode.log", entity=ids.new(), params={"n": n})
        drafts.save(opened, owner="alice", form="last", key="", content={"op_id": operation.op_id})
    print(operation.op_id, flush=True)
"""


def test_whatever_was_acknowledged_is_there_after_kill_9(vault):
    """The draft written in the same transaction shows that none was torn in two."""
    vault.close()
    acknowledged: list[str] = []
    for _ in range(4):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(vault.path), KEY], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(random.randint(1, 150)):
            acknowledged.append(writer.stdout.readline().strip())
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged += writer.stdout.read().split()
        writer.wait()
        writer.stdout.close()
        again = services_vault.open(vault.path, KEY)
        kept = [op_id for (op_id,) in again.connection().execute("select op_id from operations order by id")]
        last = again.connection().execute("select content from drafts").get
        again.close()
        assert set(acknowledged) <= set(kept)
        assert len(kept) == len(set(kept)) <= len(acknowledged) + 4
        assert kept[-1] in last
