"""The registry of measures as a form needs it: from the database, or as it was last seen on this server."""

from __future__ import annotations

from contextlib import suppress

from dashboard import session
from dashboard.forms import last_seen
from dashboard.forms.last_seen import Seen
from services import known as last_known
from services import measures
from services.errors import ServiceError
from services.measures import Measure

NAME = "measures"


def read() -> Seen[list[Measure]]:
    """Every measure of the person's clinic. Without it no score could be entered while the database is away."""
    seen = last_seen.of(NAME, lambda: measures.registry(session.db()), otherwise=[])
    vault, owner = session.vault(), session.outbox().owner
    if seen.trouble is None:
        with suppress(ServiceError):  # a full disk says so where somebody saves
            rows = {"rows": [measure.row() for measure in seen.value]}
            last_known.keep(vault, owner=owner, name=NAME, content=rows)
    elif not seen.known and (kept := last_known.kept(vault, owner=owner, name=NAME)):
        return Seen([Measure.from_row(row) for row in kept["rows"]], seen.trouble)
    return seen
