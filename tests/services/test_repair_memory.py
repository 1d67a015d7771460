"""Repair memory: counts with their uncertainty, and nothing where too few stand behind it."""

from datetime import timedelta
from math import sqrt
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import cases, repair_memory, ruptures
from services.errors import NotAllowed
from services.repair_memory import RepairMemory, Share

Z = 1.959963984540054


@st.composite
def counts(draw) -> tuple[int, int]:
    of = draw(st.integers(1, 400))
    return draw(st.integers(0, of)), of


@given(counts())
def test_the_interval_is_wilsons(pair):
    repaired, of = pair
    share = Share.counted(repaired, of)
    p = repaired / of
    centre = (p + Z**2 / (2 * of)) / (1 + Z**2 / of)
    half = Z / (1 + Z**2 / of) * sqrt(p * (1 - p) / of + Z**2 / (4 * of**2))
    assert (share.lower, share.upper) == pytest.approx(
        (max(0, centre - half), min(1, centre + half)), abs=1e-9
    )
    assert share.lower - 1e-9 <= p <= share.upper + 1e-9


def test_the_words_say_counts_and_how_little_they_tell():
    assert Share.counted(6, 8).in_words() == (
        "6 of 8 were repaired, which fits with anything from 41 to 93 in 100"
    )
    assert Share.counted(1, 5).in_words().startswith("1 of 5 was repaired")


def test_steps_come_in_the_order_of_the_ladder_and_only_those_that_are_told():
    steps = [{"stage": "explored", "of": 6, "repaired": 5}, {"stage": "named", "of": 7, "repaired": 5}]
    memory = RepairMemory.from_row({"closed": 9, "repaired": 6, "steps": steps})
    assert list(memory.steps) == ["named", "explored"]
    assert (memory.every.repaired, memory.every.of) == (6, 9)


def closed(clinic, who: str, today, *, stages: tuple[str, ...], outcome: str, number: int) -> None:
    """One rupture of `who`, opened, repaired by these steps and closed."""
    outbox = clinic.outbox(who)
    case = UUID(cases.open(outbox, team=clinic.team, code=f"RM-{number:04}").entity)
    noticed = today - timedelta(days=20)
    entity = str(uuid4())
    ruptures.open(
        outbox, team=clinic.team, case=case, kind="withdrawal", noticed_on=noticed, today=today, entity=entity
    )
    rupture = ruptures.Rupture(
        UUID(entity), clinic.people[who], who.title(), clinic.team, case, f"RM-{number:04}", None, "withdrawal", noticed, 20
    )  # fmt: skip
    for stage in stages:
        ruptures.add_step(
            outbox, rupture=rupture, stage=stage, taken_on=noticed + timedelta(days=5), today=today
        )
    ruptures.close(outbox, rupture=rupture, outcome=outcome, closed_on=today, today=today)


def test_a_team_remembers_from_enough_ruptures_and_enough_therapists_on(clinic, today, sql):
    assert repair_memory.of_team(clinic.as_("sue"), team=clinic.team) is None
    for number in range(6):
        closed(clinic, "alice", today, stages=("named", "explored"), outcome="repaired", number=number)
    clinic.synced()
    # six, but all of one therapist
    assert repair_memory.of_team(clinic.as_("sue"), team=clinic.team) is None
    closed(clinic, "bob", today, stages=("named",), outcome="not_repaired", number=11)
    closed(clinic, "carol", today, stages=("named",), outcome="partly", number=12)
    clinic.synced()
    memory = repair_memory.of_team(clinic.as_("alice"), team=clinic.team)
    assert (memory.every.repaired, memory.every.of) == (7, 8)
    assert {stage: (share.repaired, share.of) for stage, share in memory.steps.items()} == {"named": (7, 8)}


def test_others_are_told_nothing(clinic):
    for stranger in ("lee", "otto"):
        with pytest.raises(NotAllowed):
            repair_memory.of_team(clinic.as_(stranger), team=clinic.team)
