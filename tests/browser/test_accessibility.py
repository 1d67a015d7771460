"""Every page of every role: axe-core finds nothing, nothing scrolls sideways on a phone, headings are in order."""

from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import expect

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


def faults(page) -> list[str]:
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


@pytest.mark.parametrize(
    ("size", "dark"), [(DESKTOP, False), (DESKTOP, True), (PHONE, False)], ids=["light", "dark", "phone"]
)
@pytest.mark.parametrize("who", PAGES)
def test_the_pages_of_a_role_are_accessible(window, site, who, size, dark):
    page = window(who, size=size, dark=dark)
    found = {}
    for address in PAGES[who]:
        page.goto(f"{site}/{address}")
        at_rest(page)
        for place in places(page, address):
            page.wait_for_timeout(700)  # transitions of colours; axe would measure them halfway
            found[place] = faults(page)
            if size == PHONE and not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
                found[place].append("scrolls sideways")
    assert {place: wrong for place, wrong in found.items() if wrong} == {}
    assert found.keys() >= set(PAGES[who]) - {"case"}
    assert ("case" not in PAGES[who]) or {f"case: {tab}" for tab in TABS} <= found.keys()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("address", ["login", "auth/forgot", "join", "join/code"])
def test_the_sign_in_pages_are_accessible(browser, site, address, dark):
    context = chromium.context(browser, PHONE, dark=dark)
    page = context.new_page()
    page.goto(f"{site}/{address}")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
