"""A meeting with what its reader has saved and is still on its way laid over what was read last."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services import stored
from services.meetings.records import NOTHING, Decision, Item, Meeting
from services.outbox import Operation


def as_it_will_be(meeting: Meeting | None, waiting: Iterable[Operation], *, team: UUID) -> Meeting | None:
    """A meeting with what the caller has saved here about it and is still on its way: it goes on while the database is away."""
    for op in waiting:
        said, entity = op.params, UUID(op.entity)
        if (
            op.kind == "meeting.plan"
            and said["team"] == str(team)
            and (meeting is None or meeting.state == "ended")
        ):
            meeting = _planned(op, team)
        elif meeting is None:
            continue
        elif entity == meeting.id and (change := _OF_MEETING.get(op.kind)):
            meeting = change(meeting, said, datetime.fromisoformat(op.stated_at))
        elif (item := meeting.find(entity)) and (alter := _OF_ITEM.get(op.kind)):
            meeting = _with(meeting, alter(item, said))
            if meeting.current and meeting.current.state == "dropped":
                meeting = _let_go(meeting, datetime.fromisoformat(op.stated_at))
    return meeting


def _planned(op: Operation, team: UUID) -> Meeting:
    said = op.params
    items = tuple(Item.put_on(one, position=place * 10) for place, one in enumerate(said["items"], start=1))
    return Meeting(
        led_by=UUID(said["led_by"]), id=UUID(op.entity), team=team, held_on=date.fromisoformat(said["held_on"]), minutes=said["minutes"],
        starts_at=said.get("starts_at"), theme=said.get("theme", NOTHING), items=items, leads=True,
    )  # fmt: skip


def _called_off(meeting: Meeting, _said: Mapping[str, Any], _at: datetime) -> Meeting | None:
    return None if meeting.state == "planned" else meeting


def _begun(meeting: Meeting, said: Mapping[str, Any], at: datetime) -> Meeting:
    if meeting.state != "planned":
        return meeting
    return replace(meeting, state="running", begun_at=at, item=stored.uid(said.get("item")), clock_since=at)


def _gone(meeting: Meeting, said: Mapping[str, Any], at: datetime) -> Meeting:
    left = stored.uid(said.get("from"))
    if meeting.state != "running" or meeting.item != (left if meeting.item else _still_on(meeting, left)):
        return meeting
    meeting = _clock_stopped(meeting, at)
    if meeting.current and said.get("left"):
        meeting = _with(meeting, replace(meeting.current, state=said["left"]))
    to = _still_on(meeting, stored.uid(said.get("to")))
    return replace(
        meeting, item=to, clock_since=at if to else None, prompt=None, timer=None, timer_until=None
    )


def _still_on(meeting: Meeting, item: UUID | None) -> UUID | None:
    """The item while it is on the agenda; one that was passed or taken off since somebody pressed a button is none."""
    return item if any(one.id == item for one in meeting.items) else None


def _is_elsewhere(meeting: Meeting, said: Mapping[str, Any]) -> bool:
    """Whether the meeting is no longer at the item on which this was pressed."""
    return meeting.state != "running" or ("item" in said and meeting.item != stored.uid(said["item"]))


def _clock_stopped(meeting: Meeting, at: datetime) -> Meeting:
    if meeting.current:
        meeting = _with(meeting, replace(meeting.current, spent=meeting.seconds(meeting.current, at)))
    return replace(meeting, clock_since=None)


def _clocked(meeting: Meeting, said: Mapping[str, Any], at: datetime) -> Meeting:
    if _is_elsewhere(meeting, said):
        return meeting
    if said["running"]:
        return replace(meeting, clock_since=meeting.clock_since or at)
    return _clock_stopped(meeting, at)


def _showing(meeting: Meeting, said: Mapping[str, Any], at: datetime) -> Meeting:
    if _is_elsewhere(meeting, said):
        return meeting
    if "prompt" in said:
        meeting = replace(meeting, prompt=said["prompt"])
    if "timer" in said:
        until = datetime.fromtimestamp(at.timestamp() + said["seconds"], at.tzinfo) if said["timer"] else None
        meeting = replace(meeting, timer=said["timer"], timer_until=until)
    return meeting


def _ended(meeting: Meeting, said: Mapping[str, Any], at: datetime) -> Meeting:
    if meeting.state == "ended":
        return meeting
    meeting = _clock_stopped(meeting, at)
    if meeting.current and said.get("left"):
        meeting = _with(meeting, replace(meeting.current, state=said["left"]))
    items = tuple(replace(one, state="carried") if one.state == "on" else one for one in meeting.items)
    return replace(meeting, state="ended", begun_at=meeting.begun_at or at, ended_at=at, items=items, prompt=None, timer=None, timer_until=None)  # fmt: skip


def _ordered(meeting: Meeting, said: Mapping[str, Any], _at: datetime) -> Meeting:
    place = {UUID(one): number * 10 for number, one in enumerate(said["items"], start=1)}
    items = (replace(one, position=place.get(one.id, one.position)) for one in meeting.items)
    return replace(meeting, items=tuple(sorted(items, key=_place)))


def _added(meeting: Meeting, said: Mapping[str, Any], _at: datetime) -> Meeting:
    one = said["item"]
    if meeting.find(UUID(one["id"])):
        return meeting
    last = max((i.position for i in (*meeting.items, *meeting.dropped)), default=0)
    item = Item.put_on(one, position=said.get("position") or last + 10)
    return replace(meeting, items=tuple(sorted((*meeting.items, item), key=_place)))


def _amended(meeting: Meeting, said: Mapping[str, Any], _at: datetime) -> Meeting:
    changes: dict[str, Any] = {name: said[name] for name in ("minutes", "starts_at", "theme") if name in said}
    if said.get("held_on"):
        changes["held_on"] = date.fromisoformat(said["held_on"])
    return replace(meeting, **changes)


def _let_go(meeting: Meeting, at: datetime) -> Meeting:
    """What is being talked about leaves the agenda: then nothing is, until somebody goes on."""
    return replace(_clock_stopped(meeting, at), item=None, prompt=None, timer=None, timer_until=None)


def _item_amended(item: Item, said: Mapping[str, Any]) -> Item:
    changed = replace(
        item, **{name: said[name] for name in ("minutes", "state", "stage") if said.get(name) is not None}
    )
    return _knowing(changed, reason=said["reason"]) if "reason" in said else changed


def _item_decided(item: Item, said: Mapping[str, Any]) -> Item:
    known = item.known.decisions if item.known else ()
    if any(one.id == said["id"] for one in known) or not (
        said.get("decision") or said.get("words") or said.get("sentence")
    ):
        return item
    made = Decision.from_row(said | {"mine": True})
    item = _knowing(item, decisions=(*known, made))
    # A screen reads decisions without their ids: one that has just arrived is recognised by what it says.
    arrived = any(replace(one, id=made.id, mine=made.mine) == made for one in item.decisions)
    return replace(item, decisions=(*item.decisions, made)) if made.shown and not arrived else item


def _item_said(item: Item, said: Mapping[str, Any]) -> Item:
    changes: dict[str, Any] = {name: said[name] for name in ("words", "helped") if name in said}
    if "released" in said:
        changes["released"] = tuple(said["released"])
        # What is taken back is off the screen at once; what is let go comes with the database.
        kept = {name: item.released[name] for name in item.released if name in said["released"]}
        item = replace(
            item, released=kept, rupture=item.rupture if "reasons" in said["released"] else NOTHING
        )
    return _knowing(item, **changes)


def _item_rerated(item: Item, said: Mapping[str, Any]) -> Item:
    known, stood = (item.known.causes, item.known.reratings) if item.known else (NOTHING, NOTHING)
    before = {cause: known.get(cause) for cause in map(int, said["ratings"])} | {
        cause: pair[0] for cause, pair in stood.items()
    }
    rated = {int(cause): (before[int(cause)], rating) for cause, rating in said["ratings"].items()}
    item = _knowing(item, reratings={**stood, **rated})
    return _knowing(item, helped=said["helped"]) if "helped" in said else item


def _knowing(item: Item, **changes: Any) -> Item:
    return replace(item, known=replace(item.known, **changes)) if item.known else item


def _place(item: Item) -> tuple[int, UUID]:
    """Items in the order of the database: one put on again may share its place with another."""
    return item.position, item.id


def _with(meeting: Meeting, item: Item) -> Meeting:
    """The meeting with this item in place of the one of its id; one taken off, or put on again, changes lists."""
    others = tuple(one for one in (*meeting.items, *meeting.dropped) if one.id != item.id)
    every = sorted((*others, item), key=_place)
    return replace(
        meeting,
        items=tuple(one for one in every if one.state != "dropped"),
        dropped=tuple(one for one in every if one.state == "dropped"),
    )


_OF_MEETING = {
    "meeting.call_off": _called_off, "meeting.begin": _begun, "meeting.go": _gone, "meeting.clock": _clocked, "meeting.show": _showing, "meeting.end": _ended,
    "meeting.order": _ordered, "meeting.add": _added, "meeting.amend": _amended,
}  # fmt: skip
_OF_ITEM = {
    "item.amend": _item_amended, "item.decide": _item_decided, "item.release": _item_said, "item.rerate": _item_rerated,
    "item.pass": lambda item, _said: replace(item, state="dropped", known=None),
}  # fmt: skip
