"""What is read of a meeting: the shared screen against planted words, what may be next, R9 after a discussion, and repair memory in groups that hold."""

import json
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.database.meeting_room import applied, new
from tests.database.operations import stored
from tests.database.scene import CANARY, DECISION_WORDS, THERAPISTS, ident, nothing_ahead

ASKED = ("moment", "question", "felt", "would_like")
PARTS = (*ASKED, "words", "reasons", "causes", "picture")
WORDS = re.compile(rf"{CANARY} [\w ]+")
QUICK = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip


@pytest.fixture
def room(undone, say, scene) -> dict[str, str]:
    """The scene's meeting with everything filled in: each therapist's item has words, and its present item is Alice's question."""
    led, entity = {"led_by": str(scene.people["sue"])}, str(ident("sue", "meeting"))
    item = str(ident("alice", "item"))
    applied(say("sue", "meeting.go", entity, **led, **{"from": str(ident("sue", "own item")), "to": item}))
    applied(say("sue", "meeting.add", entity, **led, item={"id": new(), "kind": "theme"}))
    undone.execute(
        "update public.agenda_items set reason = %s where reason = '' and meeting_id = %s",
        (f"{CANARY} any reason", entity),
    )
    return led


@settings(QUICK, max_examples=60)
@given(
    alice=st.sets(st.sampled_from(PARTS)), bob=st.sets(st.sampled_from(PARTS)), shown=st.sets(st.sampled_from(["alice", "bob"])), withdrawn=st.booleans()
)  # fmt: skip
def test_the_shared_screen_holds_exactly_what_was_released(
    undone, say, seen, scene, room, alice, bob, shown, withdrawn
):
    """Whatever is released of two items, everything else that was planted is not in it, for whoever asks."""
    with undone.transaction(force_rollback=True):
        expected = {f"{CANARY} agenda north title", f"{CANARY} agenda north theme"}
        expected |= {f"{CANARY} {who} shown item words" for who in ("alice", "bob", "erin", "lena")}
        expected |= {f"{CANARY} {who} on {who} decision {what}" for who in ("alice", "bob", "erin", "lena") for what in DECISION_WORDS}  # fmt: skip
        for who, parts in (("alice", alice), ("bob", bob)):
            applied(say(who, "item.release", str(ident(who, "item")), **room, released=sorted(parts)))
            undone.execute("update public.decisions set shown = %s where id = %s", (who in shown, ident("sue", who, "decision")))  # fmt: skip
            expected |= {f"{CANARY} {who} open {part}" for part in parts & {*ASKED} if not (withdrawn and who == "alice")}  # fmt: skip
            expected |= {f"{CANARY} {who} item words"} if "words" in parts else set()
            expected |= {f"{CANARY} sue on {who} decision {what}" for what in DECISION_WORDS if who in shown}
        if withdrawn:
            applied(say("alice", "question.amend", str(ident("alice", "open question")), state="withdrawn"))
        screens = [seen(person, "meeting_screen") for person in ("sue", "alice", "bob")]
        for screen in screens:
            screen.pop("now")
        said = json.dumps(screens[0])
        assert screens[1:] == screens[:1] * 2
        assert set(WORDS.findall(said)) == expected
        assert not re.search(r"CAN-\d|canary-prompt|@|scene", said)
        for name, person in scene.people.items():
            assert (str(person) in said) is (name == "sue"), name  # who leads the meeting
        for who in THERAPISTS:
            for row in ("case", "open question", "rupture", "flag", "noted", "plain"):
                assert str(ident(who, row)) not in said
        items = {one["id"]: one for one in screens[0]["items"]}
        for who, parts in (("alice", alice), ("bob", bob)):
            released = set(items[str(ident(who, "item"))]["released"])
            gone = {*ASKED} if withdrawn and who == "alice" else set()
            assert released == parts - gone - (
                {"picture"} if who == "bob" else set()
            )  # his is not the present item


NAMES = {
    "screen": {
        "led_by", "id", "state", "held_on", "minutes", "theme", "begun_at", "ended_at", "item", "clock_since", "prompt", "timer", "timer_until", "now", "items",
    },
    "item": {
        "id", "position", "kind", "title", "minutes", "state", "stage", "spent", "person", "case", "released", "rupture", "follow_ups", "decisions",
    },
    "decision": {"decision", "words", "sentence", "will_know", "look_again_on"},
    "picture": {"weeks", "sessions", "scores", "episodes", "ruptures"},
}  # fmt: skip


