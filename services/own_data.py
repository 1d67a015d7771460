"""Own data: everything of one person as files to take away, and what their entries said before they were changed."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from supabase import Client

from services import spreadsheets, vocabulary
from services.errors import explained
from services.own_data_tables import OWN, Column, Table
from services.people import Person

PAGE = 1_000  # rows the API gives at once
CHANGES = 20  # changes on one page
FORMATS = {"uuid": ("string", "uuid"), "date": ("string", "date"), "moment": ("string", "date-time"), "text": ("string", None),
           "time": ("string", "time"), "int": ("integer", None), "number": ("number", None), "bool": ("boolean", None)}  # fmt: skip
# An enum of the schema whose words go by another name.
ENUM_NAMES = {"named_with_client": "named"}
# Columns that say nothing to a reader about what changed.
SILENT = {"version", "created_at", "stated_at", "written_at", "handed_in_at"}

README = """Your data in Sixfold

This archive holds the rows that you wrote, and the rows about your own cases that are yours to read.
Nothing of anybody else's cases is in it.

  sixfold.json   everything, exactly as it is stored, in one file
  csv/           the same, one file for each table, for a spreadsheet
  schema.json    what each column means (JSON Schema, draft 2020-12)
  README.txt     this page

Rows are tied together by their ids: an episode's case_id is the id of a row in cases. A client is a code, never a name.
A weekly reflection is spread over reflections, reflection_parts and ratings; free texts of a case are in case_texts.
In the CSV files a text that a spreadsheet would run as a formula has an apostrophe in front; lists and nested values
are written as JSON. The JSON file has them as they are.
Earlier versions of what you changed are in history.

These files are not encrypted. They hold what you wrote about your work with clients: keep them where nobody else can
read them, and delete them when you no longer need them.
"""


def rows(
    db: Client, table: Table, *, person: UUID, told: Callable[[int], None] = lambda count: None
) -> list[dict]:
    """Every row of a table that is this person's, each once. Asked page by page until a page is empty."""
    found: dict[tuple[str, ...], dict] = {}
    for owner in table.owners:
        for page in _pages(db, table, owner=owner, person=person):
            found |= {table.identity(row): row for row in page}
            told(len(found))
    return list(found.values())


def _pages(db: Client, table: Table, *, owner: str, person: UUID) -> Iterator[list[dict]]:
    """Pages in the order of the key, each beginning after the last row of the one before: what arrives meanwhile moves nothing."""
    order = [name for name in table.key if name != owner] or list(table.key)
    last: dict | None = None
    while True:
        with explained():
            query = (
                db.table(table.name)
                .select(",".join(column.name for column in table.columns))
                .eq(owner, str(person))
            )
            if last is not None:
                query = (
                    query.or_(_after(order, last)) if len(order) > 1 else query.gt(order[0], last[order[0]])
                )
            for name in order:
                query = query.order(name)
            page = query.limit(PAGE).execute().data
        if not page:
            return
        yield page
        last = page[-1]


def _after(order: list[str], last: dict) -> str:
    first, *others = order
    if not others:
        return f"{first}.gt.{last[first]}"
    return f"{first}.gt.{last[first]},and({first}.eq.{last[first]},{_after(others, last)})"


def archive(
    db: Client,
    *,
    person: Person,
    now: datetime,
    told: Callable[[float, str], None] = lambda share, what: None,
) -> bytes:
    """A zip with everything of this person. `told` hears how far it is (0–1) and which table is being read.

    It is made in memory: nothing of it is written to this server's disk. That it was taken out is logged before anything is read.
    """
    with explained():
        db.rpc("log_own_export", {}).execute()
    everything: dict[str, list[dict]] = {}
    for number, table in enumerate(OWN.values()):
        said_so_far = partial(_told, told, number / len(OWN), table.meaning)
        said_so_far(0)
        everything[table.name] = rows(db, table, person=person.id, told=said_so_far)
    with explained():
        measures = db.table("measures").select("id, name").limit(PAGE).execute().data
    used = {row["measure_id"] for row in everything["scores"]}
    said = {
        "exported_at": now.isoformat(), "person": {"id": str(person.id), "name": person.name, "clinic": person.clinic},
        "teams": {str(m.team): m.team_name for m in person.memberships},
        "measures": {m["id"]: m["name"] for m in measures if m["id"] in used}, "tables": everything,
    }  # fmt: skip
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("README.txt", README)
        zipped.writestr("schema.json", json.dumps(schema(), indent=2, ensure_ascii=False))
        zipped.writestr("sixfold.json", json.dumps(said, indent=1, ensure_ascii=False))
        for name, content in everything.items():
            zipped.writestr(f"csv/{name}.csv", as_csv(OWN[name], content))
    told(1.0, "Done.")
    return into.getvalue()


def _told(told: Callable[[float, str], None], share: float, what: str, count: int) -> None:
    told(share, f"{what} {count:,} so far." if count else what)


