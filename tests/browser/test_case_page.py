"""The case page in Chromium: what a therapist does there after sessions, on a phone; and that everybody can use it."""

import re

import pytest
from playwright.sync_api import Page, expect

from bench.browser import PHONE, at_rest
from tests.browser.test_accessibility import STILL, faults
from tests.browser.test_flows import choose, press, typed

pytestmark = pytest.mark.browser


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()
    expect(page.get_by_role("tab", name=name, exact=True)).to_have_attribute("aria-selected", "true")


def unfold(page: Page, name: str) -> None:
    page.get_by_test_id("stMain").get_by_text(name, exact=True).locator("visible=true").first.click()


def test_three_sessions_a_goal_and_a_task_that_stays_undone_on_a_phone(window):
    nora = window("nora", "case", PHONE)
    tab(nora, "Sessions")
    unfold(nora, "Enter sessions")
    choose(nora, "How many sessions?", "3")
    choose(nora, "Did it take place? (session 2)", "Did not come")
    press(nora, "Save 3 sessions")
    expect(nora.get_by_text(re.compile(r"\d+ booked: .*did not come")).first).to_be_visible()

    tab(nora, "Goals")
    unfold(nora, "Set a goal")
    typed(nora, "The goal", "Ring one friend a week")
    choose(nora, "Whose goal is it?", "Together")
    choose(nora, "How much does it matter to the client?", "8")
    press(nora, "Save the goal")
    expect(nora.get_by_role("heading", name="Ring one friend a week")).to_be_visible()
    expect(nora.get_by_text(re.compile("matters 8 of 10 to the client")).first).to_be_visible()

    tab(nora, "Between sessions")
    unfold(nora, "Put down a task")
    typed(nora, "What is meant to be done?", "Write down whom to ring")
    choose(nora, "Who proposed it?", "Me")
    press(nora, "Save the task")
    card = (
        nora.locator('[class*="_card"]')
        .filter(has=nora.get_by_role("heading", name="Write down whom to ring"))
        .last
    )
    card.get_by_text("What became of it?").locator("visible=true").first.click()
    for times in range(1, 4):
        expect(nora.get_by_text("Whose goal was it?")).to_have_count(0)
        choose(nora, "How much of it was done?", "Not done")
        press(nora, "Save it")
        expect(card.get_by_text(re.compile("^Today · Not done"))).to_have_count(times)
    expect(nora.get_by_text("Not done 3 times. Whose goal was it?")).to_be_visible()
    assert "case" not in nora.url.partition("?")[2]  # never in the address
    assert nora.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_tab_of_this_side_of_the_page_passes_axe(window, dark):
    nora = window("nora", "case", dark=dark)
    nora.add_style_tag(content=STILL)  # axe would measure colours halfway
    found = {}
    for name in ("Timeline", "Sessions", "Goals", "Between sessions", "Episodes", "Ruptures"):
        tab(nora, name)
        for form in ("Enter sessions", "Set a goal", "Put down a task", "Open a new rupture"):
            if nora.get_by_text(form, exact=True).locator("visible=true").count():
                unfold(nora, form)
        at_rest(nora)
        found[name] = faults(nora)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
