"""What holds a meeting together: whose word counts, that passing leaves no trace, that an ended meeting stands, labels, and the anonymous pulse."""

import json
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services import ledger
from tests.database.meeting_room import applied, item, new
from tests.database.operations import refusal
from tests.database.scene import CANARY, ident
from tests.database.test_audit import logged_since, mark

CODE = re.compile(r"^[A-Z]{1,3}-?[0-9]{2,5}$")
ENDED = "This meeting has ended and stands as it is."


def code(answers: list[dict]) -> str | None:
    return answers[0]["code"]


@pytest.fixture
def led(meeting) -> dict:
    return {"led_by": meeting["led_by"]}


@pytest.fixture
def running(say, meeting, led) -> dict:
    """Begun half an hour ago, with Alice's question as the present item."""
    applied(say("sue", "meeting.begin", meeting["id"], ago(minutes=30), **led, item=meeting["question"]))
    return meeting


def ago(**time: int) -> datetime:
    return datetime.now(UTC) - timedelta(**time)


def row(db, meeting: dict) -> dict:
    return db.execute(
        "select to_jsonb(m) from public.meetings m where m.id = %s", (meeting["id"],)
    ).fetchone()[0]


# --- whose word counts ------------------------------------------------------------------------------------------------

SAYINGS = {
    "item.release": {"released": ["moment", "question"], "words": "not mine to say"},
    "item.rerate": {"ratings": {"1": 4}, "helped": "no"},
    "item.pass": {},
}


@pytest.mark.parametrize("kind", SAYINGS)
@pytest.mark.parametrize("person", ["sue", "bob", "otto", "lena", "adam", "erin"])
def test_nobody_speaks_for_the_therapist_of_a_case(say, running, led, undone, person: str, kind: str):
    assert code(say(person, kind, running["question"], **led, **SAYINGS[kind])) == "42501"
    assert undone.execute(
        "select released::text, helped from public.agenda_items where id = %s", (running["question"],)
    ).fetchone() == ("{}", None)


@pytest.mark.parametrize("person", ["sue", "bob", "otto", "lena", "erin"])
def test_nobody_releases_for_the_therapist_of_a_case_without_a_word_of_their_own_either(
    say, running, led, undone, person: str
):
    """Words of one's own would be refused already because they hang on an item of another's."""
    for said in ({"released": ["moment"]}, {"released": ["picture", "causes"]}):
        assert code(say(person, "item.release", running["question"], **led, **said)) == "42501"
    assert undone.execute("select released::text from public.agenda_items where id = %s", (running["question"],)).fetchone() == ("{}",)  # fmt: skip


@pytest.mark.parametrize("person", ["sue", "bob"])
@pytest.mark.parametrize("call", ['therapist_says(%s, %s, \'{"helped": "yes"}\')', "pass_on(%s, %s)"])
def test_nor_by_calling_what_the_operations_call(speaking, scene, running, call: str, person: str):
    with speaking(scene.people[person]) as db:
        assert refusal(db, f"select private.{call}", (running["led_by"], running["question"]))[0] == "42501"


def test_a_therapist_who_has_left_the_team_no_longer_speaks(say, running, led, undone, scene):
    undone.execute(
        "update public.memberships set ends_on = current_date where person_id = %s", (scene.people["alice"],)
    )
    for kind, params in SAYINGS.items():
        assert code(say("alice", kind, running["question"], **led, **params)) == "42501"


def test_nobody_puts_a_decision_on_a_colleagues_item(speaking, scene, running):
    """Alice knows the id of Bob's item, as the screen does; her words on it would be on the screen beside his."""
    decision = (
        "insert into public.decisions (recorded_by, id, team_id, led_by, meeting_id, item_id, therapist_id, case_id, words, shown)"
        " values (%s, gen_random_uuid(), %s, %s, %s, %s, %s, %s, 'x', true)"
    )
    alice = scene.people["alice"]
    with speaking(alice) as db:
        for name, refused in (("rupture", "23503"), ("question", None)):
            values = (alice, scene.teams["north"], running["led_by"], running["id"], running[name], alice, ident("alice", "case"))  # fmt: skip
            assert refusal(db, decision, values)[0] == refused


