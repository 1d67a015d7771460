"""The tab for closing and handing over, and the card on a supervisor's Home."""

from datetime import timedelta
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.case.at import CHOSEN
from services import cases, ids, questions, ruptures, transfers
from tests.pages.conftest import Somebody, has, press, today
from tests.pages.conftest import words as raw
from tests.pages.test_case import at_case, codes, key, led, opened


def words(at: AppTest) -> str:
    return raw(at).replace("\\", "")


def manage(who: Somebody, case: UUID, *, ended: bool = False) -> AppTest:
    at = led(who, case) if ended else at_case(who, case)
    at.session_state[key(case, "tab")] = "Close or hand over"
    return at.run()


def state(who: Somebody, case: UUID) -> str:
    return cases.find(who.db, team=who.team, case=case).state


def requests(who: Somebody, case: UUID) -> list[str]:
    return [one.state for one in transfers.of_case(who.db, team=who.team, case=case)]


def tick(at: AppTest, case: UUID) -> AppTest:
    return at.checkbox(key=key(case, "transfer_read")).set_value(True).run()


def asked(who: Somebody, case: UUID) -> UUID:
    op = transfers.ask(who.outbox, team=who.team, case=case, read=True)
    who.synced()
    return UUID(op.entity)


def sue_of(alice: Somebody) -> Somebody:
    return alice.app.person("supervisor", name="Sue Sedge", team=alice.team)


def bob_of(alice: Somebody) -> Somebody:
    return alice.app.person("therapist", name="Bob Birch", team=alice.team)


def home(transfer: UUID, name: str) -> str:
    return f"home_transfer_{transfer}_{name}"


# Closing


def test_what_is_still_open_is_listed_before_the_case_is_closed(alice):
    case = opened(alice)
    ruptures.open(
        alice.outbox,
        team=alice.team,
        case=case,
        kind="mixed",
        noticed_on=today() - timedelta(days=3),
        today=today(),
    )
    alice.outbox.accept(
        kind="task.give", entity=ids.new(),
        params={"team": str(alice.team), "case": str(case), "proposed_by": "client", "given_on": str(today()),
                "wording": {"id": ids.new(), "body": "call a friend", "shared": False}},
    )  # fmt: skip
    questions.ask(
        alice.outbox,
        team=alice.team,
        case=case,
        moment="The end",
        question="How to end?",
        asked_on=today(),
        today=today(),
    )
    alice.synced()
    said = words(manage(alice, case))
    for what in ("**Rupture**", "mixed", "**Between-session work**", "call a friend", "How to end?"):
        assert what in said
    assert said.index("**Rupture**") < said.index("Close the case")
    sue = words(manage(sue_of(alice), case))
    assert "**Between-session work**" in sue
    assert "call a friend" not in sue


def test_nothing_open_is_said_as_not_on_record(alice):
    assert "is on record as open" in words(manage(alice, opened(alice)))


def test_a_case_is_closed_archived_and_brought_back(alice):
    case = opened(alice)
    at = press(manage(alice, case), key(case, "to_closed"))
    assert "closed" in words(at)
    alice.synced()
    assert state(alice, case) == "closed"
    assert not has(alice.visits("case"), CHOSEN)  # it was the only one
    at = press(manage(alice, case, ended=True), key(case, "to_archived"))
    alice.synced()
    assert state(alice, case) == "archived"
    at = manage(alice, case, ended=True)
    assert not has(at, key(case, "to_archived"))
    press(at, key(case, "to_active"))
    alice.synced()
    assert state(alice, case) == "active"
    assert alice.outbox.parked() == []


def test_a_case_pauses_and_goes_on(alice):
    case = opened(alice)
    at = press(manage(alice, case), key(case, "to_paused"))
    assert has(at, key(case, "to_active"))  # before the database knows
    press(at, key(case, "to_active"))
    alice.synced()
    assert state(alice, case) == "active"


def test_closing_works_while_the_database_is_away(alice):
    case = opened(alice)
    at = at_case(alice, case)
    alice.app.loses_the_database()
    at.session_state[key(case, "tab")] = "Close or hand over"
    at.run()
    assert not at.exception
    assert "What is still open cannot be shown just now." in words(at)
    press(at, key(case, "to_closed"))
    assert [op.params for op in alice.saved("case.amend")] == [{"state": "closed"}]


def test_a_supervisor_reads_and_changes_nothing(alice):
    case = opened(alice)
    at = manage(sue_of(alice), case)
    assert "its therapist decides on that" in words(at)
    assert [b.key for b in at.button if "to_" in b.key] == []
    assert not has(at, key(case, "transfer_save"))


