"""Weekly reflection: five minutes, private unless shared, kept while it is written, fixed once it was read."""

from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from services import cases, episodes, reflections, vocabulary, weeks
from services.reflections import Part
from tests.pages.conftest import App, Somebody, has, pick, press, today, words, write

THIS = weeks.monday(today())
LAST = THIS - weeks.WEEK


def key(field: str, week: date = THIS) -> str:
    return f"weekly_reflection_{week}_{field}"


def opened(who: Somebody, week: date = THIS) -> AppTest:
    return who.visits("weekly_reflection", week=str(week))


def handed(who: Somebody) -> dict:
    """What was said in the reflection they saved last."""
    return who.saved("reflection.hand_in")[-1].params


def in_database(who: Somebody, week: date = THIS) -> reflections.Reflection | None:
    return reflections.of_week(who.db, therapist=who.id, team=who.team, week=week)


def has_handed_in(who: Somebody, week: date, **parts: Part) -> reflections.Reflection:
    """A reflection of this week in the database, as handed in from elsewhere."""
    reflections.hand_in(
        who.outbox, therapist=who.id, team=who.team, week=week, ratings={1: 2, 2: None}, behaviours=["name_used"],
        parts=parts, based_on=0, today=today(),
    )  # fmt: skip
    who.synced()
    return in_database(who, week)


def is_read(who: Somebody, reflection: reflections.Reflection) -> Somebody:
    supervisor = who.app.person("supervisor", name="Sue Sedge", team=who.team)
    reflections.mark_read(supervisor.outbox, therapist=who.id, reflection=reflection.id)
    supervisor.synced()
    return supervisor


def test_what_is_written_is_handed_in_and_nothing_of_it_is_shared_by_itself(alice):
    at = opened(alice)
    for number, answer in {1: 2, 2: "cannot_tell", 6: 4}.items():
        pick(at, key(f"cause_{number}"), answer)
    pick(at, key("behaviours"), ["eye_contact", "interested"])
    pick(pick(at, key("reframes_used"), ["repair_heals"]), key("reframes_helped"), "a_little")
    pick(at, key("frustration"), 2)
    pick(pick(at, key("expectation_whose"), "mine"), key("expectation_realistic"), "partly")
    write(at, key("expectation_text"), "That she calls her father")
    pick(pick(at, key("feelings"), ["bored", "sad"]), key("support_used"), ["colleague"])
    at.text_input(key=key("support_text")).set_value("Tuesday, to laugh about it").run()
    for name in ("strength", "intention", "avoided_topic", "private_text", "not_brought"):
        write(at, key(name), f"my {name} 🙂")
    press(at, key("save"))
    assert "Handed in" in words(at)
    alice.synced()
    found = in_database(alice)
    assert found.version == 1
    assert found.ratings == {1: 2, 2: None, 6: 4}  # "can't tell" is an answer, what was left open is none
    assert set(found.behaviours) == {"eye_contact", "interested"}
    assert {name: part.value for name, part in found.parts.items()} == {
        "reframes": {"used": ["repair_heals"], "helped": "a_little"}, "frustration": 2, "feelings": ["bored", "sad"],
        "expectation": {"whose": "mine", "realistic": "partly", "text": "That she calls her father"},
        "support": {"used": ["colleague"], "text": "Tuesday, to laugh about it"}, "strength": "my strength 🙂",
        "intention": "my intention 🙂", "avoided_topic": "my avoided_topic 🙂", "private_text": "my private_text 🙂",
        "not_brought": "my not_brought 🙂",
    }  # fmt: skip
    assert not any(part.shared for part in found.parts.values())


def test_the_supervisor_sees_what_was_switched_on_and_what_is_written_for_them(alice):
    at = opened(alice)
    for name in ("strength", "intention", "shared_text", "private_text", "not_brought"):
        write(at, key(name), f"canary {name}")
    at.toggle(key=key("share_strength")).set_value(True).run()
    said = words(at)
    assert "**Your supervisor will see** that you handed in, “A strength of mine”, “For supervision”." in said
    assert (
        "**Only you will see** “What I will try next week”, “Only for me”, “Something I did not bring”."
        in said
    )
    press(at, key("save"))
    alice.synced()
    sue = alice.app.person("supervisor", name="Sue Sedge", team=alice.team)
    (seen,) = reflections.handed_in(sue.db, team=alice.team, since=THIS, until=THIS)
    assert {name: part.value for name, part in seen.parts.items()} == {
        "strength": "canary strength", "shared_text": "canary shared_text",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(vocabulary.ALWAYS_PRIVATE_PARTS))
def test_the_private_parts_have_no_switch(alice, name):
    assert not has(opened(alice), key(f"share_{name}"))


