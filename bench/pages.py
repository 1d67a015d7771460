"""Pages: the rerun of Team trends against an empty page, the click that saves an episode, and memory per session.

The client speaks Streamlit's own websocket, so that a rerun is timed from the request to "script finished"
without a browser in between.
"""

import asyncio
import subprocess
import sys
import tempfile
import textwrap
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import asynccontextmanager, contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from statistics import median

import psutil
from browser import ACCOUNTS, chromium, context, demo, sign_in
from measure import Result
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from processes import free_port

RERUNS = 40
CLICKS = 15
SESSIONS = 40


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def cookie(site: str, who: str) -> str:
    """Sign in as the browser does and return the Cookie header of the session."""
    email, password = ACCOUNTS[who]
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar), NoRedirect)
    form = urllib.parse.urlencode({"email": email, "password": password, "next": "/"}).encode()
    request = urllib.request.Request(f"{site}/login", form, {"Origin": site})
    try:
        answer = opener.open(request)
    except urllib.error.HTTPError as redirect:
        answer = redirect
    return answer.headers["Set-Cookie"].split(";")[0]


@asynccontextmanager
async def session(site: str, headers: dict[str, str]):
    """One open tab: a websocket on which scripts can be asked to run."""
    address = site.replace("http", "ws") + "/_stcore/stream"
    async with connect(
        address, subprotocols=["streamlit"], additional_headers=headers, origin=site, max_size=None
    ) as socket:
        yield socket


async def rerun(socket, page: str = "", hash_: str = "") -> tuple[float, str]:
    """Seconds from asking for a run to its end, and the hash of the page that ran."""
    ask = BackMsg()
    ask.rerun_script.query_string = ""
    ask.rerun_script.page_name = page
    ask.rerun_script.page_script_hash = hash_
    start = time.perf_counter()
    await socket.send(ask.SerializeToString())
    while True:
        message = ForwardMsg()
        message.ParseFromString(await socket.recv())
        kind = message.WhichOneof("type")
        if kind == "navigation":  # the hash of new_session is that of the entry, before it has chosen a page
            hash_ = message.navigation.page_script_hash
        if kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return time.perf_counter() - start, hash_


async def reruns(site: str, page: str, headers: dict[str, str], times: int = RERUNS) -> float:
    """Median seconds of a rerun in a tab that is open already."""
    async with session(site, headers) as socket:
        _, hash_ = await rerun(socket, page)
        for _ in range(3):
            await rerun(socket, "", hash_)
        return median([(await rerun(socket, "", hash_))[0] for _ in range(times)])


@contextmanager
def empty_app() -> Iterator[str]:
    """The smallest Streamlit there is, started as Streamlit is started by default."""
    with tempfile.TemporaryDirectory() as directory:
        script = Path(directory) / "empty.py"
        script.write_text(textwrap.dedent('import streamlit as st\nst.write("nothing")\n'))
        port = free_port()
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port), "--server.headless", "true",
             "--browser.gatherUsageStats", "false", "--logger.hideWelcomeMessage", "true"],
            cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        site = f"http://localhost:{port}"
        try:
            for _ in range(200):
                try:
                    urllib.request.urlopen(f"{site}/_stcore/health", timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield site
        finally:
            process.terminate()
            process.wait()


def app_process(site: str) -> psutil.Process:
    port = int(site.rsplit(":", 1)[1])
    return next(
        process
        for process in psutil.process_iter(["cmdline"])
        if "streamlit" in " ".join(process.info["cmdline"] or [])
        and str(port) in (process.info["cmdline"] or [])
    )


async def memory(site: str, headers: dict[str, str]) -> float:
    """MB by which the server grows per open session on Team trends."""
    process = app_process(site)
    async with session(site, headers) as first:
        await rerun(first, "team-trends")
    before = process.memory_info().rss
    tabs = [session(site, headers) for _ in range(SESSIONS)]
    sockets = [await tab.__aenter__() for tab in tabs]
    for socket in sockets:
        await rerun(socket, "team-trends")
    grown = process.memory_info().rss - before
    for tab in tabs:
        await tab.__aexit__(None, None, None)
    return grown / SESSIONS / 1e6


def save_clicks(site: str, times: int) -> float:
    """Median seconds from the click on Save to "Your episode is saved": durable on the server's disk."""
    took = []
    with chromium() as browser:
        page = context(browser).new_page()
        sign_in(page, site, *ACCOUNTS["nora"])
        for _ in range(times):
            page.goto(f"{site}/log-episode")
            page.get_by_role("radiogroup", name="What happened?").get_by_role("radio").first.click()
            save = page.get_by_role("button", name="Save for")
            expect(
                page.get_by_role("radiogroup", name="What happened?").get_by_role("radio", checked=True)
            ).to_have_count(1)
            page.wait_for_timeout(700)
            start = time.perf_counter()
            save.click()
            page.get_by_role("heading", name="Your episode is saved").wait_for()
            took.append(time.perf_counter() - start)
    return median(took)


def run() -> list[Result]:
    with empty_app() as nothing, demo() as site:
        empty = asyncio.run(reruns(nothing, "", {}))
        headers = {"Cookie": cookie(site, "sigrid")}
        trends = asyncio.run(reruns(site, "team-trends", headers))
        settings = asyncio.run(reruns(site, "log-episode", {"Cookie": cookie(site, "nora")}))
        grown = asyncio.run(memory(site, headers))
        saved = save_clicks(site, CLICKS)
    return [
        Result(
            "Rerun of Team trends against an empty Streamlit page as shipped",
            trends / empty,
            f"{RERUNS} reruns each",
        ),
        Result(
            "Rerun of Log an episode against an empty Streamlit page as shipped",
            settings / empty,
            f"{RERUNS} reruns each",
        ),
        Result(
            "Log an episode: click in the browser to durable and said, against one rerun of an empty page",
            saved / empty,
            f"{CLICKS} clicks",
        ),
        Result("Server memory per open session on Team trends", grown, f"{SESSIONS} sessions", "MB"),
    ]


if __name__ == "__main__":
    for result in run():
        print(result)
