"""Read a plain HTML form, and no more of it than a form of ours can be long."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from dashboard.web import screens

LONGEST_BYTES = 16_384


class TooLong(Exception):
    """More was sent than any form here holds."""


async def too_long(_: Request, __: Exception) -> Response:
    return screens.message("That is too much", "A form of Sixfold is shorter than what was sent.", status=413)


async def read(request: Request) -> dict[str, str]:
    """Field → value; of a field sent twice the last one."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BYTES:
            raise TooLong
    text = body.decode("utf-8", errors="replace")
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=20))
    except ValueError as error:
        raise TooLong from error
