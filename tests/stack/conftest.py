"""Small stacks of their own for the tests of the stack itself."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.conftest import open_directory


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory for one test's data."""
    with open_directory() as directory:
        yield directory


@pytest.fixture
def migrations(place: Path) -> Path:
    """A directory with one small migration."""
    directory = place / "migrations"
    directory.mkdir()
    (directory / "20260101000000_things.sql").write_text(
        "create table public.things (name text primary key);\n"
    )
    return directory


def processes_of(data_dir: Path) -> list[psutil.Process]:
    """Every living process that belongs to a data directory: by its command line, its environment or its parent."""
    marks = (str(data_dir), str(data_dir.resolve()))
    found: dict[int, psutil.Process] = {}
    for process in psutil.process_iter():
        try:
            told = [*process.cmdline(), *process.environ().values()]
            if process.status() == psutil.STATUS_ZOMBIE or process.pid == psutil.Process().pid:
                continue
            if any(mark in part for mark in marks for part in told):
                for one in (process, *process.children(recursive=True)):
                    found[one.pid] = one
        except psutil.Error:
            continue
    return list(found.values())
