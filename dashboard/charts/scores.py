"""A measure's scores in one case: what was scored, the reliable change around the first, the cut-off. No expected course."""

from datetime import date, datetime
from itertools import pairwise

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import palette, periods
from services import change, weeks
from services.change import Points
from services.measures import Measure, spelt

GAP_DAYS = 42  # a line that spans more would claim to know what lay in between
FEWEST_WEEKS = 6  # on the axis
MANY = 60  # beyond it lines and markers are thin


def scores_over_time(frame: pd.DataFrame, measure: Measure, *, title: str | None = None) -> go.Figure:
    """Scores as a line, a band of first score ± reliable change, the cut-off. Columns: on_day (date), value."""
    points = _points(frame)
    if not points:
        return palette.nothing(title=title or measure.name, sentence=f"No score of {measure.name} yet.")
    days, first = [day for day, _ in points], points[0][1]
    axis = day_axis(days)
    ends = axis["range"]
    traces = [
        *_band(first, measure, ends),
        _line(points, measure),
        *_cut_off(measure, ends),
    ]
    room = (measure.highest - measure.lowest) * 0.04
    values = [value for _, value in points]
    return go.Figure(
        traces,
        palette.layout(
            title=title or _headline(points, measure),
            subtitle=_subtitle(days, measure),
            height=340,
            xaxis=palette.X_AXIS | axis,
            yaxis=palette.Y_AXIS
            | {
                "range": [min(measure.lowest, *values) - room, max(measure.highest, *values) + room],
                "title": palette.axis_title("score"),
                "nticks": 7,
            },
        ),
    )


def day_axis(days: list[date]) -> dict:
    """An axis over whole weeks around these days, named by ISO week as in every other figure."""
    start, end = weeks.monday(min(days)), weeks.monday(max(days)) + periods.WEEK
    end = max(end, start + FEWEST_WEEKS * periods.WEEK)
    return periods.axis([periods.Row(period_start=start, period_end=end)], at_most=6)


def joined(points: Points) -> tuple[list[str | None], list[float | None]]:
    """Days and values of a line that breaks where more than six weeks lie between two of them."""
    x: list[str | None] = []
    y: list[float | None] = []
    for place, (day, value) in enumerate(points):
        if place and (day - points[place - 1][0]).days > GAP_DAYS:
            x.append(None)
            y.append(None)
        x.append(day.isoformat())
        y.append(value)
    return x, y


def _points(frame: pd.DataFrame) -> Points:
    return sorted((plain_day(row["on_day"]), float(row["value"])) for row in frame.to_dict("records"))


def plain_day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _line(points: Points, measure: Measure) -> dict:
    x, y = joined(points)
    return {
        "type": "scatter", "mode": "lines+markers", "name": measure.name, "x": x, "y": y, "connectgaps": False, "cliponaxis": False,
        "customdata": [None if at is None else day_words(date.fromisoformat(at)) for at in x],
        "line": {"color": palette.TEAL, "width": 2.5 if len(points) <= MANY else 1.25},
        "marker": {"color": palette.TEAL, "size": 9 if len(points) <= MANY else 3, "opacity": 1},
        "hovertemplate": "<b>%{y}</b><br>%{customdata}<extra></extra>",
    }  # fmt: skip


def _band(first: float, measure: Measure, ends: list[str]) -> list[dict]:
    """What would still be within the reliable change of the first score."""
    if measure.reliable_change is None:
        return []
    low = max(first - measure.reliable_change, measure.lowest)
    high = min(first + measure.reliable_change, measure.highest)
    return [{
        "type": "scatter", "mode": "lines", "fill": "toself", "x": [ends[0], ends[1], ends[1], ends[0], ends[0]], "y": [low, low, high, high, low],
        "name": f"first score ± {spelt(measure.reliable_change)}", "fillcolor": palette.SLATE, "line": {"color": palette.SLATE, "width": 1},
        "opacity": 0.28, "hoverinfo": "skip",
    }]  # fmt: skip


