"""Which hosts are us, which pages are ours, and where a sign-in may lead."""

import pytest

from dashboard.web import origin

SITE = "https://sixfold.example.org"


def scope(**headers: str) -> dict:
    return {"headers": [(name.encode(), value.encode()) for name, value in headers.items()]}


@pytest.mark.parametrize(
    ("host", "is_us"),
    [
        ("sixfold.example.org", True),
        ("SIXFOLD.example.org:443", True),
        ("sixfold.example.org.", True),
        ("localhost:8501", True),
        ("127.0.0.1:8501", True),
        ("[::1]:8501", True),
        ("example.org", False),
        ("evil-sixfold.example.org", False),
        ("sixfold.example.org.evil.example", False),
        ("localhost.evil.example", False),
        ("user@sixfold.example.org", True),
        ("[", False),
        ("", False),
    ],
)
def test_which_hosts_are_us(host, is_us):
    assert origin.for_us(scope(host=host), SITE) is is_us


@pytest.mark.parametrize(
    ("sent_by", "host", "is_ours"),
    [
        (SITE, "sixfold.example.org", True),
        (SITE, "127.0.0.1:8501", True),  # a proxy that does not pass the name on
        ("http://localhost:8501", "localhost:8501", True),
        ("http://localhost:8502", "localhost:8501", False),
        ("http://sixfold.example.org", "127.0.0.1:8501", False),
        ("https://elsewhere.example", "sixfold.example.org", False),
        ("null", "null", False),
        ("", "sixfold.example.org", False),
        ("file://sixfold.example.org", "sixfold.example.org", False),
    ],
)
def test_which_pages_are_ours(sent_by, host, is_ours):
    assert origin.from_us(scope(origin=sent_by, host=host), SITE) is is_ours


def test_no_origin_is_not_ours():
    assert origin.from_us(scope(host="sixfold.example.org"), SITE) is False


@pytest.mark.parametrize(
    "path", ["/", "/team-trends", "/team-trends?weeks=12#top", "/%5Celsewhere", "/logins"]
)
def test_our_own_pages_are_kept(path):
    assert origin.local_path(path) == (path if path != "/logins" else "/")


@pytest.mark.parametrize(
    "path", [None, "", "x", "//x", "/\\x", "/\tx", "/a b", "/\x7f", "https://x", "/login"]
)
def test_anything_else_is_the_first_page(path):
    assert origin.local_path(path) == "/"
