"""The team theme: one series with its usual range, and the weeks that stand out."""

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import palette, periods
from services import statistics, themes
from services.themes import Theme

UNITS = {
    "cause": "Mean rating, 0 “not a factor” to 4 “main factor”",
    "kind": "Episodes a week",
    "rupture": "Ruptures a week",
    "reflection": "Percent of reflections handed in",
}
COLUMNS = {"cause": "Mean, 0–4", "kind": "A week", "rupture": "A week", "reflection": "Percent"}


def theme_over_time(theme: Theme, *, title: str | None = None, on_screen: bool = False) -> go.Figure:
    """One line over whole weeks; a band for the usual range where it can be judged; larger marks where a week stands out.

    `on_screen`: for the shared screen, larger and without anything that shows only under a pointer.
    """
    if not theme.points:
        return palette.nothing(title=title or theme.title, sentence="Nothing to show.")
    limits, marks = themes.judged(theme.points)
    rows = [periods.Row(period_start=one.start, period_end=one.end, value=one.value) for one in theme.points]
    colour = palette.CAUSE_SIGNS[theme.cause].colour if theme.cause else palette.TEAL
    line = periods.step(rows, "value", [_hover(row, marks) for row in rows])
    starts, usual = iter(row.period_start in marks for row in rows), 9 if on_screen else 7
    sizes = [0 if not mark else usual + 7 if next(starts) else usual for mark in line["marks"]]
    trace = {
        "type": "scatter", "mode": "lines+markers", "connectgaps": False, "name": theme.name, "x": line["x"], "y": line["y"],
        "line": {"color": colour, "width": 4 if on_screen else 2.5},
        "marker": {"color": colour, "size": sizes, "opacity": 1, "line": {"width": 0}},
    }  # fmt: skip
    if on_screen:
        trace["hoverinfo"] = "skip"
    else:
        trace |= {"customdata": line["text"], "hovertemplate": "%{y:.1f}<br>%{customdata}<extra></extra>"}
    judgement = "band: usual range · large marks stand out" if limits else "no usual range"
    return go.Figure(
        [trace],
        palette.layout(
            title=title or theme.title,
            subtitle=f"{UNITS[theme.subject]} · {periods.whole(rows)}{periods.note(rows)} · {judgement}",
            height=360 if on_screen else 260,
            showlegend=False,
            xaxis=palette.X_AXIS | periods.axis(rows),
            yaxis=palette.Y_AXIS | _scale(theme),
            shapes=_band(limits, colour, _top(theme)),
        ),
    )


def _hover(row: periods.Row, marks: dict) -> str:
    rule = marks.get(row.period_start)
    return periods.when(row) + (f"<br>{statistics.SIGNALS[rule]}" if rule else "")


def _top(theme: Theme) -> float:
    limits, _ = themes.judged(theme.points)
    highest = max([point.value for point in theme.points] + ([limits.upper] if limits else []))
    return {"cause": 4, "reflection": 100}.get(theme.subject, max(1, highest * 1.08))


def _scale(theme: Theme) -> dict:
    top = _top(theme)
    ticks = {"tickvals": [0, 1, 2, 3, 4]} if theme.cause else palette.PERCENT if theme.subject == "reflection" else {"nticks": 5}  # fmt: skip
    return {"range": [-0.05 * top, 1.05 * top], **ticks}


def _band(limits: statistics.Xmr | None, colour: str, top: float) -> list[dict]:
    if limits is None:
        return []
    across = {"xref": "paper", "x0": 0, "x1": 1, "yref": "y", "layer": "below"}
    return [
        {"type": "rect", "fillcolor": colour, "opacity": 0.13, "line": {"width": 0}, "y0": max(limits.lower, 0), "y1": min(limits.upper, top), **across},
        {"type": "line", "line": {"color": colour, "width": 1}, "opacity": 0.6, "y0": limits.mean, "y1": limits.mean, **across},
    ]  # fmt: skip


def theme_over_time_in_words(theme: Theme) -> str:
    """What the theme says of itself."""
    return theme.in_words


def theme_over_time_table(theme: Theme) -> pd.DataFrame:
    """A row per period: its value, and by which rule it stands out."""
    marks = themes.judged(theme.points)[1]
    rows = [
        (
            periods.words(one.start, one.end),
            round(one.value, 1),
            statistics.SIGNALS.get(marks.get(one.start), ""),
        )
        for one in theme.points
    ]
    return pd.DataFrame(rows, columns=["Weeks", COLUMNS.get(theme.subject, "Value"), "Stands out"])