# --- passing ----------------------------------------------------------------------------------------------------------


def test_passing_in_the_middle_of_it_leaves_no_trace(say, running, led, seen, scene, undone):
    """The present item, with all that can hang on one: words, a rating, a decision, an action, a prompt on the screen."""
    asked = running["question"]
    applied(say("alice", "item.release", asked, **led, released=["moment", "words"], words="a few words"))
    applied(say("alice", "item.rerate", asked, **led, ratings={"1": 1}))
    action = {"id": new(), "owner": str(scene.people["sue"]), "what": "look again"}
    applied(say("sue", "item.decide", asked, **led, id=new(), words="slower", shown=True, action=action))
    applied(say("sue", "meeting.show", running["id"], **led, prompt="canary-one", timer="silence", seconds=60))  # fmt: skip
    places = [one["position"] for one in seen("bob", "meeting_screen")["items"]]
    before = mark(undone)
    applied(say("alice", "item.pass", asked, **led))
    assert logged_since(undone, before) == []
    for table, name in (("agenda_items", "id"), ("agenda_words", "item_id"), ("reratings", "item_id"), ("decisions", "item_id"), ("actions", "item_id")):  # fmt: skip
        assert undone.execute(f"select count(*) from public.{table} where {name} = %s", (asked,)).fetchone() == (0,)  # fmt: skip
    screen = seen("bob", "meeting_screen")
    assert [one["position"] for one in screen["items"]] == places[:-1]
    assert [screen[name] for name in ("item", "clock_since", "prompt", "timer", "timer_until")] == [None] * 5
    assert asked not in json.dumps([seen(person) for person in ("sue", "bob", "alice")])
    applied(say("sue", "meeting.show", running["id"], **led, prompt="canary-one"))
    assert [(action, table) for _, action, table, *_ in logged_since(undone, before)] == [("update", "meetings")]  # fmt: skip


def test_a_question_that_was_passed_is_asked_still(say, running, led, undone):
    applied(say("alice", "item.pass", running["question"], **led))
    asked = "select state::text from public.questions where id = %s"
    assert undone.execute(asked, (ident("alice", "open question"),)).fetchone() == ("open",)


def test_what_was_talked_about_is_not_passed_any_more(say, running, led, seen):
    applied(say("sue", "meeting.go", running["id"], **led, **{"from": running["question"], "to": running["theme"], "left": "done"}))  # fmt: skip
    assert code(say("alice", "item.pass", running["question"], **led)) == "SX400"
    assert seen("sue")["known"][running["question"]]["state"] == "done"


def test_going_to_an_item_that_was_passed_meanwhile_goes_to_none(say, running, led, undone):
    applied(say("bob", "item.pass", running["rupture"], **led))
    applied(say("sue", "meeting.go", running["id"], **led, **{"from": running["question"], "to": running["rupture"], "left": "done"}))  # fmt: skip
    assert [row(undone, running)[name] for name in ("item_id", "clock_since")] == [None, None]


def test_an_item_of_another_meeting_is_none_of_this_one(say, running, led, undone):
    applied(say("sue", "meeting.go", running["id"], **led, **{"from": running["question"], "to": str(ident("sue", "own item"))}))  # fmt: skip
    assert row(undone, running)["item_id"] is None


# --- it goes forward only ---------------------------------------------------------------------------------------------


def test_one_meeting_is_ahead_of_a_team(say, scene, meeting, speaking):
    plan = {"team": str(scene.teams["north"]), "held_on": str(scene.today)}
    assert code(say("sue", "meeting.plan", new(), **plan)) == "SX409"
    with speaking(scene.people["sue"]) as db:
        again = "insert into public.meetings (led_by, id, team_id, held_on) values (%s, gen_random_uuid(), %s, current_date)"
        assert refusal(db, again, (scene.people["sue"], scene.teams["north"])) == ("23505", "one_meeting_ahead")  # fmt: skip


