"""What was seen last stands in while the database is away, and it is said."""

import pytest

from dashboard.forms import last_seen
from services.errors import NotAllowed, NotReachable, SignInNeeded


class Read:
    """A read that answers, or raises, what it is told to, and counts how often it was asked."""

    def __init__(self, answer) -> None:
        self.answer, self.asked = answer, 0

    def __call__(self):
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_an_answer_is_from_now(browser):
    seen = last_seen.of("cases", Read(["a"]), otherwise=[])
    assert (seen.value, seen.trouble, seen.known) == (["a"], None, True)


def test_without_one_the_last_answer_stands_in_and_why_is_said(browser):
    last_seen.of("cases", Read(["a"]), otherwise=[])
    seen = last_seen.of("cases", Read(NotReachable("away")), otherwise=[])
    assert (seen.value, seen.trouble, seen.known) == (["a"], "away", True)


def test_what_was_never_seen_is_not_known(browser):
    seen = last_seen.of("cases", Read(NotReachable("away")), otherwise=[])
    assert (seen.value, seen.known) == ([], False)


def test_another_session_knows_nothing_of_it(browser):
    last_seen.of("cases", Read(["a"]), otherwise=[])
    browser("phone")
    assert last_seen.of("cases", Read(NotReachable("away")), otherwise=[]).value == []


def test_one_time_out_stands_for_the_other_reads_of_a_page(browser):
    last_seen.of("cases", Read(NotReachable("away")), otherwise=[])
    second = Read(["b"])
    assert last_seen.of("ruptures", second, otherwise=[]).trouble == "away"
    assert second.asked == 0


def test_soon_after_it_asks_again(browser, monkeypatch):
    last_seen.of("cases", Read(NotReachable("away")), otherwise=[])
    monkeypatch.setattr(last_seen, "NOT_AGAIN", 0)
    assert last_seen.of("cases", Read(["b"]), otherwise=[]).value == ["b"]


def test_a_refusal_is_said_and_keeps_nobody_from_asking_for_something_else(browser):
    assert last_seen.of("cases", Read(NotAllowed("not yours")), otherwise=[]).trouble == "not yours"
    assert last_seen.of("ruptures", Read(["b"]), otherwise=[]).value == ["b"]


def test_a_sign_in_that_ended_is_not_passed_over(browser):
    with pytest.raises(SignInNeeded):
        last_seen.of("cases", Read(SignInNeeded("again, please")), otherwise=[])
