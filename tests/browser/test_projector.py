"""The shared screen through a whole meeting: of a thousand marked names, codes and words, Chromium is sent those that were released and no other."""

import base64
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash

from bench import browser as chromium
from bench.browser import PROJECTOR, at_rest
from dashboard.web import cookie
from services import chairing, meetings, own_items
from services.meetings import Item, Meeting
from services.outbox import Outbox
from services.themes import Theme
from tests.browser import canaries
from tests.browser.canaries import Clinic, found
from tests.browser.test_storage import kept
from tests.dashboard.web.conftest import PATIENCE, Server, Visitor, serving, until
from tests.dashboard.web.test_shared_screen import put_up

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
SHOWN_PROMPT = "marked-7"


@pytest.fixture(scope="module")
def app(stack, tmp_path_factory) -> Iterator[Server]:
    """The whole application on a stack and a vault of its own."""
    with serving(ROOT / "dashboard" / "app.py", stack, tmp_path_factory.mktemp("projector")) as up:
        yield up


@pytest.fixture(scope="module")
def clinic(sql, account) -> Clinic:
    return canaries.plant(sql, account)


@dataclass
class Room:
    """Who is in the meeting, each signed in on the server, so that what they save is sent in their own name."""

    app: Server
    clinic: Clinic
    sign_in: Callable
    devices: dict[UUID, Visitor] = field(default_factory=dict)
    clients: dict[UUID, object] = field(default_factory=dict)

    def outbox(self, who: UUID) -> Outbox:
        """The outbox of the running server, which waiting operations are laid over the screen from."""
        if who not in self.devices:
            device = Visitor(self.app)
            assert device.sign_in(self.email(who)).status_code == 303
            self.devices[who] = device
        return Outbox(self.app.vault, str(who))

    def email(self, who: UUID) -> str:
        at = self.clinic.therapists.index(who) if who in self.clinic.therapists else None
        return f"therapist{at}@canaries.example" if at is not None else "sue@canaries.example"

    def now(self) -> Meeting:
        """The meeting as its supervisor knows it, once everything saved is in the database."""
        for who in self.devices:
            until(lambda who=who: not self.outbox(who).status().waiting, "everything was sent")
        assert [op for who in self.devices for op in self.outbox(who).parked()] == []
        if self.clinic.sue not in self.clients:
            self.clients[self.clinic.sue] = self.sign_in(self.email(self.clinic.sue))
        return meetings.now(self.clients[self.clinic.sue], team=self.clinic.team)

    def item(self, kind: str) -> Item:
        return next(one for one in self.now().items if one.known.kind == kind)


@pytest.fixture(scope="module")
def room(app, clinic, sign_in) -> Room:
    here = Room(app, clinic, sign_in)
    alice, bob, carol, *_ = clinic.therapists
    of = {who: clinic.cases[who][0] for who in (alice, bob, carol)}
    because = [{"why": "flag", "rule": "R5", "points": 2, "said": clinic.mark("a reason of the agenda")}]
    chairing.plan(
        here.outbox(clinic.sue), team=clinic.team, held_on=date.today(), theme=Theme("steady", looked_at=7).as_json(),
        items=[
            chairing.an_item("follow_ups", minutes=5),
            chairing.an_item("question", therapist=alice, case=of[alice], question=clinic.questions[of[alice]], because=because),
            chairing.an_item("case", therapist=bob, case=of[bob], because=because),
            chairing.an_item("rupture", therapist=carol, case=of[carol], rupture=clinic.ruptures[of[carol]], because=because),
            chairing.an_item("own", title=clinic.mark("the title of a supervisor's own item")),
            chairing.an_item("theme", minutes=5),
            chairing.an_item("went_well", minutes=5),
        ],
    )  # fmt: skip
    return here


class Wire:
    """Everything that reaches or leaves a browser: addresses, headers, bodies, and every frame in both directions."""

    def __init__(self, context: BrowserContext) -> None:
        self.parts: list[bytes] = []
        self.frames = 0
        self._answers: list = []
        self._files: set[str] = set()
        context.on("page", self._page)
        context.on("request", lambda said: self.heard(said.url, said.headers, said.post_data or ""))
        context.on("response", lambda answer: self._answers.append(answer))

    def heard(self, *said: object) -> None:
        self.parts += [one if isinstance(one, bytes) else json.dumps(one, ensure_ascii=False, default=str).encode() for one in said]  # fmt: skip

    def _page(self, page: Page) -> None:
        page.on("websocket", self._socket)
        page.on("console", lambda line: self.heard(line.text))

    def _socket(self, socket) -> None:
        def frame(content: bytes | str) -> None:
            self.frames += 1
            self.heard(content if isinstance(content, bytes) else content.encode())

        socket.on("framereceived", frame)
        socket.on("framesent", frame)

    def bodies(self) -> None:
        """Take down what came over HTTP; a browser gives it away only for a while, and only until it leaves the page.

        Files that are the same for everybody, signed in or not, are asked for once more: they are too large for it to keep.
        """
        for answer in self._answers:
            self.heard(answer.url, answer.all_headers())
            for_everybody = "/static/" in answer.url or "/brand/" in answer.url
            if for_everybody and answer.url not in self._files:
                self._files.add(answer.url)
                self.heard(httpx.get(answer.url, timeout=PATIENCE).content)
            elif answer.status == 200 and not for_everybody:
                self.heard(answer.body())
        self._answers.clear()

    def everything(self, *pages: Page) -> bytes:
        """All of it so far, with what each page holds just now: its source, title, address and storage."""
        self.bodies()
        for page in pages:
            self.heard(page.content(), page.title(), page.url, kept(page))
        return b"\n".join(self.parts)


