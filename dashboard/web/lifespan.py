"""What runs beside the requests from start to end: sending what was saved, and closing what timed out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from dashboard import runtime
from dashboard.runtime import Running
from services import sync

LOOK_EVERY_SECONDS = 5.0


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Start the sync worker and the watch over open tabs; stop both, and let go of the vault."""
    here = runtime.current()
    worker = sync.Worker(here.vault, here.settings, tokens=here.sessions.token_of)
    here.sessions.on_sign_in = worker.wake
    worker.start()
    watch = asyncio.create_task(close_what_ended(here), name="sixfold-watch")
    try:
        yield {}
    finally:
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch
        await asyncio.to_thread(worker.stop)
        runtime.stop()


async def close_what_ended(here: Running) -> None:
    """Close the tabs of sessions that timed out or were ended elsewhere, every few seconds."""
    while True:
        await asyncio.sleep(LOOK_EVERY_SECONDS)
        try:
            await here.ask(here.sessions.end_lapsed)
            for key in here.sockets.sessions():
                if await here.ask(here.sessions.find, key, active=False) is None:
                    await here.sockets.close(key)
        except Exception as error:  # the next look must still come
            logging.getLogger("sixfold.web").error("Could not look after open tabs", exc_info=error)
