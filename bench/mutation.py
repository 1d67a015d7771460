"""How much the database tests notice: each right, check, trigger and guard is taken away once, on a copy of the database.

    python bench/mutation.py --warm          every mutant, some hours; without --warm, a night
    python bench/mutation.py --sample 16     one of each kind of mutant, under a minute
    python bench/mutation.py --only "guard"  those whose name holds this; "goals|tasks" one of these

A mutant that no test notices survives. It gets a test, or a sentence in EQUAL on why nothing could notice.
"""

import argparse
import os
import re
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

import psycopg
import pytest
import supabase  # noqa: F401  (what every test run imports: once here instead of once per mutant)

import local_stack
from bench import warm
from bench.mutants import Mutant, all_of
from processes import stop

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests" / "database"

# What may notice a mutant of each group, the quickest first. Policies are judged by what people can do, not by the
# catalogue, which would notice a dropped policy by its absence alone.
DOING = [
    "test_matrix",
    "test_roles",
    "test_privacy",
    "test_forged",
    "test_apply_ops",
    "test_case_page",
    "test_handing_over",
    "test_weekly_reflections",
    "test_exactly_once",
    "test_audit",
    "test_bad_input",
    "test_meetings",
    "test_meeting_scope",
    "test_off_the_agenda",
    "test_called_off",
    "test_meeting_guards",
    "test_meeting_reads",
    "test_retention",
    "test_flags",
    "test_monthly_summary",
]
COUNTING = ["test_rollups", "test_safe_view"]
NOTICED_BY = defaultdict(lambda: [*DOING, *COUNTING, "test_catalog"]) | {
    "policy dropped": DOING,
    "policy open": DOING,
    "condition gone": DOING,
    "any role": DOING,
    "row security off": ["test_matrix", "test_catalog"],
    "granted too much": ["test_catalog"],
    "grant taken": DOING,
    "execute": ["test_catalog", "test_matrix"],
    "foreign key gone": ["test_catalog"],
    "search path": ["test_catalog"],
    "view with its owner's rights": DOING,
    "check gone": [
        "test_bad_input",
        "test_roles",
        "test_meeting_guards",
        "test_retention",
        "test_flags",
        "test_catalog",
    ],
    "unique key gone": ["test_catalog"],
    "trigger gone": ["test_catalog"],
}

# The tests that speak of it come first, or a word of a rule would wait for those about rights.
SPEAKS_OF = {
    "test_retention": "held|due_for|purge|eras|retention|goes_with|invit|found_team|team_of_clinic|case_ends|legal_holds",
    "test_monthly_summary": "month_of_team|log_export",
    "test_meeting_scope": "meeting_of|own_picture|picture_of|causes_of|agenda_candidates|screen_of|meeting_now|item_of|apply_screen",
    "test_off_the_agenda": "apply_item|item_of|apply_meeting",
    "test_called_off": "must_be_ahead|call_off|meeting_goes_on",
    "test_meeting_reads": "screen_of|meeting_now|agenda_candidates|repair_memory|picture_of|causes_of",
    "test_meeting_guards": "meeting|agenda|item|pulse|pass_on|therapist_says|still_said|label|stop_the_clock|decisions|reratings",
    "test_flags": "flag|reaches|monitor|stagnation|threshold|to_see|see_case|points|fits_its_team|step_back|stale|reveal|name_of|discussed|entered|actions",
}
WORDS_OF_RULES = ("words", "guard gone", "check gone")


def tests_for(mutant: Mutant) -> list[str]:
    """The test files that may notice it, in the order in which they are asked."""
    asked = NOTICED_BY[mutant.group]
    if mutant.group not in WORDS_OF_RULES:
        return asked
    mine = [
        test
        for test, words in SPEAKS_OF.items()
        if test in asked and re.search(words, mutant.name.split(":")[0])
    ]
    return [*mine, *(test for test in asked if test not in mine)]


CONTROL = 0  # the number of the copy from which nothing was taken

