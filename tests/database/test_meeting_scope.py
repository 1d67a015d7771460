"""What belongs to another meeting, case, person or team stays out of this one, also where ids are the same: they are unique per person only."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.database.meeting_room import applied, item, new
from tests.database.operations import refusal
from tests.database.scene import PHQ9, Scene, ident, put

OLD = "now() - interval '8 days'"


@pytest.fixture
def led(meeting) -> dict:
    return {"led_by": meeting["led_by"]}


@pytest.fixture
def twin(undone, meeting, scene) -> str:
    """Nina once led a meeting of this team that has the same id, and so have all of its items; it ended eight days ago."""
    nina, entity = scene.people["nina"], meeting["id"]
    put(undone, "memberships", person_id=nina, team_id=scene.teams["north"], role="supervisor")
    copy = "insert into public.{0} select (jsonb_populate_record(null::public.{0}, to_jsonb(x) || %s)).* from public.{0} x where {1} = %s and led_by = %s"
    ended = '{{"led_by": "{0}", "state": "ended", "begun_at": "{1}", "ended_at": "{1}"}}'.format(
        nina, datetime.now(UTC) - timedelta(days=8)
    )
    undone.execute(copy.format("meetings", "id"), (ended, entity, meeting["led_by"]))
    undone.execute(
        copy.format("agenda_items", "meeting_id"), (f'{{"led_by": "{nina}"}}', entity, meeting["led_by"])
    )
    return str(nina)


TWINS_ROWS = (
    "select to_jsonb(m) || jsonb_build_object('items', (select jsonb_agg(to_jsonb(i) order by i.id) from public.agenda_items i"
    " where i.led_by = m.led_by and i.meeting_id = m.id), 'words', (select count(*) from public.agenda_words w where w.led_by = m.led_by),"
    " 'labels', (select jsonb_agg(to_jsonb(l) order by l.label) from private.meeting_labels l where l.led_by = m.led_by),"
    " 'pulses', (select count(*) from private.pulse_counts c where c.led_by = m.led_by)) from public.meetings m where m.led_by = %s"
)


def test_a_meeting_of_the_same_id_is_another_meeting(undone, say, seen, scene, meeting, led, twin):
    """All of an evening: none of it is refused because the other one is over, and nothing of the other one moves."""
    (before,) = undone.execute(TWINS_ROWS, (twin,)).fetchone()
    entity, asked, theme = meeting["id"], meeting["question"], meeting["theme"]
    applied(say("sue", "item.amend", asked, **led, minutes=20))
    applied(say("sue", "meeting.begin", entity, **led, item=asked))
    applied(
        say("alice", "item.release", asked, **led, released=["moment", "words"], words="mine", helped="yes")
    )
    applied(say("alice", "item.rerate", asked, **led, ratings={"1": 1}))
    applied(say("sue", "item.decide", asked, **led, id=new(), words="slower", shown=True))
    applied(say("bob", "pulse.give", new(), **led, meeting=entity, answer=3, salt=new()))
    applied(say("sue", "meeting.order", entity, **led, items=[theme, asked]))
    screen = seen("sue", "meeting_screen")
    assert len(screen["items"]) == len(seen("sue")["known"]) == 5
    assert len(item(screen, meeting, "question")["decisions"]) == 1
    assert item(screen, meeting, "question")["released"]["words"] == "mine"
    applied(
        say("sue", "meeting.go", entity, **led, **{"from": asked, "to": meeting["rupture"], "left": "on"})
    )
    applied(say("bob", "item.pass", meeting["rupture"], **led))
    applied(say("sue", "meeting.end", entity, **led))
    assert undone.execute(TWINS_ROWS, (twin,)).fetchone() == (before,)


def test_nor_is_the_earlier_one_moved_through_the_one_that_runs(say, meeting, twin):
    old = {"led_by": twin}
    for person, kind, entity, more in (
        ("sue", "item.amend", meeting["theme"], {"minutes": 3}), ("sue", "meeting.amend", meeting["id"], {"minutes": 30}),
        ("sue", "item.decide", meeting["question"], {"id": new(), "words": "late"}), ("alice", "item.release", meeting["question"], {"released": ["moment"]}),
        ("alice", "item.rerate", meeting["question"], {"ratings": {"1": 1}}),
    ):  # fmt: skip
        assert say(person, kind, entity, **old, **more)[0]["code"] == "SX409", kind
    assert say("alice", "item.pass", meeting["question"], **old)[0]["code"] == "42501"


def test_what_was_talked_about_is_the_question_of_its_therapist(undone, say, scene, meeting, led):
    """Bob's of the same id waits on; one that Alice has withdrawn is not brought back."""
    asked, state = (
        ident("alice", "open question"),
        "select state::text from public.questions where therapist_id = %s and id = %s",
    )
    put(
        undone, "questions", therapist_id=scene.people["bob"], id=asked, team_id=scene.teams["north"], case_id=ident("bob", "case"),
        moment="then", question="what?", felt="", would_like="",
    )  # fmt: skip
    alices, bobs = (scene.people["alice"], asked), (scene.people["bob"], asked)
    applied(say("sue", "meeting.begin", meeting["id"], **led, item=meeting["question"]))
    applied(say("sue", "item.amend", meeting["question"], **led, state="done"))
    assert [undone.execute(state, who).fetchone() for who in (alices, bobs)] == [("discussed",), ("open",)]
    applied(say("sue", "item.amend", meeting["question"], **led, state="on"))
    applied(say("alice", "question.amend", str(asked), state="withdrawn"))
    for after in ("done", "on"):
        applied(say("sue", "item.amend", meeting["question"], **led, state=after))
        assert undone.execute(state, alices).fetchone() == ("withdrawn",)


