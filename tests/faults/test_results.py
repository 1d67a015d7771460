"""What the benches keep: each its own section, and totals that look no better than the runs were."""

from bench import results
from bench.faults import totals
from bench.faults.totals import MUST_BE_NONE, Totals


def test_a_bench_writes_its_own_section_and_leaves_the_others_as_they_are(tmp_path):
    file = tmp_path / "RESULTS.md"
    results.write("Pages", "make bench", ["| a |", "|---|", "| 1 |"], file=file)
    results.write("Faults", "make faults", ["first"], file=file)
    before = file.read_text()
    results.write("Faults", "make faults", ["second"], file=file)
    assert file.read_text() == before.replace("first", "second")
    assert file.read_text().startswith("# Results\n")
    results.write("Faults", "make faults", ["first"], file=file)
    assert file.read_text() == before


def test_totals_add_up_over_runs_and_keep_the_slowest_and_the_last_figures(tmp_path):
    file = tmp_path / "totals.json"
    assert totals.load(file) == Totals()
    first = Totals(
        "2026-01-01", ["old"], runs=1, operations=5, app_killed=2, power_cuts=3, slowest_healing=4.0
    )
    totals.save(first, file)
    both = totals.load(file) + Totals("2026-02-02", runs=1, operations=6, slowest_healing=1.0)
    assert (both.since, both.runs, both.operations, both.ends, both.slowest_healing, both.figures) == (
        "2026-01-01",
        2,
        11,
        5,
        4.0,
        ["old"],
    )


def test_one_of_what_must_not_be_spoils_a_run():
    assert Totals(operations=9).holds
    assert [name for name in MUST_BE_NONE if Totals(**{name: 1}).holds] == []
    assert {"lost", "duplicated", "disordered", "given_up", "healed_late"} <= set(MUST_BE_NONE)