def _cut_off(measure: Measure, ends: list[str]) -> list[dict]:
    if measure.cut_off is None:
        return []
    return [{
        "type": "scatter", "mode": "lines", "x": ends, "y": [measure.cut_off] * 2, "name": f"cut-off {spelt(measure.cut_off)}",
        "line": {"color": palette.INK, "width": 1.5, "dash": "6px,4px"}, "hoverinfo": "skip",
    }]  # fmt: skip


def _headline(points: Points, measure: Measure) -> str:
    first, last = spelt(points[0][1]), spelt(points[-1][1])
    if len(points) == 1:
        return f"{measure.name}: {first}"
    return (
        f"{measure.name}: from {first} to {last}"
        if first != last
        else f"{measure.name}: {last}, as at the start"
    )


def _subtitle(days: list[date], measure: Measure) -> str:
    better = "lower is better" if measure.lower_is_better else "higher is better"
    count = "1 score" if len(days) == 1 else f"{len(days):,} scores"
    said = [f"Score, {measure.range_words}, {better}", count]
    if measure.reliable_change is not None:
        said.append(f"grey band: within the reliable change of the first score ({measure.reliable_basis})")
    if any((later - earlier).days > GAP_DAYS for earlier, later in pairwise(days)):
        said.append("gaps: no score for more than six weeks")
    return " · ".join(said)


def day_words(day: date) -> str:
    """ "3 March 2026" """
    return f"{day.day} {day:%B %Y}"


# In words ------------------------------------------------------------------------------------------------------------


def scores_over_time_in_words(frame: pd.DataFrame, measure: Measure) -> str:
    """What the last score is beside the first and the best, and on which side of the cut-off; too few is said as well."""
    points, scale = _points(frame), measure.scale
    if not points:
        return f"No score of {measure.name} yet."
    (start, first), (end, last) = points[0], points[-1]
    if len(points) == 1:
        said = [
            f"One score so far, {spelt(first)} on {day_words(start)}: too few to say anything about change."
        ]
    else:
        said = [
            f"From {spelt(first)} on {day_words(start)} to {spelt(last)} on {day_words(end)}: "
            + _since(first, last, "at the start", measure)
        ]
        if change.since_best(points, scale) == "worse" != change.since_first(points, scale):
            best = change.best(points, scale)
            day = next(day for day, value in reversed(points) if value == best)
            said.append(
                f"Beside the best score, {spelt(best)} on {day_words(day)}: "
                + _since(best, last, "then", measure)
            )
    if change.plateau(points, scale):
        said.append(f"The last {change.PLATEAU_SCORES} scores lie within the reliable change of each other.")
    if (side := change.clinical(last, scale)) is not None:
        where = "on the clinical side" if side else "not on the clinical side"
        said.append(
            f"{spelt(last)} is {where} of the cut-off {spelt(measure.cut_off)} ({measure.cut_off_basis})."
        )
    elif len(points) == 1 and measure.reliable_change is None:
        said.append("No threshold is claimed for this scale.")
    return " ".join(said)


def _since(before: float, after: float, when: str, measure: Measure) -> str:
    """ "6 points lower than at the start: at least the reliable change of 6 (published)." """
    points = round(after - before, change.DIGITS)
    size = f"{spelt(abs(points))} {'point' if abs(points) == 1 else 'points'}"
    moved = f"{size} {'higher' if points > 0 else 'lower'} than {when}" if points else f"the same as {when}"
    step = change.step(before, after, measure.scale)
    if step == "no_threshold":
        return f"{moved}. No threshold is claimed for this scale."
    published = measure.reliable_basis == "published"
    if step == "within":
        amount = "less than" if published else "not more than"
    else:
        amount = "at least" if published else "more than"
    return f"{moved}: {amount} the reliable change of {spelt(measure.reliable_change)} ({measure.reliable_basis})."


def scores_over_time_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A row per score, the latest first: the day, the score, and the difference from the first."""
    points = _points(frame)
    rows = [
        [day.isoformat(), value, round(value - points[0][1], change.DIGITS) if place else None]
        for place, (day, value) in enumerate(points)
    ]
    table = pd.DataFrame(rows[::-1], columns=["Day", "Score", "From the first"])
    return table.astype({"Score": "Float64", "From the first": "Float64"})
