"""How the way to the database stands, written to the vault so that every page sees it, after any reload too."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from services.vault import Vault

EVERYBODY = ""
SIGN_IN = "sign in"


@dataclass(frozen=True, slots=True)
class Health:
    """What the last tries have shown. `trouble` is a sentence, `since` when it began; both None while all is well."""

    last_success: datetime | None
    trouble: str | None
    since: datetime | None
    sign_in_needed: bool

    @property
    def reachable(self) -> bool:
        return self.trouble is None


def health(vault: Vault, *, owner: str) -> Health:
    """The way to the database; `sign_in_needed` when this person's entries wait for a sign-in on this server."""
    connection = vault.connection()
    reached, trouble, since = connection.execute(
        "select max(reached), max(trouble), max(since) from lanes where owner = ?", (EVERYBODY,)
    ).get
    paused = connection.execute(
        "select exists (select 1 from lanes where owner = ?1 and trouble is not null) and exists (select 1 from operations"
        " where owner = ?1 and state in ('saved', 'sending', 'parked') and state <> 'parked')",
        (owner,),
    ).get
    return Health(_moment(reached), trouble, _moment(since), bool(paused))


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
