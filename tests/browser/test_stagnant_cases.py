"""Stagnant cases in Chromium, with several people at once: a flag given on, detail for a reason, a step back, and the keyboard."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from bench.browser import at_rest
from dashboard.case.tabs import TABS
from tests.browser.test_case_page import tab
from tests.browser.test_flows import choose, press, synced, typed

pytestmark = pytest.mark.browser
NOTE = "Please look at the aim of this one together."
WHY = "The same aim stands still for weeks: has somebody asked the client?"


def card(page: Page, code: str | None = None) -> Locator:
    """A case of Team North on the monitor: the first one, or the one with this code."""
    cards = page.locator('[class*="st-key-monitor_"][class*="_card"]').filter(has_text="Team North")
    return (
        cards.filter(has=page.get_by_role("heading", name=re.compile(f"^{code}"))).first
        if code
        else cards.first
    )


def unfold(within: Locator, name: str) -> None:
    within.get_by_text(name, exact=True).locator("visible=true").click()
    at_rest(within.page)


def named(case: Locator) -> tuple[str, str]:
    """Its code, and the name of its therapist."""
    code, therapist = case.get_by_role("heading").first.inner_text().split(" · ")
    return code, therapist


def go(page: Page, address: str) -> Page:
    page.goto(f"{page.url.rpartition('/')[0]}/{address}")
    at_rest(page)
    return page


def test_a_flag_goes_from_the_lead_to_the_supervisor_who_sees_to_it_and_nobodys_list_is_cleared_by_another(
    window,
):
    clara = window("clara", "monitor")
    code, _ = named(card(clara))
    unfold(card(clara), "Work on it")
    choose(clara, "What do you do?", "Given to somebody")
    clara.get_by_role("combobox", name=re.compile("Who is asked")).click()
    clara.get_by_role("option", name=re.compile("^Sigrid")).click()
    at_rest(clara)
    typed(clara, "Note", NOTE)
    press(clara, "Save")
    synced(clara)
    expect(card(clara, code).get_by_text(re.compile("Given to Sigrid .*, by "))).to_be_visible()

    sigrid = window("sigrid", "home")
    asked = sigrid.get_by_text(re.compile(f"You are asked to see to {code}: .*, due on "))
    expect(asked.first).to_be_visible()
    expect(sigrid.get_by_text(re.compile(re.escape(NOTE))).first).to_be_visible()
    go(sigrid, "monitor")
    choose(sigrid, "Show", "Given to me")
    unfold(card(sigrid, code), "Work on it")
    choose(sigrid, "What do you do?", "Dealt with")
    choose(sigrid, "How was it dealt with?", "Talked about")
    press(sigrid, "Save")
    synced(sigrid)
    expect(card(sigrid, code).get_by_text(re.compile("you: dealt with")).first).to_be_visible()
    choose(sigrid, "Show", "To do")
    expect(card(sigrid, code)).to_have_count(0)
    expect(go(sigrid, "home").get_by_text(re.compile(f"You are asked to see to {code}"))).to_have_count(0)

    go(clara, "monitor")  # a page of its own: what the lead had open is of before
    expect(card(clara, code)).to_be_visible()
    expect(card(clara, code).get_by_text(re.compile("you: "))).to_have_count(0)
    unfold(card(clara, code), "Work on it")
    unfold(card(clara, code), "What was done so far")
    expect(clara.get_by_text(re.compile("Dealt with: talked about by Sigrid")).first).to_be_visible()


def test_a_lead_sees_facts_for_a_reason_and_the_therapist_reads_who_looked_and_why(window):
    clara = window("clara", "monitor")
    code, therapist = named(card(clara))
    unfold(card(clara), "Detail, for a reason")
    typed(clara, "Why do you need to see this case?", "curious")
    press(clara, f"Show {code} for an hour")
    expect(clara.get_by_text("Please give the reason in 30 characters or more.")).to_be_visible()
    typed(clara, "Why do you need to see this case?", WHY)
    press(clara, f"Show {code} for an hour")
    expect(clara.get_by_text(re.compile(r"5\d minutes left"))).to_be_visible()
    expect(card(clara, code).locator(".js-plotly-plot").first).to_be_visible()

    whose = window(therapist.split()[0].lower(), "home")
    told = re.compile(rf"Clara Beaconridge looked at {code} today at .*{re.escape(WHY)}")
    expect(whose.get_by_text(told)).to_be_visible()
    go(whose, "audit")
    row = (
        whose.get_by_role("row")
        .filter(has_text="Clara Beaconridge")
        .filter(has_text=f"Looked at: Case {code}")
    )
    expect(row.first).to_be_visible()


def test_a_supervisor_steps_back_from_the_first_screen_to_the_decision_and_can_leave_in_between(window):
    sigrid = window("sigrid", "case")
    code, therapist = sigrid.get_by_role("combobox", name="Case").input_value().split(" · ")
    tab(sigrid, "Step back")
    press(sigrid, "Begin")
    for name in ("causes", "formulation", "goals", "plan", "let go"):
        press(sigrid, f"Next: {name}")
    typed(sigrid, "What we let go of", "That it goes faster.")
    typed(sigrid, "What we see now that we did not see before", "The aim was ours.")
    sigrid.reload()
    at_rest(sigrid)
    tab(sigrid, "Step back")
    expect(sigrid.get_by_text("Step 6 of 7")).to_be_visible()
    expect(sigrid.get_by_role("textbox", name="What we let go of")).to_have_value("That it goes faster.")
    press(sigrid, "Next: decide")
    choose(sigrid, "Decision", "Adjust the plan")
    typed(sigrid, "What is to be done", "Ask the client for an aim of their own")
    expect(sigrid.get_by_role("combobox", name="Who does it")).to_have_value(therapist)
    press(sigrid, "End the step back")
    expect(sigrid.get_by_text(re.compile("recorded by you")).first).to_be_visible()
    expect(sigrid.get_by_text("All synced").first).to_be_visible()
    tab(sigrid, "Plan")
    expect(sigrid.get_by_text(re.compile("^The next review is on "))).to_be_visible()
    expect(sigrid.get_by_text(re.compile("[Tt]oday")).locator("visible=true").first).to_be_visible()
    tab(sigrid, "Supervision")
    expect(
        sigrid.get_by_text("Ask the client for an aim of their own").locator("visible=true").first
    ).to_be_visible()

    whose = window(therapist.split()[0].lower(), "home")
    expect(whose.get_by_role("heading", name="What you have agreed to do")).to_be_visible()
    expect(whose.get_by_text(re.compile(f"{code}: Ask the client for an aim of their own"))).to_be_visible()


def test_every_tab_of_a_case_is_reached_and_left_with_the_keyboard_alone(window):
    """Arrows go along the tabs, Tab goes into what is open and out again, and where one is has a ring."""
    page = window("nora", "case")
    page.get_by_role("tab", name="Timeline", exact=True).focus()
    ring = "() => getComputedStyle(document.activeElement).outlineStyle"
    for name in TABS:
        here = page.get_by_role("tab", name=name, exact=True)
        expect(here).to_be_focused()
        page.keyboard.press("Enter")
        expect(here).to_have_attribute("aria-selected", "true")
        at_rest(page)
        expect(here).to_be_focused()  # also where the page took its time
        assert page.evaluate(ring) == "solid", name
        page.keyboard.press("Tab")
        inside = "() => document.activeElement.closest('[role=tabpanel]') !== null"
        assert page.evaluate(inside), f"{name}: what is open is not the next stop"
        assert page.evaluate(ring) == "solid", name
        page.keyboard.press("Shift+Tab")
        expect(here).to_be_focused()
        page.keyboard.press("ArrowRight")
