"""Keeping and erasing: what an administrator reads before, decides, and is told afterwards; nobody else has the page."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from services import cases, erasure, retention
from tests.pages.conftest import Somebody, has, press, today, write
from tests.pages.conftest import words as raw
from tests.pages.test_case import at_case, key, opened

BASIS = "asked by the client in writing"


def words(at: AppTest) -> str:
    return raw(at).replace("\\", "")


@pytest.fixture
def ada(app, alice) -> Somebody:
    return app.person("admin", name="Ada Ash", team=alice.team)


@pytest.fixture
def clinic(ada):
    return retention.clinic_of(ada.db, team=ada.team)


def tab(who: Somebody, name: str) -> AppTest:
    at = who.visits("keeping")
    at.session_state["keeping_tab"] = name
    return at.run()


def code_of(who: Somebody, case) -> str:
    return cases.find(who.db, team=who.team, case=case).code


def asked_for(who: Somebody, case) -> erasure.Request:
    erasure.ask(who.db, me=who.id, team=who.team, therapist=who.id, code=code_of(who, case), why="by letter")
    return erasure.of_team(who.db, team=who.team)[-1]


# Requests


def test_an_empty_list_says_so_and_shows_no_case(alice, ada):
    case = opened(alice)
    at = tab(ada, "Requests to erase")
    assert "No request waits for a decision." in words(at)
    assert code_of(alice, case) not in words(at)


def test_a_request_says_its_age_and_what_goes_and_what_stays_and_is_approved_with_a_basis(alice, ada):
    case = opened(alice)
    request = asked_for(alice, case)
    ada.app.sql.execute("update public.erasure_requests set asked_at = now() - interval '12 days' where id = %s", (request.id,))  # fmt: skip
    at = tab(ada, "Requests to erase")
    said = words(at)
    for part in (
        f"Case {request.code} of Alice Ashby", "Asked for 12 days ago by Alice Ashby", "by letter", "Gone for good", "the deletion itself stays in the audit log",
    ):  # fmt: skip
        assert part in said
    field = f"keeping_request_{request.id}"
    press(write(at, f"{field}_basis", "short"), f"{field}_approve")
    assert "10 characters" in words(at)
    assert cases.find(alice.db, team=alice.team, case=case)
    press(write(at, f"{field}_basis", BASIS), f"{field}_approve")
    assert not at.exception
    said = words(at)
    assert "Done. What went: 1 case" in said
    assert "**Approved and done**" in said
    assert f"Basis: {BASIS}" in said
    assert request.code not in said
    assert cases.find(alice.db, team=alice.team, case=case) is None


def test_a_refusal_keeps_the_case_and_the_therapist_reads_why(alice, ada):
    case = opened(alice)
    request = asked_for(alice, case)
    at, field = tab(ada, "Requests to erase"), f"keeping_request_{request.id}"
    press(write(at, f"{field}_basis", "kept by law for ten years"), f"{field}_refuse")
    assert "Refused. All of it is kept" in words(at)
    at = at_case(alice, case)
    at.session_state[key(case, "tab")] = "Close or hand over"
    said = words(at.run())
    assert "**Refused** today" in said
    assert "kept by law for ten years" in said


def test_a_hold_in_the_way_is_said_and_the_case_stays(alice, ada, clinic):
    case = opened(alice)
    request = asked_for(alice, case)
    retention.hold(ada.db, clinic=clinic, me=ada.id, code=request.code, person=None, reason="a court asks for it")  # fmt: skip
    at, field = tab(ada, "Requests to erase"), f"keeping_request_{request.id}"
    press(write(at, f"{field}_basis", BASIS), f"{field}_approve")
    assert "A hold is in the way" in words(at)
    assert at.text_area(key=f"{field}_basis").value == BASIS
    assert cases.find(alice.db, team=alice.team, case=case)


def test_one_is_asked_for_on_behalf_of_a_client_by_a_code_that_is_typed(alice, ada):
    at = ada.visits("keeping")
    at.session_state["keeping_ask"] = True
    at.run()
    at.selectbox(key=f"keeping_ask_therapist_{ada.team}").set_value(alice.id).run()
    at.text_input(key="keeping_ask_code").set_value("ab-12").run()
    write(at, "keeping_ask_why", "written by anna@example.org")
    assert "an e-mail address" in words(at)
    write(at, "keeping_ask_why", "by letter")
    press(at, "keeping_ask_save")
    assert "Case AB-12 of Alice Ashby" in words(at)
    (request,) = erasure.of_team(ada.db, team=ada.team)
    assert (request.code, request.asked_by, request.state) == ("AB-12", ada.id, "asked")


# A therapist


def test_a_therapist_asks_for_a_case_of_their_own_and_sees_that_it_waits(alice, ada):
    case = opened(alice)
    at = at_case(alice, case)
    at.session_state[key(case, "tab")] = "Close or hand over"
    at.session_state[key(case, "erase")] = True
    at.run()
    write(at, key(case, "erasure_ask_why"), "asked at the end")
    press(at, key(case, "erasure_ask_save"))
    assert not at.exception
    assert "waits for an administrator" in words(at)
    assert not has(at, key(case, "erasure_ask_save"))
    (request,) = erasure.of_team(ada.db, team=ada.team)
    assert (request.code, request.why, request.therapist) == (code_of(alice, case), "asked at the end", "Alice Ashby")  # fmt: skip


def test_what_was_erased_is_told_on_the_therapists_own_data_and_on_no_case(alice, ada):
    gone, kept = opened(alice), opened(alice, "C-4812")
    assert "asked to be erased" not in words(alice.visits("own_data"))
    request, other = asked_for(alice, gone), asked_for(alice, kept)
    assert words(alice.visits("own_data")).count("waits for an administrator") == 2
    for one, approve in ((request, True), (other, False)):
        erasure.decide(ada.db, request=one.id, approve=approve, basis=BASIS)
    said = words(alice.visits("own_data"))
    assert "**Erased on request** today" in said
    assert "a case of yours. What went: 1 case" in said
    assert "C-4812: **Refused** today" in said
    assert said.count(f"Basis: {BASIS}") == 2
    assert request.code not in said
    at = at_case(alice, kept)
    at.session_state[key(kept, "tab")] = "Close or hand over"
    said = words(at.run())
    assert "Erased on request" not in said
    assert "**Refused** today" in said
    ben = alice.app.person("therapist", name="Ben Birch", team=alice.team)
    assert "asked to be erased" not in words(ben.visits("own_data"))


def test_with_the_database_away_what_was_asked_is_from_before_and_nothing_breaks(alice, ada):
    asked_for(alice, opened(alice))
    alice.app.loses_the_database()
    at = alice.visits("own_data")
    assert not at.exception


def test_a_supervisor_is_offered_no_erasing(alice):
    case = opened(alice)
    sue = alice.app.person("supervisor", name="Sue Sedge", team=alice.team)
    at = at_case(sue, case)
    at.session_state[key(case, "tab")] = "Close or hand over"
    assert "Ask to have this case erased" not in words(at.run())


# How long, purge, holds


def test_periods_are_set_and_nothing_goes_by_that(ada, clinic):
    at = tab(ada, "How long")
    assert words(at).count("**Kept without an end.**") == 4
    at.toggle(key="keeping_closed_cases_limited_None").set_value(True).run()
    at.number_input(key="keeping_closed_cases_days_None").set_value(90).run()
    press(at, "keeping_closed_cases_save")
    assert "Kept for **90 days**" in words(at)
    assert retention.periods(ada.db, clinic=clinic) == {"closed_cases": 90}
    at.toggle(key="keeping_closed_cases_limited_90").set_value(False).run()
    press(at, "keeping_closed_cases_save")
    assert retention.periods(ada.db, clinic=clinic) == {}


def test_a_purge_is_rehearsed_meant_by_a_typed_word_and_told_afterwards(alice, ada, clinic):
    case = opened(alice)
    assert "No period is set" in words(tab(ada, "Purge"))
    retention.keep(ada.db, clinic=clinic, what="closed_cases", days=400)
    assert "Nothing is older than its period" in words(tab(ada, "Purge"))
    cases.amend(alice.outbox, case=case, state="closed")
    alice.synced()
    ada.app.sql.execute("update public.cases set ended_on = %s where id = %s", (today() - timedelta(days=500), case))  # fmt: skip
    at = tab(ada, "Purge")
    assert "**Closed cases**: 1 would go" in words(at)
    assert at.dataframe[0].value["Would go"].tolist() == [1]
    assert at.button(key="keeping_purge").disabled
    at.text_input(key="keeping_word").set_value("purge").run()
    press(at, "keeping_purge")
    assert not at.exception
    said = words(at)
    assert "What went: 1 case" in said
    assert "**Today at" in said
    assert "Nothing is older than its period" in said
    assert cases.find(alice.db, team=alice.team, case=case) is None


def test_a_hold_is_set_on_a_code_and_lifted(ada, clinic):
    at = tab(ada, "Holds")
    at.session_state["keeping_hold_new"] = True
    at.run()
    at.text_input(key="keeping_hold_code").set_value("ab-12").run()
    press(write(at, "keeping_hold_reason", "short"), "keeping_hold_save")
    assert "10 characters" in words(at)
    press(write(at, "keeping_hold_reason", "a court asks for it"), "keeping_hold_save")
    assert "**Case AB-12**, whoever it belongs to. Set today" in words(at)
    (hold,) = retention.holds(ada.db, clinic=clinic)
    press(at, f"keeping_lift_{hold.id}")
    assert "No hold is in force." in words(at)
    assert "Lifted today" in words(at)


@pytest.mark.parametrize("role", ["therapist", "supervisor", "lead"])
def test_nobody_else_has_the_page(app, role):
    with pytest.raises(ValueError, match="keeping"):
        app.person(role).visits("keeping")


def test_while_the_database_is_away_it_fails_plainly_and_keeps_what_was_typed(alice, ada):
    request = asked_for(alice, opened(alice))
    at, field = tab(ada, "Requests to erase"), f"keeping_request_{request.id}"
    write(at, f"{field}_basis", BASIS)
    ada.app.loses_the_database()
    press(at, f"{field}_approve")
    assert at.error
    assert not at.exception
