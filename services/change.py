"""Change in a client's own scores: reliable or not, past a cut-off, on a plateau; and drops of the alliance.

Plain functions over (day, value) pairs in time order: no table, no client, no clock. What the database works out for the
indicators R1 to R4 must agree with them. Reliable change and cut-offs follow Jacobson & Truax 1991
(doi 10.1037/0022-006X.59.1.12). A published threshold counts from equality on; a computed one has to be exceeded.
There is no expected course in here: no norms are at hand.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from scipy.stats import norm

Points = Sequence[tuple[date, float]]
Step = Literal["better", "worse", "within", "too_few", "no_threshold"]
Drop = Literal["marked", "possible", "none", "too_few"]

PLATEAU_SCORES = 6
# The drop of an alliance is judged once so many earlier check-ins say how much this client varies anyway.
EARLIER_CHECK_INS = 3
# Scores have two decimals in the database and are floats here: what differs by less than this is equal.
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Scale:
    """What a measure says of change. Without a basis ("none") no threshold is claimed, whatever the number."""

    direction: str  # lower_is_better or higher_is_better
    reliable_change: float | None = None
    reliable_basis: str = "none"
    cut_off: float | None = None
    cut_off_basis: str = "none"


# Jacobson & Truax ----------------------------------------------------------------------------------------------------


def rci(*, sd: float, reliability: float, confidence: float = 0.95) -> float:
    """The change in points that measurement error alone exceeds only in 1 − `confidence` of pairs: z·SD·√(2(1−r)).

    `sd` and `reliability` belong to a sample and not to the measure, so another sample gives another value.
    """
    z = float(norm.ppf(1 - (1 - confidence) / 2))
    return z * sd * math.sqrt(2 * (1 - reliability))


def index(before: float, after: float, *, sd: float, reliability: float) -> float:
    """The difference in units of its own standard error; beyond ±1.96 it is reliable at 95 %."""
    return (after - before) / (sd * math.sqrt(2 * (1 - reliability)))


def cut_off_a(*, clinical_mean: float, clinical_sd: float, normal_mean: float) -> float:
    """Two standard deviations from the clinical mean, towards the other sample."""
    return clinical_mean + math.copysign(2 * clinical_sd, normal_mean - clinical_mean)


def cut_off_b(*, normal_mean: float, normal_sd: float, clinical_mean: float) -> float:
    """Two standard deviations from the mean of those without the problem, towards the clinical sample."""
    return normal_mean + math.copysign(2 * normal_sd, clinical_mean - normal_mean)


def cut_off_c(*, clinical_mean: float, clinical_sd: float, normal_mean: float, normal_sd: float) -> float:
    """Where both samples are as likely: the mean of both means, each weighted with the other's spread."""
    return (clinical_sd * normal_mean + normal_sd * clinical_mean) / (clinical_sd + normal_sd)


# One client's scores -------------------------------------------------------------------------------------------------


def reaches(size: float, threshold: float, basis: str) -> bool:
    """Whether `size` (not negative) counts: from equality on where `threshold` is published, beyond it where computed."""
    size, threshold = round(size, DIGITS), round(threshold, DIGITS)
    return size >= threshold if basis == "published" else size > threshold


def improvement(before: float, after: float, scale: Scale) -> float:
    """The difference in points, positive where `after` is better."""
    better = after - before if scale.direction == "higher_is_better" else before - after
    return round(better, DIGITS)


def step(before: float, after: float, scale: Scale) -> Step:
    """Whether one score differs reliably from another: better, worse, or within the reliable change."""
    if scale.reliable_change is None or scale.reliable_basis == "none":
        return "no_threshold"
    better = improvement(before, after, scale)
    if not reaches(abs(better), scale.reliable_change, scale.reliable_basis):
        return "within"
    return "better" if better > 0 else "worse"


def best(points: Points, scale: Scale) -> float:
    """The best value of at least one."""
    values = [value for _, value in points]
    return max(values) if scale.direction == "higher_is_better" else min(values)


def since_first(points: Points, scale: Scale) -> Step:
    """The last score against the first (R1, R2). "too_few" below two scores, before anything else."""
    return "too_few" if len(points) < 2 else step(points[0][1], points[-1][1], scale)


def since_best(points: Points, scale: Scale) -> Step:
    """The last score against the best so far (R2): it can be worse, or within the reliable change, never better."""
    return "too_few" if len(points) < 2 else step(best(points, scale), points[-1][1], scale)


def reliably_worse(points: Points, scale: Scale) -> bool | None:
    """R2: worse by at least the reliable change than the first or the best score; None where nothing can be said."""
    against = since_first(points, scale), since_best(points, scale)
    return None if against[0] in ("too_few", "no_threshold") else "worse" in against


def clinical(value: float, scale: Scale) -> bool | None:
    """Whether a score lies on the clinical side of the cut-off; None where there is no cut-off.

    A published cut-off is on the clinical side itself, a computed one is not.
    """
    if scale.cut_off is None or scale.cut_off_basis == "none":
        return None
    beyond = round(
        scale.cut_off - value if scale.direction == "higher_is_better" else value - scale.cut_off, DIGITS
    )
    return beyond >= 0 if scale.cut_off_basis == "published" else beyond > 0


def plateau(points: Points, scale: Scale) -> bool | None:
    """R3: the highest and the lowest of the last six scores differ by less than a reliable change, and all six lie on
    the clinical side of the cut-off. None with fewer than six, or without both thresholds.
    """
    last = [value for _, value in points[-PLATEAU_SCORES:]]
    sides = [clinical(value, scale) for value in last]
    if len(last) < PLATEAU_SCORES or None in sides:
        return None
    spread = step(min(last), max(last), scale)
    return None if spread == "no_threshold" else spread == "within" and all(sides)


# Check-ins -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AllianceDrop:
    """How far the sum of three answers (0–30) has fallen to the latest check-in, and by which spread that is judged.

    `since` is the day from which it has fallen without a rise in between; `sd` the stricter of own and team's.
    """

    verdict: Drop
    points: float = 0.0
    since: date | None = None
    sd: float | None = None


def alliance_drop(sums: Points, *, team_sd: float | None = None) -> AllianceDrop:
    """R4, within one client: more than one standard deviation "possible", more than two "marked"; from four check-ins on.

    `sums`: check-ins with all three answers, in time order. The fall runs from where it began, over all check-ins that
    did not rise, to the latest one, so that a slow decline counts as a sudden one does. The client's own spread (n − 1)
    is that of all check-ins before the latest. `team_sd` is the spread within the team's clients, pooled over them,
    where it is known; the larger of the two counts (PMC3320522).
    """
    values = [value for _, value in sums]
    if len(values) <= EARLIER_CHECK_INS:
        return AllianceDrop("too_few")
    start = len(values) - 1
    while start > 0 and values[start - 1] >= values[start]:
        start -= 1
    # At the top of a level stretch, its last day is where the fall began.
    while start + 1 < len(values) and values[start + 1] == values[start]:
        start += 1
    fall = round(values[start] - values[-1], DIGITS)
    sd = max(statistics.stdev(values[:-1]), team_sd or 0.0)
    verdict: Drop = "none"
    if sd > 0 and reaches(fall, sd, "computed"):  # without any spread nothing says what is usual
        verdict = "marked" if reaches(fall, 2 * sd, "computed") else "possible"
    return AllianceDrop(verdict, fall, sums[start][0] if fall else None, sd)
