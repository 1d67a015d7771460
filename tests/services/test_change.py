"""Change in a client's own scores: against published values, on both sides of every boundary, and as properties."""

import statistics
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services import change
from services.change import AllianceDrop, Scale
from tests import oracles

ORACLES = oracles.read()
START = date(2026, 1, 5)

PHQ9 = Scale("lower_is_better", 6, "published", 10, "published")
WELLBEING = Scale("higher_is_better", 5, "published", 25, "published")
COMPUTED = Scale("lower_is_better", 6, "computed", 10, "computed")
OWN = Scale("lower_is_better")
SCALES = [PHQ9, WELLBEING, COMPUTED]


def days(*values: float) -> list[tuple[date, float]]:
    return [(START + timedelta(weeks=place), value) for place, value in enumerate(values)]


def test_the_copy_of_the_published_values_is_the_one_beside_the_checkout():
    assert oracles.read(oracles.COPY) == ORACLES


def test_the_reliable_change_of_the_original_paper():
    known = ORACLES["jt_rci"]
    assert change.rci(sd=known["sd"], reliability=known["rel"], confidence=known["conf"]) == pytest.approx(
        known["rci"], abs=1e-9
    )


def test_the_worked_case_of_the_original_paper():
    case = ORACLES["jt_case"]
    found = change.index(case["pre"], case["post"], sd=case["sd"], reliability=case["rel"])
    assert found == pytest.approx(case["rc"], abs=1e-9)
    assert (case["post"] - case["pre"]) / case["sdiff"] == pytest.approx(found, abs=1e-9)


def test_the_three_cut_offs_of_the_original_paper():
    known = ORACLES["jt_cutoffs"]
    clinical, normal = (known["m_clin"], known["sd_clin"]), (known["m_norm"], known["sd_norm"])
    assert (
        change.cut_off_a(clinical_mean=clinical[0], clinical_sd=clinical[1], normal_mean=normal[0])
        == known["a"]
    )
    assert (
        change.cut_off_b(normal_mean=normal[0], normal_sd=normal[1], clinical_mean=clinical[0]) == known["b"]
    )
    assert change.cut_off_c(
        clinical_mean=clinical[0], clinical_sd=clinical[1], normal_mean=normal[0], normal_sd=normal[1]
    ) == pytest.approx(known["c"])  # fmt: skip


@pytest.mark.parametrize("known", [ORACLES["core10"], *ORACLES["cutoff_c_more"]])
def test_the_cut_off_between_two_samples_of_different_spread(known):
    found = change.cut_off_c(
        clinical_mean=known["m_clin"], clinical_sd=known["sd_clin"], normal_mean=known["m_norm"], normal_sd=known["sd_norm"]
    )  # fmt: skip
    assert found == pytest.approx(known["c"], abs=0.005)


def test_core_10_says_6_at_90_percent_and_would_say_7_at_95():
    known = ORACLES["core10"]
    at = {c: change.rci(sd=known["sd_clin"], reliability=known["alpha"], confidence=c) for c in (0.90, 0.95)}
    assert at[0.90] == pytest.approx(known["rci90"], abs=1e-6)
    assert at[0.95] == pytest.approx(known["rci95"], abs=1e-6)
    assert round(at[0.90]) == known["published_rci90"]


@pytest.mark.parametrize("measure", sorted(ORACLES["thresholds"]))
def test_the_shipped_thresholds_are_the_published_ones(sql, measure):
    known = ORACLES["thresholds"][measure]
    row = sql.execute(
        "select lowest, highest, cut_off, reliable_change, cut_off_basis::text, reliable_basis::text, direction::text"
        " from public.measures where clinic_id is null and name = %s",
        (measure,),
    ).fetchone()
    expected = (
        *known["range"],
        known["case_ge"],
        known["reliable_ge"],
        "published",
        "published",
        "lower_is_better",
    )
    assert row == expected


@pytest.mark.parametrize(
    ("scale", "after", "expected"),
    [
        (PHQ9, 15, "within"), (PHQ9, 14, "better"), (PHQ9, 25, "within"), (PHQ9, 26, "worse"),
        (COMPUTED, 14, "within"), (COMPUTED, 13.99, "better"), (COMPUTED, 26, "within"), (COMPUTED, 26.01, "worse"),
        (WELLBEING, 24, "within"), (WELLBEING, 25, "better"), (WELLBEING, 15, "worse"), (WELLBEING, 16, "within"),
        (OWN, 0, "no_threshold"),
    ],
)  # fmt: skip
def test_a_published_threshold_counts_from_equality_and_a_computed_one_is_exceeded(scale, after, expected):
    assert change.step(20, after, scale) == expected
    assert change.since_first(days(20, after), scale) == expected


