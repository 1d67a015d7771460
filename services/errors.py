"""What can go wrong, as sentences: what happened, then what to do about it."""

import logging
import secrets
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from postgrest import APIError
from supabase_auth.errors import AuthApiError, AuthError, AuthRetryableError, AuthSessionMissingError

from services import constraints

log = logging.getLogger(__name__)


class ServiceError(Exception):
    """A known cause; its text is the sentence a person reads."""


class NotAllowed(ServiceError):
    """The rights of this person do not reach this far."""


class SignInNeeded(ServiceError):
    """The database no longer takes this person's token."""


class NotReachable(ServiceError):
    """Nothing is wrong with what was asked; asking again later may work. `answered` when a server spoke at all."""

    def __init__(self, sentence: str, *, answered: bool = False) -> None:
        super().__init__(sentence)
        self.answered = answered


class Refused(ServiceError):
    """Asking again in the same words will not help. `code` is the database's or the sign-in service's own."""

    def __init__(self, sentence: str, code: str = "") -> None:
        super().__init__(sentence)
        self.code = code


AWAY = "The database cannot be reached just now. What you typed is kept here; please try again in a moment."
BUSY = "The database is busy or restarting. What you typed is kept here; please try again in a moment."
SIGN_IN = "Your sign-in has ended. Please sign in again; what you typed is kept."
NOT_ALLOWED = "Your role does not allow this. If you expected it to, ask your administrator to check your role in this team."
OUT_OF_DATE = "The database does not have the version this app expects. Please ask your administrator to apply the migrations."

# SQLSTATE and PostgREST codes whose own message is written for machines, or carries values.
REFUSALS = {
    "22001": "A text is longer than its field allows. Please shorten it.",
    "22003": "A number is outside what can be stored. Please check the numbers.",
    "22007": "A date or time could not be read. Please check the dates.",
    "22008": "A date or time does not exist. Please check the dates.",
    "22023": "A value has a form the database does not know. Please check the entry.",
    "22P02": "A value has a form the database does not know. Please check the entry.",
    "22P05": "The text holds a character that cannot be stored. Please remove it.",
    "23502": "Something that is needed was left empty. Please fill it in.",
    "23503": "It belongs to something that is not there, or no longer there. Please choose again.",
    "23505": "This is there already. Please look at the existing entry first.",
    "23514": "A value is outside its allowed range. Please check the entry.",
    "23P01": "This overlaps with something that is there already. Please check the dates.",
    "413": "The entry is too large to be sent. Please shorten it.",
    "PGRST116": "It is not there, or not yours to see.",
}
# Raised by our own functions: the message is the sentence.
OWN_WORDS = ("P0001", "SX")
TOKEN_REFUSED = ("PGRST301", "PGRST302", "PGRST303")
NOT_MIGRATED = (
    "PGRST106",
    "PGRST202",
    "PGRST203",
    "PGRST204",
    "PGRST205",
    "42883",
    "42P01",
    "42703",
    "404",
    "405",
)
# Classes of SQLSTATE that pass by themselves: connection, rollback, resources, operator, system.
PASSING = ("08", "40", "53", "55", "57", "58", "PGRST00")

# What Supabase Auth says when a session is over; what it says to a sign-in form is accounts.py's to word.
SESSION_GONE = {
    "bad_jwt", "invalid_jwt", "no_authorization", "refresh_token_already_used", "refresh_token_not_found",
    "session_expired", "session_not_found", "user_banned",
}  # fmt: skip


@contextmanager
def explained() -> Iterator[None]:
    """Whatever the database, the network or the sign-in service raises in here leaves as a ServiceError.

    The cause is not chained: its text may carry what somebody typed.
    """
    try:
        yield
    except ServiceError:
        raise
    except Exception as error:  # noqa: BLE001 - the front door for whatever goes wrong
        raise explanation(error) from None


def explanation(error: Exception) -> ServiceError:
    """The sentence for one exception; unknown ones are logged, without values, under an id the user sees."""
    match error:
        case APIError(code=code, message=message):
            return refusal(code, message) or unforeseen(error)
        case httpx.RequestError() | AuthRetryableError():
            return NotReachable(AWAY)
        case AuthSessionMissingError():
            return SignInNeeded(SIGN_IN)
        case AuthApiError(status=status) if status >= 500:
            return NotReachable(BUSY, answered=True)
        case AuthError(code=code) if code in SESSION_GONE:
            return SignInNeeded(SIGN_IN)
    return unforeseen(error)


def refusal(code: str | None, message: str | None, constraint: str | None = None) -> ServiceError | None:
    """What a code of the database means, or None when nobody wrote a sentence for it. `constraint`: which key or check, where that is told."""
    code = code or ""
    if code == "42501":
        return NotAllowed(NOT_ALLOWED)
    if code in TOKEN_REFUSED:
        return SignInNeeded(SIGN_IN)
    if code.startswith(OWN_WORDS) and message:
        return Refused(message, code)
    if code in NOT_MIGRATED:
        return NotReachable(OUT_OF_DATE, answered=True)
    if code in REFUSALS:
        return Refused(constraints.sentence(constraint, message) or REFUSALS[code], code)
    if (
        code.isdecimal() and len(code) == 3
    ):  # supabase-py puts the HTTP status here when the body says nothing
        return passing(int(code)) or Refused(
            f"The database did not accept this (answer {code}). Please check the entry.", code
        )
    if code.startswith(PASSING):
        return NotReachable(BUSY, answered=True)
    return None


def passing(status: int) -> ServiceError | None:
    """Answers that say nothing about what was asked: wait and ask again, or sign in. Else None."""
    if status == 401:
        return SignInNeeded(SIGN_IN)
    if status in (408, 425, 429) or status >= 500 or 300 <= status < 400:
        return NotReachable(BUSY, answered=True)
    return None


def unforeseen(error: Exception) -> ServiceError:
    """Log where and what kind, never the text: it may hold what somebody typed. The user gets the id."""
    reference = secrets.token_hex(4)
    where = [
        f"{step.filename}:{step.lineno} {step.name}" for step in traceback.extract_tb(error.__traceback__)
    ]
    log.error(
        "%s %s %s at %s",
        reference,
        type(error).__name__,
        getattr(error, "code", "") or "",
        " < ".join(reversed(where)),
    )
    return ServiceError(
        f"Something happened that nobody foresaw. Please try again; if it stays, give this number to your administrator: {reference}"
    )