def test_it_says_that_the_ratings_are_no_measurement_and_who_sees_them(alice):
    said = words(opened(alice))
    assert vocabulary.NOT_A_MEASURE in said
    assert "Your supervisor sees them once you have handed in." in said


def test_each_part_comes_back_in_another_browser_under_its_own_week(alice):
    at = opened(alice)
    write(pick(at, key("cause_3"), 1), key("strength"), "of this week")
    write(opened(alice, LAST), key("strength", LAST), "of last week")
    again = opened(alice)
    assert "You started this today at" in words(again)
    assert again.button_group(key=key("cause_3")).value == 1
    assert again.text_area(key=key("strength")).value == "of this week"
    again.selectbox(key="weekly_reflection_week").set_value(LAST).run()
    assert again.text_area(key=key("strength", LAST)).value == "of last week"
    again.selectbox(key="weekly_reflection_week").set_value(THIS).run()
    assert again.text_area(key=key("strength")).value == "of this week"


def test_a_form_sent_from_two_windows_is_handed_in_once(alice):
    write(opened(alice), key("strength"), "once")
    first, second = opened(alice), opened(alice)
    press(first, key("save"))
    press(second, key("save"))
    assert len(alice.saved("reflection.hand_in")) == 1
    assert "You went on with this in another window" in words(second)
    assert "Handed in today at" in words(second)


def test_last_weeks_intention_comes_before_any_question(alice):
    has_handed_in(alice, LAST, intention=Part("Ask *before* I explain"))
    said = words(opened(alice))
    assert "Last week you wanted to try: **Ask \\*before\\* I explain**" in said
    assert said.index("you wanted to try") < said.index("The six causes")


def test_an_older_intention_is_named_with_its_week(alice):
    has_handed_in(alice, LAST - weeks.WEEK, intention=Part("Slow down"))
    assert f"In {weeks.spelt(LAST - weeks.WEEK)} you wanted to try: **Slow down**" in words(opened(alice))


def test_the_eight_behaviours_open_when_rapport_is_rated(alice):
    at = opened(alice)
    assert not has(at, key("behaviours"))
    pick(at, key("cause_1"), 0)
    assert len(at.button_group(key=key("behaviours")).options) == 8
    pick(pick(at, key("behaviours"), ["matching"]), key("cause_1"), None)
    press(at, key("save"))
    assert handed(alice)["behaviours"] == []


@pytest.mark.parametrize(("answer", "offered"), [(2, False), (3, True), (4, True), ("cannot_tell", False)])
def test_the_four_thoughts_are_offered_when_fear_of_engagement_is_high(alice, answer, offered):
    at = pick(opened(alice), key("cause_6"), answer)
    assert has(at, key("reframes_used")) is offered
    if offered:
        assert len(at.button_group(key=key("reframes_used")).options) == 4


@pytest.mark.parametrize(
    ("threshold", "answer", "asked"), [(3, 2, False), (3, 3, True), (2, 2, True), (4, 3, False)]
)
def test_the_let_go_question_comes_when_frustration_is_high_for_this_team(alice, threshold, answer, asked):
    alice.app.sql.execute(
        "update public.team_settings set frustration_high = %s where team_id = %s", (threshold, alice.team)
    )
    at = pick(opened(alice), key("frustration"), answer)
    assert has(at, key("let_go")) is asked
    assert ("cause 2, own agenda" in words(at)) is asked


def test_what_was_written_to_let_go_of_stays_in_view_when_frustration_falls(alice):
    at = write(pick(opened(alice), key("frustration"), 4), key("let_go"), "his job")
    pick(at, key("frustration"), 0)
    assert at.text_area(key=key("let_go")).value == "his job"


def test_late_weeks_can_be_filled_and_the_list_says_which_are_done(alice):
    has_handed_in(alice, LAST)
    late = LAST - weeks.WEEK
    write(opened(alice, late), key("strength", late), "late, and fine")
    at = opened(alice, late)
    shown = at.selectbox(key="weekly_reflection_week").options
    assert len(shown) == 9
    assert [each.rsplit(" · ")[-1] for each in shown[:4]] == ["open", "handed in", "begun", "open"]
    press(at, key("save", late))
    alice.synced()
    assert in_database(alice, late).parts["strength"].value == "late, and fine"


def test_a_link_to_a_week_opens_it_and_leaves_the_next_choice_free(alice):
    at = opened(alice, LAST)
    at.selectbox(key="weekly_reflection_week").set_value(THIS).run()
    assert at.selectbox(key="weekly_reflection_week").value == THIS
    at.switch_page("../pages/home.py").run()
    at.query_params["week"] = str(LAST)
    at.switch_page("../pages/weekly_reflection.py").run()
    assert at.selectbox(key="weekly_reflection_week").value == LAST


