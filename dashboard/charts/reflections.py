"""Reflections: how many of a team's were handed in, and a therapist's own weeks."""

from datetime import date, datetime

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import palette, periods
from services import weeks
from services.vocabulary import CANNOT_TELL, CAUSES, RATINGS

NOTHING = "No reflections to show for these weeks."
NO_RATINGS = "No ratings yet; they appear here with your first weekly reflection."
ROOM = 16  # weeks, up to which a number fits into each
STRIP, GAP = 1.0, 0.85  # the height of a strip of weeks and of the name above it


def reflections_handed_in(frame: pd.DataFrame, *, title: str | None = None) -> go.Figure:
    """Share of a team's weekly reflections that were handed in. Columns: period_start, period_end, percent (0–100)."""
    rows = [row for row in periods.rows(frame) if row.percent is not None]
    if not rows:
        return palette.nothing(title=title or "Reflections handed in", sentence=NOTHING)
    few = len(rows) <= 12
    bars = {
        "type": "bar", "name": "Handed in", **periods.bars(rows), "y": [row.percent for row in rows],
        "marker": palette.bar(palette.TEAL),
        "text": [f"{row.percent:.0f}%" for row in rows] if few else None, "textposition": "outside", "cliponaxis": False,
        "customdata": [periods.when(row) for row in rows],
        "hovertemplate": "<b>%{y:.0f}% handed in</b><br>%{customdata}<extra></extra>",
    }  # fmt: skip
    return go.Figure(
        [bars],
        palette.layout(
            title=title or f"Reflections: {rows[-1].percent:.0f}% handed in, at last count",
            subtitle=f"Handed in, % of the team’s weekly reflections · {periods.whole(rows)}"
            + periods.note(rows, "bars"),
            height=300,
            bargap=0,
            showlegend=False,
            xaxis=palette.X_AXIS | periods.axis(rows),
            yaxis=palette.Y_AXIS | palette.PERCENT | {"range": [0, 108]},
        ),
    )


def reflections_handed_in_in_words(frame: pd.DataFrame) -> str:
    """One sentence: the share at the end and over which range it moved."""
    rows = [row for row in periods.rows(frame) if row.percent is not None]
    if not rows:
        return NOTHING
    shares = [row.percent for row in rows]
    last = rows[-1]
    end = f"{last.percent:.0f}% of reflections were handed in for {periods.words(last.period_start, last.period_end)}"
    span = (
        f", between {min(shares):.0f}% and {max(shares):.0f}% over {periods.whole(rows)}"
        if len(rows) > 1
        else ""
    )
    return end + span + "."


