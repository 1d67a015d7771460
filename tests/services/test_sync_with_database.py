"""Sync against the real apply_ops: its ledger, its refusals, and what it cannot even read."""

import pytest

from services import ids, lanes, sync, vault
from services.outbox import Outbox
from services.settings import Settings
from services.sync import Worker
from tests.small_clinic import KEY


@pytest.fixture
def box(clinic, tmp_path):
    """Alice's outbox in a vault of its own, which the clinic's worker does not know."""
    opened = vault.open(tmp_path / "vault.db", KEY)
    yield Outbox(opened, str(clinic.people["alice"]))
    opened.close()


@pytest.fixture
def worker(stack, clinic, box, tmp_path):
    """A worker that is driven by hand, so that it can stop at the worst moments."""
    settings = Settings(stack.url, stack.publishable_key, tmp_path / "vault.db", KEY)
    token = clinic.as_("alice").auth.get_session().access_token
    return Worker(box._vault, settings, {box.owner: token}.get)


@pytest.fixture
def open_case(clinic, box):
    """`open_case("SY-101")` puts a new case into Alice's outbox, or into another."""

    def accept(code: str, into: Outbox = box, **more):
        params = {"team": str(clinic.team), "code": code} | more
        return into.accept(kind="case.open", entity=ids.new(), params=params)

    return accept


def in_database(clinic, operation) -> int:
    return len(clinic.as_("alice").table("cases").select("id").eq("id", operation.entity).execute().data)


def test_a_batch_that_was_committed_but_never_recorded_is_applied_once(
    worker, box, clinic, open_case, monkeypatch
):
    cases = [open_case(f"SY-{n}") for n in range(101, 106)]
    with monkeypatch.context() as patched:
        patched.setattr(Worker, "_record", lambda *_: None)  # as if killed between the two
        worker._send_some(box.owner)
    assert box.status().waiting == 5
    assert [in_database(clinic, case) for case in cases] == [1] * 5
    worker._drain()
    assert [box.find(case.op_id).state for case in cases] == ["synced"] * 5
    assert [in_database(clinic, case) for case in cases] == [1] * 5


def test_a_refused_entry_is_parked_in_plain_words_and_once_edited_arrives_before_what_waited(
    worker, box, clinic, open_case
):
    bad = open_case("SY-201", control_sensitivity=9)
    fine = open_case("SY-202")
    episode = box.accept(
        kind="episode.log",
        entity=ids.new(),
        params={"team": str(clinic.team), "case": bad.entity, "happened_on": "2026-01-05", "kind": "stalled"},
        after=[bad.entity],
    )
    worker._drain()
    assert [one.state for one in map(box.find, (bad.op_id, fine.op_id, episode.op_id))] == [
        "parked",
        "synced",
        "saved",
    ]
    assert box.parked()[0].code == "23514"
    assert "allowed range" in box.parked()[0].reason
    edited = box.retry(bad.op_id, bad.params | {"control_sensitivity": 4})
    worker._drain()
    assert [one.state for one in map(box.find, (edited.op_id, episode.op_id))] == ["synced", "synced"]


def test_text_that_the_database_cannot_even_read_spoils_no_other_entry(worker, box, clinic, open_case):
    fine = [open_case(f"SY-{n}") for n in range(301, 304)]
    bad = open_case("SY-\x00304")
    worker._drain()
    assert [one.op_id for one in box.parked()] == [bad.op_id]
    assert [in_database(clinic, case) for case in fine] == [1] * 3


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"note": {"id": "019abc", "body": '„Ja, aber …“ 🙂 \\ " \n\t \x01 \x7f / é é', "shared": True}},
        {"ratings": {"10": None, "2": 4, "é": 1, "zz": 0}, "markers": [], "nested": [{}, [], [1, -2, 0.5]]},
    ],
)
def test_the_ledger_knows_this_very_operation_and_no_other(worker, box, clinic, open_case, monkeypatch, more):
    """The digest that is made here is the one that PostgreSQL made."""
    case = open_case(f"SY-4{len(more)}{len(str(more)) % 7}", **more)
    (row,) = box._vault.connection().execute(sync.READY, (box.owner, 1)).fetchall()
    entry, token = sync.Entry(*row), worker._tokens(box.owner)
    assert worker._has_arrived(token, entry) is False
    worker._apply(token, [entry])
    assert in_database(clinic, case) == 1
    assert worker._has_arrived(token, entry) is True
    monkeypatch.setattr(entry, "stated_at", "2026-01-01T00:00:00+00:00")
    assert worker._has_arrived(token, entry) is False


def test_the_same_name_for_something_else_is_refused_by_the_ledger(worker, box, clinic, open_case):
    first = open_case("SY-401")
    worker._drain()
    box._vault.connection().execute("delete from operations")
    second = box.accept(
        kind="case.open",
        entity=ids.new(),
        op_id=first.op_id,
        params={"team": str(clinic.team), "code": "SY-402"},
    )
    worker._drain()
    assert box.find(second.op_id).state == "parked"
    assert box.find(second.op_id).code == "SX409"
    assert in_database(clinic, second) == 0


def test_a_stranger_cannot_write_into_the_team_and_hears_why(worker, box, clinic, open_case, stack, tmp_path):
    otto = Outbox(box._vault, str(clinic.people["otto"]))
    worker._tokens = {otto.owner: clinic.as_("otto").auth.get_session().access_token}.get
    case = open_case("SY-501", into=otto)
    worker._drain()
    assert otto.find(case.op_id).code == "42501"
    assert "role does not allow" in otto.find(case.op_id).reason


def test_a_token_of_nobody_asks_for_sign_in_and_loses_nothing(worker, box, open_case):
    worker._tokens = {box.owner: "not a token"}.get
    open_case("SY-601")
    worker._drain()
    assert box.status().waiting == 1
    assert lanes.health(box._vault, owner=box.owner).sign_in_needed


def test_a_full_batch_and_one_more_arrive(worker, box, open_case):
    with box._vault.transaction():
        cases = [open_case(f"SY-{n}") for n in range(1000, 1001 + sync.BATCH)]
    worker._drain()
    assert {box.find(case.op_id).state for case in cases} == {"synced"}
