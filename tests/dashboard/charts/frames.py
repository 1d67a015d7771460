"""Small frames for the tests of the figures."""

from datetime import date, timedelta

import pandas as pd

WEEK = timedelta(weeks=1)
MONDAY = date(2026, 6, 1)


def span(week: int, weeks: int = 1) -> dict[str, date]:
    """The period that starts so many weeks after the first Monday, and lasts so many."""
    start = MONDAY + WEEK * week
    return {"period_start": start, "period_end": start + WEEK * weeks}


def cause(number: int, means: list[float | None], *, n: int = 6) -> pd.DataFrame:
    """One rating a week; None is a week without entries, which has no row."""
    rows = [
        span(week) | {"cause": number, "mean": mean, "n": n}
        for week, mean in enumerate(means)
        if mean is not None
    ]
    return pd.DataFrame(rows)


def causes(weeks: int, *, n: int = 6) -> pd.DataFrame:
    """All six causes in every week."""
    return pd.concat(
        [cause(number, [(number + week) % 5 for week in range(weeks)], n=n) for number in range(1, 7)]
    )


def shown(figure) -> list[str]:
    """Every piece of text that the figure writes by itself."""
    return [note.text for note in figure.layout.annotations]
