"""Joining after an invitation: an address, the code that comes to it, a password, and in."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard.web import mailed_code, screens
from dashboard.web.sign_in import end_all_of, enter
from services import accounts


async def ask_form(_: Request) -> Response:
    return screens.join()


async def ask(request: Request) -> Response:
    """Have a code mailed, if this address was invited; the answer does not tell."""
    return await mailed_code.send(
        request, form=screens.join, sent=screens.join_code, mail=accounts.send_joining_code
    )


async def join_form(_: Request) -> Response:
    return screens.join_code()


async def join(request: Request) -> Response:
    """Set the password with the code, take up the roles that were offered, and be signed in here and nowhere else."""

    async def joined(account: accounts.Account) -> Response:
        await end_all_of(account.person_id)
        return await enter(request, account, "/")

    return await mailed_code.use(request, form=screens.join_code, set_password=accounts.join, then=joined)


ROUTES = [
    Route("/join", ask_form, methods=["GET"]),
    Route("/join", ask, methods=["POST"]),
    Route("/join/code", join_form, methods=["GET"]),
    Route("/join/code", join, methods=["POST"]),
]
