"""Supabase Auth through the real client: who gets in, who is told what, and what it costs to guess."""

import json
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest

from services import accounts
from services.errors import NotReachable, ServiceError, SignInNeeded
from services.settings import Settings
from tests.conftest import PASSWORD

NEW_PASSWORD = "seven quiet rivers"


def pointing_at(url: str, key: str = "sb_publishable_test") -> Settings:
    return Settings(supabase_url=url, publishable_key=key, vault_path=Path("vault.db"), vault_key="k" * 40)


@pytest.fixture(scope="module")
def settings(stack) -> Settings:
    return pointing_at(stack.url, stack.publishable_key)


@pytest.fixture
def someone(account) -> str:
    """The address of a fresh account, so that no test depends on another's password."""
    email = f"{uuid4().hex[:12]}@example.org"
    account(email)
    return email


def enter(settings: Settings, email: str, password: str = PASSWORD) -> accounts.Account:
    return accounts.sign_in(accounts.client(settings), email=email, password=password)


def test_the_right_password_gives_tokens_and_the_persons_id(settings, someone, account):
    entered = enter(settings, someone)
    assert entered.person_id == str(account(someone))
    assert entered.access_token
    assert entered.refresh_token
    assert entered.lasts > 60


def test_neither_address_nor_tokens_show_when_an_account_is_printed(settings, someone):
    entered = enter(settings, someone)
    for secret in (someone, entered.access_token, entered.refresh_token):
        assert secret not in repr(entered)


def test_a_wrong_password_and_an_unknown_account_are_refused_in_the_same_words(settings, someone):
    with pytest.raises(accounts.WrongSignIn) as wrong:
        enter(settings, someone, "not the password")
    with pytest.raises(accounts.WrongSignIn) as unknown:
        enter(settings, "nobody.at.all@example.org", "not the password")
    assert str(wrong.value) == str(unknown.value)


def test_two_people_signing_in_do_not_share_a_client(settings, account):
    account("one@example.org"), account("two@example.org")
    one, two = enter(settings, "one@example.org"), enter(settings, "two@example.org")
    assert one.person_id != two.person_id
    assert one.access_token != two.access_token


def test_refreshing_gives_the_same_person_new_tokens(settings, someone):
    before = enter(settings, someone)
    after = accounts.refresh(accounts.client(settings), refresh_token=before.refresh_token)
    assert after.person_id == before.person_id
    assert after.refresh_token != before.refresh_token


def test_a_refresh_token_nobody_issued_needs_a_sign_in(settings):
    with pytest.raises(SignInNeeded):
        accounts.refresh(accounts.client(settings), refresh_token="made-up")


def test_signing_out_ends_this_device_and_no_other(settings, someone):
    laptop, phone = enter(settings, someone), enter(settings, someone)
    accounts.sign_out(accounts.client(settings), access_token=laptop.access_token)
    with pytest.raises(SignInNeeded):
        accounts.refresh(accounts.client(settings), refresh_token=laptop.refresh_token)
    assert accounts.refresh(accounts.client(settings), refresh_token=phone.refresh_token)


def test_signing_out_twice_is_no_error(settings, someone):
    entered = enter(settings, someone)
    accounts.sign_out(accounts.client(settings), access_token=entered.access_token)
    accounts.sign_out(accounts.client(settings), access_token=entered.access_token)


def test_a_mailed_code_sets_a_new_password_and_signs_out_every_device(settings, stack, someone, account):
    device = enter(settings, someone)
    accounts.send_code(accounts.client(settings), email=someone)
    person = accounts.change_password(
        accounts.client(settings), email=someone, code=stack.code_for(someone), password=NEW_PASSWORD
    )
    assert person == str(account(someone))
    assert enter(settings, someone, NEW_PASSWORD)
    with pytest.raises(accounts.WrongSignIn):
        enter(settings, someone, PASSWORD)
    with pytest.raises(SignInNeeded):
        accounts.refresh(accounts.client(settings), refresh_token=device.refresh_token)


def test_the_shortest_password_is_the_one_that_supabase_is_set_to():
    told = tomllib.loads((Path(__file__).parents[2] / "supabase" / "config.toml").read_text())
    assert told["auth"]["minimum_password_length"] == accounts.SHORTEST_PASSWORD


@pytest.mark.parametrize("password", ["eleven char", "x" * 73, "é" * 40])
def test_a_password_of_the_wrong_length_does_not_use_up_the_code(settings, stack, someone, password):
    accounts.send_code(accounts.client(settings), email=someone)
    code = stack.code_for(someone)
    with pytest.raises(ServiceError, match="characters"):
        accounts.change_password(accounts.client(settings), email=someone, code=code, password=password)
    assert accounts.change_password(
        accounts.client(settings), email=someone, code=code, password=NEW_PASSWORD
    )


def test_a_code_works_once(settings, stack, someone):
    accounts.send_code(accounts.client(settings), email=someone)
    code = stack.code_for(someone)
    accounts.change_password(accounts.client(settings), email=someone, code=code, password=NEW_PASSWORD)
    with pytest.raises(accounts.WrongCode):
        accounts.change_password(
            accounts.client(settings), email=someone, code=code, password="another one 42"
        )


def test_a_wrong_code_and_an_unknown_account_are_refused_in_the_same_words(settings, someone):
    accounts.send_code(accounts.client(settings), email=someone)
    said = set()
    for email in (someone, "nobody.at.all@example.org"):
        with pytest.raises(accounts.WrongCode) as refused:
            accounts.change_password(
                accounts.client(settings), email=email, code="000000", password=NEW_PASSWORD
            )
        said.add(str(refused.value))
    assert len(said) == 1


