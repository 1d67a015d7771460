"""The formulation on the case page: written in place as a draft, kept in versions, private until shared; and its ladder of questions."""

from datetime import timedelta
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from services import cases, formulation, socratic
from services.formulation import Version
from services.outbox import Outbox
from services.vocabulary import CLIENT_FEARS
from tests.pages.conftest import Somebody, has, pick, press, today, words, write


def opened(who: Somebody, code: str = "C-0101") -> UUID:
    """A case in the database."""
    case = UUID(cases.open(who.outbox, team=who.team, code=code).entity)
    who.synced()
    return case


def at_tab(who: Somebody, case: UUID, tab: str = "Formulation") -> AppTest:
    """Their case page, at this case and tab."""
    at = who.visits("case")
    at.session_state["case_chosen"] = str(case)
    at.session_state[f"case_{case}_tab"] = tab
    return at.run()


def unfolds(at: AppTest, case: UUID, what: str) -> AppTest:
    at.session_state[f"case_{case}_{what}"] = True
    return at.run()


def wrote(who: Somebody, case: UUID, field: str, body: str, *, days_ago: int = 0, **more) -> None:
    """A version in the database."""
    formulation.write(
        who.outbox, team=who.team, case=case, field=field, body=body, based_on=stands(who, case).get(field),
        written_on=today() - timedelta(days=days_ago), today=today(), **more,
    )  # fmt: skip
    who.synced()


def stands(who: Somebody, case: UUID) -> dict[str, Version]:
    return formulation.current(who.db, team=who.team, therapist=who.id, case=case)


def supervisor(alice: Somebody) -> Somebody:
    return alice.app.person("supervisor", name="Sue Sedge", team=alice.team)


def test_an_empty_card_says_what_there_is_to_write_and_gives_no_mark(alice):
    said = words(at_tab(alice, opened(alice)))
    assert "None of the 9 fields is written yet." in said
    assert said.count("Not written yet.") == 13
    assert "%" not in said


def test_a_field_is_written_in_place_and_stands_before_the_database_has_it(alice):
    case = opened(alice)
    at = unfolds(at_tab(alice, case), case, "wants_write_0")
    write(at, f"case_{case}_wants_body", "To be asked\n\nand *not* told")
    press(at, f"case_{case}_wants_save")
    said = words(at)
    assert "To be asked\n\nand \\*not\\* told" in said
    assert "1 of 9 fields written." in said
    assert not has(at, f"case_{case}_wants_body")  # what was saved closes by itself
    alice.synced()
    assert (stands(alice, case)["wants"].body, stands(alice, case)["wants"].version) == (
        "To be asked\n\nand *not* told",
        1,
    )


def test_what_was_typed_is_there_in_another_browser_and_its_field_says_so(alice):
    case = opened(alice)
    write(unfolds(at_tab(alice, case), case, "expects_write_0"), f"case_{case}_expects_body", "half a sen")
    at = at_tab(alice, case)
    assert words(at).count("A change to this field is begun.") == 1
    assert (
        unfolds(at, case, "expects_write_0").text_area(key=f"case_{case}_expects_body").value == "half a sen"
    )


def test_completeness_is_told_in_words_with_what_is_missing_and_what_is_old(alice):
    case = opened(alice)
    for field, age in (("wants", 91), ("expects", 90), ("development", 0), ("schemas", 200)):
        wrote(alice, case, field, f"About {field}", days_ago=age)
    said = words(at_tab(alice, case))
    assert "3 of 9 fields written, 1 older than 90 days." in said
    assert "Older than 90 days: What they want from others." in said
    missing = next(line for line in said.splitlines() if line.startswith("Not written yet: "))
    assert "Core beliefs" in missing
    assert "How it came about" not in missing


def test_an_old_field_that_still_holds_gets_todays_date_and_keeps_who_may_read_it(alice):
    case = opened(alice)
    wrote(alice, case, "wants", "To be seen", days_ago=120, share=True)
    press(at_tab(alice, case), f"case_{case}_wants_holds_1")
    alice.synced()
    now = stands(alice, case)["wants"]
    assert (now.version, now.body, now.written_on, now.words.shared) == (2, "To be seen", today(), True)


def test_versions_show_what_changed_and_each_as_a_whole_when_asked(alice):
    case = opened(alice)
    wrote(alice, case, "core_beliefs", "I am a <b>burden</b>", days_ago=9)
    wrote(alice, case, "core_beliefs", "I was a <b>burden</b> once")
    at = at_tab(alice, case)
    assert "<del>" not in words(at)
    said = words(unfolds(at, case, "core_beliefs_versions"))
    assert "I <del>am</del><ins>was</ins> a &lt;b&gt;burden&lt;/b&gt;<ins> once</ins>" in said
    assert "2 words put in, 1 word taken out" in said
    assert "I am a \\<b\\>burden\\</b\\>" in said  # the first one, as it was
    at.toggle(key=f"case_{case}_core_beliefs_whole").set_value(True).run()
    assert "<del>" not in words(at)


