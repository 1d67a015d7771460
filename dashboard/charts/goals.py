"""Goals and between-session work of a case: progress over time, and how much was done by who proposed it."""

from __future__ import annotations

import html
from datetime import date, timedelta
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import palette
from dashboard.charts.scores import day_axis, joined, plain_day
from dashboard.charts.timeline_words import day_words, many
from services import vocabulary

NO_PROGRESS = "No progress on a goal is on record yet."
NO_LOOKS = "Nobody has looked yet at what became of between-session work."
AT_MOST = 6  # goals that can be told apart in one figure

WHO = {
    "client": "Proposed by the client",
    "together": "Came up together",
    "therapist": "Proposed by the therapist",
}
# From nothing to all of it as steps of one colour; something else is no step of it.
AMOUNTS = {
    "all": (palette.SEQUENCE[9], ""),
    "most": (palette.SEQUENCE[6], ""),
    "a_little": (palette.SEQUENCE[3], "/"),
    "none": (palette.SEQUENCE[0], ""),
    "something_else": (palette.SLATE, "."),
}
ROW, BAR = 58, 22  # pixels a proposer, and of its bar


def goal_progress(frame: pd.DataFrame, *, title: str | None = None) -> go.Figure:
    """A line for each goal, 0–10. Columns: goal (its number and words), day (date), progress (0–10).

    At most six goals are drawn: those looked at last. The table has all of them.
    """
    lines = _by_goal(frame)
    if not lines:
        return palette.nothing(title=title or "Progress on goals", sentence=NO_PROGRESS)
    latest = sorted(lines, key=lambda goal: lines[goal][-1][0], reverse=True)[:AT_MOST]
    shown = [goal for goal in lines if goal in latest]
    traces = [
        _line(goal, lines[goal], sign)
        for goal, sign in zip(shown, palette.CAUSE_SIGNS.values(), strict=False)
    ]
    days = [day for goal in shown for day, _ in lines[goal]]
    part = (
        f"the {AT_MOST} looked at last of {len(lines)}" if len(lines) > AT_MOST else many(len(lines), "goal")
    )
    return go.Figure(
        traces,
        palette.layout(
            title=title or "Progress on goals",
            subtitle=f"0 not begun, 10 reached, as the two of you see it · {part}",
            height=300 + 22 * len(shown),
            # One below the other: two goals side by side do not fit on a phone.
            legend=palette.LEGEND | {"orientation": "v", "y": -0.22, "yanchor": "top"},
            xaxis=palette.X_AXIS | day_axis([min(days) - _air(days), *days]),
            yaxis=palette.Y_AXIS | {"range": [-0.4, 10.4], "tickvals": [0, 2, 4, 6, 8, 10], "title": palette.axis_title("progress")},
        ),
    )  # fmt: skip


def goal_progress_in_words(frame: pd.DataFrame) -> str:
    """Where each goal began and where it stands."""
    lines = _by_goal(frame)
    if not lines:
        return NO_PROGRESS
    said = [
        f"“{goal}” {steps[0][1]}"
        + (f" to {steps[-1][1]}" if len(steps) > 1 else "")
        + f" of 10, last looked at on {day_words(steps[-1][0])}"
        for goal, steps in lines.items()
    ]
    return "; ".join(said) + "."


