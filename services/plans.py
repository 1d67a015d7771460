"""The plan of a case: what is tried, and reviews that say what works, what changes, and when to look again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self
from uuid import UUID

from supabase import Client

from services import entries, ids, stored, texts, vocabulary
from services.cases import Case
from services.errors import Refused, explained
from services.outbox import Operation, Outbox
from services.texts import Text

LONGEST = 1_000
REVIEW_AFTER = 28  # days, offered as the next review
FURTHEST = 3_660  # days between two reviews, as the database checks it


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one review said of one strategy."""

    review: UUID
    on: date
    verdict: str


@dataclass(frozen=True, slots=True)
class Strategy:
    """Something that is tried, from its first day to its last. `wording` is None where this reader may not read it."""

    id: UUID
    case: UUID
    started_on: date
    ended_on: date | None = None
    wording: Text | None = None
    verdicts: tuple[Verdict, ...] = ()

    @classmethod
    def from_row(cls, row: dict) -> Self:
        return cls(
            id=UUID(row["id"]), case=UUID(row["case_id"]), started_on=date.fromisoformat(row["started_on"]), ended_on=stored.day(row["ended_on"]),
            wording=texts.beside(row, "strategy", body="wording", shared="wording_shared", version="wording_version"),
            verdicts=tuple(Verdict(UUID(v["review"]), date.fromisoformat(v["on"]), v["verdict"]) for v in row["verdicts"]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Review:
    """One look at the plan. `adjustment` is None where there is none, or none for this reader."""

    id: UUID
    reviewed_on: date
    next_review_on: date | None = None
    adjustment: Text | None = None

    @classmethod
    def from_row(cls, row: dict) -> Self:
        return cls(
            id=UUID(row["id"]), reviewed_on=date.fromisoformat(row["reviewed_on"]), next_review_on=stored.day(row["next_review_on"]),
            adjustment=texts.beside(row, "adjustment", body="adjustment", shared="adjustment_shared", version="adjustment_version"),
        )  # fmt: skip


def strategies(db: Client, *, team: UUID, therapist: UUID, case: UUID) -> list[Strategy]:
    """What is and was tried, the earliest first; at most 500."""
    with explained():
        rows = (
            _of(db, "strategy_list", team, therapist, case)
            .order("started_on")
            .order("created_at")
            .limit(500)
            .execute()
            .data
        )
    return [Strategy.from_row(row) for row in rows]


def reviews(db: Client, *, team: UUID, therapist: UUID, case: UUID) -> list[Review]:
    """Looks at the plan, the latest first; at most 500."""
    with explained():
        query = _of(db, "plan_review_list", team, therapist, case)
        rows = query.order("reviewed_on", desc=True).order("created_at", desc=True).limit(500).execute().data
    return [Review.from_row(row) for row in rows]


def _of(db: Client, view: str, team: UUID, therapist: UUID, case: UUID):
    query = db.table(view).select("*").eq("team_id", str(team))
    return query.eq("therapist_id", str(therapist)).eq("case_id", str(case))


def as_it_will_be(
    known: Iterable[Strategy], reviews: Iterable[Review], waiting: Iterable[Operation], *, case: UUID
) -> tuple[list[Strategy], list[Review]]:
    """Strategies, the earliest first, and reviews, the latest first, with what the database does not have yet."""
    waiting = [op for op in waiting if op.params.get("case") == str(case)]
    tried, looks = {one.id: one for one in known}, {one.id: one for one in reviews}
    for op in waiting:
        entity = UUID(op.entity)
        if op.kind == "strategy.start" and entity not in tried:
            tried[entity] = Strategy(
                entity,
                case,
                date.fromisoformat(op.params["started_on"]),
                wording=_text(op, "strategy", "wording"),
            )
        elif op.kind == "strategy.end" and entity in tried:
            tried[entity] = replace(tried[entity], ended_on=date.fromisoformat(op.params["ended_on"]))
        elif op.kind == "plan.review" and entity not in looks:
            on = date.fromisoformat(op.params["reviewed_on"])
            looks[entity] = Review(
                entity, on, stored.day(op.params["next_review_on"]), _text(op, "adjustment", "adjustment")
            )
            for name, verdict in op.params["verdicts"].items():
                if one := tried.get(UUID(name)):
                    tried[one.id] = replace(one, verdicts=(*one.verdicts, Verdict(entity, on, verdict)))
        elif op.kind == "step_back.decide" and UUID(op.params["review"]) not in looks:
            one = Review(
                UUID(op.params["review"]),
                date.fromisoformat(op.params["done_on"]),
                stored.day(op.params["look_again_on"]),
            )
            looks[one.id] = one
    return (
        [replace(one, wording=one.wording and texts.as_it_will_be(one.wording, waiting)) for one in tried.values()],
        sorted(
            (replace(one, adjustment=one.adjustment and texts.as_it_will_be(one.adjustment, waiting)) for one in looks.values()),
            key=lambda one: one.reviewed_on, reverse=True,
        ),
    )  # fmt: skip


def _text(op: Operation, about: str, name: str) -> Text | None:
    words = op.params.get(name)
    return words and Text(
        UUID(words["id"]), about, UUID(op.entity), body=words["body"], shared=words["shared"]
    )


def due(cases: Iterable[Case], waiting: Iterable[Operation], *, today: date) -> list[Case]:
    """Cases whose plan review has come, the longest due first; one that was reviewed here and is on its way is not."""
    done = {op.params["case"] for op in waiting if op.kind in ("plan.review", "step_back.decide")}
    found = [
        case for case in cases if case.next_review_on and case.next_review_on <= today and str(case.id) not in done
    ]  # fmt: skip
    return sorted(found, key=lambda case: (case.next_review_on, case.code))


def start(
    outbox: Outbox, *, team: UUID, case: UUID, wording: str, started_on: date, today: date, share: bool = False,
    entity: str | None = None, op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Begin something new in a case, by its therapist."""
    entity = entity or ids.new()
    words = texts.words(wording, shared=share, id=entity, longest=LONGEST, what="What you try")
    if not words:
        raise Refused("What would you like to try? Please write a few words.")
    return outbox.accept(
        kind="strategy.start", entity=entity, op_id=op_id, after=[str(case)],
        params={
            "team": str(team), "case": str(case), "started_on": entries.day(started_on, today=today, what="The first day"),
            "wording": words,
        },
    )  # fmt: skip


def end(
    outbox: Outbox, *, strategy: Strategy, ended_on: date, today: date, op_id: str | None = None
) -> Operation:
    """No longer try something. It stays on record with what reviews said of it."""
    if isinstance(ended_on, date) and ended_on < strategy.started_on:
        raise Refused("The last day lies before the first. Please check the date.")
    return outbox.accept(
        kind="strategy.end", entity=str(strategy.id), op_id=op_id,
        params={"case": str(strategy.case), "ended_on": entries.day(ended_on, today=today, what="The last day")},
    )  # fmt: skip


def review(
    outbox: Outbox, *, team: UUID, case: UUID, verdicts: Mapping[UUID, str], reviewed_on: date, today: date,
    next_review_on: date | None = None, adjustment: str = "", share: bool = False, entity: str | None = None, op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Look at the plan: a verdict on each strategy that was looked at, what changes, and when to look again."""
    entity = entity or ids.new()
    words = texts.words(
        adjustment, shared=share, id=entity, longest=LONGEST, what="What you will do differently"
    )
    if not verdicts and not words:
        raise Refused("Please say of one strategy whether it works, or what you will do differently.")
    reviewed = entries.day(reviewed_on, today=today, what="The day of the review")
    if next_review_on is not None and not reviewed_on <= next_review_on <= reviewed_on + timedelta(
        days=FURTHEST
    ):
        raise Refused("The next review comes after this one, and within ten years. Please check the dates.")
    params = {
        "team": str(team), "case": str(case), "reviewed_on": reviewed,
        "next_review_on": next_review_on.isoformat() if next_review_on else None,
        "verdicts": {
            str(strategy): entries.one_of(verdict, vocabulary.STRATEGY_VERDICTS, "how it goes", needed=True)
            for strategy, verdict in verdicts.items()
        },
    }  # fmt: skip
    if words:
        params["adjustment"] = words
    after = [str(case), *map(str, verdicts)]
    return outbox.accept(kind="plan.review", entity=entity, params=params, op_id=op_id, after=after)
