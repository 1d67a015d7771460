"""The shorter cut of `make faults`: kill -9, power cuts, two processes at one vault. Nothing acknowledged may be missing."""

import pytest

from bench.faults import kills, power, together


@pytest.mark.parametrize(
    ("target", "times"), [("app", 6), ("server", 1), ("database", 1), ("app and stack", 1)]
)
def test_kill_9_loses_doubles_and_reorders_nothing(breakable, target, times):
    verdict, killed = kills.run(breakable, kills=times, seed=times, targets={target: 1})
    assert killed == {target: times}
    assert verdict.acknowledged > 0
    assert (verdict.lost, verdict.duplicated, verdict.disordered) == (0, 0, 0), verdict.examples


def test_a_power_cut_loses_nothing_that_was_acknowledged_and_breaks_no_vault():
    tally = power.run(cuts=150, seed=1)
    assert tally.acknowledged > 0
    assert (tally.lost, tally.broken) == (0, 0), tally.examples


@pytest.mark.parametrize("spoilt", [{"synchronous": "normal"}, {"lying": True}])
def test_the_cuts_would_notice_a_vault_that_syncs_too_little(spoilt):
    assert power.run(cuts=60, seed=1, **spoilt).lost > 0


def test_a_second_process_is_refused_and_a_change_of_key_that_is_killed_leaves_one_key(breakable):
    outcome = together.run(breakable, intrusions=2, rotations=4, seed=1)
    assert (outcome.refused, outcome.killed, outcome.ambiguous) == (2, 4, 0)
    assert outcome.verdict.acknowledged > 0
    assert outcome.verdict.holds, outcome.verdict.examples
