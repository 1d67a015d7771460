"""A browser that becomes the shared screen: who may do that, what it can still reach, and what of before is gone."""

import re
from datetime import date, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from services.outbox import Outbox
from services.web_sessions import key_of
from tests.dashboard.web.conftest import PATIENCE, Server, Visitor, until

TEAM, CLINIC = uuid4(), uuid4()
MEETING = uuid4()


@pytest.fixture(scope="module")
def team(sql) -> UUID:
    sql.execute("insert into public.clinics (id, name) values (%s, 'Screens')", (CLINIC,))
    sql.execute("insert into public.teams (id, clinic_id, name) values (%s, %s, 'Screens')", (TEAM, CLINIC))
    sql.execute("insert into public.team_settings (team_id) values (%s)", (TEAM,))
    return TEAM


@pytest.fixture
def person(sql, signed_in, account, team):
    """`person("sue", "supervisor")`: a browser in which somebody with this role in the team is signed in."""

    def enter(name: str, role: str) -> Visitor:
        email = f"{name}@screens.example.org"
        who = account(email)
        sql.execute(
            "insert into public.people (id, clinic_id, display_name) values (%s, %s, %s) on conflict do nothing",
            (who, CLINIC, name.title()),
        )
        sql.execute("delete from public.memberships where person_id = %s", (who,))
        sql.execute(
            "insert into public.memberships (person_id, team_id, role, starts_on) values (%s, %s, %s, %s)",
            (who, team, role, date.today() - timedelta(days=9)),
        )
        return signed_in(email)

    return enter


def put_up(browser: Visitor, **other: str) -> httpx.Response:
    csrf = re.search(r'name="csrf" value="([^"]+)"', browser.get("/auth/logout").text)[1]
    sent = {"csrf": csrf, "team": str(TEAM), "meeting": str(MEETING), "led_by": str(uuid4()), "minutes": "60"}
    return browser.post("/auth/screen", sent | other)


def projects(server: Server, browser: Visitor) -> tuple:
    return server.sql(
        "select projects, projects_meeting, projects_screen, projects_until - seen from web_sessions where id_hash = ?",
        browser.key,
    )[0]


@pytest.fixture
def screen(person) -> Visitor:
    browser = person("sue", "supervisor")
    assert put_up(browser).status_code == 303
    return browser


def test_a_supervisor_turns_their_browser_into_the_screen_and_that_is_noted(server, person):
    browser = person("sue", "supervisor")
    answer = put_up(browser)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    assert answer.headers["clear-site-data"] == '"storage"'
    team, meeting, screen, lasts = projects(server, browser)
    assert (team, meeting) == (str(TEAM), str(MEETING))
    assert lasts == pytest.approx(3 * 3600, abs=60)
    owner = server.sql("select person_id from web_sessions where id_hash = ?", browser.key)[0][0]
    noted = [op for op in Outbox(server.vault, owner).recent() if op.entity == screen]
    assert [op.kind for op in noted] == ["screen.open"]


@pytest.mark.parametrize("role", ["therapist", "lead", "admin"])
def test_nobody_else_can(server, person, role):
    browser = person("tom", role)
    answer = put_up(browser)
    assert answer.status_code == 403
    assert "Only a supervisor" in answer.text
    assert projects(server, browser)[0] is None
    with browser.tab() as tab:
        assert "person=" in tab.run().text


def test_nobody_makes_somebody_elses_browser_a_screen(server, person, visitor):
    browser = person("sue", "supervisor")
    assert put_up(browser, csrf="guessed").status_code == 403
    csrf = re.search(r'name="csrf" value="([^"]+)"', browser.get("/auth/logout").text)[1]
    sent = {
        "csrf": csrf, "team": str(TEAM), "meeting": str(MEETING), "led_by": str(uuid4()), "minutes": "60",
    }  # fmt: skip
    assert (
        browser.post("/auth/screen", sent, headers={"origin": "https://elsewhere.example"}).status_code == 403
    )
    assert visitor.post("/auth/screen", sent).status_code == 403
    for wrong in ({"team": "x"}, {"minutes": "long"}, {"meeting": ""}):
        assert put_up(browser, **wrong).status_code == 403
    assert projects(server, browser)[0] is None


def test_a_screen_has_one_address(screen):
    for path in ("/meeting", "/case", "/team-trends?weeks=12", "/anything/at/all", "/?team=x", "/projector"):
        answer = screen.get(path)
        assert (answer.status_code, answer.headers.get("location")) == (303, "/"), path
    assert screen.get("/").status_code == 200
    assert screen.post("/case", {}).status_code == 403


def test_a_screen_reaches_no_file(screen, person):
    other = person("tom", "therapist")
    with other.tab() as tab:
        media = tab.run().media[0]
        assert other.get(media).status_code == 200
        assert screen.get(media).status_code == 404
    assert screen.get("/component/x/index.html").status_code == 404
    assert (
        screen.http.put(
            "/_stcore/upload_file/a/b", content=b"x", headers={"cookie": f"__Host-sixfold={screen.id}"}
        ).status_code
        == 404
    )
    assert screen.get("/_stcore/host-config").status_code == 200


def test_tabs_that_were_open_before_are_closed_and_nothing_of_them_is_resumed(person):
    browser = person("sue", "supervisor")
    with browser.tab() as tab:
        private = re.search(r"private=(\w+)", tab.run().text)[1]
        put_up(browser)
        with pytest.raises(ConnectionClosed):
            while True:
                tab.socket.recv(timeout=PATIENCE)
    with browser.tab(resume=tab.session_id) as later:
        assert private not in later.run().text, "a fragment of a page with names could be asked for in it"
        assert later.session_id != tab.session_id
        with browser.tab(resume=later.session_id) as again:
            assert again.run().session_id == later.session_id, "the screen itself goes on after a cut"


def test_a_screen_knows_that_it_is_one_and_is_not_put_up_twice(server, screen, person):
    assert screen.get("/auth/whoami").json()["screen"] is True
    assert person("tom", "therapist").get("/auth/whoami").json()["screen"] is False
    before = projects(server, screen)
    put_up(screen, meeting=str(uuid4()))
    assert projects(server, screen) == before


def test_leaving_the_screen_is_signing_out_and_is_noted(server, screen):
    owner = server.sql("select person_id from web_sessions where id_hash = ?", screen.key)[0][0]
    name, key = projects(server, screen)[2], screen.key
    assert screen.sign_out().status_code == 303
    assert screen.get("/").headers["location"].startswith("/login")
    assert [op.kind for op in Outbox(server.vault, owner).recent() if op.entity == name] == [
        "screen.close",
        "screen.open",
    ]
    assert server.sql("select ended is null from web_sessions where id_hash = ?", key) == [(0,)]


def test_a_screen_whose_time_is_over_is_closed_by_the_server(server, screen):
    with screen.tab() as tab:
        tab.run()
        server.sql("update web_sessions set projects_until = 0 where id_hash = ?", key_of(screen.id))
        until(
            lambda: server.sql("select ended is not null from web_sessions where id_hash = ?", screen.key)[0][0],
            "the session ended",
        )  # fmt: skip
        with pytest.raises(ConnectionClosed):
            while True:
                tab.socket.recv(timeout=PATIENCE)
