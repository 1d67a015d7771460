"""The frame of every page: who is here, which pages they have, and what they see when they may see nothing."""

import sys

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import runtime
from dashboard.pages_by_role import SCREENS, screens
from services import vault
from tests.pages.conftest import ROOT, App, Somebody, words

MENUS = {
    ("therapist",): {"home", "meeting", "log_episode", "weekly_reflection", "my_mirror", "case", "team_trends", "ruptures", "own_data", "waiting", "audit", "import_scores"},
    ("supervisor",): {"home", "meeting", "monitor", "case", "team_trends", "discussion_prompts", "ruptures", "shared_reflections", "own_data", "waiting", "audit", "past_meetings"},
    ("lead",): {"overview", "monitor", "team_trends", "waiting", "audit"},
    ("admin",): {"audit", "people", "team_settings", "measures", "keeping", "clinic_prompts"},
    ("lead", "admin"): {"overview", "monitor", "team_trends", "waiting", "audit", "people", "team_settings", "measures", "keeping", "clinic_prompts"},
    ("therapist", "admin"): {
        "home", "meeting", "log_episode", "weekly_reflection", "my_mirror", "case", "team_trends", "ruptures", "own_data", "waiting", "audit", "team_settings",
        "import_scores", "measures", "keeping", "clinic_prompts", "people",
    },
    (): set(),
    ("intern",): set(),
}  # fmt: skip


def arrives(who: Somebody) -> AppTest:
    """The first page of somebody who has just signed in."""
    at = AppTest.from_file(str(ROOT / "dashboard" / "main.py"), default_timeout=60)
    at.user = {"person": str(who.id), "session": who.session}
    return at.run()


@pytest.mark.parametrize("roles", MENUS)
def test_which_pages_a_role_has(roles):
    assert {screen.file for screen in screens(roles)} == MENUS[roles]


def test_only_what_another_page_leads_to_is_out_of_the_menu():
    assert [screen.file for screen in SCREENS if screen.visibility == "hidden"] == [
        "past_meetings",
        "import_scores",
    ]


def test_every_screen_is_a_page_and_every_page_a_screen():
    """All but the shared screen, which no role has: a session becomes one (tests/pages/test_projector.py)."""
    assert {f"{screen.file}.py" for screen in SCREENS} | {"projector.py"} == {
        file.name for file in (ROOT / "pages").glob("*.py")
    }


def test_nobody_gets_a_page_twice_and_addresses_are_no_secret_codes():
    for screen in SCREENS:
        assert screen.address == screen.file.replace("_", "-")
    assert len(screens(["therapist", "supervisor", "lead", "admin"])) == len(SCREENS)


@pytest.mark.parametrize("role", ["therapist", "supervisor", "lead", "admin"])
def test_a_page_of_another_role_cannot_be_reached(app: App, role):
    who = app.person(role)
    for screen in SCREENS:
        if role in screen.roles:
            assert not who.visits(screen.file).exception, screen.file
        else:
            with pytest.raises(ValueError, match="not find a navigation page"):
                who.visits(screen.file)


def test_someone_without_a_team_sees_what_to_do_and_no_data(app: App):
    who = app.person("therapist")
    app.sql.execute("delete from public.memberships where person_id = %s", (who.id,))
    at = arrives(who)
    assert at.title[0].value == "Welcome to Sixfold"
    assert "Ask the administrator of your service" in words(at)
    assert 'action="/auth/logout"' in words(at)
    assert not at.exception


def test_someone_whose_account_belongs_to_no_clinic_sees_the_same(app: App):
    who = app.person("therapist")
    app.sql.execute("delete from public.memberships where person_id = %s", (who.id,))
    app.sql.execute("delete from public.people where id = %s", (who.id,))
    assert arrives(who).title[0].value == "Welcome to Sixfold"


def test_someone_who_has_left_loses_the_menu(app: App, monkeypatch):
    who = app.person("therapist")
    at = arrives(who)
    assert at.title[0].value.startswith("Hello")
    app.sql.execute(
        "update public.memberships set ends_on = current_date - 1 where person_id = %s", (who.id,)
    )
    monkeypatch.setattr("dashboard.session.ROLES_FOR_SECONDS", 0.0)
    assert at.run().title[0].value == "Welcome to Sixfold"


@pytest.mark.parametrize("user", [{}, {"session": ""}, {"session": "0" * 64}, {"person": "somebody"}])
def test_without_a_session_nothing_is_shown_but_the_way_to_sign_in(app: App, user):
    at = AppTest.from_file(str(ROOT / "dashboard" / "main.py"), default_timeout=60)
    at.user = user
    at.run()
    assert 'href="/login?next=' in words(at)
    assert not at.title
    assert not at.exception
    assert not at.sidebar.children