@dataclass
class Projector:
    """A browser that is the shared screen from its first request on."""

    page: Page
    wire: Wire
    context: BrowserContext
    visitor: Visitor


def a_screen(room: Room, window: BrowserContext) -> Projector:
    meeting = room.now()
    visitor = Visitor(room.app)
    assert visitor.sign_in(room.email(room.clinic.sue)).status_code == 303
    answer = put_up(visitor, team=str(room.clinic.team), meeting=str(meeting.id), led_by=str(meeting.led_by))
    assert answer.status_code == 303
    window.add_cookies([{"name": cookie.NAME, "value": visitor.id, "url": room.app.url.replace("http:", "https:"), "secure": True, "httpOnly": True, "sameSite": "Lax"}])  # fmt: skip
    wire = Wire(window)
    page = window.new_page()
    page.set_default_timeout(PATIENCE * 1_000)
    page.goto(room.app.url)
    at_rest(page)
    return Projector(page, wire, window, visitor)


def in_chromium(scenario: Callable[[BrowserContext], None], *, dark: bool = False) -> None:
    """In a thread of its own: Playwright runs once in each, and others use it too."""

    def play() -> None:
        with chromium.chromium() as browser:
            scenario(chromium.context(browser, PROJECTOR, dark=dark))

    with ThreadPoolExecutor(1) as thread:
        thread.submit(play).result()


def on(screen: Projector, words: str) -> None:
    """The screen shows these words by itself, without anybody touching it."""
    expect(screen.page.get_by_text(words).first).to_be_visible(timeout=2 * PATIENCE * 1_000)
    screen.wire.bodies()


def test_of_a_thousand_marked_words_the_screen_is_sent_those_that_were_released_and_no_other(room, clinic):
    marks = clinic.marks
    assert len(marks) >= 1_000
    released: set[str] = clinic.planted("the title of a supervisor's own item")
    sue, (alice, bob, carol, *_) = clinic.sue, clinic.therapists

    def scenario(window: BrowserContext) -> None:
        screen = a_screen(room, window)
        box = room.outbox(sue)
        on(screen, "The meeting begins soon")
        on(screen, next(iter(released)))
        chairing.begin(box, meeting=room.now())
        on(screen, "still open")
        chairing.go(box, meeting=room.now(), to=room.item("question"), left="done")
        on(screen, "Its therapist tells it in their own words.")

        item, question = room.item("question"), clinic.questions[clinic.cases[alice][0]]
        words = clinic.mark("what a therapist adds for the meeting")
        own_items.write(room.outbox(alice), meeting=room.now(), item=item, words=words)
        own_items.release(room.outbox(alice), meeting=room.now(), item=item, parts=["moment", "question", "words"])  # fmt: skip
        for part in ("moment", "question"):
            released.update(clinic.planted(f"{part} of question {question}"))
        released.add(words)
        for mark in released - clinic.planted("the title of a supervisor's own item"):
            on(screen, mark)
        chairing.show_prompt(box, meeting=room.now(), prompt=SHOWN_PROMPT)
        for name in ("wording", "sentence"):
            shown = clinic.planted(f"{name} of prompt 7")
            released.update(shown)
            on(screen, shown.copy().pop())
        chairing.start_timer(box, meeting=room.now(), timer="silence", seconds=60)
        on(screen, "Silent reflection")
        chairing.amend_item(box, meeting=room.now(), item=item, stage="look")
        own_items.release(room.outbox(alice), meeting=room.now(), item=item, parts=["moment", "question", "words", "picture", "causes", "reasons"])  # fmt: skip
        on(screen, "The picture of the case")
        expect(screen.page.locator(".js-plotly-plot .main-svg").first).to_be_visible(
            timeout=4 * PATIENCE * 1_000
        )

        quiet = {name: clinic.mark("a decision that is not shown") for name in ("words", "sentence", "will_know", "action")}  # fmt: skip
        chairing.decide(box, meeting=room.now(), item=item, decision="consult", shown=False, owner=alice, **quiet)  # fmt: skip
        loud = {name: clinic.mark("a decision that is shown") for name in ("words", "sentence", "will_know")}
        chairing.decide(box, meeting=room.now(), item=item, decision="adjust_plan", shown=True, **loud)
        released.update(loud.values())
        on(screen, loud["words"])
        own_items.write(room.outbox(bob), meeting=room.now(), item=room.item("case"), words=clinic.mark("words that stay with their author"))  # fmt: skip
        chairing.amend_item(box, meeting=room.now(), item=room.item("case"), state="dropped", reason=clinic.mark("why an item was taken off"))  # fmt: skip
        chairing.go(box, meeting=room.now(), to=room.item("rupture"), left="done")
        on(screen, "Its therapist tells it in their own words.")
        own_items.release(room.outbox(carol), meeting=room.now(), item=room.item("rupture"), parts=["reasons"])  # fmt: skip
        on(screen, "A rupture, mixed, open for 9 days")
        for kind in ("own", "theme", "went_well"):
            chairing.go(box, meeting=room.now(), to=room.item(kind), left="done")
            expect(screen.page.locator(".sx-agenda .now")).to_contain_text(_label(room.item(kind)))
        chairing.clock(box, meeting=room.now(), running=False)
        on(screen, "clock stopped")
        own_items.rate_again(room.outbox(alice), meeting=room.now(), item=item, ratings={1: 0}, helped="yes")
        own_items.give_pulse(room.outbox(alice), meeting=room.now(), answer=4)

        # Whatever else this browser asks for, it gets the same page.
        second = window.new_page()
        for address in ("case", "team-trends", "meeting", "projector", "?team=x"):
            screen.wire.bodies()
            second.goto(f"{room.app.url}/{address}")
            at_rest(second)
            assert second.url == f"{room.app.url}/"
            expect(second.locator(".st-key-screen_top")).to_be_visible()
            assert second.get_by_test_id("stSidebar").count() == 0
        asked_past_the_page(screen)
        chairing.end(box, meeting=room.now(), left="done")
        on(screen, "The meeting has ended")
        room.now()
        assert screen.page.title() == "Sixfold"
        seen = found(screen.wire.everything(screen.page, second))
        assert screen.wire.frames > 100
        assert {mark: marks[mark] for mark in seen & marks.keys() if mark not in released} == {}
        assert {mark: marks[mark] for mark in released - seen} == {}, "or this search finds nothing"

        room.app.sql("update web_sessions set projects_until = 0 where id_hash = ?", screen.visitor.key)
        expect(screen.page).to_have_url(f"{room.app.url}/login?notice=screen&next=/meeting", timeout=PATIENCE * 1_000)  # fmt: skip
        expect(second).to_have_url(f"{room.app.url}/login?notice=screen&next=/meeting", timeout=PATIENCE * 1_000)  # fmt: skip

    in_chromium(scenario)


