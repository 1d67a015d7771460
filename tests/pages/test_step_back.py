"""Step back on the case page: seven screens, kept where one was, ending in a decision, a plan review and an action."""

from datetime import timedelta
from uuid import UUID

import pytest

from services import actions, goals, plans, ruptures, step_backs
from tests.pages.conftest import Somebody, has, pick, press, today, words, write
from tests.pages.test_case_formulation import at_tab, opened, supervisor, unfolds

TAB = "Step back"


def begun(who: Somebody, case: UUID):
    return press(at_tab(who, case, TAB), f"case_{case}_step_back_begin")


def step(at, case: UUID, number: int):
    return pick(at, f"case_{case}_step_back_step", number)


def decided(who: Somebody, alice: Somebody, case: UUID) -> list[step_backs.StepBack]:
    return step_backs.of_case(who.db, team=alice.team, therapist=alice.id, case=case)


def test_a_case_nobody_stepped_back_from_says_what_it_is_and_begins_with_the_flags(alice):
    case = opened(alice)
    at = at_tab(alice, case, TAB)
    said = words(at)
    assert "about 15 minutes" in said
    assert "Nobody has stepped back from this case yet." in said
    at = press(at, f"case_{case}_step_back_begin")
    assert "What the flags say" in words(at)
    assert "No flag is up on this case just now." in words(at)
    assert has(at, f"case_{case}_step_back_next")
    assert not has(at, f"case_{case}_step_back_back")


def test_every_step_is_reached_with_the_buttons_and_back_again(alice):
    case = opened(alice)
    goals.set(alice.outbox, team=alice.team, case=case, wording="Sleep well", set_by="therapist", set_on=today(), today=today(), importance=3)  # fmt: skip
    plans.start(
        alice.outbox, team=alice.team, case=case, wording="Slow down", started_on=today(), today=today()
    )
    ruptures.open(alice.outbox, team=alice.team, case=case, kind="mixed", noticed_on=today() - timedelta(days=40), today=today())  # fmt: skip
    alice.synced()
    at, seen = begun(alice, case), []
    for _ in range(6):
        seen.append(words(at))
        at = press(at, f"case_{case}_step_back_next")
    assert "has had no repair step for 40 days" in seen[0]
    assert "1 Rapport" in seen[1] or "Rapport" in seen[1]
    assert "None of the 9 fields is written yet" in seen[2]
    assert "Sleep well · set by the therapist · matters 3 of 10 to the client" in seen[3]
    assert "Slow down: not reviewed yet" in seen[4]
    assert "Mixed, noticed" in seen[4]
    assert has(at, f"case_{case}_step_back_decision")
    assert not has(at, f"case_{case}_step_back_next")
    at = press(at, f"case_{case}_step_back_back")
    assert has(at, f"case_{case}_step_back_let_go")


def test_leaving_and_coming_back_goes_on_where_it_was(alice):
    case = opened(alice)
    at = step(begun(alice, case), case, 6)
    write(at, f"case_{case}_step_back_let_go", "that it goes fast")
    write(at, f"case_{case}_step_back_seen", "we both wait")
    step(at, case, 3)
    again = at_tab(alice, case, TAB)  # another browser
    assert "What the formulation does not say yet" in words(again)
    assert "All of it is still here" in words(again)
    again = step(again, case, 6)
    assert again.text_area(key=f"case_{case}_step_back_let_go").value == "that it goes fast"
    assert "**A step back from a case**" in words(alice.visits("waiting"))


def test_the_decision_becomes_a_review_of_the_plan_and_an_action(alice):
    case = opened(alice)
    at = step(begun(alice, case), case, 6)
    write(at, f"case_{case}_step_back_seen", "canary seen")
    at = pick(step(at, case, 7), f"case_{case}_step_back_decision", "adjust_plan")
    press(at, f"case_{case}_step_back_save")
    assert "Please say what is to be done" in words(at)
    write(at, f"case_{case}_step_back_what", "Ask whose goal it is")
    press(at, f"case_{case}_step_back_save")
    said = words(at)
    assert "**Adjust the plan**" in said
    assert "canary seen" in said
    assert has(at, f"case_{case}_step_back_begin")
    alice.synced()
    (one,) = decided(alice, alice, case)
    look = today() + timedelta(days=28)
    assert (one.decision, one.seen, one.look_again_on, one.done_by) == (
        "adjust_plan",
        "canary seen",
        look,
        alice.id,
    )
    (review,) = plans.reviews(alice.db, team=alice.team, therapist=alice.id, case=case)
    assert review.next_review_on == look
    (action,) = actions.in_team(alice.db, team=alice.team, owner=alice.id, case=case)
    assert (action.what, action.due_on) == ("Ask whose goal it is", today() + timedelta(days=14))
    assert "Ask whose goal it is" in words(alice.visits("home"))


