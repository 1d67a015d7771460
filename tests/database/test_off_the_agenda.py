"""What a supervisor does on an item that has left the agenda meanwhile: nothing tells whether it was passed, and no word is lost."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.database.meeting_room import applied, new

GONE = "This is no longer on the agenda, so nothing was recorded there."
WAYS = ("passed", "taken off")


@pytest.fixture
def running(say, meeting) -> dict:
    """Begun long ago, with Alice's question as the present item."""
    begun = datetime.now(UTC) - timedelta(days=9)
    applied(say("sue", "meeting.begin", meeting["id"], begun, led_by=meeting["led_by"], item=meeting["question"]))  # fmt: skip
    return meeting


@pytest.fixture
def leaves(say):
    """`leaves("passed", meeting)`: Alice's question is off the agenda."""

    def by(way: str, meeting: dict) -> dict:
        led = {"led_by": meeting["led_by"], "meeting": meeting["id"]}
        if way == "passed":
            applied(say("alice", "item.pass", meeting["question"], **led))
        else:
            applied(
                say("sue", "item.amend", meeting["question"], **led, state="dropped", reason="another time")
            )
        return led

    return by


def all_of(db, meeting: dict) -> list:
    """The meeting and its agenda, but for what was taken off."""
    items = "select id, position, minutes, state, reason, stage from public.agenda_items where meeting_id = %s and state <> 'dropped' order by id"
    stands = (
        "select item_id, clock_since, prompt, timer, timer_until, state from public.meetings where id = %s"
    )
    return [db.execute(stands, (meeting["id"],)).fetchall(), db.execute(items, (meeting["id"],)).fetchall()]


@pytest.mark.parametrize(
    "change", [{"minutes": 25}, {"stage": "explore"}, {"state": "carried", "reason": "no time"}, {"state": "dropped", "reason": "not now"}]
)  # fmt: skip
def test_changing_an_item_that_was_passed_meanwhile_says_and_does_nothing(
    say, running, leaves, undone, change
):
    led = leaves("passed", running)
    stood = all_of(undone, running)
    applied(say("sue", "item.amend", running["question"], **led, **change))
    applied(say("sue", "meeting.order", running["id"], led_by=running["led_by"], items=[running["question"]]))
    assert all_of(undone, running) == stood


@pytest.mark.parametrize("person", ["alice", "bob", "otto", "lena", "adam", "erin", "nina"])
def test_who_does_not_run_the_meeting_is_refused_whatever_became_of_the_item(say, running, leaves, person):
    led = leaves("passed", running)
    for kind, params in (("item.amend", {"minutes": 25}), ("item.decide", {"id": new(), "words": "slower"})):
        for item in (running["question"], new()):
            assert say(person, kind, item, **led, **params)[0]["code"] == "42501"


def test_nor_is_anything_of_another_team_changed_by_naming_a_meeting_of_ones_own(say, running, undone, scene):
    (other,) = undone.execute("select id from public.agenda_items where team_id <> %s limit 1", (scene.teams["north"],)).fetchone()  # fmt: skip
    (before,) = undone.execute("select minutes from public.agenda_items where id = %s", (other,)).fetchone()
    say("sue", "item.amend", str(other), led_by=running["led_by"], meeting=running["id"], minutes=before + 1)
    assert undone.execute("select minutes from public.agenda_items where id = %s", (other,)).fetchone() == (before,)  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_decision_on_what_is_off_the_agenda_stays_with_its_author_in_the_same_words(say, running, leaves, undone, scene, way):  # fmt: skip
    led = leaves(way, running)
    action = {"id": new(), "owner": str(scene.people["sue"]), "what": "look again"}
    for said in ({"words": "slower"}, {"action": action}):
        (answer,) = say("sue", "item.decide", running["question"], **led, id=new(), **said)
        assert (answer["state"], answer["code"]) == ("refused", "SX409")
        assert answer["message"].startswith(GONE)
        assert "pass" not in answer["message"]
    for table in ("decisions", "actions"):
        assert undone.execute(f"select count(*) from public.{table} where meeting_id = %s", (running["id"],)).fetchone() == (0,)  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_after_the_end_it_is_alike_as_well(say, running, leaves, way):
    led = leaves(way, running)
    applied(say("sue", "meeting.end", running["id"], datetime.now(UTC) - timedelta(days=8), led_by=running["led_by"]))  # fmt: skip
    for kind, params, sentence in (
        ("item.amend", {"minutes": 25}, "This meeting has ended and stands as it is."),
        ("item.decide", {"id": new(), "words": "slower"}, "This meeting ended more than a week ago and stands as it is."),
    ):  # fmt: skip
        (answer,) = say("sue", kind, running["question"], **led, **params)
        assert (answer["code"], answer["message"]) == ("SX409", sentence)


@pytest.mark.parametrize("way", WAYS)
def test_what_is_talked_about_and_leaves_the_agenda_lets_the_meeting_go_on(say, running, leaves, undone, way):
    applied(say("sue", "meeting.show", running["id"], led_by=running["led_by"], prompt="canary-one", timer="silence", seconds=60))  # fmt: skip
    leaves(way, running)
    ((item, clock, prompt, timer, until, state),) = all_of(undone, running)[0]
    assert (item, clock, prompt, timer, until, state) == (None, None, None, None, None, "running")


@pytest.mark.parametrize("way", WAYS)
def test_next_pressed_on_an_item_that_left_meanwhile_goes_on_once(say, running, leaves, undone, way):
    leaves(way, running)
    for to in ("rupture", "theme"):  # the second device presses as well, on what it saw
        applied(say("sue", "meeting.go", running["id"], led_by=running["led_by"], **{"from": running["question"], "to": running[to], "left": "done"}))  # fmt: skip
    assert str(all_of(undone, running)[0][0][0]) == running["rupture"]


@pytest.mark.parametrize("way", WAYS)
def test_going_to_an_item_that_left_meanwhile_goes_to_none(say, running, leaves, undone, way):
    led = {"led_by": running["led_by"]}
    applied(say("sue", "meeting.go", running["id"], **led, **{"from": running["question"], "to": running["rupture"]}))  # fmt: skip
    leaves(way, running)
    applied(say("sue", "meeting.go", running["id"], **led, **{"from": running["rupture"], "to": running["question"]}))  # fmt: skip
    assert all_of(undone, running)[0][0][:2] == (None, None)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("kind", "said"), [("meeting.clock", {"running": True}), ("meeting.show", {"prompt": "canary-one"}), ("meeting.show", {"timer": "silence", "seconds": 60})])  # fmt: skip
def test_what_was_pressed_on_it_is_not_put_on_what_comes_after_it(
    say, running, leaves, undone, way, kind, said
):
    led, on = {"led_by": running["led_by"]}, running["question"]
    leaves(way, running)
    stood = all_of(undone, running)
    applied(say("sue", kind, running["id"], **led, item=on, **said))
    assert all_of(undone, running) == stood
    applied(say("sue", "meeting.go", running["id"], **led, **{"from": None, "to": running["theme"]}))
    applied(say("sue", "meeting.clock", running["id"], **led, running=False))
    stood = all_of(undone, running)
    applied(say("sue", kind, running["id"], **led, item=on, **said))
    assert all_of(undone, running) == stood
    applied(say("sue", kind, running["id"], **led, item=running["theme"], **said))
    assert all_of(undone, running) != stood
