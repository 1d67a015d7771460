"""Ruptures: in view until they are closed, the oldest first, for their therapist and the supervisor of the team."""

from datetime import timedelta
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from services import cases, ruptures, vocabulary
from services.ruptures import Rupture
from tests.pages.conftest import Somebody, has, pick, press, today, words, write


def opened(who: Somebody, code: str, *, days_ago: int = 0, kind: str = "withdrawal") -> Rupture:
    """A rupture in the database, on a case of its own."""
    case = UUID(cases.open(who.outbox, team=who.team, code=code).entity)
    noticed = today() - timedelta(days=days_ago)
    op = ruptures.open(who.outbox, team=who.team, case=case, kind=kind, noticed_on=noticed, today=today())
    who.synced()
    return next(one for one in ruptures.open_in(who.db, team=who.team) if str(one.id) == op.entity)


def key(rupture: Rupture, field: str) -> str:
    return f"ruptures_{rupture.id}_{field}"


def unfolds(at: AppTest, rupture: Rupture, what: str) -> AppTest:
    """Open the part of a card that holds the steps, or the close."""
    at.session_state[key(rupture, what)] = True
    return at.run()


def in_database(who: Somebody) -> list[Rupture]:
    return ruptures.open_in(who.db, team=who.team)


def test_none_on_record_is_not_called_good(alice):
    said = words(alice.visits("ruptures"))
    assert "No rupture is on record as open. That can also mean that none has been written down yet." in said


def test_the_oldest_comes_first_with_its_age_from_the_day_it_was_noticed(alice):
    opened(alice, "C-0002", days_ago=3, kind="confrontation")
    opened(alice, "C-0001", days_ago=40)
    said = words(alice.visits("ruptures"))
    assert said.index("C\\-0001 · Withdrawal") < said.index("C\\-0002 · Confrontation")
    assert "Noticed 40 days ago" in said
    assert "no step recorded yet" in said


def test_the_ladder_shows_how_far_it_has_come_and_how_long_nothing_was_written(alice):
    rupture = opened(alice, "C-0003", days_ago=20)
    ruptures.add_step(
        alice.outbox, rupture=rupture, stage="named", taken_on=today() - timedelta(days=9), today=today()
    )
    alice.synced()
    said = words(alice.visits("ruptures"))
    assert '<li class="done" aria-current="step">Named with the client</li>' in said
    assert '<li class="ahead">Explored</li>' in said
    assert "9 days without a step" in said


def test_a_parked_one_says_so_beside_the_ladder(alice):
    rupture = opened(alice, "C-0004", days_ago=20)
    ruptures.add_step(alice.outbox, rupture=rupture, stage="parked", taken_on=today(), today=today())
    alice.synced()
    said = words(alice.visits("ruptures"))
    assert '<li class="aside" aria-current="step">Parked</li>' in said
    assert "a step today" in said


def test_a_step_is_saved_with_its_day_and_a_private_note(alice):
    rupture = opened(alice, "C-0005", days_ago=10)
    at = unfolds(alice.visits("ruptures"), rupture, "steps")
    pick(at, key(rupture, "step_stage"), "explored")
    at.date_input(key=key(rupture, "step_taken_on")).set_value(today() - timedelta(days=1)).run()
    write(at, key(rupture, "step_note"), "We looked at both sides")
    press(at, key(rupture, "step_save"))
    assert "We looked at both sides" in words(at)  # there at once, before the database has it
    alice.synced()
    assert in_database(alice)[0].stage == "explored"
    (step,) = ruptures.steps_of(alice.db, rupture=rupture)
    assert (step.stage, step.taken_on, step.note, step.note_shared) == (
        "explored", today() - timedelta(days=1), "We looked at both sides", False,
    )  # fmt: skip


def test_a_shared_note_is_read_by_the_supervisor_and_a_private_one_is_not(alice):
    rupture = opened(alice, "C-0006", days_ago=10)
    for note, shared in (("canary private", False), ("canary shared", True)):
        ruptures.add_step(
            alice.outbox,
            rupture=rupture,
            stage="named",
            taken_on=today(),
            today=today(),
            note=note,
            share_note=shared,
        )
    alice.synced()
    sue = alice.app.person("supervisor", name="Sue Sedge", team=alice.team)
    said = words(unfolds(sue.visits("ruptures"), rupture, "steps"))
    assert "canary shared" in said
    assert "canary private" not in said


@pytest.mark.parametrize(
    ("offset", "sentence"), [(1, "has not come yet"), (-11, "lies before the day the rupture was noticed")]
)
def test_a_step_on_an_impossible_day_is_refused(alice, offset, sentence):
    rupture = opened(alice, "C-0007", days_ago=10)
    at = pick(unfolds(alice.visits("ruptures"), rupture, "steps"), key(rupture, "step_stage"), "named")
    at.date_input(key=key(rupture, "step_taken_on")).set_value(today() + timedelta(days=offset)).run()
    press(at, key(rupture, "step_save"))
    assert sentence in words(at)
    assert alice.saved("rupture.step") == []


def test_a_step_needs_its_stage(alice):
    rupture = opened(alice, "C-0008")
    at = press(unfolds(alice.visits("ruptures"), rupture, "steps"), key(rupture, "step_save"))
    assert "Please choose the repair step." in words(at)


def test_what_was_typed_about_a_step_is_there_in_another_browser(alice):
    rupture = opened(alice, "C-0009", days_ago=2)
    write(unfolds(alice.visits("ruptures"), rupture, "steps"), key(rupture, "step_note"), "half a sen")
    again = unfolds(alice.visits("ruptures"), rupture, "steps")
    assert again.text_area(key=key(rupture, "step_note")).value == "half a sen"


