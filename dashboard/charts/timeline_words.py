"""The course of a case in words and as a table, and the words of its picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from services import vocabulary

NOTHING = "Nothing with a date is on record for this case yet."

LANE_WORDS = {
    "session": "Session", "episode": "Resistance episode", "rupture": "Rupture noticed", "closed": "Rupture closed",
    "repair": "Repair step", "review": "Plan review", "task": "Between-session work", "score": "Score", "goal": "Goal set",
}  # fmt: skip
KEYS = {
    "session": "attendance", "episode": "episode_kind", "rupture": "rupture_kind", "closed": "rupture_outcome",
    "repair": "repair_stage", "task": "task_done",
}  # fmt: skip


def case_course_in_words(
    frame: pd.DataFrame, *, today: date, measures: Mapping[str, str] | None = None
) -> str:
    """The same in a few sentences, for who does not look at the picture."""
    if frame.empty:
        return NOTHING
    rows = in_order(frame)
    of = {lane: [row for row in rows if row["lane"] == lane] for lane in LANE_WORDS}
    said = [f"{day_words(rows[0]['day'])} to {day_words(max(today, rows[-1]['day']))}"]
    if of["session"]:
        attended = sum(row["key"] == "attended" for row in of["session"])
        said.append(f"{many(len(of['session']), 'session')} booked, {attended} attended")
    if of["episode"]:
        most = Counter(key_words(row).lower() for row in of["episode"]).most_common(1)[0]
        said.append(
            many(len(of["episode"]), "resistance episode")
            + (f", most often {most[0]}" if most[1] > 1 else f" ({most[0]})" if len(of["episode"]) == 1 else "")
        )  # fmt: skip
    if of["rupture"]:
        still = len({row["id"] for row in of["rupture"]} - {row["id"] for row in of["closed"]})
        steps = f" and {many(len(of['repair']), 'repair step')}" if of["repair"] else ""
        said.append(f"{many(len(of['rupture']), 'rupture')}{steps}, {still or 'none'} still open")
    if of["task"]:
        done = sum(row["key"] in ("most", "all") for row in of["task"])
        said.append(
            f"between-session work looked at {many(len(of['task']), 'time')}, most or all of it done {many(done, 'time')}"
        )
    said += [many(len(of["goal"]), "goal") + " set"] if of["goal"] else []
    said += [many(len(of["review"]), "plan review")] if of["review"] else []
    for name, values in by_measure(of["score"], measures or {}).items():
        ends = f"{values[0][1]:g}" + (f" to {values[-1][1]:g}" if len(values) > 1 else "")
        said.append(f"{name} {ends} over {many(len(values), 'score')}")
    return f"{said[0]}: {'; '.join(said[1:])}."


def case_course_table(frame: pd.DataFrame, *, measures: Mapping[str, str] | None = None) -> pd.DataFrame:
    """A row for each thing that happened, the latest first."""
    table = [
        [row["day"].isoformat(), LANE_WORDS.get(row["lane"], row["lane"]), detail(row, measures or {})]
        for row in reversed(in_order(frame))
    ]
    return pd.DataFrame(table, columns=["Day", "What", "Detail"])


def in_order(frame: pd.DataFrame) -> list[dict[str, Any]]:
    plain = frame.astype(object).where(frame.notna(), None)
    return sorted(plain.to_dict("records"), key=lambda row: row["day"])


def by_measure(scores: Sequence[dict], measures: Mapping[str, str]) -> dict[str, list[tuple[date, float]]]:
    found: dict[str, list[tuple[date, float]]] = {}
    for row in scores:
        found.setdefault(measures.get(row["key"], row["key"]), []).append((row["day"], float(row["detail"])))
    return dict(sorted(found.items()))


def key_words(row: dict) -> str:
    return vocabulary.label(KEYS[row["lane"]], row["key"])


def detail(row: dict, measures: Mapping[str, str]) -> str:
    match row["lane"]:
        case "session":
            return f"No. {row['detail']}, {key_words(row).lower()}"
        case "episode":
            strength = f", strength {row['detail']} of 5" if row["detail"] else ""
            return f"{key_words(row)}{strength}"
        case "task":
            return f"{key_words(row)}; proposed by {WHO[row['detail']]}"
        case "goal":
            return f"Set by {WHO[row['key']]}"
        case "score":
            return f"{measures.get(row['key'], row['key'])}: {float(row['detail']):g}"
        case "review":
            return "Looked over"
    return key_words(row)


WHO = {"client": "the client", "together": "both together", "therapist": "the therapist"}


def many(count: int, word: str) -> str:
    if count == 1:
        return f"1 {word}"
    first, _, rest = word.partition(" ")
    return f"{count} {first}s {rest}" if word == "goal set" else f"{count} {word}s"


def day_words(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
