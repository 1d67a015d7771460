"""Weekly reflections: one per therapist, team and ISO week; private unless shared part by part."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Self
from uuid import UUID, uuid5

from supabase import Client

from services import entries, stored, vocabulary, weeks
from services.errors import Refused, explained
from services.outbox import Operation, Outbox

LONGEST_TEXT = 2_000
TEXT_PARTS = (
    "let_go",
    "strength",
    "intention",
    "avoided_topic",
    "shared_text",
    "private_text",
    "not_brought",
)
_SPACE = UUID("6f0d7a52-8f0f-4d6a-9f0e-5d1b1f6c6a10")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing said in a reflection, and whether the supervisor may read it."""

    value: Any
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Reflection:
    """One handed-in reflection as its reader may see it: supervisors find only the parts that were shared."""

    id: UUID
    therapist_id: UUID
    therapist: str
    team: UUID
    week: date
    version: int
    handed_in_at: datetime
    read_at: datetime | None
    behaviours: tuple[str, ...] = ()
    ratings: dict[int, int | None] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)

    @classmethod
    def from_row(cls, row: dict) -> Self:
        return cls(
            id=UUID(row["id"]), therapist_id=UUID(row["therapist_id"]), therapist=row["therapist"] or "", team=UUID(row["team_id"]),
            week=date.fromisoformat(row["week"]), version=row["version"], handed_in_at=datetime.fromisoformat(row["handed_in_at"]),
            read_at=stored.moment(row["read_at"]), behaviours=tuple(row["behaviours"]),
            ratings={int(k): v for k, v in row["ratings"].items()},
            parts={name: Part(part["value"], part["shared"]) for name, part in row["parts"].items()},
        )  # fmt: skip


def identity(*, therapist: UUID, team: UUID, week: date) -> UUID:
    """The id of a week's reflection: the same from every device, so that there is one per week."""
    return uuid5(_SPACE, f"{therapist}/{team}/{weeks.monday(week)}")


def has_begun(week: date, *, today: date, week_starts_on: int = 1) -> bool:
    """Whether the reflection of this week can be handed in yet (`week_starts_on`: ISO weekday of the team)."""
    return weeks.monday(week) + timedelta(days=week_starts_on - 1) <= today


def hand_in(
    outbox: Outbox, *, therapist: UUID, team: UUID, week: date, ratings: Mapping[int, int | None], behaviours: list[str],
    parts: Mapping[str, Part], based_on: int, today: date, week_starts_on: int = 1, op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Hand in a week, or change one that nobody has read. `based_on` is the version it builds on, 0 for none.

    Raises Refused, with a sentence, when the week has not begun or something could not be stored.
    """
    if not has_begun(week, today=today, week_starts_on=week_starts_on):
        raise Refused("That week has not begun yet. You can hand it in once it has.")
    params = {
        "team": str(team), "week": weeks.monday(week).isoformat(), "based_on": based_on,
        "behaviours": entries.some_of(behaviours, vocabulary.RAPPORT_BEHAVIOURS, "the rapport behaviours"),
        "ratings": entries.ratings(ratings),
        "parts": {
            name: {"value": value, "shared": part.shared and name not in vocabulary.ALWAYS_PRIVATE_PARTS}
            for name, part in parts.items() if (value := _checked(name, part.value)) not in (None, "", [], {})
        },
    }  # fmt: skip
    return outbox.accept(
        kind="reflection.hand_in",
        entity=str(identity(therapist=therapist, team=team, week=week)),
        params=params,
        op_id=op_id,
    )


def _checked(name: str, value: Any) -> Any:
    entries.one_of(name, vocabulary.REFLECTION_PARTS, "the parts of a reflection")
    words = vocabulary.REFLECTION_PARTS[name].label
    if name in TEXT_PARTS:
        return entries.text(value, LONGEST_TEXT, f"“{words}”")
    if name == "frustration":
        return entries.within(value, 0, 4, words)
    if name == "feelings":
        return entries.some_of(value or [], vocabulary.FEELINGS, "feelings")
    value = {key: found for key, found in (value or {}).items() if found not in (None, "", [])}
    match name:
        case "expectation":
            entries.one_of(value.get("whose"), vocabulary.EXPECTATION_OWNERS, "whose expectation it is")
            entries.one_of(value.get("realistic"), vocabulary.WITHIN_REACH, "whether it is within reach")
        case "reframes":
            entries.some_of(value.get("used", []), vocabulary.REFRAMES, "the thoughts that helped")
            entries.one_of(value.get("helped"), vocabulary.HELPED, "whether it helped")
        case "support":
            entries.some_of(value.get("used", []), vocabulary.SUPPORTS, "the support you used")
    if "text" in value:
        value["text"] = entries.text(value["text"], LONGEST_TEXT, f"“{words}”")
    return value


def of_week(db: Client, *, therapist: UUID, team: UUID, week: date) -> Reflection | None:
    """What was handed in for a week, or None."""
    found = handed_in(db, team=team, therapist=therapist, since=weeks.monday(week), until=weeks.monday(week))
    return found[0] if found else None


def handed_in(
    db: Client, *, team: UUID, since: date, until: date, therapist: UUID | None = None
) -> list[Reflection]:
    """Reflections handed in for the weeks since … until (Mondays, both included), newest week first; at most 500."""
    with explained():
        query = db.table("reflection_list").select("*").eq("team_id", str(team))
        query = query.gte("week", since.isoformat()).lte("week", until.isoformat())
        if therapist:
            query = query.eq("therapist_id", str(therapist))
        rows = query.order("week", desc=True).order("therapist").limit(500).execute().data
    return [Reflection.from_row(row) for row in rows]


def mark_read(outbox: Outbox, *, therapist: UUID, reflection: UUID) -> Operation:
    """A supervisor has read it; from then on it stands as it is."""
    return outbox.accept(kind="reflection.read", entity=str(reflection), params={"therapist": str(therapist)})
