"""Nobody reaches Streamlit without a session, and nobody says themselves who they are."""

from __future__ import annotations

import asyncio
from enum import Enum, auto
from urllib.parse import quote

from google.protobuf.message import DecodeError
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg

from dashboard import runtime
from dashboard.web import cookie, origin, screens
from dashboard.web.sockets import SIGN_IN_AGAIN
from services.web_sessions import NOTED_EVERY_SECONDS, WebSession

#: Streamlit reads these from the handshake (server.trustedUserHeaders) into st.user.
TRUSTED_HEADERS = {
    "x-sixfold-person": "person",
    "x-sixfold-session": "session",
    "x-sixfold-screen": "screen",
}
_OURS = b"x-sixfold-"


class Door(Enum):
    """What a path is to somebody without a session."""

    OPEN = auto()
    """For everybody: signing in, health, files that are the same for all."""
    CLOSED = auto()
    """For nobody: parts of Streamlit that this application does not use."""
    PARTS = auto()
    """Pieces of a page: without a session 401."""
    PAGES = auto()
    """Without a session, to the sign-in page."""


_OPEN = frozenset({
    "/login", "/join", "/join/code", "/auth/forgot", "/auth/reset", "/auth/logout", "/auth/whoami", "/auth/here", "/auth/screen",
    "/healthz", "/_stcore/health",
})  # fmt: skip
_OPEN_BELOW = ("/static/", "/brand/")
_CLOSED = frozenset({
    "/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check",
    "/auth/login", "/oauth2callback",
})  # fmt: skip
_CLOSED_BELOW = ("/_stcore/agent/",)
_OF_A_SCREEN = frozenset({"/_stcore/stream", "/_stcore/host-config"})
_PARTS_BELOW = ("/_stcore/", "/media/", "/component/")


def door(path: str) -> Door:
    """Which door this path is. What is not named is a page."""
    bare = path.rstrip("/")
    if bare in _CLOSED or path.startswith(_CLOSED_BELOW):
        return Door.CLOSED
    if path in _OPEN or path.startswith(_OPEN_BELOW):
        return Door.OPEN
    return Door.PARTS if path.startswith(_PARTS_BELOW) else Door.PAGES


class Gate:
    """The middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        here = runtime.current()
        which = door(scope["path"])
        if scope["path"] != "/healthz" and not origin.for_us(scope, here.settings.site_url):
            await _refuse(screens.wrong_host(here.settings.site_url), scope, receive, send)
        elif which is Door.CLOSED:
            await _refuse(PlainTextResponse("Not found", 404), scope, receive, send)
        elif which is Door.OPEN and scope["type"] == "http":
            await self.app(scope, receive, send)
        else:
            await self._with_session(which, scope, receive, send)

    async def _with_session(self, which: Door, scope: Scope, receive: Receive, send: Send) -> None:
        here = runtime.current()
        key = cookie.session_key(scope)
        page = which is Door.PAGES and scope["type"] == "http"
        session = key and await here.ask(here.sessions.find, key, active=page)
        if not session:
            await _refuse(_without_session(which, scope), scope, receive, send)
            return
        scope = dict(scope, headers=_headers_with(session, scope))
        elsewhere = _not_on_a_screen(which, scope) if session.projects else None
        if elsewhere:
            await _refuse(elsewhere, scope, receive, send)
        elif scope["type"] == "http":
            await self.app(scope, receive, send)
        elif not origin.from_us(scope, here.settings.site_url):
            await _refuse(PlainTextResponse("Not from here", 403), scope, receive, send)
        else:
            await self._tab(session, scope, receive, send)

    async def _tab(self, session: WebSession, scope: Scope, receive: Receive, send: Send) -> None:
        """Carry one websocket until it, or its session, ends."""
        here = runtime.current()
        tab = here.sockets.open(session.key, send)
        again = await here.ask(here.sessions.find, session.key, active=False)
        if again is None or again.projects != session.projects:  # it changed before this tab was known
            await tab.close()
        now = asyncio.get_running_loop().time
        noted: float | None = None  # the first message comes with the page, which was noted itself

        async def heard() -> Message:
            nonlocal noted
            message = await receive()
            if tab.closed:
                return {"type": "websocket.disconnect", "code": SIGN_IN_AGAIN}
            if noted is None:
                noted = now()
            elif now() - noted >= _note_every() and by_a_person(message):
                noted = now()
                await here.ask(here.sessions.find, session.key, active=True)
            return message

        try:
            await self.app(scope, heard, tab.send)
        finally:
            here.sockets.gone(session.key, tab)


def by_a_person(message: Message) -> bool:
    """Did somebody do something? A page that refreshes itself does not keep its session alive."""
    heard = BackMsg()
    try:
        heard.ParseFromString(message.get("bytes") or b"")
    except DecodeError:  # not Streamlit's protocol: Streamlit will say so
        return False
    return heard.WhichOneof("type") == "rerun_script" and not heard.rerun_script.is_auto_rerun


def _not_on_a_screen(which: Door, scope: Scope) -> Response | None:
    """What a shared screen is answered instead: it has one address, the lines that Streamlit needs for it, and no files."""
    if which is Door.PAGES and scope["type"] == "http":
        if scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse("This browser is a shared screen", 403)
        return None if scope["path"] == "/" and not scope["query_string"] else RedirectResponse("/", 303)
    return None if scope["path"] in _OF_A_SCREEN else PlainTextResponse("Not found", 404)


def _note_every() -> float:
    return min(NOTED_EVERY_SECONDS, runtime.current().settings.idle_minutes * 60 / 4)


def _headers_with(session: WebSession, scope: Scope) -> list[tuple[bytes, bytes]]:
    headers = [pair for pair in scope["headers"] if not pair[0].lower().startswith(_OURS)]
    told = [
        *cookie.without(headers),
        (b"x-sixfold-person", session.person_id.encode()),
        (b"x-sixfold-session", session.key.encode()),
    ]
    # Part of st.user: Streamlit then resumes nothing that this browser had open before it became a screen.
    return [*told, (b"x-sixfold-screen", b"shared")] if session.projects else told


def _without_session(which: Door, scope: Scope) -> Response:
    if which is Door.PAGES and scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
        query = scope["query_string"].decode("latin-1")
        wanted = scope["path"] + (f"?{query}" if query else "")
        there = f"/login?next={quote(wanted, safe='/')}" if wanted != "/" else "/login"
        return RedirectResponse(there, 303)
    return PlainTextResponse("Sign in first", 401)


async def _refuse(answer: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer instead of the application; for a websocket before it is one."""
    if scope["type"] == "websocket" and "websocket.http.response" in scope.get("extensions", {}):
        await WebSocket(scope, receive, send).send_denial_response(answer)
    elif scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": SIGN_IN_AGAIN})
    else:
        await answer(scope, receive, send)
