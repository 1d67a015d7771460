"""The sign-in page: who gets in, what is said to whoever does not, and how one leaves."""

import asyncio
import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from markupsafe import escape

from dashboard.web import cookie, sign_in
from dashboard.web.sockets import Sockets
from services import accounts
from services.errors import SignInNeeded
from services.settings import Settings
from services.web_sessions import key_of
from tests.conftest import PASSWORD
from tests.dashboard.web.conftest import Visitor

ELSEWHERE = "https://elsewhere.example"
REAL_HASH = (
    "$2b$10$FzWPyjQHMeWkZ976gtkFn.q6TfGtUTGx.YdYsUy.6/7nSnS/sOmYy"  # cost 10, of a password nobody types
)


@pytest.fixture
def email(account) -> str:
    """A fresh account, so that no test is slowed down by another's failures."""
    made = f"{uuid4().hex[:12]}@example.org"
    account(made)
    return made


def cookies_set(answer) -> list[str]:
    return [value for value in answer.headers.get_list("set-cookie") if value.startswith(cookie.NAME)]


def test_the_page_is_a_plain_form_with_names_for_its_fields(visitor):
    page = visitor.get("/login").text
    assert "<script" not in page
    assert '<html lang="en">' in page
    for field in ("email", "password"):
        assert f'<label for="{field}">' in page
        assert f'id="{field}" name="{field}"' in page
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page


def test_the_page_fetches_ahead_what_the_first_page_needs(visitor):
    ahead = re.findall(r'<link rel="prefetch" href="([^"]+)"', visitor.get("/login").text)
    assert any("PlotlyChart" in url for url in ahead)
    assert any("/index." in url for url in ahead)
    for url in ahead:
        assert visitor.http.head(url).status_code == 200, url


def test_the_right_password_leads_to_the_page_that_was_wanted(visitor, email):
    answer = visitor.sign_in(email, next="/team-trends?weeks=12")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/team-trends?weeks=12"
    assert visitor.get("/").status_code == 200


def test_the_address_may_be_written_with_capitals_and_spaces(visitor, email):
    assert visitor.sign_in(f"  {email.upper()} ").status_code == 303


def test_the_cookie_can_be_read_by_nobody_else(visitor, email):
    (given,) = cookies_set(visitor.sign_in(email))
    attributes = {part.strip().lower() for part in given.split(";")[1:]}
    assert given.startswith("__Host-sixfold=")
    assert {"httponly", "secure", "samesite=lax", "path=/", "max-age=43200"} <= attributes
    assert not any(part.startswith("domain") for part in attributes)


def test_no_token_and_no_address_reaches_the_browser(server, visitor, email):
    answer = visitor.sign_in(email)
    ((access, refresh),) = server.sql(
        "select access_token, refresh_token from web_sessions where id_hash = ?", visitor.key
    )
    page = visitor.get("/").text + visitor.get("/auth/logout").text + visitor.get("/auth/whoami").text
    seen = page + repr(answer.headers.raw) + answer.text
    with visitor.tab() as tab:
        seen += tab.run().text
    for secret in (access, refresh, email):
        assert secret not in seen


def test_every_sign_in_begins_a_new_session_and_ends_the_browsers_last_one(server, visitor, email):
    visitor.sign_in(email)
    before = visitor.id
    with visitor.tab() as tab:
        tab.run()
        visitor.sign_in(email)
        assert visitor.id != before
        ((ended,),) = server.sql("select ended from web_sessions where id_hash = ?", key_of(before))
        assert ended is not None


def test_an_id_that_the_browser_chose_is_never_taken(server, visitor, email):
    visitor.id = "chosen-by-somebody-else"
    visitor.sign_in(email)
    assert visitor.id != "chosen-by-somebody-else"
    assert not server.sql("select 1 from web_sessions where id_hash = ?", key_of("chosen-by-somebody-else"))


def test_somebody_signed_in_is_not_asked_again(visitor, email):
    visitor.sign_in(email)
    answer = visitor.get("/login?next=/ruptures")
    assert (answer.status_code, answer.headers["location"]) == (303, "/ruptures")


def test_somebody_whom_supabase_refuses_by_now_is_asked_again(server, visitor, email):
    visitor.sign_in(email)
    server.sql("update web_sessions set refresh_token = null where id_hash = ?", visitor.key)
    assert visitor.get("/login").status_code == 200
    with visitor.tab() as tab:
        assert f"session={visitor.key}" in tab.run().text, "the tab lives on: what is typed there is kept"


def refused(visitor: Visitor, email: str) -> tuple[int, str, dict]:
    """Status, page and headers of a wrong sign-in, less what differs by what was typed."""
    answer = visitor.sign_in(email, "not the password")
    told = {name: value for name, value in answer.headers.items() if name not in ("date", "content-length")}
    return answer.status_code, answer.text.replace(email, "…"), told


