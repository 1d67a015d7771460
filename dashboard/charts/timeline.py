"""The course of a case: lanes for sessions, episodes, ruptures, work between sessions, plan and scores on one time axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import palette
from dashboard.charts.palette import INDIGO, INK, OCHRE, PLUM, SKY, TEAL, UMBER
from dashboard.charts.timeline_words import LANE_WORDS, NOTHING, by_measure, day_words, detail, in_order, many
from services import vocabulary

# pixels: a line of a lane's name, the air below the name, its marks, the air below them
LINE, LEAD, TRACK, GAP = 17, 8, 30, 12
LOW_LEAD, LOW_TRACK, LOW_GAP = 3, 24, 4  # the same where a picture stands among other things
BREADTH = 44  # signs of a lane's name that fit side by side on a phone
TITLE = "The course of this case"

# Each mark: its symbol, and the same as a character in the lane's name.
SESSION_MARKS = {
    "attended": ("line-ns-open", "│"),
    "cancelled": ("circle-open", "○"),
    "late_cancel": ("diamond-open", "◇"),
    "no_show": ("x-thin-open", "✕"),
}
PLAN_MARKS = {"goal": ("triangle-right", "▶"), "review": ("square", "■")}
DONE = {"none": 0.1, "a_little": 0.35, "most": 0.65, "all": 0.9, "something_else": 0.5}


@dataclass
class Lane:
    """One lane from top to bottom: its name in lines, and what is drawn in it. Places go from 0 (low) to 1 (high)."""

    name: list[str]
    traces: list[dict[str, Any]]
    shapes: list[dict[str, Any]] = field(default_factory=list)


def case_course(
    frame: pd.DataFrame,
    *,
    today: date,
    since: date | None = None,
    measures: Mapping[str, str] | None = None,
    title: str | None = None,
    low: bool = False,
) -> go.Figure:
    """One lane for each sort of thing that is on record, marks on one axis from the first day to today.

    Columns: day, lane, key, detail, id, as services.timeline gives them. `measures`: short name → name. `since` looks at
    the latest part only; what a lane counts is the whole of it all the same. `low`: with less room for each lane.
    """
    if frame.empty:
        return palette.nothing(title=title or TITLE, sentence=NOTHING)
    rows = in_order(frame)
    first, last = max(rows[0]["day"], since or rows[0]["day"]), max(today, rows[-1]["day"])
    air = max(timedelta(days=3), (last - first) / 40)
    lanes = _lanes(rows, today=last, size=_size((last - first).days), measures=measures or {})
    lead, track, gap = (LOW_LEAD, LOW_TRACK, LOW_GAP) if low else (LEAD, TRACK, GAP)
    traces, shapes, notes, at = [], [], [], 0.0
    for lane in lanes:
        notes.append(
            palette.note("<br>".join(lane.name), x=0, y=at, yref="y", side="left") | {"yanchor": "top"}
        )
        foot = at + LINE * len(lane.name) + lead + track
        traces += [trace | {"y": [_place(y, foot, track) for y in trace["y"]]} for trace in lane.traces]
        shapes += [
            shape | {"y0": _place(shape["y0"], foot, track), "y1": _place(shape["y1"], foot, track)}
            for shape in lane.shapes
        ]
        shapes.append(_ground(foot))
        at = foot + gap
    return go.Figure(
        traces,
        palette.layout(
            title=title or TITLE, subtitle=f"{day_words(first)} to {day_words(last)}", height=int(at) + (32 if low else 48), showlegend=False,
            shapes=shapes, annotations=notes,
            xaxis=palette.X_AXIS | {"type": "date", "range": [str(first - air), str(last + air)], "nticks": 6, "showgrid": True}
            | {"tickformat": ("%-d %b<br>%Y" if (last - first).days < 120 else "%b<br>%Y").replace("<br>", " " if low else "<br>")},
            yaxis={"visible": False, "fixedrange": True, "range": [at, 0]},
        ),
    )  # fmt: skip


def _lanes(rows: Sequence[dict], *, today: date, size: float, measures: Mapping[str, str]) -> list[Lane]:
    of = {lane: [row for row in rows if row["lane"] == lane] for lane in LANE_WORDS}
    lanes = []
    if sessions := of["session"]:
        parts = [
            f"{glyph} {count} {vocabulary.label('attendance', key).lower()}"
            for key, (_, glyph) in SESSION_MARKS.items()
            if (count := sum(row["key"] == key for row in sessions))
        ]
        traces = [
            _marks([row for row in sessions if row["key"] == key], measures, places=0.5 if key == "attended" else 0.75,
                   symbol=symbol, colour=TEAL if key == "attended" else INK, size=16 if key == "attended" else size + 1)
            for key, (symbol, _) in SESSION_MARKS.items() if any(row["key"] == key for row in sessions)
        ]  # fmt: skip
        lanes.append(Lane(_named("Sessions", parts), traces))
    if episodes := of["episode"]:
        strengths = [int(row["detail"] or 2) for row in episodes]
        mark = _marks(
            episodes,
            measures,
            places=0.5,
            symbol="diamond",
            colour=INDIGO,
            size=[size + 2 * n - 4 for n in strengths],
        )
        lanes.append(Lane(_named("◆ Resistance episodes", [f"{len(episodes)}", "larger is stronger"]), [mark]))  # fmt: skip
    if of["rupture"] or of["repair"] or of["closed"]:
        lanes.append(_ruptures(of, today=today, size=size))
    if tasks := of["task"]:
        places = [DONE[row["key"]] for row in tasks]
        symbols = [
            "star" if row["key"] == "something_else" else "circle-open" if row["key"] == "none" else "circle"
            for row in tasks
        ]
        mark = _marks(tasks, measures, places=places, symbol=symbols, colour=UMBER, size=size)
        lanes.append(Lane(_named("● Between-session work", ["higher: more of it done"]), [mark]))  # fmt: skip
    if plan := of["goal"] + of["review"]:
        parts = [
            f"{PLAN_MARKS[lane][1]} {many(len(of[lane]), word)}"
            for lane, word in (("goal", "goal set"), ("review", "plan review"))
            if of[lane]
        ]
        symbols = [PLAN_MARKS[row["lane"]][0] for row in plan]
        lanes.append(Lane(_named("Plan", parts), [_marks(plan, measures, places=0.5, symbol=symbols, colour=PLUM, size=size + 1)]))  # fmt: skip
    for name, values in by_measure(of["score"], measures).items():
        lanes.append(_scores(name, values, size))
    return lanes


def _ruptures(of: Mapping[str, list[dict]], *, today: date, size: float) -> Lane:
    """A bar from the day it was noticed to its close; one that is open goes on to today, with an open end."""
    ends = {row["id"]: row["day"] for row in of["closed"]}
    still = sum(row["id"] not in ends for row in of["rupture"])
    parts = [f"{len(of['rupture'])}, {still or 'none'} open"] + ([f"▲ {many(len(of['repair']), 'repair step')}"] if of["repair"] else [])  # fmt: skip
    shapes, busy = [], []
    for row in of["rupture"]:
        end = ends.get(row["id"], today)
        step = next((n for n, until in enumerate(busy) if until < row["day"]), len(busy))
        busy[step : step + 1] = [end]
        shapes.append({
            "type": "line", "x0": str(row["day"]), "x1": str(end), "y0": 0.3 - 0.2 * (step % 2), "y1": 0.3 - 0.2 * (step % 2),
            "line": {"color": OCHRE, "width": 4, "dash": "solid" if row["id"] in ends else "4px,2px"},
        })  # fmt: skip
    heights = [shape["y0"] for shape in shapes]
    traces = [_marks(of["rupture"], {}, places=heights, symbol="circle", colour=OCHRE, size=size)]
    if of["closed"]:
        at = {row["id"]: height for row, height in zip(of["rupture"], heights, strict=True)}
        traces.append(_marks(of["closed"], {}, places=[at.get(row["id"], 0.3) for row in of["closed"]], symbol="square", colour=OCHRE, size=size))  # fmt: skip
    if of["repair"]:
        traces.append(_marks(of["repair"], {}, places=0.75, symbol="triangle-up", colour=SKY, size=size))
    return Lane(_named("● Ruptures", parts), traces, shapes)


def _scores(name: str, values: Sequence[tuple[date, float]], size: float) -> Lane:
    """A line over the lane's own height: from the lowest to the highest of these scores."""
    low, high = min(value for _, value in values), max(value for _, value in values)
    spread = (high - low) or 1.0
    ends = f"{values[0][1]:g} → {values[-1][1]:g}" if len(values) > 1 else f"{values[0][1]:g}"
    trace = {
        "type": "scatter", "mode": "lines+markers", "name": name, "x": [str(day) for day, _ in values],
        "y": [0.5 if low == high else (value - low) / spread for _, value in values],
        "customdata": [f"{value:g} · {day_words(day)}" for day, value in values],
        "line": {"color": TEAL, "width": 1.5}, "marker": {"color": TEAL, "size": max(4, size - 3), "line": {"width": 0}, "opacity": 1},
        "hovertemplate": f"<b>{name}</b><br>%{{customdata}}<extra></extra>",
    }  # fmt: skip
    return Lane(_named(name, [ends, many(len(values), "score")]), [trace])