def goal_progress_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A row for each look, the latest first."""
    rows = [(day, goal, value) for goal, steps in _by_goal(frame).items() for day, value in steps]
    table = [
        [day.isoformat(), goal, value] for day, goal, value in sorted(rows, key=lambda row: row[0], reverse=True)
    ]  # fmt: skip
    return pd.DataFrame(table, columns=["Day", "Goal", "Progress"]).astype({"Progress": "Int64"})


def completion(frame: pd.DataFrame, *, title: str | None = None) -> go.Figure:
    """A bar for each proposer, divided by how much was done. Columns: proposer, done, n (times looked at)."""
    counts = _counts(frame)
    if not counts:
        return palette.nothing(title=title or "Between-session work", sentence=NO_LOOKS)
    places = {who: len(counts) - place for place, who in enumerate(counts)}
    traces = [
        {
            "type": "bar", "orientation": "h", "name": vocabulary.label("task_done", done), "y": [places[who] for who in counts],
            "x": [100 * counts[who].get(done, 0) / sum(counts[who].values()) for who in counts], "width": BAR / ROW,
            "marker": palette.bar(*sign) | {"opacity": 1, "line": {"color": palette.INK, "width": 1}},
            "customdata": [f"{counts[who].get(done, 0)} of {many(sum(counts[who].values()), 'time')}" for who in counts],
            "hovertemplate": f"<b>{vocabulary.label('task_done', done)}</b><br>%{{customdata}}<extra></extra>",
        }
        for done, sign in AMOUNTS.items() if any(counts[who].get(done) for who in counts)
    ]  # fmt: skip
    total = sum(sum(each.values()) for each in counts.values())
    return go.Figure(
        traces,
        palette.layout(
            title=title or "Between-session work, by who proposed it",
            subtitle=f"Share of the times it was looked at, % · {many(total, 'time')}", height=ROW * len(counts) + 110, barmode="stack",
            annotations=[palette.note(f"<b>{WHO[who]}</b> · {_most(counts[who])}", x=0, xref="x", y=place, yref="y", above=BAR // 2 + 3) for who, place in places.items()],
            xaxis=palette.X_AXIS | palette.PERCENT | {"range": [0, 102]},
            yaxis={"visible": False, "fixedrange": True, "range": [0.6, len(counts) + 0.75]},
            legend=palette.LEGEND | {"y": -0.3 if len(counts) > 1 else -0.6, "yanchor": "top"},
        ),
    )  # fmt: skip


def completion_in_words(frame: pd.DataFrame) -> str:
    """For each proposer, how often the greater part was done, with the number it rests on."""
    counts = _counts(frame)
    if not counts:
        return NO_LOOKS
    return "; ".join(f"{WHO[who].lower() if place else WHO[who]}: {_most(each)}" for place, (who, each) in enumerate(counts.items())) + "."  # fmt: skip


def completion_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A row for each proposer: how often each amount was done, and of how many."""
    counts = _counts(frame)
    columns = [vocabulary.label("task_done", done) for done in vocabulary.TASK_DONE]
    table = [
        [WHO[who], *(each.get(done, 0) for done in vocabulary.TASK_DONE), sum(each.values())]
        for who, each in counts.items()
    ]
    return pd.DataFrame(table, columns=["Who proposed it", *columns, "Times looked at"])


def _air(days: list[date]) -> timedelta:
    """So that the first marker stands clear of the names of the other axis."""
    return timedelta(days=max(2, (max(days) - min(days)).days // 60))


def _most(counts: dict[str, int]) -> str:
    done = counts.get("most", 0) + counts.get("all", 0)
    return f"most or all of it {done} of {many(sum(counts.values()), 'time')}"


def _counts(frame: pd.DataFrame) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in frame.to_dict("records"):
        found.setdefault(row["proposer"], {})[row["done"]] = int(row["n"])
    return {who: found[who] for who in WHO if who in found}


def _by_goal(frame: pd.DataFrame) -> dict[str, list[tuple[Any, int]]]:
    found: dict[str, list[tuple[Any, int]]] = {}
    for row in frame.to_dict("records"):
        found.setdefault(row["goal"], []).append((plain_day(row["day"]), int(row["progress"])))
    return {goal: sorted(steps, key=lambda step: step[0]) for goal, steps in found.items()}


def _line(goal: str, steps: list[tuple[Any, int]], sign: palette.Sign) -> dict[str, Any]:
    x, y = joined(steps)
    name = html.escape(palette.legend_name(goal, 40))
    return {
        "type": "scatter", "mode": "lines+markers", "connectgaps": False, "cliponaxis": False, "name": name, "x": x, "y": y,
        "line": {"color": sign.colour, "dash": sign.dash, "width": 2},
        "marker": {"color": sign.colour, "symbol": sign.symbol, "size": 8, "opacity": 1, "line": {"width": 0}},
        "hovertemplate": f"<b>{name}</b><br>%{{y}} of 10 · %{{x|%-d %b %Y}}<extra></extra>",
    }  # fmt: skip
