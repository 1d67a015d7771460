"""Meeting, before it begins: a supervisor proposes, plans and changes the agenda; and what the page shows to whom."""

from datetime import timedelta
from uuid import UUID

import pytest

from services import cases, chairing, meetings, ruptures
from services.meetings import Meeting
from tests.pages.conftest import App, Somebody, today, words


@pytest.fixture
def sue(app: App, alice: Somebody) -> Somebody:
    """The supervisor of Alice's team."""
    return app.person("supervisor", name="Sue Sedge", team=alice.team)


def has_rupture(who: Somebody, code: str, *, days_ago: int = 9) -> tuple[UUID, UUID]:
    """The case and the rupture, open for so many days."""
    case = UUID(cases.open(who.outbox, team=who.team, code=code).entity)
    day = today() - timedelta(days=days_ago)
    op = ruptures.open(who.outbox, team=who.team, case=case, kind="withdrawal", noticed_on=day, today=today())
    who.synced()
    return case, UUID(op.entity)


def planned(sue: Somebody, alice: Somebody) -> Meeting:
    """A meeting of today: a rupture of Alice's, a theme, what went well."""
    case, rupture = has_rupture(alice, "C-0301")
    items = [
        chairing.an_item("rupture", therapist=alice.id, case=case, rupture=rupture, because=[{"why": "rupture", "days": 9, "points": 2}]),
        chairing.an_item("theme", minutes=5),
        chairing.an_item("went_well", minutes=5),
    ]  # fmt: skip
    chairing.plan(sue.outbox, team=sue.team, held_on=today(), items=items)
    sue.synced()
    return meetings.now(sue.db, team=sue.team)


def test_the_page_is_there_before_anything_is_planned(sue, alice):
    assert "Nothing is planned" in words(sue.visits("meeting"))
    assert "No meeting is planned" in words(alice.visits("meeting"))


def test_a_supervisor_reads_codes_and_names_where_a_therapist_reads_labels_but_for_their_own(app, sue, alice):
    meeting = planned(sue, alice)
    assert "C\\-0301 · Alice Ashby" in words(sue.visits("meeting"))
    assert "C\\-0301 · Alice Ashby" in words(alice.visits("meeting"))
    said = words(app.person("therapist", name="Bob Birch", team=alice.team).visits("meeting"))
    assert f"Case {meeting.items[0].case} · Person {meeting.items[0].person}" in said
    assert "0301" not in said
    assert "Alice" not in said


def test_a_meeting_is_still_there_when_the_database_is_away_and_the_browser_is_a_new_one(app, sue, alice):
    meeting = planned(sue, alice)
    sue.visits("meeting")
    app.loses_the_database()
    chairing.begin(sue.outbox, meeting=meeting)
    said = words(sue.visits("meeting"))
    assert "What you see here is from before." in said
    assert "The meeting runs" in said
    assert "C\\-0301" in said


def test_what_was_never_read_is_not_called_empty(app, sue):
    sue.visits("home")  # who she is was read
    app.loses_the_database()
    said = words(sue.visits("meeting"))
    assert "The meeting cannot be shown just now." in said
    assert "Nothing is planned" not in said


def test_somebody_in_both_roles_chooses_the_side(app, alice):
    both = app.person("supervisor", name="Bo Both", team=alice.team)
    app.sql.execute(
        "insert into public.memberships (person_id, team_id, role, starts_on) values (%s, %s, 'therapist', %s)",
        (both.id, both.team, today() - timedelta(weeks=9)),
    )
    at = both.visits("meeting")
    assert "Nothing is planned" in words(at)
    assert "No meeting is planned" in words(at.button_group(key="meeting_view").set_value("member").run())
