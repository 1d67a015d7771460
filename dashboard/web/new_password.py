"""A new password by a code that comes by mail. It is typed, not clicked: links carry what Python never sees."""

from __future__ import annotations

import time

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard import runtime
from dashboard.web import forms, origin, screens
from dashboard.web.sign_in import end_all_of, not_before, not_from_here, slow_down, throttle_keys
from dashboard.web.throttle import Throttle
from services import accounts
from services.errors import NotReachable, ServiceError

#: Mailing takes its time, and only known accounts are mailed.
SENT_AFTER_SECONDS = 2.0
REFUSED_AFTER_SECONDS = 1.0

_asked = Throttle(tries=3, seconds=15 * 60)
_asked_from = Throttle(tries=20, seconds=15 * 60)
# Per account, wherever from: six digits must not be guessed from a thousand addresses.
_guessed = Throttle(tries=5, seconds=15 * 60)


async def ask_form(_: Request) -> Response:
    return screens.forgot()


async def ask(request: Request) -> Response:
    """Have a code mailed, if there is such an account; the answer does not tell."""
    here = runtime.current()
    began = time.monotonic()
    if not origin.from_us(request.scope, here.settings.site_url):
        return not_from_here()
    email = (await forms.read(request)).get("email", "").strip()
    if not email:
        return screens.forgot(problem="Enter your e-mail address.", status=400)
    account_key, address_key = throttle_keys(request, email)
    wait = max(_asked.wait(account_key), _asked_from.wait(address_key))
    if wait > 0:
        problem = f"Enough codes have been asked for. Try again in {screens.in_minutes(wait)}."
        return slow_down(screens.forgot(email=email, problem=problem, status=429), wait)
    _asked.count(account_key)
    _asked_from.count(address_key)
    try:
        auth = accounts.client(here.settings)
        await run_in_threadpool(accounts.send_code, auth, email=email)
    except NotReachable as error:
        return screens.forgot(email=email, problem=str(error), status=503)
    except ServiceError:  # "too many for this account" would say that there is one
        pass
    await not_before(began, SENT_AFTER_SECONDS)
    return screens.reset(email=email)


async def change_form(_: Request) -> Response:
    return screens.reset()


async def change(request: Request) -> Response:
    """Set the new password, sign the person out everywhere, and let them sign in with it."""
    here = runtime.current()
    began = time.monotonic()
    if not origin.from_us(request.scope, here.settings.site_url):
        return not_from_here()
    sent = await forms.read(request)
    email = sent.get("email", "").strip()
    code = sent.get("code", "").replace(" ", "")

    def again(problem: str, status: int) -> Response:
        return screens.reset(email=email, problem=problem, status=status)

    if not email or not code:
        return again("Enter your e-mail address and the code.", 400)
    key = email.casefold()
    if (wait := _guessed.wait(key)) > 0:
        return slow_down(again(f"Too many attempts. Try again in {screens.in_minutes(wait)}.", 429), wait)
    _guessed.count(key)
    try:
        person_id = await run_in_threadpool(
            accounts.change_password,
            accounts.client(here.settings),
            email=email,
            code=code,
            password=sent.get("password", ""),
        )
    except accounts.WrongCode as error:
        await not_before(began, REFUSED_AFTER_SECONDS)
        return again(str(error), 401)
    except ServiceError as error:
        _guessed.take_back(key)
        return again(str(error), 503 if isinstance(error, NotReachable) else 400)
    _guessed.forget(key)
    await end_all_of(person_id)
    return RedirectResponse("/login?notice=changed", 303)


ROUTES = [
    Route("/auth/forgot", ask_form, methods=["GET"]),
    Route("/auth/forgot", ask, methods=["POST"]),
    Route("/auth/reset", change_form, methods=["GET"]),
    Route("/auth/reset", change, methods=["POST"]),
]
