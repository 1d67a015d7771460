"""The page looks again while an entry is on its way, and once when it arrived under the page's eyes."""

import time

import pytest
import streamlit as st

from dashboard import session
from dashboard.forms import notices, still
from services import ids
from services.outbox import Outbox


@pytest.fixture
def entry(safe, browser, monkeypatch):
    """An entry in the outbox of whoever looks, and how to let it arrive."""
    box = Outbox(safe, str(ids.new()))
    monkeypatch.setattr(session, "outbox", lambda: box)
    op_id = box.accept(kind="case.open", entity=ids.new(), params={"code": "AA-101"}).op_id

    def arrive(later: float = 0.0) -> None:
        safe.connection().execute(
            "update operations set state = 'synced', params = '{}', synced = ?", (time.time() + later,)
        )

    return op_id, arrive


@pytest.fixture
def looks(entry, monkeypatch):
    """`looks()`: draw how far it has come, and whether that looks again by itself."""
    asked = []

    def fragment(*, run_every):
        asked.append(run_every)
        return lambda draw: lambda: None

    monkeypatch.setattr(st, "fragment", fragment)

    def draw() -> bool:
        notices.how_far(entry[0], key="entry")
        return asked[-1] is not None

    return draw


def test_what_is_on_its_way_is_looked_at_again_and_what_had_arrived_before_is_not(entry, looks):
    still.begin()
    assert looks()
    entry[1]()
    still.begin()
    assert not looks()


def test_what_arrived_while_the_page_was_reading_lets_it_read_once_more(entry, looks):
    still.begin()  # from here on the page reads its lists
    entry[1]()
    assert looks()
    still.begin()
    assert not looks()


def test_a_clock_that_was_set_back_lets_it_read_once_more_and_not_for_ever(entry, looks):
    still.begin()
    entry[1](later=3_600)
    assert [looks(), looks()] == [True, False]
    still.begin()
    assert not looks()