def test_begun_twice_it_has_begun_once(say, running, led, undone):
    begun = row(undone, running)
    applied(say("sue", "meeting.begin", running["id"], **led, item=running["theme"]))
    assert row(undone, running) == begun


@pytest.fixture
def over(say, running, led) -> dict:
    """Ended just now."""
    applied(say("sue", "meeting.end", running["id"], **led, left="done"))
    return running


def test_what_is_pressed_after_the_end_changes_nothing(say, over, led, undone):
    stood = row(undone, over), places(undone, over)
    for kind, params in (
        ("meeting.go", {"from": over["question"], "to": over["theme"]}), ("meeting.go", {"from": None, "to": over["theme"]}),
        ("meeting.clock", {"running": True}), ("meeting.clock", {"running": False}), ("meeting.show", {"prompt": "canary-one"}),
        ("meeting.order", {"items": [over["theme"], over["question"]]}), ("meeting.begin", {"item": over["theme"]}), ("meeting.end", {"left": "carried"}),
    ):  # fmt: skip
        applied(say("sue", kind, over["id"], **led, **params))
    assert (row(undone, over), places(undone, over)) == stood


def places(db, meeting: dict) -> list[tuple]:
    return db.execute(
        "select id, position, state, spent from public.agenda_items where meeting_id = %s order by id", (meeting["id"],)
    ).fetchall()  # fmt: skip


def test_what_is_written_for_the_agenda_after_the_end_is_refused(say, over, led):
    for kind, entity, params in (
        ("meeting.add", over["id"], {"item": {"id": new(), "kind": "own", "title": "late"}}), ("meeting.amend", over["id"], {"minutes": 30}),
        ("item.amend", over["theme"], {"minutes": 3}), ("item.amend", over["theme"], {"state": "dropped", "reason": "too late"}),
    ):  # fmt: skip
        (answer,) = say("sue", kind, entity, **led, **params)
        assert (answer["code"], answer["message"]) == ("SX409", ENDED)
    assert code(say("alice", "item.pass", over["question"], **led)) == "42501"


def test_nothing_is_put_on_an_agenda_after_the_end_by_a_direct_write_either(speaking, scene, running, say, led):  # fmt: skip
    put = (
        "insert into public.agenda_items (led_by, id, meeting_id, team_id, position, kind, title)"
        " values (%s, gen_random_uuid(), %s, %s, 99, 'own', 'late')"
    )
    values = (running["led_by"], running["id"], scene.teams["north"])
    with speaking(scene.people["sue"]) as db:
        assert refusal(db, put, values) == (None, None)
    applied(say("sue", "meeting.end", running["id"], **led))
    with speaking(scene.people["sue"]) as db:
        assert refusal(db, put, values)[0] == "42501"


@pytest.mark.parametrize(
    "change",
    ["ended_at = ended_at - interval '1 day'", "state = 'running', ended_at = null", "theme = '{\"late\": 1}'", "item_id = null, minutes = 61", "held_on = held_on - 1"],
)  # fmt: skip
def test_nor_does_a_direct_write_move_it(speaking, scene, over, undone, change: str):
    """Were the end to move, what a late pulse had said could be told from two sums."""
    with speaking(scene.people["sue"]) as db:
        assert refusal(db, f"update public.meetings set {change} where id = '{over['id']}'")[0] == "SX409"
        assert refusal(db, f"update public.agenda_items set state = 'on' where id = '{over['question']}'")[0] == "SX409"  # fmt: skip


def test_a_meeting_that_runs_is_not_planned_again(speaking, scene, running):
    back = f"update public.meetings set state = 'planned', begun_at = null where id = '{running['id']}'"
    with speaking(scene.people["sue"]) as db:
        assert refusal(db, back)[0] == "SX409"


