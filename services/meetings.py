"""The supervision meeting as it stands: what the shared screen may know, and what the person who reads it knows beyond."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Self
from uuid import UUID

from supabase import Client

from services.errors import explained
from services.outbox import Operation

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided on an item. `shown`: on the shared screen as well."""

    decision: str | None
    words: str = ""
    sentence: str = ""
    will_know: str = ""
    look_again_on: date | None = None
    shown: bool = True
    mine: bool = False
    id: str = ""

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        known = {name: row[name] for name in cls.__slots__ if name in row}
        return cls(**known | {"look_again_on": _day(row.get("look_again_on"))})


@dataclass(frozen=True, slots=True)
class Known:
    """What its therapist and the supervisors know of an item beyond the screen; `question` as its author wrote it."""

    kind: str
    therapist_id: UUID | None = None
    therapist: str = ""
    case: UUID | None = None
    code: str = ""
    because: tuple[Mapping[str, Any], ...] = ()
    reason: str = ""
    released: tuple[str, ...] = ()
    words: str = ""
    helped: str | None = None
    question_id: UUID | None = None
    question: Mapping[str, str] = field(default_factory=dict)
    rupture: UUID | None = None
    causes: Mapping[int, int] = field(default_factory=dict)
    reratings: Mapping[int, tuple[int | None, int | None]] = field(
        default_factory=dict
    )  # cause → before, after
    decisions: tuple[Decision, ...] = ()

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        return cls(
            kind=row["kind"], therapist_id=_id(row["therapist_id"]), therapist=row["therapist"] or "", case=_id(row["case_id"]), code=row["code"] or "",
            because=tuple(row["because"] or ()), reason=row["reason"] or "", released=tuple(row["released"] or ()), words=row["words"] or "",
            helped=row["helped"], question_id=_id(row["question_id"]), question=row["question"] or NOTHING, rupture=_id(row["rupture_id"]),
            causes={int(cause): rating for cause, rating in (row["causes"] or {}).items()},
            reratings={int(cause): (pair["before"], pair["after"]) for cause, pair in (row["reratings"] or {}).items()},
            decisions=tuple(Decision.from_row(one) for one in row["decisions"]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the agenda. All but `known` may be on the shared screen: `person` and `case` are labels, `released` what its author let go.

    `kind` is "case" for a question and a flagged case alike; `spent` counts seconds without the running clock.
    `rupture` holds kind, days and stage where the reasons were released; `follow_ups` how many are open, done and helped.
    """

    id: UUID
    kind: str
    position: int = 0
    title: str = ""
    minutes: int = 10
    state: str = "on"
    stage: str = "moment"
    spent: int = 0
    person: str | None = None
    case: str | None = None
    released: Mapping[str, Any] = field(default_factory=dict)
    rupture: Mapping[str, Any] = field(default_factory=dict)
    follow_ups: Mapping[str, int] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    known: Known | None = None

    @classmethod
    def from_row(cls, row: Mapping[str, Any], known: Mapping[str, Any] | None = None) -> Self:
        return cls(
            id=UUID(row["id"]), kind=row["kind"], position=row["position"], title=row["title"], minutes=row["minutes"], state=row["state"], stage=row["stage"],
            spent=row["spent"], person=row["person"], case=row["case"], released=row["released"], rupture=row["rupture"] or NOTHING,
            follow_ups=row.get("follow_ups") or NOTHING, decisions=tuple(Decision.from_row(one) for one in row["decisions"]), known=Known.from_row(known) if known else None,
        )  # fmt: skip

    @property
    def is_a_case(self) -> bool:
        """Whether it is about one case, and so has a therapist who may pass."""
        return self.kind in ("case", "rupture")


@dataclass(frozen=True, slots=True)
class Meeting:
    """The meeting ahead of a team, the one that runs, or the one that ended today.

    `items` in their order, without those taken off, which are in `dropped` for supervisors. `people`: label and name by id,
    for supervisors; `my_label` for a therapist. Times are aware; `item` is what is being talked about.
    """

    led_by: UUID
    id: UUID
    team: UUID
    held_on: date
    state: str = "planned"
    minutes: int = 60
    starts_at: str | None = None
    theme: Mapping[str, Any] = field(default_factory=dict)
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    item: UUID | None = None
    clock_since: datetime | None = None
    prompt: str | None = None
    timer: str | None = None
    timer_until: datetime | None = None
    items: tuple[Item, ...] = ()
    dropped: tuple[Item, ...] = ()
    leads: bool = False
    screens: int = 0
    pulse_given: bool = False
    people: Mapping[UUID, tuple[str, str]] = field(default_factory=dict)
    my_label: str | None = None

    @classmethod
    def from_row(cls, row: Mapping[str, Any], team: UUID) -> Self:
        known = row.get("known", {})
        items = tuple(Item.from_row(one, known.get(one["id"])) for one in row["items"])
        shown = {str(one.id) for one in items}
        return cls(
            led_by=UUID(row["led_by"]), id=UUID(row["id"]), team=team, held_on=date.fromisoformat(row["held_on"]), state=row["state"], minutes=row["minutes"],
            starts_at=(row.get("starts_at") or "")[:5] or None, theme=row["theme"], begun_at=_time(row["begun_at"]), ended_at=_time(row["ended_at"]),
            item=_id(row["item"]), clock_since=_time(row["clock_since"]), prompt=row["prompt"], timer=row["timer"], timer_until=_time(row["timer_until"]),
            items=items, dropped=tuple(_dropped(id_, one) for id_, one in known.items() if id_ not in shown),
            leads=row.get("leads", False), screens=row.get("screens", 0), pulse_given=row.get("pulse_given", False),
            people={UUID(one["id"]): (one["label"], one["name"]) for one in row.get("people", ())}, my_label=row.get("my_label"),
        )  # fmt: skip

    @property
    def current(self) -> Item | None:
        """What is being talked about."""
        return self.find(self.item)

    def find(self, item: UUID | None) -> Item | None:
        return next((one for one in (*self.items, *self.dropped) if one.id == item), None)

    def next_item(self, step: int = 1) -> Item | None:
        """The one after (or before, `step` -1) the present one; the first when there is none, None at the end."""
        places = [one.id for one in self.items]
        if self.item not in places:
            return self.items[0] if self.items and step > 0 else None
        place = places.index(self.item) + step
        return self.items[place] if 0 <= place < len(places) else None

    @property
    def following(self) -> Item | None:
        """Where "next" leads; when nothing is being talked about, because an item was passed, to the first that is still to come."""
        if self.current:
            return self.next_item()
        return next((one for one in self.items if one.state == "on"), None)

    def seconds(self, item: Item, now: datetime) -> int:
        """Seconds spent on an item, the running clock included."""
        running = self.clock_since if item.id == self.item else None
        return item.spent + (max(0, int((now - running).total_seconds())) if running else 0)


def now(db: Client, *, team: UUID) -> Meeting | None:
    """The team's meeting with all that the caller may know of it; None when there is none. Raises NotAllowed for strangers to the team."""
    row = row_now(db, team=team)
    return Meeting.from_row(row, team) if row else None


def row_now(db: Client, *, team: UUID) -> dict[str, Any] | None:
    """The same as the database tells it, without its clock: what `Meeting.from_row` takes, and what can be kept for when the database is away."""
    with explained():
        row = db.rpc("meeting_now", {"of_team": str(team)}).execute().data
    return {name: told for name, told in row.items() if name != "now"} if row else None


def screen(db: Client, *, team: UUID) -> Meeting | None:
    """The same as the shared screen may know it: labels, and nothing that its author has not released."""
    with explained():
        row = db.rpc("meeting_screen", {"of_team": str(team)}).execute().data
    return Meeting.from_row(row, team) if row else None


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
        elif entity == meeting.id and op.kind == "meeting.call_off" and meeting.state == "planned":
            meeting = None
        elif entity == meeting.id and (change := _OF_MEETING.get(op.kind)):
            meeting = change(meeting, said, datetime.fromisoformat(op.stated_at))
        elif (item := meeting.find(entity)) and (alter := _OF_ITEM.get(op.kind)):
            if entity == meeting.item and (op.kind == "item.pass" or said.get("state") == "dropped"):
                meeting = _let_go(meeting, datetime.fromisoformat(op.stated_at))
                item = meeting.find(entity)
            meeting = _with(meeting, alter(item, said))
    return meeting


def _planned(op: Operation, team: UUID) -> Meeting:
    said = op.params
    items = tuple(
        Item(
            UUID(one["id"]), "case" if one["kind"] == "question" else one["kind"], place * 10, one.get("title", ""), one.get("minutes", 10),
            known=Known(one["kind"], _id(one.get("therapist")), case=_id(one.get("case")), because=tuple(one.get("because", ())),
                question_id=_id(one.get("question")), rupture=_id(one.get("rupture"))),
        )
        for place, one in enumerate(said["items"], start=1)
    )  # fmt: skip
    return Meeting(
        led_by=UUID(said["led_by"]), id=UUID(op.entity), team=team, held_on=date.fromisoformat(said["held_on"]), minutes=said["minutes"],
        starts_at=said.get("starts_at"), theme=said.get("theme", NOTHING), items=items, leads=True,
    )  # fmt: skip


def _begun(meeting: Meeting, said: Mapping[str, Any], at: datetime) -> Meeting:
    if meeting.state != "planned":
        return meeting
    return replace(meeting, state="running", begun_at=at, item=_id(said.get("item")), clock_since=at)


def _gone(meeting: Meeting, said: Mapping[str, Any], at: datetime) -> Meeting:
    left = _id(said.get("from"))
    if meeting.state != "running" or meeting.item != (left if meeting.item else _still_on(meeting, left)):
        return meeting
    meeting = _clock_stopped(meeting, at)
    if meeting.current and said.get("left"):
        meeting = _with(meeting, replace(meeting.current, state=said["left"]))
    to = _still_on(meeting, _id(said.get("to")))
    return replace(
        meeting, item=to, clock_since=at if to else None, prompt=None, timer=None, timer_until=None
    )


def _still_on(meeting: Meeting, item: UUID | None) -> UUID | None:
    """The item while it is on the agenda; one that was passed or taken off since somebody pressed a button is none."""
    return item if any(one.id == item for one in meeting.items) else None


def _is_elsewhere(meeting: Meeting, said: Mapping[str, Any]) -> bool:
    """Whether the meeting is no longer at the item on which this was pressed."""
    return meeting.state != "running" or ("item" in said and meeting.item != _id(said["item"]))


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
    item = Item(
        UUID(one["id"]), "case" if one["kind"] == "question" else one["kind"], said.get("position") or 10 + max((i.position for i in (*meeting.items, *meeting.dropped)), default=0),
        one.get("title", ""), one.get("minutes", 10),
        known=Known(one["kind"], _id(one.get("therapist")), case=_id(one.get("case")), because=tuple(one.get("because", ())),
            question_id=_id(one.get("question")), rupture=_id(one.get("rupture"))),
    )  # fmt: skip
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
    "meeting.begin": _begun, "meeting.go": _gone, "meeting.clock": _clocked, "meeting.show": _showing, "meeting.end": _ended,
    "meeting.order": _ordered, "meeting.add": _added, "meeting.amend": _amended,
}  # fmt: skip
_OF_ITEM = {
    "item.amend": _item_amended, "item.decide": _item_decided, "item.release": _item_said, "item.rerate": _item_rerated,
    "item.pass": lambda item, _said: replace(item, state="dropped", known=None),
}  # fmt: skip


def _dropped(id_: str, row: Mapping[str, Any]) -> Item:
    kind = "case" if row["kind"] == "question" else row["kind"]
    return Item(
        UUID(id_),
        kind,
        row["position"],
        row["title"],
        row["minutes"],
        row["state"],
        known=Known.from_row(row),
    )


def _id(value: str | None) -> UUID | None:
    return UUID(value) if value else None


def _day(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None


def _time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
