"""The screenshots of the README and the docs, from the demo data: `make shots` starts a demo of its own and takes them.

With ARGS="--look DIR" it takes every page of every role in every size and both modes instead, to be looked at.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from browser import ACCOUNTS, DESKTOP, PHONE, PROJECTOR, at_rest, chromium, context, demo, sign_in
from playwright.sync_api import Browser, Page, expect

from dashboard.case.tabs import TABS

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
TALLEST = 5_000  # pixels of a page that is shown whole
LAPTOP = (1280, 800)  # of whoever presents a meeting

# name → who, page (with "#" and a tab of it), size, dark, how much of the page is shown (None: the whole of it)
SHOTS = {
    "team-trends": ("sigrid", "team-trends", DESKTOP, False, 1_300),
    "team-trends-dark": ("sigrid", "team-trends", PROJECTOR, True, 1_080),
    "discussion-prompts": ("sigrid", "discussion-prompts", DESKTOP, False, 1_150),
    "home": ("nora", "home", DESKTOP, False, 1_100),
    "log-episode": ("nora", "log-episode", DESKTOP, False, 1_100),
    "log-episode-phone": ("nora", "log-episode", PHONE, False, 844),
    "weekly-reflection": ("nora", "weekly-reflection", DESKTOP, False, 1_200),
    "case": ("grace", "case", DESKTOP, False, 1_500),  # the first of hers is three years long
    "case-scores": ("grace", "case#Scores", DESKTOP, False, 1_500),
    "my-mirror": ("nora", "my-mirror", DESKTOP, False, 1_500),
    "case-phone": ("nora", "case", PHONE, False, 1_400),
    "ruptures": ("sigrid", "ruptures", DESKTOP, False, 900),
    "overview": ("clara", "overview", DESKTOP, False, 1_100),
    "monitor": ("clara", "monitor", DESKTOP, False, 1_300),
    "meeting": ("sigrid", "meeting", DESKTOP, False, 1_500),
    "meeting-therapist": ("nora", "meeting", PHONE, False, 1_400),
    "past-meetings": ("sigrid", "past-meetings", DESKTOP, False, 1_500),
}
EVERYTHING = {
    "nora": (
        "home",
        "meeting",
        "log-episode",
        "weekly-reflection",
        "my-mirror",
        "own-data",
        "case",
        "ruptures",
        "team-trends",
    ),
    "grace": tuple(f"case#{tab}" for tab in TABS),
    "sigrid": (
        "home",
        "team-trends",
        "discussion-prompts",
        "case",
        "ruptures",
        "shared-reflections",
        "meeting",
        "past-meetings",
    ),
    "clara": ("overview", "monitor", "team-trends"),
    "ada": ("team-settings", "keeping", "clinic-prompts"),
    "zoe": ("",),
}


def take(page: Page, site: str, address: str, file: Path, size: tuple[int, int], height: int | None) -> None:
    """One picture of a page at rest, as high as asked, or whole."""
    path, _, tab = address.partition("#")
    page.goto(f"{site}/{path}")
    at_rest(page)
    if tab:
        page.get_by_role("tab", name=tab, exact=True).click()
        expect(page.get_by_role("tab", name=tab, exact=True)).to_have_attribute("aria-selected", "true")
        at_rest(page)
    page.wait_for_timeout(1_200)  # plotly's own transitions end on no event that can be waited for
    if height is None:
        height = min(
            TALLEST,
            page.evaluate("(document.querySelector('[data-testid=stMain]') ?? document.body).scrollHeight"),
        )
    page.set_viewport_size({"width": size[0], "height": height})
    page.wait_for_timeout(800)
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    print(file.name, flush=True)


def running(browser: Browser, site: str) -> None:
    """The demo's meeting at its second item, a case with all that its therapist has released: on the presenter's device and on the screen."""
    presenter, screen = (context(browser, size).new_page() for size in (LAPTOP, PROJECTOR))
    for page in (screen, presenter):
        sign_in(page, site, *ACCOUNTS["sigrid"])
        page.goto(f"{site}/meeting")
        at_rest(page)
    screen.get_by_role("button", name="Shared screen").click()
    screen.get_by_role("button", name="Put it on this screen").click()
    expect(screen.locator(".st-key-screen_top")).to_be_visible(timeout=60_000)
    presenter.get_by_role("button", name="Begin the meeting").click()
    expect(presenter.get_by_role("heading", name="1 of 8")).to_be_visible(timeout=60_000)
    at_rest(presenter)
    presenter.wait_for_timeout(1_000)  # a press that comes at once is the first one's echo
    presenter.keyboard.press("n")
    expect(presenter.get_by_role("heading", name="2 of 8")).to_be_visible(timeout=60_000)
    at_rest(presenter)
    presenter.get_by_role("button", name="Show on the screen").click()
    expect(presenter.get_by_role("button", name="Take off the screen")).to_be_visible(timeout=60_000)
    expect(screen.locator(".st-key-screen_prompt")).to_be_visible(timeout=60_000)
    expect(presenter.get_by_text("See what waits")).to_have_count(0, timeout=60_000)
    for page, name in ((presenter, "meeting-presenter"), (screen, "meeting-shared-screen")):
        at_rest(page)
        page.mouse.move(0, 0)
        page.wait_for_timeout(1_200)  # plotly's own transitions, as in `take`
        page.screenshot(path=IMAGES / f"{name}.png")
        print(f"{name}.png", flush=True)
        page.context.close()


def shots(site: str, names: Sequence[str] = ()) -> None:
    """The pictures that the docs show, or those of these names. The running meeting is last: after it there is no planned one."""
    with chromium() as browser:
        if not names or "sign-in" in names:
            window = context(browser).new_page()
            window.goto(f"{site}/login")
            window.screenshot(path=IMAGES / "sign-in.png")
            window.context.close()
        for name, (who, address, size, dark, height) in SHOTS.items():
            if names and name not in names:
                continue
            window = context(browser, size, dark=dark).new_page()
            sign_in(window, site, *ACCOUNTS[who])
            take(window, site, address, IMAGES / f"{name}.png", size, height)
            window.context.close()
        if not names or "running" in names:
            running(browser, site)


def look(site: str, directory: Path) -> None:
    """Every page of every role and every tab of a case, desktop, projector and phone, light and dark."""
    with chromium() as browser:
        for who, addresses in EVERYTHING.items():
            for label, size in (("desktop", DESKTOP), ("projector", PROJECTOR), ("phone", PHONE)):
                for dark in (False, True):
                    window = context(browser, size, dark=dark).new_page()
                    sign_in(window, site, *ACCOUNTS[who])
                    for address in addresses:
                        name = f"{who}-{address.replace('#', '-').replace(' ', '-') or 'nothing'}-{label}-{'dark' if dark else 'light'}.png"
                        take(window, site, address, directory / name, size, None)
                    window.context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--look", type=Path, help="take every page of every role into this directory instead")
    parser.add_argument(
        "--only",
        nargs="+",
        default=[],
        help='these pictures alone, "running" being the two of the running meeting',
    )
    parser.add_argument("--site", help="a demo that runs already, instead of one of its own")
    asked = parser.parse_args()
    IMAGES.mkdir(parents=True, exist_ok=True)

    def run(site: str) -> None:
        look(site, asked.look) if asked.look else shots(site, asked.only)

    if asked.site:
        run(asked.site)
    else:
        with demo() as site:
            run(site)


if __name__ == "__main__":
    main()
