"""The six causes over time: six thin panels above one another, which share the weeks."""

from datetime import date

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import palette, periods
from services import statistics
from services.vocabulary import CAUSES

TOO_FEW = "too few weeks to judge"
TOGETHER = "no usual range, as some weeks are shown together"
SUBJECT = "Six causes"
NOTHING = "No ratings to show for these weeks."
FOOT, PANEL = 62, 112  # pixels
LABEL = 0.30  # of a panel's height
CROWDED = 60  # periods, from which on markers get smaller


def causes_over_time(frame: pd.DataFrame, *, title: str | None = None) -> go.Figure:
    """One panel and one trace per cause, in order.

    Columns: period_start, period_end (dates, Mondays, the end after the last week), cause (1–6), mean (0–4), n.
    A light band shows the natural process limits where there are twelve single weeks or more.
    """
    rows = _known(frame)
    if not rows:
        return palette.nothing(title=title or SUBJECT, sentence=NOTHING)
    series = _series(rows)
    limits = _limits(rows, series)
    judged, marks = any(limits.values()), _marks(series, limits)
    subtitle = (
        f"Mean rating, 0 “not a factor” to 4 “main factor” · {sum(row.n for row in rows):,} ratings"
        f" · {periods.whole(rows)}{periods.note(rows)}" + ("" if judged else f" · {_why_not(rows)}")
    )
    numbers = list(CAUSES)
    aside = palette.note(
        "mean rating, 0–4", x=0, y=0.5, side="center", beside=-36, textangle=-90, yanchor="middle"
    )
    return go.Figure(
        [_trace(number, series[number], marks[number]) for number in numbers],
        palette.layout(
            title=title or _headline(series),
            subtitle=subtitle,
            height=6 * PANEL + FOOT,
            showlegend=False,
            margin={"l": 44, "r": 40, "t": 4, "b": 8, "pad": 4},
            xaxis=palette.X_AXIS | periods.axis(rows) | {"anchor": "y6"},
            annotations=[
                note for number in numbers for note in _notes(number, series[number], limits[number], judged)
            ] + [aside],
            shapes=[shape for number in numbers for shape in _band(number, limits[number])],
            **{_axis("yaxis", number): _panel(number) for number in numbers},
        ),
    )  # fmt: skip


def _headline(series: dict[int, list[periods.Row]]) -> str:
    """What is seen at a glance: a move of a whole step if there is one, else the causes rated highest at the end.

    Means that differ by less than a fifth of a step count as alike.
    """
    means = {number: [round(row.mean, 1) for row in rows] for number, rows in series.items() if rows}
    moves = {number: values[-1] - values[0] for number, values in means.items()}
    most = max(moves, key=lambda number: abs(moves[number]))
    if abs(moves[most]) >= 1:
        way = "rose" if moves[most] > 0 else "fell"
        return f"{SUBJECT}: {_named(most)} {way} from {means[most][0]} to {means[most][-1]}"
    highest = max(values[-1] for values in means.values())
    first = [_named(number) for number, values in means.items() if highest - values[-1] < 0.2]
    return (
        f"{SUBJECT}: {' and '.join(first)} rated highest"
        if len(first) < 3
        else f"{SUBJECT}: several rated alike"
    )


def _known(frame: pd.DataFrame) -> list[periods.Row]:
    rows = [row for row in periods.rows(frame) if row.mean is not None]
    for row in rows:
        row.n = int(row.n or 0)
    return rows


def _series(rows: list[periods.Row]) -> dict[int, list[periods.Row]]:
    return {number: [row for row in rows if row.cause == number] for number in CAUSES}


def _axis(name: str, number: int) -> str:
    return name if number == 1 else f"{name}{number}"


def _label_height(number: int) -> float:
    """Where a panel ends and its label begins, on the paper of all six."""
    return 1 - (number - 1 + LABEL) / 6


def _panel(number: int) -> dict:
    return {
        "domain": [1 - number / 6 + 0.012, _label_height(number)],
        "range": [-0.2, 4.2],
        "tickvals": [0, 2, 4],
        "zeroline": False,
        "fixedrange": True,
        "anchor": "x",
        **palette.INKED,
    }


def _trace(number: int, rows: list[periods.Row], marks: dict[date, str]) -> dict:
    sign = palette.CAUSE_SIGNS[number]
    line = periods.step(rows, "mean", [_hover(row, marks) for row in rows])
    usual, standing_out = 4 if len(rows) > CROWDED else 7, iter(row.period_start in marks for row in rows)
    sizes = [0 if not mark else 12 if next(standing_out) else usual for mark in line["marks"]]
    return {
        "type": "scatter", "mode": "lines+markers", "connectgaps": False,
        "name": CAUSES[number].label, "x": line["x"], "y": line["y"], "yaxis": _axis("y", number),
        "line": {"color": sign.colour, "dash": sign.dash, "width": 2.5},
        "marker": {"color": sign.colour, "symbol": sign.symbol, "size": sizes, "opacity": 1, "line": {"width": 0}},
        "customdata": line["text"],
        "hovertemplate": f"<b>{CAUSES[number].label}</b><br>mean %{{y:.1f}} of 4<br>%{{customdata}}<extra></extra>",
    }  # fmt: skip


