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


def in_colours(page, scheme: str) -> None:
    """As a device turns at dusk: the page follows, colours and figures, without being loaded anew."""
    page.emulate_media(color_scheme=scheme)
    expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
    at_rest(page)


def looks(page, schemes: list[str]) -> Iterator[str]:
    """One place in both colours on a wide screen, and in those it stands in then on a phone; each page begins in the other ones."""
    for scheme in schemes:
        page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        in_colours(page, scheme)
        yield scheme
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    at_rest(page)
    yield f"phone, {schemes[-1]}"
    schemes.reverse()


@pytest.mark.parametrize("who", PAGES)
def test_the_pages_of_a_role_are_accessible(window, site, who):
    page, schemes = window(who), ["light", "dark"]
    found: dict[str, list[str]] = {}
    for address in PAGES[who]:
        page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        page.goto(f"{site}/{address}")
        at_rest(page)
        page.add_style_tag(content=STILL)  # axe would measure colours halfway
        for place in places(page, address):
            for look in looks(page, schemes):
                found[f"{place} ({look})"] = faults(page)
                if "phone" in look and not page.evaluate(
                    "document.documentElement.scrollWidth <= innerWidth"
                ):
                    found[f"{place} ({look})"].append("scrolls sideways")
    assert {place: wrong for place, wrong in found.items() if wrong} == {}
    expected = [f"case: {tab}" for tab in TABS] if "case" in PAGES[who] else []
    expected += [address for address in PAGES[who] if address != "case"]
    assert {place.rpartition(" (")[0] for place in found} == set(expected)
    assert len(found) == 3 * len(expected)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("address", ["login", "auth/forgot", "join", "join/code"])
def test_the_sign_in_pages_are_accessible(browser, site, address, dark):
    context = chromium.context(browser, PHONE, dark=dark)
    page = context.new_page()
    page.goto(f"{site}/{address}")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
