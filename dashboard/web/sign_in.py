"""Sign in and out: plain forms that need no script."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import time
from contextlib import suppress

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard import runtime
from dashboard.web import cookie, forms, origin, screens
from dashboard.web.throttle import Throttle
from services import accounts, database, invitations
from services.errors import NotReachable, ServiceError
from services.web_sessions import WebSession

#: A refusal is not answered earlier: an unknown account is refused at once, a known one only after
#: its password was hashed, and that must not show.
REFUSED_AFTER_SECONDS = 1.0

NOTICES = {
    "ended": "You have been signed out. What you saved is kept; sign in to carry on.",
    "changed": "Your password is changed. Sign in with the new one.",
    "out": "You are signed out.",
    "screen": "The shared screen has ended. Sign in to go on.",
}

_per_account = Throttle(tries=5, seconds=5 * 60)
_per_address = Throttle(tries=50, seconds=5 * 60)


async def form(request: Request) -> Response:
    """The sign-in page; somebody who is signed in already goes on to where they wanted."""
    wanted = origin.local_path(request.query_params.get("next"))
    session = await session_of(request)
    if session and not session.needs_sign_in:
        return RedirectResponse(wanted, 303)
    notice = NOTICES.get(request.query_params.get("notice", ""), "")
    return screens.login(next=wanted, notice=notice)


async def sign_in(request: Request) -> Response:
    """Check the password at Supabase, begin a session, go on to the page that was wanted."""
    here = runtime.current()
    began = time.monotonic()
    if not origin.from_us(request.scope, here.settings.site_url):
        return not_from_here()
    sent = await forms.read(request)
    email, password = sent.get("email", "").strip(), sent.get("password", "")
    wanted = origin.local_path(sent.get("next"))

    def again(problem: str, status: int) -> Response:
        return screens.login(next=wanted, email=email, problem=problem, status=status)

    if not email or not password:
        return again("Enter your e-mail address and your password.", 400)
    account_key, address_key = throttle_keys(request, email)
    wait = max(_per_account.wait(account_key), _per_address.wait(address_key))
    if wait > 0:
        return slow_down(again(f"Too many attempts. Try again in {screens.in_minutes(wait)}.", 429), wait)
    _per_account.count(account_key)
    _per_address.count(address_key)
    try:
        auth = accounts.client(here.settings)
        account = await run_in_threadpool(accounts.sign_in, auth, email=email, password=password)
    except accounts.WrongSignIn as error:
        await not_before(began, REFUSED_AFTER_SECONDS)
        return again(str(error), 401)
    except NotReachable as error:
        _per_account.take_back(account_key)
        _per_address.take_back(address_key)
        return again(str(error), 503)
    except ServiceError as error:
        return again(str(error), 429 if isinstance(error, accounts.TooManyTries) else 403)
    _per_account.forget(account_key)
    _per_address.take_back(address_key)
    return await enter(request, account, wanted)


async def enter(request: Request, account: accounts.Account, wanted: str) -> Response:
    """Begin a session for this account on this browser, with the roles it was invited to, and go on to a page."""
    here = runtime.current()
    await _end(cookie.session_key(request.scope))  # whoever was signed in on this browser before
    await run_in_threadpool(_take_up_roles, account.access_token)
    session_id = await here.ask(here.sessions.create, account)
    answer = RedirectResponse(wanted, 303)
    cookie.put(answer, session_id, seconds=here.settings.absolute_hours * 3600)
    return answer


async def sign_out_form(request: Request) -> Response:
    """Ask once, for whoever comes here by a link."""
    session = await session_of(request)
    return screens.sign_out(csrf=session.csrf) if session else RedirectResponse("/login", 303)


async def sign_out(request: Request) -> Response:
    """End the session, close its tabs, and tell Supabase afterwards."""
    here = runtime.current()
    if not origin.from_us(request.scope, here.settings.site_url):
        return not_from_here()
    sent = await forms.read(request)
    session = await session_of(request)
    # Compared as bytes: a token with an accent must be refused, not raise.
    if session and not hmac.compare_digest(session.csrf.encode(), sent.get("csrf", "").encode()):
        return not_from_here()
    token = await _end(session.key) if session else None
    answer = RedirectResponse("/login?notice=out", 303)
    cookie.drop(answer)
    # Not "cache": nothing personal is ever cached, and the bundles would have to be fetched again.
    answer.headers["clear-site-data"] = '"storage"'
    if token:
        answer.background = BackgroundTask(_tell_supabase, token)
    return answer


async def session_of(request: Request) -> WebSession | None:
    """The session of the browser that asks. Asking does not count as using the app."""
    here = runtime.current()
    key = cookie.session_key(request.scope)
    return await here.ask(here.sessions.find, key, active=False) if key else None


async def end_all_of(person_id: str) -> None:
    """End every session of this person and close their tabs."""
    here = runtime.current()
    await here.sockets.close(*await here.ask(here.sessions.end_all_of, person_id))


def throttle_keys(request: Request, email: str) -> tuple[str, str]:
    """Under what to count: this account from this address, and this address. Keeps no address itself."""
    address = request.client.host if request.client else ""
    both = f"{email.casefold()}\0{address}".encode()
    return hashlib.sha256(both).hexdigest(), hashlib.sha256(address.encode()).hexdigest()


async def not_before(began: float, seconds: float) -> None:
    """Wait until the next full `seconds` since `began`: whatever took how long no longer shows."""
    gone = time.monotonic() - began
    await asyncio.sleep(-gone % seconds)


def slow_down(answer: Response, seconds: float) -> Response:
    answer.headers["retry-after"] = str(int(seconds) + 1)
    return answer


def not_from_here() -> Response:
    return screens.message(
        "This form is out of date",
        "It was not sent from a page of Sixfold, or that page was too old. Go back and try again.",
        status=403,
    )


async def _end(key: str | None) -> str | None:
    if key is None:
        return None
    here = runtime.current()
    token = await here.ask(here.sessions.end, key)
    await here.sockets.close(key)
    return token


def _take_up_roles(token: str) -> None:
    with suppress(ServiceError):  # the database is away: the next sign-in asks again
        invitations.accept(database.client(token, settings=runtime.current().settings))


def _tell_supabase(token: str) -> None:
    try:
        accounts.sign_out(accounts.client(runtime.current().settings), access_token=token)
    except ServiceError as error:  # the tokens are destroyed here already
        logging.getLogger("sixfold.web").info("Supabase was not told of a sign-out", exc_info=error)


ROUTES = [
    Route("/login", form, methods=["GET"]),
    Route("/login", sign_in, methods=["POST"]),
    Route("/auth/logout", sign_out_form, methods=["GET"]),
    Route("/auth/logout", sign_out, methods=["POST"]),
]
