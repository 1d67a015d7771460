"""Ruptures as their author knows them: what the database has, with what is still on its way to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from services.outbox import Operation
from services.ruptures import Rupture, Step

LADDER = ("noticed", "named", "explored", "need_expressed", "repaired")


def still_open(
    known: Iterable[Rupture],
    waiting: Iterable[Operation],
    *,
    team: UUID,
    me: UUID,
    name: str,
    codes: Mapping[UUID, str],
    today: date,
) -> list[Rupture]:
    """Open ruptures, the oldest first. `codes`: the code of each case that may have a rupture on its way."""
    found = {rupture.id: rupture for rupture in known}
    for op in waiting:
        entity = UUID(op.entity)
        if op.kind == "rupture.open" and op.params["team"] == str(team) and entity not in found:
            found[entity] = _opened(op, me=me, name=name, codes=codes, today=today)
        elif op.kind == "rupture.step" and entity in found:
            found[entity] = _stepped(found[entity], op)
        elif op.kind == "rupture.close":
            found.pop(entity, None)
    return sorted(found.values(), key=lambda rupture: rupture.noticed_on)


def closing(known: Iterable[Rupture], waiting: Iterable[Operation]) -> list[tuple[Rupture, Operation]]:
    """Ruptures whose close is still on its way."""
    found = {rupture.id: rupture for rupture in known}
    return [
        (_closed(found[UUID(op.entity)], op), op)
        for op in waiting
        if op.kind == "rupture.close" and UUID(op.entity) in found
    ]


def steps(known: list[Step], waiting: Iterable[Operation], rupture: Rupture) -> list[Step]:
    """Its repair steps in their order, those on their way included."""
    there = set(known)
    new = [
        Step(op.params["stage"], date.fromisoformat(op.params["taken_on"]), op.params.get("note", {}).get("body", ""),
             op.params.get("note", {}).get("shared", False))
        for op in waiting if op.kind == "rupture.step" and UUID(op.entity) == rupture.id
    ]  # fmt: skip
    return sorted([*known, *(step for step in new if step not in there)], key=lambda step: step.taken_on)


def _opened(op: Operation, *, me: UUID, name: str, codes: Mapping[UUID, str], today: date) -> Rupture:
    noticed, case = date.fromisoformat(op.params["noticed_on"]), UUID(op.params["case"])
    return Rupture(
        id=UUID(op.entity), therapist_id=me, therapist=name, team=UUID(op.params["team"]), case=case, code=codes.get(case, "new case"),
        episode=UUID(op.params["episode"]) if op.params["episode"] else None, kind=op.params["kind"], noticed_on=noticed,
        days_open=(today - noticed).days,
    )  # fmt: skip


def _closed(rupture: Rupture, op: Operation) -> Rupture:
    day = date.fromisoformat(op.params["closed_on"])
    return replace(
        rupture, closed_on=day, outcome=op.params["outcome"], days_open=(day - rupture.noticed_on).days
    )


def _stepped(rupture: Rupture, op: Operation) -> Rupture:
    day = date.fromisoformat(op.params["taken_on"])
    if rupture.last_step_on and day < rupture.last_step_on:
        return rupture
    return replace(rupture, stage=op.params["stage"], last_step_on=day)
