"""The case page: one case at a time, for its therapist and the supervisor of the team, whatever its length."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.case.at import CHOSEN
from services import cases, goals, sessions, tasks
from tests.pages.conftest import ROOT, Somebody, has, pick, press, today, words, write
from tests.pages.long_case import fill


def opened(who: Somebody, code: str = "C-0001", **more) -> UUID:
    """A case in the database."""
    op = cases.open(who.outbox, team=who.team, code=code, **more)
    who.synced()
    return UUID(op.entity)


def key(case: UUID, name: str) -> str:
    return f"case_{case}_{name}"


def at_case(who: Somebody, case: UUID) -> AppTest:
    at = who.visits("case")
    return at.selectbox(key=CHOSEN).set_value(str(case)).run()


def led(who: Somebody, case: UUID) -> AppTest:
    """As a page does it that leads here: what it chose, then the case page."""
    at = who.visits("home")
    at.session_state[CHOSEN] = str(case)
    return at.switch_page(str(ROOT / "pages" / "case.py")).run()


def codes(at: AppTest) -> list[str]:
    return at.selectbox(key=CHOSEN).options


def test_without_a_case_it_says_where_one_begins(alice):
    assert "A case begins with its code" in words(alice.visits("case"))


def test_a_case_with_nothing_in_it_says_so_and_does_not_fail(alice):
    case = opened(alice, control_sensitivity=3)
    said = words(at_case(alice, case))
    assert "Week 1 in therapy" in said
    assert "0 sessions attended · sensitivity to control: clear" in said
    assert "**Open:** nothing on record" in said
    assert "Nothing with a date is on record" in said.replace("\\", "") or has(
        at_case(alice, case), key(case, "tab")
    )


@pytest.mark.parametrize("length", [1, 6, 150])
def test_a_case_of_any_length_is_shown(alice, length):
    case = fill(
        alice.app.sql, therapist=alice.id, team=alice.team, code="C-0150", sessions=length, until=today()
    )
    at = at_case(alice, case)
    assert not at.exception
    said = words(at).replace("\\", "")
    assert f"Week {length} in therapy" in said
    assert f"{length} session{'s' * (length > 1)} booked" in said


def test_a_case_that_is_on_its_way_is_there_already(alice):
    cases.open(alice.outbox, team=alice.team, code="C-0002", control_sensitivity=1)
    at = alice.visits("case")
    assert codes(at) == ["C-0002"]
    assert "sensitivity to control: slight" in words(at)


def test_the_supervisor_reads_every_case_of_the_team_and_changes_none(alice):
    case = opened(alice, "C-0003")
    sue = alice.app.person("supervisor", name="Sue Sedge", team=alice.team)
    at = sue.visits("case")
    assert codes(at) == ["C-0003 · Alice Ashby"]
    assert not has(at, key(case, "head"))


def test_a_colleague_and_a_supervisor_elsewhere_see_nothing_of_it(alice):
    opened(alice, "C-0004")
    for somebody in (
        alice.app.person("therapist", name="Bob Birch", team=alice.team),
        alice.app.person("supervisor"),
    ):
        assert "0004" not in words(somebody.visits("case"))


@pytest.mark.parametrize("role", ["lead", "admin"])
def test_who_neither_treats_nor_supervises_has_no_such_page(app, role):
    with pytest.raises(ValueError, match="case"):
        app.person(role).visits("case")


def test_led_here_from_elsewhere_it_opens_at_that_case_even_a_closed_one(alice):
    opened(alice, "C-0005")
    second = opened(alice, "C-0006")
    cases.amend(alice.outbox, case=second, state="closed")
    alice.synced()
    at = led(alice, second)
    assert at.selectbox(key=CHOSEN).value == str(second)
    assert codes(at) == ["C-0005", "C-0006"]
    assert "Closed · " in words(at)


def test_one_that_is_not_there_gives_way_to_the_first(alice):
    opened(alice, "C-0007")
    assert "Week 1" in words(led(alice, uuid4()))


def test_closed_cases_are_shown_on_request_and_are_read_only(alice):
    case = opened(alice, "C-0008")
    cases.amend(alice.outbox, case=case, state="closed")
    alice.synced()
    at = alice.visits("case")
    assert "No case here yet" in words(at)
    at.toggle(key="case_ended").set_value(True).run()
    assert codes(at) == ["C-0008"]
    assert "Closed · " in words(at)
    assert not has(at, key(case, "head"))


def test_the_head_is_changed_by_the_therapist_and_shows_it_at_once(alice):
    case = opened(alice, "C-0009")
    at = at_case(alice, case)
    at.session_state[key(case, "head")] = True
    pick(at.run(), key(case, "head_control"), 4)
    at.toggle(key=key(case, "head_paused")).set_value(True).run()
    press(at, key(case, "head_save"))
    assert "Paused · " in words(at)
    assert "very strong" in words(at)
    alice.synced()
    (now,) = cases.in_team(alice.db, team=alice.team)
    assert (now.state, now.control_sensitivity, now.started_on) == ("paused", 4, today())


def test_while_the_database_is_away_the_page_stays(alice):
    case = opened(alice, "C-0010")
    at = at_case(alice, case)
    alice.app.loses_the_database()
    at.run()
    assert "What you see here is from before." in words(at)
    assert not at.exception
    again = alice.visits("case")
    assert not again.exception
    assert "Cases cannot be shown just now." in words(again)


def test_a_half_filled_form_of_a_case_is_found_among_the_drafts_and_leads_there(alice):
    opened(alice, "C-0011")
    case = opened(alice, "C-0012")
    at = at_case(alice, case)
    at.session_state[key(case, "head")] = True
    pick(at.run(), key(case, "head_control"), 2)
    at = alice.visits("waiting")
    assert "What a case is like" in words(at)
    (go_on,) = [button.key for button in at.button if button.label == "Go on"]
    at = press(at, go_on)
    assert at.selectbox(key=CHOSEN).value == str(case)


def on(at: AppTest, case: UUID, tab: str, *unfolded: str) -> AppTest:
    """The case page with this tab open, and in it what unfolds."""
    at.session_state[key(case, "tab")] = tab
    for name in unfolded:
        at.session_state[key(case, name)] = True
    return at.run()


TABS = ("Sessions", "Goals", "Between sessions")


@pytest.mark.parametrize("length", [0, 1, 150])
def test_every_tab_bears_any_length_and_a_reader(alice, length):
    if length:
        case = fill(
            alice.app.sql, therapist=alice.id, team=alice.team, code="C-0020", sessions=length, until=today()
        )
    else:
        case = opened(alice, "C-0020")
    sue = alice.app.person("supervisor", name="Sue Sedge", team=alice.team)
    for who in (alice, sue):
        at = at_case(who, case)
        for tab in TABS:
            at = on(at, case, tab)
            assert not at.exception, (who.name, tab)
            said = words(at).replace("\\", "")
            if not length:
                assert "on record yet" in said
            if length and tab == "Goals":
                assert ("To drive on the motorway again" in said) == (who is alice)
            if length and tab == "Between sessions":
                assert "Sit in the parked car" in said  # shared
        assert has(at, key(case, "task_new")) == (who is alice)


def test_three_sessions_are_entered_at_once_and_shown_before_the_database_has_them(alice):
    case = opened(alice, "C-0021")
    at = on(at_case(alice, case), case, "Sessions", "session_new")
    pick(at, key(case, "session_count"), 3)
    pick(at, key(case, "session_attendance_2"), "no_show")
    press(at, key(case, "session_save"))
    said = words(at)
    assert "3 booked: 2 attended, 1 did not come. In person 3." in said
    assert len(alice.saved("session.log")) == 3
    assert list(at.table[0].value.index) == ["3", "2", "1"]
    alice.synced()
    known = sessions.of(alice.db, therapist=alice.id, case=case)
    assert [(s.number, (today() - s.held_on).days, s.attendance) for s in known] == [
        (3, 0, "attended"), (2, 7, "no_show"), (1, 14, "attended"),
    ]  # fmt: skip
    at = on(at_case(alice, case), case, "Sessions", "session_new", "session_correct")
    assert at.number_input(key=key(case, "session_first")).value == 4
    assert "A session on this day is on record already." in words(at)
    pick(at, key(case, "correct_attendance"), "late_cancel")
    press(at, key(case, "correct_save"))
    assert "1 cancelled late" in words(at)


def test_a_day_that_has_not_come_is_refused_and_no_session_is_kept(alice):
    case = opened(alice, "C-0022")
    at = on(at_case(alice, case), case, "Sessions", "session_new")
    pick(at, key(case, "session_count"), 2)
    at.date_input(key=key(case, "session_day_2")).set_value(today() + timedelta(days=1)).run()
    press(at, key(case, "session_save"))
    assert "has not come yet" in words(at)
    assert alice.saved("session.log") == []


def test_a_goal_is_set_reviewed_and_reached(alice):
    case = opened(alice, "C-0023")
    at = on(at_case(alice, case), case, "Goals", "goal_new")
    write(at, key(case, "goal_wording"), "Take the bus to work")
    press(at, key(case, "goal_save"))
    assert "Please choose whose goal it is." in words(at)
    pick(at, key(case, "goal_set_by"), "client")
    pick(at, key(case, "goal_importance"), 9)
    press(at, key(case, "goal_save"))
    assert "matters 9 of 10 to the client · not reviewed yet" in words(at)
    alice.synced()
    (goal,) = goals.of(alice.db, therapist=alice.id, case=case)
    assert (goal.set_by, goal.importance, goal.wording.shared) == ("client", 9, False)
    at = on(at_case(alice, case), case, "Goals", f"goal_{goal.id}_review")
    press(at, key(case, f"goal_{goal.id}_save"))
    assert "How far the goal has come is missing." in words(at)
    pick(at, key(case, f"goal_{goal.id}_progress"), 10)
    pick(at, key(case, f"goal_{goal.id}_state"), "reached")
    press(at, key(case, f"goal_{goal.id}_save"))
    assert has(at, key(case, "goals_ended"))
    alice.synced()
    (goal,) = goals.of(alice.db, therapist=alice.id, case=case)
    assert (goal.state, goal.progress, goal.importance) == ("reached", ((today(), 10),), 9)


def test_names_in_a_goal_are_pointed_out_first(alice):
    case = opened(alice, "C-0024")
    at = on(at_case(alice, case), case, "Goals", "goal_new")
    pick(write(at, key(case, "goal_wording"), "Talk to Mr Brown"), key(case, "goal_set_by"), "client")
    press(at, key(case, "goal_save"))
    assert "a name with a title" in words(at)
    assert alice.saved("goal.set") == []


def test_words_typed_for_one_case_never_show_in_another(alice):
    first, second = opened(alice, "C-0025"), opened(alice, "C-0026")
    at = on(at_case(alice, first), first, "Goals", "goal_new")
    write(at, key(first, "goal_wording"), "half a goal")
    at.selectbox(key=CHOSEN).set_value(str(second)).run()
    at = on(at, second, "Goals", "goal_new")
    assert at.text_area(key=key(second, "goal_wording")).value == ""
    at.selectbox(key=CHOSEN).set_value(str(first)).run()
    assert on(at, first, "Goals", "goal_new").text_area(key=key(first, "goal_wording")).value == "half a goal"


def test_a_task_left_undone_three_times_asks_whose_goal_it_was(alice):
    case = opened(alice, "C-0027")
    at = on(at_case(alice, case), case, "Between sessions", "task_new")
    write(at, key(case, "task_wording"), "Write down one thought a day")
    pick(at, key(case, "task_proposed_by"), "therapist")
    press(at, key(case, "task_save"))
    task = alice.saved("task.give")[0].entity
    for time in range(3):
        assert "Whose goal was it?" not in words(at)
        at = on(at, case, "Between sessions", f"task_{task}_look")
        pick(at, key(case, f"look_{task}_done"), "none")
        if time == 2:
            write(at, key(case, f"look_{task}_obstacle"), "Forgot the notebook")
        press(at, key(case, f"look_{task}_save"))
    said = words(at)
    assert "Not done 3 times. Whose goal was it?" in said
    assert "It has not been asked how much it matters to the client." in said
    assert "Forgot the notebook" in said
    (share,) = [one for one in at.toggle if one.label == "Share what got in the way with my supervisor"]
    share.set_value(True).run()
    assert "most or all of it 0 of 3 times" in said
    alice.synced()
    (known,) = tasks.of(alice.db, therapist=alice.id, case=case)
    assert known.asks_about_agenda
    assert known.looks[-1].obstacle.shared
    at = on(at_case(alice, case), case, "Between sessions", f"task_{task}_change")
    pick(at, key(case, f"change_{task}_state"), "dropped")
    press(at, key(case, f"change_{task}_save"))
    assert "Whose goal was it?" not in words(at)
    assert has(at, key(case, "tasks_ended"))


def test_sharing_the_words_of_a_goal_is_one_switch(alice):
    case = fill(alice.app.sql, therapist=alice.id, team=alice.team, code="C-0028", sessions=3, until=today())
    at = on(at_case(alice, case), case, "Goals")
    (switch,) = [toggle for toggle in at.toggle if toggle.label == "Share with my supervisor"]
    switch.set_value(True).run()
    alice.synced()
    sue = alice.app.person("supervisor", name="Sue Sedge", team=alice.team)
    assert "To drive on the motorway again" in words(on(at_case(sue, case), case, "Goals"))


def test_tabs_bear_a_database_that_is_away(alice):
    case = fill(alice.app.sql, therapist=alice.id, team=alice.team, code="C-0029", sessions=3, until=today())
    at = at_case(alice, case)
    alice.app.loses_the_database()
    for tab in TABS:
        at = on(at, case, tab)
        assert not at.exception
        assert "cannot be shown just now" in words(at)
