"""Log an episode: fast, private, never lost, never twice."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from services import cases, drafts, episodes, ruptures, vocabulary
from tests.pages.conftest import App, Somebody, has, pick, press, today, words, write

KIND, CASE, CODE, WHEN, NOTE, SHARE, SAVE, AS_IT_IS = (
    f"log_episode_{field}"
    for field in ("kind", "case", "code", "happened_on", "note", "share_note", "save", "as_it_is")
)
OPEN_RUPTURE, ANOTHER = "log_episode_open_rupture", "log_episode_another"


def logged(who: Somebody) -> dict:
    """What was said in the only episode they have saved."""
    (op,) = who.saved("episode.log")
    return op.params


def has_case(who: Somebody, code: str, *, last: date | None = None) -> UUID:
    """A case in the database, with an episode on a day when one is named."""
    case = UUID(cases.open(who.outbox, team=who.team, code=code).entity)
    if last:
        episodes.log(who.outbox, team=who.team, case=case, happened_on=last, kind="other", today=today())
    who.synced()
    return case


def test_what_happened_is_all_one_has_to_say_the_day_is_there(alice):
    at = alice.visits("log_episode")
    assert at.date_input(key=WHEN).value == today()
    press(pick(at, KIND, "withdrawal"), SAVE)
    assert "Your episode is saved" in words(at)
    said = logged(alice)
    assert (said["kind"], said["happened_on"]) == ("withdrawal", today().isoformat())
    assert said["intensity"] is said["first_blame"] is said["next_move"] is said["named"] is None
    assert said["markers"] == said["outside"] == []
    assert said["ratings"] == {}


def test_without_what_happened_nothing_is_saved_and_the_page_says_what_is_missing(alice):
    at = press(alice.visits("log_episode"), SAVE)
    assert "Please choose what happened." in words(at)
    assert alice.outbox.recent() == []


@pytest.mark.parametrize("ahead", [1, 2, 400])
def test_a_day_that_has_not_come_is_refused(alice, ahead):
    at = pick(alice.visits("log_episode"), KIND, "stalled")
    at.date_input(key=WHEN).set_value(today() + timedelta(days=ahead)).run()
    press(at, SAVE)
    assert "The day has not come yet. Please choose" in words(at)
    assert alice.outbox.recent() == []


def test_all_that_is_said_reaches_the_database_as_it_was_said(alice):
    case = has_case(alice, "C-1001")
    at = alice.visits("log_episode")
    day = today() - timedelta(days=3)
    at.date_input(key=WHEN).set_value(day).run()
    for field, value in {
        "kind": "yes_but", "markers": ["stalled", "withdrawal"], "intensity": 4, "first_blame": "neither", "next_move": "asked",
        "named": "planned", "outside": ["life_event"], "cause_1": 3, "cause_4": "cannot_tell",
    }.items():  # fmt: skip
        pick(at, f"log_episode_{field}", value)
    text = "<script>alert(1)</script> 🙂 שלום * _kept_ as it is"
    write(at, NOTE, text)
    at.toggle(key=SHARE).set_value(True).run()
    press(at, SAVE)
    alice.synced()
    (found,) = episodes.recent(alice.db, team=alice.team)
    assert (found.case, found.happened_on, found.kind, found.intensity) == (case, day, "yes_but", 4)
    assert set(found.markers) == {"stalled", "withdrawal"}
    assert (found.first_blame, found.next_move, found.named) == ("neither", "asked", "planned")
    assert found.outside == ("life_event",)
    assert found.ratings == {1: 3, 4: None}  # "can't tell" is an answer, what was left open is none
    assert (found.note, found.note_shared) == (text, True)


def test_a_note_is_private_unless_it_is_shared(alice):
    at = write(pick(alice.visits("log_episode"), KIND, "other"), NOTE, "only mine")
    press(at, SAVE)
    assert logged(alice)["note"]["shared"] is False


def test_what_was_typed_is_there_in_a_new_browser_and_can_go_on(alice):
    at = write(pick(alice.visits("log_episode"), KIND, "confrontation"), NOTE, "half a senten")
    at.date_input(key=WHEN).set_value(today() - timedelta(days=2)).run()
    again = alice.visits("log_episode")
    assert "You started this today at" in words(again)
    press(again, "log_episode_continue")
    assert "You started this" not in words(again)
    assert again.text_area(key=NOTE).value == "half a senten"
    assert again.button_group(key=KIND).value == "confrontation"
    assert again.date_input(key=WHEN).value == today() - timedelta(days=2)
    press(again, SAVE)
    assert logged(alice)["note"]["body"] == "half a senten"
    assert drafts.of(alice.app.running.vault, owner=str(alice.id)) == []


def test_what_was_begun_can_be_discarded(alice):
    write(pick(alice.visits("log_episode"), KIND, "confrontation"), NOTE, "never mind")
    again = press(alice.visits("log_episode"), "log_episode_discard")
    assert again.text_area(key=NOTE).value == ""
    assert again.button_group(key=KIND).value is None
    assert "You started this" not in words(alice.visits("log_episode"))


def test_going_to_another_page_and_back_loses_nothing(alice):
    at = write(pick(alice.visits("log_episode"), KIND, "stalled"), NOTE, "still here")
    at.switch_page("../pages/ruptures.py").run()
    at.switch_page("../pages/log_episode.py").run()
    assert at.text_area(key=NOTE).value == "still here"
    assert at.button_group(key=KIND).value == "stalled"


def test_the_same_form_sent_twice_is_one_episode_and_one_case(alice):
    pick(alice.visits("log_episode"), KIND, "withdrawal")
    first, second = alice.visits("log_episode"), alice.visits("log_episode")
    press(first, SAVE)
    press(second, SAVE)
    assert "Your episode is saved" in words(second)
    assert len(alice.saved("episode.log")) == len(alice.saved("case.open")) == 1
    alice.synced()
    assert len(episodes.recent(alice.db, team=alice.team)) == 1


def test_after_saving_the_next_form_is_a_new_episode(alice):
    at = press(pick(alice.visits("log_episode"), KIND, "withdrawal"), SAVE)
    press(at, ANOTHER)
    assert at.button_group(key=KIND).value is None
    press(pick(at, KIND, "stalled"), SAVE)
    assert [op.params["kind"] for op in alice.saved("episode.log")] == ["withdrawal", "stalled"]


def test_what_another_window_added_is_looked_at_before_it_is_saved(alice):
    here = pick(alice.visits("log_episode"), KIND, "withdrawal")
    write(alice.visits("log_episode"), NOTE, "added over there")
    press(here, SAVE)
    assert "You went on with this in another window" in words(here)
    assert alice.outbox.recent() == []
    assert here.text_area(key=NOTE).value == "added over there"
    press(here, SAVE)
    assert logged(alice)["note"]["body"] == "added over there"


def test_details_that_could_identify_somebody_are_pointed_out_before_saving(alice):
    at = write(pick(alice.visits("log_episode"), KIND, "other"), NOTE, "Mrs Miller called")
    press(at, SAVE)
    assert "This looks like a name with a title" in words(at)
    assert alice.outbox.recent() == []
    write(at, NOTE, "She called")
    assert not has(at, AS_IT_IS)
    press(at, SAVE)
    assert logged(alice)["note"]["body"] == "She called"


def test_a_text_that_was_looked_at_can_be_saved_as_it_is(alice):
    at = write(pick(alice.visits("log_episode"), KIND, "other"), NOTE, "We read Dr Seuss")
    press(press(at, SAVE), AS_IT_IS)
    assert logged(alice)["note"]["body"] == "We read Dr Seuss"


def test_other_words_than_those_pointed_out_are_asked_about_again(alice):
    at = press(write(pick(alice.visits("log_episode"), KIND, "other"), NOTE, "We read Dr Seuss"), SAVE)
    press(write(at, NOTE, "We read Dr Seuss with Mrs Miller"), SAVE)
    assert "Miller" in words(at)
    assert alice.outbox.recent() == []


def test_words_that_changed_with_the_very_click_are_not_saved_unseen(alice):
    at = press(write(pick(alice.visits("log_episode"), KIND, "other"), NOTE, "We read Dr Seuss"), SAVE)
    at.text_area(key=NOTE).set_value("We read Dr Seuss with Mrs Miller")
    press(at, AS_IT_IS)
    assert alice.outbox.recent() == []
    assert at.text_area(key=NOTE).value == "We read Dr Seuss with Mrs Miller"


def test_a_note_that_is_too_long_is_refused_and_stays_on_the_page(alice):
    long = "a" * 10_000
    at = press(write(pick(alice.visits("log_episode"), KIND, "other"), NOTE, long), SAVE)
    assert "10,000 characters; 300 fit" in words(at)
    assert "10000 of 300 characters · 9700 too many" in words(at)
    assert at.text_area(key=NOTE).value == long
    assert alice.outbox.recent() == []


def test_a_first_case_gets_a_code_that_says_nothing(alice):
    at = alice.visits("log_episode")
    assert at.button_group(key=CASE).value == "new"
    assert cases.CODE.fullmatch(at.text_input(key=CODE).value)
    press(pick(at, KIND, "other"), SAVE)
    (op,) = alice.saved("case.open")
    assert op.params["code"] == at.session_state["log_episode_last"].code


def test_a_name_is_not_taken_for_a_code_and_nothing_is_saved(alice):
    at = pick(alice.visits("log_episode"), KIND, "other")
    at.text_input(key=CODE).set_value("Anna Miller").run()
    press(at, SAVE)
    assert "Please use no names or initials" in words(at)
    assert alice.outbox.recent() == []


def test_a_code_they_already_use_is_that_case_and_not_a_second_one(alice):
    case = has_case(alice, "C-2002")
    at = pick(pick(alice.visits("log_episode"), KIND, "other"), CASE, "new")
    at.text_input(key=CODE).set_value("c-2002").run()
    press(at, SAVE)
    assert logged(alice)["case"] == str(case)
    assert len(alice.saved("case.open")) == 1


def test_the_case_written_about_last_comes_first_and_is_chosen(alice):
    has_case(alice, "C-3001", last=today() - timedelta(days=9))
    latest = has_case(alice, "C-3002", last=today() - timedelta(days=1))
    at = alice.visits("log_episode")
    assert at.button_group(key=CASE).value == str(latest)
    assert at.button_group(key=CASE).options[:2] == ["C-3002", "C-3001"]
    assert at.button(key=SAVE).label == "Save for C-3002"


def test_with_many_cases_the_others_are_found_by_their_code(alice):
    for number in range(7):
        cases.open(alice.outbox, team=alice.team, code=f"C-40{number}0")
    alice.synced()
    at = pick(pick(alice.visits("log_episode"), KIND, "other"), CASE, "more")
    press(at, SAVE)
    assert "Please choose the case" in words(at)
    other = cases.mine(alice.db, therapist=alice.id, team=alice.team)[-1]
    at.selectbox(key="log_episode_other_case").set_value(str(other.id)).run()
    press(at, SAVE)
    assert logged(alice)["case"] == str(other.id)


def test_a_case_that_waits_in_the_outbox_can_be_written_about(alice):
    op = cases.open(alice.outbox, team=alice.team, code="C-5005")
    at = alice.visits("log_episode")
    assert "C-5005" in at.button_group(key=CASE).options
    press(pick(pick(at, CASE, op.entity), KIND, "other"), SAVE)
    assert logged(alice)["case"] == op.entity


def test_it_says_saved_here_and_then_synced_without_a_reload(alice):
    at = press(pick(alice.visits("log_episode"), KIND, "withdrawal"), SAVE)
    assert vocabulary.OPERATION_STATES["saved"].help in words(at)
    alice.synced()
    at.run()  # what the page does by itself every second while it waits
    assert vocabulary.OPERATION_STATES["synced"].help in words(at)


@pytest.mark.parametrize(
    ("kind", "markers", "suggested"),
    [("withdrawal", [], "withdrawal"), ("confrontation", [], "confrontation"), ("stalled", [], "withdrawal"),
     ("yes_but", ["confrontation"], "confrontation"), ("withdrawal", ["confrontation"], "mixed")],
)  # fmt: skip
def test_one_tap_opens_a_rupture_of_the_kind_the_episode_suggests(alice, kind, markers, suggested):
    day = today() - timedelta(days=5)
    at = pick(pick(alice.visits("log_episode"), KIND, kind), "log_episode_markers", markers)
    at.date_input(key=WHEN).set_value(day).run()
    press(press(at, SAVE), OPEN_RUPTURE)
    assert "A rupture is open" in words(at)
    alice.synced()
    (rupture,) = ruptures.open_in(alice.db, team=alice.team)
    assert (rupture.kind, rupture.noticed_on, rupture.days_open) == (suggested, day, 5)
    assert rupture.episode == episodes.recent(alice.db, team=alice.team)[0].id


def test_its_author_decides_what_kind_of_rupture_it_is(alice):
    at = press(pick(alice.visits("log_episode"), KIND, "withdrawal"), SAVE)
    press(pick(at, "log_episode_rupture_kind", "mixed"), OPEN_RUPTURE)
    (op,) = alice.saved("rupture.open")
    assert op.params["kind"] == "mixed"


def test_while_the_database_is_away_the_page_says_so_and_saves_all_the_same(alice):
    case = has_case(alice, "C-6006", last=today() - timedelta(days=1))
    at = alice.visits("log_episode")
    alice.app.loses_the_database()
    at.run()
    assert "Your list of cases is the one from before" in words(at)
    assert at.button_group(key=CASE).value == str(case)
    press(pick(at, KIND, "withdrawal"), SAVE)
    assert "Your episode is saved" in words(at)
    assert alice.saved("episode.log")[-1].params["case"] == str(case)


def test_a_reload_while_the_database_is_away_still_has_the_form_and_the_cases(alice):
    case = has_case(alice, "C-6007", last=today() - timedelta(days=1))
    alice.visits("log_episode")
    alice.app.loses_the_database()
    at = alice.visits("log_episode")
    assert "Your list of cases is the one from before" in words(at)
    assert at.button_group(key=CASE).value == str(case)
    press(pick(at, KIND, "withdrawal"), SAVE)
    assert "Your episode is saved" in words(at)
    assert alice.saved("episode.log")[-1].params["case"] == str(case)


def test_somebody_who_was_never_here_is_told_that_the_database_is_away(alice):
    alice.app.loses_the_database()
    assert "The database cannot be reached just now." in words(alice.visits("log_episode"))


def test_a_full_disk_is_said_and_what_is_on_the_page_stays(alice, monkeypatch):
    at = pick(alice.visits("log_episode"), KIND, "withdrawal")
    monkeypatch.setattr(drafts, "save", _full)
    write(at, NOTE, "not kept")
    assert "The disk of this server is full" in words(at)
    assert at.text_area(key=NOTE).value == "not kept"


def _full(*_args, **_kwargs):
    from services.errors import ServiceError

    raise ServiceError("The disk of this server is full, so nothing can be saved just now.")


def test_a_draft_is_its_authors_alone(alice):
    write(pick(alice.visits("log_episode"), KIND, "withdrawal"), NOTE, "alice only")
    bob = alice.app.person("therapist", name="Bob Birch", team=alice.team)
    at = bob.visits("log_episode")
    assert at.text_area(key=NOTE).value == ""
    assert "alice only" not in words(at)


def test_somebody_who_is_no_therapist_does_not_have_this_page(app: App):
    with pytest.raises(ValueError, match="log_episode"):
        app.person("supervisor", name="Sue Sedge").visits("log_episode")
