"""The one cookie: an id without meaning that only this server can turn into a person."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.responses import Response
from starlette.types import Scope

from services.web_sessions import key_of

#: Browsers accept the prefix only with Secure, Path=/ and no Domain, so no neighbour can set it.
NAME = "__Host-sixfold"


def session_key(scope: Scope) -> str | None:
    """The key of the session that the browser presents, whether or not there is one."""
    for name, value in _pairs(scope["headers"]):
        if name == NAME and value:
            return key_of(value)
    return None


def put(response: Response, session_id: str, *, seconds: float) -> None:
    """Hand the browser its id."""
    response.set_cookie(
        NAME, session_id, max_age=int(seconds), path="/", secure=True, httponly=True, samesite="lax"
    )


def drop(response: Response) -> None:
    """Take it back."""
    response.delete_cookie(NAME, path="/", secure=True, httponly=True, samesite="lax")


def without(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The request headers less our cookie: scripts know the session by its key and need no id."""
    kept = []
    for name, value in headers:
        if name.lower() == b"cookie":
            others = [part for part in value.split(b";") if part.split(b"=")[0].strip() != _RAW]
            value = b";".join(others).strip()
            if not value:
                continue
        kept.append((name, value))
    return kept


_RAW = NAME.encode()


def _pairs(headers: Iterable[tuple[bytes, bytes]]) -> Iterable[tuple[str, str]]:
    for name, value in headers:
        if name.lower() == b"cookie":
            for part in value.decode("latin-1").split(";"):
                key, _, content = part.strip().partition("=")
                yield key, content
