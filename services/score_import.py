"""Import of scores: every row judged in words before anything is kept, then all of them or none.

The names of what a row makes follow from what it says (owner, case, measure, day, value), so that the same file a second
time is recognised on this server and in the database, and changes nothing.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID, uuid5

from supabase import Client

from services import entries, measures, scores
from services.errors import Refused, explained
from services.measures import Measure
from services.outbox import Operation, Outbox
from services.score_file import File, Line
from services.scores import Score
from services.vault import Vault

State = Literal["new", "there", "parked", "error"]
NAMES = UUID("5c0e1000-0000-4000-8000-000000000000")
CASES_AT_ONCE = 40  # ids that fit into one question
GONE = ("discarded", "replaced")

DAY_FIRST = re.compile(r"([0-9]{1,2})([./])([0-9]{1,2})\2([0-9]{4})")
ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ][0-9:.]+Z?)?")
NUMBER = re.compile(r"[+-]?[0-9]{1,6}(?:[.,][0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row means."""

    case: UUID
    measure: Measure
    on_day: date
    value: int | float


@dataclass(frozen=True, slots=True)
class Row:
    """One row as the preview shows it: what was written, what becomes of it, and why."""

    line: Line
    state: State
    words: str
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """Every row of a file, judged. Only one without an error may be imported."""

    rows: tuple[Row, ...]
    ignored: tuple[str, ...] = ()

    def count(self, state: State) -> int:
        return sum(row.state == state for row in self.rows)

    @property
    def may_be_imported(self) -> bool:
        return self.count("new") > 0 and self.count("error") == 0


def judged(
    outbox: Outbox, file: File, *, cases: Mapping[str, UUID], registry: Sequence[Measure], known: Iterable[Score], today: date
) -> Preview:  # fmt: skip
    """What each row would do. `cases`: the author's own by code; `known`: their scores, those on their way included."""
    there = {(score.case, score.measure, score.on_day): score.value for score in known}
    earlier: dict[tuple[UUID, str, date], tuple[int, float]] = {}
    rows = []
    for line in file.lines:
        try:
            entry = _entry(line, cases, registry, today)
        except Refused as error:
            rows.append(Row(line, "error", str(error)))
            continue
        what = (entry.case, entry.measure.slug, entry.on_day)
        state, words = _against(entry, there.get(what), earlier.get(what))
        if state == "new" and _known(outbox, entry).state == "parked":
            state, words = "parked", "Sent before and not accepted; it is under “Waiting and parked”."
        if what not in earlier and state != "error":
            earlier[what] = (line.number, entry.value)
        rows.append(Row(line, state, words, entry if state == "new" else None))
    return Preview(tuple(rows), file.ignored)


def _against(entry: Entry, there: float | None, before: tuple[int, float] | None) -> tuple[State, str]:
    if before and before[1] != entry.value:
        return (
            "error",
            f"Line {before[0]} has another score of this measure on this day: {measures.spelt(before[1])}.",
        )
    if before:
        return "there", f"The same as line {before[0]}."
    if there is None:
        return "new", "New."
    if there == entry.value:
        return "there", "Already there."
    return "error", (
        f"There is another score on this day: {measures.spelt(there)}. Correct it on the case page, or take this row out."
    )


def _entry(line: Line, cases: Mapping[str, UUID], registry: Sequence[Measure], today: date) -> Entry:
    code = line.code.upper()
    if not code:
        raise Refused("The code is missing.")
    if code not in cases:
        raise Refused("This is not the code of a case of yours in this team.")
    on_day = day(line.day)
    if on_day > today:
        raise Refused("This day has not come yet.")
    entries.day(on_day, today=today)
    if not line.measure:
        raise Refused("The measure is missing.")
    if (measure := measures.named(registry, line.measure)) is None:
        raise Refused("This measure is not in the registry. Your administrator can add it.")
    if not measure.active:
        raise Refused(f"{measure.name} is no longer offered in your clinic.")
    return Entry(cases[code], measure, on_day, measures.checked_score(measure, number(line.score)))


