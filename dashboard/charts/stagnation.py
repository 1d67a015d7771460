"""Standing still: how many cases at the end of each week, how long until something happened, and cases without entries."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from types import SimpleNamespace

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import palette, periods
from services import survival, vocabulary, weeks
from services.flags import STANDS_STILL
from services.survival import Curve

NOT_COMPUTED = "No flags were computed in these weeks, so nothing is known about them."
NOTHING_YET = "No spell to count in these weeks."
NOBODY_SILENT = "Every active case has had an entry lately."
SIGNS = dict(zip(STANDS_STILL, list(palette.CAUSE_SIGNS.values())[1:], strict=False))
ANY = palette.Sign(palette.DEEP, "solid", "circle", "●")
STEPS = {
    "discussed": ("until talked about", palette.CAUSE_SIGNS[1]),
    "acted": ("until something was agreed", palette.CAUSE_SIGNS[2]),
    "cleared": ("until the flag went", palette.CAUSE_SIGNS[3]),
}
SILENCES = ((4, "up to 4 weeks"), (8, "5 to 8 weeks"), (13, "9 to 13 weeks"), (10**6, "longer"))


def stagnation_over_time(frame: pd.DataFrame, *, title: str | None = None) -> go.Figure:
    """All that stand still as a strong line and each rule as a thin one; weeks in which nothing was computed are gaps.

    Columns: week (Monday), known (bool), any, R1, R2, R3, R5, R8 (cases at the end of the week).
    """
    rows = [SimpleNamespace(**row) for row in frame.to_dict("records")]
    known = [row for row in rows if row.known]
    if not known:
        return palette.nothing(title=title or "Cases that stand still, week by week", sentence=NOT_COMPUTED)
    drawn = [rule for rule in STANDS_STILL if any(getattr(row, rule) for row in known)]
    traces = [_cases("any", "All that stand still", rows, ANY, 3)]
    traces += [_cases(rule, vocabulary.label("flag_rule", rule), rows, SIGNS[rule], 1.6) for rule in drawn]
    most = max(row.any for row in known)
    return go.Figure(
        traces,
        palette.layout(
            title=title or f"Cases that stand still: {_many(known[-1].any)} at the end of {weeks.spelt(known[-1].week)}",
            subtitle=f"Cases with such a flag up at the end of the week · {len(known)} of {len(rows)} weeks are known",
            height=350 + 22 * len(traces),
            legend=palette.LEGEND | {"orientation": "v", "y": -0.28, "yanchor": "top"},
            xaxis=palette.X_AXIS | periods.axis([SimpleNamespace(period_start=r.week, period_end=r.week + weeks.WEEK) for r in rows]) | {"title": None},
            yaxis=palette.Y_AXIS | {"range": [0, most * 1.12 + 0.5], "nticks": 6, "tickformat": ",d", "title": palette.axis_title("cases")},
        ),
    )  # fmt: skip


def _cases(name: str, label: str, rows: Sequence, sign: palette.Sign, width: float) -> dict:
    return {
        "type": "scatter", "mode": "lines+markers", "connectgaps": False, "name": label,
        "x": [periods.moment(row.week, row.week + weeks.WEEK) for row in rows], "y": [getattr(row, name) if row.known else None for row in rows],
        "line": {"color": sign.colour, "dash": sign.dash, "width": width}, "marker": {"color": sign.colour, "symbol": sign.symbol, "size": 8},
        "customdata": [weeks.spelt(row.week) for row in rows],
        "hovertemplate": f"<b>{label}</b><br>%{{y}} · %{{customdata}}<extra></extra>",
    }  # fmt: skip


def stagnation_over_time_in_words(frame: pd.DataFrame) -> str:
    """One sentence: the first and the last known week, and how many are not known."""
    rows = [SimpleNamespace(**row) for row in frame.to_dict("records")]
    known = [row for row in rows if row.known]
    if not known:
        return NOT_COMPUTED
    last = known[-1]
    now = f"{_many(last.any)} stood still at the end of {weeks.spelt(last.week)}"
    before = f"; {known[0].any} at the end of {weeks.spelt(known[0].week)}" if len(known) > 1 else ""
    gaps = len(rows) - len(known)
    unknown = (
        f" In {gaps} of {len(rows)} weeks nothing was computed: they are gaps, not zero." if gaps else ""
    )
    return f"{now}{before}.{unknown}"


def stagnation_over_time_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A row per week, the latest first; blank where nothing was computed."""
    names = {"any": "All", **{rule: vocabulary.label("flag_rule", rule) for rule in STANDS_STILL}}
    table = [
        [weeks.spelt(row["week"]), *(row[name] if row["known"] else None for name in names)]
        for row in reversed(frame.to_dict("records"))
    ]
    return pd.DataFrame(table, columns=["Week", *names.values()]).astype(
        dict.fromkeys(names.values(), "Int64")
    )


def weeks_of_stagnation(
    counts: Sequence[tuple[date, str, int]], computed: Collection[date], *, since: date, until: date
) -> pd.DataFrame:
    """The frame that `stagnation_over_time` draws: every week between, known or not."""
    found = {(week, rule): cases for week, rule, cases in counts}
    rows, week = [], weeks.monday(since)
    while week <= until:
        rows.append(
            {"week": week, "known": week in computed}
            | {r: found.get((week, r), 0) for r in ("any", *STANDS_STILL)}
        )
        week += weeks.WEEK
    return pd.DataFrame(rows)