def as_csv(table: Table, content: list[dict]) -> bytes:
    """One table as UTF-8 with a byte-order mark, as spreadsheets expect it."""
    into = io.StringIO()
    lines = csv.writer(into)
    lines.writerow([column.name for column in table.columns])
    lines.writerows([_cell(row[column.name]) for column in table.columns] for row in content)
    return into.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return spreadsheets.safe(
        json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
    )


def schema() -> dict[str, Any]:
    """A JSON Schema of sixfold.json, with a description of every table and column."""
    tables = {
        table.name: {
            "description": table.meaning, "type": "array",
            "items": {
                "type": "object", "additionalProperties": False, "required": [column.name for column in table.columns],
                "properties": {column.name: _described(column) for column in table.columns},
            },
        }
        for table in OWN.values()
    }  # fmt: skip
    names = {"type": "object", "additionalProperties": {"type": "string"}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "One person’s own data in Sixfold", "type": "object",
        "required": ["exported_at", "person", "teams", "measures", "tables"], "additionalProperties": False,
        "properties": {
            "exported_at": {"type": "string", "format": "date-time", "description": "When these files were made."},
            "person": names | {"description": "You."}, "teams": names | {"description": "The names of your teams, by id."},
            "measures": names | {"description": "The names of the measures of your scores, by id."},
            "tables": {"type": "object", "required": list(tables), "additionalProperties": False, "properties": tables},
        },
    }  # fmt: skip


def _described(column: Column) -> dict[str, Any]:
    listed = column.type.endswith("[]")
    shape = _shape(column.type.removesuffix("[]"))
    if listed:
        shape = {"type": "array", "items": shape}
    if column.empty:
        shape = {"anyOf": [shape, {"type": "null"}]}
    return {"description": column.meaning} | shape


def _shape(kind: str) -> dict[str, Any]:
    if kind == "json":
        return {"type": "object"}
    if kind == "list":
        return {"type": "array", "items": {"type": "object"}}
    if kind in FORMATS:
        name, form = FORMATS[kind]
        return {"type": name} | ({"format": form} if form else {})
    words = vocabulary.ENUMS.get(
        ENUM_NAMES.get(kind, kind)
    )  # a newer type of the database may have no words here yet
    return {"type": "string"} | ({"enum": list(words)} if words else {})


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an entry: what each column said before and says since. `now` is None where it was taken back."""

    table: str
    row_id: str
    changed_at: datetime
    by_me: bool
    before: dict[str, Any]
    now: dict[str, Any] | None

    def columns(self) -> list[Column]:
        """The columns that a reader can follow, where they differ; all that said something, where it was taken back."""
        told = [c for c in OWN[self.table].columns if c.type != "uuid" and c.name not in SILENT]
        if self.now is None:
            return [c for c in told if self.before.get(c.name) not in (None, "", [], {})]
        return [c for c in told if self.before.get(c.name) != self.now.get(c.name)]


def changes(db: Client, *, person: UUID, page: int = 0) -> tuple[list[Change], bool]:
    """One page of what this person's entries said before, the latest change first, and whether there are older ones."""
    with explained():
        found = (
            db.table("history").select("*").eq("owner_id", str(person)).order("id", desc=True)
            .range(page * CHANGES, (page + 1) * CHANGES).execute().data
        )  # fmt: skip
        older, found = len(found) > CHANGES, [row for row in found[:CHANGES] if row["table_name"] in OWN]
        if not found:
            return [], older
        entries = sorted({row["row_id"] for row in found})
        later = (
            db.table("history").select("*").eq("owner_id", str(person)).in_("row_id", entries).gt("id", min(row["id"] for row in found))
            .order("id").limit(PAGE).execute().data
        )  # fmt: skip
        standing = _standing(db, found)
    return [
        Change(
            row["table_name"], row["row_id"], datetime.fromisoformat(row["changed_at"]), row["changed_by"] == str(person), row["before"],
            _next(row, later) or standing.get(_named(row["table_name"], row["before"])),
        )
        for row in found
    ], older  # fmt: skip


def _named(table: str, row: dict) -> tuple[str, ...]:
    return table, *OWN[table].identity(row)


def _next(row: dict, later: list[dict]) -> dict | None:
    """What the same entry said after this change, if it was changed again."""
    entry = _named(row["table_name"], row["before"])
    after = (one for one in later if one["id"] > row["id"] and one["table_name"] == row["table_name"])
    return next((one["before"] for one in after if _named(one["table_name"], one["before"]) == entry), None)


def _standing(db: Client, found: list[dict]) -> dict[tuple[str, ...], dict]:
    """The entries as they stand now, by their names; those that were taken back are not there."""
    now: dict[tuple[str, ...], dict] = {}
    for name in sorted({row["table_name"] for row in found}):
        by = "id" if "id" in OWN[name].key else "reflection_id"
        wanted = sorted({row["row_id"] for row in found if row["table_name"] == name})
        query = db.table(name).select("*").in_(by, wanted).limit(PAGE)
        now |= {_named(name, row): row for row in query.execute().data}
    return now