@pytest.mark.parametrize(("hours", "there"), [(11, True), (13, False)])
def test_a_meeting_is_read_for_half_a_day_after_its_end(undone, say, seen, meeting, led, hours, there):
    """By when it ended, whatever day it was planned for or begun on."""
    applied(say("sue", "meeting.begin", meeting["id"], datetime.now(UTC) - timedelta(days=3), **led))
    applied(say("sue", "meeting.end", meeting["id"], datetime.now(UTC) - timedelta(hours=hours), **led))
    for person in ("sue", "bob"):
        for what in ("meeting_screen", "meeting_now"):
            found = seen(person, what)
            assert (found is not None) is there
            assert not there or found["id"] == meeting["id"]


@pytest.mark.parametrize("person", ["otto", "tom", "sid", "zoe", "lena", "adam", "erin", "nina"])
@pytest.mark.parametrize(
    "call", ["meeting_screen", "meeting_now", "agenda_candidates", "repair_memory", "pulse_course"]
)
def test_a_meeting_is_read_by_its_own_team(speaking, scene, meeting, call: str, person: str):
    """Supervisors and therapists of another team know the id of this one at most."""
    for team in (scene.teams["north"], None):
        with speaking(scene.people[person]) as db:
            assert refusal(db, f"select public.{call}(%s)", (team,))[0] == "42501"


def test_whoever_supervises_elsewhere_leads_nothing_here(undone, seen, scene, meeting):
    put(undone, "memberships", person_id=scene.people["alice"], team_id=scene.teams["south"], role="supervisor")  # fmt: skip
    now = seen("alice")
    assert now["leads"] is False
    assert set(now["known"]) == {meeting["question"]}
    assert "people" not in now


# --- what goes with what ------------------------------------------------------------------------------------------------


def test_a_question_or_a_rupture_of_another_case_is_not_read_with_an_item(undone, say, seen, scene, meeting, led):  # fmt: skip
    """A supervisor who names one case and the question of another gets neither its words nor its strain on the screen."""
    alice, other = scene.people["alice"], ident("alice", "parting")
    items = {"question": new(), "rupture": new()}
    for kind, entity in items.items():
        about = {"question": "open question", "rupture": "rupture"}[kind]
        one = {"id": entity, "kind": kind, "therapist": str(alice), "case": str(other), kind: str(ident("alice", about))}  # fmt: skip
        applied(say("sue", "meeting.add", meeting["id"], **led, item=one))
        applied(say("alice", "item.release", entity, **led, released=["moment", "question", "reasons"]))
    screen = {one["id"]: one for one in seen("bob", "meeting_screen")["items"]}
    assert [screen[entity]["rupture"] for entity in items.values()] == [None, None]
    for person in ("bob", "sue", "alice"):
        assert "alice open moment" not in json.dumps(
            {entity: (screen[entity], seen(person)["known"].get(entity)) for entity in items.values()}
        )


