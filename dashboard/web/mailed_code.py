"""A code that comes by mail and is typed, with a password of one's own: what a new password and joining have in common.

It is typed, not clicked: links carry what Python never sees.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dashboard import runtime
from dashboard.web import forms, origin, screens
from dashboard.web.sign_in import not_before, not_from_here, slow_down, throttle_keys
from dashboard.web.throttle import Throttle
from services import accounts
from services.errors import NotReachable, ServiceError

#: Mailing takes its time, and only some addresses are mailed.
SENT_AFTER_SECONDS = 2.0
REFUSED_AFTER_SECONDS = 1.0

# One count for every page that mails codes or takes them.
_asked = Throttle(tries=3, seconds=15 * 60)
_asked_from = Throttle(tries=20, seconds=15 * 60)
# Per account, wherever from: six digits must not be guessed from a thousand addresses.
_guessed = Throttle(tries=5, seconds=15 * 60)

Done = TypeVar("Done")


async def send(
    request: Request,
    *,
    form: Callable[..., Response],
    sent: Callable[..., Response],
    mail: Callable[..., None],
) -> Response:
    """Have a code mailed to the address in the form, if it may get one; the answer does not tell."""
    here = runtime.current()
    began = time.monotonic()
    if not origin.from_us(request.scope, here.settings.site_url):
        return not_from_here()
    email = (await forms.read(request)).get("email", "").strip()
    if not email:
        return form(problem="Enter your e-mail address.", status=400)
    account_key, address_key = throttle_keys(request, email)
    wait = max(_asked.wait(account_key), _asked_from.wait(address_key))
    if wait > 0:
        problem = f"Enough codes have been asked for. Try again in {screens.in_minutes(wait)}."
        return slow_down(form(email=email, problem=problem, status=429), wait)
    _asked.count(account_key)
    _asked_from.count(address_key)
    try:
        await run_in_threadpool(mail, accounts.client(here.settings), email=email)
    except NotReachable as error:
        return form(email=email, problem=str(error), status=503)
    except ServiceError:  # "too many for this account" would say that there is one
        pass
    await not_before(began, SENT_AFTER_SECONDS)
    return sent(email=email)


async def use(
    request: Request,
    *,
    form: Callable[..., Response],
    set_password: Callable[..., Done],
    then: Callable[[Done], Awaitable[Response]],
) -> Response:
    """Set the password with the code, and go on with what `set_password` answers."""
    here = runtime.current()
    began = time.monotonic()
    if not origin.from_us(request.scope, here.settings.site_url):
        return not_from_here()
    sent = await forms.read(request)
    email = sent.get("email", "").strip()
    code = sent.get("code", "").replace(" ", "")

    def again(problem: str, status: int) -> Response:
        return form(email=email, problem=problem, status=status)

    if not email or not code:
        return again("Enter your e-mail address and the code.", 400)
    key = email.casefold()
    if (wait := _guessed.wait(key)) > 0:
        return slow_down(again(f"Too many attempts. Try again in {screens.in_minutes(wait)}.", 429), wait)
    _guessed.count(key)
    try:
        done = await run_in_threadpool(
            set_password,
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
    return await then(done)