def test_a_wrong_password_and_an_unknown_account_are_answered_alike(server, email):
    wrong = refused(Visitor(server), email)
    unknown = refused(Visitor(server), f"{uuid4().hex[:12]}@example.org")
    assert wrong == unknown
    assert wrong[0] == 401
    assert 'role="alert"' in wrong[1]


def test_and_take_alike_long(server, account, sql):
    """By ratio, in turn, so that a busy machine slows both. Known accounts have a password hashed as in real life."""
    taken: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(3):
        for known in (True, False):
            email = f"{uuid4().hex[:12]}@example.org"
            if known:
                sql.execute(
                    "update auth.users set encrypted_password = %s where id = %s", (REAL_HASH, account(email))
                )
            began = time.perf_counter()
            Visitor(server).sign_in(email, "not the password")
            taken[known].append(time.perf_counter() - began)
    ratio = statistics.median(taken[True]) / statistics.median(taken[False])
    assert 0.75 < ratio < 1.33


def test_a_refused_sign_in_begins_no_session(server, visitor, email):
    answer = visitor.sign_in(email, "not the password")
    assert cookies_set(answer) == []
    assert visitor.get("/").status_code == 303


def test_the_address_is_kept_in_the_form_and_the_password_is_not(visitor, email):
    page = visitor.sign_in(email, "a mistyped password").text
    assert f'value="{email}"' in page
    assert "a mistyped password" not in page


@pytest.mark.parametrize("nasty", ['"><script>alert(1)</script>', 'a@b.c" onfocus="x', "' x='"])
def test_what_was_typed_comes_back_as_text(visitor, nasty):
    page = visitor.sign_in(nasty, "x", next=f"/{nasty}").text
    assert nasty not in page
    assert f'value="{escape(nasty.strip())}"' in page
    assert "<script" not in page


@pytest.mark.parametrize("data", [{}, {"email": "a@b.c"}, {"password": "x"}, {"email": " ", "password": "x"}])
def test_an_empty_form_is_answered_with_a_sentence(visitor, data):
    answer = visitor.post("/login", data)
    assert answer.status_code == 400
    assert "Enter your e-mail address and your password." in answer.text


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"email=%ff&password=%00", b"=" * 100, b"&" * 100, b"email[]=x"]
)
def test_a_garbled_form_is_answered_with_a_sentence(server, visitor, content):
    headers = {"origin": server.url, "content-type": "application/x-www-form-urlencoded"}
    answer = visitor.http.post("/login", content=content, headers=headers)
    assert answer.status_code in (400, 401, 413)
    assert 'role="alert"' in answer.text


def test_a_form_of_a_megabyte_is_not_read(server, visitor):
    answer = visitor.post("/login", {"email": "a@b.c", "password": "x" * 1_000_000})
    assert answer.status_code == 413
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize("where", ["/login", "/auth/logout", "/auth/forgot", "/auth/reset", "/auth/here"])
@pytest.mark.parametrize("origin", [ELSEWHERE, "null", "http://localhost:1", "file://", ""])
def test_a_form_from_another_site_is_refused(visitor, email, where, origin):
    answer = visitor.post(where, {"email": email, "password": PASSWORD}, headers={"origin": origin})
    assert answer.status_code == 403
    assert cookies_set(answer) == []


def test_a_form_that_does_not_say_where_it_comes_from_is_refused(visitor, email):
    answer = visitor.http.post("/login", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "wanted",
    [
        "https://elsewhere.example",
        "//elsewhere.example",
        "///elsewhere.example",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "/\t/elsewhere.example",
        "/\n/elsewhere.example",
        " //elsewhere.example",
        "javascript:alert(1)",
        "elsewhere",
        "",
        "/login?next=/login",
        "/auth/logout",
    ],
)
def test_signing_in_leads_nowhere_but_to_our_own_pages(visitor, email, wanted):
    assert visitor.sign_in(email, next=wanted).headers["location"] == "/"
    assert f'value="{wanted}"' not in visitor.http.get("/login", params={"next": wanted}).text or not wanted


def guess(visitor: Visitor, *emails: str) -> list[int]:
    """One guess for each, all at once, and how they were answered."""
    with ThreadPoolExecutor(len(emails)) as hands:
        tries = [hands.submit(visitor.sign_in, each, "a guess") for each in emails]
        return sorted(each.result().status_code for each in tries)


def test_after_five_failures_even_the_right_password_has_to_wait(visitor, email):
    assert guess(visitor, *[email] * 5) == [401] * 5
    held = visitor.sign_in(email)
    assert held.status_code == 429
    assert "Too many attempts. Try again in 5 minutes." in held.text
    assert int(held.headers["retry-after"]) > 0
    assert cookies_set(held) == []


def test_an_unknown_account_has_to_wait_in_the_same_words(visitor):
    nobody = f"{uuid4().hex[:12]}@example.org"
    guess(visitor, *[nobody] * 5)
    held = visitor.sign_in(nobody, "a guess")
    assert "Too many attempts. Try again in 5 minutes." in held.text


