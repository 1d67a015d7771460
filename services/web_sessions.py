"""Who is signed in on which browser, kept in the vault: the browser holds a random id, we its SHA-256.

A session ends by signing out, after a while without use, or after a working day whatever happens. One that has become
a shared screen shows that screen and nothing else for the rest of its life, which ends with the meeting.
The tokens that speak for the person at Supabase never leave this module but for the access token.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock

from services.accounts import Account
from services.errors import SIGN_IN, NotReachable, ServiceError, SignInNeeded
from services.vault import Vault

#: Using the app is noted at most this often, so that reading a page does not mean writing to disk.
NOTED_EVERY_SECONDS = 30.0

#: An access token this close to its end is replaced before it is handed out.
REFRESH_BEFORE_SECONDS = 60.0


@dataclass(frozen=True)
class Projection:
    """What a session that has become a shared screen shows: one meeting of one team."""

    team: str
    meeting: str
    screen: str
    """Names this screen where its opening and closing are logged."""


@dataclass(frozen=True)
class WebSession:
    """One browser in which somebody is signed in."""

    key: str
    """SHA-256 of the id in the browser's cookie, in hex: names the session inside this server."""
    person_id: str
    csrf: str = field(repr=False)
    ends_in: float
    """Seconds until it times out, unless the person does something."""
    needs_sign_in: bool
    """Supabase no longer accepts it: what is typed is still kept here, but nothing can be read."""
    projects: Projection | None = None
    """Set when it is a shared screen, for good."""