def test_fears_are_ticked_from_our_words_and_can_stand_without_any_other(alice):
    case = opened(alice)
    at = unfolds(at_tab(alice, case), case, "fears_write_0")
    pick(at, f"case_{case}_fears_ticked", ["ending", "success"])
    press(at, f"case_{case}_fears_save")
    alice.synced()
    assert stands(alice, case)["fears"].ticked == ("success", "ending")
    sue = supervisor(alice)
    said = words(at_tab(sue, case))
    assert f"{CLIENT_FEARS['success'].label}, Ending" in said
    assert "Any words beside it are kept private by the therapist." in said


def test_a_supervisor_sees_which_fields_exist_and_reads_what_is_shared_and_can_write_nothing(alice):
    case = opened(alice)
    wrote(alice, case, "wants", "canary private")
    wrote(alice, case, "expects", "canary shared", share=True)
    at = at_tab(supervisor(alice), case)
    said = words(at)
    assert "canary shared" in said
    assert "canary private" not in said
    assert "Kept private by the therapist." in said
    assert "2 of 9 fields written." in said
    assert at.text_area == at.toggle[1:] == []  # one switch of the page itself
    assert not [one.label for one in at.expander if "rite" in one.label]


def test_a_supervisor_is_told_where_nothing_is_shared(alice):
    case = opened(alice)
    wrote(alice, case, "wants", "canary private")
    said = words(at_tab(supervisor(alice), case))
    assert "No words of this formulation are shared with you." in said


def test_sharing_and_taking_it_back_is_one_switch_at_the_text(alice):
    case = opened(alice)
    wrote(alice, case, "wants", "canary")
    for version, shared in ((1, True), (2, False)):
        text = stands(alice, case)["wants"].words
        at_tab(alice, case).toggle(key=f"case_{case}__share_{text.id}_{version}").set_value(shared).run()
        alice.synced()
        assert stands(alice, case)["wants"].words.shared is shared


def test_earlier_versions_that_were_private_stay_so_for_the_supervisor(alice):
    case = opened(alice)
    wrote(alice, case, "wants", "canary private")
    wrote(alice, case, "wants", "canary shared", share=True)
    said = words(unfolds(at_tab(supervisor(alice), case), case, "wants_versions"))
    assert "canary shared" in said
    assert "canary private" not in said
    assert said.count("Kept private by the therapist.") == 1


def test_names_in_a_field_are_pointed_out_first(alice):
    case = opened(alice)
    at = unfolds(at_tab(alice, case), case, "wants_write_0")
    write(at, f"case_{case}_wants_body", "Mrs Brown wants peace")
    press(at, f"case_{case}_wants_save")
    assert "a name with a title" in words(at)
    assert alice.saved("formulation.write") == []
    press(at, f"case_{case}_wants_as_it_is")
    assert len(alice.saved("formulation.write")) == 1


def test_a_field_written_from_another_place_is_shown_before_this_one_takes_its_place(alice):
    case = opened(alice)
    wrote(alice, case, "wants", "first")
    at = unfolds(at_tab(alice, case), case, "wants_write_1")
    write(at, f"case_{case}_wants_body", "from the phone")
    wrote(alice, case, "wants", "from the laptop")  # another server: the draft here stays
    at = unfolds(at.run(), case, "wants_write_2")
    said = words(at)
    assert "written from another place after you had begun this" in said
    assert "from the laptop" in said
    assert "from the <del>laptop</del><ins>phone</ins>" in said
    press(at, f"case_{case}_wants_save")
    alice.synced()
    found = formulation.versions(alice.db, team=alice.team, therapist=alice.id, case=case, field="wants")
    assert [one.body for one in found] == ["from the phone", "from the laptop", "first"]


def test_a_click_that_has_not_seen_the_other_version_saves_nothing(alice):
    case = opened(alice)
    wrote(alice, case, "wants", "first")
    at = unfolds(at_tab(alice, case), case, "wants_write_1")
    write(at, f"case_{case}_wants_body", "from the phone")
    wrote(alice, case, "wants", "from the laptop")
    at.session_state[f"case_{case}_wants_write_2"] = True
    press(at, f"case_{case}_wants_save")
    assert "written from another place after you had begun this" in words(at)
    assert [op.state for op in alice.saved("formulation.write")] == ["synced", "synced"]