def test_going_on_needs_no_action_but_a_day(alice):
    case = opened(alice)
    at = pick(step(begun(alice, case), case, 7), f"case_{case}_step_back_decision", "go_on")
    at.date_input(key=f"case_{case}_step_back_look_again_on").set_value(today()).run()
    press(at, f"case_{case}_step_back_save")
    assert "lies in the days to come" in words(at)
    at.date_input(key=f"case_{case}_step_back_look_again_on").set_value(today() + timedelta(days=7)).run()
    press(at, f"case_{case}_step_back_save")
    alice.synced()
    assert decided(alice, alice, case)[0].decision == "go_on"
    assert actions.in_team(alice.db, team=alice.team, case=case, state=None) == []


def test_a_supervisor_steps_back_too_and_the_therapist_reads_it_and_gets_the_action(alice):
    case = opened(alice)
    sue = supervisor(alice)
    at = pick(step(begun(sue, case), case, 7), f"case_{case}_step_back_decision", "consult")
    assert at.selectbox(key=f"case_{case}_step_back_owner").options == ["Alice Ashby", "Sue Sedge"]
    write(at, f"case_{case}_step_back_what", "Ask a colleague about it")
    press(at, f"case_{case}_step_back_save")
    sue.synced()
    said = words(at_tab(alice, case, TAB))
    assert "**Ask somebody else**" in said
    assert "recorded by a supervisor of the team" in said
    assert "Ask a colleague about it" in words(alice.visits("home"))
    assert "recorded by you" in words(at_tab(sue, case, TAB))


def test_a_detail_that_could_name_somebody_is_pointed_out_before_it_ends(alice):
    case = opened(alice)
    at = step(begun(alice, case), case, 6)
    write(at, f"case_{case}_step_back_seen", "Mrs Miller is at 0171 2345678")
    at = pick(step(at, case, 7), f"case_{case}_step_back_decision", "go_on")
    press(at, f"case_{case}_step_back_save")
    assert alice.saved("step_back.decide") == []
    assert has(at, f"case_{case}_step_back_as_it_is")


def test_it_is_offered_from_flags_of_a_case_that_stands_still_and_from_no_other(alice):
    case = opened(alice)
    ruptures.open(alice.outbox, team=alice.team, case=case, kind="mixed", noticed_on=today() - timedelta(days=40), today=today())  # fmt: skip
    alice.synced()
    assert not has(unfolds(at_tab(alice, case, "Plan"), case, "flags"), f"case_{case}_flags_step_back")
    alice.app.sql.execute(
        "update public.flags set rule = 'R2', numbers = '{\"worse_than_first\": 7, \"worse_than_best\": 7, \"needed\": 6, \"basis\": \"published\"}',"
        " about = 'phq-9' where case_id = %s and rule = 'R5'", (case,),
    )  # fmt: skip
    at = press(unfolds(at_tab(alice, case, "Plan"), case, "flags"), f"case_{case}_flags_step_back")
    assert at.session_state[f"case_{case}_tab"] == TAB
    assert has(at, f"case_{case}_step_back_begin")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"decision": None}, "what you decide"),
        ({"decision": "go_on", "look_again_on": None}, "a day to look again"),
        ({"decision": "go_on", "look_again_on": today() - timedelta(days=1)}, "days to come"),
        ({"decision": "refer"}, "what is to be done"),
        ({"decision": "refer", "what": "x", "owner": None}, "who does it"),
        ({"decision": "refer", "what": "x" * 501}, "shorten"),
        ({"decision": "refer", "what": "x", "seen": "x" * 2001}, "shorten"),
        ({"decision": "refer", "what": "x", "let_go": "x" * 1001}, "shorten"),
    ],
)
def test_what_could_not_be_stored_is_refused_at_once(alice, more, says):
    from uuid import uuid4

    from services.errors import Refused

    with pytest.raises(Refused, match=says):
        step_backs.decide(
            alice.outbox, team=alice.team, therapist=alice.id, case=uuid4(), today=today(), **{"owner": alice.id} | more
        )  # fmt: skip
    assert alice.saved("step_back.decide") == []