def until_something_happened(curves: Mapping[str, Curve], *, title: str | None = None) -> go.Figure:
    """A falling step for each of discussed, acted, cleared: for how many spells it has not happened yet."""
    drawn = {step: found for step, found in curves.items() if found.n}
    if not drawn:
        return palette.nothing(title=title or "From flag to answer", sentence=NOTHING_YET)
    traces = []
    for step, found in drawn.items():
        label, sign = STEPS[step]
        days = [day for day, *_ in found.steps] + [found.longest]
        shares = [100 * share for _, share, _ in found.steps]
        shares.append(shares[-1])
        at_risk = [f"{n} still waiting just before" for *_, n in found.steps] + [
            "as far as anybody has waited"
        ]
        traces.append({
            "type": "scatter", "mode": "lines+markers", "name": label, "x": days, "y": shares, "customdata": at_risk,
            "line": {"color": sign.colour, "dash": sign.dash, "width": 2.5, "shape": "hv"},
            "marker": {"color": sign.colour, "symbol": sign.symbol, "size": [7] * (len(days) - 1) + [0]},
            "hovertemplate": f"<b>{label}</b><br>%{{y:.0f}}% after %{{x}} days · %{{customdata}}<extra></extra>",
        })  # fmt: skip
    longest = max(found.longest for found in drawn.values())
    return go.Figure(
        traces,
        palette.layout(
            title=title or "From flag to answer: how long it takes",
            subtitle=f"Share of flags for which it has not happened yet, % · {max(f.n for f in drawn.values()):,} flags, open ones counted as long as they have been up",
            height=400,
            legend=palette.LEGEND | {"orientation": "v", "y": -0.22, "yanchor": "top"},
            xaxis=palette.X_AXIS | {"range": [0, max(longest, 7) * 1.03], "nticks": 8, "title": palette.axis_title("days since the flag’s rule became true")},
            yaxis=palette.Y_AXIS | palette.PERCENT | {"range": [0, 104]},
            shapes=[{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 50, "y1": 50, "line": {"color": palette.FAINT, "width": 1, "dash": "dot"}}],
        ),
    )  # fmt: skip


def until_something_happened_in_words(curves: Mapping[str, Curve]) -> str:
    """One sentence: the median of each step, or that it has not come to that yet."""
    said = [
        f"{STEPS[step][0]}: {survival.median_in_words(found)}" for step, found in curves.items() if found.n
    ]
    if not said:
        return NOTHING_YET
    return "From the day its rule became true – " + "; ".join(said) + "."


def until_something_happened_table(curves: Mapping[str, Curve]) -> pd.DataFrame:
    """A row per step: flags, how many are over, how many still open, the median."""
    table = [
        [STEPS[step][0], found.n, found.happened, found.n - found.happened, "not reached yet" if found.median is None else f"{found.median}"]
        for step, found in curves.items() if found.n
    ]  # fmt: skip
    return pd.DataFrame(
        table, columns=["How long", "Flags", "Happened", "Not yet, or went before", "Median days"]
    )


def cases_without_entries(frame: pd.DataFrame, *, title: str | None = None) -> go.Figure:
    """How many cases have had no entry, by for how long. Columns: code, team, therapist, days."""
    if frame.empty:
        return palette.nothing(title=title or "Cases of which nothing is known", sentence=NOBODY_SILENT)
    counts = [0] * len(SILENCES)
    for days in frame["days"]:
        counts[next(i for i, (most, _) in enumerate(SILENCES) if days <= most * 7)] += 1
    labels = [label for _, label in SILENCES]
    bars = {
        "type": "bar", "orientation": "h", "name": "Cases", "x": counts, "y": labels, "marker": palette.bar(palette.SLATE, "/"),
        "text": [str(n) for n in counts], "textposition": "outside", "cliponaxis": False, "hovertemplate": "%{y}: %{x}<extra></extra>",
    }  # fmt: skip
    return go.Figure(
        [bars],
        palette.layout(
            title=title or f"Unknown: {_many(len(frame))} without an entry lately",
            subtitle="Cases by how long nothing was entered · that is not the same as nothing having happened",
            height=240, showlegend=False,
            xaxis=palette.X_AXIS | {"range": [0, max(counts) * 1.15 + 0.3], "nticks": 6, "tickformat": ",d", "title": palette.axis_title("cases")},
            yaxis=palette.Y_AXIS | {"autorange": "reversed"},
        ),
    )  # fmt: skip


def cases_without_entries_in_words(frame: pd.DataFrame) -> str:
    """One sentence; no entries is never called fine."""
    if frame.empty:
        return NOBODY_SILENT
    worst = frame.sort_values("days", ascending=False).iloc[0]
    verb = "has" if len(frame) == 1 else "have"
    return f"{_many(len(frame))} {verb} had no entry lately and read “unknown”, never “fine”; the longest is {worst['code']}, {worst['days']} days."


def cases_without_entries_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A row per case, the longest first."""
    if frame.empty:
        return pd.DataFrame(columns=["Case", "Team", "Therapist", "Days without an entry"])
    longest = frame.sort_values(["days", "code"], ascending=[False, True])
    return pd.DataFrame(
        {"Case": longest["code"], "Team": longest["team"], "Therapist": longest["therapist"], "Days without an entry": longest["days"]}
    ).reset_index(drop=True)  # fmt: skip


def _many(count: int) -> str:
    return "1 case" if count == 1 else f"{count:,} cases"
