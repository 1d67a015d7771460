"""Episodes over time: where the first blame went, and of which kind they were. Stacked bars over periods."""

from collections import defaultdict
from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import palette, periods
from dashboard.charts.palette import INDIGO, LILAC, OCHRE, PLUM, SKY, SLATE, TEAL, UMBER
from services.vocabulary import BLAMES, EPISODE_KINDS, MERGED

NO_BLAME = "No episodes with a first blame to show for these weeks."
NO_KINDS = "No episodes to show for these weeks."

# A colour and a pattern each, bottom to top; what is shown together comes last, in grey.
BLAME_SIGNS = {"neither": (TEAL, ""), "myself": (LILAC, "/"), "client": (OCHRE, ""), MERGED.key: (SLATE, ".")}
KIND_SIGNS = {
    "withdrawal": (SKY, ""),
    "confrontation": (OCHRE, ""),
    "homework_not_done": (UMBER, "/"),
    "topic_avoided": (INDIGO, ""),
    "yes_but": (PLUM, "."),
    "stalled": (TEAL, "\\"),
    MERGED.key: (SLATE, "x"),
}
BLAME_LABELS = {key: word.label for key, word in BLAMES.items()} | {
    "other": MERGED.label,
    MERGED.key: MERGED.label,
}
KIND_LABELS = {key: word.label for key, word in EPISODE_KINDS.items()} | {MERGED.key: MERGED.label}


def first_blame_balance(frame: pd.DataFrame, *, title: str | None = None) -> go.Figure:
    """Shares of each period's episodes, stacked to 100 %.

    Columns: period_start, period_end, blame (client, myself, neither; other for those shown together),
    n, share (0–1).
    """
    rows = _rows(frame, "blame")
    if not rows:
        return palette.nothing(title=title or "First blame", sentence=NO_BLAME)
    traces = [
        _trace(
            [row for row in rows if row.key == key],
            label=BLAME_LABELS[key],
            sign=BLAME_SIGNS[key],
            heights=[100 * row.share for row in rows if row.key == key],
            hover="%{y:.0f}% · %{customdata}",
        )
        for key in _present(rows, BLAME_SIGNS)
    ]
    half = {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": 50,
        "y1": 50,
        "line": {"color": palette.PAPER, "width": 1},
    }
    return go.Figure(
        traces,
        _layout(title or _blame_headline(rows), "Share of the period’s episodes, %", rows, height=380)
        | {
            "yaxis": palette.Y_AXIS | palette.PERCENT | {"range": [0, 100]},
            "shapes": [half | {"opacity": 0.7, "layer": "above"}],
        },
    )


def first_blame_balance_in_words(frame: pd.DataFrame) -> str:
    """One sentence: the shares over the whole stretch."""
    rows = _rows(frame, "blame")
    if not rows:
        return NO_BLAME
    totals = _totals(rows, BLAME_SIGNS)
    whole = sum(totals.values())
    shares = ", ".join(f"{_phrase(key)} in {100 * n / whole:.0f}%" for key, n in totals.items())
    return f"{periods.whole(rows)}, {_episodes(whole)}: first blame {shares}."


def first_blame_balance_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A row per period: the share (%) and number of each, blank where not shown."""
    rows = _rows(frame, "blame")
    present = _present(rows, BLAME_SIGNS)
    table = _spread(rows, present, BLAME_LABELS, lambda row: (round(100 * row.share), row.n), (", %", ", n"))
    return table


def episodes_by_kind(frame: pd.DataFrame, *, title: str | None = None) -> go.Figure:
    """Numbers of episodes per period, stacked by kind. Columns: period_start, period_end, kind, n."""
    rows = _rows(frame, "kind")
    if not rows:
        return palette.nothing(title=title or "Episodes", sentence=NO_KINDS)
    traces = [
        _trace(
            [row for row in rows if row.key == key],
            label=KIND_LABELS[key],
            sign=KIND_SIGNS[key],
            heights=[row.n for row in rows if row.key == key],
            hover="%{customdata}",
        )
        for key in _present(rows, KIND_SIGNS)
    ]
    yaxis = palette.Y_AXIS | {
        "rangemode": "tozero",
        "title": palette.axis_title("episodes in the period"),
        "nticks": 6,
    }
    return go.Figure(
        traces,
        _layout(title or _kind_headline(rows), "Number of episodes", rows, height=460) | {"yaxis": yaxis},
    )


def episodes_by_kind_in_words(frame: pd.DataFrame) -> str:
    """One sentence: how many, and which kinds were most frequent."""
    rows = _rows(frame, "kind")
    if not rows:
        return NO_KINDS
    totals = _totals(rows, KIND_SIGNS)
    named = sorted((key for key in totals if key != MERGED.key), key=lambda key: -totals[key])[:3]
    listed = ", ".join(f"{KIND_LABELS[key]} ({totals[key]})" for key in named)
    start = f"{periods.whole(rows)}: {_episodes(sum(totals.values()))}"
    return (
        f"{start}; most often {listed}." if listed else f"{start}, too few of each kind to show them apart."
    )


def episodes_by_kind_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A row per period: the number of each kind, blank where not shown."""
    rows = _rows(frame, "kind")
    return _spread(rows, _present(rows, KIND_SIGNS), KIND_LABELS, lambda row: (row.n,), ("",))


