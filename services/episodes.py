"""Resistance episodes: a moment in which the work met resistance, logged in under a minute."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Self
from uuid import UUID

from supabase import Client

from services import entries, ids, stored, vocabulary
from services.errors import explained
from services.outbox import Operation, Outbox

LONGEST_NOTE = 300


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode as its reader may see it: the note is there for its author, and for others once shared."""

    id: UUID
    therapist_id: UUID
    therapist: str
    team: UUID
    case: UUID
    code: str
    happened_on: date
    kind: str
    markers: tuple[str, ...] = ()
    intensity: int | None = None
    first_blame: str | None = None
    next_move: str | None = None
    named: str | None = None
    outside: tuple[str, ...] = ()
    ratings: dict[int, int | None] = field(default_factory=dict)
    control_sensitivity: int | None = None
    note: str = ""
    note_shared: bool = False
    rupture: UUID | None = None
    version: int = 1

    @classmethod
    def from_row(cls, row: dict) -> Self:
        return cls(
            id=UUID(row["id"]), therapist_id=UUID(row["therapist_id"]), therapist=row["therapist"] or "", team=UUID(row["team_id"]),
            case=UUID(row["case_id"]), code=row["code"], happened_on=date.fromisoformat(row["happened_on"]), kind=row["kind"],
            markers=tuple(row["markers"]), intensity=row["intensity"], first_blame=row["first_blame"], next_move=row["next_move"],
            named=row["named"], outside=tuple(row["outside"]), ratings={int(k): v for k, v in row["ratings"].items()},
            control_sensitivity=row["control_sensitivity"], note=row["note"] or "", note_shared=bool(row["note_shared"]),
            rupture=stored.uid(row["rupture_id"]), version=row["version"],
        )  # fmt: skip


def log(
    outbox: Outbox, *, team: UUID, case: UUID, happened_on: date, kind: str | None, today: date,
    markers: Iterable[str] = (), intensity: int | None = None, first_blame: str | None = None, next_move: str | None = None,
    named: str | None = None, outside: Iterable[str] = (), ratings: Mapping[int, int | None] | None = None,
    note: str = "", share_note: bool = False, entity: str | None = None, op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Log an episode; only the kind and the day are needed. Durable on this server when it returns.

    `ratings` maps causes 1–6 to 0–4 or None ("can't tell"). `entity` and `op_id` are made when the form opens,
    so that a double click is one episode. Raises Refused, with a sentence, for what could not be stored.
    """
    entity = entity or ids.new()
    params = {"team": str(team), "case": str(case)} | _facts(
        happened_on=happened_on, kind=kind, today=today, markers=markers, intensity=intensity, first_blame=first_blame,
        next_move=next_move, named=named, outside=outside, ratings=ratings,
    )  # fmt: skip
    if body := entries.text(note, LONGEST_NOTE, "The note"):
        params["note"] = {"id": entity, "body": body, "shared": bool(share_note)}
    return outbox.accept(kind="episode.log", entity=entity, params=params, op_id=op_id, after=[str(case)])


def amend(
    outbox: Outbox, *, episode: UUID, based_on: int, happened_on: date, kind: str | None, today: date,
    markers: Iterable[str] = (), intensity: int | None = None, first_blame: str | None = None, next_move: str | None = None,
    named: str | None = None, outside: Iterable[str] = (), ratings: Mapping[int, int | None] | None = None,
    op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Change an episode of one's own; every fact is given anew, the note stays. `based_on` is the version it builds on.

    When another device has changed it in the meantime, the database refuses this one, and its author chooses.
    """
    params = {"based_on": based_on} | _facts(
        happened_on=happened_on, kind=kind, today=today, markers=markers, intensity=intensity, first_blame=first_blame,
        next_move=next_move, named=named, outside=outside, ratings=ratings,
    )  # fmt: skip
    return outbox.accept(kind="episode.amend", entity=str(episode), params=params, op_id=op_id)


def _facts(
    *, happened_on: date, kind: str | None, today: date, markers: Iterable[str], intensity: int | None, first_blame: str | None,
    next_move: str | None, named: str | None, outside: Iterable[str], ratings: Mapping[int, int | None] | None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "happened_on": entries.day(happened_on, today=today),
        "kind": entries.one_of(kind, vocabulary.EPISODE_KINDS, "what happened", needed=True),
        "markers": entries.some_of((m for m in markers if m != kind), vocabulary.EPISODE_KINDS, "what else you noticed"),
        "intensity": entries.within(intensity, 1, 5, "Intensity"),
        "first_blame": entries.one_of(first_blame, vocabulary.BLAMES, "where the first blame went"),
        "next_move": entries.one_of(next_move, vocabulary.NEXT_MOVES, "what you did next"),
        "named": entries.one_of(named, vocabulary.NAMED, "whether it was named"),
        "outside": entries.some_of(outside, vocabulary.OUTSIDE_FACTORS, "what plays in from outside"),
        "ratings": entries.ratings(ratings or {}),
    }  # fmt: skip


def recent(
    db: Client, *, team: UUID, therapist: UUID | None = None, case: UUID | None = None, limit: int = 50
) -> list[Episode]:
    """Episodes of a team that the caller may see, newest first; of one therapist, and of one case, when named."""
    with explained():
        query = db.table("episode_list").select("*").eq("team_id", str(team))
        if therapist:
            query = query.eq("therapist_id", str(therapist))
        if case:
            query = query.eq("case_id", str(case))
        rows = (
            query.order("happened_on", desc=True).order("created_at", desc=True).limit(limit).execute().data
        )
    return [Episode.from_row(row) for row in rows]


def find(db: Client, *, team: UUID, therapist: UUID, episode: UUID) -> Episode | None:
    """One episode, or None when it is not there or not the caller's to see."""
    with explained():
        rows = (
            db.table("episode_list").select("*").eq("team_id", str(team)).eq("therapist_id", str(therapist))
            .eq("id", str(episode)).execute().data
        )  # fmt: skip
    return Episode.from_row(rows[0]) if rows else None


def of_case(db: Client, *, therapist: UUID, case: UUID) -> list[Episode]:
    """The episodes of a case that the caller may see, the latest first; at most 1,000."""
    with explained():
        rows = (
            db.table("episode_list").select("*").eq("therapist_id", str(therapist)).eq("case_id", str(case))
            .order("happened_on", desc=True).order("created_at", desc=True).limit(1000).execute().data
        )  # fmt: skip
    return [Episode.from_row(row) for row in rows]


def as_they_will_be(known: Iterable[Episode], waiting: Iterable[Operation]) -> list[Episode]:
    """Episodes with those of their corrections that are still on their way, so that the next one builds on them."""
    found = {episode.id: episode for episode in known}
    for op in waiting:
        episode = found.get(UUID(op.entity))
        if op.kind == "episode.amend" and episode and op.params["based_on"] == episode.version:
            said = op.params
            found[episode.id] = replace(
                episode, happened_on=date.fromisoformat(said["happened_on"]), kind=said["kind"], markers=tuple(said["markers"]),
                intensity=said["intensity"], first_blame=said["first_blame"], next_move=said["next_move"], named=said["named"],
                outside=tuple(said["outside"]), ratings={int(cause): value for cause, value in said["ratings"].items()},
                version=episode.version + 1,
            )  # fmt: skip
    return sorted(found.values(), key=lambda episode: episode.happened_on, reverse=True)
