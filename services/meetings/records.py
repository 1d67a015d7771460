"""A meeting and what is on it: what the shared screen may know, and what the person who reads it knows beyond."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Self
from uuid import UUID

from services import stored

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
        return cls(**known | {"look_again_on": stored.day(row.get("look_again_on"))})


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
            kind=row["kind"], therapist_id=stored.uid(row["therapist_id"]), therapist=row["therapist"] or "", case=stored.uid(row["case_id"]), code=row["code"] or "",
            because=tuple(row["because"] or ()), reason=row["reason"] or "", released=tuple(row["released"] or ()), words=row["words"] or "",
            helped=row["helped"], question_id=stored.uid(row["question_id"]), question=row["question"] or NOTHING, rupture=stored.uid(row["rupture_id"]),
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

    @classmethod
    def put_on(cls, said: Mapping[str, Any], *, position: int) -> Self:
        """As an operation puts it on an agenda, before the database has it."""
        return cls(
            UUID(said["id"]), _kind(said["kind"]), position, said.get("title", ""), said.get("minutes", 10),
            known=Known(said["kind"], stored.uid(said.get("therapist")), case=stored.uid(said.get("case")), because=tuple(said.get("because", ())),
                question_id=stored.uid(said.get("question")), rupture=stored.uid(said.get("rupture"))),
        )  # fmt: skip

    @classmethod
    def taken_off(cls, id_: str, row: Mapping[str, Any]) -> Self:
        """One that only those who know of it are told of."""
        return cls(
            UUID(id_), _kind(row["kind"]), row["position"], row["title"], row["minutes"], row["state"], known=Known.from_row(row)
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
            starts_at=(row.get("starts_at") or "")[:5] or None, theme=row["theme"], begun_at=stored.moment(row["begun_at"]), ended_at=stored.moment(row["ended_at"]),
            item=stored.uid(row["item"]), clock_since=stored.moment(row["clock_since"]), prompt=row["prompt"], timer=row["timer"], timer_until=stored.moment(row["timer_until"]),
            items=items, dropped=tuple(Item.taken_off(id_, one) for id_, one in known.items() if id_ not in shown),
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


def _kind(kind: str) -> str:
    """A question is a case like any other to those who do not know of it."""
    return "case" if kind == "question" else kind
