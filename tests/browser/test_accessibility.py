"""Every page of every role: axe-core finds nothing, nothing scrolls sideways on a phone, headings are in order."""

from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import TimeoutError, expect

from bench import browser as chromium
from bench.browser import DESKTOP, PHONE, at_rest
from dashboard.case.tabs import TABS

pytestmark = pytest.mark.browser
AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
PAGES = {
    "nora": (
        "home",
        "meeting",
        "log-episode",
        "weekly-reflection",
        "case",
        "my-mirror",
        "ruptures",
        "own-data",
        "waiting",
        "import-scores",
        "audit",
    ),
    "sigrid": (
        "home",
        "meeting",
        "past-meetings",
        "case",
        "team-trends",
        "discussion-prompts",
        "shared-reflections",
        "ruptures",
    ),
    "clara": ("overview", "monitor", "audit"),
    "ada": ("people", "team-settings", "measures", "keeping", "clinic-prompts", "audit"),
    "zoe": ("",),
}
# Streamlit's own faults, each with what it is; anything else is ours.
OF_STREAMLIT: dict[str, str] = {
    "presentation-role-conflict": "the place to drop a file has role=presentation and a label; the button inside it is what people use",
}


STILL = "*, *::before, *::after { transition: none !important; animation: none !important }"


def faults(page) -> list[str]:
    """What axe finds. What it finds is measured once more: Streamlit pales what a run is about to draw anew."""
    found = _measured(page)
    if found:
        page.wait_for_timeout(1_500)
        at_rest(page)
        found = _measured(page)
    return found


def _measured(page) -> list[str]:
    if page.evaluate("!window.axe"):
        page.evaluate(AXE)
    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}).then(r => r.violations)"
    )
    return [
        f"{fault['id']}: {fault['help']}: {[node['html'][:160] for node in fault['nodes'][:3]]}"
        for fault in found
        if fault["id"] not in OF_STREAMLIT
    ]


def places(page, address: str) -> Iterator[str]:
    """The page, or each tab of the case page, opened and at rest."""
    if address != "case":
        yield address
        return
    for tab in TABS:
        page.get_by_role("tab", name=tab, exact=True).click()
        expect(page.get_by_role("tab", name=tab, exact=True)).to_have_attribute("aria-selected", "true")
        at_rest(page)
        yield f"case: {tab}"


def on_screen(page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    at_rest(page)


def sideways(page) -> list[str]:
    """Once figures have taken the width of the screen."""
    try:
        page.wait_for_function("document.documentElement.scrollWidth <= innerWidth", timeout=10_000)
    except TimeoutError:
        return ["scrolls sideways"]
    return []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("who", PAGES)
def test_the_pages_of_a_role_are_accessible(window, site, who, dark):
    """On a wide screen in both colours; and in light ones as narrow as a phone, without being loaded anew."""
    page = window(who, dark=dark)
    found: dict[str, list[str]] = {}
    for address in PAGES[who]:
        page.goto(f"{site}/{address}")
        at_rest(page)
        page.add_style_tag(content=STILL)  # axe would measure colours halfway
        for place in places(page, address):
            found[place] = faults(page)
            if not dark:
                on_screen(page, PHONE)
                found[f"{place} on a phone"] = faults(page) + sideways(page)
                on_screen(page, DESKTOP)
    assert {place: wrong for place, wrong in found.items() if wrong} == {}
    expected = [f"case: {tab}" for tab in TABS] if "case" in PAGES[who] else []
    expected += [address for address in PAGES[who] if address != "case"]
    assert set(found) == {*expected, *(f"{place} on a phone" for place in expected if not dark)}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("address", ["login", "auth/forgot", "join", "join/code"])
def test_the_sign_in_pages_are_accessible(browser, site, address, dark):
    context = chromium.context(browser, PHONE, dark=dark)
    page = context.new_page()
    page.goto(f"{site}/{address}")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
