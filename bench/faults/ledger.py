"""Whether the database holds what was acknowledged: all of it, once, in order. Read as its superuser, behind every policy."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, fields

import psycopg

from bench.faults import plan
from bench.faults.plan import Planned

ROWS = {
    "cases": "select therapist_id, id, code from public.cases where therapist_id = any(%s::uuid[])",
    "episodes": "select therapist_id, id, intensity from public.episodes where therapist_id = any(%s::uuid[])",
    "notes": "select author_id, episode_id, body from public.notes where author_id = any(%s::uuid[])",
    "reflections": "select therapist_id, id, version from public.reflections where therapist_id = any(%s::uuid[])",
    "ruptures": "select therapist_id, id, outcome::text from public.ruptures where therapist_id = any(%s::uuid[])",
    "steps": "select therapist_id, rupture_id, array_agg(stage::text order by created_at) from public.repair_steps"
    " where therapist_id = any(%s::uuid[]) group by 1, 2",
    "ratings": "select therapist_id, episode_id, rating from public.ratings where therapist_id = any(%s::uuid[])",
    "amended": "select owner_id, row_id, array_agg((before ->> 'intensity')::int order by id) from public.history"
    " where owner_id = any(%s::uuid[]) and table_name = 'episodes' group by 1, 2",
    "handed_in": "select owner_id, row_id, array_agg(before -> 'content' ->> 'value' order by id) from public.history"
    " where owner_id = any(%s::uuid[]) and table_name = 'reflection_parts' group by 1, 2",
}


@dataclass(slots=True)
class Written:
    """What one person has done: `acknowledged` operations, counted from 0, and one more that may or may not have been kept.

    `parked` is what the vault says is parked.
    """

    acknowledged: int = 0
    parked: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Verdict:
    """Counts of operations. `examples` says of the first few what was found instead."""

    acknowledged: int = 0
    arrived: int = 0
    parked: int = 0
    lost: int = 0
    duplicated: int = 0
    disordered: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not (self.lost or self.duplicated or self.disordered)

    def __add__(self, other: "Verdict") -> "Verdict":
        return Verdict(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def note(self, what: str, example: str) -> None:
        setattr(self, what, getattr(self, what) + 1)
        if len(self.examples) < 12:
            self.examples.append(f"{what}: {example}")


def verdict(connection: psycopg.Connection, team: str, people: dict[str, Written]) -> Verdict:
    """Compare ledger and rows with the plan. Nothing may wait any more when this is asked."""
    owners = list(people)
    rows = connection.execute(
        "select owner_id::text, op_id::text, applied_at from private.applied_ops where owner_id = any(%s::uuid[])",
        (owners,),
    )
    applied: dict[str, dict[str, object]] = defaultdict(dict)
    for owner, op_id, at in rows:
        applied[owner][op_id] = at
    found = {name: defaultdict(dict) for name in ROWS}
    for name, query in ROWS.items():
        for owner, row, value in connection.execute(query, (owners,)):
            found[name][str(owner)].setdefault(str(row), []).append(value)
    result = Verdict()
    for person, written in people.items():
        _ledger(result, team, person, written, applied[person])
        _rows(
            result, team, person, written, applied[person], {name: of[person] for name, of in found.items()}
        )
    return result


def _ledger(result: Verdict, team: str, person: str, written: Written, applied: dict[str, object]) -> None:
    """Each acknowledged operation is in the ledger once, later than the one before it on the same entity."""
    last: dict[str, tuple[int, object]] = {}
    known = set()
    for n in range(written.acknowledged + 1):
        operation = plan.nth(team, person, n)
        op_id = operation.op_id
        known.add(op_id)
        certain = n < written.acknowledged
        result.acknowledged += certain
        if operation.parks:
            result.parked += certain
            if op_id in applied or (certain and op_id not in written.parked):
                result.note("lost", f"operation {n} of {person} ought to be parked")
        elif op_id not in applied:
            if certain:
                result.note("lost", f"operation {n} of {person}, {operation.kind}")
        else:
            result.arrived += 1
            before, at = last.get(operation.entity, (-1, None))
            if at is not None and applied[op_id] <= at:
                result.note("disordered", f"operation {n} of {person} came before {before}")
            last[operation.entity] = (n, applied[op_id])
    for op_id in applied.keys() - known:
        result.note("duplicated", f"{op_id} of {person} is in the ledger, and nobody wrote it")


def _rows(result: Verdict, team: str, person: str, written: Written, applied: dict, found: dict) -> None:
    """The rows say the same by their content: what each entry went through, in which order, and how often."""
    done = []
    for n in range(written.acknowledged + 1):
        operation = plan.nth(team, person, n)
        if not operation.parks and operation.op_id in applied:
            done.append(operation)
    expected = _expected(done)
    for table, rows in expected.items():
        there = {row: values[0] if len(values) == 1 else values for row, values in found[table].items()}
        for row in rows.keys() - there.keys():
            result.note("lost", f"{table} {row} of {person}")
        for row in there.keys() - rows.keys():
            result.note("duplicated", f"{table} {row} of {person} is there, and nobody wrote it")
        for row in rows.keys() & there.keys():
            if there[row] == rows[row]:
                continue
            if isinstance(rows[row], list):
                more = sum((Counter(there[row]) - Counter(rows[row])).values())
                fewer = sum((Counter(rows[row]) - Counter(there[row])).values())
                what = "duplicated" if more else "lost" if fewer else "disordered"
            else:
                what = "disordered"
            result.note(what, f"{table} {row} of {person}: {there[row]} instead of {rows[row]}")


def _expected(done: Iterable[Planned]) -> dict[str, dict[str, object]]:
    """The rows, by table, that these operations leave behind when each is applied once and in order."""
    rows: dict[str, dict[str, object]] = {table: {} for table in ROWS}
    parts: dict[str, str] = {}
    for operation in done:
        entity, params = operation.entity, operation.params
        match operation.kind:
            case "case.open":
                rows["cases"][entity] = params["code"]
            case "episode.log":
                rows["episodes"][entity] = params["intensity"]
                if "note" in params:
                    rows["notes"][entity] = params["note"]["body"]
                    rows["ratings"][entity] = params["ratings"]["1"]
            case "episode.amend":
                rows["amended"].setdefault(entity, []).append(rows["episodes"].get(entity))
                rows["episodes"][entity] = params["intensity"]
                rows["ratings"][entity] = params["ratings"]["1"]
            case "reflection.hand_in":
                rows["reflections"][entity] = params["based_on"] + 1
                if entity in parts:
                    rows["handed_in"].setdefault(entity, []).append(parts[entity])
                parts[entity] = params["parts"]["strength"]["value"]
            case "rupture.open":
                rows["ruptures"][entity] = None
            case "rupture.step":
                rows["steps"].setdefault(entity, []).append(params["stage"])
            case "rupture.close":
                rows["ruptures"][entity] = params["outcome"]
    return rows
