"""How `make test` spreads the tests over processes, the longest first, and what coverage need not watch."""

import os

import pytest
from xdist.scheduler import LoadFileScheduling

ALL_PAGES = "tests/browser/test_accessibility.py"

# What takes longest, the longest first; whatever is not named comes last. So no process is left alone with a long one.
LONGEST_FIRST = (
    ALL_PAGES,
    "tests/browser",
    "tests/database/test_mutation.py",
    "tests/stack",
    "tests/pages",
    "tests/dashboard/web",
    "tests/faults",
    "tests/services/test_vault.py",
    "tests/services/test_sync.py",
    "tests/database",
    "tests/services",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        # A hundred examples of the same lines tell coverage nothing new, and its tracer costs more than half of them again.
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker("no_cover")
    if hasattr(config, "workerinput"):
        items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    return next(
        (n for n, part in enumerate(LONGEST_FIRST) if item.nodeid.startswith(part)), len(LONGEST_FIRST)
    )


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: half of the time a test waits for the database or for a page."""
    return (os.cpu_count() or 1) + 1


class FilesWhole(LoadFileScheduling):
    """Each file whole in one process. Of those that drive Chromium, two at a time: more would starve each other."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "tests/browser" if file.startswith("tests/browser/") and file != ALL_PAGES else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadFileScheduling | None:
    return FilesWhole(config, log) if config.getvalue("dist") == "loadfile" else None
