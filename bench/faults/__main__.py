"""`make faults`: break everything on the way of what people write, and count what is lost. Nothing may be.

Parts: network, kills, power, together, figures. By default all, within some ten minutes; ARGS="--long" goes on until the
totals of all runs are reached, ARGS="power --cuts 5000" is one part in another size.
"""

import argparse
import logging
import sys
import time
import traceback
from collections.abc import Callable
from statistics import median

from bench import results
from bench.faults import clinic, figures, kills, network, power, together, totals
from bench.faults.clinic import Clinic
from bench.faults.totals import WANTED, Totals

PARTS = ("power", "network", "kills", "together", "figures")


def asked_for(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="some of the parts")
    parser.add_argument("--runs", type=int, default=150, help="fault runs")
    parser.add_argument("--kills", type=int, default=120)
    parser.add_argument("--cuts", type=int, default=4000, help="simulated power cuts")
    parser.add_argument("--rotations", type=int, default=40, help="changes of key that are killed")
    parser.add_argument("--intrusions", type=int, default=20, help="second processes at the vault")
    parser.add_argument(
        "--long", action="store_true", help="go on until the totals over all runs are reached"
    )
    parser.add_argument("--minutes", type=float, default=600.0, help="begin nothing new after so many")
    return parser.parse_args(arguments)


def networked(stack: Clinic, asked: argparse.Namespace) -> Totals:
    done = network.run(stack, runs=asked.runs)
    say(
        f"fault runs: healing took {median(run.healed_in for run in done.runs):.2f} s in the median",
        done.verdict.examples,
    )
    for run in done.too_slow:
        say(f"late: {run}")
    return Totals(
        operations=done.verdict.acknowledged,
        fault_runs=len(done.runs),
        faults=done.faults.total(),
        sent_again=sum(run.parked for run in done.runs),
        slowest_healing=max(run.healed_in - run.unattended for run in done.runs),
        late_by_the_clock=sum(run.healed_in > network.HEALING for run in done.runs),
        healed_late=len(done.too_slow),
        lost=done.verdict.lost,
        duplicated=done.verdict.duplicated,
        disordered=done.verdict.disordered,
        wrongly_synced=sum(run.wrongly_synced for run in done.runs),
        wrongly_parked=sum(run.wrongly_parked for run in done.runs),
    )


def killed(stack: Clinic, asked: argparse.Namespace) -> Totals:
    verdict, count = kills.run(stack, kills=asked.kills)
    say("", verdict.examples)
    return Totals(
        operations=verdict.acknowledged,
        app_killed=count["app"],
        server_killed=count["server"],
        database_killed=count["database"],
        both_killed=count["app and stack"],
        lost=verdict.lost,
        duplicated=verdict.duplicated,
        disordered=verdict.disordered,
    )


def without_power(_stack: Clinic, asked: argparse.Namespace) -> Totals:
    tally = power.run(cuts=asked.cuts)
    say("", tally.examples)
    return Totals(
        operations=tally.acknowledged, power_cuts=tally.cuts, lost=tally.lost, broken_vaults=tally.broken
    )


def two_at_once(stack: Clinic, asked: argparse.Namespace) -> Totals:
    done = together.run(stack, intrusions=asked.intrusions, rotations=asked.rotations)
    say(
        f"changes of key killed: {done.under_old} left the old key, {done.under_new} the new one",
        done.verdict.examples,
    )
    return Totals(
        operations=done.verdict.acknowledged,
        rotations_killed=done.killed,
        intrusions=done.asked,
        intruders_admitted=done.asked - done.refused,
        broken_vaults=done.ambiguous,
        lost=done.verdict.lost,
        duplicated=done.verdict.duplicated,
        disordered=done.verdict.disordered,
    )


RUN: dict[str, Callable[[Clinic, argparse.Namespace], Totals]] = {
    "power": without_power,
    "network": networked,
    "kills": killed,
    "together": two_at_once,
}


def measured(stack: Clinic) -> list[str]:
    saving, draining = figures.saving(stack), figures.draining(stack)
    typed, arrived, found = figures.canaries(stack)
    sent, parked, synced = figures.other_content(stack)
    return [
        "| Figure | Value | Wanted |",
        "|---|---|---|",
        f"| Saved acknowledged, database dead against there, medians | {saving['dead'] / saving['there']:.2f} × | 1.2 at most |",
        f"| Saved acknowledged, database blackholed against there, medians | {saving['blackholed'] / saving['there']:.2f} × | 1.2 at most |",
        f"| Draining 1,000 operations of ten people, one by one against batched | {draining['one by one'] / draining['batched']:.1f} × | |",
        f"| Marked words typed as drafts and notes through faults, and found in vault, its log, temporary files, logs | {found} of {typed:,} ({arrived:,} arrived) | 0 |",
        f"| Names the database knows with other content: parked, and called synced | {parked} and {synced} of {sent} | all and 0 |",
    ]


def say(sentence: str, examples: list[str] | None = None) -> None:
    for line in filter(None, [sentence, *(examples or [])]):
        print(f"  {line}", flush=True)


def still_wanted(part: str, ever: Totals) -> bool:
    """Whether another round of this part brings the totals nearer."""
    short = {name for name, count in WANTED.items() if getattr(ever, name) < count}
    return bool(
        {"network": {"fault_runs"}, "power": {"ends", "operations"}, "kills": {"operations", "ends"}}.get(
            part, set()
        )
        & short
    )


def main() -> int:
    asked = asked_for(sys.argv[1:])
    logging.disable(logging.CRITICAL)  # outages are what these runs are about
    now, ever = Totals(runs=1), totals.load()
    end = time.monotonic() + asked.minutes * 60
    parts = asked.parts or PARTS
    first = True
    while first or (asked.long and now.holds and not (ever + now).reached and time.monotonic() < end):
        for part in parts:
            if time.monotonic() > end or not (first or still_wanted(part, ever + now)):
                continue
            print(f"{part} …", flush=True)
            start = time.monotonic()
            try:
                with clinic.running() as stack:
                    if part == "figures":
                        now.figures = measured(stack)
                    else:
                        now += RUN[part](stack, asked)
            except Exception:  # noqa: BLE001 - counted, so that no total looks better than the runs were
                traceback.print_exc()
                now.given_up += 1
            print(f"{part}: {time.monotonic() - start:.0f} s", flush=True)
            totals.save(ever + now)
            if not now.holds:
                break
        first = False
    ever += now
    report = [*totals.table(now, ever), "", *ever.figures]
    print("\n".join(report))
    results.write(
        "Faults", "make faults" + (f' ARGS="{" ".join(sys.argv[1:])}"' if sys.argv[1:] else ""), report
    )
    return 0 if now.holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