def test_what_is_known_of_an_item_is_about_this_item(undone, say, seen, scene, meeting, led):
    """Decisions, ratings and whose they are; and screens that are up, of this meeting, since half a day at most."""
    asked, wrote = meeting["question"], [new(), new()]
    applied(say("sue", "item.decide", asked, **led, id=wrote[0], words="slower"))
    applied(say("sue", "item.decide", meeting["theme"], **led, id=wrote[1], words="together"))
    applied(say("alice", "item.rerate", asked, **led, ratings={"1": 1}))
    known = seen("sue")["known"]
    assert {name: [d["id"] for d in known[meeting[name]]["decisions"]] for name in ("question", "theme", "rupture")} == {
        "question": wrote[:1], "theme": wrote[1:], "rupture": [],
    }  # fmt: skip
    assert {name: known[meeting[name]]["reratings"] for name in ("question", "rupture")} == {
        "question": {"1": {"before": 2, "after": 1}}, "rupture": None,
    }  # fmt: skip
    assert [seen(who)["known"][asked]["decisions"][0]["mine"] for who in ("sue", "alice")] == [True, False]
    assert set(known) == {
        meeting[name] for name in ("follow_ups", "question", "rupture", "theme", "went_well")
    }


def test_screens_that_are_up_are_counted(undone, say, seen, scene, meeting, led):
    here = {**led, "team": str(scene.teams["north"]), "meeting": meeting["id"]}
    assert seen("sue")["screens"] == 0
    up, hours_ago = new(), datetime.now(UTC) - timedelta(hours=13)
    applied(say("sue", "screen.open", up, **here))
    applied(say("sue", "screen.open", new(), hours_ago, **here))  # nobody has taken it down
    assert seen("bob")["screens"] == 1
    applied(say("sue", "screen.close", up))
    assert seen("bob")["screens"] == 0


def test_a_screen_is_up_from_when_it_was_put_up_until_it_was_first_taken_down(undone, say, scene, meeting, led):  # fmt: skip
    here, ahead = {**led, "team": str(scene.teams["north"]), "meeting": meeting["id"]}, datetime.now(UTC) + timedelta(days=400)  # fmt: skip
    times = "select opened_at <= now(), closed_at <= now(), closed_at >= opened_at from public.meeting_screens where id = %s"
    for said in (ahead, datetime.now(UTC) - timedelta(days=400)):
        up = new()
        applied(say("sue", "screen.open", up, ahead, **here))
        applied(say("sue", "screen.close", up, said))
        assert undone.execute(times, (up,)).fetchone() == (True, True, True)
    closed = "select closed_at from public.meeting_screens where id = %s"
    up = new()
    applied(say("sue", "screen.open", up, datetime.now(UTC) - timedelta(hours=2), **here))
    applied(say("sue", "screen.close", up, datetime.now(UTC) - timedelta(hours=1)))
    first = undone.execute(closed, (up,)).fetchone()
    applied(say("sue", "screen.close", up))
    assert undone.execute(closed, (up,)).fetchone() == first


def test_whether_one_has_answered_is_told_of_this_meeting(undone, seen, scene, meeting):
    for who, entity in (("alice", ident("sue", "last meeting")), ("bob", meeting["id"])):
        undone.execute(
            "insert into private.pulse_given (led_by, meeting_id, person_id) values (%s, %s, %s)",
            (scene.people["sue"], entity, scene.people[who]),
        )
    assert [seen(who)["pulse_given"] for who in ("alice", "bob", "sue")] == [False, True, False]


def test_a_pulse_is_counted_in_its_own_meeting(say, undone, scene, meeting, led):
    """And in none that another person leads under the same id, or that is not there."""
    counts = "select jsonb_agg(to_jsonb(c) order by c.led_by, c.meeting_id, c.answer) from private.pulse_counts c where c.meeting_id <> %s"
    before = undone.execute(counts, (meeting["id"],)).fetchone()
    applied(say("sue", "meeting.begin", meeting["id"], **led))
    for leader, code in ((meeting["led_by"], None), (str(scene.people["otto"]), "42501")):
        (answer,) = say("bob", "pulse.give", new(), led_by=leader, meeting=meeting["id"], answer=2, salt=new())  # fmt: skip
        assert answer["code"] == code
    assert undone.execute(counts, (meeting["id"],)).fetchone() == before