def test_every_name_in_the_shared_screen(room, say, seen):
    """What is not here, a shared screen never gets."""
    applied(say("alice", "item.release", str(ident("alice", "item")), **room, released=list(PARTS)))
    screen = seen("bob", "meeting_screen")
    assert set(screen) == NAMES["screen"]
    assert {frozenset(one) for one in screen["items"]} == {frozenset(NAMES["item"])}
    assert {name for one in screen["items"] for name in one["released"]} == set(PARTS)
    assert {frozenset(d) for one in screen["items"] for d in one["decisions"]} == {frozenset(NAMES["decision"])}  # fmt: skip
    (picture,) = (one["released"]["picture"] for one in screen["items"] if "picture" in one["released"])
    assert set(picture) == NAMES["picture"]
    assert re.findall(r"\d{4}-\d\d-\d\d", json.dumps(picture)) == []  # weeks are counted, days are not told


def test_a_teammate_knows_their_own_items_and_the_screen(seen, room, scene):
    now = seen("bob")
    assert set(now["known"]) == {str(ident("bob", name)) for name in ("item", "shown item", "bare item")}
    assert now["leads"] is False
    screen = {name: value for name, value in now.items() if name in NAMES["screen"] - {"now"}}
    assert screen == {name: value for name, value in seen("alice", "meeting_screen").items() if name != "now"}
    assert str(scene.people["alice"]) not in json.dumps(now)


def test_what_became_of_actions_is_said_from_five_by_three_people_on(undone, seen, say, scene, room):
    item = {"id": new(), "kind": "follow_ups"}
    applied(say("sue", "meeting.add", str(ident("sue", "meeting")), **room, item=item))
    undone.execute("update public.actions set state = 'open', done_on = null where team_id = %s", (scene.teams["north"],))  # fmt: skip

    def told() -> dict:
        return next(one for one in seen("bob", "meeting_screen")["items"] if one["id"] == item["id"])["follow_ups"]  # fmt: skip

    (every,) = undone.execute("select count(*) from public.actions where team_id = %s", (scene.teams["north"],)).fetchone()  # fmt: skip
    done = "update public.actions set state = 'done', done_on = current_date, helped = 'yes' where team_id = %s and owner_id = any(%s)"
    assert told() == {"open": every}
    undone.execute(done, (scene.teams["north"], [scene.people["sue"]]))  # many of one person
    assert set(told()) == {"open"}
    undone.execute(done, (scene.teams["north"], [scene.people["alice"], scene.people["bob"]]))
    assert told() == {"open": 0, "done": every, "helped": every}
    undone.execute("update public.actions set done_on = current_date - 61 where team_id = %s", (scene.teams["north"],))  # fmt: skip
    assert told() == {"open": 0}


# --- what may be next -------------------------------------------------------------------------------------------------


def test_the_arithmetic_of_a_proposal_is_as_it_says(undone, seen, say, scene):
    """A rupture counts by its weeks, up to 5; what was carried over 3; weeks without a turn one each, up to 4."""
    bob, team = scene.people["bob"], scene.teams["north"]
    undone.execute("update public.questions set state = 'withdrawn' where therapist_id = %s", (bob,))
    undone.execute("update public.ruptures set noticed_on = current_date - 10 where therapist_id = %s and closed_on is null", (bob,))  # fmt: skip
    last, three_weeks_ago = ident("sue", "last meeting"), scene.today - timedelta(21)
    applied(say("sue", "meeting.end", str(ident("sue", "meeting")), led_by=str(scene.people["sue"])))
    undone.execute("alter table public.meetings disable trigger meeting_goes_on")
    undone.execute("update public.meetings set held_on = %s where id = %s", (three_weeks_ago, last))
    undone.execute(
        "insert into public.agenda_items (led_by, id, meeting_id, team_id, position, kind, therapist_id, case_id, state)"
        " values (%s, gen_random_uuid(), %s, %s, 1, 'case', %s, %s, 'done')",
        (scene.people["sue"], last, team, bob, ident("bob", "parting")),
    )  # fmt: skip
    found = seen("sue", "agenda_candidates")
    case = next(one for one in found["cases"] if one["case_id"] == str(ident("bob", "case")))
    told = {one["why"]: one for one in case["because"] if one["why"] in ("rupture", "carried", "turn")}
    assert {why: one["points"] for why, one in told.items()} == {"rupture": 2, "carried": 3, "turn": 3}
    assert case["points"] == sum(one["points"] or 0 for one in case["because"])
    assert (told["rupture"]["days"], told["turn"]["weeks"]) == (10, 3)
    turns = {one["therapist_id"]: (one["last_on"], one["turns"]) for one in found["turns"]}
    assert turns == {str(bob): (str(three_weeks_ago), 1), str(scene.people["alice"]): (None, 0)}


