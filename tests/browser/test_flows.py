"""What the users do, in Chromium: a therapist logs and reflects, the supervisor sees it and works with it."""

import re

import pytest
from playwright.sync_api import Page, expect

from bench.browser import DESKTOP, PHONE, at_rest

pytestmark = pytest.mark.browser


def choose(page: Page, question: str, answer: str) -> None:
    page.get_by_role("radiogroup", name=question).get_by_role("radio", name=answer, exact=True).click()
    at_rest(page)


def press(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=name).click()
    at_rest(page)


def synced(page: Page) -> None:
    """The entry itself says that it has arrived, without a reload."""
    said = page.get_by_test_id("stMain").get_by_text(re.compile("Synced")).locator("visible=true")
    expect(said.first).to_be_visible(timeout=20_000)


def typed(page: Page, label: str, text: str) -> None:
    box = page.get_by_role("textbox", name=label, exact=True)
    box.fill(text)
    box.blur()
    at_rest(page)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_episode_becomes_a_rupture_and_the_supervisor_works_on_it(window, size):
    theo = window("theo", "log-episode", size)
    case = theo.get_by_role("radiogroup", name="Case").get_by_role("radio").first.inner_text()
    choose(theo, "What happened?", "Confrontation")
    choose(theo, "What did I do next?", "Insisted")
    press(theo, re.compile("^Save for"))
    expect(theo.get_by_role("heading", name="Your episode is saved")).to_be_visible()
    synced(theo)
    press(theo, "Open a rupture from it")
    expect(theo.get_by_text(re.compile("rupture", re.I)).first).to_be_visible()

    sigrid = window("sigrid", "discussion-prompts", size)
    box = sigrid.get_by_role("combobox", name=re.compile("Open ruptures"))
    box.click()
    sigrid.get_by_role("option", name=re.compile(rf"{case} · Confrontation · open since today")).first.click()
    at_rest(sigrid)
    expect(
        sigrid.get_by_role("heading", name=re.compile(f"{case}: confrontation rupture, open since today"))
    ).to_be_visible()
    choose(sigrid, "Stage", "Own contribution")
    expect(
        sigrid.get_by_text(re.compile("insisted", re.I)).first
    ).to_be_visible()  # why now: what Theo has logged
    note = sigrid.get_by_role("textbox", name="Note to this prompt").first
    note.fill("Theo will say so on Thursday.")
    note.blur()
    at_rest(sigrid)
    sigrid.get_by_role("button", name="Helped").first.click()
    at_rest(sigrid)
    expect(sigrid.locator('[class*="st-key-sync_badge"]').first).to_be_attached()
    sigrid.reload()
    at_rest(sigrid)
    sigrid.get_by_role("combobox", name=re.compile("Open ruptures")).click()
    sigrid.get_by_role("option", name=re.compile(rf"{case} · Confrontation · open since today")).first.click()
    at_rest(sigrid)
    expect(sigrid.get_by_role("heading", name=f"Talked about on {case} before")).to_be_visible()
    expect(sigrid.get_by_role("cell", name="Theo will say so on Thursday.").first).to_be_visible()


def test_what_was_logged_is_in_the_supervisors_exact_trends_a_moment_later(window):
    sigrid = window("sigrid", "team-trends")
    shown = sigrid.get_by_role("switch", name="Exact values")
    sigrid.get_by_text("Exact values", exact=True).click()
    at_rest(sigrid)
    expect(shown).to_be_checked()
    expect(sigrid.get_by_text("Please do not share this screen")).to_be_visible()
    expect(
        sigrid.get_by_role("heading", name=re.compile("^Open ruptures"))
    ).to_be_visible()  # the last to be drawn

    def episodes() -> int:
        words = sigrid.get_by_text(re.compile(r"\d+ episodes; most often")).first.inner_text()
        return int(re.search(r"(\d[\d,]*) episodes", words).group(1).replace(",", ""))

    before = episodes()
    amara = window("amara", "log-episode")
    choose(amara, "What happened?", "Stalled work")
    press(amara, re.compile("^Save for"))
    synced(amara)
    choose(sigrid, "Period", "12 weeks")
    choose(sigrid, "Period", "26 weeks")
    expect(sigrid.get_by_text(re.compile(rf"\b{before + 1} episodes; most often"))).to_be_visible()


def test_a_reflection_is_handed_in_and_only_what_was_shared_is_seen(window):
    jonas = window("jonas", "weekly-reflection")
    for question, answer in (("1 Rapport", "2"), ("2 Own agenda", "3")):
        choose(jonas, re.compile(f"^{re.escape(question)}"), answer)
    typed(jonas, "A strength of mine", "I let the silence be.")
    typed(jonas, "For supervision", "Could we look at the pace?")
    typed(jonas, "Something I did not bring", "Canary that stays with Jonas.")
    press(jonas, "Hand in")
    synced(jonas)

    sigrid = window("sigrid", "shared-reflections")
    sigrid.get_by_role("combobox", name="Week").click()
    sigrid.get_by_role("option", name=re.compile("^this week")).click()
    at_rest(sigrid)
    expect(sigrid.get_by_role("heading", name="Jonas Merebrook")).to_be_visible()
    expect(sigrid.get_by_text("Could we look at the pace?")).to_be_visible()
    page = sigrid.content()
    assert "I let the silence be." not in page
    assert "Canary that stays" not in page


