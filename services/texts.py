"""The free texts of a case: each its author's alone, unless it is shared by itself."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from supabase import Client

from services import entries, ids, vocabulary
from services.errors import explained
from services.outbox import Operation, Outbox

LONGEST = 2_000
AT_MOST = 1_000  # rows, as many as the API gives


@dataclass(frozen=True, slots=True)
class Text:
    """One text as its reader may see it. `about_id` is the row it belongs to, `slot` the question where there are several.

    An empty `body` was taken back. `version` is what a change builds on.
    """

    id: UUID
    about: str
    about_id: UUID
    slot: str = ""
    body: str = ""
    shared: bool = False
    version: int = 1
    written_at: datetime | None = None

    @classmethod
    def from_row(cls, row: dict) -> Self:
        return cls(
            UUID(row["id"]), row["about"], UUID(row["about_id"]), row["slot"], row["body"], row["shared"], row["version"],
            datetime.fromisoformat(row["written_at"]),
        )  # fmt: skip


def beside(row: dict[str, Any], about: str, *, body: str, shared: str, version: str) -> Text | None:
    """The text that a list shows beside its row, from these columns of it; None where there is none, or none for this reader."""
    if not row["text_id"]:
        return None
    return Text(
        UUID(row["text_id"]), about, UUID(row["id"]), body=row[body], shared=row[shared], version=row[version]
    )


def inside(op: Operation, about: str, name: str, *, of: UUID | None = None) -> Text | None:
    """The text that travels in an operation under this name, as its author will read it once it has arrived.

    It is about what the operation is about, unless `of` is the row that it belongs to.
    """
    said = op.params.get(name)
    return said and Text(
        UUID(said["id"]), about, of or UUID(op.entity), body=said["body"], shared=said["shared"]
    )


def words(
    body: str | None, *, shared: bool = False, id: str, longest: int = LONGEST, what: str = "The text"
) -> dict[str, Any] | None:
    """A text as it travels inside another operation (a goal's wording, say), or None when nothing was written.

    `id` names the text from now on; what it belongs to can lend it its own. Raises Refused when it is too long.
    """
    body = entries.text(body, longest, what)
    return {"id": ids.checked(id), "body": body, "shared": bool(shared)} if body else None


def of(db: Client, *, case: UUID, about: str | None = None) -> list[Text]:
    """The texts of a case that the caller may read, in the order in which they were made; at most 1,000."""
    with explained():
        query = db.table("case_texts").select("*").eq("case_id", str(case))
        if about:
            query = query.eq("about", about)
        rows = query.order("id").limit(AT_MOST).execute().data
    return [Text.from_row(row) for row in rows]


def in_team(db: Client, *, team: UUID, about: str, about_ids: Iterable[UUID]) -> dict[UUID, Text]:
    """The texts about these rows of a team that the caller may read, by the row."""
    named = [str(one) for one in about_ids]
    if not named:
        return {}
    with explained():
        query = db.table("case_texts").select("*").eq("team_id", str(team)).eq("about", about)
        rows = query.in_("about_id", named).limit(AT_MOST).execute().data
    return {text.about_id: text for text in map(Text.from_row, rows)}


def write(
    outbox: Outbox, *, team: UUID, case: UUID, about: str, body: str, about_id: UUID | None = None, slot: str = "",
    shared: bool = False, what: str = "The text", longest: int = LONGEST, entity: str | None = None, op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Write a text of its own; about the case as a whole unless `about_id` names something in it."""
    about_id = about_id or case
    params = {
        "team": str(team), "case": str(case), "about": entries.one_of(about, vocabulary.TEXT_ABOUT, "what it is about", needed=True),
        "about_id": str(about_id), "slot": slot, "body": entries.text(body, longest, what), "shared": bool(shared),
    }  # fmt: skip
    return outbox.accept(
        kind="text.write", entity=entity or ids.new(), params=params, op_id=op_id, after=[str(case), str(about_id)]
    )  # fmt: skip


def amend(
    outbox: Outbox, *, text: Text, case: UUID, body: str | None = None, shared: bool | None = None,
    what: str = "The text", longest: int = LONGEST, after: Iterable[UUID] = (), op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Put other words in its place, or change who may read it; what is None stays. It builds on the version of `text`.

    `after` names what else has to be there before it: the task, where the text came with a look at it.
    When another device has changed it in the meantime, the database refuses this one, and its author chooses.
    """
    params: dict[str, Any] = {"case": str(case), "based_on": text.version}
    if body is not None:
        params["body"] = entries.text(body, longest, what)
    if shared is not None:
        params["shared"] = bool(shared)
    return outbox.accept(kind="text.amend", entity=str(text.id), params=params, op_id=op_id, after=[str(one) for one in (text.about_id, *after)])  # fmt: skip


def share(
    outbox: Outbox, *, text: Text, case: UUID, shared: bool = True, after: Iterable[UUID] = (), op_id: str | None = None
) -> Operation:  # fmt: skip
    """Let the team's supervisors read it, or take that back."""
    return amend(outbox, text=text, case=case, shared=shared, after=after, op_id=op_id)


def as_it_will_be(text: Text, waiting: Iterable[Operation]) -> Text:
    """The text with those of its changes that are still on their way, so that the next one builds on them."""
    for op in waiting:
        based = op.params.get("based_on")
        if op.kind == "text.amend" and op.entity == str(text.id) and based == text.version:
            said = {name: op.params[name] for name in ("body", "shared") if name in op.params}
            text = replace(text, version=based + 1, **said)
    return text


def on_their_way(waiting: Iterable[Operation], *, case: UUID, known: Iterable[Text] = ()) -> list[Text]:
    """The texts of a case as their author knows them: those of the database, and those it does not have yet."""
    waiting = list(waiting)
    found = {text.id: text for text in known}
    for op in waiting:
        if op.kind == "text.write" and op.params["case"] == str(case) and UUID(op.entity) not in found:
            found[UUID(op.entity)] = Text(
                UUID(op.entity), op.params["about"], UUID(op.params["about_id"]), op.params["slot"], op.params["body"],
                op.params["shared"],
            )  # fmt: skip
    return [as_it_will_be(text, waiting) for text in found.values()]
