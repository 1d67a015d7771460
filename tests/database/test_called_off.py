"""A meeting that was planned and is called off: by whom, until when, and that what was on it is proposed anew."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.database.meeting_room import applied, new
from tests.database.operations import refusal
from tests.database.scene import ident

OFF = "This meeting was called off."


@pytest.fixture
def off(say, meeting) -> dict:
    applied(say("sue", "meeting.call_off", meeting["id"], led_by=meeting["led_by"]))
    return meeting


def stood(db, meeting: dict) -> list:
    items = "select id, state, minutes, position, released::text from public.agenda_items where meeting_id = %s order by id"
    return [
        db.execute("select to_jsonb(m) from public.meetings m where m.id = %s", (meeting["id"],)).fetchone(),
        db.execute(items, (meeting["id"],)).fetchall(),
    ]


def states(db, meeting: dict) -> dict:
    return {str(id_): state for id_, state in db.execute("select id, state::text from public.agenda_items where meeting_id = %s", (meeting["id"],))}  # fmt: skip


def test_what_was_on_it_is_carried_over_and_what_was_taken_off_stays_off(say, meeting, undone):
    led = {"led_by": meeting["led_by"]}
    applied(say("sue", "item.amend", meeting["theme"], **led, state="dropped", reason="another time"))
    applied(say("sue", "meeting.call_off", meeting["id"], **led))
    found = states(undone, meeting)
    assert {name: found[meeting[name]] for name in ("question", "rupture", "theme")} == {"question": "carried", "rupture": "carried", "theme": "dropped"}  # fmt: skip
    assert undone.execute("select state::text from public.questions where id = %s", (ident("alice", "open question"),)).fetchone() == ("open",)  # fmt: skip


@pytest.mark.parametrize("person", ["sue", "alice", "bob"])
def test_everybody_of_the_team_reads_that_it_was_and_none_is_ahead(off, seen, speaking, scene, person):
    assert (seen(person), seen(person, "meeting_screen")) == (None, None)
    with speaking(scene.people[person]) as db:
        assert db.execute("select state::text from public.meeting_list where id = %s", (off["id"],)).fetchone() == ("called_off",)  # fmt: skip


def test_the_day_is_free_to_be_planned_anew(say, off, scene, seen):
    again = new()
    applied(say("sue", "meeting.plan", again, team=str(scene.teams["north"]), held_on=str(scene.today)))
    assert seen("bob")["id"] == again


def test_called_off_twice_it_is_called_off_once(say, off, undone):
    before = stood(undone, off)
    applied(say("sue", "meeting.call_off", off["id"], led_by=off["led_by"]))
    assert stood(undone, off) == before


def test_what_has_begun_is_not_called_off(say, meeting, undone, speaking, scene):
    led = {"led_by": meeting["led_by"]}
    applied(say("sue", "meeting.begin", meeting["id"], **led, item=meeting["theme"]))
    before = stood(undone, meeting)
    (answer,) = say("sue", "meeting.call_off", meeting["id"], **led)
    assert (answer["code"], answer["message"].split(",")[0]) == ("SX409", "This meeting has begun")
    directly = f"update public.meetings set state = 'called_off', begun_at = null, ended_at = now() where id = '{meeting['id']}'"
    with speaking(scene.people["sue"]) as db:
        assert refusal(db, directly)[0] == "SX409"
    assert stood(undone, meeting) == before
    applied(say("sue", "meeting.end", meeting["id"], **led))
    assert say("sue", "meeting.call_off", meeting["id"], **led)[0]["message"] == "This meeting has ended and stands as it is."  # fmt: skip


def test_nothing_moves_in_it_afterwards(say, off, undone, speaking, scene):
    led, before = {"led_by": off["led_by"]}, stood(undone, off)
    for kind, params in (
        ("meeting.begin", {"item": off["theme"]}), ("meeting.end", {}), ("meeting.go", {"from": None, "to": off["theme"]}), ("meeting.clock", {"running": True}),
        ("meeting.show", {"prompt": "canary-one"}), ("meeting.order", {"items": [off["theme"]]}),
    ):  # fmt: skip
        applied(say("sue", kind, off["id"], **led, **params))
    for person, kind, entity, params in (
        ("sue", "meeting.add", off["id"], {"item": {"id": new(), "kind": "own", "title": "late"}}), ("sue", "meeting.amend", off["id"], {"minutes": 30}),
        ("sue", "item.amend", off["theme"], {"minutes": 3}), ("sue", "item.decide", off["theme"], {"id": new(), "words": "slower"}),
        ("alice", "item.release", off["question"], {"released": ["moment"]}), ("alice", "item.release", off["question"], {"words": "mine"}),
        ("alice", "item.rerate", off["question"], {"ratings": {"1": 1}}), ("alice", "item.release", off["question"], {"helped": "yes"}),
    ):  # fmt: skip
        (answer,) = say(person, kind, entity, **led, **params)
        assert (answer["code"], answer["message"][: len(OFF)]) == ("SX409", OFF), kind
    (answer,) = say("alice", "pulse.give", new(), **led, meeting=off["id"], answer=4, salt=new())
    assert answer["code"] == "SX400"
    insert = "insert into public.agenda_items (led_by, id, meeting_id, team_id, position, kind, title) values (%s, gen_random_uuid(), %s, %s, 1, 'own', 'late')"
    with speaking(scene.people["sue"]) as db:
        assert refusal(db, insert, (off["led_by"], off["id"], scene.teams["north"]))[0] == "42501"
        for change in ("state = 'planned', ended_at = null", "held_on = held_on + 1", "state = 'ended', begun_at = ended_at"):  # fmt: skip
            assert refusal(db, f"update public.meetings set {change} where id = '{off['id']}'")[0] == "SX409"
    assert stood(undone, off) == before


def test_what_was_released_for_it_is_taken_back_still_and_an_item_can_be_passed(say, meeting, undone, seen):
    led = {"led_by": meeting["led_by"]}
    applied(say("alice", "item.release", meeting["question"], **led, released=["moment", "felt"]))
    applied(say("sue", "meeting.call_off", meeting["id"], **led))
    applied(say("alice", "item.release", meeting["question"], **led, released=["felt"]))
    applied(say("alice", "item.pass", meeting["question"], **led))
    assert meeting["question"] not in states(undone, meeting)


# --- proposed anew ----------------------------------------------------------------------------------------------------


def because(found: dict, case: str) -> set[str]:
    return {one["why"] for c in found["cases"] if c["case_id"] == case for one in c["because"]}


@pytest.fixture
def unasked(say, meeting, scene) -> str:
    """A case of Bob's on the agenda for which nothing speaks, and a matter of Sue's own."""
    case, led = new(), {"led_by": meeting["led_by"]}
    applied(say("bob", "case.open", case, team=str(scene.teams["north"]), code="CAN-78"))
    for item in ({"kind": "case", "therapist": str(scene.people["bob"]), "case": case}, {"kind": "own", "title": "Rooms", "minutes": 7}):  # fmt: skip
        applied(say("sue", "meeting.add", meeting["id"], **led, item={"id": new(), **item}))
    return case


def test_what_was_on_a_meeting_that_was_called_off_is_proposed_with_that_as_a_reason(
    say, meeting, unasked, seen
):
    assert "carried" not in because(seen("sue", "agenda_candidates"), unasked)
    applied(say("sue", "meeting.call_off", meeting["id"], led_by=meeting["led_by"]))
    found = seen("sue", "agenda_candidates")
    assert "carried" in because(found, unasked)
    assert [(one["title"], one["minutes"]) for one in found["own"]] == [("Rooms", 7)]


def test_until_the_next_meeting_has_ended(say, meeting, unasked, seen, scene):
    led, again = {"led_by": meeting["led_by"]}, new()
    applied(say("sue", "meeting.call_off", meeting["id"], datetime.now(UTC) - timedelta(hours=2), **led))
    applied(say("sue", "meeting.plan", again, team=str(scene.teams["north"]), held_on=str(scene.today)))
    applied(say("sue", "meeting.begin", again, datetime.now(UTC) - timedelta(hours=1), **led, item=None))
    assert "carried" in because(seen("sue", "agenda_candidates"), unasked)
    applied(say("sue", "meeting.end", again, **led))
    found = seen("sue", "agenda_candidates")
    assert ("carried" in because(found, unasked), found["own"]) == (False, [])


def test_the_day_of_the_last_meeting_is_not_that_of_one_that_was_called_off(say, meeting, seen, undone):
    before = seen("sue", "agenda_candidates")["last_on"]
    applied(say("sue", "meeting.call_off", meeting["id"], led_by=meeting["led_by"]))
    assert seen("sue", "agenda_candidates")["last_on"] == before
