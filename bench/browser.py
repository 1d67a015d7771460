"""Chromium at work on a Sixfold with the demo clinic: how to start it, sign in, and know that a page has come to rest."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

import local_stack
from processes import free_port, stop, wait_until
from seed_demo import SIGN_INS

ROOT = Path(__file__).resolve().parent.parent
ACCOUNTS = {email.split("@")[0]: (email, password) for email, password, _, _ in SIGN_INS}

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--hide-scrollbars",
]  # fmt: skip
DESKTOP, PROJECTOR, PHONE = (1440, 900), (1920, 1080), (390, 844)
AT_REST = '[data-testid="stApp"][data-test-script-state="notRunning"]'


@contextmanager
def chromium() -> Iterator[Browser]:
    """Headless Chromium: the one that CHROMIUM names, as `make` sets it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS
        )
        yield browser
        browser.close()


def context(browser: Browser, size: tuple[int, int] = DESKTOP, *, dark: bool = False) -> BrowserContext:
    """A window of its own: nothing is shared with another one."""
    phone = size == PHONE
    return browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light", locale="en-GB",
        timezone_id="Europe/London", is_mobile=phone, has_touch=phone, device_scale_factor=2 if phone else 1,
    )  # fmt: skip


def at_rest(page: Page) -> None:
    """Wait until the script has run and the figures are drawn."""
    page.wait_for_selector(AT_REST, timeout=60_000)
    expect(page.locator('[data-testid="stSkeleton"]')).to_have_count(0, timeout=60_000)


def sign_in(page: Page, site: str, email: str, password: str) -> None:
    page.goto(f"{site}/login")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    at_rest(page)


@contextmanager
def demo(like: Path | None = None) -> Iterator[str]:
    """A demo of its own; yields its address. Nothing is left behind. `like`: begin as a copy of `seeded()`, which saves half a minute."""
    with _home() as home:
        if like and (like / "stack" / "postgres").exists():  # else this machine keeps it elsewhere
            for part in like.iterdir():
                # Only cp keeps the owner of PostgreSQL's directory everywhere.
                subprocess.run(["cp", "-a", part, home], check=True)
        with _running(home) as site:
            yield site


@contextmanager
def seeded() -> Iterator[Path]:
    """The home of a demo that has its clinic and was stopped, for others to begin with."""
    with _home() as home:
        with _running(home):
            pass
        yield home


@contextmanager
def _home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="sixfold-shots-") as directory:
        home = Path(directory)
        home.chmod(0o711)  # PostgreSQL's own user has to enter
        yield home
        local_stack.reset(home / "stack")


@contextmanager
def _running(home: Path) -> Iterator[str]:
    port, environment = free_port(), dict(os.environ)
    environment |= {
        "SIXFOLD_HOME": str(home),
        "SIXFOLD_PORT": str(port),
        "SIXFOLD_API_PORT": str(free_port()),
        "SIXFOLD_DB_PORT": str(free_port()),
    }
    command = [sys.executable, str(ROOT / "supabase" / "embedded" / "demo.py"), "--stop-with-parent"]
    said = home / "said.txt"
    with said.open("w") as stdout:
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=stdout)
    site = f"http://localhost:{port}"
    try:
        # The app answers before the demo clinic is in; only the demo itself knows when both are there.
        if not wait_until(lambda: site in said.read_text(), process=process, patience=120):
            raise SystemExit("The demo did not start: run `make demo` to see why.")
        yield site
    finally:
        stop(process, signal.SIGTERM, patience=30)
