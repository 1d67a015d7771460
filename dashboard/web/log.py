"""What may stand in a log: what failed and where, never what anybody typed.

An exception's message often quotes the value that broke something, and here that may be a sentence
about a client. So every log record of this process names types, files and lines only, and the
reference that the person on the screen was given.
"""

from __future__ import annotations

import logging
import secrets
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without the letters that look like digits


def reference(error: BaseException) -> str:
    """The short name under which this failure stands in the log; the same whenever asked."""
    known = getattr(error, "_sixfold_reference", None)
    if known is None:
        letters = [secrets.choice(_ALPHABET) for _ in range(8)]
        known = f"{''.join(letters[:4])}-{''.join(letters[4:])}"
        with suppress(AttributeError):  # an exception with slots: each asking gets a name of its own
            error._sixfold_reference = known  # type: ignore[attr-defined]
    return known


def where(error: BaseException) -> str:
    """Type, file:line of each frame and the causes, outermost call first. No message, no value."""
    parts = []
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        frames = [
            f"{_short(frame.f_code.co_filename)}:{line}"
            for frame, line in traceback.walk_tb(link.__traceback__)
        ]
        parts.append(f"{type(link).__qualname__} at {' > '.join(frames) or 'an unknown place'}")
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return "; because of ".join(parts)


def install() -> None:
    """Make it so for every logger of this process, and for threads that die. Doing it twice is once."""
    made = logging.getLogRecordFactory()
    if getattr(made, "says_no_values", False):
        return

    def record(*args: Any, **kwargs: Any) -> logging.LogRecord:
        return _without_values(made(*args, **kwargs))

    record.says_no_values = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(record)
    for name in ("uvicorn.access", "uvicorn.error"):
        logging.getLogger(name).addFilter(_without_query)
    threading.excepthook = _thread_died


def _without_values(record: logging.LogRecord) -> logging.LogRecord:
    if isinstance(record.args, tuple):
        record.args = tuple(
            type(value).__qualname__ if isinstance(value, BaseException) else value for value in record.args
        )
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        record.msg = f"{record.getMessage()} [{reference(error)}] {where(error)}"
        record.args = ()
    record.exc_info = record.exc_text = None
    return record


def _without_query(record: logging.LogRecord) -> bool:
    """A query string can name what somebody looked at."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            value.split("?", 1)[0] if isinstance(value, str) and value.startswith("/") else value
            for value in record.args
        )
    return True


def _thread_died(died: threading.ExceptHookArgs) -> None:
    if died.exc_value is not None:
        logging.getLogger("sixfold").error("A thread ended", exc_info=died.exc_value)


def _short(file: str) -> str:
    path = Path(file)
    if path.is_relative_to(_ROOT) and "site-packages" not in path.parts:
        return str(path.relative_to(_ROOT))
    return "/".join(path.parts[-2:])
