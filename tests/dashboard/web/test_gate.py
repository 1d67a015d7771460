"""Nobody reaches the script without a session; nobody says themselves who they are; an end is an end."""

import asyncio
import re

import httpx
import pytest
from starlette.responses import PlainTextResponse
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus

from dashboard.web import gate
from dashboard.web.gate import Door, by_a_person, door
from dashboard.web.sockets import SIGN_IN_AGAIN, Sockets
from tests.dashboard.web.conftest import PATIENCE

PAGES = ["/", "/team-trends", "/anything/at/all", "/favicon.png", "/manifest.json", "/LOGIN", "/login/"]
PARTS = [
    "/media/0123.csv",
    "/_stcore/host-config",
    "/_stcore/upload_file/a/b",
    "/_stcore/health/",
    "/component/x/index.html",
    "/_stcore/stream",
]
CLOSED = [
    "/_stcore/metrics",
    "/_stcore/agent/interact",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/mcp",
    "/_stcore/agent",
    "/_stcore/script-health-check",
    "/oauth2callback",
    "/auth/login",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_visitor_is_sent_from_a_page_to_the_sign_in_page(visitor, path):
    answer = visitor.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")


def test_the_way_back_is_remembered_with_its_question(visitor):
    there = visitor.get("/team-trends?weeks=12&team=a").headers["location"]
    assert there == "/login?next=/team-trends%3Fweeks%3D12%26team%3Da"


@pytest.mark.parametrize("path", PARTS)
def test_a_visitor_gets_no_part_of_a_page(visitor, path):
    assert visitor.get(path).status_code == 401


def test_a_visitor_cannot_upload(visitor):
    assert visitor.http.put("/_stcore/upload_file/a/b", content=b"x").status_code == 401
    assert visitor.post("/team-trends", {}).status_code == 401


@pytest.mark.parametrize("path", CLOSED)
def test_what_nobody_uses_is_closed_to_everybody(visitor, alice, path):
    assert visitor.get(path).status_code == 404
    assert alice.get(path).status_code == 404
    assert alice.post(path, {}).status_code == 404


def test_health_is_open_and_says_nothing_else(visitor):
    assert visitor.get("/healthz").json() == {"ok": True}
    assert visitor.get("/_stcore/health").text == "ok"


def test_a_visitor_never_makes_the_script_run(server, visitor):
    before = server.times_run()
    for path in PAGES + PARTS:
        visitor.get(path)
    with pytest.raises(InvalidStatus) as refused, visitor.tab():
        pass
    assert refused.value.response.status_code == 401
    assert server.times_run() == before


@pytest.mark.parametrize("invented", ["", "x" * 43, "' or 1=1 --", "é" * 20])
def test_an_invented_id_opens_nothing(server, invented):
    sent = {"cookie": f"__Host-sixfold={invented}".encode()}
    assert httpx.get(server.url, headers=sent).status_code == 303


def test_the_script_learns_who_is_here_from_the_gate(alice, account):
    with alice.tab() as tab:
        tab.run()
        assert f"person={account('alice@example.org')}" in tab.text
        assert f"session={alice.key}" in tab.text


def test_headers_that_a_browser_sends_under_our_names_are_thrown_away(alice, account):
    forged = {"x-sixfold-person": str(account("bob@example.org")), "X-Sixfold-Session": "0" * 64}
    with alice.tab(headers=forged) as tab:
        tab.run()
        assert f"person={account('alice@example.org')}" in tab.text
        assert f"session={alice.key}" in tab.text
        assert str(account("bob@example.org")) not in tab.text


def test_forged_headers_without_a_session_open_nothing(visitor, account):
    forged = {"x-sixfold-person": str(account("alice@example.org")), "x-sixfold-session": "0" * 64}
    assert visitor.get("/", headers=forged).status_code == 303
    with pytest.raises(InvalidStatus), visitor.tab(headers=forged):
        pass


def test_the_script_never_sees_the_id_in_the_cookie(alice):
    with alice.tab(headers={"cookie": f"theme=dark; __Host-sixfold={alice.id}; other=1"}) as tab:
        tab.run()
        assert "cookies=['other', 'theme']" in tab.text
        assert alice.id not in tab.text


def test_a_running_session_cannot_be_taken_over_by_its_id(alice, signed_in):
    bob = signed_in("bob@example.org")
    with alice.tab() as hers:
        hers.run()
        private = re.search(r"private=(\w+)", hers.text)[1]
        with bob.tab(resume=hers.session_id) as his:
            his.run()
            assert his.session_id != hers.session_id
            assert private not in his.text
        hers.run()
        assert private in hers.text, "and she was not thrown out"
    with bob.tab(resume=hers.session_id) as his:  # nor after she has left
        his.run()
        assert private not in his.text


def test_nor_by_the_same_person_in_another_sign_in(alice, signed_in):
    again = signed_in("alice@example.org")
    with alice.tab() as first:
        first.run()
        private = re.search(r"private=(\w+)", first.text)[1]
        with again.tab(resume=first.session_id) as second:
            second.run()
            assert private not in second.text


def test_ones_own_tab_is_resumed_after_the_line_dropped(alice):
    with alice.tab() as tab:
        tab.run()
        private = re.search(r"private=(\w+)", tab.text)[1]
    with alice.tab(resume=tab.session_id) as again:
        again.run()
        assert private in again.text


def test_a_second_tab_and_a_reload_stay_signed_in(alice):
    assert alice.get("/").status_code == 200
    with alice.tab() as one, alice.tab() as two:
        assert f"session={alice.key}" in one.run().text
        assert f"session={alice.key}" in two.run().text
    assert alice.get("/").status_code == 200


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
def test_a_websocket_from_another_site_is_refused(alice, origin):
    with pytest.raises(InvalidStatus) as refused, alice.tab(headers={"origin": origin}):
        pass
    assert refused.value.response.status_code == 403


def test_signing_out_closes_every_tab_of_that_session_and_no_other(alice, signed_in):
    elsewhere = signed_in("alice@example.org")
    with alice.tab() as one, alice.tab() as two, elsewhere.tab() as other:
        for tab in (one, two, other):
            tab.run()
        alice.sign_out()
        for tab in (one, two):
            assert closed_with(tab.socket) == SIGN_IN_AGAIN
        assert f"session={elsewhere.key}" in other.run().text


def test_a_closed_tab_is_not_let_in_again(alice):
    with alice.tab() as tab:
        tab.run()
        was = alice.id
        alice.sign_out()
        alice.id = was
        with pytest.raises(InvalidStatus), alice.tab(resume=tab.session_id):
            pass
        assert alice.get("/").status_code == 303


def test_a_session_that_times_out_has_its_tabs_closed(server, alice):
    with alice.tab() as tab:
        tab.run()
        server.sql("update web_sessions set seen = seen - 3600 where id_hash = ?", alice.key)
        assert closed_with(tab.socket) == SIGN_IN_AGAIN
    ((ended, refresh_token),) = server.sql(
        "select ended, refresh_token from web_sessions where id_hash = ?", alice.key
    )
    assert ended is not None
    assert refresh_token is None


def test_a_session_past_its_working_day_is_closed_however_busy(server, alice):
    with alice.tab() as tab:
        tab.run()
        server.sql("update web_sessions set created = created - 43200 where id_hash = ?", alice.key)
        assert closed_with(tab.socket) == SIGN_IN_AGAIN


def test_a_session_ended_by_somebody_else_has_its_tabs_closed(server, alice):
    with alice.tab() as tab:
        tab.run()
        server.sql("delete from web_sessions where id_hash = ?", alice.key)
        assert closed_with(tab.socket) == SIGN_IN_AGAIN


def test_a_page_load_is_use_and_the_tabs_own_questions_are_not(server, alice):
    def seen() -> float:
        return server.sql("select seen from web_sessions where id_hash = ?", alice.key)[0][0]

    server.sql("update web_sessions set seen = seen - 100 where id_hash = ?", alice.key)
    before = seen()
    assert alice.get("/auth/whoami").json()["ends_in"] <= 800
    alice.get("/_stcore/host-config")
    alice.get("/auth/logout")
    assert seen() == before
    alice.get("/")
    assert seen() > before


def test_saying_that_somebody_is_here_is_use(server, alice):
    server.sql("update web_sessions set seen = seen - 100 where id_hash = ?", alice.key)
    assert alice.post("/auth/here", {}).json()["ends_in"] > 880
    assert alice.post("/auth/here", {}, headers={"origin": "https://elsewhere.example"}).status_code == 403
    alice.sign_out()
    assert alice.post("/auth/here", {}).status_code == 401
    assert alice.get("/auth/whoami").status_code == 401


def test_what_was_downloaded_for_one_is_not_there_for_visitors(server, alice, visitor):
    with alice.tab() as tab:
        address = tab.run().media[0]
        assert visitor.get(address).status_code == 401
        assert alice.get(address).status_code == 200
        alice.sign_out()
        assert alice.get(address).status_code == 401


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "[", "10.0.0.1"])
def test_another_name_for_this_server_is_refused(server, host):
    for path in ("/login", "/", "/_stcore/health"):
        answer = httpx.get(server.url + path, headers={"host": host})
        assert answer.status_code in (400, 421), (path, answer.status_code)