@pytest.mark.parametrize("asked", ["2026-02-30", "1999-01-04", "'; drop table", "x" * 5_000])
def test_a_week_that_cannot_be_asked_for_is_this_week(alice, asked):
    at = alice.visits("weekly_reflection", week=asked)
    assert not at.exception
    assert at.selectbox(key="weekly_reflection_week").value == THIS


def test_weeks_before_somebody_came_to_the_team_are_not_asked_for(app: App):
    new = app.person("therapist", name="Nia New", since=timedelta(days=today().weekday() + 1))
    assert len(opened(new).selectbox(key="weekly_reflection_week").options) == 2


def test_a_week_that_begins_later_for_the_team_waits(alice):
    starts_on = today().isoweekday() + 1
    if starts_on > 7:
        starts_on = 7
    alice.app.sql.execute(
        "update public.team_settings set week_starts_on = %s where team_id = %s", (starts_on, alice.team)
    )
    first = opened(alice).selectbox(key="weekly_reflection_week").options[0]
    assert first.startswith("this week" if today().isoweekday() >= starts_on else "last week")


def test_it_can_be_changed_until_it_is_read(alice):
    has_handed_in(alice, THIS, strength=Part("first", shared=True), private_text=Part("mine"))
    at = opened(alice)
    assert "You can change it until your supervisor has read it" in words(at)
    assert at.button(key=key("save")).label == "Hand in the change"
    assert at.text_area(key=key("strength")).value == "first"
    assert at.toggle(key=key("share_strength")).value is True
    assert at.button_group(key=key("cause_2")).value == "cannot_tell"
    assert at.button_group(key=key("behaviours")).value == ["name_used"]
    write(at, key("strength"), "second")
    press(at, key("save"))
    assert handed(alice)["based_on"] == 1
    alice.synced()
    found = in_database(alice)
    assert (found.version, found.parts["strength"].value, found.parts["private_text"].value) == (
        2,
        "second",
        "mine",
    )


def test_a_change_of_what_is_still_on_its_way_builds_on_it(alice):
    press(write(opened(alice), key("strength"), "first"), key("save"))
    at = opened(alice)
    assert at.text_area(key=key("strength")).value == "first"
    press(write(at, key("strength"), "second"), key("save"))
    alice.synced()
    found = in_database(alice)
    assert (found.version, found.parts["strength"].value) == (2, "second")
    assert alice.outbox.parked() == []


def test_once_read_it_stands_and_says_since_when(alice):
    is_read(
        alice, has_handed_in(alice, THIS, strength=Part("as it was", shared=True), private_text=Part("mine"))
    )
    at = opened(alice)
    said = words(at)
    assert "Read by your supervisor today at" in said
    assert "as it was" in said
    assert "shared" in said
    assert "mine" in said
    assert not has(at, key("save"))
    assert not has(at, key("strength"))


def test_what_was_begun_before_the_reading_is_shown_and_can_be_let_go(alice):
    reflection = has_handed_in(alice, THIS, strength=Part("as it was"))
    at = write(opened(alice), key("strength"), "too late")
    is_read(alice, reflection)
    at.run()
    assert "Read by your supervisor" in words(at)
    assert "as it was" in words(at)
    assert "too late" in words(at)
    press(at, "weekly_reflection_let_go")
    assert "too late" not in words(opened(alice))


def test_a_click_after_the_reading_hands_nothing_in_and_loses_nothing(alice):
    reflection = has_handed_in(alice, THIS, strength=Part("as it was"))
    at = write(opened(alice), key("strength"), "too late")
    is_read(alice, reflection)
    press(at, key("save"))
    assert len(alice.saved("reflection.hand_in")) == 1
    assert "too late" in words(at)


def test_a_change_that_was_sent_after_the_reading_is_shown_and_can_be_let_go(alice):
    is_read(alice, has_handed_in(alice, THIS, strength=Part("as it was")))
    reflections.hand_in(
        alice.outbox, therapist=alice.id, team=alice.team, week=THIS, ratings={}, behaviours=[],
        parts={"strength": Part("sent too late")}, based_on=1, today=today(),
    )  # fmt: skip
    alice.synced()
    at = opened(alice)
    assert "sent too late" in words(at)
    press(at, "weekly_reflection_let_go")
    assert alice.outbox.parked() == []
    assert "sent too late" not in words(opened(alice))


