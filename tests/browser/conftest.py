"""The demo as `make demo` starts it, Chromium, and one window per person."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bench import browser as chromium
from bench.browser import ACCOUNTS, DESKTOP, at_rest

expect.set_options(timeout=60_000)  # a net for a page that is stuck, not a measure of speed


@pytest.fixture(scope="session")
def seeded() -> Iterator[Path]:
    with chromium.seeded() as home:
        yield home


@pytest.fixture(scope="module")
def site(seeded: Path) -> Iterator[str]:
    """A demo for each file of tests, as fresh as after `make demo-reset`."""
    with chromium.demo(like=seeded) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.chromium() as opened:
        yield opened


@contextmanager
def windows(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Yields what opens windows, `opened("nora", "log-episode")`, and closes them all; errors of a page are errors here."""
    opened, wrong = [], []

    def open_as(who: str, address: str = "", size: tuple[int, int] = DESKTOP, *, dark: bool = False) -> Page:
        context = chromium.context(browser, size, dark=dark)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: wrong.append(f"{who} on {address}: {error}"))
        opened.append(context)
        chromium.sign_in(page, site, *ACCOUNTS[who])
        if address:
            page.goto(f"{site}/{address}")
            at_rest(page)
        return page

    yield open_as
    for context in opened:
        context.close()
    assert wrong == []


@pytest.fixture
def window(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """`window("nora", "log-episode")` is a browser of her own, signed in, on that page. Errors of the page fail the test."""
    with windows(browser, site) as open_as:
        yield open_as
