"""Forgot your password: a code by mail, a new password, and nothing given away on the way."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.conftest import PASSWORD
from tests.dashboard.web.conftest import Visitor

NEW = "seven quiet rivers"


@pytest.fixture
def email(account) -> str:
    made = f"{uuid4().hex[:12]}@example.org"
    account(made)
    return made


def ask(visitor: Visitor, email: str):
    return visitor.post("/auth/forgot", {"email": email})


def change(visitor: Visitor, email: str, code: str, password: str = NEW):
    return visitor.post("/auth/reset", {"email": email, "code": code, "password": password})


def test_the_mailed_code_sets_a_new_password(server, stack, visitor, email):
    assert f"If there is an account for <strong>{email}</strong>" in ask(visitor, email).text
    answer = change(visitor, email, stack.code_for(email))
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?notice=changed")
    assert "Your password is changed." in visitor.get("/login?notice=changed").text
    assert Visitor(server).sign_in(email, PASSWORD).status_code == 401
    assert Visitor(server).sign_in(email, NEW).status_code == 303


def test_a_new_password_signs_out_every_browser_of_that_person(server, stack, email):
    laptop, phone, other = Visitor(server), Visitor(server), Visitor(server)
    laptop.sign_in(email), phone.sign_in(email)
    ask(other, email)
    change(other, email, stack.code_for(email))
    assert laptop.get("/").status_code == 303
    assert phone.get("/").status_code == 303


def test_a_code_may_be_typed_with_spaces(stack, visitor, email):
    ask(visitor, email)
    code = stack.code_for(email)
    assert change(visitor, email, f" {code[:3]} {code[3:]} ").status_code == 303


def test_asking_for_an_unknown_account_is_answered_alike(visitor, email):
    nobody = f"{uuid4().hex[:12]}@example.org"
    known, unknown = ask(visitor, email), ask(visitor, nobody)
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace(email, "…") == unknown.text.replace(nobody, "…")


def test_and_takes_alike_long(server, account):
    taken: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(2):
        for known in (True, False):
            email = f"{uuid4().hex[:12]}@example.org"
            if known:
                account(email)
            began = time.perf_counter()
            ask(Visitor(server), email)
            taken[known].append(time.perf_counter() - began)
    assert 0.9 < statistics.median(taken[True]) / statistics.median(taken[False]) < 1.1


def test_a_wrong_code_and_an_unknown_account_are_answered_alike(visitor, email):
    nobody = f"{uuid4().hex[:12]}@example.org"
    ask(visitor, email)
    wrong, unknown = change(visitor, email, "000000"), change(visitor, nobody, "000000")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace(email, "…") == unknown.text.replace(nobody, "…")
    assert 'role="alert"' in wrong.text


def test_a_code_cannot_be_guessed_from_many_addresses(server, stack, email):
    ask(Visitor(server), email)
    with ThreadPoolExecutor(5) as hands:
        tries = [hands.submit(change, Visitor(server), email, f"00000{n}") for n in range(5)]
        assert [each.result().status_code for each in tries] == [401] * 5
    held = change(Visitor(server), email.upper(), stack.code_for(email))
    assert held.status_code == 429
    assert "Too many attempts." in held.text


def test_codes_cannot_be_asked_for_without_end(visitor, email):
    for _ in range(3):
        assert ask(visitor, email).status_code == 200
    held = ask(visitor, email)
    assert held.status_code == 429
    assert "Enough codes" in held.text


def test_a_short_password_is_refused_and_the_code_stays_good(stack, visitor, email):
    ask(visitor, email)
    short = change(visitor, email, stack.code_for(email), "short")
    assert short.status_code == 400
    assert "at least 12 characters" in short.text
    assert "short" not in short.text.split("<main>")[1].replace("too short", "")
    assert change(visitor, email, stack.code_for(email)).status_code == 303


@pytest.mark.parametrize(
    ("where", "data"),
    [
        ("/auth/forgot", {}),
        ("/auth/forgot", {"email": "  "}),
        ("/auth/reset", {"email": "a@b.c", "password": NEW}),
        ("/auth/reset", {"code": "123456", "password": NEW}),
    ],
)
def test_an_empty_field_is_answered_with_a_sentence(visitor, where, data):
    answer = visitor.post(where, data)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_the_forms_are_there_without_a_session_and_name_their_fields(visitor):
    assert '<label for="email">' in visitor.get("/auth/forgot").text
    page = visitor.get("/auth/reset").text
    for field in ("email", "code", "password"):
        assert f'<label for="{field}">' in page
    assert 'autocomplete="one-time-code"' in page
    assert 'autocomplete="new-password"' in page
