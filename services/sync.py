"""Sync: one thread that carries what people saved from the outbox to the database, exactly once and in order."""

import json
import logging
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import stamina
from supabase import Client

from services import database, drafts, lanes, ledger, outbox
from services.errors import NotReachable, Refused, ServiceError, SignInNeeded, explained, refusal, unforeseen
from services.settings import Settings
from services.vault import Vault

log = logging.getLogger(__name__)
logging.getLogger("stamina").setLevel(logging.ERROR)  # a line per attempt would fill the log during an outage

BATCH = 200
PASSES = 20  # batches per person before the ones in trouble get another try
LOOK_SECONDS = 0.5
ASK_SECONDS = 2.0
# With the client's time-out of 2 s, healing is noticed within 4 s, and a second is left for the sending.
SHORTEST_WAIT, LONGEST_WAIT = 0.2, 1.2
HOUR = 3_600

GARBLED = "The database gave an answer that does not fit the question. What you saved is kept and will be sent again."
REFUSED = "The database did not accept this entry (code {code}). Please check it and send it again."

READY = """
    select id, op_id, kind, entity, params, stated_at from entries
    where owner = ? and state in ('saved', 'sending', 'parked') and state <> 'parked' and behind is null
    order by attempts, id limit ?
"""
SENDING = (
    "update operations set state = 'sending', attempts = attempts + 1"
    " where owner = ? and id = ? and op_id = ? and state in ('saved', 'sending')"
)
NOT_SENT = (
    "update operations set state = 'saved' where owner = ? and id = ? and op_id = ? and state = 'sending'"
)


def wake() -> None:
    """Look at once: something was saved, somebody signed in, or the database is back."""
    outbox.news.set()


@dataclass(slots=True)
class Entry:
    """One operation as the worker sees it."""

    id: int
    op_id: str
    kind: str
    entity: str
    params: str
    stated_at: str

    def sent(self) -> dict:
        return {
            "op_id": self.op_id, "kind": self.kind, "entity": self.entity,
            "params": json.loads(self.params), "stated_at": self.stated_at,
        }  # fmt: skip


@dataclass(slots=True)
class Lane:
    """What the worker remembers of one person's way: nothing that a restart may not forget."""

    size: int = BATCH
    ask_at: float = 0.0
    failed_at: float = 0.0


