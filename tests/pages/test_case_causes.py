"""The tab on causes: what speaks for and against each, with a way to every entry; for its therapist and the supervisor."""

from datetime import timedelta
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from services import cases, episodes, ids, reflections, ruptures, vocabulary, weeks
from services.reflections import Part
from tests.pages.conftest import Somebody, has, press, today
from tests.pages.conftest import words as raw
from tests.pages.long_case import fill
from tests.pages.test_case import at_case, key, opened


def words(at: AppTest) -> str:
    return raw(at).replace("\\", "")


def causes(who: Somebody, case: UUID) -> AppTest:
    at = at_case(who, case)
    at.session_state[key(case, "tab")] = "Causes"
    return at.run()


def card(at: AppTest, cause: int, side: str, case: UUID) -> str:
    """What one side of one cause says."""
    said = words(at).split(f"\n{cause} {vocabulary.CAUSES[cause].label}")[1]
    said = said.split(f"\n{cause + 1} {vocabulary.CAUSES[cause + 1].label}")[0] if cause < 6 else said
    before, _, after = said.partition("**Speaks against it**")
    return before if side == "for" else after


def log(who: Somebody, case: UUID, days_ago: int = 0, **more) -> str:
    day = today() - timedelta(days=days_ago)
    return episodes.log(
        who.outbox, team=who.team, case=case, happened_on=day, today=today(), **{"kind": "withdrawal"} | more
    ).entity  # fmt: skip


def goal(who: Somebody, case: UUID, set_by: str = "together") -> None:
    who.outbox.accept(
        kind="goal.set", entity=ids.new(), after=[str(case)],
        params={"team": str(who.team), "case": str(case), "set_by": set_by, "importance": 8,
                "set_on": str(today() - timedelta(days=90))},
    )  # fmt: skip


def test_with_nothing_logged_it_is_not_enough_to_say_and_says_what_would_help(alice):
    case = opened(alice)
    at = causes(alice, case)
    said = words(at)
    assert not at.exception
    assert "Facts that were logged. They do not decide." in said
    assert said.count("Not enough to say.") == 5  # the fourth is not offered
    assert "The client’s check-in on the relationship" in said
    assert "Own rating: none yet." in said


def test_cause_four_says_why_it_is_not_offered_and_is_once_a_goal_is_shared(alice):
    case = opened(alice)
    log(alice, case, kind="yes_but")
    goal(alice, case, "therapist")
    alice.synced()
    said = words(causes(alice, case))
    assert (
        "Not offered here. “Part of what is treated” presumes goals made together; every open goal on record was proposed"
        in said
    )
    goal(alice, case)
    alice.synced()
    at = causes(alice, case)
    assert "Not offered here" not in words(at)
    assert "“Yes, but …” or a topic avoided" in card(at, 4, "for", case)


def test_facts_stand_on_their_side_with_their_day_and_the_own_rating_beside_them(alice):
    case = opened(alice, control_sensitivity=4)
    log(alice, case, 3, next_move="insisted", named="yes", ratings={3: 2, 6: None})
    alice.synced()
    at = causes(alice, case)
    day = today() - timedelta(days=3)
    assert "The next move was to go on in the same direction" in card(at, 3, "for", case)
    assert f"{day.day} {day:%B}" in card(at, 3, "for", case)
    assert "the next move: “Insisted”" in card(at, 3, "for", case)
    assert "sensitivity to control is recorded as 4 of 4 (at the head of this page)" in card(
        at, 3, "for", case
    )
    assert "Own rating: **2 · partly**, in the episode of" in words(at)
    assert "Own rating: **can’t tell**" in words(at)
    assert "It was named with the client" in card(at, 6, "against", case)
    assert "After S5; doi 10.1080/10503307.2022.2153093." in words(at)


def test_an_episode_leads_to_a_look_at_it_alone(alice):
    case = opened(alice)
    old = log(alice, case, 40, next_move="insisted", intensity=5, first_blame="client")
    log(alice, case, 1, next_move="asked")
    alice.synced()
    at = causes(alice, case)
    assert "ask, or change course" in card(at, 3, "against", case)
    press(at, key(case, f"cause_bending-insisted_{old}"))
    assert at.selectbox(key=key(case, "cause_scope")).value == old
    said = words(at)
    assert "intensity 5 of 5 · first blame: the client · next move: insisted" in said
    assert "ask, or change course" not in said
    at.selectbox(key=key(case, "cause_scope")).set_value("whole").run()
    assert "ask, or change course" in words(at)