def test_a_watcher_may_ask_for_health_by_any_name(server):
    assert httpx.get(f"{server.url}/healthz", headers={"host": "10.0.0.1:8501"}).status_code == 200


def closed_with(socket) -> int:
    """The code with which the server ends this websocket."""
    while True:
        try:
            socket.recv(timeout=PATIENCE)
        except ConnectionClosed as closed:
            return closed.rcvd.code


# The parts by themselves.


@pytest.mark.parametrize(
    ("path", "is_"),
    [
        ("/login", Door.OPEN),
        ("/static/js/index.js", Door.OPEN),
        ("/brand/sixfold.svg", Door.OPEN),
        ("/healthz", Door.OPEN),
        ("/staticky", Door.PAGES),
        ("/healthz/", Door.PAGES),
        ("/auth/elsewhere", Door.PAGES),
        ("/_stcore/", Door.PARTS),
        ("/_stcore/agent/", Door.CLOSED),
        ("/_stcore/metrics/", Door.CLOSED),
        ("/_stcore/agentless", Door.PARTS),
    ],
)
def test_which_door_a_path_is(path, is_):
    assert door(path) is is_


def rerun(*, auto: bool) -> bytes:
    wanted = BackMsg()
    wanted.rerun_script.is_auto_rerun = auto
    return wanted.SerializeToString()


