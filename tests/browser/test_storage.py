"""What is typed stays out of the browser: none of a thousand marked words is in anything that Chromium keeps."""

from secrets import choice
from string import ascii_lowercase

import pytest
from playwright.sync_api import Page

from bench.browser import at_rest
from services.vocabulary import REFLECTION_PARTS
from tests.browser.test_flows import press, synced, typed

pytestmark = pytest.mark.browser

WORDS = 1_000
FIELDS = ("For supervision", "My own notes", *(REFLECTION_PARTS[name].label for name in ("strength", "intention", "avoided_topic", "not_brought")))  # fmt: skip

# Everything a page can read back, whoever wrote it: both storages, cookies, every record of every database, every cached answer.
READ_BACK = """async () => {
  const found = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage}), document.cookie, location.href, JSON.stringify(history.state)];
  const done = (request) => new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = () => no(request.error); });
  for (const {name} of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const table = database.transaction(store).objectStore(store);
      found.push(JSON.stringify([await done(table.getAllKeys()), await done(table.getAll())]));
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) found.push(request.url, await (await cache.match(request)).text());
  }
  return found.join("\\n");
}"""

PUT = {
    "local storage": "localStorage.setItem('kept', word)",
    "session storage": "sessionStorage.setItem('kept', word)",
    "a cookie": "document.cookie = `kept=${word}`",
    "the address": "history.replaceState(null, '', `?kept=${word}`)",
    "a cache": "await (await caches.open('kept')).put('/kept', new Response(word))",
    "a database": """await new Promise((yes) => {
      const request = indexedDB.open('kept');
      request.onupgradeneeded = () => request.result.createObjectStore('kept').put(word, 'kept');
      request.onsuccess = () => { request.result.close(); yes(); };
    })""",
}


def kept(page: Page) -> str:
    """Whatever this browser keeps of the site, as one text; cookies that scripts cannot see included."""
    return page.evaluate(READ_BACK) + repr(page.context.storage_state()) + repr(page.context.cookies())


def test_of_a_thousand_words_typed_none_is_in_anything_the_browser_keeps(window):
    page = window("grace", "weekly-reflection")
    # Letters only: digits would look like a number that could identify somebody.
    words = ["qz" + "".join(choice(ascii_lowercase) for _ in range(7)) for _ in range(WORDS)]
    share = -(-WORDS // len(FIELDS))
    half = []
    for number, label in enumerate(FIELDS):
        mine = words[number * share : (number + 1) * share]
        typed(page, label, " ".join(mine))
        half.append(kept(page))  # as drafts
    at_rest(page)
    shown = " ".join(box.input_value() for box in page.locator("textarea").all())
    press(page, "Hand in")
    synced(page)
    half.append(kept(page))
    page.reload()
    at_rest(page)
    half.append(kept(page))
    everything = "\n".join(half)
    assert [word for word in words if word not in shown] == []
    assert [word for word in words if word in everything] == []


def test_a_word_that_was_kept_anywhere_would_be_found(window):
    page = window("milo", "log-episode")
    for number, put in enumerate(PUT.values()):
        page.evaluate(f"async (word) => {{ {put} }}", f"qz{number}forever")
    found = kept(page)
    assert [place for number, place in enumerate(PUT) if f"qz{number}forever" not in found] == []