def test_asking_for_a_code_does_not_tell_whether_there_is_an_account(settings, stack):
    accounts.send_code(accounts.client(settings), email="nobody.at.all@example.org")
    assert stack.code_for("nobody.at.all@example.org") is None


def test_nobody_listening_is_out_of_reach(unused_tcp_port: int):
    with pytest.raises(NotReachable):
        enter(pointing_at(f"http://127.0.0.1:{unused_tcp_port}"), "alice@example.org")


def test_a_code_makes_an_account_whose_password_is_ones_own(settings, stack):
    email = f"{uuid4().hex[:12]}@example.org"
    accounts.send_joining_code(accounts.client(settings), email=email)
    joined = accounts.join(accounts.client(settings), email=email, code=stack.code_for(email), password=NEW_PASSWORD)  # fmt: skip
    assert joined.email == email
    assert enter(settings, email, NEW_PASSWORD).person_id == joined.person_id
    assert accounts.refresh(accounts.client(settings), refresh_token=joined.refresh_token)


def test_joining_signs_out_whoever_was_in_this_account_before(settings, stack, someone):
    waiting = enter(settings, someone)
    accounts.send_joining_code(accounts.client(settings), email=someone)
    accounts.join(accounts.client(settings), email=someone, code=stack.code_for(someone), password=NEW_PASSWORD)  # fmt: skip
    with pytest.raises(SignInNeeded):
        accounts.refresh(accounts.client(settings), refresh_token=waiting.refresh_token)


# What hosted Supabase answers and the embedded one cannot: checked at the network's side of the client.


@pytest.fixture
def unused_tcp_port() -> int:
    from processes import free_port

    return free_port()


@contextmanager
def answering(status: int, body: dict, *, cookie: str = "") -> Iterator[tuple[Settings, list[str | None]]]:
    """A server that says the same to everything, and the Cookie headers it was sent."""
    cookies: list[str | None] = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            cookies.append(self.headers.get("cookie"))
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            if cookie:
                self.send_header("set-cookie", cookie)
            self.end_headers()
            self.wfile.write(content)

        do_PUT = do_POST

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield pointing_at(f"http://127.0.0.1:{server.server_port}"), cookies
    finally:
        server.shutdown()
        server.server_close()


UNCONFIRMED = {
    "id": "5f0f0000-0000-4000-8000-000000000000",
    "aud": "authenticated",
    "app_metadata": {},
    "user_metadata": {},
    "created_at": "2026-11-23T00:00:00+00:00",
}


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (429, {"error_code": "over_request_rate_limit", "msg": "slow down"}, accounts.TooManyTries),
        (500, {"msg": "boom"}, NotReachable),
        (502, {"msg": "bad gateway"}, NotReachable),
        (400, {"error_code": "invalid_credentials", "msg": "Invalid"}, accounts.WrongSignIn),
        (403, {"error_code": "user_banned", "msg": "User is banned"}, accounts.WrongSignIn),
        (200, {"user": None}, NotReachable),
        (200, UNCONFIRMED, ServiceError),
    ],
)
def test_what_the_sign_in_service_answers_becomes_a_sentence(status, body, expected):
    with answering(status, body) as (settings, _), pytest.raises(expected) as raised:
        enter(settings, "alice@example.org")
    assert type(raised.value) is expected
    assert str(raised.value).endswith(".")


def test_an_unconfirmed_account_is_told_how_to_confirm_it():
    body = {"error_code": "email_not_confirmed", "msg": "Email not confirmed"}
    with answering(400, body) as (settings, _), pytest.raises(ServiceError, match="code") as raised:
        enter(settings, "alice@example.org")
    assert not isinstance(raised.value, accounts.WrongSignIn)


def test_a_password_that_supabase_finds_too_weak_is_refused_with_a_sentence(settings, stack, someone):
    weak = {"error_code": "weak_password", "msg": "weak", "weak_password": {"reasons": ["pwned"]}}
    with (
        answering(422, weak) as (elsewhere, _),
        pytest.raises(ServiceError, match="too easy to guess"),
    ):
        accounts.change_password(
            accounts.client(elsewhere), email=someone, code="123456", password=NEW_PASSWORD
        )


def test_a_refusal_while_asking_for_a_code_is_kept_to_ourselves():
    with answering(422, {"error_code": "user_not_found", "msg": "no"}) as (settings, _):
        accounts.send_code(accounts.client(settings), email="alice@example.org")


@pytest.mark.parametrize(("status", "code"), [(403, "unexpected_failure"), (422, "signup_disabled")])
def test_that_an_address_was_not_invited_is_kept_to_ourselves(status, code):
    """The hook's own refusal of a hosted project is a 403."""
    with answering(status, {"error_code": code, "msg": "Ask the administrator"}) as (settings, _):
        accounts.send_joining_code(accounts.client(settings), email="stranger@example.org")


def test_no_cookie_of_the_service_is_ever_sent_back():
    body = {"error_code": "invalid_credentials", "msg": "Invalid"}
    with answering(400, body, cookie="__cf_bm=who; Path=/") as (settings, cookies):
        for _ in range(2):
            with pytest.raises(accounts.WrongSignIn):
                enter(settings, "alice@example.org")
    assert cookies == [None, None]