def test_no_time_of_a_meeting_lies_ahead(say, meeting, led, undone):
    ahead = ago(days=-400)
    applied(say("sue", "meeting.begin", meeting["id"], ahead, **led, item=meeting["question"]))
    applied(say("sue", "meeting.show", meeting["id"], ahead, **led, timer="silence", seconds=99_999))
    applied(say("sue", "meeting.clock", meeting["id"], ahead, **led, running=True))
    late = "select begun_at <= now() and clock_since <= now() and timer_until <= now() + interval '1 hour' from public.meetings where id = %s"
    assert undone.execute(late, (meeting["id"],)).fetchone() == (True,)
    applied(say("sue", "meeting.end", meeting["id"], ahead, **led))
    ended = "select ended_at <= now() and ended_at >= begun_at from public.meetings where id = %s"
    assert undone.execute(ended, (meeting["id"],)).fetchone() == (True,)


def test_no_time_of_a_meeting_lies_before_there_were_any(speaking, scene, meeting, undone):
    change = "update public.meetings set state = 'running', begun_at = '-infinity', clock_since = '-infinity', timer = 'silence', timer_until = '-infinity'"
    with speaking(scene.people["sue"]) as db:
        db.execute(f"{change} where id = '{meeting['id']}'")
    times = (
        "select least(begun_at, clock_since, timer_until) >= '2000-01-01Z' from public.meetings where id = %s"
    )
    assert undone.execute(times, (meeting["id"],)).fetchone() == (True,)


def test_it_does_not_end_before_it_began(say, running, led, undone):
    applied(say("sue", "meeting.end", running["id"], ago(days=3), **led))
    assert row(undone, running)["ended_at"] == row(undone, running)["begun_at"]


@pytest.fixture
def ended_days_ago(say, meeting, led):
    def end(days: int) -> dict:
        applied(say("sue", "meeting.begin", meeting["id"], ago(days=days, minutes=1), **led, item=meeting["question"]))  # fmt: skip
        applied(say("alice", "item.release", meeting["question"], **led, released=["moment", "felt"]))
        applied(say("sue", "meeting.end", meeting["id"], ago(days=days), **led))
        return meeting

    return end


@pytest.mark.parametrize(("days", "taken"), [(0, None), (7, None), (8, "SX409")])
def test_what_came_of_it_is_written_down_for_a_week(say, led, ended_days_ago, days: int, taken):
    over = ended_days_ago(days)
    assert code(say("sue", "item.decide", over["question"], **led, id=new(), words="slower")) == taken
    assert code(say("alice", "item.rerate", over["question"], **led, ratings={"1": 1})) == taken
    assert code(say("alice", "item.release", over["question"], **led, helped="yes")) == taken
    assert code(say("alice", "item.rerate", over["question"], **led, ratings={}, helped="yes")) == taken


@pytest.mark.parametrize(("days", "taken"), [(0, None), (1, "SX409")])
def test_more_is_released_on_the_day_only_and_less_at_any_time(say, led, undone, ended_days_ago, days, taken):
    over = ended_days_ago(days)
    assert code(say("alice", "item.release", over["question"], **led, released=["moment", "felt", "causes"])) == taken  # fmt: skip
    assert code(say("alice", "item.release", over["question"], **led, words="one thing more")) == taken
    applied(say("alice", "item.release", over["question"], **led, released=["felt"]))
    left = "select released::text from public.agenda_items where id = %s"
    assert undone.execute(left, (over["question"],)).fetchone() == ("{felt}",)


# --- labels -----------------------------------------------------------------------------------------------------------


def labels(db, meeting: str) -> dict[tuple, str]:
    found = "select therapist_id, case_id, label from private.meeting_labels where meeting_id = %s"
    return {(who, case): label for who, case, label in db.execute(found, (meeting,))}


