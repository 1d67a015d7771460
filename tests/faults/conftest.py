"""A stack of its own for these tests: they kill it."""

from collections.abc import Iterator

import pytest

from bench.faults import clinic
from bench.faults.clinic import Clinic


@pytest.fixture(scope="session")
def breakable() -> Iterator[Clinic]:
    with clinic.running() as stack:
        yield stack
