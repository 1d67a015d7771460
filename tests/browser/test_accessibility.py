"""Every page of every role: axe-core finds nothing, nothing scrolls sideways on a phone, headings are in order."""

from pathlib import Path

import axe_playwright_python
import pytest

from bench import browser as chromium
from bench.browser import DESKTOP, PHONE, at_rest

pytestmark = pytest.mark.browser
AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
PAGES = {
    "nora": (
        "home",
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
    "sigrid": ("home", "case", "team-trends", "discussion-prompts", "shared-reflections", "ruptures"),
    "clara": ("overview", "monitor", "audit"),
    "ada": ("team-settings", "measures", "keeping", "audit"),
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
        page.wait_for_timeout(700)  # transitions of colours; axe would measure them halfway
        found[address] = faults(page)
        if size == PHONE and not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found[address].append("scrolls sideways")
    assert found == {address: [] for address in PAGES[who]}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("address", ["login", "auth/forgot"])
def test_the_sign_in_pages_are_accessible(browser, site, address, dark):
    context = chromium.context(browser, PHONE, dark=dark)
    page = context.new_page()
    page.goto(f"{site}/{address}")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
