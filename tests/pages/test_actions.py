"""Actions: agreed on the case page, seen on Home by whoever does them, and what became of them."""

from datetime import timedelta
from uuid import UUID

from services import actions, flags, ruptures
from tests.pages.conftest import Somebody, has, pick, press, today, words, write
from tests.pages.test_case_formulation import at_tab, opened, supervisor, unfolds


def agrees(
    who: Somebody, case: UUID, alice: Somebody, what: str, *, days: int = 7, owner: UUID | None = None
) -> actions.Action:
    op = actions.agree(
        who.outbox, team=alice.team, owner=owner or alice.id, what=what, therapist=alice.id, case=case, due_on=today() + timedelta(days=days)
    )  # fmt: skip
    who.synced()
    return next(one for one in actions.in_team(who.db, team=alice.team) if str(one.id) == op.entity)


def test_a_therapist_agrees_on_something_for_themselves_and_says_whether_it_helped(alice):
    case = opened(alice)
    at = at_tab(alice, case, "Supervision")
    assert "No action is open on this case." in words(at)
    unfolds(at, case, "agree_0")
    press(at, f"case_{case}_agree_save")
    assert "Please say what is to be done." in words(at)
    assert not has(at, f"case_{case}_agree_owner")
    write(at, f"case_{case}_agree_what", "Ask about the goal")
    press(at, f"case_{case}_agree_save")
    assert "Ask about the goal" in words(at)
    assert "Yours · agreed today · due on" in words(at)
    alice.synced()
    (one,) = actions.in_team(alice.db, team=alice.team, owner=alice.id)
    at = alice.visits("home")
    key = f"home_own_{alice.team}_action_{one.id}"
    assert "**C-0101:** Ask about the goal" in words(at).replace("\\", "")
    at.session_state[f"{key}_became_1"] = True
    at.run()
    pick(at, f"{key}_became_helped", "a_little")
    press(at, f"{key}_became_save")
    assert "Ask about the goal" not in words(at)
    alice.synced()
    at = unfolds(at_tab(alice, case, "Supervision"), case, "actions_done")
    assert "done today · did it help? a little" in words(at)


def test_a_supervisor_agrees_an_action_with_the_therapist_and_sees_the_open_ones_by_age(alice):
    case = opened(alice)
    sue = supervisor(alice)
    at = unfolds(at_tab(sue, case, "Supervision"), case, "agree_0")
    assert at.selectbox(key=f"case_{case}_agree_owner").options == ["Alice Ashby", "Sue Sedge"]
    write(at, f"case_{case}_agree_what", "canary younger")
    press(at, f"case_{case}_agree_save")
    sue.synced()
    older = agrees(sue, case, alice, "canary older", owner=sue.id)
    alice.app.sql.execute("update public.actions set created_on = created_on - 20 where id = %s", (older.id,))
    said = words(sue.visits("home"))
    assert said.index("canary older") < said.index("canary younger")
    assert "Agreed 20 days ago" in said or "agreed 20 days ago" in said
    mine = words(alice.visits("home"))
    assert "canary younger" in mine
    assert "canary older" not in mine
    bob = words(alice.app.person("therapist", name="Bob Brook", team=alice.team).visits("home"))
    assert "canary" not in bob


def test_what_belongs_to_another_case_of_the_team_is_not_on_this_one(alice):
    one, other = opened(alice, "C-0101"), opened(alice, "C-0102")
    agrees(supervisor(alice), one, alice, "canary one")
    assert "canary one" in words(at_tab(alice, one, "Supervision"))
    assert "canary one" not in words(at_tab(alice, other, "Supervision"))


def test_what_a_therapist_does_not_do_they_cannot_mark_as_done(alice):
    case = opened(alice)
    sue = supervisor(alice)
    one = agrees(sue, case, alice, "canary of sue", owner=sue.id)
    key = f"case_{case}_agreed_action_{one.id}_became_1"
    at = at_tab(alice, case, "Supervision")
    assert "canary of sue" in words(at)
    assert "A supervisor of the team" in words(at)
    assert "What became of it" not in [each.label for each in at.expander]
    assert "What became of it" in [each.label for each in at_tab(sue, case, "Supervision").expander], key


def test_with_the_database_away_an_action_is_agreed_and_stands_on_the_page(alice):
    case = opened(alice)
    at = unfolds(at_tab(alice, case, "Supervision"), case, "agree_0")
    alice.app.holds()
    alice.app.loses_the_database()
    write(at, f"case_{case}_agree_what", "canary while away")
    press(at, f"case_{case}_agree_save")
    assert "canary while away" in words(at)


def flagged(alice: Somebody, code: str = "C-0707") -> UUID:
    case = opened(alice, code)
    noticed = today() - timedelta(days=40)
    ruptures.open(alice.outbox, team=alice.team, case=case, kind="mixed", noticed_on=noticed, today=today())
    alice.synced()
    return case


def test_home_names_cases_worth_a_look_until_they_are_put_aside(alice):
    case = flagged(alice)
    opened(alice, "C-0708")
    at = alice.visits("home")
    said = words(at)
    assert "Worth a look" in said
    assert "Open rupture waits" in said
    assert not any(has(at, f"home_flags_{other}_go") for other in [alice.id])
    assert has(at, f"home_flags_{case}_go")
    for flag in flags.of_mine(alice.db, team=alice.team)[case]:
        flags.work(
            alice.outbox, team=alice.team, therapist=alice.id, case=case, flag=flag.id, kind="snoozed", today=today(),
            note="we are on it already", until_on=today() + timedelta(days=7),
        )  # fmt: skip
    assert "Worth a look" not in words(alice.visits("home"))  # while it is on its way
    alice.synced()
    assert "Worth a look" not in words(alice.visits("home"))
    assert "Open rupture waits" in words(unfolds(at_tab(alice, case, "Plan"), case, "flags")).replace(
        "\\", ""
    )


def test_whoever_is_asked_to_see_to_a_flag_finds_it_on_home_with_note_and_day(alice):
    case = flagged(alice)
    sue = supervisor(alice)
    clara = alice.app.person("lead", name="Clara Clay", team=alice.team)
    (r5,) = [one for one in flags.of_mine(alice.db, team=alice.team)[case] if one.rule == "R5"]
    of = {"team": alice.team, "therapist": alice.id, "case": case, "flag": r5.id, "today": today()}
    flags.work(
        clara.outbox,
        kind="assigned",
        assignee=sue.id,
        note="canary note",
        due_on=today() + timedelta(days=3),
        **of,
    )
    clara.synced()
    at = sue.visits("home")
    said = words(at)
    assert "You are asked to see to **C-0707**: Open rupture waits, due on" in said.replace("\\", "")
    assert "canary note" in said
    assert "asked to see to" not in words(alice.visits("home"))
    at = press(at, f"home_given_{alice.team}_{r5.id}_go")
    assert at.session_state["case_chosen"] == str(case)
    flags.work(sue.outbox, kind="resolved", outcome="discussed", **of)
    assert "asked to see to" not in words(sue.visits("home"))  # while it is on its way
    flags.work(clara.outbox, kind="assigned", assignee=alice.id, note="canary for you", **of)
    clara.synced()
    assert "canary for you" in words(alice.visits("home"))
