"""The formulation card of a case: each field dated and kept in versions, with what is missing and what has grown old."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from typing import Self
from uuid import UUID

from supabase import Client

from services import entries, ids, texts, vocabulary
from services.errors import explained
from services.outbox import Operation, Outbox
from services.texts import Text

STALE_DAYS = 90
FEARS = "fears"

# The nine fields that a card is complete with, and what is kept beside them.
CARD = (
    "core_problems", "development", "wants", "expects", "self_with_others", "core_beliefs", "recurring_themes", "interventions",
    "self_sabotage",
)  # fmt: skip
BESIDE = ("schemas", "beliefs_about_life", "protective_factors", FEARS)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a field as its reader may see it. `words` is None where there are none, or none for this reader.

    `ticked` are fears of the client, on that field alone; they are facts, and seen with the version.
    """

    id: UUID
    case: UUID
    field: str
    version: int
    written_on: date
    therapist: str = ""
    emptied: bool = False
    ticked: tuple[str, ...] = ()
    words: Text | None = None

    @classmethod
    def from_row(cls, row: dict) -> Self:
        return cls(
            id=UUID(row["id"]), case=UUID(row["case_id"]), field=row["field"], version=row["version"],
            written_on=date.fromisoformat(row["written_on"]), therapist=row["therapist"] or "", emptied=row["emptied"],
            ticked=tuple(row["ticked"]), words=texts.beside(row, "formulation", body="body", shared="shared", version="text_version"),
        )  # fmt: skip

    @property
    def body(self) -> str:
        """Its words, as far as this reader has them."""
        return self.words.body if self.words else ""

    def is_stale(self, today: date) -> bool:
        """Older than 90 days (S13, R11)."""
        return not self.emptied and (today - self.written_on).days > STALE_DAYS


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of the nine fields stands, by their keys. It says nothing about how good the formulation is."""

    written: tuple[str, ...]
    missing: tuple[str, ...]
    stale: tuple[str, ...]

    @property
    def in_words(self) -> str:
        """ "5 of 9 fields written, 2 older than 90 days" """
        if not self.written:
            return "None of the 9 fields is written yet"
        many = f"{len(self.written)} of 9" if self.missing else "All 9"
        old = f", {len(self.stale)} older than {STALE_DAYS} days" if self.stale else ""
        return f"{many} fields written{old}"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of two versions: "same" in both, "removed" from the earlier, or "added" by the later."""

    kind: str
    text: str


def current(db: Client, *, team: UUID, therapist: UUID, case: UUID) -> dict[str, Version]:
    """What stands for each field of a case that was ever written, by the field's key."""
    with explained():
        rows = _of(db, team=team, therapist=therapist, case=case).eq("stands", True).limit(50).execute().data
    return {row["field"]: Version.from_row(row) for row in rows}


def versions(db: Client, *, team: UUID, therapist: UUID, case: UUID, field: str) -> list[Version]:
    """Every version of one field, the latest first; at most 200."""
    with explained():
        rows = (
            _of(db, team=team, therapist=therapist, case=case).eq("field", field)
            .order("version", desc=True).limit(200).execute().data
        )  # fmt: skip
    return [Version.from_row(row) for row in rows]


def _of(db: Client, *, team: UUID, therapist: UUID, case: UUID):
    query = db.table("formulation_list").select("*").eq("team_id", str(team))
    return query.eq("therapist_id", str(therapist)).eq("case_id", str(case))


def as_it_will_be(
    known: Mapping[str, Version], waiting: Iterable[Operation], *, case: UUID, therapist: str = ""
) -> dict[str, Version]:
    """What stands for each field with what its author has saved and the database does not have yet."""
    waiting, found = list(waiting), dict(known)
    for op in waiting:
        if op.kind != "formulation.write" or op.params["case"] != str(case):
            continue
        there = found.get(op.params["field"])
        if op.params["based_on"] == (
            there.version if there else 0
        ):  # else it has arrived, or will be refused
            found[op.params["field"]] = _written(op, therapist)
    return {
        field: replace(one, words=one.words and texts.as_it_will_be(one.words, waiting)) for field, one in found.items()
    }  # fmt: skip


def _written(op: Operation, therapist: str) -> Version:
    said, words = op.params, op.params.get("words")
    return Version(
        id=UUID(op.entity), case=UUID(said["case"]), field=said["field"], version=said["based_on"] + 1,
        written_on=date.fromisoformat(said["written_on"]), therapist=therapist, emptied=not words and not said["ticked"],
        ticked=tuple(said["ticked"]),
        words=Text(UUID(words["id"]), "formulation", UUID(op.entity), body=words["body"], shared=words["shared"]) if words else None,
    )  # fmt: skip


def completeness(stands: Mapping[str, Version], *, today: date) -> Completeness:
    """What of the nine fields is written, missing or older than 90 days. One that was emptied is missing."""
    written = tuple(field for field in CARD if field in stands and not stands[field].emptied)
    return Completeness(
        written=written,
        missing=tuple(field for field in CARD if field not in written),
        stale=tuple(field for field in written if stands[field].is_stale(today)),
    )


def write(
    outbox: Outbox, *, team: UUID, case: UUID, field: str, body: str, based_on: Version | None, written_on: date, today: date,
    share: bool = False, ticked: Iterable[str] = (), entity: str | None = None, op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Write a field anew: another version, by its therapist. `based_on` is the version on screen, None for none.

    When another device has written it in the meantime, the database refuses this one, and its author chooses.
    Nothing in `body` and nothing ticked says that the field is empty again.
    """
    entity = entity or ids.new()
    label = vocabulary.label(
        "formulation_field", entries.one_of(field, vocabulary.FORMULATION_FIELDS, "a field", needed=True)
    )
    params = {
        "team": str(team), "case": str(case), "field": field, "based_on": based_on.version if based_on else 0,
        "written_on": entries.day(written_on, today=today),
"ticked": _fears(ticked) if field == FEARS else [],
    }  # fmt: skip
    if words := texts.words(body, shared=share, id=entity, what=f"“{label}”"):
        params["words"] = words
    after = [str(case), *([str(based_on.id)] if based_on else [])]
    return outbox.accept(kind="formulation.write", entity=entity, params=params, op_id=op_id, after=after)


def _fears(ticked: Iterable[str]) -> list[str]:
    chosen = entries.some_of(ticked, vocabulary.CLIENT_FEARS, "the fears")
    return [fear for fear in vocabulary.CLIENT_FEARS if fear in chosen]


def difference(before: str, after: str) -> list[Piece]:
    """What it takes, word by word, to come from one text to another; the pieces stand in the order of reading.

    What is same or added gives the later text, what is same or removed the earlier, to the last blank.
    """
    old, new = _words(before), _words(after)
    blocks = [
        ("".join(old[i1:i2]), "".join(new[j1:j2])) for _, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    ]  # fmt: skip
    pieces, removed, added = [], "", ""
    for place, (left, right) in enumerate(blocks):
        if left == right and not (0 < place < len(blocks) - 1 and left.isspace()):
            pieces += [*_change(removed, added), Piece("same", right)]
            removed = added = ""
        else:  # a blank that two changes have between them belongs to both, so that phrases stay together
            removed, added = removed + left, added + right
    return pieces + _change(removed, added)


def _change(removed: str, added: str) -> list[Piece]:
    return [Piece(kind, text) for kind, text in (("removed", removed), ("added", added)) if text]


def _words(text: str) -> list[str]:
    """Words with the blanks behind them as tokens of their own, so that nothing is lost between them."""
    return re.findall(r"\s+|\S+", text)
