"""Reads of a meeting that are kept in the vault: a closed laptop, a reload or a restart of this server does not end a meeting, with the database away or not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from dashboard import session
from dashboard.forms import last_seen
from dashboard.forms.last_seen import Seen
from services import known
from services.errors import NotAllowed, ServiceError


def of(name: str, read: Callable[[], dict[str, Any] | None], *, owner: str) -> Seen[dict[str, Any] | None]:
    """The row that `read` gives; while the database is away the last one that this person was given on this server, or None."""
    vault = session.vault()

    def told() -> dict[str, Any] | None:
        try:
            row = read()
        except NotAllowed:  # no longer theirs to read: what was kept goes as well
            row = None
        with suppress(ServiceError):  # a full disk says so where somebody saves
            known.keep(vault, owner=owner, name=name, content={"row": row})
        return row

    seen = last_seen.of(name, told, otherwise=None)
    if seen.known:
        return seen
    kept = known.kept(vault, owner=owner, name=name)
    return replace(seen, value=kept["row"], known=True) if kept else seen
