"""The client's three answers over time, and the therapist's own guesses beside them as hollow markers."""

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import palette
from dashboard.charts.scores import day_axis, day_words, joined, plain_day
from services.vocabulary import CHECK_IN_ENDS, CHECK_IN_QUESTIONS, NOT_VALIDATED

NOTHING = "No check-in yet."
MANY = 16  # beyond it markers are small: there are up to six of them a day
SIGNS = dict(zip(CHECK_IN_QUESTIONS, (palette.CAUSE_SIGNS[number] for number in (1, 2, 3)), strict=True))


def check_ins_over_time(frame: pd.DataFrame, *, title: str = "Check-ins") -> go.Figure:
    """A line for each question, 0–10. Columns: on_day, each question, and guessed_<question> for the therapist's own."""
    rows = _rows(frame)
    if not rows:
        return palette.nothing(title=title, sentence=NOTHING)
    small = len(rows) > MANY
    lines = [_answers(rows, question, small) for question in CHECK_IN_QUESTIONS]
    guesses = [_guesses(rows, question, small) for question in CHECK_IN_QUESTIONS]
    guesses = [trace for trace in guesses if trace["x"]]
    hollow = " · hollow: my own guess" if guesses else ""
    return go.Figure(
        [*lines, *guesses],
        palette.layout(
            title=title,
            subtitle=f"The client’s answers, 0 “{CHECK_IN_ENDS[0]}” to 10 “{CHECK_IN_ENDS[1]}” · {NOT_VALIDATED}{hollow}",
            height=340,
            xaxis=palette.X_AXIS | day_axis([row["on_day"] for row in rows]),
            yaxis=palette.Y_AXIS
            | {"range": [-0.5, 10.5], "tickvals": [0, 2, 4, 6, 8, 10], "title": palette.axis_title("answer")},
        ),
    )


def _rows(frame: pd.DataFrame) -> list[dict]:
    rows = [
        {name: None if value is None or value != value else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]
    for row in rows:
        row["on_day"] = plain_day(row["on_day"])
    return sorted(rows, key=lambda row: row["on_day"])


def _known(rows: list[dict], column: str) -> list[tuple]:
    return [(row["on_day"], row[column]) for row in rows if row.get(column) is not None]


def _answers(rows: list[dict], question: str, small: bool) -> dict:
    sign, label = SIGNS[question], CHECK_IN_QUESTIONS[question].label
    x, y = joined(_known(rows, question))
    return {
        "type": "scatter", "mode": "lines+markers", "name": label, "x": x, "y": y, "connectgaps": False, "cliponaxis": False,
        "line": {"color": sign.colour, "width": 2.5, "dash": sign.dash},
        "marker": {"color": sign.colour, "symbol": sign.symbol, "size": 5 if small else 9, "opacity": 1},
        "hovertemplate": f"<b>{label}</b> %{{y}}<br>%{{x|%-d %B %Y}}<extra></extra>",
    }  # fmt: skip


def _guesses(rows: list[dict], question: str, small: bool) -> dict:
    sign, label = SIGNS[question], CHECK_IN_QUESTIONS[question].label
    known = _known(rows, f"guessed_{question}")
    return {
        "type": "scatter", "mode": "markers", "name": f"{label}, my guess", "showlegend": False, "x": [day.isoformat() for day, _ in known], "y": [value for _, value in known], "cliponaxis": False,
        "marker": {"color": sign.colour, "symbol": f"{sign.symbol}-open", "size": 9 if small else 14, "line": {"width": 2}, "opacity": 1},
        "hovertemplate": f"<b>{label}, my guess</b> %{{y}}<br>%{{x|%-d %B %Y}}<extra></extra>",
    }  # fmt: skip


def check_ins_over_time_in_words(frame: pd.DataFrame) -> str:
    """The latest answers and their sum beside the check-in before; the guess where there is one. No threshold."""
    rows = _rows(frame)
    if not rows:
        return NOTHING
    last, total = rows[-1], _total(rows[-1])
    said = [
        f"{day_words(last['on_day'])}: {_listed(last)}"
        + (f", together {total} of 30." if total is not None else ".")
    ]
    before = _total(rows[-2]) if len(rows) > 1 else None
    if total is not None and before is not None:
        points = total - before
        size = f"{abs(points)} {'point' if abs(points) == 1 else 'points'} {'higher' if points > 0 else 'lower'} than"
        said.append(f"That is {size if points else 'the same as'} at the check-in before.")
    if guessed := _listed(last, "guessed_"):
        said.append(f"My guess was {guessed}.")
    return " ".join([*said, "These questions have no cut-off."])


def _listed(row: dict, prefix: str = "") -> str:
    known = [
        (word.label.lower(), row.get(f"{prefix}{question}")) for question, word in CHECK_IN_QUESTIONS.items()
    ]
    return ", ".join(f"{label} {value}" for label, value in known if value is not None)


def _total(row: dict) -> int | None:
    values = [row[question] for question in CHECK_IN_QUESTIONS]
    return None if None in values else sum(values)


def check_ins_over_time_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A row per check-in, the latest first. The guesses are columns only where there is one."""
    rows = _rows(frame)[::-1]
    columns = {"Day": [row["on_day"].isoformat() for row in rows]}
    for question, word in CHECK_IN_QUESTIONS.items():
        columns[word.label] = [row[question] for row in rows]
    columns["Together"] = [_total(row) for row in rows]
    if any(_listed(row, "guessed_") for row in rows):
        for question, word in CHECK_IN_QUESTIONS.items():
            columns[f"{word.label}, my guess"] = [row.get(f"guessed_{question}") for row in rows]
    table = pd.DataFrame(columns)
    return table.astype({name: "Int64" for name in table.columns[1:]})
