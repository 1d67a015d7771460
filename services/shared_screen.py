"""The shared screen: who may put a meeting on it, for how long, and what of the meeting may be on it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.errors import NotAllowed
from services.meetings import Decision, Item, Meeting
from services.people import Person
from services.themes import Theme
from services.vocabulary import RELEASED_PARTS

AFTER_PLANNED, LONGEST = timedelta(hours=2), timedelta(hours=8)
AFTER_THE_END = timedelta(minutes=15)

RUPTURE_FACTS = ("kind", "days", "stage")
FOLLOW_UP_FACTS = ("open", "done", "helped")


def lasts(minutes: int) -> timedelta:
    """For how long a screen may stand when a meeting is planned for so many minutes."""
    return min(timedelta(minutes=max(0, minutes)) + AFTER_PLANNED, LONGEST)


def ends(meeting: Meeting | None, *, of: UUID, now: datetime) -> datetime | None:
    """When the screen of the meeting `of` has to end: soon after it has ended; None while it is to come or runs.

    `meeting` is the one that the team is at; another one, or none, means that this one is over.
    """
    if meeting is None or meeting.id != of:
        return now
    return meeting.ended_at + AFTER_THE_END if meeting.ended_at else None


def must_supervise(person: Person | None, team: UUID) -> None:
    """Raise NotAllowed unless this person supervises the team."""
    if person is None or team not in person.teams_as("supervisor"):
        raise NotAllowed("Only a supervisor of the team can put its meeting on a shared screen.")


def on_screen(meeting: Meeting) -> Meeting:
    """The same meeting with nothing in it but what may be seen by everybody in the room.

    What the database gives for a screen holds no more than that. What a supervisor has just saved is laid over it here and
    knows more: reasons, decisions that are not to be shown, names. So everything is left out that is not named here.
    """
    items = tuple(_item(one) for one in meeting.items)
    theme = Theme.from_json(meeting.theme)
    return Meeting(
        led_by=meeting.led_by, id=meeting.id, team=meeting.team, held_on=meeting.held_on, state=meeting.state, minutes=meeting.minutes, theme=theme.as_json() if theme else {},
        begun_at=meeting.begun_at, ended_at=meeting.ended_at, item=meeting.item if any(one.id == meeting.item for one in items) else None,
        clock_since=meeting.clock_since, prompt=meeting.prompt, timer=meeting.timer, timer_until=meeting.timer_until, items=items,
    )  # fmt: skip


def _item(item: Item) -> Item:
    return Item(
        id=item.id, kind=_kind(item), position=item.position, title=item.title if item.kind == "own" else "",
        minutes=item.minutes, state=item.state, stage=item.stage, spent=item.spent, person=item.person, case=item.case,
        released=_named(item.released, RELEASED_PARTS), rupture=_named(item.rupture, RUPTURE_FACTS), follow_ups=_named(item.follow_ups, FOLLOW_UP_FACTS),
        decisions=tuple(_decision(one) for one in item.decisions if one.shown),
    )  # fmt: skip


def _kind(item: Item) -> str:
    """Who chose, who was flagged and who has an open rupture is not for the screen; the last of these unless its reasons are."""
    return "case" if item.kind == "question" or (item.kind == "rupture" and not item.rupture) else item.kind


def _decision(one: Decision) -> Decision:
    return replace(one, id="", mine=False)


def _named(said: Mapping[str, Any], names: Any) -> dict[str, Any]:
    return {name: said[name] for name in names if name in said}
