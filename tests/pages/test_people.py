"""People and teams, for its administrator: roles given and ended, invitations, a team's name; and a role that ends while its page is open."""

from datetime import timedelta

import pytest

from services import invitations, memberships, people
from tests.pages.conftest import Somebody, has, pick, press, words


@pytest.fixture
def ada(app) -> Somebody:
    return app.person("admin", name="Ada Ash")


def opened(who: Somebody, part: str):
    at = who.visits("people")
    at.session_state[f"people_{part}_open"] = True
    return at.run()


def roles(who: Somebody) -> set[tuple[str, str]]:
    today = memberships.today()
    found = memberships.of_team(who.db, team=who.team)
    return {(m.name, m.role) for m in found if m.state(today) == "now"}


def test_alone_in_a_team_one_sees_oneself_and_why_ones_own_role_stays(ada):
    at = ada.visits("people")
    assert not at.exception
    said = words(at)
    assert "Ada Ash" in said
    assert "Yours." in said
    assert "Nobody changes their own roles" in said
    assert "No invitation is open." in said
    assert not has(at, "people_find")


def test_a_role_is_given_to_somebody_of_the_clinic(app, ada):
    bob = app.person("therapist", name="Bob Birch", team=ada.team)
    at = opened(ada, "give")
    assert not has(at, "people_give_save")
    at.selectbox(key="people_give_person").set_value(bob.id).run()
    pick(at, "people_give_role", "supervisor")
    press(at, "people_give_save")
    assert not at.exception
    assert ("Bob Birch", "supervisor") in roles(ada)
    assert not has(at, "people_give_save")


def test_a_role_that_is_ended_holds_no_longer_on_the_page_that_is_open(app, ada):
    bob = app.person("therapist", name="Bob Birch", team=ada.team)
    his = bob.visits("log_episode")
    assert "You belong" not in words(his)
    (one,) = [m for m in memberships.of_team(ada.db, team=ada.team) if m.person == bob.id]
    at = opened(ada, f"role_{one.id}")
    press(at, f"people_role_{one.id}_save")
    assert not at.exception
    assert ("Bob Birch", "therapist") not in roles(ada)
    assert "Ended roles (1)" in words(at)
    his.session_state["signed_in"] = (his.session_state["signed_in"][0], -1000.0)  # half a minute later
    his.run()
    assert not his.exception
    assert "you do not belong to a team" in words(his)


def test_an_end_ahead_is_shown_as_the_last_day(app, ada):
    bob = app.person("therapist", name="Bob Birch", team=ada.team)
    (one,) = [m for m in memberships.of_team(ada.db, team=ada.team) if m.person == bob.id]
    at = opened(ada, f"role_{one.id}")
    on = memberships.today() + timedelta(days=10)
    at.date_input(key=f"people_role_{one.id}_on").set_value(on).run()
    press(at, f"people_role_{one.id}_save")
    last = on - timedelta(days=1)
    assert f"last day {last.day} {last:%B}" in words(at)
    assert people.me(bob.db).is_a("therapist")


def test_somebody_is_invited_and_the_invitation_withdrawn(ada):
    at = opened(ada, "invite")
    at.text_input(key="people_invite_email").set_value("Nina@clinic.example").run()
    at.text_input(key="people_invite_name").set_value("Nina New").run()
    pick(at, "people_invite_role", "therapist")
    press(at, "people_invite_save")
    assert not at.exception
    (one,) = invitations.waiting(ada.db, team=ada.team)
    said = words(at).replace("\\", "")
    assert "nina@clinic.example" in said
    assert "/join" in said
    assert "invited today" in said
    assert not has(at, "people_invite_save")
    press(at, f"people_withdraw_{one.id}")
    assert "No invitation is open." in words(at)
    assert invitations.waiting(ada.db, team=ada.team) == []


def test_an_old_invitation_says_so(ada):
    invitations.invite(
        ada.db, me=ada.id, team=ada.team, email="old@clinic.example", name="Old", role="lead", starts_on=memberships.today()
    )  # fmt: skip
    ada.app.sql.execute(
        "update public.invitations set invited_at = now() - interval '31 days' where team_id = %s",
        (ada.team,),
    )
    said = words(ada.visits("people"))
    assert "too old" in said
    assert "invited 4 weeks ago" in said


def test_what_is_refused_says_why_and_keeps_what_was_typed(ada):
    at = opened(ada, "invite")
    at.text_input(key="people_invite_email").set_value("not an address").run()
    press(at, "people_invite_save")
    assert "This is no e" in words(at)
    assert at.text_input(key="people_invite_email").value == "not an address"


def test_a_team_is_renamed_and_another_founded(ada):
    at = opened(ada, "rename")
    at.text_input(key=f"people_rename_{ada.team}_name").set_value(f"{ada.team_name} by the sea").run()
    press(at, "people_rename_save")
    assert "by the sea" in words(at)
    at.session_state["people_found_open"] = True
    at.run()
    at.text_input(key="people_found_name").set_value("Team Hill").run()
    press(at, "people_found_save")
    assert not at.exception
    assert set(people.me(ada.db).teams_as("admin").values()) == {f"{ada.team_name} by the sea", "Team Hill"}
    assert "Team Hill" in at.selectbox(key="people_team").options


def test_among_many_a_name_can_be_looked_for(app, ada):
    for number in range(11):
        app.person("therapist", name=f"Person {number:02}", team=ada.team)
    at = ada.visits("people")
    at.text_input(key="people_find").set_value("son 07").run()
    said = words(at)
    assert "Person 07" in said
    assert "Person 08" not in said
    at.text_input(key="people_find").set_value("nobody").run()
    assert "Nobody here has this in their name." in words(at)


@pytest.mark.parametrize("role", ["therapist", "supervisor", "lead"])
def test_nobody_else_has_the_page(app, role):
    with pytest.raises(ValueError, match="people"):
        app.person(role).visits("people")


def test_while_the_database_is_away_it_fails_plainly(ada):
    at = ada.visits("people")
    ada.app.loses_the_database()
    at.run()
    assert at.error
    assert not at.exception
