"""Streamlit's page, made ours: title, language, our scripts, no inline script, no hint of an agent API."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_BRAND = Path(__file__).parent / "brand"
_NOT_PAGES = ("/static/", "/brand/", "/_stcore/", "/media/", "/component/", "/login", "/join", "/auth/")
#: With these a browser could ask for a part, or for nothing, of a page whose length we change.
_ASKED_OF_FILES = {
    b"accept-encoding",
    b"if-none-match",
    b"if-modified-since",
    b"range",
    b"if-range",
}
_TOLD_OF_FILES = {b"content-length", b"etag", b"last-modified", b"accept-ranges"}

_NOSCRIPT = (
    "<noscript><p>Sixfold needs JavaScript. Please switch it on for this site.</p>"
    '<p><a href="/auth/logout">Sign out</a></p></noscript>'
)


class IndexHtml:
    """Rewrites the one HTML file that Streamlit answers every page with."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        page = scope["type"] == "http" and scope["method"] == "GET"
        if not page or scope["path"].startswith(_NOT_PAGES):
            await self.app(scope, receive, send)
            return
        asked = [pair for pair in scope["headers"] if pair[0].lower() not in _ASKED_OF_FILES]
        start: Message | None = None
        body = b""

        async def rewriting(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_html(message):
                start = message
            elif start is None or message["type"] != "http.response.body":
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    ours = rewritten(body)
                    told = [p for p in start["headers"] if p[0].lower() not in _TOLD_OF_FILES]
                    told.append((b"content-length", str(len(ours)).encode()))
                    await send({**start, "headers": told})
                    await send({"type": "http.response.body", "body": ours})

        await self.app(dict(scope, headers=asked), receive, rewriting)


@lru_cache(maxsize=4)
def rewritten(page: bytes) -> bytes:
    """Streamlit's index.html as this application shows it."""
    html = page.decode()
    html = re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL)
    html = re.sub(r"<html[^>]*>", '<html lang="en">', html)
    html = re.sub(r"<title>.*?</title>", "<title>Sixfold</title>", html)
    html = re.sub(r'<link rel="service-desc"[^>]*>', "", html)
    html = re.sub(r'<link rel="shortcut icon"[^>]*>', _icon(), html)
    html = re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL)
    html = re.sub(r"<noscript>.*?</noscript>", _NOSCRIPT, html, flags=re.DOTALL)
    return html.replace("</head>", f"{_ours()}</head>").encode()


def _is_html(message: Message) -> bool:
    headers = {name.lower(): value for name, value in message["headers"]}
    return headers.get(b"content-type", b"").startswith(b"text/html")


def _icon() -> str:
    return f'<link rel="icon" type="image/svg+xml" href="{_address("sixfold.svg")}">'


def _ours() -> str:
    style = f'<link rel="stylesheet" href="{_address("tab.css")}">'
    scripts = [f'<script src="{_address(name)}" defer></script>' for name in ("guard.js", "keep.js")]
    return "".join([style, *scripts])


def _address(name: str) -> str:
    """A brand file under an address that changes with its content: it may be kept for long."""
    return f"/brand/{name}?{hashlib.sha256((_BRAND / name).read_bytes()).hexdigest()[:8]}"