# Handing over


def test_what_goes_along_and_what_stays_is_said_before_and_has_to_be_read(alice):
    case = opened(alice)
    at = manage(alice, case)
    said = words(at)
    assert "**Goes along**" in said
    assert "Texts that you have not shared, and your guesses beside the check-ins" in said
    press(at, key(case, "transfer_save"))
    assert "Please read what goes along and what stays, and tick that you have." in words(at)
    press(tick(at, case), key(case, "transfer_save"))
    assert "You asked to hand over a case." in words(at)
    assert not has(at, key(case, "transfer_save"))
    alice.synced()
    assert requests(alice, case) == ["asked"]
    at = manage(alice, case)
    assert "it waits for a supervisor of the team" in words(at)
    assert not has(at, key(case, "transfer_save"))


def test_asking_from_two_windows_is_one_request(alice):
    case = opened(alice)
    first = tick(manage(alice, case), case)
    second = manage(alice, case)
    press(first, key(case, "transfer_save"))
    press(second, key(case, "transfer_save"))
    alice.synced()
    assert len(alice.saved("transfer.ask")) == 1
    assert requests(alice, case) == ["asked"]


@pytest.mark.parametrize("on_its_way", [True, False])
def test_it_can_be_withdrawn_on_its_way_and_later(alice, on_its_way):
    case = opened(alice)
    if on_its_way:
        press(tick(manage(alice, case), case), key(case, "transfer_save"))
    else:
        asked(alice, case)
    press(manage(alice, case), key(case, "withdraw"))
    alice.synced()
    assert requests(alice, case) == ["withdrawn"]
    assert "it was withdrawn" in words(manage(alice, case))
    assert has(manage(alice, case), key(case, "transfer_save"))


def test_a_supervisor_finds_it_on_home_and_gives_the_case_to_somebody(alice):
    case = opened(alice, "C-0042")
    bob, sue = bob_of(alice), sue_of(alice)
    transfer = asked(alice, case)
    at = sue.visits("home")
    assert "C-0042: asked to hand over" in words(at)
    assert "Alice Ashby asked for it today." in words(at)
    assert at.selectbox(key=home(transfer, "to")).options == ["Bob Birch"]
    press(at, home(transfer, "save"))
    assert "Please choose who takes over the case." in words(at)
    at.selectbox(key=home(transfer, "to")).set_value(str(bob.id)).run()
    press(at, home(transfer, "save"))
    assert not has(at, home(transfer, "save"))
    sue.synced()
    assert "asked to hand over" not in words(sue.visits("home"))
    assert codes(bob.visits("case")) == ["C-0042"]
    said = words(manage(bob, case))
    assert "This case was taken over" in said
    said = words(manage(alice, case, ended=True))
    assert "What is here stays with its earlier therapist, to read" in said
    assert not has(manage(alice, case, ended=True), key(case, "to_active"))
    assert not has(manage(alice, case, ended=True), key(case, "transfer_save"))


def test_a_supervisor_lets_it_stay(alice):
    case = opened(alice)
    transfer, sue = asked(alice, case), sue_of(alice)
    press(sue.visits("home"), home(transfer, "stays"))
    sue.synced()
    assert requests(alice, case) == ["refused"]
    assert state(alice, case) == "active"
    at = manage(alice, case)
    assert "the supervisor would like it to stay where it is; talk about it" in words(at)
    assert has(at, key(case, "transfer_save"))  # it can be asked for again


def test_from_home_the_case_can_be_opened_and_it_says_where_the_decision_is(alice):
    case = opened(alice)
    transfer, sue = asked(alice, case), sue_of(alice)
    assert "Week 1 in therapy" in words(press(sue.visits("home"), home(transfer, "go")))
    assert "The decision is on your Home." in words(manage(sue, case))


def test_nobody_else_finds_a_request_on_home(alice):
    asked(alice, opened(alice))
    assert "asked to hand over" not in words(bob_of(alice).visits("home"))
    elsewhere = alice.app.person("supervisor", name="Otto Oak")
    assert "asked to hand over" not in words(elsewhere.visits("home"))


def test_while_the_database_is_away_home_stands_and_a_decision_is_kept(alice):
    case = opened(alice)
    bob_of(alice)
    transfer, sue = asked(alice, case), sue_of(alice)
    at = sue.visits("home")
    alice.app.loses_the_database()
    press(at, home(transfer, "stays"))
    assert not at.exception
    assert [op.params["to"] for op in sue.saved("transfer.decide")] == [None]