def test_a_number_without_a_basis_is_no_threshold():
    claimed = Scale("lower_is_better", 6, "none", 10, "none")
    assert change.step(20, 0, claimed) == "no_threshold"
    assert change.clinical(20, claimed) is None


@pytest.mark.parametrize(
    ("scale", "value", "expected"),
    [
        (PHQ9, 9, False), (PHQ9, 10, True), (PHQ9, 11, True),
        (COMPUTED, 10, False), (COMPUTED, 10.01, True), (COMPUTED, 9.99, False),
        (WELLBEING, 26, False), (WELLBEING, 25, True), (WELLBEING, 24, True),
        (Scale("higher_is_better", cut_off=50, cut_off_basis="computed"), 50, False),
        (Scale("higher_is_better", cut_off=50, cut_off_basis="computed"), 49.9, True),
        (OWN, 5, None),
    ],
)  # fmt: skip
def test_the_side_of_the_cut_off(scale, value, expected):
    assert change.clinical(value, scale) is expected


def test_one_score_is_too_few_to_say_anything():
    for points in (days(), days(12)):
        assert change.since_first(points, PHQ9) == change.since_best(points, PHQ9) == "too_few"
        assert change.since_first(points, OWN) == "too_few"
        assert change.reliably_worse(points, PHQ9) is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((10, 16), True), ((10, 15), False),
        ((20, 8, 14), True),  # not worse than the first, six worse than the best
        ((20, 8, 13), False), ((20, 8, 2), False), ((12, 12), False),
    ],
)  # fmt: skip
def test_worsening_is_looked_for_against_the_first_and_the_best_score(values, expected):
    assert change.reliably_worse(days(*values), PHQ9) is expected


def test_worsening_without_a_threshold_is_not_claimed():
    assert change.reliably_worse(days(1, 9), OWN) is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((14, 15, 16, 14, 15, 16), True),
        ((14, 15, 16, 14, 15), None),
        ((3, 14, 15, 16, 14, 15, 19), True),  # only the last six count
        ((14, 15, 16, 14, 15, 20), False),  # a spread of six is a reliable change
        ((14, 15, 16, 14, 15, 9), False),  # one on the other side
        ((10, 11, 12, 13, 14, 15), True),
        ((9, 11, 12, 13, 14, 14), False),
    ],
)
def test_a_plateau_is_six_scores_close_together_and_all_on_the_clinical_side(values, expected):
    assert change.plateau(days(*values), PHQ9) is expected


def test_on_a_computed_threshold_a_spread_of_just_it_is_still_a_plateau():
    assert change.plateau(days(14, 14, 14, 14, 14, 20), COMPUTED) is True
    assert change.plateau(days(14, 14, 14, 14, 14, 20.01), COMPUTED) is False


def test_a_plateau_needs_both_thresholds():
    six = days(*[14] * 6)
    assert change.plateau(six, OWN) is None
    assert change.plateau(six, Scale("lower_is_better", 6, "published")) is None
    assert change.plateau(six, Scale("lower_is_better", cut_off=10, cut_off_basis="published")) is None


def test_a_drop_needs_three_earlier_check_ins():
    assert change.alliance_drop(days(30, 20, 5)) == AllianceDrop("too_few")
    assert change.alliance_drop(days(30, 20, 5, 0)).verdict != "too_few"


@pytest.mark.parametrize(
    ("values", "team_sd", "expected"),
    [
        ((25, 26, 25, 24.5), None, ("marked", 1.5)),
        ((25, 26, 25, 22), None, ("marked", 4.0)),  # from the top, not from the one before
        ((24, 26, 25, 21), None, ("marked", 5.0)),  # own spread 1
        ((24, 24, 24, 20), None, ("none", 4.0)),  # without any spread nothing says what is usual
        ((24, 24, 24, 20), 2.0, ("possible", 4.0)),  # just two of the team's: not exceeded
        ((24, 24, 24, 20), 1.99, ("marked", 4.0)),
        ((24, 24, 24, 20), 4.0, ("none", 4.0)),  # just one of the team's
        ((10, 20, 30, 15), 1.0, ("possible", 15.0)),  # own spread 10 is the stricter
        ((20, 22, 24, 26), None, ("none", 0.0)),
        ((30, 25, 20, 15, 10), None, ("marked", 20.0)),  # a slow fall counts as a sudden one does
        ((20, 26, 26, 20), None, ("possible", 6.0)),
    ],
)
def test_a_drop_is_judged_by_the_stricter_spread_and_from_four_check_ins_on(values, team_sd, expected):
    found = change.alliance_drop(days(*values), team_sd=team_sd)
    assert (found.verdict, found.points) == expected


