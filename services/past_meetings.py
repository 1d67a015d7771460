"""Meetings that were held: what was decided and agreed, what became of it, and what shifted. For supervisors of the team."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from supabase import Client

from services import stored, vocabulary
from services.actions import Action
from services.errors import explained
from services.meetings import Decision, Item, Known, Meeting

MOST = 60  # meetings to choose from: more than a year of weekly ones


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting that has ended. Times are aware."""

    led_by: UUID
    id: UUID
    team: UUID
    held_on: date
    minutes: int
    begun_at: datetime
    ended_at: datetime

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        return cls(
            UUID(row["led_by"]), UUID(row["id"]), UUID(row["team_id"]), date.fromisoformat(row["held_on"]), row["minutes"],
            datetime.fromisoformat(row["begun_at"]), datetime.fromisoformat(row["ended_at"]),
        )  # fmt: skip

    @property
    def lasted(self) -> int:
        """Whole minutes from its beginning to its end."""
        return round((self.ended_at - self.begun_at).total_seconds() / 60)


@dataclass(frozen=True, slots=True)
class Talked:
    """One item of it, and all that came of it. `shifts`: cause → rating before and after the discussion, None where unknown."""

    id: UUID
    kind: str
    title: str
    state: str
    reason: str
    minutes: int
    spent: int
    code: str = ""
    therapist: str = ""
    case: UUID | None = None
    helped: str | None = None
    decisions: tuple[Decision, ...] = ()
    actions: tuple[Action, ...] = ()
    shifts: Mapping[int, tuple[int | None, int | None]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """ "C-1044 · Alice" for a case, else what it was about."""
        if self.case:
            return " · ".join(part for part in (self.code, self.therapist) if part) or "A case"
        return self.title or vocabulary.label("agenda_kind", self.kind)


@dataclass(frozen=True, slots=True)
class Shown:
    """A time on a shared screen; `until` is None where nobody took it down."""

    by: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Past:
    """A meeting with its items in their order, and when it was on a screen."""

    held: Held
    items: tuple[Talked, ...] = ()
    screens: tuple[Shown, ...] = ()

    @property
    def talked_about(self) -> tuple[Talked, ...]:
        return tuple(one for one in self.items if one.state == "done")

    @property
    def carried(self) -> tuple[Talked, ...]:
        return tuple(one for one in self.items if one.state == "carried")

    @property
    def dropped(self) -> tuple[Talked, ...]:
        return tuple(one for one in self.items if one.state == "dropped")

    @property
    def actions(self) -> tuple[Action, ...]:
        return tuple(action for item in self.items for action in item.actions)


def just_now(meeting: Meeting, *, actions: Iterable[Action] = (), screens: Iterable[Shown] = ()) -> Past:
    """A meeting that has ended a moment ago, from what the page has in hand; it may not have arrived in the database yet."""
    begun = meeting.begun_at or meeting.ended_at
    if begun is None or meeting.ended_at is None:
        raise ValueError("This meeting has not ended.")
    found: dict[UUID, list[Action]] = {}
    for action in actions:
        if action.item:
            found.setdefault(action.item, []).append(action)
    return Past(
        Held(
            meeting.led_by,
            meeting.id,
            meeting.team,
            meeting.held_on,
            meeting.minutes,
            begun,
            meeting.ended_at,
        ),
        tuple(_just_talked(item, found.get(item.id, [])) for item in (*meeting.items, *meeting.dropped)),
        tuple(screens),
    )


def _just_talked(item: Item, actions: Iterable[Action]) -> Talked:
    known = item.known or Known(item.kind)
    return Talked(
        item.id, known.kind, item.title, item.state, known.reason, item.minutes, item.spent, code=known.code, therapist=known.therapist, case=known.case,
        helped=known.helped, decisions=known.decisions or item.decisions, actions=tuple(actions), shifts=known.reratings,
    )  # fmt: skip


def agreed_in(db: Client, *, meeting: Meeting) -> list[Action]:
    """Actions agreed in this meeting, in the order in which they were."""
    one = {"team_id": str(meeting.team), "led_by": str(meeting.led_by), "meeting_id": str(meeting.id)}
    with explained():
        return [Action.from_row(row) for row in _rows(db, "action_list", one, "created_on")]


def screens_of(db: Client, *, meeting: Meeting | Held) -> list[Shown]:
    """When the meeting was on a shared screen, and who put it there."""
    one = {"team_id": str(meeting.team), "led_by": str(meeting.led_by), "meeting_id": str(meeting.id)}
    with explained():
        rows = _rows(db, "meeting_screens", one, "opened_at")
        names = _names(db, "people", "display_name", (row["opened_by"] for row in rows))
    return [
        Shown(
            names.get(row["opened_by"], "a supervisor"), datetime.fromisoformat(row["opened_at"]),
            stored.moment(row["closed_at"]),
        )
        for row in rows
    ]  # fmt: skip


def held(db: Client, *, team: UUID) -> list[Held]:
    """Meetings of the team that have ended, the latest first; at most MOST."""
    with explained():
        rows = (
            db.table("meeting_list").select("*").eq("team_id", str(team)).eq("state", "ended")
            .order("held_on", desc=True).order("ended_at", desc=True).limit(MOST).execute().data
        )  # fmt: skip
    return [Held.from_row(row) for row in rows]


@dataclass(frozen=True, slots=True)
class CalledOff:
    """A meeting that was planned and does not take place. `starts_at` is "HH:MM" on the clinic's clock."""

    id: UUID
    held_on: date
    starts_at: str | None = None


def called_off(db: Client, *, team: UUID, since: date) -> list[CalledOff]:
    """Meetings of the team that were called off and whose day is not before `since`, the earliest first; for all of the team."""
    with explained():
        rows = (
            db.table("meeting_list").select("id, held_on, starts_at").eq("team_id", str(team)).eq("state", "called_off")
            .gte("held_on", since.isoformat()).order("held_on").order("starts_at").limit(MOST).execute().data
        )  # fmt: skip
    return [
        CalledOff(UUID(row["id"]), date.fromisoformat(row["held_on"]), (row["starts_at"] or "")[:5] or None)
        for row in rows
    ]


def of(db: Client, *, meeting: Held) -> Past:
    """All that came of a meeting, as the caller may know it."""
    one = {"team_id": str(meeting.team), "led_by": str(meeting.led_by), "meeting_id": str(meeting.id)}
    with explained():
        items = _rows(db, "agenda_items", one, "position")
        decisions = _rows(db, "decision_list", one, "created_at")
        actions = _rows(db, "action_list", one, "created_on")
        rated = (
            db.table("reratings").select("item_id, cause, before, rating").eq("team_id", one["team_id"]).eq("led_by", one["led_by"])
            .in_("item_id", [row["id"] for row in items]).order("cause").limit(1000).execute().data
        )  # fmt: skip
        codes = _names(db, "cases", "code", (row["case_id"] for row in items), one["team_id"])
        names = _names(db, "people", "display_name", (row["therapist_id"] for row in items))
    talked = [_talked(row, codes, names, decisions, actions, rated) for row in items]
    left = [decision for decision in decisions if decision["item_id"] is None]
    if left:  # their therapist has passed since: the item left no trace, what was decided stands
        talked.append(
            Talked(
                meeting.id,
                "own",
                "No longer on the agenda",
                "done",
                "",
                0,
                0,
                decisions=tuple(Decision.from_row(one) for one in left),
            )
        )
    return Past(meeting, tuple(talked), tuple(screens_of(db, meeting=meeting)))


def _rows(db: Client, table: str, one: Mapping[str, str], order: str) -> list[dict[str, Any]]:
    query = db.table(table).select("*")
    for column, value in one.items():
        query = query.eq(column, value)
    return query.order(order).order("id").limit(500).execute().data


def _names(db: Client, table: str, column: str, ids: Iterable[str | None], team: str = "") -> dict[str, str]:
    asked = sorted({one for one in ids if one})
    if not asked:
        return {}
    query = db.table(table).select(f"id, {column}").in_("id", asked)
    if team:
        query = query.eq("team_id", team)
    return {row["id"]: row[column] for row in query.limit(500).execute().data}


def _talked(
    row: Mapping[str, Any], codes: Mapping[str, str], names: Mapping[str, str], decisions: list[dict], actions: list[dict], rated: list[dict]
) -> Talked:  # fmt: skip
    return Talked(
        UUID(row["id"]), row["kind"], row["title"], row["state"], row["reason"], row["minutes"], row["spent"],
        code=codes.get(row["case_id"], ""), therapist=names.get(row["therapist_id"], ""), case=stored.uid(row["case_id"]),
        helped=row["helped"], decisions=tuple(Decision.from_row(d) for d in decisions if d["item_id"] == row["id"]),
        actions=tuple(Action.from_row(a) for a in actions if a["item_id"] == row["id"]),
        shifts={r["cause"]: (r["before"], r["rating"]) for r in rated if r["item_id"] == row["id"]},
    )  # fmt: skip
