"""Ruptures: opened, closed and open over time, and the open ones by their age."""

import html

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import palette, periods
from services import vocabulary

NOTHING = "No ruptures to show for these weeks; that none were logged does not mean that there were none."
NONE_OPEN = "No rupture is open at the moment."
ROW, MOST = 46, 20  # pixels a rupture, and how many are drawn


def _rows(frame: pd.DataFrame) -> list[periods.Row]:
    rows = periods.rows(frame)
    for row in rows:
        for name in ("opened", "closed", "open_at_end"):
            value = getattr(row, name)
            setattr(row, name, None if value is None else int(value))
    return rows


def ruptures_over_time(frame: pd.DataFrame, *, title: str | None = None) -> go.Figure:
    """Opened upwards, closed downwards, and the number open at the end of each period as a line.

    Columns: period_start, period_end, opened, closed, open_at_end; a value that is not shown is missing.
    """
    rows = _rows(frame)
    if not rows:
        return palette.nothing(title=title or "Ruptures", sentence=NOTHING)
    opened = [row for row in rows if row.opened is not None]
    closed = [row for row in rows if row.closed is not None]
    line = periods.step(rows, "open_at_end", [periods.when(row) for row in rows])
    traces = [
        _bars(opened, "Opened", [row.opened for row in opened], palette.OCHRE, ""),
        _bars(closed, "Closed", [-row.closed for row in closed], palette.TEAL, "/"),
        {
            "type": "scatter", "mode": "lines+markers", "connectgaps": False, "name": "Open at the end",
            "x": line["x"], "y": line["y"], "customdata": line["text"],
            "line": {"color": palette.DEEP, "width": 2.5},
            "marker": {"color": palette.DEEP, "symbol": "diamond", "opacity": 1, "line": {"width": 0}, "size": [8 if mark else 0 for mark in line["marks"]]},
            "hovertemplate": "<b>Open at the end</b><br>%{y}<br>%{customdata}<extra></extra>",
        },
    ]  # fmt: skip
    up = max([row.opened or 0 for row in rows] + [row.open_at_end or 0 for row in rows] + [1])
    down = max([row.closed or 0 for row in rows] + [1])
    ticks = _ticks(down, up)
    total = f"{sum(row.opened for row in opened):,} opened, {sum(row.closed for row in closed):,} closed"
    return go.Figure(
        traces,
        palette.layout(
            title=title or _headline(opened, closed),
            subtitle=f"Number of ruptures · {total} · {periods.whole(rows)}{periods.note(rows, 'bars')}",
            height=400,
            barmode="overlay",
            bargap=0,
            xaxis=palette.X_AXIS | periods.axis(rows),
            yaxis=palette.Y_AXIS | {
                "range": [-down * 1.12, up * 1.12], "tickvals": ticks, "ticktext": [str(abs(tick)) for tick in ticks],
                "title": palette.axis_title("closed ↓   ruptures   ↑ opened"), "zeroline": True, "zerolinecolor": palette.INK,
            },
        ),
    )  # fmt: skip


def _headline(opened: list[periods.Row], closed: list[periods.Row]) -> str:
    """Compares only periods that show both: a value that may not be shown is not nothing."""
    both = {row.period_start for row in opened} & {row.period_start for row in closed}
    if not both:
        return "Ruptures opened and closed"
    ups = sum(row.opened for row in opened if row.period_start in both)
    downs = sum(row.closed for row in closed if row.period_start in both)
    return "Ruptures: " + (
        "as many closed as opened"
        if ups == downs
        else f"more {'opened' if ups > downs else 'closed'} than {'closed' if ups > downs else 'opened'}"
    )


def _bars(rows: list[periods.Row], name: str, heights: list[float], colour: str, pattern: str) -> dict:
    return {
        "type": "bar", "name": name, **periods.bars(rows), "y": heights,
        "marker": palette.bar(colour, pattern),
        "customdata": [f"{abs(height)} · {periods.when(row)}" for row, height in zip(rows, heights, strict=True)],
        "hovertemplate": f"<b>{name}</b><br>%{{customdata}}<extra></extra>",
    }  # fmt: skip


