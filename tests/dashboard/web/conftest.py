"""A real server in a process of its own, and what a browser does to it: requests, a cookie, tabs."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path
from random import randrange

import httpx
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from dashboard.web import cookie
from processes import free_port, wait_until
from services import vault as vaults
from services.vault import Vault
from services.web_sessions import key_of
from tests.conftest import PASSWORD

ROOT = Path(__file__).resolve().parents[3]
VAULT_KEY = "Zk3-vault-key-for-tests-only-9qW7xY2"
PATIENCE = 30


@dataclass
class Server:
    """A running server: where it answers, what it logged, and its vault to look into."""

    url: str
    log: Path
    runs: Path
    vault: Vault

    def times_run(self) -> int:
        """How often the script has begun."""
        return len(self.runs.read_text().splitlines()) if self.runs.exists() else 0

    def sql(self, statement: str, *values: object) -> list[tuple]:
        with self.vault.transaction() as connection:
            return connection.execute(statement, values).fetchall()


@dataclass
class Tab:
    """One websocket of the script, spoken to as Streamlit's page does."""

    socket: ClientConnection
    session_id: str = ""
    texts: list[str] = field(default_factory=list)
    widgets: dict[str, str] = field(default_factory=dict)
    media: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    deferred: str = ""

    def run(self, *, click: str | None = None, auto: bool = False) -> "Tab":
        """Ask for a run of the script, and listen until it is over."""
        wanted = BackMsg()
        wanted.rerun_script.query_string = ""
        wanted.rerun_script.is_auto_rerun = auto
        if click:
            state = wanted.rerun_script.widget_states.widgets.add()
            state.id, state.trigger_value = self.widgets[click], True
        self.socket.send(wanted.SerializeToString())
        self.texts.clear()
        self.kinds.clear()
        while True:
            said = self._said()
            if said.WhichOneof("type") == "new_session":
                self.session_id = said.new_session.initialize.session_id
            elif said.WhichOneof("type") == "delta":
                self._hear(said)
            elif said.WhichOneof("type") == "script_finished":
                return self

    def made(self) -> str:
        """Press the last button whose file is made just then: the address of that file."""
        press = BackMsg()
        asked = press.backend_operation_request
        asked.request_id, asked.session_id, asked.deferred_file.file_id = (
            "press",
            self.session_id,
            self.deferred,
        )
        self.socket.send(press.SerializeToString())
        while (said := self._said()).WhichOneof("type") != "backend_operation_response":
            pass
        return said.backend_operation_response.deferred_file.url

    def _said(self) -> ForwardMsg:
        said = ForwardMsg()
        said.ParseFromString(self.socket.recv(timeout=PATIENCE))
        return said

    def _hear(self, said: ForwardMsg) -> None:
        element = said.delta.new_element
        kind = element.WhichOneof("type")
        self.kinds.append(kind)
        if kind in ("markdown", "html", "alert"):
            self.texts.append(getattr(getattr(element, kind), "body", ""))
        elif kind == "button":
            self.widgets[element.button.label] = element.button.id
        elif kind == "download_button":
            self.media.append(element.download_button.url)
            self.deferred = element.download_button.deferred_file_id or self.deferred

    @property
    def text(self) -> str:
        return "\n".join(self.texts)


class Visitor:
    """A browser without scripts: it keeps one cookie and says where its forms come from."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.id: str | None = None
        # As a proxy on this machine would say it: every visitor comes from an address of their own.
        self.address = str(IPv4Address(int(IPv4Address("10.0.0.0")) + randrange(1, 2**24)))
        self.http = httpx.Client(
            base_url=server.url, timeout=PATIENCE, headers={"x-forwarded-for": self.address}
        )

    def _headers(self, extra: dict[str, str] | None) -> dict[str, str]:
        headers = {"cookie": f"{cookie.NAME}={self.id}"} if self.id else {}
        return headers | (extra or {})

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return self._keep(self.http.get(path, headers=self._headers(headers)))

    def post(self, path: str, data: dict[str, str], headers: dict[str, str] | None = None) -> httpx.Response:
        sent = self._headers({"origin": self.server.url} | (headers or {}))
        return self._keep(self.http.post(path, data=data, headers=sent))

    def _keep(self, answer: httpx.Response) -> httpx.Response:
        given = re.search(rf"{cookie.NAME}=([^;]*)", answer.headers.get("set-cookie", ""))
        if given:
            self.id = given[1].strip('"') or None
        return answer

    def sign_in(self, email: str, password: str = PASSWORD, next: str = "/") -> httpx.Response:
        return self.post("/login", {"email": email, "password": password, "next": next})

    def sign_out(self) -> httpx.Response:
        csrf = re.search(r'name="csrf" value="([^"]+)"', self.get("/auth/logout").text)
        return self.post("/auth/logout", {"csrf": csrf[1]})

    @contextmanager
    def tab(self, *, resume: str = "", headers: dict[str, str] | None = None) -> Iterator[Tab]:
        address = self.server.url.replace("http", "ws") + "/_stcore/stream"
        sent = self._headers({"origin": self.server.url} | (headers or {}))
        origin = sent.pop("origin")
        spoken = ["streamlit", "no-xsrf", *([resume] if resume else [])]
        with connect(
            address, additional_headers=sent, origin=origin or None, subprotocols=spoken, max_size=None
        ) as socket:
            yield Tab(socket)

    @property
    def key(self) -> str:
        return key_of(self.id)


def environment(stack, home: Path, **more: str) -> dict[str, str]:
    """What a server needs to know; nothing of it from the machine the tests run on."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "SUPABASE_URL": stack.url,
        "SUPABASE_PUBLISHABLE_KEY": stack.publishable_key,
        "SIXFOLD_VAULT": str(home / "kept" / "vault.db"),
        "SIXFOLD_VAULT_KEY": VAULT_KEY,
        "SIXFOLD_TEST_RUNS": str(home / "runs"),
        **more,
    }


@contextmanager
def serving(app: Path, stack, home: Path, **more: str) -> Iterator[Server]:
    """`streamlit run` on this app until the end of the block."""
    port, log = free_port(), home / "log"
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(port)]
    url = f"http://localhost:{port}"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(stack, home, **more), stdout=output, stderr=output
        )
    try:
        assert wait_until(lambda: _answers(url), process=process, patience=60), log.read_text()
        vault = vaults.open(home / "kept" / "vault.db", VAULT_KEY)
        yield Server(url=url, log=log, runs=home / "runs", vault=vault)
        vault.close()
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz").status_code == 200
    except httpx.HTTPError:
        return False


def until(true: Callable[[], object], what: str) -> None:
    """Wait for something that happens in another process."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def server(stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The small server of this folder, for the whole run."""
    with serving(Path(__file__).parent / "small" / "app.py", stack, tmp_path_factory.mktemp("server")) as up:
        yield up


@pytest.fixture
def visitor(server: Server) -> Visitor:
    """Somebody who has not signed in."""
    return Visitor(server)


@pytest.fixture
def signed_in(server: Server, account) -> Callable[[str], Visitor]:
    """`signed_in("alice@example.org")`: a browser of its own in which this person is signed in."""

    def enter(email: str) -> Visitor:
        account(email)
        browser = Visitor(server)
        assert browser.sign_in(email).status_code == 303
        return browser

    return enter


@pytest.fixture
def alice(signed_in) -> Visitor:
    return signed_in("alice@example.org")