def test_of_many_guesses_at_once_no_more_than_five_are_tried(visitor, email):
    assert guess(visitor, *[email] * 12) == [401] * 5 + [429] * 7


def test_one_address_cannot_try_one_password_on_every_account(visitor):
    emails = [f"{number}-{uuid4().hex[:8]}@example.org" for number in range(55)]
    assert guess(visitor, *emails).count(429) == 5


def test_guessing_from_one_address_does_not_lock_the_person_out_at_another(server, visitor, email):
    guess(visitor, *[email] * 5)
    assert Visitor(server).sign_in(email).status_code == 303


def test_signing_in_often_is_no_guessing(visitor, email):
    for _ in range(7):
        assert visitor.sign_in(email).status_code == 303


def test_somebody_else_at_the_same_address_need_not_wait(visitor, email, account):
    guess(visitor, *[email] * 5)
    other = f"{uuid4().hex[:12]}@example.org"
    account(other)
    assert visitor.sign_in(other).status_code == 303


def test_signing_out_ends_the_session_takes_the_cookie_back_and_clears_what_the_browser_kept(
    server, visitor, email
):
    visitor.sign_in(email)
    was = visitor.id
    answer = visitor.sign_out()
    assert answer.headers["location"] == "/login?notice=out"
    assert '"storage"' in answer.headers["clear-site-data"]
    assert visitor.id is None
    (dropped,) = cookies_set(answer)
    assert "max-age=0" in dropped.lower()
    visitor.id = was
    assert visitor.get("/").status_code == 303
    assert "You are signed out." in visitor.get("/login?notice=out").text


def test_ending_a_session_closes_its_tabs_there_and_then(monkeypatch):
    """Not only when the watch over open tabs comes by (test_gate has that one)."""
    said: list[str] = []

    class Here:
        sockets = Sockets()
        sessions = SimpleNamespace(
            end=lambda key: f"token of {key}", end_all_of=lambda person: ["two", "three"]
        )

        async def ask(self, question, *values):
            return question(*values)

    async def scenario() -> None:
        for key in ("one", "two", "three", "other"):
            here.sockets.open(key, lambda message, key=key: hear(key, message))
        assert await sign_in._end("one") == "token of one"
        await sign_in.end_all_of("alice")

    async def hear(key: str, message: dict) -> None:
        said.append(f"{message['type']} {key}")

    here = Here()
    monkeypatch.setattr(sign_in.runtime, "current", lambda: here)
    asyncio.run(scenario())
    assert said == ["websocket.close one", "websocket.close two", "websocket.close three"]


def test_signing_out_destroys_the_tokens_here_and_at_supabase(server, stack, visitor, email):
    visitor.sign_in(email)
    key = visitor.key
    ((refresh_token,),) = server.sql("select refresh_token from web_sessions where id_hash = ?", key)
    visitor.sign_out()
    assert server.sql("select access_token, refresh_token from web_sessions where id_hash = ?", key) == [
        (None, None)
    ]
    settings = Settings(stack.url, stack.publishable_key, Path("unused"), "unused")
    with pytest.raises(SignInNeeded):
        accounts.refresh(accounts.client(settings), refresh_token=refresh_token)


@pytest.mark.parametrize("csrf", ["", "wrong", "é", None])
def test_signing_somebody_out_needs_the_token_of_their_own_form(visitor, email, csrf):
    visitor.sign_in(email)
    data = {} if csrf is None else {"csrf": csrf}
    assert visitor.post("/auth/logout", data).status_code == 403
    assert visitor.get("/").status_code == 200


def test_one_persons_token_does_not_sign_out_another(server, account, email):
    other_email = f"{uuid4().hex[:12]}@example.org"
    account(other_email)
    one, other = Visitor(server), Visitor(server)
    one.sign_in(email), other.sign_in(other_email)
    csrf = re.search(r'name="csrf" value="([^"]+)"', one.get("/auth/logout").text)[1]
    assert other.post("/auth/logout", {"csrf": csrf}).status_code == 403


def test_the_script_shows_a_form_that_signs_out(visitor, email):
    visitor.sign_in(email)
    with visitor.tab() as tab:
        form = tab.run().text
    csrf = re.search(r'action="/auth/logout".*name="csrf" value="([^"]+)"', form)[1]
    assert visitor.post("/auth/logout", {"csrf": csrf}).status_code == 303
    assert visitor.get("/").status_code == 303


def test_signing_out_twice_is_no_error(visitor, email):
    visitor.sign_in(email)
    visitor.sign_out()
    answer = visitor.post("/auth/logout", {})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?notice=out")
    assert visitor.get("/auth/logout").headers["location"] == "/login"


def test_a_notice_is_one_of_ours_and_never_what_the_address_says(visitor):
    assert 'role="status"' in visitor.get("/login?notice=ended").text
    assert 'role="status"' not in visitor.get("/login?notice=Send+your+password+to+me").text
    assert "Send" not in visitor.get("/login?notice=Send+your+password+to+me").text
