"""Errors: every known cause is a sentence, every unknown one an id, and no log holds what somebody typed."""

import json
import logging

import httpx
import pytest
from postgrest import APIError
from supabase_auth.errors import (
    AuthApiError,
    AuthInvalidJwtError,
    AuthRetryableError,
    AuthSessionMissingError,
)

from services import errors
from services.errors import NotAllowed, NotReachable, Refused, ServiceError, SignInNeeded, explained

TYPED = "the patient cried on Tuesday"


def raised(error: Exception) -> ServiceError:
    with pytest.raises(ServiceError) as caught, explained():
        raise error
    return caught.value


def api(code: str | None, message: str = TYPED) -> APIError:
    return APIError(
        {"code": code, "message": message, "details": f"Failing row contains ({TYPED})", "hint": None}
    )


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("42501", NotAllowed),
        ("PGRST301", SignInNeeded),
        ("PGRST303", SignInNeeded),
        ("401", SignInNeeded),
        ("PGRST002", NotReachable),
        ("PGRST202", NotReachable),
        ("42P01", NotReachable),
        ("57014", NotReachable),
        ("40001", NotReachable),
        ("503", NotReachable),
        ("429", NotReachable),
        ("403", Refused),
        ("413", Refused),
        *((code, Refused) for code in errors.REFUSALS),
    ],
)
def test_a_code_of_the_database_becomes_its_sentence(code, kind):
    error = raised(api(code))
    assert type(error) is kind
    assert str(error).endswith(".")
    assert TYPED not in str(error)
    if kind is Refused:
        assert error.code == code


@pytest.mark.parametrize("code", ["P0001", "SX004", "SX409"])
def test_our_own_functions_words_reach_the_reader_as_they_are(code):
    error = raised(api(code, "Your supervisor has read this reflection."))
    assert (str(error), error.code) == ("Your supervisor has read this reflection.", code)


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("late"),
        httpx.ReadTimeout("late"),
        httpx.RemoteProtocolError("cut"),
        httpx.DecodingError("garbled"),
        AuthRetryableError("away", 0),
        AuthApiError("broken", 500, "unexpected_failure"),
    ],
)
def test_trouble_on_the_way_can_be_tried_again(error):
    assert type(raised(error)) is NotReachable


@pytest.mark.parametrize(
    "error",
    [
        AuthApiError("gone", 403, "session_not_found"),
        AuthApiError("gone", 400, "refresh_token_not_found"),
        AuthInvalidJwtError("bad"),
        AuthSessionMissingError(),
    ],
)
def test_a_session_that_is_over_asks_for_sign_in(error):
    assert type(raised(error)) is SignInNeeded


@pytest.mark.parametrize(
    "error", [api("XX999"), api(None), api("P0001", ""), ValueError(TYPED), AuthApiError(TYPED, 418, None)]
)
def test_the_unknown_gets_a_number_and_the_log_no_value(error, caplog):
    caplog.set_level(logging.DEBUG)
    told = raised(error)
    number = str(told).rsplit(" ", 1)[-1]
    assert len(number) == 8
    assert number in caplog.text
    assert type(error).__name__ in caplog.text
    assert TYPED not in str(told) + caplog.text


def test_the_cause_is_not_chained_because_a_traceback_would_print_it():
    told = raised(api("23505"))
    assert told.__cause__ is None
    assert told.__suppress_context__


def test_a_sentence_passes_unchanged_and_peace_stays_peace():
    said = Refused("Please choose a week.", "X")
    assert raised(said) is said
    with explained():
        assert json.loads("1") == 1
