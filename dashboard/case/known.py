"""The cases this page can stand at: those of the database, those on their way to it, and the one somebody was led to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from dashboard import session
from dashboard.forms import last_seen
from dashboard.forms.last_seen import Seen
from services import cases
from services.cases import Case
from services.outbox import Operation
from services.people import Person

OPEN, ENDED = ("active", "paused"), ("closed", "archived")


def read(
    person: Person, *, team: UUID, ended: bool, chosen: str | None, waiting: Sequence[Operation]
) -> Seen[list[Case]]:
    """By code. Somebody who supervises the team sees all of it, a therapist their own; the database decides."""
    whose = None if team in person.teams_as("supervisor") else person.id
    states = ENDED if ended else OPEN
    seen = last_seen.of(
        f"case_list_{team}_{ended}",
        lambda: cases.in_team(session.db(), team=team, therapist=whose, states=states),
        otherwise=[],
    )
    found = {case.id: case for case in seen.value}
    if not ended:
        for case in cases.opened_here(waiting, team=team, known=found):
            found[case.id] = replace(case, therapist_id=person.id, therapist=person.name, team=team)
    if chosen and UUID(chosen) not in found:
        other = last_seen.of(
            f"case_found_{team}_{chosen}",
            lambda: cases.find(session.db(), team=team, case=UUID(chosen)),
            otherwise=None,
        )
        if other.value:
            found[other.value.id] = other.value
    there = [as_it_will_be(case, waiting) for case in found.values()]
    return replace(seen, value=sorted(there, key=lambda case: (case.code, case.therapist)))


def as_it_will_be(case: Case, waiting: Iterable[Operation]) -> Case:
    """The case with those of its changes that are still on their way."""
    for op in waiting:
        if op.kind == "case.amend" and op.entity == str(case.id):
            said = {name: op.params[name] for name in ("state", "control_sensitivity") if name in op.params}
            if op.params.get("started_on"):
                said["started_on"] = date.fromisoformat(op.params["started_on"])
            case = replace(case, **said)
    return case
