"""The shared screen as a session has it: one page, labels, what was released, and the meeting run from it by keyboard."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from streamlit.testing.v1 import AppTest

from services import chairing, meetings
from services.web_sessions import Projection
from tests.database.scene import put
from tests.pages.conftest import ROOT, App, Somebody, has, press, today, words

MOMENT = "We were both silent, and I filled it"


@dataclass
class Meeting:
    """Planned by Sue, who supervises Alice: Alice's question, a matter of Sue's own, and what went well."""

    app: App
    sue: Somebody
    alice: Somebody
    id: UUID
    item: UUID

    def screen(self) -> AppTest:
        """Sue's session, which is a shared screen from now on."""
        onto = Projection(str(self.sue.team), str(self.id), str(uuid4()))
        self.app.running.sessions.project(self.sue.session, onto, seconds=3_600)
        at = AppTest.from_file(str(ROOT / "dashboard" / "main.py"), default_timeout=60)
        at.user = {"person": str(self.sue.id), "session": self.sue.session, "screen": "shared"}
        return at.run()

    def now(self) -> meetings.Meeting:
        self.sue.synced()
        return meetings.now(self.sue.db, team=self.sue.team)

    def began(self) -> "Meeting":
        """It runs, and is at Alice's question."""
        chairing.begin(self.sue.outbox, meeting=self.now())
        return self

    def released(self, *parts: str) -> "Meeting":
        self.app.sql.execute(
            "update public.agenda_items set released = %s::public.released_part[] where id = %s",
            (list(parts), self.item),
        )
        return self


@pytest.fixture
def meeting(app: App) -> Meeting:
    team = app.team()
    sue, alice = (
        app.person("supervisor", name="Sue Elder", team=team),
        app.person("therapist", name="Alice Ashby", team=team),
    )
    mine, case, question = {"therapist_id": alice.id, "team_id": team}, uuid4(), uuid4()
    put(app.sql, "cases", **mine, id=case, code="C-1044")
    put(
        app.sql,
        "questions",
        **mine,
        id=question,
        case_id=case,
        moment=MOMENT,
        question="What did I not hear?",
    )
    item, planned = str(uuid4()), str(uuid4())
    chairing.plan(
        sue.outbox, team=team, held_on=today(), entity=planned,
        items=[
            chairing.an_item("question", therapist=alice.id, case=case, question=question, entity=item, because=[{"why": "chosen"}]),
            chairing.an_item("own", title="Who covers in August"),
            chairing.an_item("follow_ups", minutes=5),
            chairing.an_item("went_well", minutes=5),
        ],
    )  # fmt: skip
    sue.synced()
    return Meeting(app, sue, alice, UUID(planned), UUID(item))


def test_a_screen_has_one_page_and_neither_a_name_nor_a_way_elsewhere(meeting):
    at = meeting.screen()
    assert not at.exception
    assert len(at.sidebar) == 0
    said = words(at)
    assert "Shared screen: labels instead of names" in said
    assert "Who covers in August" in said
    for name in ("Sue", "Alice", "C-1044", MOMENT, meeting.sue.team_name):
        assert name not in said
    for page in ("home", "case", "meeting"):
        with pytest.raises(ValueError, match="not find a navigation page"):
            at.switch_page(str(ROOT / "pages" / f"{page}.py"))


def test_nobody_else_has_the_page(meeting):
    for who in (meeting.sue, meeting.alice):
        with pytest.raises(ValueError, match="not find a navigation page"):
            who.visits("projector")


def test_only_what_was_released_stands_there_and_what_is_taken_back_goes(meeting):
    meeting.began().now()
    at = meeting.screen()
    assert MOMENT not in words(at)
    assert "Its therapist tells it in their own words" in words(at)
    meeting.released("moment")
    assert MOMENT in words(at.run())
    assert "What did I not hear?" not in words(at)
    meeting.released()
    assert MOMENT not in words(at.run())


def test_the_picture_stands_below_the_agenda_until_the_stage_asks_for_it(meeting):
    meeting.began().released("moment", "picture")
    said = words(meeting.screen())
    assert said.index("The moment") < said.index("Agenda") < said.index("The picture of the case")
    meeting.app.sql.execute("update public.agenda_items set stage = 'look' where id = %s", (meeting.item,))
    said = words(meeting.screen())
    assert said.index("The picture of the case") < said.index("Agenda")
    assert said.count("The picture of the case") == 1


def test_the_meeting_is_run_from_the_screen_by_whoever_has_one_device_only(meeting):
    at = meeting.screen()
    press(at, "screen_begin")
    press(at, f"screen_clock_{meeting.item}_True")
    press(at, f"screen_stage_{meeting.item}_did_well")
    press(at, f"screen_next_{meeting.item}")
    now = meeting.now()
    assert (now.state, now.current.title) == ("running", "Who covers in August")
    assert (now.items[0].state, now.items[0].stage) == ("done", "did_well")
    press(at, f"screen_previous_{now.item}")
    press(at, "screen_end")
    assert meeting.now().state == "ended"
    assert "The meeting has ended" in words(at.run())


