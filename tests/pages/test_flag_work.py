"""Working on flags: what a lead, a supervisor and the therapist do about them, and what each of them sees of it."""

from datetime import timedelta
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from services import flags, ruptures
from tests.pages.conftest import Somebody, has, pick, press, today, words, write
from tests.pages.test_case_formulation import at_tab, opened, supervisor, unfolds


@pytest.fixture
def case(alice) -> UUID:
    """A case with a rupture that waits: R5, and R11 with it."""
    case = opened(alice, "C-0707")
    noticed = today() - timedelta(days=40)
    ruptures.open(alice.outbox, team=alice.team, case=case, kind="mixed", noticed_on=noticed, today=today())
    alice.synced()
    return case


@pytest.fixture
def lead(alice) -> Somebody:
    return alice.app.person("lead", name="Clara Clay", team=alice.team)


def script(code: str, team: str, show: str = "all") -> None:
    """What the lead's page does with one case."""
    from uuid import UUID

    from dashboard import session
    from dashboard.flags import work
    from services import flags

    found = flags.watched(session.db(), teams=[UUID(team)], show=show, code=code)
    for one in found.cases:
        work.show(one, key="work")


def working(who: Somebody, **more) -> AppTest:
    """A browser of theirs with the form alone."""
    at = AppTest.from_function(script, args=("C-0707", str(who.team)), kwargs=more, default_timeout=60)
    at.user = {"person": str(who.id), "session": who.session}
    return at.run()


def watched(who: Somebody, show: str = "all") -> flags.Watched | None:
    found = flags.watched(who.db, teams=[who.team], show=show, code="C-0707")
    return next(iter(found.cases), None)


def flag(who: Somebody, rule: str = "R5") -> flags.Flag:
    return next(one for one in watched(who).flags if one.rule == rule)


def history(who: Somebody, alice: Somebody, case: UUID) -> list[flags.Worked]:
    return flags.history(who.db, team=alice.team, therapist=alice.id, case=case)


def test_what_a_lead_has_seen_leaves_the_leads_list_and_nobody_elses(alice, case, lead):
    sue = supervisor(alice)
    lead.app.holds()  # what was sent no longer says what it was
    at = pick(working(lead), "work_what", "acknowledged")
    assert "It leaves your list and stays in everybody else’s." in words(at)
    assert not has(at, "work_note")
    press(at, "work_save")
    assert {op.params["kind"] for op in lead.saved("flag.work")} == {"acknowledged"}
    assert len(lead.saved("flag.work")) == len(watched(lead).flags) >= 2
    assert "saved here" in words(at).lower()
    lead.synced()
    assert "synced" in words(at.run()).lower()
    assert watched(lead, "to_do") is None
    assert watched(sue, "to_do") is not None
    assert flag(sue).mine is None


def test_a_flag_is_given_to_a_supervisor_who_is_named_with_a_day(alice, case, lead):
    sue, r5 = supervisor(alice), flag(lead)
    at = pick(working(lead), "work_what", "assigned")
    pick(at, "work_flags", [str(r5.id)])
    said = words(at)
    assert "Therapist and supervisors of the team can read this note" in said
    choices = at.selectbox(key="work_to")
    assert choices.options == ["Alice Ashby, therapist of the case", "Sue Sedge"]
    press(at, "work_save")
    assert "Please choose who is asked to see to it." in words(at)
    at.selectbox(key="work_to").set_value(str(sue.id)).run()
    write(at, "work_note", "please look at it together")
    press(at, "work_save")
    lead.synced()
    (given,) = flags.given_to(sue.db, team=alice.team, person=sue.id, today=today())
    assert (given.flag, given.rule, given.note, given.due_on) == (
        r5.id, "R5", "please look at it together", today() + timedelta(days=7)
    )  # fmt: skip
    assert given.by == "Clara Clay"
    assert flags.given_to(alice.db, team=alice.team, person=alice.id, today=today()) == []
    (done,) = history(alice, alice, case)
    assert (done.kind, done.note) == ("assigned", "please look at it together")


def test_a_flag_that_was_given_on_is_no_longer_with_the_first_and_dealt_with_is_over(alice, case, lead):
    sue, r5 = supervisor(alice), flag(lead)
    of = {"team": alice.team, "therapist": alice.id, "case": case, "flag": r5.id, "today": today()}

    def given(who: Somebody) -> list[UUID]:
        return [one.flag for one in flags.given_to(who.db, team=alice.team, person=who.id, today=today())]

    flags.work(lead.outbox, kind="assigned", assignee=sue.id, **of)
    lead.synced()
    assert given(sue) == [r5.id]
    flags.work(sue.outbox, kind="acknowledged", **of)
    sue.synced()
    assert given(sue) == [r5.id]  # having seen it is not having seen to it
    flags.work(lead.outbox, kind="resolved", outcome="discussed", **of)
    lead.synced()
    assert given(sue) == [r5.id]  # nobody's list is cleared by somebody else
    flags.work(lead.outbox, kind="assigned", assignee=alice.id, **of)
    lead.synced()
    assert (given(sue), given(alice)) == ([], [r5.id])
    flags.work(
        alice.outbox, kind="snoozed", note="after her holidays", until_on=today() + timedelta(days=3), **of
    )
    alice.synced()
    assert given(alice) == []
    assert [one.flag for one in flags.given_to(alice.db, team=alice.team, person=alice.id, today=today() + timedelta(days=3))] == [r5.id]  # fmt: skip
    flags.work(alice.outbox, kind="resolved", outcome="repaired", **of)
    alice.synced()
    assert flags.given_to(alice.db, team=alice.team, person=alice.id, today=today() + timedelta(days=3)) == []


