"""A supervision meeting in the database: planned, released, run, decided, rated again, ended; and what each person sees of it."""

import json
from datetime import UTC, datetime, timedelta

from tests.database.meeting_room import applied, item, new
from tests.database.scene import ident


def stands(sql) -> str:
    """The state of Alice's question."""
    return sql.execute(
        "select state::text from public.questions where id = %s", (ident("alice", "open question"),)
    ).fetchone()[0]


def test_a_whole_meeting(say, scene, meeting, seen, undone):
    led, entity = {"led_by": meeting["led_by"]}, meeting["id"]
    start = datetime.now(UTC) - timedelta(minutes=30)
    applied(say("sue", "meeting.begin", entity, start, **led, item=meeting["follow_ups"]))
    applied(
        say(
            "sue",
            "meeting.go",
            entity,
            start + timedelta(minutes=4),
            **led,
            **{"from": meeting["follow_ups"], "to": meeting["question"], "left": "done"},
        )
    )
    # the second device presses "next" as well, on what it saw: nothing moves twice
    applied(
        say(
            "sue",
            "meeting.go",
            entity,
            start + timedelta(minutes=4),
            **led,
            **{"from": meeting["follow_ups"], "to": meeting["rupture"], "left": "done"},
        )
    )
    screen = seen("sue", "meeting_screen")
    assert screen["item"] == meeting["question"]
    assert item(screen, meeting, "follow_ups")["spent"] == 240
    assert item(screen, meeting, "question")["released"] == {}
    applied(
        say(
            "alice",
            "item.release",
            meeting["question"],
            **led,
            released=["moment", "causes", "picture"],
            words="mine",
        )
    )
    released = item(seen("bob", "meeting_screen"), meeting, "question")["released"]
    assert released.keys() == {"moment", "causes", "picture"}
    applied(say("sue", "item.decide", meeting["question"], **led, id=new(), decision="adjust_plan", words="slower", shown=True,
        action={"id": new(), "owner": str(scene.people["alice"]), "what": "Name it", "due_on": str(scene.today + timedelta(7))}))  # fmt: skip
    applied(say("alice", "item.rerate", meeting["question"], **led, ratings={"1": 0}, helped="yes"))
    applied(say("alice", "pulse.give", new(), **led, meeting=entity, answer=4, salt=new()))
    applied(say("sue", "meeting.end", entity, start + timedelta(minutes=20), **led, left="done"))
    known = seen("sue")["known"]
    assert (known[meeting["question"]]["state"], known[meeting["rupture"]]["state"]) == ("done", "carried")
    assert known[meeting["question"]]["reratings"] == {"1": {"before": 2, "after": 0}}
    assert known[meeting["question"]]["helped"] == "yes"
    [(agreed_on,)] = undone.execute("select item_id from public.actions where what = 'Name it'").fetchall()
    assert str(agreed_on) == meeting["question"]
    assert stands(undone) == "discussed"
    assert (
        undone.execute(
            "select count(*) from private.discussed where case_id = %s and on_day = %s",
            (ident("alice", "case"), scene.today),
        ).fetchone()[0]
        >= 1
    )


def test_the_screen_knows_no_name_no_code_and_no_word_that_was_not_released(meeting, seen):
    for person in ("sue", "alice", "bob"):
        said = json.dumps(seen(person, "meeting_screen"))
        assert "CANARY" not in said
        assert "CAN-01" not in said


def test_candidates_come_with_their_reasons_and_a_choice_comes_first(seen, say, scene, undone):
    bob = scene.people["bob"]
    undone.execute("update public.ruptures set noticed_on = current_date - 60 where therapist_id = %s and closed_on is null", (bob,))  # fmt: skip
    undone.execute("update public.repair_steps set taken_on = current_date - 50 where therapist_id = %s", (bob,))  # fmt: skip
    seen("sue", "agenda_candidates")  # brings the flags up to date
    flag = undone.execute("select id from public.flags where therapist_id = %s and rule = 'R5' and cleared_on is null", (bob,)).fetchone()[0]  # fmt: skip
    applied(say("lena", "flag.work", str(flag), id=new(), team=str(scene.teams["north"]), therapist=str(bob), case=str(ident("bob", "case")),
        kind="assigned", assignee=str(scene.people["sue"])))  # fmt: skip
    found = {case["therapist_id"]: case for case in seen("sue", "agenda_candidates")["cases"]}
    assert [c["chosen"] for c in found.values()] == sorted(
        (c["chosen"] for c in found.values()), reverse=True
    )
    assert {"flag", "assigned", "turn"} <= {b["why"] for b in found[str(bob)]["because"]}
    assert found[str(scene.people["alice"])]["because"][0]["why"] == "chosen"
    for case in found.values():
        assert case["points"] == sum(b["points"] or 0 for b in case["because"])


def test_words_for_the_meeting_are_their_therapists_until_released(say, scene, meeting, seen, speaking):
    led = {"led_by": meeting["led_by"]}

    def known_to(person: str) -> tuple[str, int]:
        with speaking(scene.people[person]) as db:
            rows = db.execute(
                "select count(*) from public.agenda_words where item_id = %s", (meeting["question"],)
            ).fetchone()[0]
        return seen(person)["known"][meeting["question"]]["words"], rows

    applied(say("alice", "item.release", meeting["question"], **led, words="only mine"))
    assert (known_to("alice"), known_to("sue")) == (("only mine", 1), ("", 0))
    applied(say("alice", "item.release", meeting["question"], **led, released=["words"]))
    assert known_to("sue") == ("only mine", 1)
    assert item(seen("bob", "meeting_screen"), meeting, "question")["released"] == {"words": "only mine"}
    applied(say("alice", "item.release", meeting["question"], **led, released=[]))
    assert known_to("sue") == ("", 0)
    applied(say("alice", "item.release", meeting["question"], **led, words=""))
    assert known_to("alice") == ("", 0)


def test_passing_leaves_no_trace(say, scene, meeting, seen, undone):
    applied(say("alice", "item.pass", meeting["question"], led_by=meeting["led_by"]))
    assert meeting["question"] not in seen("sue")["known"]
    assert undone.execute(
        "select count(*) from public.audit_log where row_id = %s and action = 'delete'",
        (meeting["question"],),
    ).fetchone() == (0,)
    assert stands(undone) == "open"
