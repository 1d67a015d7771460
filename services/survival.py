"""How long it takes until something happens, with those still waiting counted as long as they have waited: Kaplan–Meier."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy import stats

Spell = tuple[int, bool, int]  # days, whether it has happened, how many such


@dataclass(frozen=True, slots=True)
class Curve:
    """`steps`: (day, share for whom it has not happened yet, how many were at risk just before), from (0, 1, n) on.

    `n` spells, `happened` of them over. `median`: the first day by which it has happened for half; None while it has not.
    `longest`: the longest anybody has waited, to which the curve can be drawn.
    """

    steps: tuple[tuple[int, float, int], ...]
    n: int
    happened: int
    median: int | None
    longest: int


def curve(spells: Iterable[Spell]) -> Curve:
    """The product-limit estimate (Kaplan & Meier 1958). A spell that is still open counts as at risk on its last day."""
    known = [(days, over, n) for days, over, n in spells if n > 0]
    total = sum(n for _, _, n in known)
    if not total:
        return Curve((), 0, 0, None, 0)
    days, over, times = (np.array(column) for column in zip(*known, strict=True))
    waits, over = np.repeat(days, times), np.repeat(over.astype(bool), times)
    longest = int(waits.max())
    if not over.any():
        return Curve(((0, 1.0, total),), total, 0, None, longest)
    found = stats.ecdf(stats.CensoredData(uncensored=waits[over], right=waits[~over])).sf
    steps, before = [(0, 1.0, total)], 1.0
    for day, share in zip(found.quantiles, found.probabilities, strict=True):
        if share < before:
            steps.append((int(day), float(share), int((waits >= day).sum())))
            before = share
    # A half that was reached is not missed by the last bit of a product of fractions.
    median = next((day for day, share, _ in steps if share <= 0.5 + 1e-9), None)
    return Curve(tuple(steps), total, int(over.sum()), median, longest)


def median_in_words(found: Curve) -> str:
    """ "half of them within 12 days", or that it has not come to that yet."""
    if not found.n:
        return "nothing to count yet"
    if found.median is None:
        return "not reached yet for half of them"
    if found.median == 0:
        return "for half of them on the same day"
    return f"for half of them within {found.median} {'day' if found.median == 1 else 'days'}"
