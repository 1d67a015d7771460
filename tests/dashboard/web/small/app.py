"""The server as dashboard/app.py builds it, around a script of a few lines that shows what it was given."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402
from starlette.requests import Request  # noqa: E402
from starlette.responses import Response  # noqa: E402
from starlette.routing import Route  # noqa: E402

from dashboard.web import parts, script_errors, starting  # noqa: E402
from dashboard.web.lifespan import lifespan  # noqa: E402


async def fails(_: Request) -> Response:
    raise ValueError("a sentence about Jane Roe")


here = starting.up()
app = st.App(
    Path(__file__).with_name("script.py"),
    routes=[*parts.ROUTES, Route("/auth/fails", fails)],
    middleware=parts.middleware(here.settings),
    lifespan=lifespan,
    on_script_error=script_errors.show,
    exception_handlers=parts.EXCEPTION_HANDLERS,
)
