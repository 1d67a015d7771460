"""Home: what waits, in plain words, and nothing that blames."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from services import cases, episodes, reflections, ruptures, weeks
from services.reflections import Part
from tests.pages.conftest import App, Somebody, has, pick, press, today, words, write

THIS = weeks.monday(today())
LAST = THIS - weeks.WEEK
BLAMING = re.compile(
    r"overdue|too late|missed|failed|neglect|behind|must|should have|resistant|non-?complian|warning", re.I
)


def hands_in(who: Somebody, week=THIS, **parts: Part) -> None:
    reflections.hand_in(
        who.outbox,
        therapist=who.id,
        team=who.team,
        week=week,
        ratings={1: 2, 4: 3},
        behaviours=[],
        parts=parts,
        based_on=0,
        today=today(),
    )
    who.synced()


def has_rupture(who: Somebody, code: str, *, days_ago: int) -> ruptures.Rupture:
    case = UUID(cases.open(who.outbox, team=who.team, code=code).entity)
    day = today() - timedelta(days=days_ago)
    op = ruptures.open(who.outbox, team=who.team, case=case, kind="withdrawal", noticed_on=day, today=today())
    who.synced()
    return next(one for one in ruptures.open_in(who.db, team=who.team) if str(one.id) == op.entity)


def links(at: AppTest) -> list[str]:
    return [element.proto.label for element in at.main if element.type == "page_link"]


def test_somebody_new_is_greeted_and_shown_where_to_begin(app: App):
    new = app.person("therapist", name="Nia New", since=timedelta(0))
    at = new.visits("home")
    said = words(at)
    assert "Hello, Nia" in said
    assert "Your reflection for this week is open" in said
    assert "earlier week" not in said
    assert "No ratings yet; they appear here with your first weekly reflection." in str(
        at.get("plotly_chart")[0].proto
    )
    assert {"home_log", "home_reflect"} <= {button.key for button in at.button}


def test_the_big_buttons_lead_to_the_forms(alice):
    assert "What happened?" in words(press(alice.visits("home"), "home_log"))
    assert "The six causes" in words(press(alice.visits("home"), "home_reflect"))


def test_weeks_that_can_still_be_filled_are_named_until_they_are(alice):
    hands_in(alice, LAST)
    said = words(alice.visits("home"))
    assert "Your reflection for this week is open" in said
    assert "7 earlier weeks can still be filled, if you like" in said
    assert weeks.spelt(LAST).split("-")[1] not in said.split("earlier weeks")[1].split("\n")[0]
    hands_in(alice, THIS)
    assert "Your reflection for this week is open" not in words(alice.visits("home"))


def test_what_they_said_they_would_try_is_there_in_the_week_after(alice):
    hands_in(alice, LAST, intention=Part("Ask before I explain"))
    assert "This week you wanted to try: **Ask before I explain**" in words(alice.visits("home"))


def test_open_ruptures_are_there_with_their_age_in_neutral_words(alice):
    rupture = has_rupture(alice, "C-0021", days_ago=16)
    ruptures.add_step(
        alice.outbox, rupture=rupture, stage="named", taken_on=today() - timedelta(days=4), today=today()
    )
    has_rupture(alice, "C-0022", days_ago=0)
    alice.synced()
    said = words(alice.visits("home"))
    assert "Rupture with **C\\-0021** (withdrawal): open for 16 days, 4 days without a step." in said
    assert "Rupture with **C\\-0022** (withdrawal): noticed today." in said


def test_only_the_oldest_three_ruptures_are_told_and_the_rest_counted(alice):
    for number in range(5):
        has_rupture(alice, f"C-003{number}", days_ago=10 - number)
    said = words(alice.visits("home"))
    assert "0032" in said
    assert "0033" not in said
    assert "2 more open ruptures." in said


def test_what_was_begun_waits_with_the_way_back_to_it(alice):
    pick(alice.visits("log_episode"), "log_episode_kind", "withdrawal")
    write(alice.visits("weekly_reflection", week=str(LAST)), f"weekly_reflection_{LAST}_strength", "x")
    at = alice.visits("home")
    assert "You began to log an episode today at" in words(at)
    assert "You began your reflection for last week" in words(at)
    assert links(at).count("Go on") == 2


def test_an_open_rupture_leads_to_its_case(alice):
    has_rupture(alice, "C-0035", days_ago=3)
    at = alice.visits("home")
    (go,) = [one.key for one in at.button if one.key.startswith("home_rupture_")]
    at = press(at, go)
    case = at.session_state["case_chosen"]
    assert at.session_state[f"case_{case}_tab"] == "Ruptures"


def test_their_own_weeks_are_shown_with_words_a_table_and_what_they_are_not(alice):
    hands_in(alice, THIS)
    at = alice.visits("home")
    (chart,) = at.get("plotly_chart")
    assert "1 week with ratings" in chart.proto.alt
    assert "not a measurement" in words(at)
    assert has(at, "home_own_weeks_csv") or "Download these numbers" in str(at.main)


def test_an_entry_that_the_database_refused_is_explained_and_can_be_sent_again_changed(alice):
    cases.open(alice.outbox, team=alice.team, code="C-0041")
    cases.open(alice.outbox, team=alice.team, code="C-0041")
    alice.synced()
    (op,) = alice.outbox.parked()
    at = alice.visits("home")
    assert "Entries that need you" in words(at)
    at.session_state[f"home_needs_{op.op_id}_change"] = True
    at.run()
    at.text_input(key=f"home_needs_{op.op_id}_edit_code").set_value("not a code").run()
    press(at, f"home_needs_{op.op_id}_edit_save")
    assert "Please use no names or initials" in words(at)
    at.text_input(key=f"home_needs_{op.op_id}_edit_code").set_value("C-0042").run()
    press(at, f"home_needs_{op.op_id}_edit_save")
    alice.synced()
    assert {case.code for case in cases.mine(alice.db, therapist=alice.id, team=alice.team)} == {
        "C-0041",
        "C-0042",
    }
    assert "Entries that need you" not in words(alice.visits("home"))


def test_a_refused_entry_shows_its_words_and_can_be_let_go(alice):
    case = UUID(int=7)  # no such case
    op = episodes.log(
        alice.outbox,
        team=alice.team,
        case=case,
        happened_on=today(),
        kind="other",
        today=today(),
        note="canary words",
    )
    alice.synced()
    at = alice.visits("home")
    assert "canary words" in words(at)
    press(at, f"home_needs_{op.op_id}_discard")
    assert alice.outbox.parked() == []
    assert "canary words" not in words(at)


def test_the_supervisor_finds_what_to_read_and_the_oldest_rupture(alice):
    hands_in(alice, LAST, strength=Part("canary private"))
    has_rupture(alice, "C-0051", days_ago=33)
    sue = alice.app.person("supervisor", name="Sue Sedge", team=alice.team)
    at = sue.visits("home")
    said = words(at)
    assert "1 reflection handed in and not read yet" in said
    assert "Alice Ashby" in said
    assert "canary private" not in said
    assert "33 days" in at.get("plotly_chart")[0].proto.alt
    assert {"Read them", "Team trends", "Discussion prompts", "Ruptures"} <= set(links(at))
    assert not has(at, "home_log")


def test_a_supervisor_with_nothing_to_read_sees_that(app: App):
    said = words(app.person("supervisor", name="Sue Sedge").visits("home"))
    assert "Every reflection handed in so far has been read." in said
    assert "That can also mean that none has been written down yet." in said


def test_somebody_with_both_roles_sees_both_parts(app: App):
    said = words(app.person("therapist", "supervisor", name="Bo Both").visits("home"))
    assert "What waits for you" in said
    assert "to read and to prepare" in said


def test_nothing_on_it_blames(alice):
    hands_in(alice, LAST - weeks.WEEK, intention=Part("Slow down"))
    has_rupture(alice, "C-0061", days_ago=50)
    assert BLAMING.findall(words(alice.visits("home"))) == []


def test_while_the_database_is_away_it_shows_what_is_known_and_says_so(alice):
    hands_in(alice, LAST, intention=Part("Breathe"))
    at = alice.visits("home")
    alice.app.loses_the_database()
    at.run()
    assert "cannot be shown just now" in words(at)
    assert "Breathe" in words(at)
    assert has(at, "home_log")


@pytest.mark.parametrize("name", ["*Stars* Miller", "<b>Bold</b>", "Ünal"])
def test_any_name_is_shown_as_it_is(app: App, name):
    at = app.person("therapist", name=name).visits("home")
    assert at.title[0].value.replace("\\", "") == f"Hello, {name.split()[0]}"