def asked_past_the_page(screen: Projector) -> None:
    """A websocket that asks for other pages, by hash and by name, and for a fragment that this session does not have."""
    with screen.visitor.tab() as tab:
        for name in ("home", "case", "meeting", "shared_reflections"):
            asked = BackMsg()
            asked.rerun_script.page_script_hash = calc_hash(name.replace("_", "-"))
            asked.rerun_script.page_name = name.replace("_", "-")
            asked.rerun_script.query_string = "embed=true"
            tab.socket.send(asked.SerializeToString())
            heard = until_finished(tab, screen.wire)
            pages = [page for said in heard if said.HasField("navigation") for page in said.navigation.app_pages]  # fmt: skip
            assert {page.page_name for page in pages} == {"Sixfold"}, name
            assert any("Shared screen" in said.delta.new_element.markdown.body for said in heard)
        strange, plain = BackMsg(), BackMsg()
        strange.rerun_script.fragment_id = "of another page"
        plain.rerun_script.query_string = ""
        for asked in (strange, plain):  # the first is not answered at all
            tab.socket.send(asked.SerializeToString())
        until_finished(tab, screen.wire)


def until_finished(tab, wire: Wire) -> list[ForwardMsg]:
    heard = []
    while not heard or heard[-1].WhichOneof("type") != "script_finished":
        content = tab.socket.recv(timeout=PATIENCE)
        wire.heard(content)
        said = ForwardMsg()
        said.ParseFromString(content)
        heard.append(said)
    return heard


def _label(item: Item) -> str:
    return {"theme": "Team theme", "went_well": "What went well"}.get(item.kind, item.title)


WAYS = {
    "plain": lambda word: word.encode(),
    "UTF-16": lambda word: word.encode("utf-16-le"),
    "escaped": lambda word: "".join(f"\\u{ord(sign):04x}" for sign in word).encode(),
    "base64": lambda word: base64.b64encode(f"x{word}xyz".encode()),
    "base64 of an address": lambda word: base64.urlsafe_b64encode(f"ÿÿ{word}ÿ".encode()),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_mark_would_be_found_however_it_is_written(way):
    for word in ("qzabcdefghijkl", "qzzzzzzzzzzzzz"):
        assert found(b"before " + WAYS[way](word) + b" after") == {word}
    if way != "escaped":
        assert found(WAYS[way]("QZB-10042")) == {"QZB-10042"}
    assert found(b"nothing qzshort QZ-1") == set()