def reflections_handed_in_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A row per period with its percentage."""
    table = [
        [periods.words(row.period_start, row.period_end), None if row.percent is None else round(row.percent)]
        for row in periods.rows(frame)
    ]
    return pd.DataFrame(table, columns=["Weeks", "Handed in, %"]).astype({"Handed in, %": "Int64"})


def own_weeks(frame: pd.DataFrame, *, title: str = "My own weeks") -> go.Figure:
    """A strip of weeks for each cause, darker where it was rated higher, with the number in it where there is room.

    Columns: week (date, Monday), cause (1–6), rating (0–4, missing = can't tell). A week without a row stays blank.
    Reads on a phone up to about 13 weeks with the number in each; over a longer stretch the numbers are in the table.
    """
    answers = _answers(frame)
    if not answers:
        return palette.nothing(title=title, sentence=NO_RATINGS)
    mondays = _mondays(answers)
    roomy = len(mondays) <= ROOM
    tops = {number: -(number - 1) * (STRIP + GAP) for number in CAUSES}
    edges = sorted(edge for top in tops.values() for edge in (top - GAP, top - GAP - STRIP))
    known = {key: rating for key, rating in answers.items() if rating is not None}
    unknown = {key: 0 for key, rating in answers.items() if rating is None}
    shared = {
        "type": "heatmap", "x": [monday.isoformat() for monday in mondays], "y": edges, "showscale": False,
        "xgap": 3 if roomy else 1 if len(mondays) <= 60 else 0, "hovertemplate": "%{customdata}<extra></extra>",
        "texttemplate": "%{text}" if roomy else "",
    }  # fmt: skip
    said = _grid(mondays, {key: _said(key, rating) for key, rating in answers.items()})
    traces = [
        {**shared, "name": "Rating", "z": _grid(mondays, known), "text": _grid(mondays, known, ""), "customdata": said,
         "zmin": 0, "zmax": 4, "colorscale": palette.RATING_SCALE},
        {**shared, "name": "Can’t tell", "z": _grid(mondays, unknown), "customdata": said,
         "text": _grid(mondays, dict.fromkeys(unknown, "?"), ""), "colorscale": [[0, palette.SLATE], [1, palette.SLATE]], "opacity": 0.3,
         "textfont": {"color": palette.INK}},
    ]  # fmt: skip
    names = [
        palette.note(
            f"<span style='color:{palette.CAUSE_SIGNS[number].colour}'>{palette.CAUSE_SIGNS[number].glyph}</span>"
            f" {number} {cause.label}",
            x=0, y=tops[number] - GAP, yref="y", above=1,
        )
        for number, cause in CAUSES.items()
    ]  # fmt: skip
    places = periods.axis(
        [periods.Row(period_start=mondays[0], period_end=mondays[-1] + periods.WEEK)], at_most=7
    )
    half = periods.WEEK / 2
    ticks = [(datetime.fromisoformat(at) - half).isoformat() for at in places["tickvals"]]
    ends = [datetime.combine(day, datetime.min.time()) for day in (mondays[0], mondays[-1])]
    return go.Figure(
        traces,
        palette.layout(
            title=title,
            subtitle=f"My ratings, 0 “{RATINGS[0]}” to 4 “{RATINGS[4]}”"
            + (f", ? “{CANNOT_TELL}”" if roomy else f", the darker the higher; grey “{CANNOT_TELL}”")
            + f" · {len(answers):,} answers · blank: no reflection",
            height=6 * 60 + 62,
            showlegend=False,
            margin=dict.fromkeys("lr", 4 if roomy else 18) | {"t": 4, "b": 8, "pad": 2},
            xaxis=palette.X_AXIS | places
            | {"range": [(ends[0] - half).isoformat(), (ends[1] + half).isoformat()], "tickvals": ticks,
               "showline": False, "showgrid": False},
            yaxis={"visible": False, "fixedrange": True, "range": [-6 * (STRIP + GAP), 0]},
            annotations=names,
        ),
    )  # fmt: skip


def own_weeks_in_words(frame: pd.DataFrame) -> str:
    """One sentence about the latest week and how many weeks there are."""
    answers = _answers(frame)
    if not answers:
        return NO_RATINGS
    count = len({week for week, _ in answers})
    latest = max(week for week, _ in answers)
    rated = {
        number: answers[latest, number] for number in CAUSES if answers.get((latest, number)) is not None
    }
    start = f"{count} week{'s' if count != 1 else ''} with ratings"
    if not rated:
        return f"{start}; for {weeks.spelt(latest)} you could not tell."
    most = max(rated.values())
    names = ", ".join(f"“{CAUSES[number].label}”" for number, rating in rated.items() if rating == most)
    return f"{start}; highest for {weeks.spelt(latest)}: {names} with {most} of 4."


def own_weeks_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A row per week and a column per cause: the rating, "can't tell", or blank for a week without a reflection."""
    answers = _answers(frame)
    table = [
        [weeks.spelt(monday), *(_cell(answers, monday, number) for number in CAUSES)]
        for monday in (_mondays(answers) if answers else [])
    ]
    return pd.DataFrame(table, columns=["Week", *(cause.label for cause in CAUSES.values())])


def _cell(answers: dict, monday: date, number: int) -> str:
    if (monday, number) not in answers:
        return ""
    rating = answers[monday, number]
    return CANNOT_TELL if rating is None else str(rating)


def _answers(frame: pd.DataFrame) -> dict[tuple[date, int], int | None]:
    found = {}
    for row in frame.to_dict("records"):
        week = pd.Timestamp(row["week"]).date()
        found[week, int(row["cause"])] = None if pd.isna(row["rating"]) else int(row["rating"])
    return found


def _mondays(answers: dict) -> list[date]:
    first, last = min(week for week, _ in answers), max(week for week, _ in answers)
    return [first + periods.WEEK * n for n in range((last - first).days // 7 + 1)]


def _grid(mondays: list[date], cells: dict, empty: str | None = None) -> list[list]:
    """Eleven rows from the bottom up: the strips of the causes, with the empty rows of their names between them."""
    strips = [[cells.get((monday, number), empty) for monday in mondays] for number in reversed(CAUSES)]
    blank = [empty] * len(mondays)
    return [row for strip in strips for row in (strip, blank)][:-1]


def _said(key: tuple[date, int], rating: int | None) -> str:
    week, number = key
    said = CANNOT_TELL if rating is None else f"{rating} of 4 · {RATINGS[rating]}"
    return f"<b>{CAUSES[number].label}</b><br>{said}<br>{weeks.spelt(week)}"
