"""Check-ins: three short questions of our own to the client, 0–10 each, with the therapist's own guess beside them.

Not validated, so there is no cut-off and no norm. The guess is read by the therapist who made it and by nobody else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import pandas as pd
from supabase import Client

from services import entries, ids
from services.change import Points
from services.errors import Refused, explained
from services.outbox import Operation, Outbox
from services.vocabulary import CHECK_IN_QUESTIONS

Answers = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One check-in: answers and guesses by question, 0–10 or None. `guess` is empty for everybody but its author."""

    id: UUID
    on_day: date
    answers: dict[str, int | None]
    guess: dict[str, int | None] = field(default_factory=dict)
    op: str | None = None

    @property
    def total(self) -> int | None:
        """The sum of all three, 0–30; None where one was not answered."""
        values = [self.answers.get(question) for question in CHECK_IN_QUESTIONS]
        return None if None in values else sum(values)


def enter(
    outbox: Outbox, *, team: UUID, case: UUID, on_day: date, answers: Answers, today: date, guess: Answers | None = None,
    entity: str | None = None, op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Keep one check-in, with the guess when there is one. Raises Refused without a single answer of the client's."""
    given = _checked(answers)
    if not any(value is not None for value in given.values()):
        raise Refused("None of the three has an answer of the client’s yet. Please enter at least one.")
    params: dict[str, Any] = {
        "team": str(team),
        "case": str(case),
        "on_day": entries.day(on_day, today=today),
        **given,
    }
    guessed = _checked(guess or {})
    if any(value is not None for value in guessed.values()):
        params["guess"] = guessed
    return outbox.accept(
        kind="check_in.enter", entity=entity or ids.new(), params=params, op_id=op_id, after=[str(case)]
    )


def amend(
    outbox: Outbox, *, check_in: CheckIn, case: UUID, on_day: date | None, answers: Answers, today: date, guess: Answers | None = None,
    op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Put right a check-in that says what `check_in` says, and the guess where one was made; what it said before is kept.

    A guess is never added afterwards, for it would be none. Raises Refused where nothing of either is left.
    """
    params: dict[str, Any] = {
        "case": str(case),
        "was": {"on_day": check_in.on_day.isoformat(), **check_in.answers, "guess": check_in.guess or None},
        "on_day": entries.day(on_day, today=today),
        **_checked(answers),
    }
    if all(params[question] is None for question in CHECK_IN_QUESTIONS):
        raise Refused("A check-in needs one answer of the client’s at least. Please enter it.")
    if check_in.guess:
        params["guess"] = _checked(guess or {})
        if all(value is None for value in params["guess"].values()):
            raise Refused("A guess that was made can be put right, not taken away. Please enter it.")
    return outbox.accept(kind="check_in.amend", entity=str(check_in.id), params=params, op_id=op_id)


def _checked(answers: Answers) -> dict[str, int | None]:
    return {
        question: entries.within(answers.get(question), 0, 10, f"“{word.label}”")
        for question, word in CHECK_IN_QUESTIONS.items()
    }


def of_case(db: Client, *, team: UUID, therapist: UUID, case: UUID) -> list[CheckIn]:
    """Check-ins of one case that the caller may see, the earliest first; the latest 1,000."""
    with explained():
        rows = (
            db.table("check_in_list").select("*").eq("team_id", str(team)).eq("therapist_id", str(therapist)).eq("case_id", str(case))
            .order("on_day", desc=True).order("created_at", desc=True).limit(1000).execute().data
        )  # fmt: skip
    return [_from_row(row) for row in reversed(rows)]


def _from_row(row: Mapping[str, Any]) -> CheckIn:
    guess = {question: row[f"guessed_{question}"] for question in CHECK_IN_QUESTIONS}
    return CheckIn(
        UUID(row["id"]), date.fromisoformat(row["on_day"]), {question: row[question] for question in CHECK_IN_QUESTIONS},
        guess if any(value is not None for value in guess.values()) else {},
    )  # fmt: skip


def with_waiting(known: Iterable[CheckIn], waiting: Iterable[Operation]) -> list[CheckIn]:
    """The same with what is on its way, corrections included, the earliest first."""
    found = {each.id: each for each in known}
    for op in waiting:
        entity, new = UUID(op.entity), op.kind == "check_in.enter"
        if op.kind in ("check_in.enter", "check_in.amend") and new == (entity not in found):
            answers = {question: op.params.get(question) for question in CHECK_IN_QUESTIONS}
            guess = dict(op.params.get("guess") or {})
            day = date.fromisoformat(op.params["on_day"])
            found[entity] = CheckIn(entity, day, answers, guess, op.op_id)
    return sorted(found.values(), key=lambda each: each.on_day)


def sums(found: Iterable[CheckIn]) -> Points:
    """The (day, sum) pairs of check-ins with all three answers, for `change.alliance_drop`."""
    return [(each.on_day, float(each.total)) for each in found if each.total is not None]


def frame(found: Iterable[CheckIn]) -> pd.DataFrame:
    """For a figure. Columns: on_day (date), then each question and each guess as guessed_<question>."""
    columns = ["on_day", *CHECK_IN_QUESTIONS, *(f"guessed_{question}" for question in CHECK_IN_QUESTIONS)]
    rows = [
        [
            each.on_day,
            *(each.answers.get(q) for q in CHECK_IN_QUESTIONS),
            *(each.guess.get(q) for q in CHECK_IN_QUESTIONS),
        ]
        for each in found
    ]
    return pd.DataFrame(rows, columns=columns, dtype=object)
