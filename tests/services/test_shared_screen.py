"""What of a meeting may be on the shared screen, for how long, and who may put it there."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import meetings, shared_screen
from services.errors import NotAllowed
from services.meetings import Decision, Item, Known, Meeting
from services.outbox import Operation
from services.people import Membership, Person
from services.themes import Theme
from services.vocabulary import RELEASED_PARTS

TEAM, MEETING, LEADER = uuid4(), uuid4(), uuid4()
NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
SECRET = "qzsecretqz"


def a_meeting(*items: Item, **more) -> Meeting:
    return Meeting(led_by=LEADER, id=MEETING, team=TEAM, held_on=date(2026, 11, 25), items=items, **more)


def knowing(**more) -> Known:
    """What a supervisor knows of an item, each word of it not for the screen."""
    return Known(
        "question", uuid4(), f"Nora {SECRET}", uuid4(), f"C-{SECRET}", ({"why": SECRET, "rule": SECRET},), f"reason {SECRET}", ("moment",),
        f"words {SECRET}", "yes", uuid4(), {"moment": SECRET, "question": SECRET}, uuid4(), {1: 3}, {1: (3, 1)},
        (Decision("consult", SECRET, SECRET, SECRET, shown=False),), **more,
    )  # fmt: skip


texts = st.text(max_size=12).map(lambda word: f"{SECRET}{word}")
decisions = st.builds(
    Decision,
    decision=st.just("consult"),
    words=texts,
    sentence=texts,
    will_know=texts,
    shown=st.just(False),
    id=texts,
)
items = st.builds(
    Item, id=st.uuids(), kind=st.sampled_from(["case", "question", "rupture", "follow_ups", "theme", "went_well"]), title=texts, person=st.sampled_from([None, "B"]),
    case=st.sampled_from([None, "47"]), state=st.sampled_from(["on", "done", "carried"]),
    released=st.dictionaries(texts, texts, max_size=4), rupture=st.dictionaries(texts, texts, max_size=3), follow_ups=st.dictionaries(texts, texts, max_size=3),
    decisions=st.lists(decisions, max_size=3).map(tuple), known=st.one_of(st.none(), st.builds(knowing)),
)  # fmt: skip


@given(
    st.lists(items, max_size=5),
    st.dictionaries(st.uuids(), st.tuples(texts, texts), max_size=3),
    st.lists(items, max_size=2),
)
def test_nothing_that_is_not_named_for_the_screen_comes_through(on, people, dropped):
    meeting = a_meeting(
        *on,
        people=people,
        dropped=tuple(dropped),
        my_label=SECRET,
        leads=True,
        screens=2,
        starts_at="09:00",
        theme=Theme("steady").as_json() | {"note": SECRET},
    )
    shown = shared_screen.on_screen(meeting)
    assert SECRET not in repr(shown)
    assert [one.id for one in shown.items] == [one.id for one in on]
    assert all(one.known is None for one in shown.items)
    assert shown.dropped == ()


def test_a_field_that_is_added_to_an_item_or_a_meeting_has_to_be_thought_about():
    """Each field is either named in services/shared_screen.py or stays off the screen; then it is written down here."""
    off_items, off_meetings = (
        {"known"},
        {"starts_at", "dropped", "leads", "screens", "pulse_given", "people", "my_label"},
    )
    full = replace(
        Item(uuid4(), "rupture"), position=3, title="", minutes=7, state="done", stage="look", spent=5, person="B", case="47",
        released=dict.fromkeys(RELEASED_PARTS, "x"), rupture={"kind": "mixed", "days": 3, "stage": None}, follow_ups={"open": 1, "done": 2, "helped": 1},
        decisions=(Decision("consult", "w"),), known=knowing(),
    )  # fmt: skip
    meeting = a_meeting(
        full, state="running", minutes=45, theme=Theme("steady", looked_at=7).as_json(), begun_at=NOW, ended_at=NOW, item=full.id, clock_since=NOW, prompt="p", timer="silence",
        timer_until=NOW, dropped=(full,), leads=True, screens=1, pulse_given=True, people={uuid4(): ("B", "Nora")}, my_label="B", starts_at="09:00",
    )  # fmt: skip
    shown = shared_screen.on_screen(meeting)
    assert {
        one.name for one in fields(Item) if getattr(shown.items[0], one.name) != getattr(full, one.name)
    } == off_items
    kept = {one.name for one in fields(Meeting) if getattr(shown, one.name) == getattr(meeting, one.name)}
    assert {one.name for one in fields(Meeting)} - kept - {"items"} == off_meetings


def test_what_waits_on_this_server_is_laid_over_without_what_the_supervisor_alone_knows():
    item = Item(uuid4(), "case", person="B", case="47", known=knowing())
    said = [
        ("item.decide", item.id, {"id": "1", "decision": "consult", "words": f"quiet {SECRET}", "shown": False, "action": {"what": SECRET}}),
        ("item.decide", item.id, {"id": "2", "decision": None, "words": "go slower", "shown": True}),
        ("item.amend", item.id, {"stage": "look", "reason": SECRET}),
        ("meeting.add", MEETING, {"item": {"id": str(uuid4()), "kind": "rupture", "therapist": str(uuid4()), "case": str(uuid4()), "rupture": str(uuid4()), "because": [{"why": SECRET}]}}),
    ]  # fmt: skip
    running = a_meeting(item, state="running", begun_at=NOW, item=item.id)
    shown = shared_screen.on_screen(
        meetings.as_it_will_be(running, [operation(*one) for one in said], team=TEAM)
    )
    assert SECRET not in repr(shown)
    first, added = shown.items
    assert [one.words for one in first.decisions] == ["go slower"]
    assert first.stage == "look"
    assert added.kind == "case", "that there is a rupture is for its therapist to tell"


def test_what_a_therapist_takes_back_here_is_off_the_screen_before_the_database_has_it():
    rupture = {"kind": "mixed", "days": 3, "stage": None}
    item = Item(
        uuid4(), "rupture", released={"moment": "I stopped", "reasons": [], "picture": {}}, rupture=rupture
    )
    back = [operation("item.release", item.id, {"released": ["moment", "felt"]})]
    shown = shared_screen.on_screen(meetings.as_it_will_be(a_meeting(item), back, team=TEAM)).items[0]
    assert (shown.released, shown.rupture, shown.kind) == ({"moment": "I stopped"}, {}, "case")
    passed = [operation("item.pass", item.id, {})]
    assert shared_screen.on_screen(meetings.as_it_will_be(a_meeting(item), passed, team=TEAM)).items == ()


@pytest.mark.parametrize(("minutes", "hours"), [(15, 2.25), (60, 3), (240, 6), (100_000, 8), (-5, 2)])
def test_a_screen_stands_two_hours_longer_than_planned_and_eight_at_most(minutes, hours):
    assert shared_screen.lasts(minutes) == timedelta(hours=hours)


def test_a_screen_ends_fifteen_minutes_after_its_meeting_and_at_once_when_another_one_is_there():
    running = a_meeting(state="running", begun_at=NOW)
    ended = a_meeting(state="ended", begun_at=NOW, ended_at=NOW)
    assert shared_screen.ends(running, of=MEETING, now=NOW) is None
    assert shared_screen.ends(ended, of=MEETING, now=NOW) == NOW + timedelta(minutes=15)
    assert shared_screen.ends(running, of=uuid4(), now=NOW) == NOW
    assert shared_screen.ends(None, of=MEETING, now=NOW) == NOW


@pytest.mark.parametrize("role", ["therapist", "lead", "admin"])
def test_only_a_supervisor_of_the_team_puts_its_meeting_on_a_screen(role):
    def holding(*held: Membership) -> Person:
        return Person(uuid4(), "Nora", "Clinic", held)

    shared_screen.must_supervise(holding(Membership(TEAM, "Here", "supervisor", date.today())), TEAM)
    for nobody in (
        None,
        holding(),
        holding(Membership(TEAM, "Here", role, date.today())),
        holding(Membership(uuid4(), "Elsewhere", "supervisor", date.today())),
    ):
        with pytest.raises(NotAllowed, match="Only a supervisor"):
            shared_screen.must_supervise(nobody, TEAM)


def operation(kind: str, entity: UUID, params: dict) -> Operation:
    return Operation(
        str(uuid4()),
        kind,
        str(entity),
        params,
        "saved",
        NOW.isoformat(),
        NOW,
        None,
        0,
        None,
        None,
        None,
        None,
    )
