"""What all runs of `make faults` together have shown, kept beside them, and the table that says so."""

import json
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from pathlib import Path

FILE = Path(__file__).resolve().parent / "totals.json"
WANTED = {"operations": 100_000, "ends": 10_000, "fault_runs": 1_000}


@dataclass
class Totals:
    """Counts. `ends` are kills and power cuts together; what has to be 0 comes last. `figures`: lines, as last measured."""

    since: str = field(default_factory=lambda: date.today().isoformat())
    figures: list[str] = field(default_factory=list)
    runs: int = 0
    operations: int = 0
    fault_runs: int = 0
    faults: int = 0
    sent_again: int = 0
    app_killed: int = 0
    server_killed: int = 0
    database_killed: int = 0
    both_killed: int = 0
    rotations_killed: int = 0
    power_cuts: int = 0
    intrusions: int = 0
    slowest_healing: float = 0.0
    late_by_the_clock: int = 0
    healed_late: int = 0
    lost: int = 0
    duplicated: int = 0
    disordered: int = 0
    broken_vaults: int = 0
    wrongly_synced: int = 0
    wrongly_parked: int = 0
    intruders_admitted: int = 0
    given_up: int = 0

    @property
    def ends(self) -> int:
        killed = (
            self.app_killed
            + self.server_killed
            + self.database_killed
            + self.both_killed
            + self.rotations_killed
        )
        return killed + self.power_cuts

    @property
    def reached(self) -> bool:
        return all(getattr(self, name) >= count for name, count in WANTED.items())

    @property
    def holds(self) -> bool:
        return not any(getattr(self, name) for name in MUST_BE_NONE)

    def __add__(self, other: "Totals") -> "Totals":
        counts = [one.name for one in fields(self) if one.name not in ("since", "figures")]
        together = {name: getattr(self, name) + getattr(other, name) for name in counts}
        together["slowest_healing"] = max(self.slowest_healing, other.slowest_healing)
        return Totals(min(self.since, other.since), other.figures or self.figures, **together)


MUST_BE_NONE = [one.name for one in fields(Totals)][
    [one.name for one in fields(Totals)].index("healed_late") :
]


def load(file: Path = FILE) -> Totals:
    return Totals(**json.loads(file.read_text())) if file.exists() else Totals()


def save(totals: Totals, file: Path = FILE) -> None:
    file.write_text(json.dumps(asdict(totals), indent=2) + "\n")


def table(now: Totals, ever: Totals) -> list[str]:
    """Rows of a Markdown table: this run, and all runs since the first."""
    rows = [
        ("Acknowledged operations", "operations", f"of {WANTED['operations']:,}"),
        ("Kills and power cuts", "ends", f"of {WANTED['ends']:,}"),
        ("— app killed (kill -9)", "app_killed", ""),
        ("— Supabase's server killed", "server_killed", ""),
        ("— every process of the database killed", "database_killed", ""),
        ("— app, server and database killed at once", "both_killed", ""),
        ("— change of key killed", "rotations_killed", ""),
        ("— simulated power cuts", "power_cuts", ""),
        ("Fault runs", "fault_runs", f"of {WANTED['fault_runs']:,}"),
        ("Requests that met a fault", "faults", ""),
        ("Parked because the proxy refused them, sent again, arrived", "sent_again", ""),
        (
            "Second app, or change of key, beside a running app",
            "intrusions",
            "each refused with its sentence",
        ),
        ("Operations lost", "lost", "0 wanted"),
        ("Operations duplicated", "duplicated", "0 wanted"),
        ("Operations out of order within an entity", "disordered", "0 wanted"),
        ("Vaults that did not open or were not sound", "broken_vaults", "0 wanted"),
        ("Called synced and not in the database", "wrongly_synced", "0 wanted"),
        ("Parked that ought not to be", "wrongly_parked", "0 wanted"),
        ("Second processes let in", "intruders_admitted", "0 wanted"),
        ("Parts that were given up because something hung or broke", "given_up", "0 wanted"),
        ("Fault runs whose queues were not empty 5 s after healing", "healed_late", "0 wanted"),
    ]
    lines = [f"| What | This run | All {ever.runs} runs since {ever.since} | Wanted |", "|---|---|---|---|"]
    lines += [
        f"| {what} | {getattr(now, name):,} | {getattr(ever, name):,} | {wanted} |"
        for what, name, wanted in rows
    ]
    lines.append(
        f"| — by the clock, a busy machine's own waits included | {now.late_by_the_clock:,} | {ever.late_by_the_clock:,} |"
        " told apart from the fifth run on |"
    )
    lines.append(
        f"| Slowest healing | {now.slowest_healing:.2f} s | {ever.slowest_healing:.2f} s | 5 s at most |"
    )
    return lines
