"""My mirror: what a therapist did next, which thoughts they reached for, and what was done about strains."""

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import palette, periods
from dashboard.charts.palette import INDIGO, LILAC, OCHRE, PLUM, SKY, SLATE, TEAL, UMBER
from services.vocabulary import HELPED, MIRROR_ITEMS, NEXT_MOVES, REFRAMES, REPAIR_STAGES, RUPTURE_OUTCOMES

NO_MOVES = "No next moves logged in these weeks."
NO_REFRAMES = "No thoughts noted in these weeks."
NO_REPAIRS = "No ruptures or steps in these weeks; that none were logged does not mean that there were none."
NOT_SAID = "Not said"
MOVE_SIGNS = {
    "insisted": (OCHRE, ""), "slowed_down": (SKY, "/"), "asked": (TEAL, ""), "changed_course": (PLUM, "\\"), "nothing": (SLATE, "."),
}  # fmt: skip
HELPED_SIGNS = {"yes": (TEAL, ""), "a_little": (SKY, "/"), "no": (UMBER, "\\"), "": (SLATE, ".")}
HELPED_LABELS = {key: word.label for key, word in HELPED.items()} | {"": NOT_SAID}
REPAIR_SIGNS = {
    "noticed": (LILAC, "", "Noticed"),
    "steps": (SKY, "/", "Repair steps"),
    "closed": (INDIGO, "\\", "Closed"),
}
FEW = 14  # periods, up to which bars carry their number


def next_moves(frame: pd.DataFrame) -> go.Figure:
    """Shares of each period's next moves, stacked to 100 %. Columns: period_start, period_end, key, n, share (0–1)."""
    rows = periods.rows(frame)
    title = MIRROR_ITEMS["next_moves"].label
    if not rows:
        return palette.nothing(title=title, sentence=NO_MOVES)
    traces = []
    for key, sign in MOVE_SIGNS.items():
        mine = [row for row in rows if row.key == key]
        if mine:
            traces.append({
                "type": "bar", "name": NEXT_MOVES[key].label, **periods.bars(mine), "y": [100 * row.share for row in mine],
                "marker": palette.bar(*sign), "customdata": [f"{row.n} · {periods.when(row)}" for row in mine],
                "hovertemplate": f"<b>{NEXT_MOVES[key].label}</b><br>%{{y:.0f}}% · %{{customdata}}<extra></extra>",
            })  # fmt: skip
    total = sum(row.n for row in rows)
    return go.Figure(
        traces,
        palette.layout(
            title=title, subtitle=f"Share of the period’s episodes, % · {_many(total, 'episode')} · {periods.whole(rows)}",
            height=400, barmode="stack", bargap=0, xaxis=palette.X_AXIS | periods.axis(rows, at_most=6),
            yaxis=palette.Y_AXIS | palette.PERCENT | {"range": [0, 100]},
        ),
    )  # fmt: skip


def next_moves_in_words(frame: pd.DataFrame) -> str:
    """One sentence: how often each move followed, over the whole stretch."""
    rows = periods.rows(frame)
    if not rows:
        return NO_MOVES
    totals = {key: sum(row.n for row in rows if row.key == key) for key in MOVE_SIGNS}
    whole = sum(totals.values())
    said = ", ".join(
        f"{NEXT_MOVES[key].label.lower()} in {100 * n / whole:.0f}%" for key, n in totals.items() if n
    )
    return f"{periods.whole(rows)}, {_many(whole, 'episode')}: {said}."


def next_moves_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A row per period: how often each move followed; 0 where episodes were logged and none had it."""
    rows = periods.rows(frame)
    table = [
        [periods.words(*span), *(sum(r.n for r in rows if (r.period_start, r.period_end) == span and r.key == key) for key in MOVE_SIGNS)]
        for span in periods.spans(rows)
    ]  # fmt: skip
    return pd.DataFrame(table, columns=["Weeks", *(NEXT_MOVES[key].label for key in MOVE_SIGNS)])


def reframes(frame: pd.DataFrame) -> go.Figure:
    """One bar per thought: in how many weeks it was used, by whether it helped. Columns: reframe, helped, n."""
    title = MIRROR_ITEMS["reframes"].label
    counts = _reframe_counts(frame)
    if not counts:
        return palette.nothing(title=title, sentence=NO_REFRAMES)
    keys = list(REFRAMES)
    places = list(range(len(keys), 0, -1))
    traces = [
        {
            "type": "bar", "orientation": "h", "name": HELPED_LABELS[helped], "y": places, "width": 0.4,
            "x": [counts.get((key, helped), 0) for key in keys], "marker": palette.bar(*sign),
            "customdata": [REFRAMES[key].label for key in keys],
            "hovertemplate": f"<b>%{{customdata}}</b><br>{HELPED_LABELS[helped]}: %{{x}}<extra></extra>",
        }
        for helped, sign in HELPED_SIGNS.items() if any(h == helped for _, h in counts)
    ]  # fmt: skip
    names = [
        palette.note(REFRAMES[key].label, x=0, y=place, yref="y", above=14)
        for key, place in zip(keys, places, strict=True)
    ]
    most = max(sum(n for (k, _), n in counts.items() if k == key) for key in keys)
    return go.Figure(
        traces,
        palette.layout(
            title=title, subtitle="Number of weeks in which you used it, by whether it helped", height=330, barmode="stack",
            xaxis=palette.X_AXIS | {"range": [0, most * 1.05], "tickformat": "d", "nticks": min(most + 1, 7), "title": palette.axis_title("weeks")},
            yaxis={"visible": False, "fixedrange": True, "range": [0.6, len(keys) + 0.75]}, annotations=names,
        ),
    )  # fmt: skip


def _reframe_counts(frame: pd.DataFrame) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for row in frame.to_dict("records"):
        key = row["reframe"], row["helped"] if row["helped"] in HELPED else ""
        found[key] = found.get(key, 0) + int(row["n"])
    return found


def reframes_in_words(frame: pd.DataFrame) -> str:
    """One sentence: which thought was used most, and how often one was said to have helped."""
    counts = _reframe_counts(frame)
    if not counts:
        return NO_REFRAMES
    used = {key: sum(n for (k, _), n in counts.items() if k == key) for key in REFRAMES}
    most = max(used.values())
    names = " and ".join(f"“{REFRAMES[key].label}”" for key, n in used.items() if n == most)
    helped = sum(n for (_, h), n in counts.items() if h in ("yes", "a_little"))
    return f"Used most: {names}, in {_many(most, 'week')}. Of {_many(sum(used.values()), 'use')}, {helped} helped at least a little."


def reframes_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A row per thought, a column per answer."""
    counts = _reframe_counts(frame)
    table = [
        [word.label, *(counts.get((key, h), 0) for h in HELPED_SIGNS)]
        for key, word in REFRAMES.items()
        if counts
    ]
    return pd.DataFrame(table, columns=["Thought", *HELPED_LABELS.values()])