def test_what_was_typed_is_there_in_another_browser(window):
    first = window("grace", "log-episode")
    choose(first, "What happened?", "Topic avoided")
    typed(first, "Note", "Half a sentence, then the phone r")
    first.context.close()
    second = window("grace", "log-episode")
    expect(second.get_by_role("textbox", name="Note", exact=True)).to_have_value(
        "Half a sentence, then the phone r"
    )
    expect(second.get_by_role("radio", name="Topic avoided").first).to_be_checked()


def test_what_is_being_typed_is_kept_before_the_field_is_left(window):
    page = window("milo", "log-episode")
    page.get_by_role("textbox", name="Note", exact=True).press_sequentially("still typing", delay=40)
    page.wait_for_timeout(3_000)  # nobody leaves the field; the page saves by itself after a pause
    page.reload()
    at_rest(page)
    expect(page.get_by_role("textbox", name="Note", exact=True)).to_have_value("still typing")


def test_identifying_details_are_asked_about_before_saving(window):
    page = window("lena", "log-episode")
    choose(page, "What happened?", "Something else")
    typed(page, "Note", "Mrs Miller wrote from anna@example.org")
    press(page, re.compile("^Save for"))
    expect(
        page.get_by_text(re.compile("This looks like an e-mail address and a name with a title"))
    ).to_be_visible()
    expect(page.get_by_role("heading", name="Your episode is saved")).to_have_count(0)


def test_an_episode_is_logged_with_the_keyboard_alone(window):
    page = window("ravi", "log-episode")
    group = page.get_by_role("radiogroup", name="What happened?")
    for _ in range(40):
        page.keyboard.press("Tab")
        if group.evaluate("group => group.contains(document.activeElement)"):
            break
    page.keyboard.press("Space")
    at_rest(page)
    expect(group.get_by_role("radio", checked=True)).to_have_count(1)
    save = page.get_by_role("button", name=re.compile("^Save for"))
    for _ in range(60):
        if save.evaluate("button => button === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your episode is saved")).to_be_visible()


def test_a_lead_sees_numbers_and_no_content(window):
    page = window("clara", "overview")
    expect(page.get_by_role("heading", name="Team North")).to_be_visible()
    expect(page.get_by_text("Open ruptures", exact=True).first).to_be_visible()
    page.goto(page.url.replace("overview", "shared-reflections"))
    at_rest(page)
    expect(page.get_by_role("heading", name="Reflections", exact=True)).to_have_count(0)


@pytest.mark.parametrize("who", ["edwin", "zoe"])
def test_somebody_without_a_team_sees_what_to_do_and_no_data(window, who):
    page = window(who)
    expect(page.get_by_text("you do not belong to a team yet")).to_be_visible()
    assert not re.search(r"C-\d{4}", page.content())


def test_signing_out_closes_every_tab(window, site):
    first = window("omar", "team-trends")
    second = first.context.new_page()
    second.goto(f"{site}/ruptures")
    at_rest(second)
    first.get_by_role("button", name="Sign out").click()
    expect(first).to_have_url(re.compile("/login"))
    expect(second).to_have_url(re.compile("/login"), timeout=20_000)
    second.goto(f"{site}/ruptures")
    expect(second).to_have_url(re.compile("/login"))


def test_nothing_personal_is_in_urls_titles_or_browser_storage(window):
    page = window("nora", "log-episode")
    typed(page, "Note", "canary-of-nora")
    for address in ("home", "weekly-reflection", "ruptures"):
        page.goto(f"{page.url.rpartition('/')[0]}/{address}")
        at_rest(page)
        kept = page.evaluate(
            "JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie, location.href, document.title])"
        )
        assert not re.search(r"canary|nora|C-\d{4}|[0-9a-f]{8}-[0-9a-f]{4}-", kept, re.I), kept


def test_a_file_of_scores_goes_in_once_and_is_drawn_on_the_case_page(window, tmp_path):
    theo = window("theo", "case")
    code = theo.get_by_role("combobox", name="Case").input_value()
    file = tmp_path / "scores.csv"
    rows = [f"{code};{day:02d}.06.2019;GAD-7;{day % 22}" for day in range(1, 29)]
    file.write_text("\n".join(["code;date;measure;score", *rows]), encoding="utf-8-sig")
    theo.get_by_role("tab", name="Scores").click()
    at_rest(theo)
    theo.get_by_role("link", name="Import scores from a file").click()
    at_rest(theo)
    theo.locator("input[type=file]").set_input_files(file)
    press(theo, "Import 28 scores")
    expect(theo.get_by_text("28 scores imported and in the database.")).to_be_visible()
    expect(theo.get_by_text("28 already there")).to_be_visible()
    theo.goto(theo.url.replace("import-scores", "case"))
    at_rest(theo)
    theo.get_by_role("tab", name="Scores").click()
    expect(theo.get_by_role("heading", name=re.compile("^GAD-7: from 1 to "))).to_be_visible()


def test_an_item_of_an_agenda_is_moved_on_by_pressing_again(window):
    """The button goes with its item, and the keyboard with the button: also at the end of the list, where it is switched off."""
    page = window("omar", "meeting")
    items = page.locator('[class*="_draft_agenda"] [class*="_item_card"]')
    expect(items.first).to_contain_text("1. Last time’s actions")
    last = items.count()
    page.get_by_role("button", name="Later").first.focus()
    for place in range(2, last + 1):
        page.keyboard.press("Enter")
        expect(items.nth(place - 1)).to_contain_text(f"{place}. Last time’s actions")
        expect(items.nth(place - 1).locator("button:focus")).to_have_count(1)
    assert page.evaluate("document.activeElement.innerText").endswith("Earlier")
