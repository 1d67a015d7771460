"""A month on one page as PDF: the words are made here and travel to typst as data, never as markup."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard import paper
from dashboard.charts.stagnation import STEPS
from dashboard.forms import clock
from dashboard.monitor import words
from dashboard.paper import svg
from services import survival, vocabulary, weeks
from services.flags import Watched
from services.monthly import Month, Share
from services.survival import Curve

TEMPLATE = Path(__file__).with_name("summary.typ")
CHART_WORDS = "Cases that stood still at the end of each week"
UNKNOWN_WEEKS = "; a dashed place is a week of which nothing is known."
TOO_FEW = "too few people or entries to be shown by number"


@dataclass(frozen=True)
class Part:
    """What the page says of one team. `top`: the first cases of its list; `weeks`: as charts.weeks_of_stagnation gives them."""

    month: Month
    top: Sequence[Watched]
    weeks: pd.DataFrame
    curves: Mapping[str, Curve]


def pdf(parts: Sequence[Part], *, month: date, today: date) -> bytes:
    """The page of these teams."""
    return paper.compiled(TEMPLATE, data(parts, month=month, today=today), "pdf")[0]


def data(parts: Sequence[Part], *, month: date, today: date) -> dict[str, Any]:
    """All that stands on the page, as text and numbers."""
    return {
        "title": f"{month:%B %Y}",
        "made": f"Made on {today.day} {today:%B %Y}",
        "note": "For clinical leads and supervisors: codes, flags, ages and actions. Points order a list; they are no risk score and measure nobody. "
        "Nothing entered reads “unknown”, never “fine”.",
        "teams": [_team(part, month, today) for part in parts],
    }


def _team(part: Part, month: date, today: date) -> dict[str, Any]:
    it = part.month
    rows = [row for row in part.weeks.to_dict("records")]
    return {
        "name": it.team_name,
        "now": _now(it),
        "rules": [
            [vocabulary.label("flag_rule", up.rule), f"{up.cases}", _day(up.oldest, today), _days(up.median_days)]
            for up in it.rules
        ],
        "top": [
            f"{case.code}, {case.therapist}: {words.severity(case.severity).lower()}, {words.for_how_long(case.since, today)}, {case.flags[0].label}"
            for case in part.top if case.flags
        ],
        "medians": [f"{STEPS[step][0]}: {survival.median_in_words(curve)}" for step, curve in part.curves.items() if curve.n],
        "dealt": dealt(it),
        "well": well(it, month),
        "chart": svg.bars([weeks.spelt(row["week"]) for row in rows], [row["any"] if row["known"] else None for row in rows]),
        "chart_words": CHART_WORDS + (UNKNOWN_WEEKS if any(not row["known"] for row in rows) else "."),
    }  # fmt: skip


def _now(it: Month) -> str:
    if not it.cases:
        return "No case has a flag up today."
    first = f", {it.first} of them to be looked at first" if it.first else ""
    return f"{words.cases(it.cases)} with a flag up today{first}; {_many(it.actions_open, 'action')} open."


def dealt(it: Month) -> list[str]:
    """What was done about flags in the month, in words."""
    said = [
        f"{_many(it.work[kind], 'flag')} {verb}"
        for kind, verb in (("assigned", "given to somebody"), ("acknowledged", "seen"), ("snoozed", "put to rest with a reason"))
        if it.work.get(kind)
    ]  # fmt: skip
    said += [
        f"{_many(n, 'flag')} dealt with: {vocabulary.label('flag_outcome', outcome).lower()}"
        for outcome, n in sorted(it.outcomes.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    if it.actions_done:
        said.append(f"{_many(it.actions_done, 'action')} done")
    if it.step_backs:
        said.append(f"{_many(it.step_backs, 'step back')} taken")
    return said or ["Nothing was noted."]


def well(it: Month, month: date) -> list[str]:
    """What went well, as counts."""
    cleared = f"{_many(it.cleared, 'flag')} went because {'its' if it.cleared == 1 else 'their'} rule no longer held"
    return [
        cleared if it.cleared else "No flag went",
        _share(it.repaired, "{count} of {of} ruptures that were open in the month repaired, at least in part", "Repaired ruptures"),
        _share(it.improved, "{count} of {of} cases with a new score reliably better than at first", "Reliable improvements"),
    ]  # fmt: skip


def _share(share: Share, sentence: str, otherwise: str) -> str:
    if share.of is None:
        return f"{otherwise}: {TOO_FEW}"
    return sentence.format(count=share.count, of=share.of)


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _days(count: int) -> str:
    return _many(count, "day")


def _day(day: date, today: date) -> str:
    return clock.date_words(day, now=today)
