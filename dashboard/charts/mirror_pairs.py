"""My mirror: two values beside each other (a guess and an answer, before and after), and frustration week by week."""

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import palette, periods
from services import weeks
from services.mirror import ENOUGH_PAIRS
from services.vocabulary import CAUSES, CHECK_IN_QUESTIONS, FRUSTRATIONS, MIRROR_ITEMS

NO_GUESSES = "No guesses beside a client’s check-in in these weeks."
TOO_FEW = "too few to say"
NO_PAIRS = (
    "No rating both before and after a day in supervision yet, so there is nothing to set side by side."
)
NO_FRUSTRATION = "No frustration noted in these weeks."
GUESS = {"color": palette.LILAC, "symbol": "diamond-open", "size": 10, "line": {"width": 2.5}, "opacity": 1}
ANSWER = {"color": palette.DEEP, "symbol": "circle", "size": 9, "opacity": 1, "line": {"width": 0}}
BEFORE = {"color": palette.SLATE, "symbol": "circle-open", "size": 11, "line": {"width": 2.5}, "opacity": 1}
AFTER = {"color": palette.TEAL, "symbol": "circle", "size": 11, "opacity": 1, "line": {"width": 0}}
LABEL = 0.26  # of a panel's height
OF_A_CASE = {"case": "", "meeting": ", in the meeting"}  # and how a pair of each kind is marked


def guesses(frame: pd.DataFrame) -> go.Figure:
    """Three panels that share the weeks: mean guess and mean answer of each period, joined.

    Columns: period_start, period_end, question, guess, answer (0–10), n.
    """
    rows, title = periods.rows(frame), MIRROR_ITEMS["guesses"].label
    if not rows:
        return palette.nothing(title=title, sentence=NO_GUESSES)
    count = len(CHECK_IN_QUESTIONS)
    traces, notes, axes = [], [], {}
    for number, (question, word) in enumerate(CHECK_IN_QUESTIONS.items(), 1):
        mine = [row for row in rows if row.question == question]
        axis = "y" if number == 1 else f"y{number}"
        top = 1 - (number - 1 + LABEL) / count
        axes[f"yaxis{'' if number == 1 else number}"] = {
            "domain": [1 - number / count + 0.02, top], "range": [-0.7, 10.7], "tickvals": [0, 5, 10], "zeroline": False,
            "fixedrange": True, "anchor": "x", **palette.INKED,
        }  # fmt: skip
        notes.append(
            palette.note(f"<b>{word.label}</b>" + ("" if mine else " · nothing to show"), x=0, y=top, above=2)
        )
        at = [periods.moment(row.period_start, row.period_end) for row in mine]
        joins = {
            "type": "scatter", "mode": "lines", "yaxis": axis, "showlegend": False, "hoverinfo": "skip",
            "x": [x for one in at for x in (one, one, None)], "y": [y for row in mine for y in (row.guess, row.answer, None)],
            "line": {"color": palette.SLATE, "width": 2}, "opacity": 0.6,
        }  # fmt: skip
        said = [f"{row.n} of them · {periods.when(row)}" for row in mine]
        points = [
            {"type": "scatter", "mode": "markers", "yaxis": axis, "name": name, "x": at, "y": [getattr(row, part) for row in mine], "marker": look,
             "customdata": said, "showlegend": number == 1, "legendgroup": name,
             "hovertemplate": f"<b>{name}: %{{y:.1f}}</b><br>%{{customdata}}<extra>{word.label}</extra>"}
            for name, part, look in (("My guess", "guess", GUESS), ("The client’s answer", "answer", ANSWER))
        ]  # fmt: skip
        traces += [joins, *points]
    # A legend needs its points drawn at least once, also when the first question was never guessed.
    shown = next(i for i, trace in enumerate(traces) if trace["mode"] == "markers" and trace["x"])
    for i, trace in enumerate(traces):
        trace["showlegend"] = i in (shown, shown + 1)
    return go.Figure(
        traces,
        palette.layout(
            title=title, subtitle=f"Mean of each period, 0–10 · {periods.whole(rows)}", height=430, annotations=notes,
            xaxis=palette.X_AXIS | periods.axis(rows, at_most=6) | {"anchor": axis}, **axes,
        ),
    )  # fmt: skip