def _ticks(down: float, up: float) -> list[int]:
    """Whole numbers at an even distance, at most about nine of them."""
    every = next(
        step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if (down + up) / step <= 9 or step == 1000
    )
    return list(range(-int(down // every) * every, int(up) + 1, every))


def ruptures_over_time_in_words(frame: pd.DataFrame) -> str:
    """One sentence: opened, closed and open at the end. None logged is never called good."""
    rows = _rows(frame)
    if not rows:
        return NOTHING
    opened, closed = (sum(getattr(row, name) or 0 for row in rows) for name in ("opened", "closed"))
    known = [row.open_at_end for row in rows if row.open_at_end is not None]
    end = f"; {known[-1]} were open at the end" if known else ""
    return f"{periods.whole(rows)}: {opened:,} ruptures were opened and {closed:,} closed{end}."


def ruptures_over_time_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A row per period: opened, closed, open at its end; blank where not shown."""
    columns = ["Opened", "Closed", "Open at the end"]
    table = [
        [periods.words(row.period_start, row.period_end), row.opened, row.closed, row.open_at_end]
        for row in _rows(frame)
    ]
    return pd.DataFrame(table, columns=["Weeks", *columns]).astype(dict.fromkeys(columns, "Int64"))


def open_ruptures_by_age(
    frame: pd.DataFrame, *, title: str | None = None, open_days: int | None = None
) -> go.Figure:
    """One bar per open rupture, oldest on top. Columns: label, days, stage (a repair stage or None).

    `open_days` draws the team's threshold as a line, when there is one.
    """
    oldest = _oldest_first(frame)
    if not oldest:
        return palette.nothing(title=title or "Open ruptures", sentence=NONE_OPEN)
    shown = oldest[:MOST]
    count = len(oldest)
    names = [
        f"<b>{html.escape(str(row.label))}</b> · {_days(row.days)} · {_stage(row.stage)}" for row in shown
    ]
    places = list(range(len(shown), 0, -1))
    bars = {
        "type": "bar", "orientation": "h", "name": "Age", "x": [row.days for row in shown], "y": places,
        "width": 0.3, "marker": {"color": palette.TEAL, "opacity": 0.88, "cornerradius": 4}, "text": names, "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip
    # Across each bar by itself: a line from top to bottom would run through the names.
    limits = [
        {"type": "line", "x0": open_days, "x1": open_days, "y0": place - 0.17, "y1": place + 0.17,
         "line": {"color": palette.INK, "width": 2}}
        for place in places if open_days
    ]  # fmt: skip
    most = max(max(row.days for row in shown), open_days or 0, 1)
    part = f"the {MOST} oldest of {count}" if count > MOST else f"{count} open"
    return go.Figure(
        [bars],
        palette.layout(
            title=title or f"Open ruptures: the oldest for {_days(shown[0].days)}",
            subtitle=f"Days since the rupture was noticed, and the last repair step · {part}"
            + (f" · upright line: {open_days} days" if open_days else ""),
            height=ROW * len(shown) + 88,  # names of the axis grow on a projector
            showlegend=False,
            xaxis=palette.X_AXIS
            | {
                "range": [0, most * 1.05],
                "title": palette.axis_title("days open"),
                "nticks": 6,
                "showgrid": True,
            },
            yaxis={"visible": False, "fixedrange": True, "range": [0.55, len(shown) + 0.85]},
            annotations=[
                palette.note(name, x=0, xref="x", y=place, yref="y", above=6)
                for name, place in zip(names, places, strict=True)
            ],
            shapes=limits,
        ),
    )


def open_ruptures_by_age_in_words(frame: pd.DataFrame) -> str:
    """One sentence: how many, and the oldest."""
    oldest = _oldest_first(frame)
    if not oldest:
        return NONE_OPEN
    first = f"{oldest[0].label}, {_days(oldest[0].days)}, {_stage(oldest[0].stage)}"
    return (
        f"One rupture is open: {first}."
        if len(oldest) == 1
        else f"{len(oldest)} ruptures are open; the oldest is {first}."
    )


def open_ruptures_by_age_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A row per open rupture, oldest first: also those beyond the figure."""
    table = [[row.label, row.days, _stage(row.stage)] for row in _oldest_first(frame)]
    return pd.DataFrame(table, columns=["Case", "Days open", "Last repair step"]).astype(
        {"Days open": "Int64"}
    )


def _oldest_first(frame: pd.DataFrame) -> list[periods.Row]:
    rows = [periods.Row(**row) for row in frame.to_dict("records")]
    return sorted(rows, key=lambda row: (-row.days, row.label))


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


def _stage(stage: str | None) -> str:
    known = isinstance(stage, str)
    return vocabulary.label("repair_stage", stage).lower() if known else "no repair step yet"
