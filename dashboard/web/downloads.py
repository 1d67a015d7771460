"""Files that are made when somebody presses a button: they stay until the browser has fetched them."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from streamlit.runtime import memory_media_file_storage as shipped
from streamlit.runtime.media_file_storage import MediaFileKind

KEPT = 60.0  # seconds


class Lasting(shipped.MemoryMediaFileStorage):
    """Lets go of a download a minute after it is told to.

    Nothing on a page points at a file made for one press, so Streamlit lets go of it at the end of the second run after
    that, of whatever session. With a meeting open on several devices, which look again all the time, that comes before the
    browser has asked for it.
    """

    def __init__(self, media_endpoint: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(media_endpoint)
        self._clock, self._lock = clock, Lock()
        self._going: dict[str, float] = {}

    def load_and_get_id(
        self, path_or_data: str | bytes, mimetype: str, kind: MediaFileKind, filename: str | None = None
    ) -> str:
        file_id = super().load_and_get_id(path_or_data, mimetype, kind, filename)
        with self._lock:
            self._going.pop(file_id, None)
        return file_id

    def get_file(self, filename: str) -> shipped.MemoryFile:
        self._let_go()
        return super().get_file(filename)

    def delete_file(self, file_id: str) -> None:
        file = self._files_by_id.get(file_id)
        if file is None or file.kind is not MediaFileKind.DOWNLOADABLE:
            super().delete_file(file_id)
            return
        with self._lock:
            self._going[file_id] = self._clock() + KEPT
        self._let_go()

    def _let_go(self) -> None:
        with self._lock:
            for file_id in [one for one, until in self._going.items() if until <= self._clock()]:
                del self._going[file_id]
                super().delete_file(file_id)


def keep() -> None:
    """Called before the server is made: Streamlit looks its storage up by name just then."""
    shipped.MemoryMediaFileStorage = Lasting
