"""The HTML of the pages that need no script."""

from __future__ import annotations

import hashlib
import math
import re
from functools import cache
from pathlib import Path
from typing import Any

import streamlit
from jinja2 import Environment, FileSystemLoader
from starlette.responses import HTMLResponse

from dashboard.web import demo
from services.accounts import SHORTEST_PASSWORD

_HERE = Path(__file__).parent
_STREAMLIT = Path(streamlit.__file__).parent / "static"
_TEMPLATES = Environment(loader=FileSystemLoader(_HERE / "templates"), autoescape=True, trim_blocks=True)


def login(
    *, next: str = "/", email: str = "", problem: str = "", notice: str = "", status: int = 200
) -> HTMLResponse:
    """The sign-in page. While somebody types, the browser fetches what the first page will need."""
    return _page(
        "login.html",
        status,
        next=next,
        email=email,
        problem=problem,
        notice=notice,
        demo=demo.accounts(),
        prefetch=_bundles(),
    )


def forgot(*, email: str = "", problem: str = "", status: int = 200) -> HTMLResponse:
    return _page("forgot.html", status, email=email, problem=problem)


def reset(*, email: str = "", problem: str = "", status: int = 200) -> HTMLResponse:
    return _page("reset.html", status, email=email, problem=problem, shortest=SHORTEST_PASSWORD)


def join(*, email: str = "", problem: str = "", status: int = 200) -> HTMLResponse:
    return _page("join.html", status, email=email, problem=problem)


def join_code(*, email: str = "", problem: str = "", status: int = 200) -> HTMLResponse:
    return _page("join_code.html", status, email=email, problem=problem, shortest=SHORTEST_PASSWORD)


def sign_out(*, csrf: str) -> HTMLResponse:
    return _page("sign_out.html", 200, csrf=csrf)


def message(title: str, sentence: str, *, status: int) -> HTMLResponse:
    """A page that says one thing."""
    return _page("message.html", status, title=title, sentence=sentence)


def wrong_host(site_url: str) -> HTMLResponse:
    return message(
        "Not this address",
        f"This server answers at {site_url}. If people should use another address, "
        "set SIXFOLD_SITE_URL to it.",
        status=421,
    )


def in_minutes(seconds: float) -> str:
    """'1 minute', '4 minutes': rounded up."""
    minutes = max(1, math.ceil(seconds / 60))
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def _page(name: str, status: int, **values: Any) -> HTMLResponse:
    html = _TEMPLATES.get_template(name).render(**_frame(), **values)
    return HTMLResponse(html, status)


@cache
def _frame() -> dict[str, str]:
    style = (_HERE / "brand" / "sign-in.css").read_bytes()
    return {
        "sans": _media("SourceSansVF-Upright"),
        "serif": _media("SourceSerifVariable-Roman"),
        "version": hashlib.sha256(style).hexdigest()[:8],
    }


def _media(stem: str) -> str:
    """The address of a font that Streamlit ships; its file name carries a hash."""
    found = sorted((_STREAMLIT / "static" / "media").glob(f"{stem}.*"))
    return f"/static/media/{found[0].name}" if found else ""


@cache
def _bundles() -> tuple[str, ...]:
    """What Streamlit loads first, and what the first chart and table load."""
    index = (_STREAMLIT / "index.html").read_text(encoding="utf-8")
    urls = re.findall(r'(?:src|href)="\./(static/(?:js|css)/[^"]+)"', index)
    for chunk in ("PlotlyChart.*.js", "DataFrame.*.js", "arrowFormatUtils.*.js"):
        urls += [f"static/js/{file.name}" for file in (_STREAMLIT / "static/js").glob(chunk)]
    return tuple(f"/{url}" for url in urls)
