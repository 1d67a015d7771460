"""Many mutants in one pytest session: the scene is written once, and each mutant lives in a transaction around its tests.

Ten times as fast as a copy of the database for each. What survives here is judged once more on a copy of its own, because
tests that open connections of their own take no part.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import psycopg
import pytest

from bench.mutants import Mutant

# They open connections of their own, which wait for the transaction around them.
LEFT_OUT = {"test_exactly_once", "test_rollups", "test_safe_view", "test_catalog"}


class Session:
    """A plugin: pytest collects the tests, and its loop goes over the mutants instead."""

    def __init__(
        self, mutants: list[Mutant], tests_for: Callable[[Mutant], list[str]], verbose: bool
    ) -> None:
        self.mutants, self.tests_for, self.verbose = mutants, tests_for, verbose
        self.sql: psycopg.Connection | None = None
        self.failed: str = ""
        self.noticed: dict[Mutant, str] = {}

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef) -> Generator[None]:
        """Remember the connection that all tests share."""
        yield
        if fixturedef.argname == "sql" and fixturedef.cached_result:
            self.sql = fixturedef.cached_result[0]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember what failed."""
        if report.failed:
            self.failed = report.nodeid.rsplit("/", 1)[-1]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Every mutant in turn, until its first test fails; tests that fail without one are left out."""
        self._run(session.items[:1])  # makes the scene
        with self.sql.transaction(force_rollback=True):
            steady = [item for item in session.items if not self._run([item])]
        by_file: dict[str, list[pytest.Item]] = {}
        for item in steady:
            by_file.setdefault(Path(item.path).stem, []).append(item)
        for mutant in self.mutants:
            with self.sql.transaction(force_rollback=True):
                self.sql.execute(mutant.sql)
                killer = self._run(item for test in self.tests_for(mutant) for item in by_file.get(test, []))
            if killer:
                self.noticed[mutant] = killer
                if self.verbose:
                    print(f"  noticed  {mutant}  ({killer})", file=sys.__stdout__, flush=True)
        return True

    def _run(self, items: list[pytest.Item] | Iterator[pytest.Item]) -> str:
        for item in items:
            self.failed = ""
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=item.session)  # the session stays
            if self.failed:
                return self.failed
        return ""


def judge(
    url: str, mutants: list[Mutant], tests_for: Callable[[Mutant], list[str]], root: Path, *, verbose: bool
) -> dict[Mutant, str]:
    """Which mutants were noticed, and by which test, on this copy of the database."""
    os.environ["SIXFOLD_MUTANT_DATABASE_URL"] = url
    wanted = dict.fromkeys(test for mutant in mutants for test in tests_for(mutant))
    files = [str(root / "tests" / "database" / f"{test}.py") for test in wanted if test not in LEFT_OUT]
    plugin = Session(mutants, tests_for, verbose)
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        code = pytest.main(["-q", "-p", "no:cacheprovider", "--capture=no", "--rootdir", str(root), *files], plugins=[plugin])  # fmt: skip
    if code not in (0, 1):
        raise SystemExit(f"The tests did not run (code {code}).")
    return plugin.noticed