def _clearly_most(rows: list[periods.Row], signs: Mapping[str, object]) -> str | None:
    """The key with the largest number, if it leads by a fifth at least: also over what is shown together."""
    first, *others = sorted(_totals(rows, signs).items(), key=lambda pair: -pair[1])
    leads = not others or first[1] >= 1.2 * others[0][1]
    return first[0] if leads and first[0] != MERGED.key else None


def _blame_headline(rows: list[periods.Row]) -> str:
    most = _clearly_most(rows, BLAME_SIGNS)
    return f"First blame: most often {_phrase(most)}" if most else "First blame: no one answer stands out"


def _kind_headline(rows: list[periods.Row]) -> str:
    most = _clearly_most(rows, KIND_SIGNS)
    return f"Episodes: {KIND_LABELS[most]} most often" if most else "Episodes: no one kind stands out"


def _rows(frame: pd.DataFrame, column: str) -> list[periods.Row]:
    rows = [row for row in periods.rows(frame) if row.n is not None]
    for row in rows:
        row.key, row.n = getattr(row, column), int(row.n)
    return rows


def _episodes(count: int) -> str:
    return "1 episode" if count == 1 else f"{count:,} episodes"


def _present(rows: list[periods.Row], signs: Mapping[str, object]) -> list[str]:
    found = {row.key for row in rows}
    return [key for key in signs if key in found]


def _totals(rows: list[periods.Row], signs: Mapping[str, object]) -> dict[str, int]:
    return {key: sum(row.n for row in rows if row.key == key) for key in _present(rows, signs)}


def _phrase(key: str) -> str:
    return {"client": "on the client", "myself": "on oneself", "neither": "on neither"}.get(
        key, "not shown apart"
    )


def _trace(
    rows: list[periods.Row], *, label: str, sign: tuple[str, str], heights: list[float], hover: str
) -> dict:
    return {
        "type": "bar",
        "name": label,
        **periods.bars(rows),
        "y": heights,
        "marker": palette.bar(*sign),
        "customdata": [f"{_episodes(row.n)}<br>{periods.when(row)}" for row in rows],
        "hovertemplate": f"<b>{label}</b><br>{hover}<extra></extra>",
    }  # fmt: skip


def _layout(title: str, unit: str, rows: list[periods.Row], *, height: int) -> dict:
    total = sum(row.n for row in rows)
    return palette.layout(
        title=title,
        subtitle=f"{unit} · {_episodes(total)} · {periods.whole(rows)}{periods.note(rows, 'bars')}",
        height=height,
        barmode="stack",
        bargap=0,
        xaxis=palette.X_AXIS | periods.axis(rows),
    )


def _spread(rows, present, labels, values, endings) -> pd.DataFrame:
    """One row per period and one column per key and value, in the order of `present`."""
    lines: dict[tuple, dict[str, object]] = defaultdict(dict)
    for row in rows:
        line = lines[row.period_start, row.period_end]
        line["Weeks"] = periods.words(row.period_start, row.period_end)
        line |= {f"{labels[row.key]}{end}": value for end, value in zip(endings, values(row), strict=True)}
    columns = [f"{labels[key]}{end}" for key in present for end in endings]
    return pd.DataFrame(list(lines.values()), columns=["Weeks", *columns]).astype(
        dict.fromkeys(columns, "Int64")
    )
