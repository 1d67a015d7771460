"""Putting a meeting on a shared screen: the browser that asks becomes one, and stays one until its session ends."""

from __future__ import annotations

import hmac
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard import runtime
from dashboard.runtime import Running
from dashboard.web import forms, origin, screens
from dashboard.web.sign_in import not_from_here, session_of
from services import chairing, database, ids, people, shared_screen
from services import known as last_known
from services.errors import NotReachable, ServiceError
from services.outbox import Outbox
from services.people import Person
from services.web_sessions import Projection, WebSession


async def put_up(request: Request) -> Response:
    """Turn this session into the shared screen of a meeting, close the tabs it has open, and note it in the log."""
    here = runtime.current()
    if not origin.from_us(request.scope, here.settings.site_url):
        return not_from_here()
    sent = await forms.read(request)
    session = await session_of(request)
    if not session or not hmac.compare_digest(session.csrf.encode(), sent.get("csrf", "").encode()):
        return not_from_here()
    try:
        team, meeting, led_by = (UUID(sent.get(name, "")) for name in ("team", "meeting", "led_by"))
        minutes = int(sent.get("minutes", ""))
    except ValueError:
        return not_from_here()
    try:
        await run_in_threadpool(_put_up, here, session, team, meeting, led_by, minutes)
    except ServiceError as error:
        return screens.message("Not on this screen", str(error), status=403)
    await here.sockets.close(session.key)
    answer = RedirectResponse("/", 303)
    answer.headers["clear-site-data"] = '"storage"'
    return answer


def _put_up(
    here: Running, session: WebSession, team: UUID, meeting: UUID, led_by: UUID, minutes: int
) -> None:
    shared_screen.must_supervise(_who(here, session), team)
    onto = Projection(str(team), str(meeting), ids.new())
    with here.vault.transaction():  # a screen that nobody can log is not opened
        if here.sessions.project(session.key, onto, seconds=shared_screen.lasts(minutes).total_seconds()):
            outbox = Outbox(here.vault, session.person_id)
            chairing.open_screen(outbox, team=team, meeting=meeting, led_by=led_by, entity=onto.screen)


def _who(here: Running, session: WebSession) -> Person | None:
    """Who asks, with today's roles; while the database is away, as this server last knew them."""
    try:
        return people.me(database.client(here.sessions.token(session.key), settings=here.settings))
    except NotReachable:
        row = last_known.kept(here.vault, owner=session.person_id, name="person")
        return Person.from_row(row) if row else None


ROUTES = [Route("/auth/screen", put_up, methods=["POST"])]