def day(text: str) -> date:
    """A day written 2026-03-01, 01.03.2026 or 01/03/2026, the day before the month. Raises Refused for anything else."""
    if not text:
        raise Refused("The date is missing.")
    if found := ISO.fullmatch(text):
        year, month, day_of = map(int, found.groups())
    elif found := DAY_FIRST.fullmatch(text):
        day_of, year, month = int(found[1]), int(found[4]), int(found[3])
    else:
        raise Refused(
            "This is not a date as it is read here: 2026-03-01, 01.03.2026 or 01/03/2026, with the whole year."
        )
    if found.re is DAY_FIRST and month > 12 >= day_of:
        raise Refused(f"There is no month {month}: the day comes first here, then the month.")
    try:
        return date(year, month, day_of)
    except ValueError:
        raise Refused("There is no such day in the calendar.") from None


def number(text: str) -> float:
    """A score written 12, 12.5 or 12,5. Raises Refused for anything else."""
    if not text:
        raise Refused("The score is missing.")
    if not NUMBER.fullmatch(text):
        raise Refused("The score is not a number.")
    return float(text.replace(",", "."))


def named(owner: str, entry: Entry, attempt: int = 0) -> tuple[str, str]:
    """The names of the score and of the operation that a row makes: always the same for the same row and author."""
    said = f"{owner} {entry.case} {entry.measure.id} {entry.on_day} {measures.spelt(entry.value)}"
    return str(uuid5(NAMES, said)), str(uuid5(NAMES, f"{said} operation {attempt}"))


@dataclass(frozen=True, slots=True)
class _Known:
    op_id: str
    state: str | None


def _known(outbox: Outbox, entry: Entry) -> _Known:
    """The operation of a row and its state here. One that its author has let go of is followed by another of its own name."""
    attempt = 0
    while True:
        op_id = named(outbox.owner, entry, attempt)[1]
        found = outbox.find(op_id)
        if found is None or found.state not in GONE:
            return _Known(op_id, found.state if found else None)
        attempt += 1


def accept(vault: Vault, outbox: Outbox, preview: Preview, *, team: UUID) -> list[Operation]:
    """Keep every new row of a preview without errors; all are on disk when this returns, or none is.

    Raises Refused when a row is wrong or nothing is new.
    """
    if preview.count("error"):
        raise Refused("Nothing was imported: some rows need a correction first.")
    if not preview.count("new"):
        raise Refused("Nothing was imported: there is no new score in this file.")
    kept = []
    with vault.transaction():
        for entry in (row.entry for row in preview.rows if row.entry):
            entity, op_id = named(outbox.owner, entry)[0], _known(outbox, entry).op_id
            params = {
                "team": str(team), "case": str(entry.case), "measure": str(entry.measure.id), "on_day": entry.on_day.isoformat(),
                "value": entry.value,
            }  # fmt: skip
            kept.append(
                outbox.accept(
                    kind="score.enter", entity=entity, params=params, op_id=op_id, after=[str(entry.case)]
                )
            )
    return kept


def known(db: Client, *, team: UUID, therapist: UUID, cases: Iterable[UUID]) -> list[Score]:
    """The scores that these cases of a therapist have, to judge a file against."""
    wanted = [str(case) for case in cases]
    found: list[Score] = []
    for start in range(0, len(wanted), CASES_AT_ONCE):
        part, rows = wanted[start : start + CASES_AT_ONCE], [None]
        offset = 0
        while rows:
            with explained():
                rows = (
                    db.table("score_list").select("id, case_id, measure_id, measure, on_day, value, version")
                    .eq("team_id", str(team)).eq("therapist_id", str(therapist)).in_("case_id", part)
                    .order("id").range(offset, offset + scores.AT_ONCE - 1).execute().data
                )  # fmt: skip
            found += [scores.from_row(row) for row in rows]
            offset += len(rows)
    return found


def codes_in(file: File) -> set[str]:
    """The codes that a file names, as a registry of cases writes them."""
    return {line.code.upper() for line in file.lines}
