"""What shifted: the six causes before a discussion and after it, beside each other."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import palette
from dashboard.charts.mirror_pairs import AFTER, BEFORE
from services.vocabulary import CAUSES, rating_label

TITLE = "What shifted"
NOTHING = "Nothing was rated again yet."
ROW = 48  # pixels
Pairs = Mapping[int, tuple[int | None, int | None]]


def what_shifted(pairs: Pairs, *, title: str | None = None) -> go.Figure:
    """A row for each cause that was rated again: an open ring where it stood, a dot where it stands. Pairs: cause → before, after."""
    shown = [cause for cause in CAUSES if cause in pairs and pairs[cause][1] is not None]
    if not shown:
        return palette.nothing(title=title or TITLE, sentence=NOTHING)
    places = dict(zip(shown, range(len(shown), 0, -1), strict=True))
    both = [cause for cause in shown if pairs[cause][0] is not None]
    joins = {
        "type": "scatter", "mode": "lines", "showlegend": False, "hoverinfo": "skip", "line": {"color": palette.SLATE, "width": 2}, "opacity": 0.6,
        "x": [x for cause in both for x in (*pairs[cause], None)], "y": [y for cause in both for y in (places[cause], places[cause], None)],
    }  # fmt: skip
    points = [
        {"type": "scatter", "mode": "markers", "name": name, "hoverinfo": "skip", "marker": look,
         "x": [pairs[cause][part] for cause in causes], "y": [places[cause] for cause in causes]}
        for name, part, look, causes in (("Before", 0, BEFORE | {"size": 15}, both), ("After", 1, AFTER | {"size": 9}, shown))
    ]  # fmt: skip
    return go.Figure(
        [joins, *points],
        palette.layout(
            title=title or TITLE, subtitle="Ring: before · dot: after · 0 “not a factor” to 4 “main factor”", height=72 + ROW * len(shown), showlegend=False,
            annotations=[palette.note(f"{cause} {CAUSES[cause].label}", x=0, y=places[cause], yref="y", above=9) for cause in shown],
            xaxis=palette.X_AXIS | {"range": [-0.2, 4.2], "tickvals": [0, 1, 2, 3, 4], "title": palette.axis_title("rating")},
            yaxis={"visible": False, "fixedrange": True, "range": [0.6, len(shown) + 0.8]},
        ),
    )  # fmt: skip


def what_shifted_in_words(pairs: Pairs) -> str:
    """One sentence: what is lower, higher, the same; without a word of cause and effect."""
    rated = {cause: pair for cause, pair in pairs.items() if pair[1] is not None}
    if not rated:
        return NOTHING
    said = []
    for words, holds in (("lower", lambda b, a: a < b), ("higher", lambda b, a: a > b)):
        moved = [_move(cause, pair) for cause, pair in sorted(rated.items()) if pair[0] is not None and holds(*pair)]  # fmt: skip
        said += [f"{words} than before: {', '.join(moved)}"] * bool(moved)
    same = sum(before == after for before, after in rated.values())
    said += [f"{same} the same"] * bool(same)
    new = [f"“{CAUSES[cause].label}” ({pair[1]})" for cause, pair in sorted(rated.items()) if pair[0] is None]
    said += [f"rated for the first time: {', '.join(new)}"] * bool(new)
    sentence = "; ".join(said) + "."
    return sentence[:1].upper() + sentence[1:]


def _move(cause: int, pair: tuple[int | None, int | None]) -> str:
    return f"“{CAUSES[cause].label}” ({pair[0]} to {pair[1]})"


def what_shifted_table(pairs: Pairs) -> pd.DataFrame:
    """A row for each cause that was rated again: before and after in words."""
    rows = [
        (CAUSES[cause].label, "not rated" if before is None else rating_label(before), rating_label(after))
        for cause, (before, after) in sorted(pairs.items())
    ]
    return pd.DataFrame(rows, columns=["Cause", "Before", "After"])