class WebSessions:
    """The sessions of this server. Safe to use from any thread.

    `refresh` turns a refresh token into a new Account; `clock` gives seconds since 1970.
    """

    def __init__(
        self,
        vault: Vault,
        *,
        idle_seconds: float,
        absolute_seconds: float,
        refresh: Callable[[str], Account],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._vault = vault
        self._idle = idle_seconds
        self._absolute = absolute_seconds
        self._refresh = refresh
        self._clock = clock
        self.on_sign_in: Callable[[], None] = lambda: None
        """Called after each sign-in: what waited for it may go."""
        self.on_screen_down: Callable[[str, str], None] = lambda person_id, screen: None
        """Called when a session that was a shared screen has ended, with the person and the name of the screen."""
        self._refreshing: dict[str, Lock] = {}
        self._refreshing_guard = Lock()

    def create(self, account: Account) -> str:
        """Begin a session; answers the id for the cookie, which is kept nowhere else."""
        session_id = secrets.token_urlsafe(32)
        now = self._clock()
        self._forget_old(now)
        self._sql(
            "insert into web_sessions (id_hash, person_id, email, access_token, access_expires,"
            " refresh_token, csrf, created, seen) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            key_of(session_id),
            account.person_id,
            account.email,
            account.access_token,
            now + account.lasts,
            account.refresh_token,
            secrets.token_urlsafe(24),
            now,
            now,
        )
        self.on_sign_in()
        return session_id

    def find(self, key: str, *, active: bool) -> WebSession | None:
        """The running session with this key, or None. `active`: the person is doing something now.

        One that has timed out is ended here, its tokens with it.
        """
        row = self._one(
            "select person_id, csrf, created, seen, refresh_token, projects, projects_meeting, projects_screen, projects_until"
            " from web_sessions where id_hash = ? and ended is null",
            key,
        )
        if row is None:
            return None
        person_id, csrf, created, seen, refresh_token, team, meeting, screen, until = row
        now = self._clock()
        # Nobody touches a shared screen: it has an end of its own instead of one for want of use.
        ends = min(until if team else seen + self._idle, created + self._absolute)
        if now >= ends:
            self.end(key)
            return None
        if active and not team and now - seen >= min(NOTED_EVERY_SECONDS, self._idle / 4):
            with suppress(ServiceError):  # a full disk may shorten a session, not lock anybody out
                self._sql("update web_sessions set seen = ? where id_hash = ?", now, key)
            ends = min(now + self._idle, created + self._absolute)
        return WebSession(
            key=key,
            person_id=person_id,
            csrf=csrf,
            ends_in=ends - now,
            needs_sign_in=not refresh_token,
            projects=Projection(team, meeting, screen) if team else None,
        )

    def project(self, key: str, onto: Projection, *, seconds: float) -> bool:
        """Turn a running session into a shared screen for at most so many seconds; answers whether it has become one now.

        There is no way back: it is one until it ends. Whoever calls this closes the tabs that it has open.
        """
        with self._vault.transaction() as connection:
            connection.execute(
                "update web_sessions set projects = ?, projects_meeting = ?, projects_screen = ?, projects_until = ?"
                " where id_hash = ? and ended is null and projects is null",
                (onto.team, onto.meeting, onto.screen, self._clock() + seconds, key),
            )
            return bool(connection.changes())

    def project_until(self, key: str, moment: float) -> None:
        """A shared screen ends at this moment (seconds since 1970), unless it was to end earlier anyway."""
        row = self._one(
            "select projects_until from web_sessions where id_hash = ? and projects is not null", key
        )
        if row and moment < row[0]:
            self._sql("update web_sessions set projects_until = ? where id_hash = ?", moment, key)

    def end(self, key: str) -> str | None:
        """End one session and destroy its tokens. Drafts and unsent entries are not touched.

        Answers the access token it had, with which Supabase can be told.
        """
        with self._vault.transaction() as connection:
            had = connection.execute(
                "select access_token, person_id, projects_screen from web_sessions where id_hash = ? and ended is null",
                (key,),
            ).fetchone()
            connection.execute(
                "update web_sessions set ended = ?, access_token = null, refresh_token = null"
                " where id_hash = ? and ended is null",
                (self._clock(), key),
            )
        with self._refreshing_guard:
            self._refreshing.pop(key, None)
        if had and had[2]:
            with suppress(ServiceError):  # a full disk may cost a line in the log, not the end of a session
                self.on_screen_down(had[1], had[2])
        return had[0] if had else None

    def end_all_of(self, person_id: str) -> list[str]:
        """End every session of this person on this server; answers their keys."""
        keys = self._running(person_id)
        for key in keys:
            self.end(key)
        return keys

    def end_lapsed(self) -> None:
        """End every session that has timed out, so that no token outlives its session."""
        now = self._clock()
        lapsed = self._vault.connection().execute(
            "select id_hash from web_sessions where ended is null"
            " and (created <= ? or iif(projects is null, seen <= ?, projects_until <= ?))",
            (now - self._absolute, now - self._idle, now),
        )
        for (key,) in list(lapsed):
            self.find(key, active=False)  # which ends it, unless somebody has just used it after all

    def token(self, key: str) -> str:
        """An access token for this session that is good for at least another minute.

        Raises SignInNeeded when there is none to be had, NotReachable when Supabase does not
        answer and the old token has run out.
        """
        token, expires, _ = self._tokens(key)
        if token and expires - self._clock() > REFRESH_BEFORE_SECONDS:
            return token
        with self._turn(key):  # a refresh token works once: whoever comes second reads the result
            token, expires, refresh_token = self._tokens(key)
            if token and expires - self._clock() > REFRESH_BEFORE_SECONDS:
                return token
            return self._renewed(key, token, expires, refresh_token)

    def token_of(self, person_id: str) -> str | None:
        """An access token of this person from whichever session has one, newest first; or None.

        Raises NotReachable when Supabase does not answer.
        """
        for key in self._running(person_id):
            if self.find(key, active=False) is None:
                continue
            with suppress(SignInNeeded):
                return self.token(key)
        return None

    def _renewed(self, key: str, token: str, expires: float, refresh_token: str) -> str:
        try:
            account = self._refresh(refresh_token)
        except SignInNeeded:
            self._sql(
                "update web_sessions set access_token = null, refresh_token = null where id_hash = ?",
                key,
            )
            raise
        except NotReachable:
            if token and expires > self._clock():
                return token
            raise
        with self._vault.transaction() as connection:
            connection.execute(
                "update web_sessions set access_token = ?, access_expires = ?, refresh_token = ?"
                " where id_hash = ? and ended is null",
                (account.access_token, self._clock() + account.lasts, account.refresh_token, key),
            )
            if not connection.changes():  # signed out while Supabase was answering
                raise SignInNeeded(SIGN_IN)
        return account.access_token

    def _tokens(self, key: str) -> tuple[str, float, str]:
        row = self._one(
            "select access_token, access_expires, refresh_token from web_sessions"
            " where id_hash = ? and ended is null",
            key,
        )
        if row is None or not row[2]:
            raise SignInNeeded(SIGN_IN)
        return row[0] or "", row[1] or 0.0, row[2]

    def _running(self, person_id: str) -> list[str]:
        rows = self._vault.connection().execute(
            "select id_hash from web_sessions where person_id = ? and ended is null order by created desc",
            (person_id,),
        )
        return [key for (key,) in rows]

    def _turn(self, key: str) -> Lock:
        with self._refreshing_guard:
            return self._refreshing.setdefault(key, Lock())

    def _forget_old(self, now: float) -> None:
        """Rows of sessions long over say who worked when, and are needed for nothing."""
        self._sql("delete from web_sessions where created < ?", now - self._absolute - 86_400)

    def _one(self, sql: str, *values: object) -> tuple | None:
        return self._vault.connection().execute(sql, values).fetchone()

    def _sql(self, sql: str, *values: object) -> None:
        with self._vault.transaction() as connection:
            connection.execute(sql, values)


def key_of(session_id: str) -> str:
    """The name under which the vault knows the session with this id."""
    return hashlib.sha256(session_id.encode()).hexdigest()