def test_only_cases_of_those_who_are_therapists_today_are_proposed(undone, seen, say, scene):
    """Also of what was carried over from the last meeting."""
    applied(say("sue", "meeting.end", str(ident("sue", "meeting")), led_by=str(scene.people["sue"])))
    there = {one["therapist_id"] for one in seen("sue", "agenda_candidates")["cases"]}
    assert there == {str(scene.people[who]) for who in ("alice", "bob")}
    undone.execute("update public.cases set state = 'closed' where id = %s", (ident("bob", "case"),))
    assert {one["therapist_id"] for one in seen("sue", "agenda_candidates")["cases"]} == {str(scene.people["alice"])}  # fmt: skip


@pytest.mark.parametrize(("left", "up"), [("done", False), ("carried", True), (None, True)])
def test_a_case_that_was_talked_about_counts_as_discussed(undone, say, scene, left, up):
    case, team = ident("alice", "case"), scene.teams["north"]
    undone.execute("update public.cases set started_on = current_date - 200 where id = %s", (case,))
    undone.execute("update public.prompt_uses set used_at = now() - interval '60 days' where case_id = %s", (case,))  # fmt: skip
    undone.execute("update public.step_backs set done_on = current_date - 60 where case_id = %s", (case,))

    def not_discussed() -> bool:
        undone.execute("select private.refresh_flags(%s, 500)", (team,))
        return bool([f for f in stored(undone, "flags", case_id=case, rule="R9") if f["cleared_on"] is None])

    assert not_discussed()
    nothing_ahead(undone)
    led, meeting, item = {"led_by": str(scene.people["sue"])}, new(), new()
    one = {"id": item, "kind": "case", "therapist": str(scene.people["alice"]), "case": str(case)}
    applied(say("sue", "meeting.plan", meeting, team=str(team), held_on=str(scene.today), items=[one]))
    applied(say("sue", "meeting.begin", meeting, **led, item=item))
    assert not_discussed()
    applied(say("sue", "meeting.end", meeting, **led, left=left))
    assert not_discussed() is up


# --- repair memory ----------------------------------------------------------------------------------------------------


@pytest.fixture
def memory(undone, seen, scene):
    """Closes one more rupture of a therapist, on some day, after some steps; and asks what the team remembers."""
    everybody = ("alice", "bob", "erin", "lena")
    undone.execute("update public.ruptures set outcome = 'ended' where closed_on is not null and team_id = %s", (scene.teams["north"],))  # fmt: skip
    mine = "insert into public.ruptures (therapist_id, id, team_id, case_id, kind, noticed_on) values (%s, %s, %s, %s, 'mixed', current_date - 600)"
    step = (
        "insert into public.repair_steps (recorded_by, id, therapist_id, team_id, rupture_id, stage, taken_on, created_at)"
        " values (%s, gen_random_uuid(), %s, %s, %s, %s, current_date - 600, now() + make_interval(secs => %s))"
    )

    class Memory:
        said = staticmethod(lambda: seen("bob", "repair_memory"))

        def step(self, who: str, rupture: UUID, stage: str, later: int = 0) -> None:
            person = scene.people[who]
            undone.execute(step, (person, person, scene.teams["north"], rupture, stage, later))

        def close(self, number: int, *, days: int = 1, outcome: str = "repaired", steps: tuple = ()) -> tuple[str, UUID]:  # fmt: skip
            who, rupture = everybody[number], uuid4()
            undone.execute(mine, (scene.people[who], rupture, scene.teams["north"], ident(who, "case")))
            for stage in steps:
                self.step(who, rupture, stage)
            undone.execute("update public.ruptures set closed_on = current_date - %s, outcome = %s where id = %s", (days, outcome, rupture))  # fmt: skip
            return who, rupture

    return Memory()


def of(answer: dict | None) -> tuple[int, int]:
    return (answer["closed"], answer["repaired"]) if answer else (0, 0)


