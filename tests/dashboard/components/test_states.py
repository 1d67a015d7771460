"""How things stand: badges, ages, weeks, empty pages."""

import re
from datetime import UTC, date, datetime

import pytest

from dashboard import components
from dashboard.components import states


def badge(waiting=0, parked=0, since=None):
    from dashboard import components
    from services.outbox import Status

    components.sync_badge(Status(waiting=waiting, since=since, parked=parked))


def said(shown):
    return " ".join(part.value for part in shown.markdown)


def test_all_synced_is_said_in_so_many_words(page):
    assert "All synced" in said(page(badge))


def test_what_waits_is_counted_with_its_time(page):
    shown = said(page(badge, waiting=2, since=datetime(2026, 11, 23, 14, 5, tzinfo=UTC)))
    assert re.search(r"2 waiting since .*14:05", shown.replace("\\", ""))


def test_what_needs_its_author_comes_before_what_only_waits(page):
    assert "1 needs you" in said(page(badge, waiting=3, parked=1))
    assert "2 need you" in said(page(badge, parked=2))


@pytest.mark.parametrize(("state", "label"), [("saved", "Saved here"), ("sending", "Sending"), ("synced", "Synced"), ("parked", "Needs you")])  # fmt: skip
def test_an_entry_says_how_far_it_has_come(page, state, label):
    def body(state):
        from dashboard import components

        components.saved_state(state)

    assert label in said(page(body, state=state))


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "today"), (1, "1 day"), (13, "13 days"), (27, "27 days"), (28, "4 weeks"), (61, "8 weeks"), (180, "6 months"), (400, "13 months")],
)  # fmt: skip
def test_ages_are_said_in_the_unit_one_would_use(days, words):
    assert components.age_words(days) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 23), "this week, 2026-W48 (23 to 29 November)"),
        (date(2026, 11, 22), "last week, 2026-W47 (16 to 22 November)"),
        (date(2026, 12, 1), "next week, 2026-W49 (30 November to 6 December)"),
        (date(2026, 11, 2), "2026-W45 (2 to 8 November)"),
    ],
)
def test_weeks_near_today_are_called_so(day, words):
    assert components.week_words(day, today=date(2026, 11, 25)) == words


def test_an_empty_page_says_what_it_means_and_where_to_begin(page):
    def body():
        from dashboard import components

        components.empty_state("Nothing *yet*", "Log one first.", key="x")

    shown = page(body)
    assert shown.header[0].value == r"Nothing \*yet\*"
    assert "Log one first" in said(shown)


def test_what_is_suppressed_is_said_as_text(page):
    def body():
        from dashboard import components

        components.suppressed("Fewer than three :red[people].")

    assert page(body).info[0].value.replace("\\", "") == "Fewer than three :red[people]."


def test_the_frame_brings_the_style_sheet_and_no_script(page):
    def body():
        from dashboard import components

        components.page_frame()

    html = page(body).get("html")[0].proto.body
    assert html.startswith("<style>")
    assert "<script" not in html


def test_the_style_sheet_loads_nothing_from_elsewhere():
    text = states.STYLE.read_text()
    assert "url(" not in text
    assert "@import" not in text
    assert text.count("{") == text.count("}")