# Mutants that change nothing anybody could see, and why.
ZERO = "only ratings have a sum; theirs is the second of these, and a test notices that one"
NEVER_TAKEN = (
    "publish never takes in a key that its period does not show, so there is nothing of it to add up"
)
TWICE = "still_open answers a reflection's author alone, so it says the same once more"
EQUAL: dict[str, str] = {
    "condition gone: reflection_parts insert: whose 1": TWICE,
    "condition gone: reflection_parts update: whose 1": TWICE,
    "condition gone: reflection_parts delete: whose 1": TWICE,
    "words: team_trends: 'where p.team_id = team and (w.key = any (p.keys) or p.others)' becomes"
    " 'where p.team_id = team and (w.key = any (p.keys) or true)' (1)": NEVER_TAKEN,
    **{
        f"words: roll_up: 'total = w.total + excluded.total' becomes 'total = w.total' ({n})": ZERO
        for n in (1, 3, 4)
    },
}


def chosen(mutants: list[Mutant], sample: int | None, only: str) -> list[Mutant]:
    """Those whose name holds `only`, or one of its parts between bars; of these, so many, spread over the groups, and always the same ones."""
    wanted = [mutant for mutant in mutants if any(part in str(mutant) for part in only.split("|"))]
    if sample is None or sample >= len(wanted):
        return wanted
    groups: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in wanted:
        groups[mutant.group].append(mutant)
    picked = []
    for turn in range(sample):
        group = list(groups.values())[turn % len(groups)]
        picked.append(group[(7 * turn + len(group) // 2) % len(group)])
    return list(dict.fromkeys(picked))


class Laboratory:
    """A stack whose database is copied for each mutant. Nothing may be connected to what is copied, so the API is stopped."""

    def __init__(self, stack: local_stack.Stack, logs: Path) -> None:
        stop(stack.api, signal.SIGTERM)
        stack.api = None
        self.url, self.logs = stack.database_url, logs
        with psycopg.connect(self.url) as db:
            self.mutants = all_of(db)
        self.admin = psycopg.connect(self._of("template1"), autocommit=True)

    def _of(self, database: str) -> str:
        return f"{self.url.rsplit('/', 1)[0]}/{database}"

    def copy(self, number: int) -> str:
        """Make a copy of the database; its name."""
        name = f"mutant_{number}"
        self.admin.execute(f"drop database if exists {name} with (force)")
        self.admin.execute(f"create database {name} template postgres")
        return name

    def start(self, number: int, tests: list[str], mutant: Mutant | None = None) -> int:
        """Copy, mutate, and run these tests in a child process; its pid. Without a mutant: on a plain copy."""
        name = self.copy(number)
        # A loop without its guard may never end; that is noticed too.
        self.admin.execute(f"alter database {name} set statement_timeout = '60s'")
        if mutant:
            with psycopg.connect(self._of(name)) as copy:
                copy.execute(mutant.sql)
        if pid := os.fork():
            return pid
        self._run_tests(name, tests)

    def warmly(self, mutants: list[Mutant], verbose: bool) -> dict[Mutant, str]:
        """Those that one session of all tests notices, and by which test."""
        noticed = warm.judge(self._of(self.copy(CONTROL)), mutants, tests_for, ROOT, verbose=verbose)
        self.drop(CONTROL)
        return noticed

    def _run_tests(self, database: str, tests: list[str]) -> None:
        """In the child: everything a test run prints goes to the mutant's log, and its exit code is the verdict."""
        with (self.logs / database).open("w") as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        os.environ["SIXFOLD_MUTANT_DATABASE_URL"] = self._of(database)
        files = [str(TESTS / f"{test}.py") for test in tests]
        code = 99
        try:
            code = pytest.main(
                ["-x", "-q", "-p", "no:cacheprovider", "--tb=line", "--rootdir", str(ROOT), *files]
            )
        finally:
            os._exit(code)

    def killer(self, number: int) -> str:
        """The test that noticed, from the mutant's log."""
        for line in (self.logs / f"mutant_{number}").read_text().splitlines():
            if line.startswith(("FAILED", "ERROR")):
                return line.split(" - ")[0].rsplit("/", 1)[-1]
        return "?"

    def drop(self, number: int) -> None:
        self.admin.execute(f"drop database if exists mutant_{number} with (force)")


def judge(
    laboratory: Laboratory, mutants: list[Mutant], jobs: int, *, control: list[str], verbose: bool
) -> dict[Mutant, str]:
    """Per mutant the test that noticed it, or '' when it survived. The `control` tests must pass on a plain copy first."""
    _, status = os.waitpid(laboratory.start(CONTROL, control), 0)
    if status:
        raise SystemExit(f"The tests fail on an untouched copy already: {laboratory.killer(CONTROL)}")
    laboratory.drop(CONTROL)
    verdicts: dict[Mutant, str] = {}
    running: dict[int, tuple[int, Mutant]] = {}
    waiting = list(enumerate(mutants, CONTROL + 1))
    while waiting or running:
        while waiting and len(running) < jobs:
            number, mutant = waiting.pop(0)
            running[laboratory.start(number, tests_for(mutant), mutant)] = (number, mutant)
        pid, status = os.wait()
        number, mutant = running.pop(pid)
        code = os.waitstatus_to_exitcode(status)
        if code not in (0, 1):
            raise SystemExit(
                f"{mutant}: the tests did not run (code {code}); see {laboratory.logs}/mutant_{number}"
            )
        verdicts[mutant] = laboratory.killer(number) if code else ""
        if verbose or not code:
            print(
                f"  {'noticed' if code else 'SURVIVED'}  {mutant}"
                + (f"  ({verdicts[mutant]})" if code else ""),
                flush=True,
            )
        laboratory.drop(number)
    return verdicts


def report(verdicts: dict[Mutant, str]) -> bool:
    """Print the kill rate by group; whether it is good enough: every survivor explained, and 95 % noticed."""
    if not verdicts:
        raise SystemExit("There is no such mutant.")
    total, killed = Counter(m.group for m in verdicts), Counter(m.group for m, by in verdicts.items() if by)
    for group in total:
        print(f"{group:32} {killed[group]:4} of {total[group]:4}")
    survivors = [str(mutant) for mutant, by in verdicts.items() if not by]
    for name in survivors:
        print(f"survived: {name}: {EQUAL.get(name, 'NO TEST NOTICES THIS')}")
    rate = killed.total() / total.total()
    print(f"{killed.total()} of {total.total()} mutants noticed: kill rate {rate:.1%}")
    return rate >= 0.95 and set(survivors) <= EQUAL.keys()


def main() -> int:
    """Run it; 0 when every mutant was noticed or is explained."""
    parser = argparse.ArgumentParser(
        description="Take one thing at a time away from the database and see whether a test notices."
    )
    parser.add_argument("--sample", type=int, help="only so many, spread over all groups")
    parser.add_argument("--only", default="", help="only mutants whose name holds this, or one of these: a|b")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--warm", action="store_true", help="judge in one session first; see bench/warm.py")
    parser.add_argument("--verbose", action="store_true", help="name the test that noticed each mutant")
    parser.add_argument("--list", action="store_true", help="name the mutants and stop")
    asked = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sixfold-mutation-") as directory:
        logs = Path(directory)
        logs.chmod(0o711)
        with local_stack.start(logs / "stack", api_port=0, db_port=0, durable=False) as stack:
            laboratory = Laboratory(stack, logs)
            mutants = chosen(laboratory.mutants, asked.sample, asked.only)
            if asked.list:
                print("\n".join(map(str, mutants)))
                return 0
            print(f"{len(mutants)} of {len(laboratory.mutants)} mutants", flush=True)
            control = ["test_matrix", "test_catalog"] if asked.sample else [*DOING, *COUNTING, "test_catalog"]
            noticed = laboratory.warmly(mutants, asked.verbose) if asked.warm else {}
            rest = [mutant for mutant in mutants if mutant not in noticed]
            if rest:
                noticed |= judge(laboratory, rest, asked.jobs, control=control, verbose=asked.verbose)
            good = report(noticed)
            laboratory.admin.close()
    print(f"{time.monotonic() - began:.0f} s")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