def repairs(frame: pd.DataFrame) -> go.Figure:
    """Per period: ruptures noticed, steps taken, ruptures closed. Columns: period_start, period_end, noticed, steps, closed."""
    rows = periods.rows(frame)
    title = MIRROR_ITEMS["repairs"].label
    if not rows:
        return palette.nothing(title=title, sentence=NO_REPAIRS)
    few = len(rows) <= FEW
    traces = [
        {
            "type": "bar", "name": label, "x": [periods.moment(row.period_start, row.period_end) for row in rows],
            "y": [getattr(row, name) for row in rows], "marker": palette.bar(colour, hatch),
            "text": [getattr(row, name) or "" for row in rows] if few else None, "textposition": "outside", "constraintext": "none", "cliponaxis": False,
            "customdata": [periods.when(row) for row in rows], "hovertemplate": f"<b>{label}: %{{y}}</b><br>%{{customdata}}<extra></extra>",
        }
        for name, (colour, hatch, label) in REPAIR_SIGNS.items()
    ]  # fmt: skip
    most = max(max(row.noticed, row.steps, row.closed) for row in rows)
    return go.Figure(
        traces,
        palette.layout(
            title=title, subtitle=f"Number in each period · {periods.whole(rows)}{_gaps(rows)}", height=400, barmode="group", bargap=0.25,
            xaxis=palette.X_AXIS | periods.axis(rows, at_most=6),
            yaxis=palette.Y_AXIS | {"range": [0, most * 1.15], "tickformat": "d", "nticks": min(int(most) + 1, 6)},
        ),
    )  # fmt: skip


def _gaps(rows: list[periods.Row]) -> str:
    whole = sum((end - start).days for start, end in periods.spans(rows))
    gaps = whole < (rows[-1].period_end - rows[0].period_start).days
    return " · gaps: nothing logged" if gaps else ""


def repairs_in_words(
    frame: pd.DataFrame, *, still_open: int, outcomes: dict[str, int], stages: dict[str, int]
) -> str:
    """What was noticed, done and closed; none logged is never called good."""
    rows = periods.rows(frame)
    open_now = (
        f" {_many(still_open, 'rupture')} {'is' if still_open == 1 else 'are'} open now."
        if still_open
        else ""
    )
    if not rows:
        return NO_REPAIRS + open_now
    noticed, steps = (sum(getattr(row, name) for row in rows) for name in ("noticed", "steps"))
    ways = ", ".join(
        f"{RUPTURE_OUTCOMES[key].label.lower()} {n}" for key, n in outcomes.items() if key in RUPTURE_OUTCOMES
    )
    taken = ", ".join(
        f"{REPAIR_STAGES[key].label.lower()} {n}" for key, n in stages.items() if key in REPAIR_STAGES
    )
    said = f"{_many(noticed, 'rupture')} noticed, {_many(steps, 'step')} taken" + (
        f" ({taken})" if taken else ""
    )
    closed = sum(row.closed for row in rows)
    return f"{said}, {closed} closed" + (f" ({ways})" if ways else "") + "." + open_now


def repairs_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A row per period: noticed, steps, closed."""
    table = [
        [periods.words(row.period_start, row.period_end), row.noticed, row.steps, row.closed]
        for row in periods.rows(frame)
    ]
    return pd.DataFrame(table, columns=["Weeks", "Noticed", "Repair steps", "Closed"])


def _many(count: int, thing: str) -> str:
    return f"1 {thing}" if count == 1 else f"{count:,} {thing}s"
