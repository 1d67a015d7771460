"""Drafts: what a person has typed into a form and not yet saved. Encrypted in the vault, and their author's alone."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.vault import Vault

KEPT_DAYS = 30
NOTICE_DAYS = 23
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Draft:
    """One form that was begun. `key` tells apart several of the same form: a week, an episode."""

    form: str
    key: str
    content: dict[str, Any]
    changed: datetime


def save(vault: Vault, *, owner: str, form: str, key: str, content: dict[str, Any]) -> None:
    """Keep `content` in place of what this form held. On disk when it returns; raises ServiceError when it cannot be."""
    text = json.dumps(content, default=str)  # ASCII: whatever a browser sent comes back as it was
    with vault.transaction() as connection:
        connection.execute(
            "insert into drafts (owner, form, key, content, changed) values (?, ?, ?, ?, ?)"
            " on conflict do update set content = excluded.content, changed = excluded.changed",
            (owner, form, key, text, time.time()),
        )


def load(vault: Vault, *, owner: str, form: str, key: str) -> dict[str, Any] | None:
    """What was typed, or None when there is no draft."""
    rows = vault.connection().execute(
        "select content from drafts where owner = ? and form = ? and key = ?", (owner, form, key)
    )
    content = rows.get
    return None if content is None else json.loads(content)


def of(vault: Vault, *, owner: str) -> list[Draft]:
    """Every draft of this person, the latest first."""
    rows = vault.connection().execute(
        "select form, key, content, changed from drafts where owner = ? order by changed desc", (owner,)
    )
    return [
        Draft(form, key, json.loads(content), datetime.fromtimestamp(changed, UTC))
        for form, key, content, changed in rows
    ]


def expiring(vault: Vault, *, owner: str) -> list[Draft]:
    """Drafts that go within a week unless somebody continues them."""
    limit = datetime.fromtimestamp(time.time() - NOTICE_DAYS * DAY, UTC)
    return [draft for draft in of(vault, owner=owner) if draft.changed < limit]


def discard(vault: Vault, *, owner: str, form: str, key: str) -> None:
    """Forget what was typed; nothing happens when there is no draft."""
    with vault.transaction() as connection:
        connection.execute("delete from drafts where owner = ? and form = ? and key = ?", (owner, form, key))


def purge(vault: Vault) -> int:
    """Forget drafts nobody has touched for 30 days. Returns how many there were."""
    with vault.transaction() as connection:
        connection.execute("delete from drafts where changed < ?", (time.time() - KEPT_DAYS * DAY,))
        return connection.changes()