def guesses_in_words(frame: pd.DataFrame) -> str:
    """One sentence: how often the guess lay within one point of the answer, above it, or below."""
    rows = periods.rows(frame)
    if not rows:
        return NO_GUESSES
    n, near, above, below = (
        sum(getattr(row, name) for row in rows) for name in ("n", "near", "above", "below")
    )
    return (
        f"Of {n:,} guess{'es' if n != 1 else ''}, {near} lay within one point of the client’s answer, "
        f"{above} higher and {below} lower."
    )


def guesses_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A row per period and question: both means, and how many guesses."""
    table = [
        [
            periods.words(r.period_start, r.period_end),
            _question(r.question),
            round(r.guess, 1),
            round(r.answer, 1),
            r.n,
        ]
        for r in periods.rows(frame)
    ]
    return pd.DataFrame(table, columns=["Weeks", "Question", "My guess", "The client’s answer", "n"])


def _question(key: str) -> str:
    return CHECK_IN_QUESTIONS[key].label if key in CHECK_IN_QUESTIONS else key


def after_supervision(frame: pd.DataFrame) -> go.Figure:
    """Mean rating before and after for each cause with enough pairs, of ratings of the same case: with episodes, or in a meeting.

    Columns: of ("case", "week", "meeting"), cause, n, before, after (0–4).
    """
    title = MIRROR_ITEMS["after_supervision"].label
    pairs = {
        (row["of"], int(row["cause"])): row
        for row in frame.to_dict("records")
        if row["of"] in OF_A_CASE and row["n"] >= ENOUGH_PAIRS
    }
    if not pairs:
        sentence = NO_PAIRS if frame.empty else f"Fewer than {ENOUGH_PAIRS} pairs of any cause: {TOO_FEW}."
        return palette.nothing(title=title, sentence=sentence)
    shown = [(of, cause) for cause in CAUSES for of in OF_A_CASE if (of, cause) in pairs]
    names = {key: f"{CAUSES[key[1]].label}{OF_A_CASE[key[0]]}" for key in shown}
    places = dict(zip(shown, range(len(shown), 0, -1), strict=True))
    joins = {
        "type": "scatter", "mode": "lines", "showlegend": False, "hoverinfo": "skip", "line": {"color": palette.SLATE, "width": 2}, "opacity": 0.6,
        "x": [x for c in shown for x in (pairs[c]["before"], pairs[c]["after"], None)], "y": [y for c in shown for y in (places[c], places[c], None)],
    }  # fmt: skip
    points = [
        {"type": "scatter", "mode": "markers", "name": name, "x": [pairs[c][part] for c in shown], "y": [places[c] for c in shown], "marker": look,
         "customdata": [f"{names[c]}, {pairs[c]['n']} pairs" for c in shown],
         "hovertemplate": f"<b>{name}: %{{x:.1f}}</b><br>%{{customdata}}<extra></extra>"}
        for name, part, look in (("Last before", "before", BEFORE), ("First after", "after", AFTER))
    ]  # fmt: skip
    notes = [
        palette.note(f"{names[c]} · {pairs[c]['n']} pairs", x=0, y=places[c], yref="y", above=8)
        for c in shown
    ]
    return go.Figure(
        [joins, *points],
        palette.layout(
            title=title, subtitle="Mean rating of the same case, 0–4, before and after a day on which it came up",
            height=110 + 56 * len(shown), annotations=notes,
            xaxis=palette.X_AXIS | {"range": [-0.15, 4.15], "tickvals": [0, 1, 2, 3, 4], "title": palette.axis_title("rating")},
            yaxis={"visible": False, "fixedrange": True, "range": [0.6, len(shown) + 0.7]},
        ),
    )  # fmt: skip


def after_supervision_in_words(frame: pd.DataFrame, *, days: int) -> str:
    """How many pairs there are and which way they went; too few are not spoken about. No word of cause and effect."""
    rows = frame.to_dict("records")
    came_up = f"Your cases came up on {days} day{'s' if days != 1 else ''} in supervision. " if days else ""
    if not rows:
        return came_up + NO_PAIRS
    said = []
    for of, what in (
        ("case", "the same case"),
        ("meeting", "a case before and right after a meeting talked about it"),
        ("week", "your weeks, around one that was read"),
    ):
        mine = [row for row in rows if row["of"] == of]
        n, lower, same, higher = (sum(row[name] for row in mine) for name in ("n", "lower", "same", "higher"))
        if n >= ENOUGH_PAIRS:
            said.append(
                f"{n} pairs of ratings of {what}: {lower} lower after, {same} the same, {higher} higher."
            )
        elif n:
            said.append(f"{n} pair{'s' if n != 1 else ''} of ratings of {what}: {TOO_FEW}.")
    return came_up + " ".join(said)


def after_supervision_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A row per cause and kind of pair; means only where there are enough pairs."""
    kinds = {"case": "Same case", "meeting": "In the meeting", "week": "Week that was read"}
    table = []
    for row in frame.to_dict("records"):
        enough = row["n"] >= ENOUGH_PAIRS
        means = [f"{row[part]:.1f}" if enough else TOO_FEW for part in ("before", "after")]
        table.append([kinds[row["of"]], CAUSES[int(row["cause"])].label, row["n"], *means])
    return pd.DataFrame(table, columns=["Of", "Cause", "Pairs", "Before", "After"])


