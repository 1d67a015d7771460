"""What guard.js asks: is this tab still signed in, for how long, is it a shared screen, and is somebody there."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard import runtime
from dashboard.web import cookie, origin
from dashboard.web.sign_in import not_from_here


async def whoami(request: Request) -> Response:
    """Seconds until this session times out, or 401. Asking does not put that off."""
    return await _answer(request, active=False)


async def here_i_am(request: Request) -> Response:
    """Somebody types or touches the page; that counts as using it."""
    if not origin.from_us(request.scope, runtime.current().settings.site_url):
        return not_from_here()
    return await _answer(request, active=True)


async def _answer(request: Request, *, active: bool) -> Response:
    here = runtime.current()
    key = cookie.session_key(request.scope)
    session = key and await here.ask(here.sessions.find, key, active=active)
    if not session:
        return JSONResponse({}, 401)
    return JSONResponse({"ends_in": round(session.ends_in), "screen": session.projects is not None})


ROUTES = [
    Route("/auth/whoami", whoami, methods=["GET"]),
    Route("/auth/here", here_i_am, methods=["POST"]),
]
