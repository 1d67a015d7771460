"""After a meeting: what came of it, on Home of whoever does it, among past meetings, on paper and in a calendar."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import pytest

from dashboard import paper
from dashboard.meeting import pack, past, take_away
from dashboard.meeting.at import At
from services import agenda, cases, chairing, meetings, own_items, past_meetings, questions
from services.errors import NotAllowed
from services.meetings import Meeting
from services.past_meetings import Shown
from tests.pages.conftest import App, Somebody, has, today, words

SECRETS = ("C-3011", "C-3022", "Alice", "Ashby", "Sue", "private feeling")


@dataclass
class Scene:
    sue: Somebody
    alice: Somebody

    @property
    def meeting(self) -> Meeting:
        return meetings.now(self.sue.db, team=self.sue.team)

    def at(self, who: Somebody) -> At:
        leads = who is self.sue
        found = meetings.now(who.db, team=who.team)
        return At(who.team, who.team_name, who.id, today(), leads=leads, takes_part=not leads, meeting=found)

    def past(self) -> past_meetings.Past:
        [held] = past_meetings.held(self.sue.db, team=self.sue.team)
        return past_meetings.of(self.sue.db, meeting=held)


@pytest.fixture
def scene(app: App, alice: Somebody) -> Scene:
    """Planned: last time's actions, a question of Alice's, a flagged case of hers, what went well."""
    sue = app.person("supervisor", name="Sue Sedge", team=alice.team)
    asked, flagged = (UUID(cases.open(alice.outbox, team=alice.team, code=code).entity) for code in ("C-3011", "C-3022"))  # fmt: skip
    question = questions.ask(
        alice.outbox, team=alice.team, case=asked, moment="They looked at the clock, and so did I.", question="What did I miss?",
        felt="A private feeling.", asked_on=today(), today=today(),
    )  # fmt: skip
    alice.synced()
    chairing.plan(sue.outbox, team=sue.team, held_on=today(), starts_at="13:30", items=[
        chairing.an_item("follow_ups", minutes=5),
        chairing.an_item("question", therapist=alice.id, case=asked, question=UUID(question.entity), because=[{"why": "chosen", "points": 5}]),
        chairing.an_item("case", therapist=alice.id, case=flagged, because=[{"why": "flag", "rule": "R5", "severity": "review", "points": 4}]),
        chairing.an_item("went_well", minutes=5),
    ])  # fmt: skip
    sue.synced()
    return Scene(sue, alice)


@pytest.fixture
def held(scene: Scene) -> Scene:
    """The same, held: the moment released, a decision with an action of Alice's, rated again; the flagged case not reached."""
    sue, alice = scene.sue, scene.alice
    chairing.begin(sue.outbox, meeting=scene.meeting)
    sue.synced()
    chairing.go(sue.outbox, meeting=scene.meeting, to=scene.meeting.items[1], left="done")
    item = scene.meeting.items[1]
    own_items.release(alice.outbox, meeting=scene.meeting, item=item, parts=["moment"])
    chairing.decide(
        sue.outbox, meeting=scene.meeting, item=item, decision="adjust_plan", words="Slower, and with a pause.", sentence="I saw the clock as well.",
        shown=True, action="Name the pause", owner=alice.id, due_on=today() + timedelta(days=7),
    )  # fmt: skip
    own_items.rate_again(alice.outbox, meeting=scene.meeting, item=item, ratings={2: 3}, helped="yes")
    alice.synced()
    sue.synced()
    chairing.end(sue.outbox, meeting=scene.meeting, left="done")
    sue.synced()
    return scene


def test_the_page_of_an_ended_meeting_says_what_came_of_it(held):
    said = words(held.sue.visits("meeting"))
    for part in (
        "has ended", "Slower, and with a pause", "I saw the clock as well", "Name the pause", "Did talking about it help", "Carried over", "C\\-3022",
        "It was on no shared screen.", "Own agenda",
    ):  # fmt: skip
        assert part in said, part


def test_what_can_be_taken_away_of_it_stands_before_the_next_meeting(held):
    headings = [one.value for one in held.sue.visits("meeting").header]
    assert headings.index("To take away") < headings.index("The next meeting")


def test_a_screen_that_may_still_stand_is_not_said_to_have_ended(held):
    found = replace(held.past(), screens=(Shown("Sue Sedge", held.past().held.begun_at, None),))
    ended = found.held.ended_at
    soon, later = ended + timedelta(minutes=14), ended + timedelta(minutes=16)
    assert past.on_a_screen(found, now=soon)[0].endswith("at the latest, put there by Sue Sedge.")
    assert "until it ended by itself" in past.on_a_screen(found, now=later)[0]


def test_what_was_agreed_is_on_the_home_of_its_owner_and_next_time_begins_with_it(held):
    home = held.alice.visits("home")
    assert "Name the pause" in words(home)
    assert has(home, f"home_own_{held.alice.team}_ics")
    due = agenda.follow_ups(held.sue.db, team=held.sue.team, today=today())
    assert [action.what for action in due] == ["Name the pause"]
    found = agenda.candidates(held.sue.db, team=held.sue.team, today=today())
    [carried] = [one for one in found.cases if one.code == "C-3022"]
    assert "carried" in {one["why"] for one in carried.because}


