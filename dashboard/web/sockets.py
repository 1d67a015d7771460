"""The open browser tabs of each session, so that they can be closed the moment the session ends."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress

from starlette.types import Message, Send

#: Tells the browser, in the range that the protocol leaves to applications, "sign in again".
SIGN_IN_AGAIN = 4401


class Tab:
    """One open websocket. After `close` nothing goes through it in either direction."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.closed = False

    async def send(self, message: Message) -> None:
        """Pass on what the application says, unless the tab has been closed."""
        if not self.closed:
            await self._send(message)

    async def close(self) -> None:
        if self.closed:
            return
        self.closed = True
        with suppress(RuntimeError, OSError):  # the browser was faster
            await self._send({"type": "websocket.close", "code": SIGN_IN_AGAIN})


class Sockets:
    """Belongs to the event loop: no other thread may touch it."""

    def __init__(self) -> None:
        self._tabs: dict[str, set[Tab]] = defaultdict(set)

    def open(self, key: str, send: Send) -> Tab:
        """Register a tab of the session `key`."""
        tab = Tab(send)
        self._tabs[key].add(tab)
        return tab

    def gone(self, key: str, tab: Tab) -> None:
        """The browser has left."""
        self._tabs[key].discard(tab)
        if not self._tabs[key]:
            del self._tabs[key]

    async def close(self, *keys: str) -> None:
        """Close every tab of these sessions."""
        for key in keys:
            for tab in list(self._tabs.get(key, ())):
                await tab.close()

    def sessions(self) -> list[str]:
        """The keys of the sessions that have a tab open."""
        return list(self._tabs)