# --- the picture of a case ----------------------------------------------------------------------------------------------


def charted(undone, scene: Scene, therapist: str, case, *, shift: int) -> None:
    """Two sessions that took place and one that did not, a score, an episode and a rupture, `shift` weeks after ten weeks ago; and the day before each."""
    mine = {"therapist_id": scene.people[therapist], "team_id": scene.teams["north"]}
    begins = scene.today - timedelta(weeks=10 - shift)
    here = {**mine, "case_id": case}
    for number, (week, attendance) in enumerate(((0, "attended"), (1, "attended"), (2, "no_show")), start=1):
        put(undone, "sessions", **here, id=new(), number=number, held_on=begins + timedelta(weeks=week), attendance=attendance)  # fmt: skip
    for day in (begins - timedelta(days=1), begins + timedelta(weeks=1)):
        put(undone, "scores", **here, id=new(), measure_id=PHQ9, on_day=day, value=9 + shift)
        put(undone, "episodes", **here, id=new(), happened_on=day, kind="stalled", first_blame="neither", next_move="asked")  # fmt: skip
        put(undone, "ruptures", **here, id=new(), kind="confrontation", noticed_on=day, closed_on=day + timedelta(weeks=2), outcome="repaired")  # fmt: skip


def test_the_picture_of_a_case_is_of_this_case_since_it_began(undone, speaking, scene):
    """Not of another one of hers, nor of Bob's of the same id, as after a handing over; and of no day before its first."""
    case, other = ident("alice", "pictured"), ident("alice", "pictured too")
    for who, one, code in (("alice", case, "CAN-71"), ("alice", other, "CAN-72"), ("bob", case, "CAN-71")):
        put(undone, "cases", therapist_id=scene.people[who], id=one, team_id=scene.teams["north"], code=code, started_on=scene.today)  # fmt: skip
        for shift in (0,) if (who, one) == ("alice", case) else (-3, 3):
            charted(undone, scene, who, one, shift=shift)
    asked = "select public.own_picture(%s, %s)"
    with speaking(scene.people["alice"]) as db:
        (picture,) = db.execute(asked, (scene.teams["north"], case)).fetchone()
        for team, one in (("south", case), ("north", ident("bob", "case")), ("north", new()), ("north", None)):  # fmt: skip
            assert refusal(db, asked, (scene.teams[team], one))[0] == "42501"
    assert picture == {
        "weeks": 10, "sessions": 2, "scores": [{"measure": "PHQ-9", "week": 1, "value": 9}], "episodes": [{"week": 1, "kind": "stalled"}],
        "ruptures": [{"from": 1, "to": 3, "kind": "confrontation"}],
    }  # fmt: skip
    undone.execute("update public.memberships set role = 'supervisor' where person_id = %s", (scene.people["alice"],))  # fmt: skip
    for person in ("sue", "alice"):  # who is no therapist any more
        with speaking(scene.people[person]) as db:
            assert refusal(db, asked, (scene.teams["north"], case))[0] == "42501"


def test_the_causes_of_a_case_are_those_last_rated_on_it(undone, seen, scene, meeting):
    mine = {"therapist_id": scene.people["alice"], "team_id": scene.teams["north"]}
    rated = (
        ("alice", "case", 8, {1: 4, 2: 3}), ("alice", "case", 4, {1: 0, 2: None}), ("alice", "parting", 1, {1: 3, 3: 1}), ("bob", "case", 1, {4: 4}),
    )  # fmt: skip
    undone.execute("delete from public.ratings where cause in (1, 2, 3, 4) and episode_id is not null")
    for who, case, days, ratings in rated:
        mine = {"therapist_id": scene.people[who], "team_id": scene.teams["north"]}
        episode, day = new(), scene.today - timedelta(days=days)
        of_case = ident("alice", case)  # Bob's has the id of hers, as after a handing over
        if who == "bob":
            put(undone, "cases", **mine, id=of_case, code="CAN-73")
        put(undone, "episodes", **mine, id=episode, case_id=of_case, happened_on=day, kind="stalled", first_blame="neither", next_move="asked")  # fmt: skip
        for cause, rating in ratings.items():
            put(undone, "ratings", **mine, episode_id=episode, on_day=day, cause=cause, rating=rating)
    assert seen("alice")["known"][meeting["question"]]["causes"] == {"1": 0, "2": 3}


