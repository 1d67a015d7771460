"""What every answer carries, whoever made it, and what is kept of it."""

import asyncio

import pytest
from websockets.exceptions import InvalidStatus

from dashboard.web.headers import HEADERS, SecurityHeaders

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; frame-ancestors 'none'; "
    "base-uri 'self'; form-action 'self'; object-src 'none'"
)

ANSWERS = {
    "sign-in page": ("visitor", "/login", 200),
    "redirect": ("visitor", "/team-trends", 303),
    "refused part": ("visitor", "/media/x", 401),
    "closed": ("visitor", "/_stcore/metrics", 404),
    "health": ("visitor", "/healthz", 200),
    "brand": ("visitor", "/brand/sixfold.svg", 200),
    "no such brand file": ("visitor", "/brand/nothing.svg", 404),
    "no such static file": ("visitor", "/static/js/nothing.js", 404),
    "failure": ("alice", "/auth/fails", 500),
    "page": ("alice", "/", 200),
    "page at an address": ("alice", "/any-page", 200),
    "no such media": ("alice", "/media/x", 404),
    "path to somewhere else": ("alice", "//elsewhere.example", 400),
    "trailing slash": ("alice", "/any-page/", 301),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_kind_of_answer_carries_the_headers(request, kind):
    who, path, status = ANSWERS[kind]
    answer = request.getfixturevalue(who).http.get(
        request.getfixturevalue(who).server.url + path, headers=request.getfixturevalue(who)._headers(None)
    )
    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == CSP
    for name, value in HEADERS.items():
        assert answer.headers.get_list(name) == [value], name


def test_a_form_refused_carries_them_too(visitor):
    assert visitor.post("/login", {}).headers["content-security-policy"] == CSP
    assert visitor.post("/login", {}, headers={"origin": "null"}).headers["content-security-policy"] == CSP
    assert visitor.post("/login", {"email": "x" * 99_999}).headers["content-security-policy"] == CSP


def test_a_refused_websocket_carries_them_too(visitor):
    with pytest.raises(InvalidStatus) as refused, visitor.tab():
        pass
    assert refused.value.response.headers["content-security-policy"] == CSP


def test_static_files_carry_them_and_may_be_kept_for_a_year(visitor):
    page = visitor.get("/login").text
    url = page.split('<link rel="prefetch" href="')[1].split('"')[0]
    answer = visitor.get(url)
    assert answer.headers["content-security-policy"] == CSP
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    "path", ["/login", "/auth/forgot", "/auth/reset", "/healthz", "/nowhere", "/auth/whoami"]
)
def test_nothing_else_is_kept_for_a_visitor(visitor, path):
    assert visitor.get(path).headers["cache-control"] == "no-store"


def test_nothing_personal_is_kept(alice):
    with alice.tab() as tab:
        media = tab.run().media[0]
    for path in ("/", "/any-page", "/auth/logout", "/auth/whoami", media):
        answer = alice.get(path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store", path


def test_a_failure_is_a_page_with_a_reference_and_no_word_of_the_cause(server, alice):
    answer = alice.get("/auth/fails")
    assert "Jane Roe" not in answer.text
    assert "ValueError" not in answer.text
    reference = answer.text.split("this reference: ")[1][:9]
    log = server.log.read_text()
    assert reference in log
    assert "ValueError at" in log
    assert "Jane Roe" not in log


def test_a_site_with_tls_says_so():
    async def app(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    def told(*, https: bool) -> dict:
        sent = []

        async def send(message):
            sent.append(message)

        asyncio.run(SecurityHeaders(app, https=https)({"type": "http", "path": "/"}, None, send))
        return dict(sent[0]["headers"])

    assert b"strict-transport-security" in told(https=True)
    assert b"strict-transport-security" not in told(https=False)
