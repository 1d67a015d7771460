"""Working on flags: what was done about one, by whom, and who was asked to see to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from supabase import Client

from services import entries, ids, stored, vocabulary
from services.errors import Refused, explained
from services.flags.reading import Flag
from services.outbox import Operation, Outbox

LONGEST_NOTE = 500
SHORTEST_REASON = 10  # of a rest; that of a lead's look is 30


@dataclass(frozen=True, slots=True)
class Worked:
    """One thing that somebody did about a flag; the history only grows."""

    actor: str
    rule: str
    about: str
    kind: str
    note: str
    happened_at: str
    assignee: str = ""
    due_on: date | None = None
    until_on: date | None = None
    outcome: str | None = None
    flag: UUID | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A flag that somebody is asked to see to. `by` is "" where the reader may not know the name."""

    flag: UUID
    rule: str
    about: str
    therapist_id: UUID
    case: UUID
    note: str
    due_on: date | None
    by: str = ""


def work(
    outbox: Outbox, *, team: UUID, therapist: UUID, case: UUID, flag: UUID, kind: str, today: date, note: str = "",
    assignee: UUID | None = None, due_on: date | None = None, until_on: date | None = None, outcome: str | None = None,
    op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Note what was done about a flag: it stays in everybody else's view. Raises Refused where something is missing."""
    params: dict[str, Any] = {
        "id": op_id or ids.new(), "team": str(team), "therapist": str(therapist), "case": str(case),
        "kind": entries.one_of(kind, vocabulary.FLAG_WORK, "what you do", needed=True),
        "note": entries.text(note, LONGEST_NOTE, "The note"),
    }  # fmt: skip
    if kind == "assigned":
        if assignee is None:
            raise Refused("Please choose who is asked to see to it.")
        params |= {"assignee": str(assignee), "due_on": due_on.isoformat() if due_on else None}
    if kind == "snoozed":
        if until_on is None or until_on <= today:
            raise Refused("Please choose a day to come, on which it comes back.")
        if len(params["note"]) < SHORTEST_REASON:
            raise Refused(f"Please give the reason for the rest in {SHORTEST_REASON} characters or more.")
        params["until_on"] = until_on.isoformat()
    if kind == "noted" and not params["note"]:
        raise Refused("Please write the note.")
    if kind == "resolved":
        params["outcome"] = entries.one_of(outcome, vocabulary.FLAG_OUTCOMES, "how it ended", needed=True)
    return outbox.accept(kind="flag.work", entity=str(flag), params=params, op_id=params["id"])


def history(db: Client, *, team: UUID, therapist: UUID, case: UUID) -> list[Worked]:
    """What was done about the flags of a case, the latest first; at most 200."""
    with explained():
        rows = (
            db.table("flag_event_list").select("*").eq("team_id", str(team)).eq("therapist_id", str(therapist))
            .eq("case_id", str(case)).order("happened_at", desc=True).limit(200).execute().data
        )  # fmt: skip
    return [
        Worked(
            r["actor"] or "", r["rule"], r["about"], r["kind"], r["note"], r["happened_at"], r["assignee"] or "", stored.day(r["due_on"]),
            stored.day(r["until_on"]), r["outcome"], UUID(r["flag_id"]),
        )
        for r in rows
    ]  # fmt: skip


def as_they_will_be(known: Iterable[Flag], waiting: Iterable[Operation]) -> list[Flag]:
    """The same with what their reader has saved about them and the database does not have yet."""
    found = {str(flag.id): flag for flag in known}
    for op in waiting:
        if (
            op.kind == "flag.work"
            and op.entity in found
            and op.params["kind"] in ("acknowledged", "snoozed", "resolved")
        ):
            found[op.entity] = replace(
                found[op.entity], mine=op.params["kind"], rests_until=stored.day(op.params.get("until_on"))
            )  # fmt: skip
    return list(found.values())


def given_to(db: Client, *, team: UUID, person: UUID, today: date) -> list[Given]:
    """Flags that are up and were given to this person last, those due first; not those that they have dealt with since.

    At most 100 are looked at.
    """
    with explained():
        asked = (
            db.table("flag_event_list").select("*").eq("team_id", str(team)).eq("assignee_id", str(person)).is_("cleared_on", "null")
            .order("happened_at", desc=True).limit(100).execute().data
        )  # fmt: skip
        ids_of = sorted({row["flag_id"] for row in asked})
        done = (
            db.table("flag_event_list").select("flag_id, actor_id, kind, happened_at, until_on, id").eq("team_id", str(team)).in_("flag_id", ids_of)
            .in_("kind", ["assigned", "resolved", "snoozed"]).limit(1000).execute().data
        ) if ids_of else []  # fmt: skip
    found = []
    for flag in ids_of:
        row = next(row for row in asked if row["flag_id"] == flag)
        later = [
            e
            for e in done
            if e["flag_id"] == flag and (e["happened_at"], e["id"]) > (row["happened_at"], row["id"])
        ]
        if not any(_takes_away(e, person, today) for e in later):
            found.append(
                Given(
                    UUID(flag), row["rule"], row["about"], UUID(row["therapist_id"]), UUID(row["case_id"]), row["note"], stored.day(row["due_on"]),
                    row["actor"] or "",
                )
            )  # fmt: skip
    return sorted(found, key=lambda one: (one.due_on or date.max, one.rule, str(one.flag)))


def _takes_away(event: Mapping[str, Any], person: UUID, today: date) -> bool:
    """Whether this later event takes a flag off the list of whoever it was given to."""
    if event["kind"] == "assigned":
        return True
    mine = event["actor_id"] == str(person)
    return mine and (event["kind"] == "resolved" or date.fromisoformat(event["until_on"]) > today)