def test_a_drop_runs_from_the_last_day_on_which_it_had_not_begun():
    sums = days(20, 26, 26, 22, 20)
    assert change.alliance_drop(sums).since == sums[2][0]
    assert change.alliance_drop(days(20, 21, 22, 23)).since is None


values = st.integers(0, 2700).map(lambda hundredths: hundredths / 100)
series = st.lists(values, min_size=2, max_size=12).map(lambda found: days(*found))
scales = st.sampled_from(SCALES)


@given(values, values, scales)
def test_two_decimals_are_compared_as_if_they_were_exact(before, after, scale):
    exact = abs(Decimal(str(after)) - Decimal(str(before)))
    counts = exact >= Decimal("6") if scale.reliable_basis == "published" else exact > Decimal("6")
    counts = exact >= Decimal("5") if scale is WELLBEING else counts
    assert (change.step(before, after, scale) in ("better", "worse")) is counts


@given(values, values, scales)
def test_what_is_better_one_way_is_worse_the_other_way(before, after, scale):
    turned = {"better": "worse", "worse": "better"}
    there, back = change.step(before, after, scale), change.step(after, before, scale)
    assert back == turned.get(there, there)


@given(series, scales)
def test_the_direction_of_a_measure_is_only_a_mirror(points, scale):
    other = "higher_is_better" if scale.direction == "lower_is_better" else "lower_is_better"
    mirrored = Scale(
        other, scale.reliable_change, scale.reliable_basis, 30 - scale.cut_off, scale.cut_off_basis
    )
    turned = [(day, round(30 - value, 2)) for day, value in points]
    assert change.since_first(points, scale) == change.since_first(turned, mirrored)
    assert change.since_best(points, scale) == change.since_best(turned, mirrored)
    assert change.plateau(points, scale) == change.plateau(turned, mirrored)


@given(series, scales)
def test_against_the_best_score_nothing_is_better(points, scale):
    assert change.since_best(points, scale) in ("worse", "within")
    if change.since_first(points, scale) == "worse":
        assert change.since_best(points, scale) == "worse"


@given(series, scales)
def test_a_plateau_and_a_worsening_within_six_scores_exclude_each_other(points, scale):
    if len(points) == change.PLATEAU_SCORES and change.plateau(points, scale):
        assert change.reliably_worse(points, scale) is False


@given(
    st.floats(0.1, 50), st.floats(0, 0.99), st.floats(0.5, 0.99),
)  # fmt: skip
def test_a_wider_spread_a_poorer_reliability_and_more_confidence_ask_for_more_change(
    sd, reliability, confidence
):
    here = change.rci(sd=sd, reliability=reliability, confidence=confidence)
    assert here > 0
    assert change.rci(sd=sd * 2, reliability=reliability, confidence=confidence) == pytest.approx(2 * here)
    assert change.rci(sd=sd, reliability=reliability * 0.9, confidence=confidence) >= here
    assert change.rci(sd=sd, reliability=reliability, confidence=confidence + 0.005) > here


@given(st.floats(0, 40), st.floats(0.1, 15), st.floats(0, 40), st.floats(0.1, 15))
def test_the_weighted_cut_off_lies_between_both_means_and_as_many_spreads_from_each(m1, s1, m2, s2):
    c = change.cut_off_c(clinical_mean=m1, clinical_sd=s1, normal_mean=m2, normal_sd=s2)
    assert min(m1, m2) - 1e-9 <= c <= max(m1, m2) + 1e-9
    assert abs(c - m1) / s1 == pytest.approx(abs(c - m2) / s2, abs=1e-6)


@given(st.lists(st.integers(0, 30), min_size=4, max_size=15), st.none() | st.floats(0, 12))
@example([6, 6, 6, 0], None)
def test_a_drop_is_never_called_without_four_check_ins_and_more_than_the_stricter_spread(sums, team_sd):
    found = change.alliance_drop(days(*sums), team_sd=team_sd)
    assert found.sd >= (team_sd or 0)
    assert found.sd >= statistics.stdev(sums[:-1]) - 1e-9
    if found.verdict != "none":
        assert len(sums) >= 4
        assert found.sd > 0
        assert found.points > found.sd * (2 if found.verdict == "marked" else 1)
    if sums[-1] > sums[-2]:
        assert found.verdict == "none"
    stricter = change.alliance_drop(days(*sums), team_sd=(team_sd or 0) + 5)
    order = ("none", "possible", "marked")
    if found.sd > 0:  # without any spread nothing is called, and a first one can only add
        assert order.index(stricter.verdict) <= order.index(found.verdict)
