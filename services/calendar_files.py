"""Files for one's own calendar: the next meeting, and the days on which actions are due. No name, no code and no word of a case is in them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid5

from icalendar import Calendar, Event

from services.actions import Action
from services.meetings import Meeting

MEETING, ACTION = "Supervision meeting", "Action due"
MIME = "text/calendar"
_NAMES = UUID(
    "5d2f6f0e-2c6b-4a0e-9a8e-7f5f3a6a4b11"
)  # ids of the database do not leave; what is made of them here stays the same


def of_meeting(meeting: Meeting, *, site: str, now: datetime) -> bytes:
    """The meeting as one entry. Its time floats: it is on the clinic's own clock, wherever the calendar is. Without a time it takes the day."""
    event = _entry("meeting", meeting.id, MEETING, site, now)
    if meeting.starts_at:
        event.add("dtstart", datetime.combine(meeting.held_on, time.fromisoformat(meeting.starts_at)))
        event.add("duration", timedelta(minutes=meeting.minutes))
    else:
        _whole_day(event, meeting.held_on)
    return _file([event])


def of_actions(actions: Iterable[Action], *, site: str, now: datetime) -> bytes:
    """One entry for each open action with a day, on that day; it says no more than that something is due."""
    events = []
    for action in actions:
        if action.state == "open" and action.due_on:
            event = _entry("action", action.id, ACTION, site, now)
            _whole_day(event, action.due_on)
            event.add("transp", "TRANSPARENT")  # nobody is busy all day because of it
            events.append(event)
    return _file(events)


def _entry(kind: str, of: UUID, words: str, site: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{uuid5(_NAMES, f'{kind}/{of}')}@sixfold")
    event.add("dtstamp", now.astimezone(UTC))
    # A calendar takes the higher number for the newer version of an entry: a second file moves it, and does not double it.
    event.add("sequence", int(now.timestamp()) // 60)
    event.add("summary", words)
    event.add("url", site)
    event.add("class", "PRIVATE")
    return event


def _whole_day(event: Event, day: date) -> None:
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))


def _file(events: Iterable[Event]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Sixfold//Supervision//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for event in events:
        calendar.add_component(event)
    return calendar.to_ical()
