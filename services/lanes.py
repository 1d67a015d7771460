"""How the way to the database stands, written to the vault so that every page sees it, after any reload too."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from services.vault import Vault

EVERYBODY = ""
SIGN_IN = "sign in"


@dataclass(frozen=True, slots=True)
class Health:
    """What the last tries have shown. `trouble` is a sentence; `since` is when this, or the need to sign in, began."""

    last_success: datetime | None
    trouble: str | None
    since: datetime | None
    sign_in_needed: bool

    @property
    def reachable(self) -> bool:
        return self.trouble is None


def health(vault: Vault, *, owner: str) -> Health:
    """The way to the database, and what holds up this person's own entries while any of them wait.

    `sign_in_needed` when they wait for a sign-in on this server.
    """
    reached, shared, own, since = (
        vault.connection()
        .execute(
            "select max(reached), max(trouble) filter (where owner = ?1), max(trouble) filter (where owner = ?2), min(since)"
            " from lanes where owner = ?1 or owner = ?2 and exists (select 1 from operations"
            " where owner = ?2 and state in ('saved', 'sending', 'parked') and state <> 'parked')",
            (EVERYBODY, owner),
        )
        .get
    )
    sign_in_needed = own == SIGN_IN
    trouble = shared or (None if sign_in_needed else own)
    return Health(_moment(reached), trouble, _moment(since), sign_in_needed)


def reached(vault: Vault) -> None:
    """The database has just answered as it should."""
    with vault.transaction() as connection:
        connection.execute(
            "insert into lanes (owner, reached) values (?, ?) on conflict do update set reached = excluded.reached",
            (EVERYBODY, time.time()),
        )


def note(vault: Vault, owner: str, trouble: str | None) -> None:
    """Write down a trouble, or that it is over. It keeps the time at which it began."""
    with vault.transaction() as connection:
        connection.execute(
            "insert into lanes (owner, trouble, since) values (?1, ?2, iif(?2 is null, null, ?3))"
            " on conflict do update set since = iif(?2 is null, null, coalesce(since, ?3)), trouble = ?2",
            (owner, trouble, time.time()),
        )


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