def test_what_was_just_said_is_there_before_it_has_arrived(app, held, scene):
    sue = scene.sue
    sue.visits("meeting")
    app.holds()
    chairing.decide(
        sue.outbox, meeting=scene.meeting, item=scene.meeting.items[3], words="A late thought.", action="Write it up", owner=sue.id
    )  # fmt: skip
    said = words(sue.visits("meeting"))
    assert "A late thought" in said
    assert "Write it up" in said


def test_past_meetings_hold_the_same_from_the_database(held):
    said = words(held.sue.visits("past_meetings"))
    for part in ("Slower, and with a pause", "Name the pause", "Carried over", "Own agenda", "2 of 4 items"):
        assert part in said, part
    past = held.past()
    [talked] = [item for item in past.items if item.shifts]
    assert (talked.name, dict(talked.shifts)) == ("C-3011 · Alice Ashby", {2: (None, 3)})
    assert [action.item for action in past.actions] == [talked.id]


def test_before_a_meeting_has_ended_there_is_nothing_past(scene):
    assert "No meeting has ended yet" in words(scene.sue.visits("past_meetings"))


def test_a_decision_stays_when_its_therapist_passes_afterwards(scene):
    sue, alice = scene.sue, scene.alice
    chairing.begin(sue.outbox, meeting=scene.meeting)
    chairing.decide(sue.outbox, meeting=scene.meeting, item=scene.meeting.items[1], words="Slower.")
    sue.synced()
    own_items.pass_on(alice.outbox, meeting=scene.meeting, item=scene.meeting.items[1])
    alice.synced()
    chairing.end(sue.outbox, meeting=scene.meeting)
    sue.synced()
    [left] = [item for item in scene.past().items if item.decisions]
    assert left.name == "No longer on the agenda"
    assert "C-3011" not in [item.code for item in scene.past().items]


def test_past_meetings_are_for_supervisors(held):
    with pytest.raises(Exception, match="past_meetings"):
        held.alice.visits("past_meetings")


def test_the_version_in_labels_knows_no_name_no_code_and_no_word_that_was_not_released(held):
    for who in (held.sue, held.alice):
        shown = meetings.screen(who.db, team=who.team)
        content = json.dumps(pack.of_screen(shown, pack.Beside(team=who.team_name), today=today()))
        assert [secret for secret in SECRETS if secret.lower() in content.lower()] == []
        assert "They looked at the clock" in content
        assert "Slower, and with a pause." in content
        assert "What did I miss?" not in content
        assert take_away.in_labels(who.db, held.at(who)).startswith(b"%PDF-")


def test_the_version_with_names_has_reasons_and_actions_and_is_noted_in_the_log(app, held):
    at = held.at(held.sue)
    beside = pack.Beside(actions=past_meetings.agreed_in(held.sue.db, meeting=at.meeting))
    content = json.dumps(pack.of_supervisor(at.meeting, beside, today=today()))
    for part in (
        "C-3011",
        "Alice Ashby",
        "4 open rupture waits",
        "Name the pause",
        "What did I miss?",
        "Rated again",
    ):
        assert part in content, part
    assert take_away.with_names(held.sue.db, at).startswith(b"%PDF-")
    [past] = past_meetings.held(held.sue.db, team=held.sue.team)
    made = take_away.of_past(held.sue.db, past, team_name=held.sue.team_name, today=today())
    assert made.startswith(b"%PDF-")
    assert exports(app, held.sue) == [(held.sue.id, "meeting_pack")] * 2


def test_on_paper_the_hour_it_was_planned_for_is_not_that_of_its_end(scene):
    meeting = scene.meeting
    facts = [
        pack.of_screen(replace(meeting, state=state, starts_at="13:30"), pack.Beside(), today=today())[
            "facts"
        ]
        for state in ("planned", "ended")
    ]
    assert [one.partition(" · ")[0] for one in facts] == ["Planned for 13:30", "Ended"]


def test_a_therapist_is_offered_and_given_no_version_with_names(app, scene):
    page = scene.alice.visits("meeting")
    meeting = scene.meeting.id
    assert has(page, f"meeting_{meeting}_pack_labels")
    assert not has(page, f"meeting_{meeting}_pack_names")
    with pytest.raises(NotAllowed):
        take_away.with_names(scene.alice.db, replace(scene.at(scene.alice), leads=True))
    assert exports(app, scene.alice) == []


def test_while_a_meeting_runs_nothing_is_offered_to_take_away(scene):
    chairing.begin(scene.sue.outbox, meeting=scene.meeting)
    scene.sue.synced()
    assert "To take away" not in words(scene.sue.visits("meeting"))


def test_signs_of_markup_stay_signs_on_paper(held):
    nasty = '#x $y$ *z* _u_ `v` <w> @q [r] \\ // " #panic(1)'
    at = held.at(held.sue)
    items = (replace(at.meeting.items[3], kind="own", title=nasty, known=None), *at.meeting.items[:3])
    content = pack.of_supervisor(replace(at.meeting, items=items), pack.Beside(), today=today())
    assert paper.compiled(pack.TEMPLATE, content, "svg")[0].lstrip().startswith(b"<svg")


def exports(app: App, who: Somebody) -> list[tuple]:
    return app.sql.execute(
        "select actor_id, table_name from public.audit_log where action = 'export' and team_id = %s order by id", (who.team,)
    ).fetchall()  # fmt: skip