def _notes(number: int, rows: list[periods.Row], limits: statistics.Xmr | None, judged: bool) -> list[dict]:
    """The name on the left above a panel, what is usual on the right, and the last value beside the line."""
    sign, above = palette.CAUSE_SIGNS[number], {"y": _label_height(number), "above": 1}
    name = f"<span style='color:{sign.colour}'>{sign.glyph}</span> <b>{number} {CAUSES[number].label}</b>"
    if not rows:
        return [palette.note(name, x=0, **above), palette.note("nothing to show", x=1, side="right", **above)]
    usual = _range_words(limits) if limits else TOO_FEW if judged else ""
    last = rows[-1]
    at = {"x": last.period_end.isoformat(), "xref": "x", "yref": _axis("y", number), "yanchor": "middle"}
    return [
        palette.note(name, x=0, **above),
        palette.note(usual, x=1, side="right", **above),
        palette.note(f"<b>{last.mean:.1f}</b>", y=last.mean, beside=4, **at),
    ]


def _band(number: int, limits: statistics.Xmr | None) -> list[dict]:
    if limits is None:
        return []
    colour = palette.CAUSE_SIGNS[number].colour
    across = {"xref": "paper", "x0": 0, "x1": 1, "yref": _axis("y", number), "layer": "below"}
    edges = {"y0": max(limits.lower, 0), "y1": min(limits.upper, 4)}
    centre = {"y0": limits.mean, "y1": limits.mean}
    return [
        {"type": "rect", "fillcolor": colour, "opacity": 0.13, "line": {"width": 0}, **edges, **across},
        {"type": "line", "line": {"color": colour, "width": 1}, "opacity": 0.6, **centre, **across},
    ]


def _limits(
    rows: list[periods.Row], series: dict[int, list[periods.Row]]
) -> dict[int, statistics.Xmr | None]:
    """Limits per cause; none at all where weeks were merged, for steps of unequal length cannot be compared."""
    if periods.merged(rows):
        return dict.fromkeys(CAUSES)
    mondays = periods.mondays(rows)
    means = {number: {row.period_start: row.mean for row in part} for number, part in series.items()}
    return {number: statistics.limits([means[number].get(day) for day in mondays]) for number in CAUSES}


def _marks(
    series: dict[int, list[periods.Row]], limits: dict[int, statistics.Xmr | None]
) -> dict[int, dict[date, str]]:
    """For each cause the weeks that stand out, with the rule by which they do."""
    found: dict[int, dict[date, str]] = {}
    for number, rows in series.items():
        means = {row.period_start: row.mean for row in rows}
        days = periods.mondays(rows)
        signs = statistics.signals([means.get(day) for day in days], limits[number])
        found[number] = {day: sign for day, sign in zip(days, signs, strict=True) if sign}
    return found


def _hover(row: periods.Row, marks: dict[date, str]) -> str:
    rule = marks.get(row.period_start)
    return f"{row.n} ratings<br>{periods.when(row)}" + (f"<br>{statistics.SIGNALS[rule]}" if rule else "")


def _range_words(limits: statistics.Xmr) -> str:
    return f"usual range {max(limits.lower, 0):.1f}–{min(limits.upper, 4):.1f}"


def causes_over_time_in_words(frame: pd.DataFrame) -> str:
    """One sentence: highest and lowest at the end, the largest move, and whether there is enough to judge."""
    rows = _known(frame)
    if not rows:
        return NOTHING
    series = {number: part for number, part in _series(rows).items() if part}
    latest = {number: part[-1].mean for number, part in series.items()}
    highest, lowest = max(latest, key=latest.get), min(latest, key=latest.get)
    parts = [
        f"{periods.whole(rows)}: {_named(highest)} was rated highest at the end ({latest[highest]:.1f} of 4)"
    ]
    if lowest != highest:
        parts.append(f"{_named(lowest)} lowest ({latest[lowest]:.1f})")
    moves = {number: part[-1].mean - part[0].mean for number, part in series.items()}
    most = max(moves, key=lambda number: abs(moves[number]))
    if abs(moves[most]) >= 0.1:
        way = "rose" if moves[most] > 0 else "fell"
        parts.append(f"{_named(most)} {way} most, from {series[most][0].mean:.1f} to {latest[most]:.1f}")
    return ", ".join(parts) + _judgement(rows) + "."


def _why_not(rows: list[periods.Row]) -> str:
    """Why no limits are drawn: with twelve steps or more it is their unequal length, else there are too few."""
    return TOGETHER if len(periods.spans(rows)) >= statistics.ENOUGH_WEEKS else TOO_FEW


def _judgement(rows: list[periods.Row]) -> str:
    series = _series(rows)
    limits = {number: found for number, found in _limits(rows, series).items() if found}
    if not limits:
        return f"; {_why_not(rows)}"
    marks = _marks(series, {number: limits.get(number) for number in series})
    said = [
        f"{statistics.SIGNALS[rule]}: {', '.join(names)}"
        for rule in statistics.SIGNALS
        if (names := [_named(number) for number, weeks in marks.items() if rule in weeks.values()])
    ]
    return f"; {'; '.join(said)}" if said else "; all in their usual range"


def _named(number: int) -> str:
    return f"“{CAUSES[number].label}”"


def causes_over_time_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A row per period: mean (one decimal) and number of ratings of each cause, blank where nothing is shown."""
    counts = [f"{cause.label}, n" for cause in CAUSES.values()]
    columns = ["Weeks", *(name for cause in CAUSES.values() for name in (cause.label, f"{cause.label}, n"))]
    rows = _known(frame)
    cells = {(row.period_start, row.period_end, row.cause): row for row in rows}
    table = []
    for start, end in periods.spans(rows):
        line: dict[str, object] = {"Weeks": periods.words(start, end)}
        for cause in CAUSES.values():
            if row := cells.get((start, end, cause.number)):
                line |= {cause.label: round(float(row.mean), 1), f"{cause.label}, n": row.n}
        table.append(line)
    return pd.DataFrame(table, columns=columns).astype(dict.fromkeys(counts, "Int64"))