def test_every_way_from_a_fact_leads_somewhere(alice):
    case = opened(alice)
    log(alice, case, 9)
    week = weeks.monday(today() - timedelta(days=9))
    reflections.hand_in(
        alice.outbox, therapist=alice.id, team=alice.team, week=week, ratings={}, behaviours=["matching"],
        parts={"feelings": Part(["distant"])}, based_on=0, today=today(),
    )  # fmt: skip
    rupture = ruptures.open(
        alice.outbox, team=alice.team, case=case, kind="mixed", noticed_on=today(), today=today()
    ).entity  # fmt: skip
    alice.synced()
    at = causes(alice, case)
    reflection = reflections.identity(therapist=alice.id, team=alice.team, week=week)
    assert has(at, key(case, f"cause_rapport-far-away_{reflection}"))
    assert f"{weeks.spelt(week)}: in the room: “Distant”" in words(at)
    press(at, key(case, f"cause_rapport-rupture-open_{rupture}"))
    assert "A strain between client and therapist" in words(at)  # the page of ruptures
    at = causes(alice, case)
    press(at, key(case, f"cause_rapport-far-away_{reflection}"))
    assert "Handed in today" in words(at)  # the weekly reflection at that week; this week's is not handed in


def test_the_supervisor_sees_facts_and_shared_parts_and_no_more(alice):
    case = opened(alice)
    log(alice, case, 2, next_move="nothing", note="canary note")
    week = weeks.monday(today() - timedelta(days=2))
    reflections.hand_in(
        alice.outbox, therapist=alice.id, team=alice.team, week=week, ratings={}, behaviours=["matching"], based_on=0, today=today(),
        parts={"feelings": Part(["distant"], shared=True), "avoided_topic": Part("canary topic"), "frustration": Part(4)},
    )  # fmt: skip
    alice.synced()
    assert "A topic that the therapist avoided is written down" in words(causes(alice, case))
    sue = alice.app.person("supervisor", name="Sue Sedge", team=alice.team)
    at = causes(sue, case)
    said = words(at)
    assert "The moment was let pass" in card(at, 6, "for", case)
    assert "in the room: “Distant”" in said
    assert "of reflections only the parts that were shared" in said
    assert "canary" not in said
    assert "A topic that the therapist avoided" not in said
    assert "Frustration was high" not in said


@pytest.mark.parametrize("sessions", [1, 150])
def test_a_case_of_any_length_is_shown_with_earlier_entries_on_request(alice, sessions):
    case = fill(
        alice.app.sql, therapist=alice.id, team=alice.team, code="C-0150", sessions=sessions, until=today()
    )
    at = causes(alice, case)
    assert not at.exception
    if sessions == 150:
        near = key(case, "cause_rapport-moved-away_earlier")
        before = len([b for b in at.button if "cause_rapport-moved-away" in b.key])
        assert before == 2
        at.session_state[near] = True
        assert len([b for b in at.run().button if "cause_rapport-moved-away" in b.key]) > before


def test_while_the_database_is_away_the_last_known_stays(alice):
    case = opened(alice)
    log(alice, case, next_move="asked")
    alice.synced()
    at = causes(alice, case)
    alice.app.loses_the_database()
    at.run()
    assert "ask, or change course" in card(at, 3, "against", case)
    assert not at.exception


def test_what_was_never_read_says_so_while_the_database_is_away(alice):
    case = opened(alice)
    at = at_case(alice, case)
    alice.app.loses_the_database()
    at.session_state[key(case, "tab")] = "Causes"
    assert "cannot be shown just now" in words(at.run())
    assert not at.exception


def test_what_waits_to_be_sent_is_said_not_to_be_among_the_facts(alice):
    case = UUID(cases.open(alice.outbox, team=alice.team, code="C-0007").entity)
    at = causes(alice, case)
    assert not at.exception
    assert "What is still on its way to the database is not among the facts yet." in words(at)
