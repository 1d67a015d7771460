"""How the weeks of one therapist stand: begun, handed in, read; and what stands for one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from dashboard import components
from services import reflections, weeks
from services.outbox import Operation, Outbox
from services.reflections import Part, Reflection

LATE = 8  # weeks that can still be filled
SAVED_LATELY = 200  # operations of one person; more than anybody saves between two looks at the database


@dataclass(frozen=True)
class Standing:
    """What was handed in for a week as far as this server knows, on its way included; version 0: nothing."""

    version: int = 0
    behaviours: tuple[str, ...] = ()
    ratings: Mapping[int, int | None] = field(default_factory=dict)
    parts: Mapping[str, Part] = field(default_factory=dict)
    handed_in_at: datetime | None = None
    read_at: datetime | None = None
    on_its_way: Operation | None = None
    parked: Operation | None = None
    there: Reflection | None = None  # what the database has, where `parked` says something else


def offered(*, today: date, since: date, week_starts_on: int) -> list[date]:
    """This week, if it has begun, and the late ones, newest first; none from before the therapist was in the team."""
    last = [week for week in weeks.last(LATE + 1, until=today) if week >= weeks.monday(since)]
    return [
        week
        for week in reversed(last)
        if reflections.has_begun(week, today=today, week_starts_on=week_starts_on)
    ] or [weeks.monday(today)]


def standing(
    outbox: Outbox, known: Iterable[Reflection], *, therapist: UUID, team: UUID, week: date
) -> Standing:
    """What stands for this week: what the database has, and over it what is still on its way or was refused."""
    there = next((one for one in known if one.week == week), None)
    version = there.version if there else 0
    of_week = str(reflections.identity(therapist=therapist, team=team, week=week))
    handed = [op for op in outbox.waiting() if op.kind == "reflection.hand_in" and op.entity == of_week]
    parked = [op for op in outbox.parked() if op.kind == "reflection.hand_in" and op.entity == of_week]
    if read_at := there.read_at if there else None:
        return Standing(
            version, there.behaviours, there.ratings, there.parts, there.handed_in_at, read_at, parked=parked[-1] if parked else None
        )  # fmt: skip
    if handed or parked:
        last = (handed or parked)[-1]
        given = last.params
        return Standing(
            given["based_on"] + 1 if handed else version, tuple(given["behaviours"]),
            {int(cause): rating for cause, rating in given["ratings"].items()},
            {name: Part(part["value"], part["shared"]) for name, part in given["parts"].items()},
            last.accepted if handed else there.handed_in_at if there else None,
            on_its_way=handed[-1] if handed else None, parked=parked[-1] if parked else None, there=there,
        )  # fmt: skip
    if there:
        return Standing(version, there.behaviours, there.ratings, there.parts, there.handed_in_at)
    return Standing()


def handed_in(
    outbox: Outbox, known: Iterable[Reflection], *, therapist: UUID, team: UUID, among: Iterable[date]
) -> set[date]:
    """Which of these weeks are handed in: those in the database, and those that were saved here and not refused."""
    saved = {
        op.entity
        for op in outbox.recent(SAVED_LATELY)
        if op.kind == "reflection.hand_in" and op.state != "parked"
    }
    there = {one.week for one in known}
    return {
        week for week in among
        if week in there or str(reflections.identity(therapist=therapist, team=team, week=week)) in saved
    }  # fmt: skip


def label(week: date, *, today: date, handed: set[date], read: set[date], begun: set[date]) -> str:
    """ "this week, 2026-W47 (16 to 22 November) · handed in" """
    state = (
        "read" if week in read else "handed in" if week in handed else "begun" if week in begun else "open"
    )
    return f"{components.week_words(week, today=today)} · {state}"


def intention_before(
    outbox: Outbox, known: Sequence[Reflection], *, team: UUID, week: date
) -> tuple[date, str] | None:
    """The latest intention from before this week: the week it was written in, and its words."""
    said = {one.week: one.parts["intention"].value for one in known if "intention" in one.parts}
    for op in outbox.waiting():
        if (
            op.kind == "reflection.hand_in"
            and op.params["team"] == str(team)
            and "intention" in op.params["parts"]
        ):
            said[date.fromisoformat(op.params["week"])] = op.params["parts"]["intention"]["value"]
    earlier = [each for each in said if each < week]
    return (max(earlier), said[max(earlier)]) if earlier else None