def test_a_session_that_ended_while_the_page_was_open_shows_the_same(app: App):
    who = app.person("therapist")
    at = arrives(who)
    app.running.sessions.end(who.session)
    at.run()
    assert 'href="/login?next=' in words(at)
    assert not at.title


def test_a_session_that_supabase_refuses_asks_to_sign_in_and_keeps_its_drafts(app: App):
    who = app.person("therapist")
    with app.running.vault.transaction() as connection:
        connection.execute("update web_sessions set refresh_token = null where id_hash = ?", (who.session,))
    assert 'href="/login?next=' in words(arrives(who))
    assert app.running.sessions.find(who.session, active=False).person_id == str(who.id)


def test_while_the_database_is_away_who_was_known_stays_known(app: App, monkeypatch):
    who = app.person("therapist")
    at = who.visits("log_episode")
    app.loses_the_database()
    monkeypatch.setattr("dashboard.session.ROLES_FOR_SECONDS", 0.0)
    at.run()
    assert at.title[0].value == "Log an episode"


def test_whoever_comes_while_the_database_is_away_is_told_so(app: App):
    who = app.person("therapist")
    app.loses_the_database()
    at = arrives(who)
    assert "cannot be reached" in at.error[0].value
    assert not at.exception


def test_someone_with_several_teams_picks_one(app: App):
    who = app.person("supervisor")
    second = app.team()
    clinic = app.sql.execute("select clinic_id from public.teams where id = %s", (who.team,)).fetchone()[0]
    app.sql.execute(
        "update public.teams set clinic_id = %s, name = 'A second team' where id = %s", (clinic, second)
    )
    app.sql.execute(
        "insert into public.memberships (person_id, team_id, role, starts_on) values (%s, %s, 'supervisor', '2020-01-01')",
        (who.id, second),
    )
    at = who.visits("shared_reflections")
    assert at.selectbox(key="shared_reflections_team").options == ["A second team", who.team_name]


def test_what_is_running_outlives_a_reload_of_its_module(app: App, monkeypatch):
    """Hot reload drops every module of ours; the vault and the sessions must not be opened again by it."""
    for name in [name for name in sys.modules if name.startswith("dashboard.runtime")]:
        monkeypatch.delitem(sys.modules, name)
    import importlib

    again = importlib.import_module("dashboard.runtime")
    assert again is not runtime
    assert again.current() is app.running


def test_nothing_is_running_where_nothing_was_started(monkeypatch):
    monkeypatch.delitem(sys.modules, runtime._KEPT_UNDER, raising=False)
    with pytest.raises(RuntimeError, match="not running"):
        runtime.current()
    runtime.stop()


def test_unknown_errors_are_not_swallowed_and_known_ones_are_sentences(app: App):
    who = app.person("therapist")

    def body() -> None:
        import streamlit as st

        from dashboard import session
        from services.errors import NotAllowed, SignInNeeded

        raised = {
            "refused": NotAllowed("Not yours."),
            "out": SignInNeeded("Sign in."),
            "bug": ValueError("x"),
        }
        with session.errors_shown():
            raise raised[st.session_state.which]
        st.write("never")

    for which, shown in (("refused", "Not yours."), ("out", "/login"), ("bug", None)):
        at = AppTest.from_function(body, default_timeout=30)
        at.user = {"person": str(who.id), "session": who.session}
        at.session_state["which"] = which
        at.run()
        assert "never" not in words(at)
        assert bool(at.exception) is (shown is None)
        if shown:
            assert shown in words(at)


def test_the_menu_file_knows_the_roles_of_the_database(app: App):
    rows = app.sql.execute("select unnest(enum_range(null::public.member_role))::text").fetchall()
    assert {role for screen in SCREENS for role in screen.roles} == {role for (role,) in rows}


@pytest.mark.parametrize("page", ["home", "log_episode", "waiting"])
def test_a_disk_that_takes_nothing_is_said_before_anything_is_typed(alice, monkeypatch, page):
    assert "disk" not in words(alice.visits(page))
    monkeypatch.setattr(vault, "NEEDED_BYTES", 2**62)
    at = alice.visits(page)
    assert not at.exception
    assert "The disk of this server is full, so nothing can be saved just now." in words(at)


def test_a_lead_who_works_on_flags_is_told_too_and_an_administrator_is_not(app, monkeypatch):
    """What an administrator sets up goes to the database at once; nothing of it is kept on this disk."""
    monkeypatch.setattr(vault, "NEEDED_BYTES", 2**62)
    assert "disk" in words(app.person("lead").visits("overview"))
    assert "disk" not in words(app.person("admin").visits("team_settings"))
