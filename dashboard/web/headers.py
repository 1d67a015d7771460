"""What every answer carries, whoever made it: what the browser may load, keep and tell others."""

from __future__ import annotations

import logging

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.web import log, screens

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'; "
    "object-src 'none'"
)

HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}

#: Files that are the same for everybody. Anything else may be about somebody and is never kept.
_FOR_EVERYBODY = ("/static/", "/brand/")
_STARTS = ("http.response.start", "websocket.http.response.start")


class SecurityHeaders:
    """The outermost layer: nothing leaves without it, a refusal or a failure neither."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        self.fixed = dict(HEADERS)
        if https:
            self.fixed["strict-transport-security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        begun = False

        async def sealed(message: Message) -> None:
            nonlocal begun
            if message["type"] in _STARTS:
                begun = True
                message.setdefault("headers", [])
                headers = MutableHeaders(scope=message)
                headers.update(self.fixed)
                if not scope["path"].startswith(_FOR_EVERYBODY):
                    headers["cache-control"] = "no-store"
            await send(message)

        try:
            await self.app(scope, receive, sealed)
        except Exception as error:
            # Starlette's own last resort stands outside every middleware and sends no headers.
            if scope["type"] != "http" or begun:
                raise
            reference = log.reference(error)
            logging.getLogger("sixfold.web").error("A request failed", exc_info=error)
            failed = screens.message(
                "Something went wrong",
                f"What you saved is kept. Try again; if it happens once more, tell your "
                f"administrator this reference: {reference}.",
                status=500,
            )
            await failed(scope, receive, sealed)
