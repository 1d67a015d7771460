"""The team theme: what has moved in the team's safe trends beyond what they do by themselves, and prompts for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self
from uuid import UUID

import pandas as pd
from supabase import Client

from services import prompt_rules, prompts, statistics, trends, vocabulary, weeks
from services.prompt_rules import Fit, Prompt
from services.statistics import Xmr
from services.trends import ENOUGH_WEEKS, Trends

SPAN = timedelta(weeks=26)
RECENT = timedelta(weeks=4)  # what stood out before is no news any more
MOST_POINTS = 60
STATES = ("moved", "steady", "too_few", "hidden")
UNITS = {"cause": " of 4", "kind": " a week", "rupture": " a week", "reflection": " %"}
FLOWS = {"opened": "Ruptures noticed", "closed": "Ruptures closed"}
FLOW_WORDS = {
    "cause": ("is rated higher than usual", "is rated lower than usual"),
    "kind": ("comes up more often than usual", "comes up less often than usual"),
    "rupture": ("more often than usual", "less often than usual"),
    "reflection": ("more than usual", "fewer than usual"),
}


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a series: its Monday, how many weeks it covers, and its value (of counts: a week)."""

    start: date
    weeks: int
    value: float

    @property
    def end(self) -> date:
        return self.start + weeks.WEEK * self.weeks


@dataclass(frozen=True, slots=True)
class Theme:
    """What a meeting may talk about as a team. It knows no person and no number that the safe view does not show.

    `state`: "moved" beyond the usual range · "steady", nothing did · "too_few" weeks to judge · "hidden", too few people.
    `subject` is "cause", "kind", "rupture" or "reflection" with its `key`, empty where no cause is shown; `rule` (one of
    statistics.SIGNALS) and `way` ("up", "down") say how it moved; `looked_at` counts the series that could be judged.
    """

    state: str
    subject: str = ""
    key: str = ""
    rule: str = ""
    way: str = ""
    points: tuple[Point, ...] = ()
    weeks_rising: int = 0
    looked_at: int = 0
    on_record: int = 0

    @property
    def cause(self) -> int | None:
        return int(self.key) if self.subject == "cause" else None

    @property
    def name(self) -> str:
        """What the series is about, as the beginning of a sentence."""
        if self.subject == "cause":
            return f"“{vocabulary.CAUSES[int(self.key)].label}”"
        if self.subject == "kind":
            return f"“{vocabulary.label('episode_kind', self.key).strip('“”')}”"
        return FLOWS.get(self.key, "Weekly reflections handed in")

    @property
    def title(self) -> str:
        """What is seen at a glance."""
        if self.state == "moved":
            if self.rule == "trend":
                return f"{self.name}: {'rising' if self.way == 'up' else 'falling'} for seven weeks"
            return f"{self.name}{':' * (self.subject in ('rupture', 'reflection'))} {FLOW_WORDS[self.subject][self.way == 'down']}"
        return {
            "steady": "Nothing moved beyond its usual range",
            "too_few": "Too few weeks to judge",
            "hidden": "Nothing can be shown yet",
        }[self.state]

    @property
    def in_words(self) -> str:
        """One or two sentences: what moved and by which rule, or why nothing can be said, and what could be talked about."""
        if self.state == "hidden":
            return "Too few people have written for a value to be shown without pointing at one of them."
        if self.state == "moved":
            limits, marks = judged(self.points)
            last = next(point for point in reversed(self.points) if point.start in marks)
            usual = (
                f", usually between {_said(max(0, limits.lower))} and {_said(limits.upper)}" if limits else ""
            )
            return (
                f"{self.title}: {_said(last.value)}{UNITS[self.subject]} in {weeks.spelt(last.start)}{usual}; "
                f"{statistics.SIGNALS[self.rule]}.{_so_many(self.looked_at)}"
            )
        now = (
            f" {self.name} is rated highest just now ({_said(self.points[-1].value)} of 4): something to talk about, not a change."
            if self.subject
            else ""
        )
        if self.state == "steady":
            return f"In the last four weeks none of {_series(self.looked_at)} left its usual range.{now}"
        why = (
            f"{_weeks(self.on_record)} on record; {ENOUGH_WEEKS} are needed."
            if self.on_record < ENOUGH_WEEKS
            else f"Some weeks are shown together, so that nobody can be picked out; {ENOUGH_WEEKS} single weeks are needed to judge."
        )
        return f"{why}{now}"

    def as_json(self) -> dict[str, Any]:
        """As it is stored on a meeting."""
        return {
            "state": self.state, "subject": self.subject, "key": self.key, "rule": self.rule, "way": self.way,
            "points": [[point.start.isoformat(), point.weeks, point.value] for point in self.points],
            "weeks_rising": self.weeks_rising, "looked_at": self.looked_at, "on_record": self.on_record,
        }  # fmt: skip

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> Self | None:
        """What was stored; None for a meeting without a theme, and for anything that this version cannot read."""
        if not stored:
            return None
        try:
            points = tuple(
                Point(date.fromisoformat(start), int(count), float(value))
                for start, count, value in stored["points"]
            )
            read = cls(
                stored["state"], stored["subject"], stored["key"], stored["rule"], stored["way"], points,
                int(stored["weeks_rising"]), int(stored["looked_at"]), int(stored["on_record"]),
            )  # fmt: skip
        except (KeyError, TypeError, ValueError):
            return None
        return read if read._can_be_said() else None

    def _can_be_said(self) -> bool:
        """Whether all of it is made of words and numbers that Sixfold knows: it goes on the shared screen."""
        keys: Collection[str] = {
            "cause": {str(number) for number in vocabulary.CAUSES}, "kind": vocabulary.EPISODE_KINDS,
            "rupture": FLOWS, "reflection": {"handed_in"},
        }.get(self.subject, ())  # fmt: skip
        if self.state == "moved":
            return self.key in keys and self.rule in statistics.SIGNALS and self.way in ("up", "down") and bool(
                judged(self.points)[1]
            )  # fmt: skip
        nothing = not (self.subject or self.key or self.points)
        about_a_cause = self.subject == "cause" and self.key in keys and bool(self.points)
        return self.state in STATES and not self.rule and not self.way and (nothing or about_a_cause)


