"""How long a clinic keeps what: periods, a rehearsal, the purge and its reports, and holds that keep what would go."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Self
from uuid import UUID

from supabase import Client

from services import cases, entries, stored
from services.errors import NotAllowed, Refused, explained
from services.vocabulary import RETAINED

SHORTEST, LONGEST = 30, 36_525  # days, as the database checks them
SHORTEST_REASON, LONGEST_REASON = 10, 500
#: What an administrator types before anything is taken out.
WORD = "purge"
ONLY_AN_ADMINISTRATOR = "Only an administrator of the clinic can set how long something is kept."


@dataclass(frozen=True, slots=True)
class Due:
    """Of one kind: how many would go today, how many a hold keeps, and since when the oldest is there."""

    what: str
    due: int
    held: int
    oldest: date


@dataclass(frozen=True, slots=True)
class Purged:
    """What one step of a purge took. `kinds`: what → (taken, kept by a hold); `tables`: counts by table; `left`: cases still due."""

    kinds: Mapping[str, tuple[int, int]]
    tables: Mapping[str, int]
    left: int = 0
    ran_at: datetime | None = None
    ran_by: str = ""

    @classmethod
    def from_report(cls, report: dict, *, ran_at: str | None = None, ran_by: str = "") -> Self:
        return cls(
            MappingProxyType({what: (n["taken"], n["held"]) for what, n in report["kinds"].items()}),
            MappingProxyType(dict(report.get("tables", {}))),
            report.get("left", 0),
            stored.moment(ran_at),
            ran_by,
        )


@dataclass(frozen=True, slots=True)
class Hold:
    """What keeps entries from being purged or erased: a case code, a person, or this code of this person."""

    id: UUID
    code: str | None
    person: str | None
    reason: str
    set_by: str
    set_at: datetime
    lifted_at: datetime | None


def clinic_of(db: Client, *, team: UUID) -> UUID:
    """The clinic that a team of the caller belongs to."""
    with explained():
        rows = db.table("teams").select("clinic_id").eq("id", str(team)).execute().data
    if not rows:
        raise NotAllowed(ONLY_AN_ADMINISTRATOR)
    return UUID(rows[0]["clinic_id"])


def periods(db: Client, *, clinic: UUID) -> dict[str, int]:
    """What is kept for how many days; what has no period is kept, and is not in here."""
    with explained():
        rows = db.table("retention_periods").select("what, days").eq("clinic_id", str(clinic)).execute().data
    return {row["what"]: row["days"] for row in rows}


def keep(db: Client, *, clinic: UUID, what: str, days: int | None) -> None:
    """Set how long one kind is kept; None keeps it without an end. Nothing is taken out by this.

    Written directly: raises at once when it could not be, NotAllowed but for an administrator of the clinic.
    """
    entries.one_of(what, RETAINED, "what is kept", needed=True)
    if days is not None:
        entries.within(days, SHORTEST, LONGEST, "A period, in days,")
    # No upsert: Postgres would ask for the right to change the clinic of a row, which nobody has.
    with explained():
        table = db.table("retention_periods")
        if days is None:
            table.delete().eq("clinic_id", str(clinic)).eq("what", what).execute()
            done = what not in periods(db, clinic=clinic)
        else:
            done = bool(
                table.update({"days": days}).eq("clinic_id", str(clinic)).eq("what", what).execute().data
            ) or bool(
                db.table("retention_periods")
                .insert({"clinic_id": str(clinic), "what": what, "days": days})
                .execute()
                .data
            )
    if not done:
        raise NotAllowed(ONLY_AN_ADMINISTRATOR)


def rehearse(db: Client, *, clinic: UUID) -> list[Due]:
    """What a purge would take today, in the order of RETAINED; takes nothing. NotAllowed but for an administrator of the clinic."""
    with explained():
        rows = db.rpc("purge_preview", {"clinic": str(clinic)}).execute().data
    found = {
        row["what"]: Due(row["what"], row["due"], row["held"], date.fromisoformat(row["oldest"]))
        for row in rows
    }
    return [found[what] for what in RETAINED if what in found]


def purge(db: Client, *, clinic: UUID, typed: str) -> Iterator[Purged]:
    """Take out what is due, step by step, each step whole by itself. Raises Refused, before the first, unless WORD was typed.

    What a step took is gone even where a later one fails; asking again goes on from there.
    """
    if typed.strip().casefold() != WORD:
        raise Refused(f"Please type “{WORD}” to say that this is meant.")

    def steps() -> Iterator[Purged]:
        left = None
        while left is None or left > 0:
            with explained():
                step = Purged.from_report(db.rpc("purge", {"clinic": str(clinic)}).execute().data)
            yield step
            if left is not None and step.left >= left:
                return  # as many came due meanwhile as went; the next purge takes them
            left = step.left

    return steps()


def reports(db: Client, *, clinic: UUID) -> list[Purged]:
    """What earlier purges took, the latest first; the last 100 steps."""
    with explained():
        rows = (
            db.table("purge_reports").select("ran_at, ran_by, report").eq("clinic_id", str(clinic))
            .order("id", desc=True).limit(100).execute().data
        )  # fmt: skip
        names = _names(db, {row["ran_by"] for row in rows})
    return [
        Purged.from_report(row["report"], ran_at=row["ran_at"], ran_by=names.get(row["ran_by"], ""))
        for row in rows
    ]


def holds(db: Client, *, clinic: UUID) -> list[Hold]:
    """Holds of the clinic: those in force first, the latest first; at most 500."""
    with explained():
        rows = (
            db.table("legal_holds").select("*").eq("clinic_id", str(clinic))
            .order("set_at", desc=True).limit(500).execute().data
        )  # fmt: skip
        names = _names(db, {row[who] for row in rows for who in ("therapist_id", "set_by")})
    found = [
        Hold(
            UUID(row["id"]), row["code"], names.get(row["therapist_id"], "somebody of the clinic") if row["therapist_id"] else None,
            row["reason"], names.get(row["set_by"], ""), datetime.fromisoformat(row["set_at"]),
            stored.moment(row["lifted_at"]),
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda hold: hold.lifted_at is not None)


def hold(db: Client, *, clinic: UUID, me: UUID, code: str, person: UUID | None, reason: str) -> None:
    """Keep a case code (of every therapist, or of `person`), or all that `person` wrote. NotAllowed but for an administrator."""
    code = cases.checked_code(code) if code.strip() else None
    if code is None and person is None:
        raise Refused("A hold is about a case code or a person. Please give one of them.")
    reason = entries.text(reason, LONGEST_REASON, "The reason")
    if len(reason) < SHORTEST_REASON:
        raise Refused(f"Please give the reason of the hold in {SHORTEST_REASON} characters or more.")
    row = {
        "clinic_id": str(clinic), "code": code, "therapist_id": str(person) if person else None, "reason": reason, "set_by": str(me),
    }  # fmt: skip
    with explained():
        db.table("legal_holds").insert(row, returning="minimal").execute()


def lift(db: Client, *, hold: UUID) -> None:
    """A hold ends now. What it kept is due again as its period says; nothing is taken out by this."""
    with explained():
        changed = (
            db.table("legal_holds").update({"lifted_at": datetime.now(UTC).isoformat()})
            .eq("id", str(hold)).is_("lifted_at", "null").execute().data
        )  # fmt: skip
    if not changed:
        raise Refused("This hold is not in force any more, or is not yours to lift.")


def people(db: Client) -> dict[UUID, str]:
    """People of the caller's teams, those who have left as well: id → name, by name."""
    with explained():
        rows = db.table("people").select("id, display_name").order("display_name").limit(1000).execute().data
    return {UUID(row["id"]): row["display_name"] for row in rows}


def _names(db: Client, ids: set[str | None]) -> dict[str, str]:
    wanted = sorted(one for one in ids if one)
    if not wanted:
        return {}
    rows = db.table("people").select("id, display_name").in_("id", wanted).limit(1000).execute().data
    return {row["id"]: row["display_name"] for row in rows}
