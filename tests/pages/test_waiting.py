"""Waiting and parked: what is on its way, what needs its author, and what was begun."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from services import cases, drafts, episodes, ids, sync
from tests.pages.conftest import has, pick, press, today, words, write


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


def test_it_is_let_go_only_after_it_was_asked_once_more(alice):
    operation = logged(alice)
    alice.synced()
    at = alice.visits("waiting")
    (question,) = (
        block
        for block in blocks(at.main)
        if block.type == "popover" and f"{operation.op_id}_discard" in str(block)
    )
    assert "deleted for good" in question.children[0].value


def blocks(node):
    """Every block of a page, from the outside in."""
    for child in node.children.values():
        if hasattr(child, "children"):
            yield child
            yield from blocks(child)


def changing(at, operation):
    """The card of a refused entry with its fields open."""
    at.session_state[f"waiting_needs_{operation.op_id}_change"] = True
    return at.run()


def field(operation, name):
    return f"waiting_needs_{operation.op_id}_edit_{name}"


def refused(alice, **more):
    """An episode that the database refuses for its strength, which no form would have let through."""
    case = cases.open(alice.outbox, team=alice.team, code="C-1234").entity
    operation = alice.outbox.accept(
        kind="episode.log", entity=ids.new(), after=[case],
        params={
            "team": str(alice.team), "case": case, "happened_on": str(today()), "kind": "stalled", "markers": [], "intensity": 9,
            "first_blame": None, "next_move": None, "named": None, "outside": [], "ratings": {"1": 2},
            "note": {"id": ids.new(), "body": "words of mine", "shared": False},
        } | more,
    )  # fmt: skip
    alice.synced()
    assert [op.op_id for op in alice.outbox.parked()] == [operation.op_id]
    return operation


def test_a_refused_episode_is_changed_where_it_is_shown_and_arrives_with_the_rest_of_it(alice):
    operation = refused(alice)
    at = changing(alice.visits("waiting"), operation)
    assert at.text_area(key=field(operation, "note_body")).value == "words of mine"
    at.number_input(key=field(operation, "intensity")).set_value(4).run()
    pick(at, field(operation, "first_blame"), "neither")
    press(at, field(operation, "save"))
    assert not at.exception
    alice.synced()
    assert alice.outbox.parked() == []
    (found,) = episodes.recent(alice.db, team=alice.team)
    assert (found.intensity, found.first_blame, found.ratings, found.note) == (
        4,
        "neither",
        {1: 2},
        "words of mine",
    )


def test_a_change_that_was_begun_is_kept_like_every_form_and_is_not_left_behind(alice):
    operation = refused(alice)
    write(changing(alice.visits("waiting"), operation), field(operation, "note_body"), "half a sen")
    again = alice.visits("waiting")  # another browser
    assert again.text_area(key=field(operation, "note_body")).value == "half a sen"
    assert "A change to an entry that needs you" in words(again)
    assert not has(again, f"waiting_needs_{operation.op_id}_again")
    press(again, f"waiting_needs_{operation.op_id}_discard")
    assert alice.outbox.parked() == []
    assert drafts.of(alice.app.running.vault, owner=str(alice.id)) == []


def test_a_note_that_may_identify_somebody_is_asked_about_here_as_well(alice):
    operation = refused(alice)
    at = changing(alice.visits("waiting"), operation)
    at.number_input(key=field(operation, "intensity")).set_value(4).run()
    write(at, field(operation, "note_body"), "reach her at jane@example.org")
    press(at, field(operation, "save"))
    assert len(alice.outbox.parked()) == 1
    press(at, field(operation, "as_it_is"))
    assert alice.outbox.parked() == []


def test_an_episode_of_a_case_that_is_not_there_can_be_given_another(alice):
    other = cases.open(alice.outbox, team=alice.team, code="C-0007").entity
    operation = refused(alice, case=str(uuid4()), intensity=3)
    at = pick(changing(alice.visits("waiting"), operation), field(operation, "case"), other)
    press(at, field(operation, "save"))
    alice.synced()
    assert [str(one.case) for one in episodes.recent(alice.db, team=alice.team)] == [other]


def test_sent_again_as_it_was_it_is_the_same_operation(alice):
    operation = refused(alice)
    press(alice.visits("waiting"), f"waiting_needs_{operation.op_id}_again")
    assert [op.op_id for op in alice.outbox.waiting()] + [op.op_id for op in alice.outbox.parked()] == [
        operation.op_id
    ]


@pytest.fixture
def twice(alice):
    """An episode that two devices have changed: the first stands, the second was refused."""
    case = cases.open(alice.outbox, team=alice.team, code="C-1234").entity
    episode = logged(alice, case).entity
    alice.synced()
    for strength in (1, 5):
        episodes.amend(
            alice.outbox,
            episode=episode,
            based_on=1,
            happened_on=today(),
            today=today(),
            kind="stalled",
            intensity=strength,
        )
    alice.synced()
    (operation,) = alice.outbox.parked()
    return operation


def stands(alice):
    (found,) = episodes.recent(alice.db, team=alice.team)
    return found.version, found.intensity


def test_of_two_versions_both_are_shown_where_they_differ_and_nothing_is_overwritten(alice, twice):
    at = alice.visits("waiting")
    assert not at.exception
    assert "was changed elsewhere in the meantime" in words(at)
    (table,) = at.table
    assert table.value.values.tolist() == [["How strong it was", "1", "5"]]
    assert stands(alice) == (2, 1)


def test_of_two_versions_the_author_may_choose_their_own(alice, twice):
    press(alice.visits("waiting"), f"waiting_needs_{twice.op_id}_again")
    alice.synced()
    assert alice.outbox.parked() == []
    assert stands(alice) == (3, 5)


def test_of_two_versions_the_author_may_keep_what_stands(alice, twice):
    press(alice.visits("waiting"), f"waiting_needs_{twice.op_id}_discard")
    assert alice.outbox.parked() == []
    assert stands(alice) == (2, 1)


def test_of_two_versions_the_author_may_make_a_third(alice, twice):
    at = changing(alice.visits("waiting"), twice)
    at.number_input(key=field(twice, "intensity")).set_value(3).run()
    press(at, field(twice, "save"))
    alice.synced()
    assert stands(alice) == (3, 3)


def test_while_the_other_version_cannot_be_seen_only_letting_go_is_offered(alice, twice):
    alice.visits("home")  # who she is is known on this server from now on
    alice.app.loses_the_database()
    at = alice.visits("waiting")
    assert not at.exception
    assert "What stands cannot be shown just now." in words(at)
    assert not has(at, f"waiting_needs_{twice.op_id}_again")
    assert has(at, f"waiting_needs_{twice.op_id}_discard")


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
