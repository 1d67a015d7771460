"""The sign-in pages and our scripts in a real browser, with what only a browser does."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from bench import browser as chromium
from bench.browser import DESKTOP, PHONE, at_rest
from tests.conftest import PASSWORD
from tests.dashboard.web.conftest import Server, serving

pytestmark = pytest.mark.browser

Scenario = Callable[[BrowserContext], object]


@pytest.fixture(scope="module")
def minute(stack, tmp_path_factory) -> Iterator[Server]:
    """A server where a session times out after one minute."""
    app = Path(__file__).parent / "small" / "app.py"
    with serving(app, stack, tmp_path_factory.mktemp("minute"), SIXFOLD_IDLE_MINUTES="1") as up:
        yield up


def in_chromium(scenario: Scenario, size: tuple[int, int] = DESKTOP, *, dark: bool = False) -> None:
    """Play a scenario in a fresh window. Its own thread: Playwright runs once in each, and others use it too."""

    def play() -> None:
        with chromium.chromium() as browser:
            window = chromium.context(browser, size, dark=dark)
            window.set_default_timeout(30_000)
            scenario(window)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(play).result()


def sign_in(window: BrowserContext, server: Server, email: str) -> Page:
    page = window.new_page()
    chromium.sign_in(page, server.url, email, PASSWORD)
    return page


def seen(server: Server) -> float:
    return server.sql("select max(seen) from web_sessions where ended is null")[0][0]


def test_a_reload_and_a_second_tab_stay_signed_in_and_nothing_breaks_the_policy(server, account):
    account("carla@example.org")
    complaints = []

    def scenario(window: BrowserContext) -> None:
        window.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page = sign_in(window, server, "carla@example.org")
        expect(page).to_have_title(re.compile("Small"))
        page.reload()
        at_rest(page)
        second = window.new_page()
        second.goto(server.url)
        at_rest(second)
        expect(second.get_by_role("heading", name="Small")).to_be_visible()
        assert second.evaluate("document.documentElement.lang") == "en"
        assert second.evaluate("document.cookie.includes('sixfold')") is False

    in_chromium(scenario)
    assert complaints == []


def test_signing_out_in_one_tab_takes_the_other_to_the_sign_in_page(server, account):
    account("carla@example.org")

    def scenario(window: BrowserContext) -> None:
        page = sign_in(window, server, "carla@example.org")
        other = window.new_page()
        other.goto(f"{server.url}/other")
        at_rest(other)
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("status")).to_have_text(re.compile("signed out"))
        expect(other).to_have_url(re.compile(r"/login\?notice=ended&next=%2Fother"), timeout=30_000)
        other.go_back()
        expect(other).to_have_url(re.compile(r"/login|about:blank"))

    in_chromium(scenario)


def test_typing_is_handed_over_while_the_cursor_stays_in_the_text(server, account):
    account("carla@example.org")
    sentence = "We stopped twice, and I noticed that I was in a hurry to mend it. "

    def scenario(window: BrowserContext) -> None:
        page = sign_in(window, server, "carla@example.org")
        words = page.get_by_role("textbox", name="Words")
        words.click()
        page.keyboard.type(sentence * 2, delay=40)
        expect(page.get_by_text(f"kept={(sentence * 2).strip()}")).to_be_visible()
        expect(words).to_be_focused()
        expect(words).to_have_value(sentence * 2)
        page.keyboard.type("More.")
        expect(words).to_have_value(f"{sentence * 2}More.")

    in_chromium(scenario)


def test_on_a_phone_the_menu_closes_over_the_page_that_was_chosen(server, account):
    account("carla@example.org")

    def scenario(window: BrowserContext) -> None:
        page = sign_in(window, server, "carla@example.org")
        page.get_by_test_id("stExpandSidebarButton").tap()
        page.get_by_role("link", name="Other").tap()
        expect(page.get_by_role("heading", name="Other")).to_be_in_viewport()
        expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")

    in_chromium(scenario, PHONE)


def test_a_page_that_refreshes_itself_is_no_use_but_a_key_is(minute, account):
    account("carla@example.org")

    def scenario(window: BrowserContext) -> None:
        page = sign_in(window, minute, "carla@example.org")
        began = seen(minute)
        expect(page.get_by_text(re.compile(r"ticks=2\d\."))).to_be_visible(timeout=60_000)
        assert seen(minute) == began, "twenty refreshes over more than a quarter of the minute"
        page.get_by_role("button", name="Stay signed in").click()
        expect(page.get_by_role("alert")).to_be_visible()
        page.wait_for_function("() => fetch('/auth/whoami').then(r => r.json()).then(s => s.ends_in > 55)")
        assert seen(minute) > began

    in_chromium(scenario)


def test_the_end_is_announced_and_leads_to_the_sign_in_page(minute, account):
    account("carla@example.org")

    def scenario(window: BrowserContext) -> None:
        page = sign_in(window, minute, "carla@example.org")
        expect(page.get_by_role("alert")).to_contain_text("You will be signed out in about 1 minute.")
        minute.sql("update web_sessions set seen = seen - 60")
        expect(page).to_have_url(re.compile(r"/login\?notice=ended"), timeout=30_000)
        expect(page.get_by_role("status")).to_contain_text("What you saved is kept")

    in_chromium(scenario)


@pytest.mark.parametrize("path", ["/login", "/auth/forgot", "/auth/reset", "/join", "/join/code"])
def test_the_forms_can_be_used_by_everybody(server, path):
    """axe finds nothing, nothing is cut off at 320 px, and the keyboard reaches everything in order."""

    def scenario(window: BrowserContext) -> None:
        page = window.new_page()
        for size, scheme in ((DESKTOP, "light"), (PHONE, "dark"), ((320, 640), "light"), (DESKTOP, "dark")):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            page.emulate_media(color_scheme=scheme)
            page.goto(server.url + path)
            found = Axe().run(page).response["violations"]
            assert [(each["id"], [n["html"] for n in each["nodes"]]) for each in found] == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            fields = page.locator("main input:not([type=hidden]), main button, main a")
            fields.first.focus()
            for field in fields.all():
                expect(field).to_be_focused()
                assert field.evaluate("it => it.getBoundingClientRect().height >= 24")
                page.keyboard.press("Tab")

    in_chromium(scenario)
