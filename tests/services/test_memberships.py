"""Roles and invitations on the real stack: who may give and end them, and from when on it holds."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services import invitations, memberships, people, ruptures, teams
from services.errors import NotAllowed, Refused
from services.memberships import Member

TODAY = memberships.today()


@pytest.fixture
def team(clinic, sql):
    """A team of the small clinic, with Ada as its administrator and Bob as a therapist."""
    made = uuid4()
    sql.execute(
        "insert into public.teams (id, clinic_id, name) select %s, clinic_id, %s from public.teams where id = %s",
        (made, f"Team {made.hex[:6]}", clinic.team),
    )
    sql.execute("insert into public.team_settings (team_id) values (%s)", (made,))
    for who, role in (("ada", "admin"), ("bob", "therapist")):
        sql.execute(
            "insert into public.memberships (person_id, team_id, role, starts_on) values (%s, %s, %s, current_date - 30)",
            (clinic.people[who], made, role),
        )
    return made


def role_of(clinic, team, who: str, role: str) -> Member:
    return next(
        m
        for m in memberships.of_team(clinic.as_("ada"), team=team)
        if (m.person, m.role) == (clinic.people[who], role)
    )


def gives(clinic, team, who: str, role: str, by: str = "ada", **more) -> None:
    given = {"starts_on": TODAY, **more}
    memberships.give(
        clinic.as_(by), me=clinic.people[by], team=team, person=clinic.people[who], role=role, **given
    )


def invites(clinic, team, by: str = "ada", **more) -> None:
    given = {"email": "new@small.example.org", "name": "Nina New", "role": "therapist", "starts_on": TODAY, **more}  # fmt: skip
    invitations.invite(clinic.as_(by), me=clinic.people[by], team=team, **given)


def test_an_administrator_gives_a_role_and_it_holds_at_once(clinic, team):
    gives(clinic, team, "sue", "supervisor")
    assert people.me(clinic.as_("sue")).teams_as("supervisor")[team].startswith("Team ")
    assert role_of(clinic, team, "sue", "supervisor").state(TODAY) == "now"


def test_a_role_that_is_ended_today_is_gone_with_the_next_request(clinic, team):
    assert team in people.me(clinic.as_("bob")).teams_as("therapist")
    memberships.end(
        clinic.as_("ada"), me=clinic.people["ada"], member=role_of(clinic, team, "bob", "therapist"), on=TODAY
    )
    assert team not in people.me(clinic.as_("bob")).teams_as("therapist")
    assert teams.settings(clinic.as_("bob"), team=team) == teams.TeamSettings()
    assert ruptures.open_in(clinic.as_("bob"), team=team) == []
    assert role_of(clinic, team, "bob", "therapist").state(TODAY) == "ended"


def test_an_end_can_be_set_ahead_and_taken_back(clinic, team):
    later = TODAY + timedelta(days=40)
    for on in (later, None):
        found = role_of(clinic, team, "bob", "therapist")
        memberships.end(clinic.as_("ada"), me=clinic.people["ada"], member=found, on=on)
        assert role_of(clinic, team, "bob", "therapist").ends_on == on
        assert team in people.me(clinic.as_("bob")).teams_as("therapist")


def test_nobody_gives_or_ends_their_own_role(clinic, team):
    with pytest.raises(Refused, match="Nobody changes their own roles"):
        gives(clinic, team, "ada", "supervisor")
    with pytest.raises(Refused, match="Nobody changes their own roles"):
        memberships.end(
            clinic.as_("ada"), me=clinic.people["ada"], member=role_of(clinic, team, "ada", "admin"), on=TODAY
        )


def test_and_the_database_says_so_too(clinic, team):
    """The sentence above is a courtesy: whoever passes it over is refused all the same."""
    with pytest.raises(NotAllowed):
        memberships.give(
            clinic.as_("ada"), me=uuid4(), team=team, person=clinic.people["ada"], role="lead", starts_on=TODAY
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        memberships.end(clinic.as_("ada"), me=uuid4(), member=role_of(clinic, team, "ada", "admin"), on=TODAY)


@pytest.mark.parametrize("by", ["bob", "sue", "lee", "otto"])
def test_nobody_else_gives_ends_or_invites(clinic, team, by):
    with pytest.raises(NotAllowed):
        gives(clinic, team, "dan", "therapist", by=by)
    if by != "bob":
        with pytest.raises(NotAllowed):
            memberships.end(
                clinic.as_(by), me=clinic.people[by], member=role_of(clinic, team, "bob", "therapist"), on=TODAY
            )  # fmt: skip
    with pytest.raises(NotAllowed):
        invites(clinic, team, by=by)
    assert invitations.waiting(clinic.as_(by), team=team) == []


def test_a_role_twice_from_one_day_and_an_end_before_its_beginning_are_said(clinic, team):
    gives(clinic, team, "sue", "supervisor")
    with pytest.raises(Refused, match="has this role from that day already"):
        gives(clinic, team, "sue", "supervisor")
    with pytest.raises(Refused, match="cannot end before it begins"):
        gives(clinic, team, "dan", "therapist", ends_on=TODAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("starts", "ends", "state"),
    [(-3, None, "now"), (0, None, "now"), (1, None, "coming"), (-3, 0, "ended"), (-3, 1, "now"), (1, 1, "ended")],
)  # fmt: skip
def test_a_role_holds_from_its_first_day_up_to_the_one_that_ends_it(starts, ends, state):
    day = timedelta(days=1)
    one = Member(
        uuid4(),
        uuid4(),
        "Bob",
        "therapist",
        TODAY + starts * day,
        None if ends is None else TODAY + ends * day,
    )
    assert one.state(TODAY) == state


def test_an_invitation_is_taken_up_by_the_account_with_that_address(clinic, team, sign_in):
    email = f"{uuid4().hex[:8]}@small.example.org"
    invites(clinic, team, email=f" {email.upper()} ", name="  Nina   New ")
    (one,) = invitations.waiting(clinic.as_("ada"), team=team)
    assert (one.email, one.name, one.role) == (email, "Nina New", "therapist")
    nina = sign_in(email)
    assert invitations.accept(nina) == 1
    assert people.me(nina).teams_as("therapist")[team]
    assert invitations.accept(nina) == 0
    assert invitations.waiting(clinic.as_("ada"), team=team) == []


def test_somebody_of_the_clinic_gets_one_more_role_and_keeps_their_name(clinic, team):
    email = clinic.as_("dan").auth.get_user().user.email
    invites(clinic, team, email=email, name="Somebody else", role="lead")
    assert invitations.accept(clinic.as_("dan")) == 1
    dan = people.me(clinic.as_("dan"))
    assert team in dan.teams_as("lead")
    assert dan.name == "Dan"


def test_a_withdrawn_invitation_opens_nothing_and_cannot_be_withdrawn_twice(clinic, team, sign_in):
    email = f"{uuid4().hex[:8]}@small.example.org"
    invites(clinic, team, email=email)
    (one,) = invitations.waiting(clinic.as_("ada"), team=team)
    now = datetime.now(UTC)
    invitations.withdraw(clinic.as_("ada"), invitation=one.id, now=now)
    assert invitations.accept(sign_in(email)) == 0
    with pytest.raises(Refused, match="no longer open"):
        invitations.withdraw(clinic.as_("ada"), invitation=one.id, now=now)


def test_an_invitation_lapses_after_thirty_days(clinic, team):
    invites(clinic, team)
    (one,) = invitations.waiting(clinic.as_("ada"), team=team)
    assert not one.lapsed(one.invited_at + timedelta(days=30, seconds=-1))
    assert one.lapsed(one.invited_at + timedelta(days=30))


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"email": "nobody"}, "no e-mail address"),
        ({"email": "two words@small.example.org"}, "no e-mail address"),
        ({"name": "  "}, "between 1 and 80"),
        ({"name": "x" * 81}, "between 1 and 80"),
        ({"role": None}, "choose a role"),
        ({"role": "owner"}, "choose a role"),
        ({"ends_on": TODAY - timedelta(days=1)}, "cannot end before"),
    ],
)
def test_what_is_wrong_with_an_invitation_is_said(clinic, team, more, says):
    with pytest.raises(Refused, match=says):
        invites(clinic, team, **more)


def test_the_same_role_is_offered_to_an_address_once(clinic, team):
    invites(clinic, team)
    with pytest.raises(Refused, match="open invitation to this role already"):
        invites(clinic, team)
    invites(clinic, team, role="lead")
    assert len(invitations.waiting(clinic.as_("ada"), team=team)) == 2


def test_a_team_is_renamed_and_founded_by_an_administrator_alone(clinic, team):
    name = f"Harbour {uuid4().hex[:6]}"
    teams.rename(clinic.as_("ada"), team=team, name=f"  {name} ")
    assert people.me(clinic.as_("ada")).teams_as("admin")[team] == name
    made = teams.found(clinic.as_("ada"), beside=team, name=f"{name} two")
    assert people.me(clinic.as_("ada")).teams_as("admin")[made] == f"{name} two"
    with pytest.raises(NotAllowed):
        teams.rename(clinic.as_("bob"), team=team, name="Mine")
    with pytest.raises(NotAllowed):
        teams.found(clinic.as_("bob"), beside=team, name="Mine")
    with pytest.raises(NotAllowed):
        teams.found(clinic.as_("otto"), beside=team, name="Mine")
    with pytest.raises(Refused, match="of this name already"):
        teams.found(clinic.as_("ada"), beside=team, name=name)
    with pytest.raises(Refused, match="needs a name"):
        teams.rename(clinic.as_("ada"), team=team, name="  ")
