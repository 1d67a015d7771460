"""Only so many tries in a while."""

import pytest

from dashboard.web import throttle
from dashboard.web.throttle import Throttle


@pytest.fixture
def three_a_minute(clock) -> Throttle:
    return Throttle(tries=3, seconds=60, clock=clock)


def test_the_third_try_is_the_last_until_the_first_is_a_minute_old(three_a_minute, clock):
    for _ in range(3):
        assert three_a_minute.wait("alice") == 0
        three_a_minute.count("alice")
        clock.passes(10)
    assert three_a_minute.wait("alice") == 30
    clock.passes(29)
    assert three_a_minute.wait("alice") == 1
    clock.passes(1)
    assert three_a_minute.wait("alice") == 0


def test_each_is_counted_apart(three_a_minute):
    for _ in range(3):
        three_a_minute.count("alice")
    assert three_a_minute.wait("bob") == 0


def test_going_well_wipes_the_slate_and_taking_back_takes_one(three_a_minute):
    for _ in range(3):
        three_a_minute.count("alice")
        three_a_minute.count("bob")
    three_a_minute.forget("alice")
    three_a_minute.take_back("bob")
    assert three_a_minute.wait("alice") == three_a_minute.wait("bob") == 0
    three_a_minute.count("bob")
    assert three_a_minute.wait("bob") > 0
    three_a_minute.forget("nobody")
    three_a_minute.take_back("nobody")


def test_it_does_not_grow_without_end(three_a_minute, monkeypatch):
    monkeypatch.setattr(throttle, "MOST_KEYS", 5)
    for number in range(50):
        three_a_minute.count(f"somebody {number}")
    assert len(three_a_minute._seen) == 5
