"""The routes and the middleware, put together in their order."""

from __future__ import annotations

from starlette.middleware import Middleware

from dashboard.web import forms, health, join, new_password, presence, shared_screen, sign_in, static_files
from dashboard.web.gate import Gate
from dashboard.web.headers import SecurityHeaders
from dashboard.web.index_html import IndexHtml
from dashboard.web.static_files import StaticFiles
from services.settings import Settings

ROUTES = [
    *sign_in.ROUTES,
    *new_password.ROUTES,
    *join.ROUTES,
    *presence.ROUTES,
    *shared_screen.ROUTES,
    *health.ROUTES,
    *static_files.ROUTES,
]

EXCEPTION_HANDLERS = {forms.TooLong: forms.too_long}


def middleware(settings: Settings) -> list[Middleware]:
    """From the outside in. Headers first, so that refusals carry them too."""
    return [
        Middleware(SecurityHeaders, https=settings.site_url.startswith("https://")),
        Middleware(Gate),
        Middleware(StaticFiles, beside=settings.vault_path.parent),
        Middleware(IndexHtml),
    ]
