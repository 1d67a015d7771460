"""Is the server fit to serve? For whoever watches it from outside; tells them nothing else."""

from __future__ import annotations

import apsw
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from dashboard import runtime
from services.errors import ServiceError


async def healthz(_: Request) -> JSONResponse:
    """200 when the vault answers, 503 when it does not."""
    here = runtime.current()
    try:
        await here.ask(lambda: here.vault.connection().execute("select 1").fetchone())
    except (apsw.Error, ServiceError):
        return JSONResponse({"ok": False}, 503)
    return JSONResponse({"ok": True})


ROUTES = [Route("/healthz", healthz)]
