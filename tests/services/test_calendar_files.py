"""Files for one's own calendar, read back as a calendar reads them."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from services import calendar_files
from services.actions import Action
from services.meetings import Meeting

NOW = datetime(2026, 11, 25, 14, 5, tzinfo=UTC)
SITE = "https://sixfold.example"
TEAM, SUE = uuid4(), uuid4()


def meeting(**more) -> Meeting:
    return Meeting(**{"led_by": SUE, "id": UUID(int=7), "team": TEAM, "held_on": date(2026, 12, 2), "starts_at": "13:30", "minutes": 75} | more)  # fmt: skip


def action(what: str = "Ask C-0412 about it", **more) -> Action:
    return Action(**{
        "id": uuid4(), "created_by": SUE, "team": TEAM, "owner_id": SUE, "owner": "Sue Palewater", "what": what, "state": "open",
        "created_on": date(2026, 11, 25), "code": "C-0412", "due_on": date(2026, 12, 9),
    } | more)  # fmt: skip


def entries(file: bytes) -> list:
    return Calendar.from_ical(file).walk("VEVENT")


def test_the_meeting_is_at_its_time_on_the_clinics_own_clock():
    [event] = entries(calendar_files.of_meeting(meeting(), site=SITE, now=NOW))
    assert event.decoded("dtstart").isoformat() == "2026-12-02T13:30:00"  # floating: no zone
    assert event.decoded("duration") == timedelta(minutes=75)
    assert str(event["summary"]) == "Supervision meeting"
    assert str(event["url"]) == SITE


def test_a_meeting_without_a_time_takes_its_day():
    [event] = entries(calendar_files.of_meeting(meeting(starts_at=None), site=SITE, now=NOW))
    assert event.decoded("dtstart") == date(2026, 12, 2)
    assert event.decoded("dtend") == date(2026, 12, 3)


def test_a_second_file_moves_the_entry_and_does_not_double_it():
    files = [
        calendar_files.of_meeting(meeting(), site=SITE, now=NOW),
        calendar_files.of_meeting(
            meeting(held_on=date(2026, 12, 3)), site=SITE, now=NOW + timedelta(minutes=1)
        ),
    ]
    [[first], [second]] = map(entries, files)
    assert first["uid"] == second["uid"]
    assert int(second["sequence"]) > int(first["sequence"])
    [other] = entries(calendar_files.of_meeting(meeting(id=UUID(int=8)), site=SITE, now=NOW))
    assert other["uid"] != first["uid"]


def test_an_action_says_only_that_something_is_due_and_takes_nobodys_day():
    [event] = entries(calendar_files.of_actions([action()], site=SITE, now=NOW))
    assert event.decoded("dtstart") == date(2026, 12, 9)
    assert str(event["summary"]) == "Action due"
    assert event["transp"] == "TRANSPARENT"


def test_actions_that_are_done_or_have_no_day_stay_out():
    found = [action(), action(state="done", done_on=date(2026, 11, 25)), action(due_on=None)]
    assert len(entries(calendar_files.of_actions(found, site=SITE, now=NOW))) == 1


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=12, max_size=60))
def test_no_name_no_code_no_word_and_no_id_of_the_database_leaves(what):
    one = action(f"secret {what}")
    files = calendar_files.of_actions([one], site=SITE, now=NOW), calendar_files.of_meeting(meeting(), site=SITE, now=NOW)  # fmt: skip
    for file in files:
        said = file.decode().replace("\r\n ", "")
        for word in (
            "secret",
            "C-0412",
            "Sue",
            "Palewater",
            str(one.id),
            str(SUE),
            str(TEAM),
            str(UUID(int=7)),
        ):
            assert word not in said
