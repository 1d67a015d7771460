"""What runs beside the requests: the worker is woken by whatever lets it go on."""

import asyncio
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import runtime
from dashboard.runtime import Running
from dashboard.web.lifespan import lifespan
from services import ids, lanes, sync
from services.accounts import Account
from services.outbox import Outbox
from services.settings import Settings
from tests.services.loopback import Loopback
from tests.services.vaults import KEY, loopback  # noqa: F401

ALICE = ids.new()


@pytest.fixture
def running(tmp_path: Path, loopback: Loopback) -> Iterator[Running]:  # noqa: F811 - asked for by its name
    kept = sys.modules.pop(runtime._KEPT_UNDER, None)
    settings = Settings(loopback.url, "sb_publishable_of_a_test", tmp_path / "vault" / "vault.db", KEY)
    yield runtime.start(settings)
    runtime.stop()
    if kept:
        sys.modules[runtime._KEPT_UNDER] = kept


async def until(condition) -> None:
    deadline = time.monotonic() + 60  # a net for what is stuck, not a measure of speed
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.01)


def test_a_sign_in_sends_what_waited_for_it_though_the_worker_would_not_have_looked(running, monkeypatch):
    monkeypatch.setattr(sync, "ASK_SECONDS", 3_600)
    box = Outbox(running.vault, ALICE)

    async def play() -> None:
        async with lifespan(None):
            box.accept(kind="case.open", entity=ids.new(), params={})
            await until(lambda: lanes.health(running.vault, owner=ALICE).sign_in_needed)
            running.sessions.create(Account(ALICE, "a@example.org", f"token of {ALICE}", 3_600.0, "refresh"))
            await until(lambda: not box.status().waiting)

    asyncio.run(play())
    assert [op.state for op in box.recent()] == ["synced"]
