"""Periods of whole ISO weeks on a time axis: spans, steps with gaps, ticks and words.

A frame of periods has `period_start` and `period_end`, both Mondays, the end being the Monday after the last week.
A period of several weeks is drawn over all of them, and a stretch without a period stays empty.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pandas as pd

from dashboard.charts import palette
from services import weeks

WEEK = timedelta(weeks=1)
DAY_MS = 86_400_000
TICK_STEPS = (1, 2, 3, 4, 6, 8, 13, 26, 52, 104)
Row = SimpleNamespace


def rows(frame: pd.DataFrame) -> list[Row]:
    """The frame's rows in time order, plain: dates as `date`, missing values as None.

    A period without length is taken as one week. Plain rows, because a figure walks over them many times and pandas
    would cost more than plotly.
    """
    plain = [Row(**{name: _plain(value) for name, value in row.items()}) for row in frame.to_dict("records")]
    for row in plain:
        row.period_start, row.period_end = _day(row.period_start), _day(row.period_end)
        row.period_end = max(row.period_end, row.period_start + WEEK)
    return sorted(plain, key=lambda row: (row.period_start, row.period_end))


def _plain(value: Any) -> Any:
    return None if value is None or value is pd.NaT or value is pd.NA or value != value else value


def _day(value: Any) -> date:
    return (
        value.date()
        if isinstance(value, datetime)
        else date.fromisoformat(value)
        if isinstance(value, str)
        else value
    )


def spans(parts: Iterable[Row]) -> list[tuple[date, date]]:
    """The distinct periods, in time order."""
    return sorted({(row.period_start, row.period_end) for row in parts})


def merged(parts: Iterable[Row]) -> bool:
    """Whether any period covers more than one week."""
    return any(end - start > WEEK for start, end in spans(parts))


def mondays(parts: Sequence[Row]) -> list[date]:
    """Every Monday from the first period's to the last one's, those without a period among them."""
    if not parts:
        return []
    first, last = parts[0].period_start, parts[-1].period_start
    return [first + WEEK * n for n in range((last - first).days // 7 + 1)]


def words(start: date, end: date) -> str:
    """ "2026-W47" for one week, "2026-W44 to W47" for several, with the year again where it differs."""
    first, last = weeks.spelt(start), weeks.spelt(end - WEEK)
    if first == last:
        return first
    return f"{first} to {last[5:] if first[:4] == last[:4] else last}"


def whole(parts: Sequence[Row]) -> str:
    """The stretch from the first period to the last, in words."""
    return words(min(row.period_start for row in parts), max(row.period_end for row in parts))


def when(row: Row) -> str:
    """ "2026-W44 to W47 · 4 weeks" """
    count = (row.period_end - row.period_start).days // 7
    return words(row.period_start, row.period_end) + ("" if count == 1 else f" · {count} weeks")


def note(parts: Sequence[Row], mark: str = "steps") -> str:
    """What a reader has to know about the width of steps or bars, and about gaps."""
    places = spans(parts)
    gaps = any(earlier[1] < later[0] for earlier, later in pairwise(places))
    wide = f" · wider {mark}: several weeks together" if merged(parts) else ""
    return wide + (" · gaps: nothing to show" if gaps else "")


def moment(start: date, end: date) -> str:
    """The middle of a period to the minute, where its marker or its bar stands."""
    return f"{datetime.combine(start, time.min) + (end - start) / 2:%Y-%m-%dT%H:%M}"


def breadth(start: date, end: date) -> int:
    """The width of a bar over the period in the axis' milliseconds, with a hair of air beside it."""
    return int((end - start).days * DAY_MS * 0.9)


def step(parts: Sequence[Row], value: str, texts: Sequence[str]) -> dict[str, list[Any]]:
    """A line that holds each value over its whole period, and breaks where no period with a value follows at once.

    Each period gives three points: its start, its middle, which carries the marker (`marks`), and its end.
    """
    line: dict[str, list[Any]] = {"x": [], "y": [], "text": [], "marks": []}
    before = None
    for row, text in zip(parts, texts, strict=True):
        height = getattr(row, value)
        if height is None:
            continue
        start, end = row.period_start, row.period_end
        if before not in (None, start):
            _extend(line, (None, None, None, False))
        _extend(line, (start.isoformat(), height, text, False), (moment(start, end), height, text, True))
        _extend(line, (end.isoformat(), height, text, False))
        before = end
    return line


def _extend(line: dict[str, list[Any]], *points: tuple[Any, Any, str | None, bool]) -> None:
    for point in points:
        for name, part in zip(("x", "y", "text", "marks"), point, strict=True):
            line[name].append(part)


def bars(parts: Sequence[Row]) -> dict[str, list[Any]]:
    """Where bars over these periods stand, and how wide they are."""
    return {
        "x": [moment(row.period_start, row.period_end) for row in parts],
        "width": [breadth(row.period_start, row.period_end) for row in parts],
    }


def axis(parts: Sequence[Row], *, at_most: int = 7) -> dict[str, Any]:
    """An x axis over the periods, with at most so many named weeks; the last week is always named.

    Few enough names to stand side by side on a phone; the year is written with the first and where it changes.
    """
    first, end = min(row.period_start for row in parts), max(row.period_end for row in parts)
    count = (end - first).days // 7
    every = next((s for s in TICK_STEPS if math.ceil(count / s) <= at_most), math.ceil(count / at_most))
    mondays = sorted(end - WEEK * (1 + back) for back in range(0, count, every))
    names, year = [], ""
    for monday in mondays:
        spelt = weeks.spelt(monday)
        names.append(spelt[5:] + (f"<br>{spelt[:4]}" if spelt[:4] != year else ""))
        year = spelt[:4]
    return {
        "type": "date",
        "range": [first.isoformat(), end.isoformat()],
        "tickmode": "array",
        "tickvals": [moment(monday, monday + WEEK) for monday in mondays],
        "ticktext": names,
        "title": palette.axis_title("ISO week"),
    }
