"""Read a plain HTML form, and no more of it than a form of ours can be long."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

LONGEST_BYTES = 16_384


class TooLong(Exception):
    """More was sent than any form here holds."""


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