def test_of_last_times_actions_it_says_how_many_and_neither_which_nor_whose(meeting):
    meeting.app.sql.execute(
        "insert into public.actions (created_by, id, team_id, owner_id, what) values (%s, gen_random_uuid(), %s, %s, 'Ring the school')",
        (meeting.sue.id, meeting.sue.team, meeting.alice.id),
    )
    now = meeting.began().now()
    chairing.go(meeting.sue.outbox, meeting=now, to=now.items[2], left="done")
    meeting.now()
    said = words(meeting.screen())
    assert "**1** still open" in said
    assert "done in the last" not in said, "nobody has done any, and one done by one person would name them"
    assert "Ring the school" not in said


@pytest.fixture(autouse=True)
def as_fast_as_a_test_presses(monkeypatch: pytest.MonkeyPatch):
    """A test has no finger that trembles."""
    monkeypatch.setattr("dashboard.meeting.pressing.TOO_SOON", 0.0)


def test_a_decision_typed_on_the_screen_is_shown_on_it(meeting):
    meeting.began().now()
    at = press(meeting.screen(), f"screen_decide_{meeting.item}")
    field = f"screen_decision_{meeting.item}"
    at.text_area(key=f"{field}_words").set_value("Ask before explaining").run()
    press(at, f"{field}_save")
    assert [(one.words, one.shown) for one in meeting.now().items[0].known.decisions] == [
        ("Ask before explaining", True)
    ]
    assert "Ask before explaining" in words(at.run())
    assert not has(at, f"{field}_save")


def test_a_decision_that_arrives_while_the_screen_reads_stands_there_once(meeting):
    now, team = meeting.began().now(), meeting.sue.team
    chairing.decide(
        meeting.sue.outbox, meeting=now, item=now.items[0], words="Ask before explaining", shown=True
    )
    waiting = meeting.sue.outbox.waiting()
    meeting.now()
    shown = meetings.as_it_will_be(meetings.screen(meeting.sue.db, team=team), waiting, team=team)
    assert [one.words for one in shown.items[0].decisions] == ["Ask before explaining"]


def test_what_is_typed_on_the_screen_is_there_when_its_drawer_is_opened_again(meeting):
    meeting.began().now()
    at = press(meeting.screen(), f"screen_decide_{meeting.item}")
    field = f"screen_decision_{meeting.item}"
    at.text_area(key=f"{field}_words").set_value("Half a thought").run()
    press(at, f"screen_deciding_{meeting.item}_close")
    assert not has(at, f"{field}_save")
    press(at, f"screen_decide_{meeting.item}")
    assert at.text_area(key=f"{field}_words").value == "Half a thought"


def test_the_meeting_goes_on_without_the_database_and_says_so_in_words_of_its_own(meeting):
    meeting.began().now()
    meeting.released("moment")
    at = meeting.screen()
    meeting.app.loses_the_database()
    press(at.run(), f"screen_next_{meeting.item}")
    said = words(at.run())
    assert at.title[0].value == "Who covers in August"
    assert "goes on from what was last known" in said
    assert not at.error
    assert not at.warning


def test_without_anything_ever_known_it_waits(meeting):
    meeting.app.loses_the_database()
    at = meeting.screen()
    assert at.title[0].value == "One moment"
    assert not at.error


def test_the_end_says_what_was_decided_by_its_label_where_it_may_be_shown(meeting):
    at = meeting.began().screen()
    item = meeting.now().items[0]
    for said, shown in (("Ask before explaining", True), ("Quietly, on our own", False)):
        chairing.decide(meeting.sue.outbox, meeting=meeting.now(), item=item, words=said, shown=shown)
    chairing.end(meeting.sue.outbox, meeting=meeting.now(), left="done")
    meeting.now()
    said = words(at.run())
    assert f"**Case {item.case} · Person {item.person}**" in said
    assert "Ask before explaining" in said
    assert "Quietly" not in said
    assert "C-1044" not in said


def test_the_screen_ends_a_quarter_of_an_hour_after_the_meeting(meeting):
    at = meeting.began().screen()
    assert ends_in(meeting) > timedelta(minutes=50)
    chairing.end(meeting.sue.outbox, meeting=meeting.now(), left="done")
    meeting.now()
    assert "goes dark at" in words(at.run())
    assert timedelta(minutes=13) < ends_in(meeting) <= timedelta(minutes=15)


def test_another_meeting_of_the_team_never_comes_up_on_the_screen_of_this_one(meeting):
    at = meeting.began().screen()
    chairing.end(meeting.sue.outbox, meeting=meeting.now())
    meeting.now()
    chairing.plan(
        meeting.sue.outbox, team=meeting.sue.team, held_on=today() + timedelta(7),
        items=[chairing.an_item("own", title="Something of next week")],
    )  # fmt: skip
    meeting.now()
    assert "Something of next week" not in words(at.run())
    assert meeting.app.running.sessions.find(meeting.sue.session, active=False) is None


def test_a_screen_whose_session_is_over_says_so_and_nothing_more(meeting):
    at = meeting.began().screen()
    meeting.app.running.sessions.end(meeting.sue.session)
    said = words(at.run())
    assert "Who covers in August" not in said
    closed = [op.kind for op in meeting.sue.outbox.recent() if op.kind.startswith("screen.")]
    assert closed == ["screen.close"]


def ends_in(meeting: Meeting) -> timedelta:
    found = meeting.app.running.sessions.find(meeting.sue.session, active=False)
    return timedelta(seconds=found.ends_in)
