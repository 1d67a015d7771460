"""A whole meeting in three browsers: the projector, the supervisor's own device and a therapist's; each sees what the others do."""

import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Locator, Page, expect

from bench.browser import DESKTOP, PHONE, PROJECTOR, at_rest
from seed_demo import SIGN_INS
from services.vocabulary import PULSE_QUESTION
from tests.browser.test_accessibility import faults
from tests.browser.test_flows import press

pytestmark = pytest.mark.browser
CODE = "C-0431"  # Nora's, second on the agenda of the demo; she has released all there is of it
NEXT = re.compile("^Next Shortcut")
HIDDEN, SHOWN = "Quietly, on our own", "Ask first, explain later"
NAMES = {part for _email, _password, name, _words in SIGN_INS for part in name.split()}
NOT_ON_A_SCREEN = re.compile(rf"\b({'|'.join(sorted(NAMES))}|C-\d{{4}})\b|{HIDDEN}")
ECHO = 700  # ms; a press within 600 of the one before counts as its echo and does nothing


@dataclass
class Screen:
    """What stands on the projector, in two tabs of one browser, and what axe finds on it."""

    page: Page
    tabs: tuple[Page, ...]
    found: dict[str, list[str]] = field(default_factory=dict)

    def at(self, words: str | re.Pattern[str]) -> str:
        """It comes to this by itself, and holds no name. Returns the heading as it reads."""
        top = self.page.get_by_role("heading", level=1, name=words)
        expect(top).to_be_visible()
        self.holds_no_name()
        return top.inner_text()

    def holds_no_name(self) -> None:
        for tab in self.tabs:
            assert NOT_ON_A_SCREEN.findall(tab.content()) == []

    def is_accessible(self, place: str) -> None:
        for colours in ("light", "dark"):
            self.page.emulate_media(color_scheme=colours)
            expect(self.page.get_by_test_id("stApp")).to_have_css("color-scheme", colours)
            self.page.wait_for_timeout(ECHO)  # axe would measure colours halfway
            at_rest(self.page)
            self.found[f"{place}, {colours}"] = faults(self.page)
        self.page.emulate_media(color_scheme="light")


def put_on_screen(page: Page) -> Screen:
    """Press the button on the machine of the projector, where somebody forgot a tab with names."""
    forgotten = page.context.new_page()
    forgotten.goto(page.url.replace("/meeting", "/home"))
    at_rest(forgotten)
    press(page, "Shared screen")
    page.get_by_role("button", name="Put it on this screen").click()
    tabs = (page, forgotten)
    for tab in tabs:
        expect(tab.locator(".st-key-screen_top")).to_be_visible()
        expect(tab).to_have_url(re.compile(r"//[^/]+/$"))
    return Screen(page, tabs)


def unfolded(page: Page, name: str | re.Pattern[str], inside: Locator) -> Locator:
    """What is folded away under this name, opened if it is not."""
    if not inside.is_visible():
        page.get_by_text(name).click()
    expect(inside).to_be_visible()
    at_rest(page)
    return inside


def goes_to(page: Page, button: str | re.Pattern[str], place: str) -> None:
    """The supervisor's own device is there as well before anything else is pressed on it."""
    page.wait_for_timeout(ECHO)
    press(page, button)
    expect(page.get_by_role("heading", level=2, name=re.compile(f"^{place} of 8"))).to_be_visible()
    at_rest(page)


def decides(page: Page, words: str, *, shown: bool) -> None:
    """In the drawer of the supervisor's own device."""
    press(page, "Decision")
    drawer = page.get_by_role("dialog")
    box = drawer.get_by_role("textbox", name="In words")
    box.fill(words)
    box.blur()
    at_rest(page)
    if shown:
        drawer.get_by_text("Show what was decided on the shared screen").click()
        expect(drawer.get_by_role("switch")).to_be_checked()
        at_rest(page)
    drawer.get_by_role("button", name="Save the decision").click()
    expect(drawer).to_have_count(0)
    expect(page.get_by_text(words)).to_have_count(1)
    at_rest(page)


