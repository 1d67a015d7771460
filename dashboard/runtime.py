"""What this process has one of: its settings, the open vault, the sessions and their open tabs."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any

from dashboard.web.sockets import Sockets
from services import accounts, chairing, vault
from services.outbox import Outbox
from services.settings import Settings
from services.vault import Vault
from services.web_sessions import WebSessions

# Scripts and routes share this object, and neither a module global nor st.cache_resource would keep
# it: hot reload drops every module of ours that it watches, and any browser may ask Streamlit to
# clear its caches. An entry of sys.modules that has no file is watched by nobody.
_KEPT_UNDER = "sixfold.running"


@dataclass(frozen=True)
class Running:
    """The application while it runs."""

    settings: Settings
    vault: Vault
    sessions: WebSessions
    sockets: Sockets
    desk: ThreadPoolExecutor
    """One thread that looks sessions up, so that a disk that waits never holds the event loop."""

    async def ask(self, question: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Ask the sessions something from the event loop, in the order of asking."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.desk, partial(question, *args, **kwargs))


def current() -> Running:
    """The running application."""
    kept = sys.modules.get(_KEPT_UNDER)
    if kept is None:
        raise RuntimeError("Sixfold is not running in this process.")
    return kept.running  # type: ignore[attr-defined]


def start(settings: Settings, *, clock: Callable[[], float] = time.time) -> Running:
    """Open the vault, hold it against a second server, and be `current()` until `stop`.

    Raises ServiceError when the vault cannot be opened or another process holds it.
    """
    safe = vault.open(settings.vault_path, settings.vault_key)
    safe.hold()

    def refresh(refresh_token: str) -> accounts.Account:
        return accounts.refresh(accounts.client(settings), refresh_token=refresh_token)

    def screen_down(person_id: str, screen: str) -> None:
        chairing.close_screen(Outbox(safe, person_id), screen=screen)

    sessions = WebSessions(
        safe,
        idle_seconds=settings.idle_minutes * 60,
        absolute_seconds=settings.absolute_hours * 3600,
        refresh=refresh,
        clock=clock,
    )
    sessions.on_screen_down = screen_down
    kept = ModuleType(_KEPT_UNDER)
    kept.running = Running(  # type: ignore[attr-defined]
        settings=settings,
        vault=safe,
        sessions=sessions,
        sockets=Sockets(),
        desk=ThreadPoolExecutor(1, thread_name_prefix="sessions"),
    )
    sys.modules[_KEPT_UNDER] = kept
    return kept.running  # type: ignore[attr-defined]


def stop() -> None:
    """Finish what was asked, and let go of the vault. Doing it twice is once."""
    kept = sys.modules.pop(_KEPT_UNDER, None)
    if kept is not None:
        kept.running.desk.shutdown()  # type: ignore[attr-defined]
        kept.running.vault.close()  # type: ignore[attr-defined]
