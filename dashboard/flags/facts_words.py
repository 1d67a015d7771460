"""The facts of a case in words and small tables, for a lead who may see them for an hour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import pandas as pd

from dashboard.forms import clock
from services import vocabulary
from services.reveals import Facts

LATEST = 6  # rows or values of a small table

Table = tuple[str, pd.DataFrame, str]


def minutes(count: int) -> str:
    return "1 minute" if count == 1 else f"{count} minutes" if count else "Less than a minute"


def head(facts: Facts, *, now: date) -> str:
    """ "C-0387, active, since 3 March. Sensitivity to control: high." """
    said = f"{facts.code}, {vocabulary.label('case_state', facts.state).lower()}, since {clock.date_words(facts.started_on, now=now)}."
    if facts.control_sensitivity is not None:
        said += (
            f" Sensitivity to control: {vocabulary.CONTROL_SENSITIVITIES[facts.control_sensitivity].lower()}."
        )
    return said


def tables(facts: Facts, *, now: date, measures: Mapping[str, str]) -> Iterator[Table]:
    """Title, table and a sentence (empty where there is nothing to add) for each sort of fact that is on record."""
    yield from _scores(facts, now, measures)
    yield from _check_ins(facts, now)
    yield from _causes(facts)
    yield from _ruptures(facts, now)
    yield from _goals(facts, now)
    yield from _tasks(facts)
    yield from _formulation(facts, now)
    yield from _plan(facts, now)


def _scores(facts: Facts, now: date, measures: Mapping[str, str]) -> Iterator[Table]:
    of: dict[str, list] = {}
    for score in facts.scores:
        of.setdefault(score["measure"], []).append(score)
    rows = [
        [measures.get(slug, slug.upper()), f"{found[0]['value']:g}", f"{found[-1]['value']:g}", clock.date_words(found[-1]["on"], now=now), str(len(found))]
        for slug, found in sorted(of.items())
    ]  # fmt: skip
    if rows:
        yield (
            "Scores",
            pd.DataFrame(rows, columns=["Measure", "First", "Latest", "Latest on", "How many"]),
            "",
        )


def _check_ins(facts: Facts, now: date) -> Iterator[Table]:
    rows = [
        [clock.date_words(one["on"], now=now), *(_number(one[name]) for name in vocabulary.CHECK_IN_QUESTIONS)]
        for one in facts.check_ins[-LATEST:]
    ]  # fmt: skip
    if rows:
        names = [word.label for word in vocabulary.CHECK_IN_QUESTIONS.values()]
        yield "Check-ins of the client, 0 to 10", pd.DataFrame(rows, columns=["Day", *names]), _latest(len(facts.check_ins))  # fmt: skip


def _causes(facts: Facts) -> Iterator[Table]:
    rows = []
    for number, cause in vocabulary.CAUSES.items():
        given = [e["ratings"][number] for e in facts.episodes if e["ratings"].get(number) is not None]
        if given:
            rows.append([cause.label, ", ".join(map(str, given[-LATEST:])), str(len(given))])
    if rows:
        table = pd.DataFrame(rows, columns=["Cause", "Ratings, the latest last", "How many"])
        yield "The six causes at episodes, 0 to 4", table, vocabulary.NOT_A_MEASURE


def _ruptures(facts: Facts, now: date) -> Iterator[Table]:
    rows = []
    for one in facts.ruptures[-LATEST:]:
        steps = one["steps"]
        last = (
            f"{vocabulary.label('repair_stage', steps[-1]['stage'])}, {clock.date_words(steps[-1]['on'], now=now)}"
            if steps
            else "none"
        )
        state = (
            f"closed {clock.date_words(one['closed_on'], now=now)}"
            if one["closed_on"]
            else f"open for {clock.days((now - one['noticed_on']).days)}"
        )
        noticed = clock.date_words(one["noticed_on"], now=now)
        rows.append([noticed, vocabulary.label("rupture_kind", one["kind"]), last, state])
    if rows:
        yield "Ruptures", pd.DataFrame(rows, columns=["Noticed", "Kind", "Last step", "State"]), _latest(len(facts.ruptures))  # fmt: skip


def _goals(facts: Facts, now: date) -> Iterator[Table]:
    rows = [
        [clock.date_words(g["set_on"], now=now), vocabulary.label("proposer", g["set_by"]), _number(g["importance"]), vocabulary.label("goal_state", g["state"])]
        for g in facts.goals
    ]  # fmt: skip
    if rows:
        columns = ["Set on", "Set by", "Matters to the client, 0 to 10", "State"]
        yield "Goals, without their words", pd.DataFrame(rows, columns=columns), ""


def _tasks(facts: Facts) -> Iterator[Table]:
    rows = []
    for who, word in vocabulary.PROPOSERS.items():
        looks = [t["done"] for t in facts.tasks if t["proposed_by"] == who]
        if looks:
            done = sum(one in ("most", "all") for one in looks)
            rows.append([word.label, str(len(looks)), str(done)])
    if rows:
        columns = ["Proposed by", "Looks", "Most or all of it done"]
        yield "Between-session work", pd.DataFrame(rows, columns=columns), ""


def _formulation(facts: Facts, now: date) -> Iterator[Table]:
    rows = [
        [word.label, clock.date_words(facts.formulation[name], now=now)]
        for name, word in vocabulary.FORMULATION_FIELDS.items() if name in facts.formulation
    ]  # fmt: skip
    missing = [
        word.label for name, word in vocabulary.FORMULATION_FIELDS.items() if name not in facts.formulation
    ]
    said = f"Not written yet: {', '.join(missing)}." if missing else ""
    yield (
        "Formulation: when each field was last written",
        pd.DataFrame(rows, columns=["Field", "Last written"]),
        said,
    )


def _plan(facts: Facts, now: date) -> Iterator[Table]:
    rows = [
        [one["on"], "Plan review", f"next {clock.date_words(one['next'], now=now)}" if one["next"] else "–"] for one in facts.reviews
    ] + [
        [one["on"], f"Step back: {vocabulary.label('step_back_decision', one['decision']).lower()}",
         f"look again {clock.date_words(one['look_again_on'], now=now)}" if one["look_again_on"] else "–"]
        for one in facts.step_backs
    ]  # fmt: skip
    rows.sort(key=lambda row: row[0])
    if rows:
        shown = [[clock.date_words(day, now=now), *rest] for day, *rest in rows[-LATEST:]]
        yield "Plan", pd.DataFrame(shown, columns=["Day", "What", "Then"]), _latest(len(rows))


def _latest(count: int) -> str:
    return f"The latest {LATEST} of {count}." if count > LATEST else ""


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"
