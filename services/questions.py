"""Supervision questions ("bring this"): a moment, what is asked about it, what was felt, and what would help."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Self
from uuid import UUID

from supabase import Client

from services import entries, ids, stored
from services.errors import Refused, explained
from services.outbox import Operation, Outbox

LONGEST_MOMENT, LONGEST = 1_000, 500


@dataclass(frozen=True, slots=True)
class Question:
    """One question. It is written for the supervisor, who reads all of it until it is withdrawn."""

    id: UUID
    therapist_id: UUID
    therapist: str
    team: UUID
    case: UUID
    code: str
    moment: str
    question: str
    asked_on: date
    felt: str = ""
    would_like: str = ""
    state: str = "open"
    episode: UUID | None = None
    reflection: UUID | None = None

    @classmethod
    def from_row(cls, row: dict) -> Self:
        return cls(
            id=UUID(row["id"]), therapist_id=UUID(row["therapist_id"]), therapist=row["therapist"] or "", team=UUID(row["team_id"]),
            case=UUID(row["case_id"]), code=row["code"], moment=row["moment"], question=row["question"],
            asked_on=date.fromisoformat(row["asked_on"]), felt=row["felt"], would_like=row["would_like"], state=row["state"],
            episode=stored.uid(row["episode_id"]),
            reflection=stored.uid(row["reflection_id"]),
        )  # fmt: skip


def open_in(db: Client, *, team: UUID, therapist: UUID | None = None) -> list[Question]:
    """Questions for the next meeting that the caller may read, the longest asked first; at most 500."""
    with explained():
        query = db.table("question_list").select("*").eq("team_id", str(team)).eq("state", "open")
        if therapist:
            query = query.eq("therapist_id", str(therapist))
        rows = query.order("asked_on").order("created_at").limit(500).execute().data
    return [Question.from_row(row) for row in rows]


def of_case(db: Client, *, team: UUID, therapist: UUID, case: UUID) -> list[Question]:
    """Every question about a case that the caller may read, the latest first; at most 500."""
    with explained():
        query = db.table("question_list").select("*").eq("team_id", str(team))
        query = query.eq("therapist_id", str(therapist)).eq("case_id", str(case))
        rows = query.order("asked_on", desc=True).order("created_at", desc=True).limit(500).execute().data
    return [Question.from_row(row) for row in rows]


def as_they_will_be(
    known: Iterable[Question],
    waiting: Iterable[Operation],
    *,
    team: UUID,
    therapist: UUID,
    codes: Mapping[UUID, str],
) -> list[Question]:
    """Questions with what their author has saved and the database does not have yet.

    `codes`: the codes of the cases whose new questions are wanted; of other cases only what is `known` is among them.
    """
    found = {one.id: one for one in known}
    for op in waiting:
        entity, said = UUID(op.entity), op.params
        if (
            op.kind == "question.ask"
            and entity not in found
            and said["team"] == str(team)
            and UUID(said["case"]) in codes
        ):
            found[entity] = Question(
                id=entity, therapist_id=therapist, therapist="", team=team, case=UUID(said["case"]), code=codes[UUID(said["case"])],
                moment=said["moment"], question=said["question"], felt=said["felt"], would_like=said["would_like"],
                asked_on=date.fromisoformat(said["asked_on"]), episode=stored.uid(said["episode"]),
                reflection=stored.uid(said["reflection"]),
            )  # fmt: skip
        elif op.kind == "question.amend" and entity in found:
            changes = {
                name: said[name]
                for name in ("moment", "question", "felt", "would_like", "state")
                if name in said
            }
            found[entity] = replace(found[entity], **changes)
    return list(found.values())


def ask(
    outbox: Outbox, *, team: UUID, case: UUID, moment: str, question: str, asked_on: date, today: date, felt: str = "",
    would_like: str = "", episode: UUID | None = None, reflection: UUID | None = None, entity: str | None = None, op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Bring something to supervision. It is a candidate for the next meeting until it is withdrawn or discussed."""
    params = {
        "team": str(team), "case": str(case), "episode": str(episode) if episode else None,
        "reflection": str(reflection) if reflection else None, "asked_on": entries.day(asked_on, today=today),
        **_words(moment=moment, question=question, felt=felt, would_like=would_like),
    }  # fmt: skip
    after = [str(one) for one in (case, episode, reflection) if one]
    return outbox.accept(
        kind="question.ask", entity=entity or ids.new(), params=params, op_id=op_id, after=after
    )


def amend(
    outbox: Outbox, *, question: Question, moment: str, wording: str, felt: str = "", would_like: str = "", op_id: str | None = None
) -> Operation:  # fmt: skip
    """Put it in other words; all four are given anew."""
    params = {
        "case": str(question.case),
        "was": {name: getattr(question, name) for name in ("moment", "question", "felt", "would_like")},
        **_words(moment=moment, question=wording, felt=felt, would_like=would_like),
    }
    return outbox.accept(kind="question.amend", entity=str(question.id), params=params, op_id=op_id)


def withdraw(outbox: Outbox, *, question: Question) -> Operation:
    """Take it back: from then on nobody but its author reads it."""
    return _to(outbox, question, "withdrawn")


def bring_again(outbox: Outbox, *, question: Question) -> Operation:
    """Bring one that was withdrawn after all."""
    return _to(outbox, question, "open")


def _to(outbox: Outbox, question: Question, state: str) -> Operation:
    params = {"case": str(question.case), "state": state}  # taking back holds whatever it says by now
    return outbox.accept(kind="question.amend", entity=str(question.id), params=params)


def _words(*, moment: str, question: str, felt: str, would_like: str) -> dict[str, str]:
    said = {
        "moment": entries.text(moment, LONGEST_MOMENT, "The moment"),
        "question": entries.text(question, LONGEST, "Your question"),
        "felt": entries.text(felt, LONGEST, "What you felt"),
        "would_like": entries.text(would_like, LONGEST, "What you would like"),
    }
    if not said["moment"]:
        raise Refused("Which moment is it about? A sentence is enough.")
    if not said["question"]:
        raise Refused("What would you like to ask about it? A sentence is enough.")
    return said