def test_what_was_handed_in_elsewhere_meanwhile_is_pointed_out_before_it_is_replaced(alice):
    at = write(opened(alice), key("strength"), "mine here")
    has_handed_in(alice, THIS, strength=Part("from elsewhere"))
    press(at, key("save"))  # this window had believed that nothing was handed in
    assert "You handed this week in from another place" in words(at)
    assert len(alice.saved("reflection.hand_in")) == 1
    assert at.text_area(key=key("strength")).value == "mine here"
    press(at, key("save"))
    alice.synced()
    found = in_database(alice)
    assert (found.version, found.parts["strength"].value) == (2, "mine here")


def test_a_change_that_the_database_refused_is_shown_with_its_reason_and_can_be_handed_in_again(alice):
    has_handed_in(alice, THIS, strength=Part("from elsewhere"))
    reflections.hand_in(
        alice.outbox, therapist=alice.id, team=alice.team, week=THIS, ratings={3: 1}, behaviours=[],
        parts={"strength": Part("mine here")}, based_on=0, today=today(),
    )  # fmt: skip
    alice.synced()
    at = opened(alice)
    assert "was changed elsewhere" in words(at)
    assert "from elsewhere" in words(at)  # both versions are in view
    assert at.text_area(key=key("strength")).value == "mine here"
    press(at, key("save"))
    alice.synced()
    found = in_database(alice)
    assert (found.version, found.parts["strength"].value, found.ratings) == (2, "mine here", {3: 1})
    assert alice.outbox.parked() == []


def test_a_change_that_the_database_refused_can_be_let_go(alice):
    has_handed_in(alice, THIS, strength=Part("from elsewhere"))
    reflections.hand_in(
        alice.outbox, therapist=alice.id, team=alice.team, week=THIS, ratings={}, behaviours=[],
        parts={"strength": Part("mine here")}, based_on=0, today=today(),
    )  # fmt: skip
    alice.synced()
    at = press(opened(alice), "weekly_reflection_parked")
    assert alice.outbox.parked() == []
    assert at.text_area(key=key("strength")).value == "from elsewhere"


def test_details_that_could_identify_somebody_are_pointed_out_with_the_part_they_are_in(alice):
    at = press(write(opened(alice), key("not_brought"), "Herr Schmidt cried"), key("save"))
    assert "“Something I did not bring”: This looks like a name with a title" in words(at).replace("\\", "")
    assert alice.outbox.recent() == []
    press(at, key("as_it_is"))
    assert handed(alice)["parts"]["not_brought"]["value"] == "Herr Schmidt cried"


def test_a_text_that_is_too_long_is_refused_by_its_name_and_stays(alice):
    at = press(write(opened(alice), key("strength"), "a" * 10_000), key("save"))
    assert "“A strength of mine” has 10,000 characters; 2,000 fit" in words(at)
    assert len(at.text_area(key=key("strength")).value) == 10_000


def test_while_the_database_is_away_one_reflects_all_the_same(alice):
    has_handed_in(alice, LAST, intention=Part("Breathe"))
    at = opened(alice)
    alice.app.loses_the_database()
    at.run()
    assert "may be missing here just now" in words(at)
    assert "Breathe" in words(at)
    press(write(at, key("strength"), "kept here"), key("save"))
    assert "Handed in" in words(at)
    assert handed(alice)["parts"]["strength"]["value"] == "kept here"


def test_a_new_session_while_the_database_is_away_still_has_the_form(alice):
    at = alice.visits("home")
    alice.app.loses_the_database()
    at.switch_page("../pages/weekly_reflection.py").run()
    press(write(at, key("strength"), "kept here"), key("save"))
    assert handed(alice)["parts"]["strength"]["value"] == "kept here"


def test_after_handing_in_the_way_to_the_database_is_shown(alice):
    at = press(write(opened(alice), key("strength"), "x"), key("save"))
    assert vocabulary.OPERATION_STATES["saved"].help in words(at)
    alice.synced()
    at.run()
    assert vocabulary.OPERATION_STATES["synced"].help in words(at)
    press(at, "weekly_reflection_again")
    assert at.text_area(key=key("strength")).value == "x"


def test_another_week_can_be_chosen_right_after_handing_in(alice):
    at = press(write(opened(alice), key("strength"), "x"), key("save"))
    at.selectbox(key="weekly_reflection_week").set_value(LAST).run()
    assert has(at, key("strength", LAST))


def test_episodes_are_no_part_of_it(alice):
    """Ratings of an episode do not fill in the week."""
    case = cases.open(alice.outbox, team=alice.team, code="C-7007").entity
    episodes.log(
        alice.outbox,
        team=alice.team,
        case=case,
        happened_on=today(),
        kind="other",
        today=today(),
        ratings={1: 4},
    )
    alice.synced()
    assert opened(alice).button_group(key=key("cause_1")).value is None
