"""What the database has by now where a change was refused because another device was first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from supabase import Client

from services import vocabulary
from services.errors import explained
from services.outbox import Operation


@dataclass(frozen=True, slots=True)
class Standing:
    """What the database has by now where a change was refused: its version if it has one, and its values as parameters."""

    version: int
    params: dict[str, Any] = field(default_factory=dict)


def _row(db: Client, table: str, columns: str, **where: object) -> dict | None:
    with explained():
        query = db.table(table).select(columns)
        for name, wanted in where.items():
            query = query.eq(name, wanted)
        rows = (
            query.order(columns.split(",")[0], desc=True).limit(1).execute().data
        )  # the version, where there are several
    return rows[0] if rows else None


def _fact(table: str, columns: str) -> Callable[[Client, Operation, str], "Standing | None"]:
    def read(db: Client, op: Operation, owner: str) -> Standing | None:
        row = _row(db, table, columns, therapist_id=owner, id=op.entity)
        return Standing(0, row) if row else None

    return read


def _episode(db: Client, op: Operation, owner: str) -> Standing | None:
    columns = (
        "version, happened_on, kind, markers, intensity, first_blame, next_move, named, outside, ratings"
    )
    row = _row(db, "episode_list", columns, therapist_id=owner, id=op.entity)
    return Standing(row["version"], row) if row else None


def _score(db: Client, op: Operation, owner: str) -> Standing | None:
    row = _row(db, "score_list", "version, value", therapist_id=owner, id=op.entity)
    return Standing(row["version"], row) if row else None


def _check_in(db: Client, op: Operation, owner: str) -> Standing | None:
    answers = list(vocabulary.CHECK_IN_QUESTIONS)
    columns = ", ".join(["on_day", *answers, *(f"guessed_{key}" for key in answers)])
    row = _row(db, "check_in_list", columns, therapist_id=owner, id=op.entity)
    if row is None:
        return None
    guess = {key: row[f"guessed_{key}"] for key in answers}
    return Standing(0, row | {"guess": guess if any(one is not None for one in guess.values()) else None})


def _case_text(db: Client, op: Operation, owner: str) -> Standing | None:
    row = _row(db, "case_texts", "version, body, shared", therapist_id=owner, id=op.entity)
    return Standing(row["version"], row) if row else None


def _formulation(db: Client, op: Operation, owner: str) -> Standing | None:
    row = _row(
        db, "formulation_list", "version, written_on, ticked, body, shared",
        therapist_id=owner, case_id=op.params["case"], field=op.params["field"],
    )  # fmt: skip
    if row is None:
        return None
    return Standing(
        row["version"], row | {"words": {"body": row["body"] or "", "shared": bool(row["shared"])}}
    )


def _action(db: Client, op: Operation, owner: str) -> Standing | None:
    columns = "version, state, helped, due_on"
    row = _row(db, "action_list", columns, created_by=op.params.get("created_by", owner), id=op.entity)
    return Standing(row["version"], row) if row else None


# Kinds whose operations name the version they build on (`based_on`), or say what they saw (`was`). The weekly reflection has a page of its own for it.
VERSIONED: Mapping[str, Callable[[Client, Operation, str], Standing | None]] = MappingProxyType({
    "episode.amend": _episode, "score.amend": _score, "text.amend": _case_text, "formulation.write": _formulation,
    "action.amend": _action, "session.amend": _fact("sessions", "number, held_on, attendance, mode"),
    "goal.amend": _fact("goals", "set_by, importance, state"), "task.amend": _fact("tasks", "proposed_by, importance, agreed, state"),
    "check_in.amend": _check_in, "question.amend": _fact("questions", "moment, question, felt, would_like, state"),
})  # fmt: skip


def changed_elsewhere(op: Operation) -> bool:
    """Whether this was refused because another device was first: then there are two versions to choose from."""
    return op.code == "SX409" and op.kind in VERSIONED and bool({"based_on", "was"} & set(op.params))


def standing(db: Client, op: Operation, *, owner: str) -> Standing | None:
    """What the database has by now of what this operation would change; None when it is no longer there."""
    return VERSIONED[op.kind](db, op, owner)


def in_its_place(op: Operation, stands: Standing) -> dict[str, Any]:
    """The parameters of the same change, made to build on what stands by now."""
    if "was" in op.params:
        return op.params | {"was": {name: stands.params[name] for name in op.params["was"]}}
    return op.params | {"based_on": stands.version}