def frustration(frame: pd.DataFrame) -> go.Figure:
    """One step a week, 0–4, and a star where something was put down. Columns: week, rating (or missing), let_go."""
    rows, title = _weeks(frame), MIRROR_ITEMS["frustration"].label
    if not rows:
        return palette.nothing(title=title, sentence=NO_FRUSTRATION)
    line = periods.step(rows, "rating", [_said(row) for row in rows])
    put_down = [row for row in rows if row.let_go]
    crowded = len(rows) > 40
    traces = [
        {
            "type": "scatter", "mode": "lines+markers", "connectgaps": False, "name": "Frustration", "x": line["x"], "y": line["y"],
            "line": {"color": palette.INDIGO, "width": 2.5}, "customdata": line["text"],
            "marker": {"color": palette.INDIGO, "size": [0 if not mark else 4 if crowded else 8 for mark in line["marks"]], "opacity": 1, "line": {"width": 0}},
            "hovertemplate": "%{customdata}<extra></extra>",
        },
        {
            "type": "scatter", "mode": "markers", "name": "Something to let go of", "x": [periods.moment(row.period_start, row.period_end) for row in put_down],
            "y": [-0.7] * len(put_down), "marker": {"color": palette.OCHRE, "symbol": "star", "size": 7 if crowded else 11, "opacity": 1, "line": {"width": 0}},
            "customdata": [weeks.spelt(row.period_start) for row in put_down], "hovertemplate": "<b>Something to let go of</b><br>%{customdata}<extra></extra>",
        },
    ]  # fmt: skip
    return go.Figure(
        traces,
        palette.layout(
            title=title, height=320, xaxis=palette.X_AXIS | periods.axis(rows, at_most=6),
            subtitle=f"0 “{FRUSTRATIONS[0]}” to 4 “{FRUSTRATIONS[4]}” · {periods.whole(rows)} · gaps: no entry",
            yaxis=palette.Y_AXIS | {"range": [-1.1, 4.3], "tickvals": [0, 1, 2, 3, 4]},
        ),
    )  # fmt: skip


def _weeks(frame: pd.DataFrame) -> list[periods.Row]:
    spread = frame.assign(
        period_start=frame["week"], period_end=[week + periods.WEEK for week in frame["week"]]
    )
    rows = periods.rows(spread) if len(frame) else []
    for row in rows:
        row.rating = None if row.rating is None else int(row.rating)
    return rows


def _said(row: periods.Row) -> str:
    return (
        ""
        if row.rating is None
        else f"<b>{row.rating} of 4 · {FRUSTRATIONS[row.rating]}</b><br>{weeks.spelt(row.period_start)}"
    )


def frustration_in_words(frame: pd.DataFrame) -> str:
    """One sentence: in how many weeks it was noted, where it was highest, and how often something was put down."""
    rows = _weeks(frame)
    if not rows:
        return NO_FRUSTRATION
    rated, put_down = [row for row in rows if row.rating is not None], sum(row.let_go for row in rows)
    let_go = f"something to let go of in {put_down} week{'s' if put_down != 1 else ''}"
    if not rated:
        return f"No frustration noted; {let_go}."
    most = max(row.rating for row in rated)
    last = next(row for row in reversed(rated) if row.rating == most)
    return (
        f"Frustration noted in {len(rated)} week{'s' if len(rated) != 1 else ''}; highest “{FRUSTRATIONS[most]}”, "
        f"last in {weeks.spelt(last.period_start)}; {let_go}."
    )


def frustration_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A row per week with an entry."""
    table = [
        [weeks.spelt(row.period_start), "" if row.rating is None else f"{row.rating} · {FRUSTRATIONS[row.rating]}", "yes" if row.let_go else ""]
        for row in _weeks(frame)
    ]  # fmt: skip
    return pd.DataFrame(table, columns=["Week", "Frustration", "Something to let go of"])
