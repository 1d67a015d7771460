"""Statistics for a team's weekly series: XmR limits, and when there is enough to draw them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

ENOUGH_WEEKS = 12

# Wheeler's constants for individual values and their moving range of two (3/d2 and D4).
LIMIT = 2.66
MOVING_RANGE_LIMIT = 3.268


@dataclass(frozen=True, slots=True)
class Xmr:
    """Natural process limits of a series: what it does by itself, when nothing in particular happens."""

    n: int
    mean: float
    mean_moving_range: float
    lower: float
    upper: float
    moving_range_upper: float

    def outside(self, value: float | None) -> bool:
        """Whether a value lies beyond the limits; on a limit is inside, and no value is not outside."""
        return value is not None and not math.isnan(value) and not self.lower <= value <= self.upper


def xmr(values: Sequence[float | None]) -> Xmr | None:
    """Limits mean ± 2.66 · mean moving range of values in time order; None or NaN is a week without entries.

    A moving range is taken between neighbouring weeks only, never across a gap.
    None when there is nothing to compare: no two neighbouring values.
    """
    known = [None if value is None or math.isnan(value) else float(value) for value in values]
    present = [value for value in known if value is not None]
    ranges = [
        abs(later - earlier)
        for earlier, later in pairwise(known)
        if earlier is not None and later is not None
    ]
    if not ranges:
        return None
    mean = sum(present) / len(present)
    mean_range = sum(ranges) / len(ranges)
    return Xmr(
        n=len(present),
        mean=mean,
        mean_moving_range=mean_range,
        lower=mean - LIMIT * mean_range,
        upper=mean + LIMIT * mean_range,
        moving_range_upper=MOVING_RANGE_LIMIT * mean_range,
    )


def limits(values: Sequence[float | None]) -> Xmr | None:
    """The same, or None while there are fewer than twelve weeks with a value: too few to judge."""
    found = xmr(values)
    return found if found and found.n >= ENOUGH_WEEKS else None


# The four rules by which the NHS reads such a series ("Making data count"), the plainest first. More rules mark too much.
SIGNALS = {
    "outside": "outside its usual range",
    "trend": "seven weeks moving one way",
    "near": "two of three weeks close to a limit",
    "run": "seven weeks on one side of its mean",
}
RUN = 7


def signals(values: Sequence[float | None], limits: Xmr | None) -> list[str | None]:
    """For each value the first of SIGNALS that it is part of, or None; nothing without limits.

    `values` are weeks in time order; a week without a value ends every run. All members of a run are marked, not only
    its last. A value that equals the mean, or its neighbour, ends a run or a trend.
    """
    found: list[str | None] = [None] * len(values)
    if limits is None:
        return found
    near = 2 / 3 * LIMIT * limits.mean_moving_range
    away = [None if value is None or math.isnan(value) else value - limits.mean for value in values]
    for rule, length, holds in (
        ("run", RUN, _one_side),
        ("near", 3, lambda part: _one_side(part) and sum(near < abs(one) for one in part) >= 2),
        ("trend", RUN, _one_way),
    ):
        for start in range(len(away) - length + 1):
            part = away[start : start + length]
            if None not in part and holds(part):
                found[start : start + length] = [rule] * length
    return ["outside" if limits.outside(value) else mark for value, mark in zip(values, found, strict=True)]


def _one_side(part: Sequence[float]) -> bool:
    return all(one > 0 for one in part) or all(one < 0 for one in part)


def _one_way(part: Sequence[float]) -> bool:
    steps = [later - earlier for earlier, later in pairwise(part)]
    return all(step > 0 for step in steps) or all(step < 0 for step in steps)
