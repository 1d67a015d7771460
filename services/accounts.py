"""Accounts at Supabase Auth: sign in, refresh, sign out, a new password or a new account by mailed code.

Every call gets a client of its own. supabase-py's client remembers whom it signed in, so one that
is shared would hand the next visitor the last one's tokens. What they share is the connection pool,
and that refuses cookies.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
from supabase_auth import AuthResponse, SyncGoTrueClient
from supabase_auth.errors import AuthApiError, AuthError, AuthWeakPasswordError

from services.errors import SIGN_IN, NotReachable, ServiceError, SignInNeeded
from services.settings import Settings

TIMEOUT_SECONDS = 5.0

#: bcrypt reads no further than this, so a longer password would be weaker than it looks.
LONGEST_PASSWORD_BYTES = 72
SHORTEST_PASSWORD = 12  # as supabase/config.toml has it; a refusal there would use up the code


class WrongSignIn(ServiceError):
    """No account has this e-mail address and password. Never says which of the two is wrong."""


class WrongCode(ServiceError):
    """The code is not the one that was mailed, or it is too old."""


class TooManyTries(ServiceError):
    """Supabase Auth asks to wait."""


@dataclass(frozen=True)
class Account:
    """Somebody signed in. Nothing but the person's id shows when this is printed or logged."""

    person_id: str
    email: str = field(repr=False)
    access_token: str = field(repr=False)
    lasts: float
    """Seconds from now until the access token expires."""
    refresh_token: str = field(repr=False)


@cache
def _connections() -> httpx.Client:
    nobody = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    return httpx.Client(timeout=TIMEOUT_SECONDS, cookies=nobody, follow_redirects=False)


def client(settings: Settings) -> SyncGoTrueClient:
    """A fresh client for one call to Supabase Auth."""
    return SyncGoTrueClient(
        url=f"{settings.supabase_url.rstrip('/')}/auth/v1",
        headers={"apikey": settings.publishable_key},
        auto_refresh_token=False,
        persist_session=False,
        flow_type="implicit",  # a mailed code is typed in, so there is nothing for PKCE to tie
        http_client=_connections(),
    )


def sign_in(auth: SyncGoTrueClient, *, email: str, password: str) -> Account:
    """The account with this address and password.

    Raises WrongSignIn, TooManyTries, NotReachable, or ServiceError with what else is in the way.
    """
    with _explained(refused=WrongSignIn("E-mail address or password is not right.")):
        return _account(auth.sign_in_with_password({"email": email, "password": password}))


def refresh(auth: SyncGoTrueClient, *, refresh_token: str) -> Account:
    """The same account with new tokens. The old refresh token is used up by this.

    Raises SignInNeeded when Supabase does not accept the token any more, NotReachable otherwise.
    """
    with _explained(refused=SignInNeeded(SIGN_IN)):
        return _account(auth.refresh_session(refresh_token))


def sign_out(auth: SyncGoTrueClient, *, access_token: str) -> None:
    """End this one session at Supabase; the person's other devices stay signed in."""
    with _explained(refused=None):
        auth.admin.sign_out(access_token, "local")


def send_code(auth: SyncGoTrueClient, *, email: str) -> None:
    """Have a code mailed to this address. Says nothing about whether an account has it."""
    with _explained(refused=None):
        auth.reset_password_for_email(email)


def change_password(auth: SyncGoTrueClient, *, email: str, code: str, password: str) -> str:
    """Set a new password with the mailed code; answers whose it was (the person's id).

    Every device of this person is signed out. Raises WrongCode, or ServiceError with what the
    password lacks; a password that is too short or too long does not use up the code.
    """
    _check(password)
    with _explained(refused=WrongCode("This code is not right, or it is too old.")):
        account = _account(auth.verify_otp({"email": email, "token": code, "type": "recovery"}))
    with _explained(refused=ServiceError("This password was not accepted. Choose another one.")):
        auth.update_user({"password": password})
    with _explained(refused=None):
        auth.admin.sign_out(account.access_token, "global")
    return account.person_id


def send_joining_code(auth: SyncGoTrueClient, *, email: str) -> None:
    """Have a code mailed to somebody who was invited. Says nothing about whether they were.

    Supabase asks the database first, by the hook private.only_invited, whether this address may have an account.
    """
    with _explained(refused=None):
        auth.sign_in_with_otp({"email": email, "options": {"should_create_user": True}})


def join(auth: SyncGoTrueClient, *, email: str, code: str, password: str) -> Account:
    """Confirm the address with the mailed code, set a password, and be signed in.

    Every other device of this account is signed out: whoever knew an earlier password has no use for it any more.
    Raises WrongCode, or ServiceError with what the password lacks; one that is too short or too long does not use up
    the code.
    """
    _check(password)
    with _explained(refused=WrongCode("This code is not right, or it is too old.")):
        account = _account(auth.verify_otp({"email": email, "token": code, "type": "email"}))
    with _explained(refused=ServiceError("This password was not accepted. Choose another one.")):
        auth.update_user({"password": password})
    with _explained(refused=None):
        auth.admin.sign_out(account.access_token, "others")
    return account


def _check(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise ServiceError(f"Choose a password of at least {SHORTEST_PASSWORD} characters.")
    if len(password.encode()) > LONGEST_PASSWORD_BYTES:
        raise ServiceError(f"Choose a password of at most {LONGEST_PASSWORD_BYTES} characters.")


def _account(response: AuthResponse) -> Account:
    session = response.session
    if session is None:
        raise ServiceError("This account is not confirmed yet. Ask for a code to confirm it.")
    return Account(
        person_id=session.user.id,
        email=session.user.email or "",
        access_token=session.access_token,
        lasts=float(session.expires_in),
        refresh_token=session.refresh_token,
    )


@contextmanager
def _explained(*, refused: ServiceError | None) -> Iterator[None]:
    """Turn what supabase-py raises into a sentence; `refused` is the one for a plain no.

    The cause is not chained: its text may quote what was sent.
    """
    try:
        yield
    except AuthWeakPasswordError:
        raise ServiceError("This password is too easy to guess. Choose another one.") from None
    except AuthApiError as error:
        if error.status == 429:
            raise TooManyTries("Too many attempts. Wait a few minutes, then try again.") from None
        if error.status >= 500:
            raise NotReachable(_OUT_OF_REACH) from None
        if error.code == "email_not_confirmed":  # only said once the password was right
            raise ServiceError(
                "This account is not confirmed yet. Use “Forgot your password?” to get a code."
            ) from None
        if refused is not None:
            raise refused from None
    except (AuthError, httpx.HTTPError, ValueError):  # ValueError: an answer that is no answer
        raise NotReachable(_OUT_OF_REACH) from None


_OUT_OF_REACH = (
    "The sign-in service cannot be reached right now. Nothing you saved is lost. Try again in a minute."
)
