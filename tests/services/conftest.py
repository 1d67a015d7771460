"""What the tests of services share: the small clinic, in which each test finds empty outboxes."""

from collections.abc import Iterator

import pytest

from tests.small_clinic import ROLES


@pytest.fixture(autouse=True)
def nothing_is_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test leaves on its way arrives, and what it leaves parked is let go: the next one may count."""
    yield
    if "clinic" not in request.fixturenames:
        return
    clinic = request.getfixturevalue("clinic")
    clinic.synced()
    for name in ROLES:
        box = clinic.outbox(name)
        for op in box.parked():
            box.discard(op.op_id)
