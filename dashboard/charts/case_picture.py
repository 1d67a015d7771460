"""The picture of a case for the shared screen: scores, episodes and ruptures by week, without a date or a word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from textwrap import shorten
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import palette
from services import vocabulary

TITLE = "The picture of the case"
NOTHING = "No score, episode or rupture is on record."
MOST = 3  # measures side by side; more cannot be read from the other end of a room
PANEL, LANE, FOOT = 120, 52, 56  # pixels
LONGEST = 44  # letters of a name above its panel, as many as a phone has room for
COLOURS = (palette.TEAL, palette.INDIGO, palette.PLUM)


def case_picture(picture: Mapping[str, Any], *, title: str | None = None) -> go.Figure:
    """One panel for each measure, a lane for episodes and one for ruptures, on weeks counted from the first entry.

    Keys: weeks, sessions, scores [{measure: its name, week, value}], episodes [{week, kind}], ruptures [{from, to or None, kind}].
    Nothing is hidden under a pointer.
    """
    measures, episodes, ruptures = _parts(picture)
    heights = [PANEL] * len(measures) + [LANE] * (bool(episodes) + bool(ruptures))
    if not heights:
        return palette.nothing(title=title or TITLE, sentence=NOTHING)
    last, whole, at = _last(picture), sum(heights), 1.0
    traces, notes, axes = [], [], {}
    lanes = [(escape(shorten(measure, LONGEST, placeholder="…")), _scores(rows, colour)) for (measure, rows), colour in zip(measures.items(), COLOURS, strict=False)]  # fmt: skip
    lanes += [(f"Episodes ({len(episodes)})", _episodes(episodes))] * bool(episodes)
    lanes += [(f"Ruptures ({len(ruptures)})", _ruptures(ruptures, last))] * bool(ruptures)
    for place, ((name, trace), height) in enumerate(zip(lanes, heights, strict=True), 1):
        label, foot = at - 22 / whole, at - height / whole
        number = "" if place == 1 else str(place)
        traces.append(trace | {"yaxis": f"y{number}", "hoverinfo": "skip", "showlegend": False})
        axes[f"yaxis{number}"] = {"domain": [foot + 8 / whole, label], "anchor": "x", "fixedrange": True, "zeroline": False, **palette.INKED}  # fmt: skip
        if height == LANE:
            axes[f"yaxis{number}"] |= {"visible": False, "range": [0, 2]}
        notes.append(palette.note(f"<b>{name}</b>", x=0, y=label, above=1))
        at = foot
    return go.Figure(
        traces,
        palette.layout(
            title=title or TITLE, subtitle=_subtitle(picture), height=whole + FOOT, showlegend=False, annotations=notes, hovermode=False,
            xaxis=palette.X_AXIS | {"range": [-0.5, last + 0.5], "title": palette.axis_title("weeks since the first entry"), "nticks": 8, "anchor": f"y{len(lanes)}" if len(lanes) > 1 else "y"},
            **axes,
        ),
    )  # fmt: skip


def _scores(rows: Sequence[Mapping], colour: str) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines+markers", "x": [row["week"] for row in rows], "y": [float(row["value"]) for row in rows],
        "line": {"color": colour, "width": 2.5}, "marker": {"color": colour, "size": 8, "opacity": 1, "line": {"width": 0}},
    }  # fmt: skip


def _episodes(rows: Sequence[Mapping]) -> dict[str, Any]:
    look = {"color": palette.OCHRE, "symbol": "diamond", "size": 12, "opacity": 1, "line": {"width": 0}}
    return {"type": "scatter", "mode": "markers", "x": [row["week"] for row in rows], "y": [1] * len(rows), "marker": look}  # fmt: skip


def _ruptures(rows: Sequence[Mapping], last: int) -> dict[str, Any]:
    """From the week of noticing to the week of closing, the ends marked; an open one runs on without an end."""
    x: list[float | None] = []
    sizes: list[int] = []
    for row in rows:
        end = row.get("to")
        x += [row["from"], last + 0.5 if end is None else max(end, row["from"] + 0.2), None]
        sizes += [11, 0 if end is None else 11, 0]
    return {
        "type": "scatter", "mode": "lines+markers", "x": x, "y": [None if one is None else 1 for one in x],
        "line": {"color": palette.UMBER, "width": 6},
        "marker": {"color": palette.UMBER, "symbol": "square", "size": sizes, "opacity": 1, "line": {"width": 0}},
    }  # fmt: skip


def _parts(picture: Mapping[str, Any]) -> tuple[dict[str, list[Mapping]], list[Mapping], list[Mapping]]:
    """Scores by measure, those with most scores; episodes; ruptures."""
    by_measure: dict[str, list[Mapping]] = {}
    for row in picture.get("scores") or ():
        by_measure.setdefault(row["measure"], []).append(row)
    most = sorted(by_measure, key=lambda name: -len(by_measure[name]))[:MOST]
    return (
        {name: by_measure[name] for name in most},
        list(picture.get("episodes") or ()),
        list(picture.get("ruptures") or ()),
    )


def _last(picture: Mapping[str, Any]) -> int:
    _, episodes, ruptures = _parts(picture)
    weeks = [row["week"] for row in (*(picture.get("scores") or ()), *episodes)]
    weeks += [week for row in ruptures for week in (row["from"], row.get("to")) if week is not None]
    return max([1, picture.get("weeks") or 0, *weeks])


def _subtitle(picture: Mapping[str, Any]) -> str:
    return f"{_many(picture.get('sessions') or 0, 'session')} in {_many(_last(picture), 'week')}"


def _many(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def case_picture_in_words(picture: Mapping[str, Any]) -> str:
    """One sentence: sessions, each measure's first and last score, episodes, ruptures."""
    measures, episodes, ruptures = _parts(picture)
    parts = [_subtitle(picture)]
    for name, rows in measures.items():
        first, last = (f"{float(rows[place]['value']):g}" for place in (0, -1))
        parts.append(f"{name} {first}" if len(rows) == 1 else f"{name} from {first} to {last}")
    if episodes:
        parts.append(f"{_many(len(episodes), 'episode')}, the last in week {episodes[-1]['week']}")
    still = sum(row.get("to") is None for row in ruptures)
    if ruptures:
        parts.append(f"{_many(len(ruptures), 'rupture')}, {still or 'none'} of them open")
    return "; ".join(parts) + "."


def case_picture_table(picture: Mapping[str, Any]) -> pd.DataFrame:
    """A row for each thing that is drawn, by week."""
    measures, episodes, ruptures = _parts(picture)
    rows = [(row["week"], name, f"{float(row['value']):g}") for name, scores in measures.items() for row in scores]  # fmt: skip
    rows += [(row["week"], "Episode", vocabulary.label("episode_kind", row["kind"])) for row in episodes]
    rows += [(row["from"], "Rupture", _rupture(row)) for row in ruptures]
    return pd.DataFrame(sorted(rows), columns=["Week", "What", "Value"])


def _rupture(row: Mapping[str, Any]) -> str:
    until = "open" if row.get("to") is None else f"closed in week {row['to']}"
    return f"{vocabulary.label('rupture_kind', row['kind'])}, {until}"
