"""A supervisor runs a meeting by keyboard alone; what is typed stays under the hand while another device goes on; axe finds nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from bench.browser import PHONE, at_rest
from dashboard.meeting import pressing
from dashboard.meeting.at import LOOK_AGAIN
from tests.browser.conftest import windows
from tests.browser.test_accessibility import STILL, faults, sideways

pytestmark = pytest.mark.browser
LAPTOP = (1280, 800)
ECHO = pressing.TOO_SOON * 1_000 + 100  # a press within the echo of the last one is meant to do nothing


@dataclass(frozen=True)
class Devices:
    """Two devices of Sigrid's in one running meeting, opened once for all tests of this file."""

    laptop: Page
    phone: Page


@pytest.fixture(scope="module")
def opened(browser, site) -> Iterator[Devices]:
    with windows(browser, site) as window:
        laptop = window("sigrid", "meeting", LAPTOP)
        laptop.get_by_role("button", name="Begin the meeting").click()
        stands(laptop, "1 of 8")
        phone = window("sigrid", "meeting", PHONE)
        for page in (laptop, phone):
            page.add_style_tag(content=STILL)  # axe would measure colours halfway
        yield Devices(laptop, phone)


@pytest.fixture
def devices(opened) -> Devices:
    """Both at the first item, whatever the test before has left."""
    page = opened.laptop
    if page.get_by_role("dialog").count():
        page.get_by_role("button", name="Close", exact=True).click()
        expect(page.get_by_role("dialog")).to_have_count(0)
    at_rest(page)
    while (place := int(page.locator("[class*='_bar_card'] h2").inner_text().split()[0])) > 1:
        page.wait_for_timeout(ECHO)
        page.get_by_role("button", name="Previous").click()
        stands(page, f"{place - 1} of 8")
    stands(opened.phone, "1 of 8")
    return opened


def stands(page: Page, place: str) -> None:
    """The device is at this item, and ready for the next press."""
    expect(page.get_by_role("heading", name=place)).to_be_visible()
    at_rest(page)
    page.wait_for_timeout(ECHO)


def test_a_meeting_is_run_by_keyboard_alone(devices):
    page = devices.laptop
    page.keyboard.press("n")
    stands(page, "2 of 8")
    page.keyboard.press("t")
    expect(page.get_by_text("clock stopped")).to_be_visible()
    expect(page.get_by_role("button", name="Start the clock")).to_be_visible()
    stands(page, "2 of 8")
    page.keyboard.press("t")
    expect(page.get_by_role("button", name="Stop the clock")).to_be_visible()
    at_rest(page)
    page.keyboard.press("d")
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("button", name="Save the decision")).to_be_visible()
    at_rest(page)
    reached(page, "radio")
    page.keyboard.press("Space")
    expect(drawer.get_by_text("Keep the aim, and change how you get there.")).to_be_visible()
    at_rest(page)
    reached(page, "button", "Save the decision")
    page.keyboard.press("Enter")
    expect(drawer).to_have_count(0)
    expect(page.get_by_text("Adjust the plan").first).to_be_visible()
    stands(page, "2 of 8")
    page.keyboard.press("p")
    stands(page, "1 of 8")


def reached(page: Page, role: str, name: str = "") -> None:
    """Tab until this part of the drawer has the keyboard."""
    for _ in range(30):
        page.keyboard.press("Tab")
        focused = page.locator("[role=dialog] :focus")
        if focused.count() and focused.and_(page.get_by_role(role, name=name or None)).count():
            return
    raise AssertionError(f"No {role} {name} was reached: {page.evaluate('document.activeElement.outerHTML')}")


def test_a_key_that_is_held_down_moves_once(devices):
    page = devices.laptop
    for _ in range(12):
        page.keyboard.down("n")
        page.wait_for_timeout(30)
    page.keyboard.up("n")
    stands(page, "2 of 8")
    page.wait_for_timeout(LOOK_AGAIN * 1_000 + 500)  # a look of the page: what was pressed has all arrived
    stands(page, "2 of 8")


def test_who_types_is_not_disturbed_by_what_happens_on_another_device(devices):
    laptop, phone = devices.laptop, devices.phone
    laptop.keyboard.press("d")
    box = laptop.get_by_label("In words")
    box.click()
    laptop.evaluate("window.field = document.activeElement")
    laptop.keyboard.type("Slowly ")
    phone.get_by_role("button", name="Next", exact=False).first.click()
    stands(phone, "2 of 8")
    laptop.wait_for_timeout(LOOK_AGAIN * 2_000 + 500)  # two looks of the page
    laptop.keyboard.type("then")
    assert laptop.evaluate("field.isConnected && document.activeElement === field")
    assert box.input_value() == "Slowly then"
    laptop.get_by_role("button", name="Close", exact=True).click()
    stands(laptop, "2 of 8")  # once the drawer is closed, this device has gone on as well
    laptop.keyboard.press("p")
    stands(laptop, "1 of 8")
    laptop.keyboard.press("d")
    expect(laptop.get_by_label("In words")).to_have_value("Slowly then")


def test_the_running_meeting_is_accessible(devices):
    """On a laptop each kind of item, and the decision over it; in dark colours and on a phone that follows it, what is told apart there."""
    laptop, phone = devices.laptop, devices.phone
    laptop.mouse.move(0, 0)  # nothing is hovered over
    found = {}
    for place in range(1, 9):
        if place in (1, 2, 4, 7, 8):  # what is between is a case as well
            found[f"{place}"] = faults(laptop)
        if place == 2:
            found[f"{place} in the dark"] = in_the_dark(laptop)
        if place in (2, 7):
            expect(phone.get_by_role("heading", name=f"{place} of 8")).to_be_visible()
            at_rest(phone)
            found[f"{place} on a phone"] = faults(phone) + sideways(phone)
        if place == 4:
            laptop.keyboard.press("d")
            expect(laptop.get_by_role("button", name="Save the decision")).to_be_visible()
            at_rest(laptop)
            found["decision"] = faults(laptop)
            laptop.get_by_role("button", name="Close", exact=True).click()
            expect(laptop.get_by_role("dialog")).to_have_count(0)
            laptop.mouse.move(0, 0)
        if place < 8:
            laptop.keyboard.press("n")
            stands(laptop, f"{place + 1} of 8")
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


def in_the_dark(page: Page) -> list[str]:
    """What axe finds in dark colours; the page has light ones again after it."""
    coloured(page, "dark")
    found = faults(page)
    coloured(page, "light")
    return found


def coloured(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function("wanted => getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme === wanted", arg=scheme)  # fmt: skip
    at_rest(page)
