"""Waiting and parked: what is on its way, what needs its author, and what was begun."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from services import cases, drafts, episodes, sync
from tests.pages.conftest import pick, press, today, words


def logged(somebody, case=None):
    """An episode that is saved here; on a case nobody has when none is given."""
    return episodes.log(
        somebody.outbox,
        team=somebody.team,
        case=case or uuid4(),
        happened_on=today(),
        kind="stalled",
        today=today(),
        note="words of mine",
    )


def test_with_nothing_waiting_it_says_so(alice):
    at = alice.visits("waiting")
    assert not at.exception
    page = "\n".join([words(at), *(notice.value for notice in at.success)])
    assert "Everything you saved is in the database." in page
    assert "No form is half filled in." in page


def test_what_waits_is_listed_until_the_database_has_it(alice):
    case = cases.open(alice.outbox, team=alice.team, code="C-1234")
    logged(alice, case.entity)
    at = alice.visits("waiting")
    assert not at.exception
    listed = at.table[0].value.to_string()
    assert "New case" in listed
    assert "Episode" in listed
    assert "waits for the one before it" in listed
    alice.synced()
    assert alice.visits("waiting").table == []


def test_a_database_that_is_away_is_said_with_what_waits(alice, app):
    logged(alice)
    away = replace(app.running.settings, supabase_url="http://127.0.0.1:9")
    worker = sync.Worker(app.running.vault, away, tokens=app.running.sessions.token_of)
    worker.start()
    try:
        for _ in range(200):
            at = alice.visits("waiting")
            if any("cannot be reached" in notice.value for notice in at.warning):
                break
    finally:
        worker.stop()
    assert any("cannot be reached" in notice.value for notice in at.warning)
    assert len(at.table) == 1
    op = alice.outbox.waiting()[0]
    alice.synced()
    alice.outbox.discard(op.op_id)


def test_a_parked_entry_shows_why_and_is_let_go_only_by_its_author(alice):
    operation = logged(alice)
    alice.synced()
    at = alice.visits("waiting")
    assert not at.exception
    assert "is not there" in words(at)
    press(at, f"waiting_needs_{operation.op_id}_discard")
    assert alice.outbox.parked() == []


@pytest.fixture
def begun(alice):
    """An episode that Alice has begun."""
    at = alice.visits("log_episode")
    pick(at, "log_episode_kind", "stalled")
    return alice


def test_a_draft_is_listed_with_its_page_and_can_be_discarded(begun):
    at = begun.visits("waiting")
    assert not at.exception
    assert "An episode" in words(at)
    press(at, "waiting_begun_0_discard")
    assert not at.exception
    assert drafts.of(begun.app.running.vault, owner=str(begun.id)) == []


def test_a_draft_that_is_about_to_go_says_when(begun):
    with begun.app.running.vault.transaction() as db:
        db.execute("update drafts set changed = changed - ?", (timedelta(days=27).total_seconds(),))
    assert "It goes in 2 days." in words(begun.visits("waiting"))
