"""The indicators R1–R11 once more, in plain Python over the rows of one case: what the database's definition is held against."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import variance

from services import change
from services.change import Scale

PHQ = Scale("lower_is_better", 6, "published", 10, "published")
OWN = Scale("higher_is_better", 4.5, "computed", 20, "computed")
SCALES = {"phq-9": PHQ, "own-flagged": OWN}
FIELDS = (
    "core_problems", "development", "wants", "expects", "self_with_others", "core_beliefs", "recurring_themes", "interventions",
    "self_sabotage",
)  # fmt: skip


@dataclass
class Course:
    """All that the rules look at in one case. Days are days ago."""

    started: int = 0
    sessions: list[tuple[int, int, str]] = field(default_factory=list)  # days ago, number, attendance
    scores: dict[tuple[str, int], float] = field(default_factory=dict)  # (measure, days ago)
    check_ins: list[tuple[int, int]] = field(default_factory=list)  # days ago, sum of three
    ruptures: list[tuple[int, int | None, list[int]]] = field(default_factory=list)  # noticed, closed, steps
    checks: list[tuple[int, str, str]] = field(default_factory=list)  # days ago, done, proposed by
    ratings: list[tuple[int, int, int]] = field(default_factory=list)  # days ago, cause, rating
    formulation: dict[str, int] = field(default_factory=dict)  # field: days ago
    discussed: list[int] = field(default_factory=list)
    action_open: bool = False


@dataclass(frozen=True)
class Limits:
    """A team's thresholds, as in services.teams.TeamSettings."""

    rupture_open_days: int = 14
    silence_days: int = 21
    sessions_watch: int = 4
    sessions_review: int = 6
    sessions_escalate: int = 9
    discuss_days: int = 28
    formulation_days: int = 90
    formulation_gaps: int = 3


def team_spread(courses: Iterable[Course]) -> float | None:
    """Pooled spread of the sums before each client's latest; None when no client has two."""
    earlier = [[total for _, total in sorted(c.check_ins, reverse=True)][:-1] for c in courses]
    usable = [sums for sums in earlier if len(sums) >= 2]
    if not usable:
        return None
    return (
        sum(variance(sums) * (len(sums) - 1) for sums in usable) / sum(len(sums) - 1 for sums in usable)
    ) ** 0.5


def flags(c: Course, today: date, *, team_sd: float | None, limits: Limits) -> dict[tuple[str, str], str]:
    """{(rule, about): severity} of one active case."""
    up: dict[tuple[str, str], str] = {}
    for measure, scale in SCALES.items():
        days = sorted((ago for m, ago in c.scores if m == measure), reverse=True)
        points = [(today - timedelta(days=ago), c.scores[measure, ago]) for ago in days]
        if len(points) < 2:
            continue
        attended = sum(kind == "attended" and ago <= days[0] for ago, _, kind in c.sessions)
        if change.since_first(points, scale) != "better" and attended >= limits.sessions_watch:
            up["R1", measure] = (
                "escalate" if attended >= limits.sessions_escalate
                else "review" if attended >= limits.sessions_review else "watch"
            )  # fmt: skip
        if change.reliably_worse(points, scale):
            up["R2", measure] = "escalate" if change.since_first(points, scale) == "worse" else "review"
        if change.plateau(points, scale):
            up["R3", measure] = "review"
    sums = [(today - timedelta(days=ago), float(total)) for ago, total in sorted(c.check_ins, reverse=True)]
    drop = change.alliance_drop(sums, team_sd=team_sd).verdict
    if drop in ("possible", "marked"):
        up["R4", ""] = {"possible": "watch", "marked": "review"}[drop]
    quiet = [min(steps, default=noticed) for noticed, closed, steps in c.ruptures if closed is None]
    if quiet and max(quiet) > limits.rupture_open_days:
        up["R5", ""] = "escalate" if max(quiet) > 2 * limits.rupture_open_days else "review"
    booked = sorted(
        ((-ago, number, kind) for ago, number, kind in c.sessions if kind in ("attended", "no_show")),
        reverse=True,
    )[:4]
    missed = [number for _, number, kind in booked if kind == "no_show"]
    if len(missed) >= 2 or any(number < 3 for number in missed):
        up["R6", ""] = "review" if len(missed) >= 2 else "watch"
    last = sorted(c.checks)[:4]
    if sum(done in ("none", "a_little") for _, done, _ in last) >= 3:
        up["R7", ""] = "watch"
    if not c.action_open:
        up |= {("R8", str(cause)): "review" for cause in recurring(c.ratings, today)}
    talked = min([*c.discussed, c.started])
    if talked > limits.discuss_days:
        up["R9", ""] = "watch"
    if entered(c) > limits.silence_days:
        up["R10", ""] = "unknown"
    gaps = sum(c.formulation.get(name, 10_000) > limits.formulation_days for name in FIELDS)
    if gaps >= limits.formulation_gaps and {rule for rule, _ in up} - {"R9", "R10"}:
        up["R11", ""] = "watch"
    return up


def recurring(ratings: Iterable[tuple[int, int, int]], today: date) -> list[int]:
    """Causes rated 3 or 4 in three of the last four weeks in which they were rated."""
    weeks: Mapping[int, dict[date, int]] = defaultdict(dict)
    for ago, cause, rating in ratings:
        day = today - timedelta(days=ago)
        monday = day - timedelta(days=day.weekday())
        weeks[cause][monday] = max(rating, weeks[cause].get(monday, 0))
    high = Counter(
        cause for cause, by_week in weeks.items() for week in sorted(by_week)[-4:] if by_week[week] >= 3
    )
    return [cause for cause, n in high.items() if n >= 3]


def entered(c: Course) -> int:
    """Days since the last entry; since the start of therapy when there is none."""
    days = [ago for ago, *_ in c.sessions] + [ago for _, ago in c.scores] + [ago for ago, _ in c.check_ins]
    days += [ago for noticed, _, steps in c.ruptures for ago in (noticed, *steps)]
    days += [ago for ago, *_ in c.checks] + [ago for ago, *_ in c.ratings] + list(c.formulation.values())
    return min(days, default=c.started)
