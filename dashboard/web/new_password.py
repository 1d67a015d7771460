"""A new password by a code that comes by mail."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard.web import mailed_code, screens
from dashboard.web.sign_in import end_all_of
from services import accounts


async def ask_form(_: Request) -> Response:
    return screens.forgot()


async def ask(request: Request) -> Response:
    """Have a code mailed, if there is such an account; the answer does not tell."""
    return await mailed_code.send(request, form=screens.forgot, sent=screens.reset, mail=accounts.send_code)


async def change_form(_: Request) -> Response:
    return screens.reset()


async def change(request: Request) -> Response:
    """Set the new password, sign the person out everywhere, and let them sign in with it."""
    return await mailed_code.use(
        request, form=screens.reset, set_password=accounts.change_password, then=_changed
    )


async def _changed(person_id: str) -> Response:
    await end_all_of(person_id)
    return RedirectResponse("/login?notice=changed", 303)


ROUTES = [
    Route("/auth/forgot", ask_form, methods=["GET"]),
    Route("/auth/forgot", ask, methods=["POST"]),
    Route("/auth/reset", change_form, methods=["GET"]),
    Route("/auth/reset", change, methods=["POST"]),
]