@pytest.mark.parametrize(
    ("message", "is_use"),
    [
        ({"bytes": rerun(auto=False)}, True),
        ({"bytes": rerun(auto=True)}, False),
        ({"bytes": BackMsg(app_heartbeat=True).SerializeToString()}, False),
        ({"bytes": BackMsg(clear_cache=True).SerializeToString()}, False),
        ({"bytes": b"\xff\xff\xff"}, False),
        ({"text": "hello"}, False),
        ({"type": "websocket.disconnect"}, False),
    ],
)
def test_only_what_a_person_does_is_use(message, is_use):
    assert by_a_person(message) is is_use


def test_a_tab_notes_use_but_neither_its_first_message_nor_its_own_refreshing(monkeypatch):
    noted = []

    class Here:
        sockets = Sockets()

        class sessions:
            find = "find"

        async def ask(self, question, key, *, active):
            if active:
                noted.append((question, key, active))
            return session

    heard = iter([rerun(auto=False), rerun(auto=True), rerun(auto=False)])

    async def receive():
        return {"type": "websocket.receive", "bytes": next(heard)}

    async def send(_message):
        return None

    async def app(_scope, receive, _send):
        for expected in (0, 0, 1):
            await receive()
            assert len(noted) == expected

    here = Here()
    monkeypatch.setattr(gate.runtime, "current", lambda: here)
    monkeypatch.setattr(gate, "_note_every", lambda: 0.0)
    session = type("Session", (), {"key": "the key", "projects": None})()
    asyncio.run(gate.Gate(app)._tab(session, {}, receive, send))
    assert noted == [("find", "the key", True)]
    assert here.sockets.sessions() == []


def test_nothing_goes_through_a_closed_tab_in_either_direction(monkeypatch):
    sent, session = [], type("Session", (), {"key": "the key", "projects": None})()
    here = a_running_one(session)

    async def receive():
        return {"type": "websocket.receive", "bytes": b"late"}

    async def send(message):
        sent.append(message["type"])

    async def app(_scope, receive, send):
        await here.sockets.close("the key")
        assert (await receive())["type"] == "websocket.disconnect"
        await send({"type": "websocket.send", "bytes": b"late"})

    monkeypatch.setattr(gate.runtime, "current", lambda: here)
    asyncio.run(gate.Gate(app)._tab(session, {}, receive, send))
    assert sent == ["websocket.close"]


@pytest.mark.parametrize("now", [None, "a shared screen"], ids=["it ended", "it became a shared screen"])
def test_a_tab_that_opens_while_its_session_changes_is_closed_at_once(monkeypatch, now):
    """Whoever changes a session closes its tabs; this one was found before that and is registered after it."""
    said = []
    session = type("Session", (), {"key": "the key", "projects": None})()
    here = a_running_one(now and type("Session", (), {"key": "the key", "projects": now})())

    async def receive():
        return {"type": "websocket.receive", "bytes": b"a page with names, please"}

    async def send(message):
        said.append(message["type"])

    async def app(_scope, receive, send):
        assert (await receive())["type"] == "websocket.disconnect"
        await send({"type": "websocket.send", "bytes": b"a name"})

    monkeypatch.setattr(gate.runtime, "current", lambda: here)
    asyncio.run(gate.Gate(app)._tab(session, {}, receive, send))
    assert said == ["websocket.close"]


def a_running_one(found):
    """An application whose sessions answer this whenever they are asked."""

    class Here:
        sockets = Sockets()

        class sessions:
            find = "find"

        async def ask(self, _question, _key, *, active):
            return found

    return Here()


def test_a_server_without_denial_responses_still_refuses():
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "websocket", "extensions": {}}
    asyncio.run(gate._refuse(PlainTextResponse("no", 401), scope, None, send))
    assert sent == [{"type": "websocket.close", "code": SIGN_IN_AGAIN}]