# --- what may be next ---------------------------------------------------------------------------------------------------


def test_what_may_be_next_is_of_this_team(undone, say, seen, scene, meeting, led):
    """Alice works in south as well: her question, strain, flag and turn there are no matter of north, nor are its actions."""
    alice, south = scene.people["alice"], scene.teams["south"]
    put(undone, "memberships", person_id=alice, team_id=south, role="therapist")
    tomorrow = {"role": "therapist", "starts_on": scene.today + timedelta(days=1)}
    put(undone, "memberships", person_id=scene.people["nina"], team_id=scene.teams["north"], **tomorrow)
    mine, case, flag, last = {"therapist_id": alice, "team_id": south}, new(), new(), new()
    put(undone, "cases", **mine, id=case, code="CAN-81")
    here = {**mine, "case_id": case}
    put(undone, "questions", **here, id=new(), moment="then", question="what?", felt="", would_like="")
    put(undone, "ruptures", **here, id=new(), kind="mixed", noticed_on=scene.today - timedelta(days=3))
    put(undone, "flags", **here, id=flag, rule="R9", severity="watch", numbers={}, n=1, since=scene.today, first_seen=scene.today)  # fmt: skip
    put(undone, "flag_events", **here, actor_id=scene.people["otto"], id=new(), flag_id=flag, kind="assigned", assignee_id=alice)  # fmt: skip
    put(undone, "actions", **here, created_by=alice, id=new(), owner_id=alice, what="a matter of south")
    day = scene.today
    put(undone, "meetings", led_by=scene.people["otto"], id=last, team_id=south, held_on=day, state="ended", begun_at=day, ended_at=day)  # fmt: skip
    for position, state in enumerate(("done", "carried")):
        put(undone, "agenda_items", led_by=scene.people["otto"], id=new(), meeting_id=last, **here, position=position, kind="case", state=state)  # fmt: skip
    applied(say("sue", "meeting.end", meeting["id"], **led))
    found = seen("sue", "agenda_candidates")
    assert case not in json.dumps(found)
    assert "a matter of south" not in json.dumps(found)
    assert {one["therapist_id"]: (one["last_on"], one["turns"]) for one in found["turns"]}[str(alice)] == (None, 0)  # fmt: skip
    assert {one["therapist_id"] for one in found["turns"]} == {str(scene.people[who]) for who in ("alice", "bob")}  # fmt: skip
    assert found["last_on"] == str(scene.today)
    assert case in json.dumps(seen("otto", "agenda_candidates", "south"))


def test_turns_are_counted_over_twelve_weeks(undone, seen, scene):
    bob, sue, north = scene.people["bob"], scene.people["sue"], scene.teams["north"]
    yesterday = scene.today - timedelta(days=1)
    put(
        undone, "meetings", led_by=scene.people["otto"], id=new(), team_id=scene.teams["south"], held_on=yesterday, state="ended",
        begun_at=yesterday, ended_at=yesterday,
    )  # fmt: skip
    for days in (83, 84):
        held, entity = scene.today - timedelta(days=days), new()
        put(undone, "meetings", led_by=sue, id=entity, team_id=north, held_on=held, state="ended", begun_at=held, ended_at=held)  # fmt: skip
        put(
            undone, "agenda_items", led_by=sue, id=new(), meeting_id=entity, team_id=north, position=1, kind="case", therapist_id=bob,
            case_id=ident("bob", "case"), state="done",
        )  # fmt: skip
    found = seen("sue", "agenda_candidates")
    assert found["last_on"] == str(
        scene.today - timedelta(days=7)
    )  # of this team, and not that of the one that runs
    turns = {one["therapist_id"]: (one["last_on"], one["turns"]) for one in found["turns"]}
    assert turns[str(bob)] == (str(scene.today - timedelta(days=83)), 1)


