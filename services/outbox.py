"""The outbox: what a person has saved, kept on this server's disk until the database has it."""

import hashlib
import json
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services import ids
from services.errors import Refused
from services.vault import Vault

KEPT_DAYS = 30

# Wakes the worker. A reloaded module has an event of its own, so the worker also looks by itself twice a second.
news = threading.Event()


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing a person saved. saved → sending → synced, or parked when the database refuses it.

    `behind` is the op_id that has to be synced first; `replaces` the parked one that this is an edit of.
    `params` is empty once it is synced.
    """

    op_id: str
    kind: str
    entity: str
    params: dict[str, Any]
    state: str
    stated_at: str
    accepted: datetime
    synced: datetime | None
    attempts: int
    code: str | None
    reason: str | None
    replaces: str | None
    behind: str | None


@dataclass(frozen=True, slots=True)
class Status:
    """`waiting` operations since `since`; `parked` ones need their author."""

    waiting: int
    since: datetime | None
    parked: int


class Outbox:
    """What one person has saved on this server."""

    def __init__(self, vault: Vault, owner: str) -> None:
        self._vault = vault
        self.owner = owner

    def accept(
        self,
        *,
        kind: str,
        entity: str,
        params: dict[str, Any],
        op_id: str | None = None,
        after: Iterable[str] = (),
        stated_at: str | None = None,
    ) -> Operation:
        """Keep one operation; it is on disk when this returns. Raises ServiceError when it cannot be.

        `op_id` is made when the form opens, so a double click is one operation; the same id with other content is Refused.
        It is sent after all earlier operations on its `entity` and on the entities in `after`.
        `stated_at` is the author's own time (ISO 8601), now unless given.
        """
        op_id, entity = ids.checked(op_id or ids.new()), ids.checked(entity)
        depends = sorted({ids.checked(one) for one in after} - {entity})
        content, digest = _content(kind, entity, params)
        with self._vault.transaction() as connection:
            known = connection.execute(
                "select digest from operations where owner = ? and op_id = ?", (self.owner, op_id)
            ).get
            if known is None:
                connection.execute(
                    "insert into operations (owner, op_id, kind, entity, seq, depends, params, digest, stated_at, accepted)"
                    " values (?1, ?2, ?3, ?4, (select coalesce(max(seq), 0) + 1 from operations"
                    " where owner = ?1 and entity = ?4 and state <> 'replaced'),"
                    " ?5, ?6, ?7, ?8, ?9)",
                    (
                        self.owner,
                        op_id,
                        kind,
                        entity,
                        json.dumps(depends),
                        content,
                        digest,
                        stated_at or _now(),
                        time.time(),
                    ),
                )
            elif known != digest:
                raise Refused(
                    "This form was saved already with other content. Please open it again and enter the change there.",
                    "SX409",
                )
            operation = self.find(op_id)
        news.set()
        return operation

    def find(self, op_id: str) -> Operation | None:
        """The operation with this id, or None when this person has none."""
        return next(iter(self._select("op_id = ?", op_id)), None)

    def waiting(self) -> list[Operation]:
        """Saved here and not in the database yet, the earliest first."""
        return self._select("state in ('saved', 'sending', 'parked') and state <> 'parked' order by id")

    def parked(self) -> list[Operation]:
        """Refused by the database, with the reason, the earliest first: their author has to decide."""
        return self._select("state in ('saved', 'sending', 'parked') and state = 'parked' order by id")

    def recent(self, limit: int = 50) -> list[Operation]:
        """The latest operations in any state but discarded, the latest first."""
        return self._select(
            "state not in ('discarded', 'replaced') order by accepted desc, id desc limit ?", limit
        )

    def status(self) -> Status:
        """Counts for the small indicator that is always there."""
        waiting, since, parked = (
            self._vault.connection()
            .execute(
                "select count(*) filter (where state <> 'parked'), min(accepted) filter (where state <> 'parked'),"
                " count(*) filter (where state = 'parked') from operations"
                " where owner = ? and state in ('saved', 'sending', 'parked')",
                (self.owner,),
            )
            .get
        )
        return Status(waiting, _moment(since), parked)

    def retry(self, op_id: str, params: dict[str, Any] | None = None) -> Operation:
        """Send a parked operation again, with these `params` when they are given. It keeps its place in the order.

        As it was, it keeps its id as well: should it have been applied after all, the database knows it again. Edited,
        it has a new id; asked for twice, it is done once. Raises Refused when the operation is not parked.
        """
        with self._vault.transaction() as connection:
            old = self.find(op_id)
            if old is not None and old.state == "replaced":
                return self._select("replaces = ?", op_id)[0]
            if old is None or old.state != "parked":
                raise Refused(
                    "Only an entry that needs you can be sent again; this one is on its way, done or gone."
                )
            before = _content(old.kind, old.entity, old.params)[1]
            content, digest = _content(old.kind, old.entity, old.params if params is None else params)
            if digest == before:
                return self._as_it_was(op_id)
            new_id = ids.new()
            connection.execute(
                "update operations set op_id = ?, replaces = ?, params = ?, digest = ?, state = 'saved', attempts = 0, code = null,"
                " reason = null where owner = ? and op_id = ?",
                (new_id, op_id, content, digest, self.owner, op_id),
            )
            # The old id stays known, so that a late double click on the first form does not bring it back.
            connection.execute(
                "insert into operations (owner, op_id, kind, entity, seq, params, digest, stated_at, state, accepted, synced)"
                " values (?, ?, ?, ?, 0, '{}', ?, ?, 'replaced', ?, ?)",
                (self.owner, op_id, old.kind, old.entity, before, old.stated_at, old.accepted.timestamp(), time.time()),
            )  # fmt: skip
            operation = self.find(new_id)
        news.set()
        return operation

    def _as_it_was(self, op_id: str) -> Operation:
        self._vault.connection().execute(
            "update operations set state = 'saved', attempts = 0, code = null, reason = null where owner = ? and op_id = ?",
            (self.owner, op_id),
        )
        news.set()
        return self.find(op_id)

    def discard(self, op_id: str) -> None:
        """Let a parked operation go, its content with it. Raises Refused when it is not parked."""
        with self._vault.transaction() as connection:
            connection.execute(
                "update operations set state = 'discarded', params = '{}', synced = ? where owner = ? and op_id = ? and state = 'parked'",
                (time.time(), self.owner, op_id),
            )
            if not connection.changes():
                raise Refused(
                    "Only an entry that needs you can be discarded; this one is on its way, done or gone."
                )
        news.set()

    def _select(self, condition: str, *values: Any) -> list[Operation]:
        rows = self._vault.connection().execute(
            "select op_id, kind, entity, params, state, stated_at, accepted, synced, attempts, code, reason, replaces,"  # noqa: S608
            " (select e.op_id from operations e where e.id = behind)"
            f" from entries where owner = ? and {condition}",
            (self.owner, *values),
        )
        return [_operation(*row) for row in rows]


def purge(vault: Vault) -> int:
    """Forget what was synced, discarded or replaced 30 days ago; its content went at that time already."""
    with vault.transaction() as connection:
        connection.execute(
            "delete from operations where state not in ('saved', 'sending', 'parked') and synced < ?",
            (time.time() - KEPT_DAYS * 86_400,),
        )
        return connection.changes()


def _operation(
    op_id, kind, entity, params, state, stated_at, accepted, synced, attempts, code, reason, replaces, behind
) -> Operation:
    return Operation(
        op_id,
        kind,
        entity,
        json.loads(params),
        state,
        stated_at,
        _moment(accepted),
        _moment(synced),
        attempts,
        code,
        reason,
        replaces,
        behind,
    )


def _content(kind: str, entity: str, params: dict[str, Any]) -> tuple[str, str]:
    """The parameters as they are kept and sent, and a digest of all that makes two operations the same."""
    try:
        text = json.dumps(
            params, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str, allow_nan=False
        )
        return text, hashlib.sha256(f"{kind}\n{entity}\n{text}".encode()).hexdigest()
    except (ValueError, UnicodeEncodeError):
        raise Refused(
            "A value in this entry cannot be stored. Please check the numbers and special characters."
        ) from None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
