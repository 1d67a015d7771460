"""The tabs of episodes and ruptures on the case page: corrected, with history; closed, with what helped."""

from datetime import timedelta

import pytest

from services import episodes, ruptures, texts
from tests.pages.conftest import has, pick, press, today, words, write
from tests.pages.long_case import fill
from tests.pages.test_case import at_case, key, on, opened


def logged(who, case, **more):
    given = {
        "happened_on": today() - timedelta(days=3),
        "kind": "withdrawal",
        "intensity": 4,
        "ratings": {2: 3},
        "note": "went quiet",
    }
    episodes.log(who.outbox, team=who.team, case=case, today=today(), **given | more)
    who.synced()
    return episodes.of_case(who.db, therapist=who.id, case=case)[0]


@pytest.mark.parametrize("length", [0, 150])
def test_both_tabs_bear_any_length_a_reader_and_a_database_that_is_away(alice, length):
    if length:
        case = fill(
            alice.app.sql, therapist=alice.id, team=alice.team, code="C-0030", sessions=length, until=today()
        )
    else:
        case = opened(alice, "C-0030")
    sue = alice.app.person("supervisor", name="Sue Sedge", team=alice.team)
    for who in (alice, sue):
        at = at_case(who, case)
        for tab, said in (
            ("Episodes", "No episode is on record yet."),
            ("Ruptures", "No rupture is on record as open."),
        ):
            at = on(at, case, tab)
            assert not at.exception
            assert (said in words(at)) == (not length)
        assert has(at, key(case, "rupture_new")) == (who is alice)
    if length:
        assert "Show all 21" in words(on(at_case(alice, case), case, "Episodes"))
    at = at_case(alice, case)
    alice.app.loses_the_database()
    for tab in ("Episodes", "Ruptures"):
        at = on(at, case, tab)
        assert not at.exception
        assert "cannot be shown just now" in words(at)


def test_an_episode_is_corrected_and_says_what_it_said_before(alice):
    case = opened(alice, "C-0031")
    episode = logged(alice, case)
    field = f"episode_{episode.id}"
    at = on(at_case(alice, case), case, "Episodes", f"{field}_open")
    said = words(at)
    assert "Strength: 4, strong" in said
    assert "Causes: Own agenda 3 · a lot" in said
    assert "went quiet" in said
    assert not has(at, key(case, f"{field}_before"))
    pick(at, key(case, f"{field}_kind"), "yes_but")
    pick(at, key(case, f"{field}_first_blame"), "neither")
    press(at, key(case, f"{field}_save"))
    assert "“Yes, but …” · " in words(at)  # at once
    assert "First blame: Neither" in words(at)
    alice.synced()
    now = episodes.of_case(alice.db, therapist=alice.id, case=case)[0]
    assert (now.kind, now.first_blame, now.intensity, now.ratings, now.version) == (
        "yes_but",
        "neither",
        4,
        {2: 3},
        2,
    )
    said = words(on(at_case(alice, case), case, "Episodes", f"{field}_before"))
    assert "what happened Withdrawal, then “Yes, but …”; first blame not stated, then Neither" in said
    assert "strength 4" not in said


def test_what_ratings_said_before_is_listed_too(alice):
    case = opened(alice, "C-0034")
    episode = logged(alice, case, ratings={1: None, 2: 3})
    for version, ratings in ((1, {1: None, 2: 1}), (2, {2: 0, 5: 4})):
        episodes.amend(
            alice.outbox, episode=episode.id, based_on=version, happened_on=episode.happened_on, kind="withdrawal", today=today(),
            intensity=4, ratings=ratings,
        )  # fmt: skip
        alice.synced()
    said = words(on(at_case(alice, case), case, "Episodes", f"episode_{episode.id}_before"))
    later, first = [line for line in said.splitlines() if line.startswith("Until ")]
    assert "own agenda 1 · a little, then 0 · not a factor" in later
    assert "rapport can’t tell, then not rated" in later
    assert "own agenda 3 · a lot, then 1 · a little" in first
    assert "rapport" not in first


def test_a_note_stays_private_to_a_supervisor_and_the_history_too(alice):
    case = opened(alice, "C-0032")
    episode = logged(alice, case)
    sue = alice.app.person("supervisor", name="Sue Sedge", team=alice.team)
    at = on(at_case(sue, case), case, "Episodes")
    assert "Strength: 4, strong" in words(at)
    assert "went quiet" not in words(at)
    for name in ("open", "before"):
        assert not has(at, key(case, f"episode_{episode.id}_{name}"))


def test_a_rupture_is_opened_and_closed_here_with_what_helped(alice):
    case = opened(alice, "C-0033")
    at = on(at_case(alice, case), case, "Ruptures", "rupture_new")
    press(at, key(case, "rupture_save"))
    assert "Please choose what kind of rupture it is." in words(at)
    pick(at, key(case, "rupture_kind"), "withdrawal")
    press(at, key(case, "rupture_save"))
    assert "C\\-0033 · Withdrawal" in words(at)
    alice.synced()
    (rupture,) = ruptures.open_in(alice.db, team=alice.team)
    at = on(at_case(alice, case), case, "Ruptures")
    at.session_state[f"ruptures_{rupture.id}_end"] = True
    at.run()
    pick(at, f"ruptures_{rupture.id}_close_outcome", "repaired")
    write(at, f"ruptures_{rupture.id}_close_helped", "Saying sorry first")
    press(at, f"ruptures_{rupture.id}_close_save")
    assert "What helped: Saying sorry first" in words(at)
    alice.synced()
    (text,) = texts.of(alice.db, case=case)
    assert (text.body, text.shared) == ("Saying sorry first", False)
    assert "What helped: Saying sorry first" in words(on(at_case(alice, case), case, "Ruptures"))
    assert "What helped: Saying sorry first" in words(alice.visits("ruptures"))
    sue = alice.app.person("supervisor", name="Sue Sedge", team=alice.team)
    for said in (words(on(at_case(sue, case), case, "Ruptures")), words(sue.visits("ruptures"))):
        assert "Repaired on" in said
        assert "Saying sorry" not in said
    at = on(at_case(alice, case), case, "Ruptures")
    (switch,) = [toggle for toggle in at.toggle if toggle.label == "Share with my supervisor"]
    switch.set_value(True).run()
    alice.synced()
    assert "Saying sorry" in words(on(at_case(sue, case), case, "Ruptures"))


def test_the_ruptures_page_leads_to_the_case(alice):
    opened(alice, "C-0034")
    case = opened(alice, "C-0035")
    op = ruptures.open(
        alice.outbox, team=alice.team, case=case, kind="mixed", noticed_on=today(), today=today()
    )
    alice.synced()
    at = press(alice.visits("ruptures"), f"ruptures_{op.entity}_case")
    assert at.selectbox(key="case_chosen").value == str(case)


def test_after_logging_an_episode_its_case_is_one_tap_away(alice):
    opened(alice, "C-0036")
    case = opened(alice, "C-0037")
    at = alice.visits("log_episode")
    pick(at, "log_episode_case", str(case))
    pick(at, "log_episode_kind", "stalled")
    at = press(at, "log_episode_save")
    at = press(at, "log_episode_case_page")
    assert at.selectbox(key="case_chosen").value == str(case)