def test_a_label_is_of_one_person_or_case_and_never_a_code(undone, scene, meeting):
    """Also when letters and two digits are spent."""
    for number in range(60):
        for case in (None, uuid4(), uuid4()):
            draw = "select private.draw_label(%s, %s, %s, %s)"
            undone.execute(draw, (meeting["led_by"], meeting["id"], ident(str(number)), case))
            undone.execute(draw, (meeting["led_by"], meeting["id"], ident(str(number)), case))
    drawn = labels(undone, meeting["id"])
    assert len(set(drawn.values())) == len(drawn) >= 60 + 120
    assert [label for label in drawn.values() if CODE.match(label)] == []
    assert {len(label) > 1 for (_, case), label in drawn.items() if case} == {True}
    assert {label.isalpha() for (_, case), label in drawn.items() if not case} == {True}
    assert {label.isdigit() for (_, case), label in drawn.items() if case} == {True}
    again = "insert into private.meeting_labels (led_by, meeting_id, therapist_id, case_id, label) values (%s, %s, %s, %s, %s)"
    alice = scene.people["alice"]
    for who, label in ((uuid4(), drawn[alice, None]), (alice, "ZZZ")):
        assert refusal(undone, again, (meeting["led_by"], meeting["id"], who, None, label))[0] == "23505"


def test_labels_are_drawn_anew_for_each_meeting(undone, say, scene, led, meeting):
    alice, seen = (scene.people["alice"], ident("alice", "case")), set()
    for _ in range(9):
        (now,) = undone.execute("select id from public.meetings where team_id = %s and state <> 'ended'", (scene.teams["north"],)).fetchone()  # fmt: skip
        drawn = labels(undone, str(now))
        seen.add((drawn[alice[0], None], drawn[alice]))
        applied(say("sue", "meeting.end", str(now), **led))
        one = {"id": new(), "kind": "case", "therapist": str(alice[0]), "case": str(alice[1])}
        applied(say("sue", "meeting.plan", new(), team=str(scene.teams["north"]), held_on=str(scene.today), items=[one]))  # fmt: skip
    assert len(seen) > 1
    assert {len(label) for label in labels(undone, str(now)).values()} == {
        1,
        2,
    }  # those of earlier meetings are free again


def test_whoever_may_come_has_a_label_before_anything_is_on_the_agenda(undone, say, scene, meeting, led):
    """Not those whose role has ended or begins tomorrow, nor lead and administrator, nor other teams."""
    undone.execute(
        "insert into public.memberships (person_id, team_id, role, starts_on) values (%s, %s, 'therapist', current_date + 1)",
        (scene.people["nina"], scene.teams["north"]),
    )
    applied(say("sue", "meeting.end", meeting["id"], **led))
    empty = new()
    applied(say("sue", "meeting.plan", empty, team=str(scene.teams["north"]), held_on=str(scene.today)))
    assert {who for who, _ in labels(undone, empty)} == {scene.people[who] for who in ("alice", "bob", "sue")}


def test_names_behind_the_labels_are_for_supervisors(seen, meeting, scene, undone):
    drawn = labels(undone, meeting["id"])
    assert {who for who, case in drawn if case is None} == {
        scene.people[who] for who in ("alice", "bob", "sue")
    }
    assert {one["id"]: one["label"] for one in seen("sue")["people"]} == {
        str(who): label for (who, case), label in drawn.items() if case is None
    }
    for person in ("alice", "bob"):
        now = seen(person)
        assert "people" not in now
        assert now["my_label"] == drawn[scene.people[person], None]


def test_a_question_a_flagged_case_and_a_rupture_all_read_case(say, seen, meeting, led, scene):
    flagged = {"id": new(), "kind": "case", "therapist": str(scene.people["bob"]), "case": str(ident("bob", "parting"))}  # fmt: skip
    applied(say("sue", "meeting.add", meeting["id"], **led, item=flagged))

    def kinds(*ids: str) -> list[str]:
        there = {one["id"]: one["kind"] for one in seen("alice", "meeting_screen")["items"]}
        return [there[id_] for id_ in ids]

    assert kinds(meeting["question"], flagged["id"], meeting["rupture"]) == ["case"] * 3
    assert item(seen("sue", "meeting_screen"), meeting, "rupture")["rupture"] is None
    applied(say("bob", "item.release", meeting["rupture"], **led, released=["reasons"]))
    assert kinds(meeting["question"], flagged["id"], meeting["rupture"]) == ["case", "case", "rupture"]