def _marks(
    rows: Sequence[dict], measures: Mapping[str, str], *, places: Any, symbol: Any, colour: str, size: Any
) -> dict[str, Any]:
    name = LANE_WORDS[rows[0]["lane"]] if rows else ""
    return {
        "type": "scatter", "mode": "markers", "name": name, "x": [str(row["day"]) for row in rows],
        "y": list(places) if isinstance(places, list) else [places] * len(rows),
        "marker": {"symbol": symbol, "color": colour, "size": size, "opacity": 0.9, "line": {"color": colour, "width": 1.5}},
        "customdata": [f"<b>{LANE_WORDS[row['lane']]}</b><br>{detail(row, measures)} · {day_words(row['day'])}" for row in rows],
        "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip


def _named(name: str, parts: Sequence[str]) -> list[str]:
    """A lane's name and what stands beside it, in as many lines as a phone needs."""
    lines, breadth = [f"<b>{name}</b>"], len(name)
    for part in parts:
        if breadth + len(part) + 3 > BREADTH:
            lines.append(part)
            breadth = len(part)
        else:
            lines[-1] += f" · {part}"
            breadth += len(part) + 3
    return lines


def _ground(foot: float) -> dict[str, Any]:
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": foot, "y1": foot, "layer": "below",
            "line": {"color": palette.FAINT, "width": 1}}  # fmt: skip


def _place(height: float, foot: float, track: int) -> float:
    return foot - 4 - height * (track - 8)


def _size(days: int) -> float:
    """Smaller marks where more of them share the axis."""
    return 10 if days <= 300 else 8 if days <= 600 else 6
