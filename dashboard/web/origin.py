"""Is this request for us, and does it come from one of our own pages?"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def for_us(scope: Scope, site_url: str) -> bool:
    """Is the Host the one people use, or this machine itself?

    A name that an attacker points at this server (DNS rebinding) is neither.
    """
    host = _host(Headers(scope=scope).get("host", ""))
    return host in _LOOPBACK or host == (urlsplit(site_url).hostname or "").lower()


def from_us(scope: Scope, site_url: str) -> bool:
    """Does the Origin name this site? Every browser sends one with a form or a websocket."""
    headers = Headers(scope=scope)
    origin = urlsplit(headers.get("origin", ""))
    site = urlsplit(site_url)
    if not origin.netloc:
        return False
    own = origin.netloc == headers.get("host") and origin.scheme in ("http", "https")
    return own or (origin.scheme, origin.netloc) == (site.scheme, site.netloc)


def local_path(wanted: str | None) -> str:
    """`wanted` if it is a page of this site, else the first page.

    Browsers drop control characters and read a backslash as a slash, so either could turn a path
    into an address elsewhere.
    """
    if not wanted or not wanted.startswith("/") or wanted.startswith("//"):
        return "/"
    if "\\" in wanted or any(ord(letter) <= 0x20 or ord(letter) == 0x7F for letter in wanted):
        return "/"
    if wanted.startswith(("/login", "/join", "/auth/")):
        return "/"
    return wanted


def _host(value: str) -> str:
    try:
        return (urlsplit(f"//{value}").hostname or "").lower().rstrip(".")
    except ValueError:
        return ""