class Worker:
    """Sends with each author's own token. `tokens` gives it for a person's id, or None while nobody is signed in."""

    def __init__(
        self,
        vault: Vault,
        settings: Settings,
        tokens: Callable[[str], str | None],
        client_factory: Callable[..., Client] = database.client,
    ) -> None:
        self._vault = vault
        self._settings = settings
        self._tokens = tokens
        self._client = client_factory
        self._lanes: defaultdict[str, Lane] = defaultdict(Lane)
        self._noted: dict[str, str | None] = {}
        self._purged_at = float("-inf")
        self._wait = SHORTEST_WAIT
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; what an earlier worker left half sent is sent again, which the database recognises."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="sixfold-sync", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Finish the request under way and end. What is not synced stays in the vault."""
        self._stopping.set()
        wake()
        if self._thread is not None:
            self._thread.join(timeout)

    def wake(self) -> None:
        """Look at once, also for people who were signed out a moment ago."""
        for lane in list(self._lanes.values()):
            lane.ask_at = 0.0
        wake()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                for attempt in stamina.retry_context(
                    on=self._wait_out,
                    attempts=None,
                    timeout=None,
                    wait_initial=SHORTEST_WAIT,
                    wait_max=LONGEST_WAIT,
                ):
                    with attempt:
                        self._wait = attempt.next_wait
                        self._tidy()
                        self._drain()
                        self._note(lanes.EVERYBODY, None)
            except Exception as error:  # noqa: BLE001 - stopping, or stamina is switched off; the loop is the second net
                log.debug("gave up waiting: %s", type(error).__name__)
            outbox.news.wait(LOOK_SECONDS)
            outbox.news.clear()

    def _wait_out(self, error: BaseException) -> bool | float:
        """Stamina counts and says how long; the wait is ours, so that a save or a stop can cut it short."""
        if self._stopping.is_set() or not isinstance(error, Exception):
            return False
        if not (isinstance(error, NotReachable) and error.answered):
            self._note(lanes.EVERYBODY, _sentence(error))
        self._stopping.wait(SHORTEST_WAIT)
        outbox.news.wait(random.uniform(0, self._wait))  # noqa: S311
        outbox.news.clear()
        return 0.0

    def _drain(self) -> None:
        """Send until nothing is ready. One person's trouble does not stop the others; a dead line stops all."""
        trouble: dict[str, str] = {}
        for _ in range(PASSES):
            moved = False
            for owner in self._owners():
                if owner in trouble or self._stopping.is_set():
                    continue
                try:
                    moved |= self._send_some(owner)
                except Exception as error:  # one person's trouble is not the others'
                    self._lanes[owner].failed_at = time.monotonic()
                    if isinstance(error, NotReachable) and not error.answered:
                        raise
                    trouble[owner] = _sentence(error)
                    self._note(owner, trouble[owner])
                    self._note(lanes.EVERYBODY, None)
            if not moved:
                break
        else:
            wake()
        if trouble:
            raise NotReachable(next(iter(trouble.values())), answered=True)

    def _owners(self) -> list[str]:
        """People with something to send; those in trouble last, so that they cannot hold up the others."""
        rows = self._vault.connection().execute(
            "select distinct owner from operations where state in ('saved', 'sending', 'parked') and state <> 'parked'"
        )
        return sorted((owner for (owner,) in rows), key=lambda owner: self._lanes[owner].failed_at)

    def _send_some(self, owner: str) -> bool:
        """One batch of one person: at most one operation of an entity, for what follows a refused one must wait."""
        lane = self._lanes[owner]
        token = self._token(owner, lane)
        if token is None:
            return False
        rows = self._vault.connection().execute(READY, (owner, lane.size)).fetchall()
        batch = [Entry(*row) for row in rows]
        if not batch:
            return False
        try:
            self._mark(SENDING, owner, batch)
            self._deliver(owner, token, batch)
        except SignInNeeded:
            self._pause(owner, lane)
            return False
        except NotReachable:
            lane.size = max(1, lane.size // 2)  # a batch may be more than the database manages in time
            raise
        finally:
            self._mark(NOT_SENT, owner, batch)
        lane.size = min(BATCH, lane.size * 2)
        return True

    def _token(self, owner: str, lane: Lane) -> str | None:
        if time.monotonic() < lane.ask_at:
            return None
        try:
            token = self._tokens(owner)
        except SignInNeeded:
            token = None
        if token is None:
            self._pause(owner, lane)
        return token

    def _pause(self, owner: str, lane: Lane) -> None:
        """Ask for a sign-in, and look again soon: a gateway that is starting up also says 401."""
        lane.ask_at = time.monotonic() + ASK_SECONDS
        self._note(owner, lanes.SIGN_IN)

    def _deliver(self, owner: str, token: str, batch: list[Entry]) -> None:
        """Send and record. A request refused as a whole is halved until the offender stands alone."""
        try:
            answers = self._apply(token, batch)
        except (NotReachable, SignInNeeded):
            raise
        except ServiceError as refused:
            if len(batch) > 1:
                half = len(batch) // 2
                self._deliver(owner, token, batch[:half])
                self._deliver(owner, token, batch[half:])
                return
            answers = self._again(token, batch, refused)
        self._record(owner, batch, answers)

    def _again(
        self, token: str, batch: list[Entry], refused: ServiceError
    ) -> list[tuple[bool, str | None, str | None]]:
        """An operation is to blame only if it is refused twice, the same person's empty batch is taken in between, and
        the ledger does not know it.

        Else something is in the way of all; or it has been applied already by a try whose answer was lost.
        """
        try:
            self._apply(token, [])
        except (NotReachable, SignInNeeded):
            raise
        except ServiceError:
            raise NotReachable(str(refused), answered=True) from None
        try:
            return self._apply(token, batch)
        except (NotReachable, SignInNeeded):
            raise
        except ServiceError as again:
            if self._has_arrived(token, batch[0]):
                return [(True, None, None)]
            return [(False, getattr(again, "code", "") or "42501", str(again))]

    def _has_arrived(self, token: str, entry: Entry) -> bool:
        """What the ledger says of this very operation, in a request that carries none of its content."""
        digest = ledger.digest(entry.sent())
        try:
            given = self._ask(token, "op_applied", {"op": entry.op_id, "content_digest": digest})
        except (NotReachable, SignInNeeded):
            raise
        except ServiceError as refused:
            raise NotReachable(str(refused), answered=True) from None
        match given:
            case {"op_id": entry.op_id, "digest": str(about), "applied": bool(applied)} if about == digest:
                return applied
        raise NotReachable(GARBLED, answered=True)

    def _apply(self, token: str, batch: list[Entry]) -> list[tuple[bool, str | None, str | None]]:
        """(applied, code, reason) for each operation, in order. An answer that does not fit says nothing about any."""
        given = self._ask(token, "apply_ops", {"ops": [one.sent() for one in batch]})
        if not isinstance(given, list) or len(given) != len(batch):
            raise NotReachable(GARBLED, answered=True)
        return [_answer(entry, answer) for entry, answer in zip(batch, given, strict=True)]

    def _ask(self, token: str, function: str, asked: dict) -> object:
        with explained():
            try:
                return self._client(token, settings=self._settings).rpc(function, asked).execute().data
            except (UnicodeDecodeError, json.JSONDecodeError):
                raise NotReachable(GARBLED, answered=True) from None

    def _record(
        self, owner: str, batch: list[Entry], answers: list[tuple[bool, str | None, str | None]]
    ) -> None:
        now = time.time()
        with self._vault.transaction() as connection:
            for entry, (applied, code, reason) in zip(batch, answers, strict=True):
                if applied:  # the content goes; and an answer that was late outdoes one that said parked
                    connection.execute(
                        "update operations set state = 'synced', params = '{}', synced = ?, code = null, reason = null"
                        " where id = ? and owner = ? and op_id = ? and state in ('saved', 'sending', 'parked')",
                        (now, entry.id, owner, entry.op_id),
                    )
                else:
                    log.info("parked %s %s %s", entry.kind, entry.op_id, code)
                    connection.execute(
                        "update operations set state = 'parked', code = ?, reason = ?"
                        " where id = ? and owner = ? and op_id = ? and state in ('saved', 'sending')",
                        (code, reason, entry.id, owner, entry.op_id),
                    )
            lanes.reached(self._vault)
        self._note(lanes.EVERYBODY, None)
        self._note(owner, None)

    def _mark(self, statement: str, owner: str, batch: list[Entry]) -> None:
        with self._vault.transaction() as connection:
            connection.executemany(statement, [(owner, entry.id, entry.op_id) for entry in batch])

    def _note(self, owner: str, trouble: str | None) -> None:
        """Write down how it stands, when that changed: pages in any thread, and after any reload, read it from the vault."""
        if self._noted.get(owner, "unknown") == trouble:
            return
        try:
            lanes.note(self._vault, owner, trouble)
        except ServiceError:
            return  # a full disk: said at the next change
        self._noted[owner] = trouble
        if not owner:
            log.warning("the way to the database: %s", trouble or "clear")

    def _tidy(self) -> None:
        if time.monotonic() - self._purged_at > HOUR:
            self._purged_at = time.monotonic()
            outbox.purge(self._vault)
            drafts.purge(self._vault)


def _sentence(error: Exception) -> str:
    return str(error if isinstance(error, ServiceError) else unforeseen(error))


def _answer(entry: Entry, answer: object) -> tuple[bool, str | None, str | None]:
    match answer:
        case {"op_id": entry.op_id, "state": "applied"}:
            return True, None, None
        case {"op_id": entry.op_id, "state": "refused", "code": str(code)}:
            told = (answer.get("message"), answer.get("constraint"))
            said = refusal(code, *(text if isinstance(text, str) else None for text in told))
            if isinstance(said, NotReachable):
                raise said
            return False, code, str(said or Refused(REFUSED.format(code=code)))
    raise NotReachable(GARBLED, answered=True)