def test_a_meeting_from_its_agenda_to_the_pulse(window):
    sigrid, nora = window("sigrid", "meeting", DESKTOP), window("nora", "meeting", PHONE)
    screen = put_on_screen(window("sigrid", "meeting", PROJECTOR))
    shown = screen.page
    screen.at("The meeting begins soon")
    screen.is_accessible("before it begins")

    goes_to(sigrid, "Begin the meeting", "1")
    screen.at("Last time’s actions")
    expect(nora.get_by_role("heading", name="The meeting is on")).to_be_visible()
    goes_to(sigrid, NEXT, "2")
    label = screen.at(re.compile(r"^Case \d+ · Person \w+$"))
    expect(nora.get_by_text(f"Now: {label} is your {CODE}")).to_be_visible()
    expect(sigrid.get_by_role("heading", level=2, name=re.compile(CODE))).to_be_visible()

    # What its therapist takes back is gone, what she lets go is there.
    moment = shown.get_by_text("The moment", exact=True).and_(shown.locator("strong"))
    expect(moment).to_have_count(1)
    off, on = (nora.get_by_role("button", name=name) for name in ("Take it off the screen", "Put it on the shared screen"))  # fmt: skip
    unfolded(nora, "The moment · on the screen", off).click()
    expect(moment).to_have_count(0)
    unfolded(nora, "The moment · not on the screen", on).click()
    expect(moment).to_have_count(1)

    # A prompt, and where the discussion stands.
    press(sigrid, "Show on the screen")
    prompt = shown.locator(".st-key-screen_prompt h2")
    expect(prompt).to_have_count(1)
    expect(sigrid.get_by_role("heading", name=prompt.inner_text(), exact=True)).to_be_visible()
    expect(shown.locator(".sx-stages [aria-current]")).to_have_text("The moment")
    sigrid.keyboard.press("s")
    expect(shown.locator(".sx-stages [aria-current]")).to_have_text("What we did well")
    expect(nora.get_by_text("What we did well").first).to_be_visible()

    decides(sigrid, HIDDEN, shown=False)
    decides(sigrid, SHOWN, shown=True)
    expect(shown.get_by_text(SHOWN)).to_have_count(1)
    screen.at(label)
    screen.is_accessible("a case with a prompt and a decision")
    press(sigrid, "Take off the screen")
    expect(prompt).to_have_count(0)

    # Its therapist rates again what was talked about, and the supervisor reads what shifted.
    rapport = nora.get_by_role("radiogroup", name=re.compile("^1 Rapport")).first
    unfolded(nora, "Rate the six causes again", rapport).get_by_role("radio").nth(1).click()
    at_rest(nora)
    press(nora, re.compile("^Save$"))
    expect(nora.get_by_text("Change your answers")).to_be_visible()
    expect(sigrid.get_by_text(re.compile("rated again:")).first).to_be_visible()

    # The room follows its own keyboard as well.
    shown.keyboard.press("t")
    for page in (shown, sigrid):
        expect(page.get_by_text(re.compile("clock stopped")).first).to_be_visible()

    press(sigrid, "Agenda")
    goes_to(sigrid, re.compile("^Team theme"), "7")
    screen.at("Team theme")
    screen.is_accessible("the theme")

    press(sigrid, "End the meeting")
    press(sigrid, "End it now")
    screen.at("The meeting has ended")
    screen.is_accessible("after it")
    for words in (label, SHOWN, "talked about", "carried over"):
        expect(shown.get_by_text(words).first).to_be_visible()
    expect(sigrid.get_by_role("heading", name=re.compile("^The meeting of .* has ended$"))).to_be_visible()
    expect(nora.get_by_role("heading", name=re.compile("^The meeting of .* has ended$"))).to_be_visible()
    nora.get_by_role("radiogroup", name=PULSE_QUESTION).get_by_text("4 probably").click()
    at_rest(nora)
    press(nora, "Give my answer")
    expect(nora.get_by_text("Your answer counts among the others.")).to_be_visible()

    screen.holds_no_name()
    shown.get_by_role("button", name="Take this screen down").click()
    for tab in screen.tabs:
        expect(tab).to_have_url(re.compile("/login"))
    expect(sigrid.get_by_role("heading", level=1, name="Meeting")).to_be_visible()
    assert {place: wrong for place, wrong in screen.found.items() if wrong} == {}
