"""What is still open in a case: to be seen before it is closed or handed over, and no reason not to."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from supabase import Client

from services import vocabulary
from services.errors import explained


@dataclass(frozen=True, slots=True)
class Loose:
    """One loose end: `what` is rupture, task or question; `words` are there where the reader may see them."""

    what: str
    id: UUID
    since: date
    words: str = ""


def still_open(db: Client, *, team: UUID, therapist: UUID, case: UUID) -> list[Loose]:
    """Open ruptures, open between-session work and open questions of a case, each kind with the oldest first."""

    def rows(view: str, columns: str, since: str, **only: str | None) -> list[dict]:
        query = (
            db.table(view).select(f"id, {since}, {columns}").eq("team_id", str(team)).eq("therapist_id", str(therapist))
            .eq("case_id", str(case))
        )  # fmt: skip
        for column, value in only.items():
            query = query.is_(column, "null") if value is None else query.eq(column, value)
        return query.order(since).limit(200).execute().data

    with explained():
        ruptures = rows("rupture_list", "kind", "noticed_on", closed_on=None)
        tasks = rows("task_list", "wording", "given_on", state="open")
        questions = rows("question_list", "question", "asked_on", state="open")
    return [
        *(_loose("rupture", row, "noticed_on", vocabulary.label("rupture_kind", row["kind"]).lower()) for row in ruptures),
        *(_loose("task", row, "given_on", row["wording"]) for row in tasks),
        *(_loose("question", row, "asked_on", row["question"]) for row in questions),
    ]  # fmt: skip


def _loose(what: str, row: dict, since: str, words: str | None) -> Loose:
    return Loose(what, UUID(row["id"]), date.fromisoformat(row[since]), words or "")