def test_a_rest_needs_a_reason_and_what_was_typed_is_there_in_another_browser(alice, case, lead):
    at = pick(working(lead), "work_what", "snoozed")
    write(at, "work_note", "on leave")
    press(at, "work_save")
    assert "10 characters or more" in words(at)
    again = working(lead)  # another browser
    assert again.text_area(key="work_note").value == "on leave"
    assert "All of it is still here" in words(again)
    write(again, "work_note", "on leave until Easter")
    press(again, "work_save")
    lead.synced()
    assert watched(lead, "to_do") is None
    assert watched(lead, "resting").flags[0].rests_until == today() + timedelta(days=14)


@pytest.mark.parametrize(
    ("what", "says"),
    [("resolved", "Please choose how it ended"), ("noted", "Please write the note"), (None, "Please choose what you do")],
)  # fmt: skip
def test_what_is_missing_is_said_where_the_button_is(alice, case, lead, what, says):
    at = pick(working(lead), "work_what", what)
    press(at, "work_save")
    assert says in words(at)
    assert lead.saved("flag.work") == []


def test_without_any_flag_chosen_nothing_is_saved(alice, case, lead):
    at = pick(pick(working(lead), "work_what", "acknowledged"), "work_flags", [])
    press(at, "work_save")
    assert "Please choose at least one flag." in words(at)
    assert lead.saved("flag.work") == []


def test_a_note_that_could_name_somebody_is_pointed_out_first(alice, case, lead):
    at = pick(working(lead), "work_what", "noted")
    write(at, "work_note", "Mrs Miller called 0171 2345678")
    press(at, "work_save")
    assert lead.saved("flag.work") == []
    press(at, "work_as_it_is")
    assert len(lead.saved("flag.work")) == len(watched(lead).flags)


def test_what_was_done_is_listed_once_for_all_flags_it_was_done_on(alice, case, lead):
    at = pick(working(lead), "work_what", "resolved")
    pick(at, "work_outcome", "discussed")
    write(at, "work_note", "talked it over")
    press(at, "work_save")
    lead.synced()
    at = working(supervisor(alice))
    at.session_state["work_history"] = True
    said = words(at.run())
    assert said.count("Dealt with: talked about** by Clara Clay") == 1
    assert "“talked it over”" in said
    assert "Open rupture waits" in said


def test_the_therapist_sees_why_since_when_and_what_clears_it_on_the_case_page(alice, case):
    at = unfolds(at_tab(alice, case, "Plan"), case, "flags")
    said = words(at)
    assert "Open rupture waits" in said
    assert "has had no repair step for 40 days" in said
    assert "What clears it: A repair step, or the close of the rupture." in said
    assert at.button_group(key=f"case_{case}_flag_work_what").options  # and may work on them
    assert "Given to somebody" not in [
        one for one in at.button_group(key=f"case_{case}_flag_work_what").options
    ]
    pick(at, f"case_{case}_flag_work_what", "acknowledged")
    press(at, f"case_{case}_flag_work_save")
    assert "For you: seen." in words(at)  # while it is on its way
    alice.synced()
    assert "For you: seen." in words(unfolds(at_tab(alice, case, "Plan"), case, "flags"))


def test_a_supervisor_works_on_the_same_flags_on_the_case_page_and_a_lead_has_no_such_page(alice, case, lead):
    sue = supervisor(alice)
    at = unfolds(at_tab(sue, case, "Plan"), case, "flags")
    assert "has had no repair step for 40 days" in words(at)
    assert "Given to somebody" in at.button_group(key=f"case_{case}_flag_work_what").options
    with pytest.raises(ValueError, match="case"):
        lead.visits("case")


def test_a_case_without_flags_has_no_strip_and_one_that_is_paused_neither(alice):
    case = opened(alice, "C-0708")
    assert not has(at_tab(alice, case, "Plan"), f"case_{case}_flags")


def test_with_the_database_away_the_form_goes_on_and_the_work_waits(alice, case, lead):
    at = working(lead)
    lead.app.holds()
    lead.app.loses_the_database()
    waits = lead.visits("waiting")
    assert "Everything you saved is in the database." in [one.value for one in waits.success]
    assert not at.exception


def test_a_lead_finds_what_was_begun_and_what_waits_on_the_page_for_it(alice, case, lead):
    at = pick(working(lead), "work_what", "noted")
    write(at, "work_note", "half a sen")
    waits = lead.visits("waiting")
    assert "**Work on flags**" in words(waits)
    assert "Go on" in [one.proto.label for one in waits.main if one.type == "page_link"]
    lead.app.holds()
    write(at, "work_note", "half a sentence")
    press(at, "work_save")
    assert "Work on a flag" in str([one.value for one in lead.visits("waiting").table])


def test_a_supervisor_is_led_from_the_list_to_the_case_and_a_lead_is_not(alice, case, lead):
    assert not has(working(lead), "work_go")
    at = working(supervisor(alice))
    assert has(at, "work_go")
    assert not has(at, "work_step_back_go")  # a rupture that waits is no standstill