def test_what_was_taken_off_is_not_on_the_screen_and_its_therapist_reads_why(say, seen, meeting, led):
    applied(say("sue", "item.amend", meeting["question"], **led, state="dropped", reason="next time"))
    for person in ("sue", "bob"):
        assert meeting["question"] not in {one["id"] for one in seen(person, "meeting_screen")["items"]}
    for person in ("sue", "alice"):
        known = seen(person)["known"][meeting["question"]]
        assert (known["state"], known["reason"]) == ("dropped", "next time")


# --- what is taken back, and what goes ----------------------------------------------------------------------------------


def test_a_question_that_is_withdrawn_is_gone_from_the_meeting(say, seen, running, led):
    applied(say("alice", "item.release", running["question"], **led, released=["moment", "question", "felt", "would_like"]))  # fmt: skip
    assert "alice open moment" in json.dumps(seen("bob", "meeting_screen"))
    applied(say("alice", "question.amend", str(ident("alice", "open question")), state="withdrawn"))
    for person, what in (("bob", "meeting_screen"), ("sue", "meeting_screen"), ("sue", "meeting_now")):
        assert "alice open" not in json.dumps(seen(person, what))
    assert "alice open moment" in json.dumps(seen("alice"))


def test_an_erased_case_takes_all_that_a_meeting_held_of_it(say, running, led, undone, speaking, scene):
    """Those of the scene's meeting as well; the meeting stays, and what is Bob's."""
    asked, case = running["question"], ident("alice", "case")
    applied(say("alice", "item.release", asked, **led, released=["words"], words=f"{CANARY} to be erased"))
    applied(say("alice", "item.rerate", asked, **led, ratings={"1": 1}))
    applied(say("sue", "item.decide", asked, **led, id=new(), words=f"{CANARY} to be erased"))
    with speaking(scene.people["adam"]) as db:
        gone = db.execute("select public.decide_erasure(%s, true, 'asked by the client')", (ident("alice", "erasure"),)).fetchone()[0]  # fmt: skip
    assert {name: gone[name] for name in ("agenda_items", "agenda_words", "decisions", "reratings", "meeting_labels")} == {
        "agenda_items": 4, "agenda_words": 3, "decisions": 3, "reratings": 2, "meeting_labels": 2
    }  # fmt: skip
    for table in ("agenda_items", "decisions"):
        assert undone.execute(f"select count(*) from public.{table} where case_id = %s", (case,)).fetchone() == (0,)  # fmt: skip
    for table in ("agenda_items", "agenda_words", "decisions"):
        erased = f"select count(*) from public.{table} t where t::text ~ '{CANARY} (to be erased|alice|sue on alice)'"
        assert undone.execute(erased).fetchone() == (0,)
    assert undone.execute("select count(*) from private.meeting_labels where case_id = %s", (case,)).fetchone() == (0,)  # fmt: skip
    assert row(undone, running)["item_id"] is None
    assert undone.execute("select count(*) from public.agenda_words where therapist_id = %s", (scene.people["bob"],)).fetchone() == (2,)  # fmt: skip


def test_a_case_is_erased_after_its_meeting_as_well(say, over, speaking, scene, undone):
    with speaking(scene.people["adam"]) as db:
        db.execute("select public.decide_erasure(%s, true, 'asked by the client')", (ident("alice", "erasure"),))  # fmt: skip
    assert row(undone, over)["item_id"] is None


# --- the pulse --------------------------------------------------------------------------------------------------------


def counted(db, meeting: dict) -> dict[int, int]:
    return dict(
        db.execute("select answer, n from private.pulse_counts where meeting_id = %s and n > 0", (meeting["id"],))
    )  # fmt: skip


def give(say, person: str, meeting: dict, answer: int = 4) -> str | None:
    return code(say(person, "pulse.give", new(), led_by=meeting["led_by"], meeting=meeting["id"], answer=answer, salt=new()))  # fmt: skip


def test_a_pulse_is_counted_once_per_person(say, seen, running, undone):
    assert [give(say, "alice", running, 4), give(say, "alice", running, 1), give(say, "bob", running, 4)] == [
        None
    ] * 3
    assert counted(undone, running) == {4: 2}
    assert seen("alice")["pulse_given"]