def of(db: Client, *, team: UUID, today: date) -> Theme:
    """The team's theme as it stands now, from the safe view alone, whoever asks. Raises NotAllowed for strangers to the team."""
    return found(trends.team(db, team=team, since=today - SPAN, today=today))


def found(shape: Trends) -> Theme:
    """The strongest of what moved in the last weeks; else the cause rated highest, said to be no change."""
    series = _all_series(shape)
    since = weeks.monday(shape.through) - RECENT
    judgeable, moves = 0, []
    for subject, key, points in series:
        limits, marks = judged(points)
        judgeable += limits is not None
        recent = [point for point in points if point.start >= since and point.start in marks]
        if recent:
            most = max(recent, key=lambda point: abs(point.value - limits.mean))
            strength = abs(most.value - limits.mean) / limits.mean_moving_range
            moves.append((strength, subject, key, marks[recent[-1].start], points, recent[-1]))
    if moves:
        _, subject, key, rule, points, last = max(moves, key=lambda move: move[0])
        return Theme(
            "moved", subject, key, rule, _way(rule, points, last), points, _rising(shape, subject, key), judgeable, shape.weeks
        )  # fmt: skip
    causes = [(key, points) for subject, key, points in series if subject == "cause"]
    state = "steady" if judgeable else "too_few" if series else "hidden"
    if not causes:
        return Theme(state, looked_at=judgeable, on_record=shape.weeks)
    latest = max(points[-1].end for _, points in causes)
    key, points = max(
        ((key, points) for key, points in causes if points[-1].end == latest),
        key=lambda one: one[1][-1].value,
    )
    return Theme(
        state, "cause", key, points=points, weeks_rising=_rising(shape, "cause", key),
        looked_at=judgeable, on_record=shape.weeks,
    )  # fmt: skip


def judged(points: Sequence[Point]) -> tuple[Xmr | None, dict[date, str]]:
    """Limits of a series and the weeks that stand out, by which rule. Judged are single weeks only, from twelve on.

    A period of several weeks is a gap to the rules: its mean wavers less than that of one week. A series that never
    changed from one week to the next has no usual range to leave.
    """
    single = {point.start: point.value for point in points if point.weeks == 1}
    if not single:
        return None, {}
    first, last = min(single), max(single)
    mondays = [first + weeks.WEEK * place for place in range((last - first).days // 7 + 1)]
    values = [single.get(monday) for monday in mondays]
    limits = statistics.limits(values)
    if limits is None or limits.mean_moving_range == 0:
        return None, {}
    signs = statistics.signals(values, limits)
    return limits, {monday: sign for monday, sign in zip(mondays, signs, strict=True) if sign}


def fits(library: Iterable[Prompt], theme: Theme) -> list[Fit]:
    """The prompts for a talk about this theme, in the order of the stages; none while nothing can be shown."""
    if theme.state == "hidden":
        return []
    facts = (
        prompts.facts_of_theme(theme.cause, weeks_rising=theme.weeks_rising)
        if theme.cause
        else {"subject": "theme"}
    )
    return prompt_rules.fits(library, facts, cause=theme.cause)


def _all_series(shape: Trends) -> list[tuple[str, str, tuple[Point, ...]]]:
    series = [("cause", str(cause), _points(part, "mean")) for cause, part in shape.causes.groupby("cause")]
    kinds = shape.kinds[
        shape.kinds["kind"] != "other"
    ]  # what is shown together is made of other kinds each time
    series += [("kind", kind, _points(part, "n", per_week=True)) for kind, part in kinds.groupby("kind")]
    series += [("rupture", flow, _points(shape.ruptures, flow, per_week=True)) for flow in FLOWS]
    series += [("reflection", "handed_in", _points(shape.reflections, "percent"))]
    return [one for one in series if one[2]]


def _points(frame: pd.DataFrame, value: str, *, per_week: bool = False) -> tuple[Point, ...]:
    made = []
    for row in frame.dropna(subset=[value]).sort_values("period_start").to_dict("records"):
        count = max(1, (row["period_end"] - row["period_start"]).days // 7)
        made.append(
            Point(row["period_start"], count, round(float(row[value]) / (count if per_week else 1), 2))
        )
    return tuple(made[-MOST_POINTS:])


def _way(rule: str, points: Sequence[Point], last: Point) -> str:
    """Up or down: of a trend its direction, of all else the side of the mean."""
    values = [point.value for point in points if point.start <= last.start]
    limits, _ = judged(points)
    ahead = values[-1] > values[-2] if rule == "trend" else last.value > limits.mean
    return "up" if ahead else "down"


def _rising(shape: Trends, subject: str, key: str) -> int:
    return trends.rising(shape.causes, int(key)) if subject == "cause" else 0


def _said(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _series(count: int) -> str:
    return "the one series that could be judged" if count == 1 else f"the {count} series that could be judged"


def _weeks(count: int) -> str:
    return "One complete week is" if count == 1 else f"{count} complete weeks are"


def _so_many(count: int) -> str:
    if count < 2:
        return ""
    return f" Of {count} series looked at, one stands out by chance now and then."
