"""The sign-ins of the demo clinic, shown on the sign-in page of a demo and nowhere else."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from dashboard import runtime

_LIST = Path(__file__).resolve().parents[2] / "supabase" / "demo_accounts.json"


@dataclass(frozen=True)
class DemoAccount:
    """An invented person. The password is public on purpose."""

    name: str
    role: str
    email: str
    password: str


def accounts() -> tuple[DemoAccount, ...]:
    """The demo sign-ins; none unless SIXFOLD_DEMO=1 and Supabase runs on this very machine.

    The second condition keeps a forgotten setting from advertising passwords of a real clinic.
    """
    if os.environ.get("SIXFOLD_DEMO") != "1":
        return ()
    supabase = urlsplit(runtime.current().settings.supabase_url).hostname
    return _read() if supabase in ("localhost", "127.0.0.1", "::1") else ()


@cache
def _read() -> tuple[DemoAccount, ...]:
    return tuple(DemoAccount(**row) for row in json.loads(_LIST.read_text(encoding="utf-8")))
