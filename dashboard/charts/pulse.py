"""The anonymous pulse over time: how the answers of each meeting were spread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import palette
from services import stored
from services.vocabulary import PULSE_ANSWERS

NOTHING = "No meeting with five answers or more yet."
TITLE = "Could I bring a mistake?"
SHOWN = 20  # meetings, the latest; the table has all
STEPS = dict(zip(PULSE_ANSWERS, (0, 2, 4, 7, 9), strict=True))


def pulse_over_time(pulses: Sequence[dict[str, Any]], *, title: str | None = None) -> go.Figure:
    """A bar for each meeting, all alike in height, cut by how many gave each answer; its mean stands above it.

    Keys: held_on, answers, mean (1–5), counts {answer: n}; the earliest first.
    """
    if not pulses:
        return palette.nothing(title=title or TITLE, sentence=NOTHING)
    shown = pulses[-SHOWN:]
    places = list(range(len(shown)))
    traces = [
        {
            "type": "bar", "name": f"{answer} {word}", "x": places, "y": [100 * _count(one, answer) / one["answers"] for one in shown],
            "marker": {"color": palette.SEQUENCE[STEPS[answer]], "line": {"color": palette.PAPER, "width": 1}}, "width": 0.8,
            "text": [str(_count(one, answer) or "") for one in shown], "textposition": "inside", "insidetextanchor": "middle", "textangle": 0, "constraintext": "none",
            "hovertemplate": f"{answer} “{word}”: %{{text}}<extra></extra>",
        }
        for answer, word in PULSE_ANSWERS.items()
    ]  # fmt: skip
    days = [stored.day(one["held_on"]) for one in shown]
    every = max(1, -(-len(shown) // 7))
    ticks = places[::-1][::every][::-1]
    return go.Figure(
        traces,
        palette.layout(
            title=title or f"{TITLE} {float(shown[-1]['mean']):.1f} of 5 last time",
            subtitle=f"Answers of each meeting, 1 “{PULSE_ANSWERS[1]}” to 5 “{PULSE_ANSWERS[5]}” · above: the mean",
            height=300, barmode="stack", legend=palette.LEGEND | {"y": 1.1},
            annotations=[palette.note(f"<b>{float(one['mean']):.1f}</b>", x=place, y=100, xref="x", yref="y", side="center", above=2) for place, one in zip(places, shown, strict=True)],
            xaxis=palette.X_AXIS | {"tickvals": ticks, "ticktext": [f"{days[place].day} {days[place]:%b}" for place in ticks], "range": [-0.6, max(len(shown), 4) - 0.4]},
            yaxis={"visible": False, "fixedrange": True, "range": [0, 112]},
        ),
    )  # fmt: skip


def pulse_over_time_in_words(pulses: Sequence[dict[str, Any]]) -> str:
    """One sentence: the last mean, and where it began; no judgement, no person."""
    if not pulses:
        return NOTHING
    first, last = pulses[0], pulses[-1]
    said = f"{_when(last)}, {last['answers']} answers: {float(last['mean']):.1f} of 5 on average"
    if len(pulses) == 1:
        return f"{said}. One meeting is no course yet."
    return f"{said}; it was {float(first['mean']):.1f} on {_when(first)}, {len(pulses)} meetings in all."


def pulse_over_time_table(pulses: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """A row for each meeting: its day, how many answered, the mean, how many gave each answer."""
    rows = [
        [str(one["held_on"]), one["answers"], float(one["mean"]), " · ".join(f"{answer}: {_count(one, answer)}" for answer in PULSE_ANSWERS)]
        for one in pulses
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["Meeting", "Answers", "Mean, 1–5", "Spread"])


def _count(one: dict[str, Any], answer: int) -> int:
    return int((one["counts"] or {}).get(str(answer), 0))


def _when(one: dict[str, Any]) -> str:
    day = stored.day(one["held_on"])
    return f"{day.day} {day:%B %Y}"
