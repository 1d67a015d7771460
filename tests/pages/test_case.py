"""The case page: one case at a time, for its therapist and the supervisor of the team, whatever its length."""

from uuid import UUID, uuid4

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.case.at import CHOSEN
from services import cases
from tests.pages.conftest import ROOT, Somebody, has, pick, press, today, words
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


@pytest.mark.parametrize("sessions", [1, 6, 150])
def test_a_case_of_any_length_is_shown(alice, sessions):
    case = fill(
        alice.app.sql, therapist=alice.id, team=alice.team, code="C-0150", sessions=sessions, until=today()
    )
    at = at_case(alice, case)
    assert not at.exception
    said = words(at).replace("\\", "")
    assert f"Week {sessions} in therapy" in said
    assert f"{sessions} session{'s' * (sessions > 1)} booked" in said


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