@pytest.mark.parametrize("person", ["sue", "tom", "otto", "lena", "erin", "adam", "nina"])
def test_only_therapists_of_the_team_give_one(say, running, undone, person: str):
    assert give(say, person, running) == "42501"
    assert counted(undone, running) == {}


def test_it_is_asked_from_the_beginning_on_until_the_day_is_over(say, meeting, led, undone):
    assert give(say, "alice", meeting) == "SX400"
    applied(say("sue", "meeting.begin", meeting["id"], ago(days=1), **led))
    assert give(say, "alice", meeting) is None
    applied(say("sue", "meeting.end", meeting["id"], ago(days=1), **led))
    assert give(say, "bob", meeting) == "SX400"
    assert counted(undone, meeting) == {4: 1}


def test_it_is_asked_after_the_end_on_the_same_day(say, over, undone):
    assert give(say, "alice", over) is None
    assert counted(undone, over) == {4: 1}


@pytest.mark.parametrize(("n", "days", "shown"), [(5, 1, True), (4, 1, False), (5, 0, False)])
def test_it_is_shown_from_five_answers_and_from_the_next_day_on(say, meeting, led, undone, speaking, scene, n, days, shown):  # fmt: skip
    applied(say("sue", "meeting.begin", meeting["id"], ago(days=days), **led))
    undone.execute("insert into private.pulse_counts (led_by, meeting_id, answer, n) values (%s, %s, 5, 1), (%s, %s, 2, %s), (%s, %s, 3, 0)",
                   (meeting["led_by"], meeting["id"], meeting["led_by"], meeting["id"], n - 1, meeting["led_by"], meeting["id"]))  # fmt: skip
    asked = "select answers, mean, counts from public.pulse_course(%s) order by held_on desc limit 1"
    last_week = (5, 3.2, {"2": 2, "4": 3})
    for state in ("running", "ended"):
        with speaking(scene.people["bob"]) as db:
            found = db.execute(asked, (scene.teams["north"],)).fetchone()
        this_one = (n, round((5 + 2 * (n - 1)) / n, 1), {"5": 1, "2": n - 1})
        assert (found[0], float(found[1]), found[2]) == (this_one if shown and state == "ended" else last_week)  # fmt: skip
        applied(say("sue", "meeting.end", meeting["id"], ago(days=days), **led))


def test_no_row_says_which_answer_was_given_last(say, running, undone):
    """Were only one counter written, the transaction that wrote it would be that of the last answer."""
    for person in ("alice", "bob"):
        give(say, person, running)
        written = (
            "select count(*), count(distinct xmin::text) from private.pulse_counts where meeting_id = %s"
        )
        assert undone.execute(written, (running["id"],)).fetchone() == (5, 1)


def test_the_fingerprint_of_a_pulse_does_not_give_the_answer_away(undone, send, scene, running):
    """Whoever reads the ledger can try all five answers, but not the salt."""
    about = {"led_by": running["led_by"], "meeting": running["id"], "answer": 2}
    sent = {"op_id": new(), "kind": "pulse.give", "entity": new(), "stated_at": ago(minutes=1).isoformat()}
    for salt in (None, "", "short", "x" * 19):
        params = about if salt is None else about | {"salt": salt}
        assert send(scene.people["alice"], sent | {"params": params})[0]["code"] == "SX400"
    salted = sent | {"params": about | {"salt": new()}}
    applied(send(scene.people["alice"], salted))
    (kept,) = undone.execute("select digest from private.applied_ops where op_id = %s", (sent["op_id"],)).fetchone()  # fmt: skip
    tried = [sent | {"params": about | {"answer": answer} | guess} for answer in range(1, 6) for guess in ({}, {"salt": ""}, {"salt": new()})]  # fmt: skip
    assert kept not in {ledger.digest(one) for one in tried}
    assert kept == ledger.digest(salted)
    assert UUID(salted["params"]["salt"])