def test_what_was_called_off_is_carried_over_to_the_next_meeting_alone(say, seen, scene, meeting, led):
    """Also when that one was held on the same day."""

    def carried() -> set[str]:
        cases = seen("sue", "agenda_candidates")["cases"]
        return {one["therapist_id"] for one in cases for why in one["because"] if why["why"] == "carried"}

    hours_ago = [datetime.now(UTC) - timedelta(hours=hours) for hours in (1, 2, 3)]
    applied(say("sue", "meeting.call_off", meeting["id"], hours_ago.pop(), **led))
    assert carried() == {str(scene.people[who]) for who in ("alice", "bob")}
    held = new()
    applied(say("sue", "meeting.plan", held, team=str(scene.teams["north"]), held_on=str(scene.today)))
    applied(say("sue", "meeting.begin", held, hours_ago.pop(), **led))
    applied(say("sue", "meeting.amend", held, **led, held_on=str(scene.today)))
    applied(say("sue", "meeting.end", held, hours_ago.pop(), **led))
    assert carried() == set()


def test_followed_up_is_what_is_open_or_may_have_helped(undone, seen, scene):
    sue, north, wanted = scene.people["sue"], scene.teams["north"], set()
    for days, state, helped, follows in (
        (None, "open", None, True), (60, "done", None, True), (60, "done", "too_early", True), (61, "done", None, False), (1, "done", "yes", False),
        (1, "dropped", None, False),
    ):  # fmt: skip
        entity = new()
        done = None if days is None else scene.today - timedelta(days=days)
        put(undone, "actions", created_by=sue, id=entity, team_id=north, owner_id=sue, what="x", state=state, done_on=done, helped=helped)  # fmt: skip
        wanted |= {entity} if follows else set()
    undone.execute("delete from public.actions where team_id = %s and what <> 'x'", (north,))
    assert {one["id"] for one in seen("sue", "agenda_candidates")["follow_ups"]} == wanted


def test_what_is_over_does_not_speak_for_a_case(undone, say, seen, scene, meeting, led):
    """A strain that was closed, a flag that has gone, and an assignment on it; and no reason is told twice."""
    bob, north = scene.people["bob"], scene.teams["north"]
    undone.execute("update public.questions set state = 'withdrawn' where therapist_id = %s", (bob,))
    undone.execute("delete from public.flag_events where therapist_id = %s", (bob,))
    undone.execute("update public.agenda_items set state = 'dropped', reason = 'not now' where therapist_id = %s and meeting_id = %s", (bob, meeting["id"]))  # fmt: skip
    applied(say("sue", "meeting.end", meeting["id"], **led))

    def because() -> list[str]:
        cases = seen("sue", "agenda_candidates")["cases"]
        return [b["why"] + b.get("rule", "") for one in cases if one["case_id"] == str(ident("bob", "case")) for b in one["because"]]  # fmt: skip

    assert "rupture" in because()
    other = {
        "rule": "R9",
        "severity": "watch",
        "numbers": {},
        "n": 1,
        "since": scene.today,
        "first_seen": scene.today,
    }
    put(undone, "flags", id=new(), team_id=north, therapist_id=bob, case_id=ident("bob", "case"), **other)
    assert {"flagR9", "rupture"} <= set(because())  # only R5 says it as well
    undone.execute("update public.ruptures set noticed_on = current_date - 60 where therapist_id = %s and closed_on is null", (bob,))  # fmt: skip
    undone.execute("update public.repair_steps set taken_on = current_date - 50 where therapist_id = %s", (bob,))  # fmt: skip
    assert "flagR5" in because()
    assert "rupture" not in because()  # its flag says so already
    (flag,) = undone.execute("select id from public.flags where therapist_id = %s and rule = 'R5' and cleared_on is null", (bob,)).fetchone()  # fmt: skip
    work = {"actor_id": scene.people["sue"], "team_id": north, "therapist_id": bob, "case_id": ident("bob", "case"), "flag_id": flag}  # fmt: skip
    assert "assigned" not in because()
    put(undone, "flag_events", **work, id=new(), kind="acknowledged")
    assert "assigned" not in because()
    put(undone, "flag_events", **work, id=new(), kind="assigned", assignee_id=scene.people["sue"])
    assert because().count("assigned") == 1
    undone.execute("update public.ruptures set closed_on = current_date, outcome = 'repaired' where therapist_id = %s and closed_on is null", (bob,))  # fmt: skip
    undone.execute("update public.questions set state = 'open' where id = %s", (ident("bob", "open question"),))  # fmt: skip
    assert "chosen" in because()
    assert {"flagR5", "rupture", "assigned"}.isdisjoint(because())