def test_names_in_a_step_note_are_pointed_out_first(alice):
    rupture = opened(alice, "C-0010", days_ago=2)
    at = pick(unfolds(alice.visits("ruptures"), rupture, "steps"), key(rupture, "step_stage"), "named")
    press(write(at, key(rupture, "step_note"), "Mr Brown agreed"), key(rupture, "step_save"))
    assert "a name with a title" in words(at)
    assert alice.saved("rupture.step") == []


def test_it_is_closed_with_its_outcome_and_listed_below(alice):
    rupture = opened(alice, "C-0011", days_ago=12)
    at = unfolds(alice.visits("ruptures"), rupture, "end")
    press(at, key(rupture, "close_save"))
    assert "Please choose how it ended." in words(at)
    press(pick(at, key(rupture, "close_outcome"), "partly"), key(rupture, "close_save"))
    assert not has(at, key(rupture, "close_save"))
    assert "C\\-0011" in words(at)  # closed, and on its way
    alice.synced()
    at = alice.visits("ruptures")
    assert "Partly repaired on" in words(at)
    assert "after 12 days" in words(at)
    assert in_database(alice) == []


def test_one_can_be_opened_by_itself_from_the_day_it_was_noticed(alice):
    case = UUID(cases.open(alice.outbox, team=alice.team, code="C-0012").entity)
    at = alice.visits("ruptures")
    press(at, "ruptures_new_save")
    assert "Please choose what kind of rupture it is." in words(at)
    pick(at, "ruptures_new_kind", "mixed")
    at.date_input(key="ruptures_new_noticed_on").set_value(today() - timedelta(days=6)).run()
    press(at, "ruptures_new_save")
    said = words(at)
    assert "C\\-0012 · Mixed" in said  # before the database has it
    assert "Noticed 6 days ago" in said
    assert vocabulary.OPERATION_STATES["saved"].help in said
    alice.synced()
    (rupture,) = in_database(alice)
    assert (rupture.case, rupture.kind, rupture.days_open) == (case, "mixed", 6)


def test_opening_one_twice_from_two_windows_is_one(alice):
    pick(alice.visits("ruptures"), "ruptures_new_kind", "mixed")
    first, second = alice.visits("ruptures"), alice.visits("ruptures")
    press(first, "ruptures_new_save")
    press(second, "ruptures_new_save")
    assert len(alice.saved("rupture.open")) == 1


def test_one_that_was_noticed_tomorrow_is_refused(alice):
    at = pick(alice.visits("ruptures"), "ruptures_new_kind", "mixed")
    at.date_input(key="ruptures_new_noticed_on").set_value(today() + timedelta(days=1)).run()
    press(at, "ruptures_new_save")
    assert "has not come yet" in words(at)
    assert alice.outbox.recent() == []


def test_the_supervisor_sees_the_teams_with_names_and_may_record_and_close(alice):
    rupture = opened(alice, "C-0013", days_ago=5)
    sue = alice.app.person("supervisor", name="Sue Sedge", team=alice.team)
    at = sue.visits("ruptures")
    assert "Alice Ashby · Noticed 5 days ago" in words(at)
    assert not has(at, "ruptures_new_save")
    press(pick(unfolds(at, rupture, "steps"), key(rupture, "step_stage"), "named"), key(rupture, "step_save"))
    press(
        pick(unfolds(at, rupture, "end"), key(rupture, "close_outcome"), "repaired"),
        key(rupture, "close_save"),
    )
    sue.synced()
    assert sue.outbox.parked() == []
    (closed,) = ruptures.closed_in(alice.db, team=alice.team)
    assert (closed.outcome, closed.stage) == ("repaired", "named")
    assert "C\\-0013** (Alice Ashby)" in words(sue.visits("ruptures"))


def test_a_colleague_sees_nothing_of_it(alice):
    opened(alice, "C-0014", days_ago=5)
    bob = alice.app.person("therapist", name="Bob Birch", team=alice.team)
    assert "0014" not in words(bob.visits("ruptures"))


def test_a_long_list_shows_the_oldest_first_and_the_rest_on_request(alice):
    for number in range(22):
        case = UUID(cases.open(alice.outbox, team=alice.team, code=f"C-{2100 + number}").entity)
        noticed = today() - timedelta(days=100 - number)
        ruptures.open(
            alice.outbox, team=alice.team, case=case, kind="mixed", noticed_on=noticed, today=today()
        )
    alice.synced()
    at = alice.visits("ruptures")
    assert "2119" in words(at)
    assert "2120" not in words(at)
    at.toggle(key="ruptures_all").set_value(True).run()
    assert "2121" in words(at)


def test_while_the_database_is_away_the_last_list_stays_and_steps_are_kept(alice):
    rupture = opened(alice, "C-0015", days_ago=5)
    at = alice.visits("ruptures")
    alice.app.loses_the_database()
    unfolds(at, rupture, "steps")
    assert "This list is the one from before." in words(at)
    press(pick(at, key(rupture, "step_stage"), "named"), key(rupture, "step_save"))
    assert '<li class="done" aria-current="step">Named with the client</li>' in words(at)
    assert len(alice.saved("rupture.step")) == 1


def test_the_year_is_named_where_it_differs(alice):
    opened(alice, "C-0016", days_ago=400)
    assert str((today() - timedelta(days=400)).year) in words(alice.visits("ruptures"))
