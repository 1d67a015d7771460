"""The person whose browser this script run serves, and what may be done in their name."""

from __future__ import annotations

import html
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from urllib.parse import quote, urlsplit
from uuid import UUID

import streamlit as st
from supabase import Client

from dashboard import runtime
from services import database, people
from services import known as last_known
from services.errors import NotReachable, ServiceError, SignInNeeded
from services.outbox import Outbox
from services.people import Membership, Person
from services.vault import Vault
from services.web_sessions import Projection, WebSession

#: Roles are asked for again after this long. Until then a menu may show a page too many; what is on
#: it is refused by the database at once.
ROLES_FOR_SECONDS = 30.0

_WHO = "signed_in"  # the one thing of ours in st.session_state: (Person, when it was asked for)


def found() -> WebSession | None:
    """The sign-in behind this browser tab, or None when it has ended.

    st.user comes from the gate (dashboard/web/gate.py), which no browser can talk into anything.
    """
    key = st.user.get("session")
    return runtime.current().sessions.find(str(key), active=False) if key else None


def screen() -> Projection:
    """What this browser shows as a shared screen. Raises SignInNeeded when it is none, or none any more."""
    projects = _session().projects
    if projects is None:
        raise SignInNeeded("This browser is not a shared screen.")
    return projects


def screen_ends(at: datetime) -> None:
    """This shared screen ends then, or earlier."""
    runtime.current().sessions.project_until(_session().key, at.timestamp())


def person() -> Person:
    """Who is here, with the roles they hold today.

    While the database is away, the roles they held when it was last asked on this server: forms go on, and what they
    may not do is refused when it is sent. Raises SignInNeeded; NotReachable only when they were never known here.
    """
    known, asked = st.session_state.get(_WHO, (None, 0.0))
    if known is not None and time.monotonic() - asked < ROLES_FOR_SECONDS:
        return known
    try:
        known = people.me(db()) or _newcomer()
        _remember(known)
    except NotReachable:
        known = known or _remembered()
        if known is None:
            raise
    st.session_state[_WHO] = (known, time.monotonic())
    return known


def ask_again() -> None:
    """What was just changed touches the caller's own roles or their teams' names: ask for them at the next run."""
    st.session_state.pop(_WHO, None)


def address(path: str) -> str:
    """Where people find this path of the deployment, for them to be told."""
    return f"{runtime.current().settings.site_url.rstrip('/')}{path}"


def db() -> Client:
    """A client that speaks for this person and nobody else. Never keep one: get one per rerun."""
    here = runtime.current()
    return database.client(here.sessions.token(_session().key), settings=here.settings)


def db_on_click() -> Callable[[], Client]:
    """What makes such a client when a file is asked for: that is after this run, outside of it."""
    here, key = runtime.current(), _session().key
    return lambda: database.client(here.sessions.token(key), settings=here.settings)


def outbox() -> Outbox:
    """Where this person's entries are saved first."""
    return Outbox(vault(), owner=_session().person_id)


def vault() -> Vault:
    """The encrypted file of this server: drafts, and what waits to be sent."""
    return runtime.current().vault


def say_when_nothing_can_be_kept() -> None:
    """A full or read-only disk, in plain words and before anything is typed."""
    try:
        vault().room()
    except ServiceError as error:
        st.error(str(error), icon=":material/disc_full:")


def team(*roles: str, key: str) -> Membership:
    """The team this page is about: theirs, or the one they pick when they hold a role in several."""
    teams = {m.team: m for m in person().memberships if m.role in roles}
    if not teams:
        st.info("You have no team in this role. Ask your administrator if you expected one.")
        st.stop()
    if len(teams) == 1:
        return next(iter(teams.values()))
    chosen = st.selectbox(
        "Team",
        sorted(teams, key=lambda each: teams[each].team_name),
        format_func=lambda each: teams[each].team_name,
        key=key,
        persist_state="session",
    )
    return teams[chosen]


@contextmanager
def errors_shown() -> Iterator[None]:
    """Show what a service refuses as its sentence, and end the run there: what follows needs the answer.

    Anything nobody foresaw goes on to dashboard/web/script_errors.py.
    """
    try:
        yield
    except SignInNeeded as error:
        sign_in_again(str(error))
    except ServiceError as error:
        st.error(str(error))
        st.stop()


def sign_in_again(sentence: str) -> None:
    """Say why, offer the sign-in page, and end the run."""
    address = urlsplit(st.context.url or "/").path
    st.warning(sentence)
    st.html(f'<a href="/login?next={quote(address, safe="/")}" style="{_BUTTON}">Sign in</a>')
    st.stop()


def sign_out_form() -> None:
    """A button that ends this session in every tab."""
    form_button("Sign out", action="/auth/logout")


def form_button(label: str, *, action: str, **fields: str) -> None:
    """A button that posts these fields to one of our routes. A plain form, so it works whatever the script does."""
    sent = {"csrf": _session().csrf, **fields}
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value)}">' for name, value in sent.items()
    )
    st.html(
        f'<form method="post" action="{action}" style="margin:0">{hidden}'
        f'<button type="submit" style="{_BUTTON}">{html.escape(label)}</button></form>'
    )


def _session() -> WebSession:
    session = found()
    if session is None:
        raise SignInNeeded("Your session has ended. What you saved is kept.")
    return session


def _remember(person: Person) -> None:
    with suppress(ServiceError):  # a full disk says so where somebody saves
        last_known.keep(vault(), owner=_session().person_id, name="person", content=person.row())


def _remembered() -> Person | None:
    row = last_known.kept(vault(), owner=_session().person_id, name="person")
    return Person.from_row(row) if row else None


def _newcomer() -> Person:
    """Somebody with an account and nothing else yet."""
    return Person(id=UUID(_session().person_id), name="", clinic="", memberships=())


_BUTTON = (
    "display:inline-block;box-sizing:border-box;min-height:2.5rem;padding:.5rem 1rem;border:1px solid "
    "color-mix(in srgb,currentColor 45%,transparent);border-radius:.625rem;background:transparent;"
    "color:inherit;font:inherit;font-size:.875rem;line-height:1.4;text-align:center;"
    "text-decoration:none;cursor:pointer"
)