def test_a_refused_version_is_beside_what_stands_and_can_take_its_place_or_go(alice):
    case = opened(alice)
    wrote(alice, case, "wants", "first")
    seen = stands(alice, case)["wants"]
    wrote(alice, case, "wants", "from the laptop")
    for _ in range(2):
        op = formulation.write(
            alice.outbox,
            team=alice.team,
            case=case,
            field="wants",
            body="from the phone",
            based_on=seen,
            written_on=today(),
            today=today(),
        )
        alice.synced()
        assert alice.outbox.find(op.op_id).state == "parked"
        at = at_tab(alice, case)
        assert "Not accepted: look at it again" in [one.label for one in at.expander]
        at = unfolds(at, case, f"wants_write_{stands(alice, case)['wants'].version}")
        assert at.text_area(key=f"case_{case}_wants_body").value == "from the phone"
        assert "from the laptop" in words(at)
        if _ == 0:
            press(at, f"case_{case}_wants_let_go")
            assert alice.outbox.parked() == []
            assert stands(alice, case)["wants"].body == "from the laptop"
    press(at, f"case_{case}_wants_save")
    alice.synced()
    assert alice.outbox.parked() == []
    assert stands(alice, case)["wants"].body == "from the phone"


def test_what_is_typed_for_one_case_never_shows_in_another(alice):
    one, other = opened(alice, "C-0102"), opened(alice, "C-0103")
    at = unfolds(at_tab(alice, one), one, "wants_write_0")
    write(at, f"case_{one}_wants_body", "canary of the first")
    at.session_state["case_chosen"] = str(other)
    at.session_state[f"case_{other}_tab"] = "Formulation"
    at = unfolds(at.run(), other, "wants_write_0")
    assert at.text_area(key=f"case_{other}_wants_body").value == ""
    assert "canary" not in words(at)


def test_the_ladder_shows_one_step_at_a_time_with_a_line_why_and_keeps_what_came_up(alice):
    case = opened(alice)
    at = at_tab(alice, case)
    first, other = socratic.BY_SLUG["last-time"], socratic.BY_SLUG["if-it-worked"]
    said = words(at)
    assert first.wording in said
    assert first.why in said
    assert other.wording not in said
    pick(at, f"case_{case}_ladder_step", "protects")
    assert "“How they stand in their own way” and “Fears about the work”" in words(at)
    unfolds(at, case, "ladder_if-it-worked_write_0")
    write(at, f"case_{case}_ladder_if-it-worked_body", "He would have to move out")
    press(at, f"case_{case}_ladder_if-it-worked_save")
    assert "He would have to move out" in words(at)
    assert "What it protects · 1" in at.button_group(key=f"case_{case}_ladder_step").proto.options[4].content
    alice.synced()
    at = at_tab(alice, case)
    assert "Everything that came up so far (1)" in [one.label for one in at.expander]
    assert "canary" not in words(at_tab(supervisor(alice), case))


def test_a_supervisor_reads_shared_answers_and_is_offered_no_ladder(alice):
    case = opened(alice)
    for slug, shared in (("if-it-worked", True), ("safe-from", False)):
        socratic.answer(
            alice.outbox, team=alice.team, case=case, question=slug, body=f"canary {slug}", share=shared
        )
    alice.synced()
    at = at_tab(supervisor(alice), case)
    said = words(at)
    assert "canary if\\-it\\-worked" in said
    assert "safe\\-from" not in said
    assert not has(at, f"case_{case}_ladder_step")


def test_an_answer_that_another_device_gave_first_can_still_take_its_place(alice):
    case = opened(alice)
    given = {"team": alice.team, "case": case, "question": "last-time"}
    socratic.answer(alice.outbox, **given, body="from the laptop")
    socratic.answer(alice.outbox, **given, body="from the phone")
    alice.synced()
    assert len(alice.outbox.parked()) == 1
    at = at_tab(alice, case)
    assert "from the laptop" in words(at)
    unfolds(at, case, "ladder_last-time_write_1")
    assert at.text_area(key=f"case_{case}_ladder_last-time_body").value == "from the phone"
    press(at, f"case_{case}_ladder_last-time_save")
    alice.synced()
    assert alice.outbox.parked() == []
    assert [one.body for one in socratic.answers(alice.db, case=case)] == ["from the phone"]


def test_while_the_database_is_away_it_shows_what_is_known_and_takes_what_is_typed(alice):
    case = opened(alice)
    wrote(alice, case, "wants", "To be seen")
    at = at_tab(alice, case)
    alice.app.loses_the_database()
    at.run()
    assert "The formulation is the one from before." in words(at)
    assert "To be seen" in words(at)
    unfolds(at, case, "expects_write_0")
    write(at, f"case_{case}_expects_body", "to be sent away")
    press(at, f"case_{case}_expects_save")
    assert "to be sent away" in words(at)
    assert len(Outbox(alice.app.running.vault, str(alice.id)).waiting()) == 1
    assert not at.exception


@pytest.mark.parametrize("field", ["wants", "schemas"])
def test_a_text_that_is_too_long_is_refused_where_it_stands(alice, field):
    case = opened(alice)
    at = unfolds(at_tab(alice, case), case, f"{field}_write_0")
    write(at, f"case_{case}_{field}_body", "x" * 2_001)
    press(at, f"case_{case}_{field}_save")
    assert "2,000 fit" in words(at)
    assert alice.saved("formulation.write") == []