def test_a_team_remembers_nothing_below_five_ruptures_or_three_therapists(memory):
    for number in (0, 1, 0, 1, 0, 1, 0):
        memory.close(number)
    assert memory.said() is None  # seven, of two people
    memory.close(2, outcome="not_repaired")
    assert of(memory.said()) == (8, 7)


def test_four_of_four_people_are_not_enough(memory):
    for number in range(4):
        memory.close(number)
    assert memory.said() is None
    memory.close(0)
    assert memory.said() == {"closed": 5, "repaired": 5, "steps": []}


def test_a_team_may_ask_for_more_and_never_for_less(memory, undone, scene):
    undone.execute("update public.team_settings set safe_min_therapists = 4, safe_min_entries = 6 where team_id = %s", (scene.teams["north"],))  # fmt: skip
    for number in (0, 1, 2, 0, 1, 2):
        memory.close(number)
    assert memory.said() is None
    memory.close(3)
    assert of(memory.said()) == (7, 7)


def test_a_step_is_counted_where_enough_took_it_before_the_rupture_was_closed(memory):
    closed = [memory.close(n % 4, steps=("named", "explored") if n < 3 else ("named",)) for n in range(5)]
    assert memory.said()["steps"] == [{"stage": "named", "of": 5, "repaired": 5}]
    for who, rupture in closed[3:]:  # afterwards, and dated before
        memory.step(who, rupture, "explored", later=60)
    assert memory.said()["steps"] == [{"stage": "named", "of": 5, "repaired": 5}]


def test_a_rupture_was_closed_when_its_own_therapist_closed_it(memory, undone, scene):
    """Not when it was changed afterwards, nor when somebody else closed one of the same id."""
    closed = [memory.close(n % 4, steps=("named",)) for n in range(5)]
    for who, rupture in closed:
        undone.execute("update public.ruptures set outcome = 'partly' where id = %s", (rupture,))
        undone.execute(
            "insert into public.history (owner_id, team_id, table_name, row_id, before) values (%s, %s, 'ruptures', %s, '{}')",
            (scene.people["nina"], scene.teams["north"], str(rupture)),
        )
        memory.step(who, rupture, "explored", later=60)
    undone.execute(
        "update public.history set changed_at = now() + interval '1 hour' where table_name = 'ruptures' and (owner_id = %s or before ->> 'closed_on' is not null)",
        (scene.people["nina"],),
    )
    assert memory.said()["steps"] == [{"stage": "named", "of": 5, "repaired": 5}]


def test_a_group_goes_as_a_whole_after_a_year(memory):
    for number, days in zip((0, 1, 2, 3, 0), (500, 450, 400, 380, 365), strict=True):
        memory.close(number, days=days)
    assert of(memory.said()) == (5, 5)
    for number, days in zip((0, 1, 2, 3, 0), (500, 450, 400, 380, 366), strict=True):
        memory.close(number, days=days)
    assert of(memory.said()) == (5, 5)


def test_where_the_work_ended_nothing_is_remembered(memory):
    for number in (0, 1, 2, 3, 0):
        memory.close(number, outcome="ended")
    assert memory.said() is None


@settings(QUICK, max_examples=25)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 300), st.booleans(), st.booleans()), min_size=4, max_size=24)
)  # fmt: skip
def test_a_number_never_moves_by_fewer_than_a_group(undone, memory, closings):
    """An onlooker asks after each closing, whatever its day is said to be: what has changed is always about enough ruptures of enough people."""
    with undone.transaction(force_rollback=True):
        before, waiting, waiting_named = memory.said(), [], []
        for who, days, repaired, named in closings:
            memory.close(who, days=days, outcome="repaired" if repaired else "not_repaired", steps=("named",) if named else ())  # fmt: skip
            waiting.append((who, repaired))
            waiting_named += [(who, repaired)] * named
            now = memory.said()
            if of(now) == of(before):
                assert not (len(waiting) >= 5 and len({who for who, _ in waiting}) >= 3)
            else:
                assert len({who for who, _ in waiting}) >= 3
                assert len(waiting) >= 5
                assert of(now) == (of(before)[0] + len(waiting), of(before)[1] + sum(r for _, r in waiting))
                waiting = []
            if now and now["steps"] != (before or {"steps": []})["steps"]:
                assert len(waiting_named) >= 5 or of(before) == (0, 0)
                waiting_named = []
            before = now


def test_the_time_of_a_meeting_is_the_servers(seen, room):
    now = datetime.fromisoformat(seen("bob", "meeting_screen")["now"])
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=10)
