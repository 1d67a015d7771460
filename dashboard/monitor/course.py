"""The figures of the monitor: standing still week by week, from flag to answer, open ruptures by age, and what is not known."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

import pandas as pd
import streamlit as st

from dashboard import charts, components, session
from dashboard.forms import last_seen, notices
from services import flags, oversight, ruptures, survival, weeks

PERIODS = (12, 26, 52)
MOST = 1000  # silent cases that are read: the rest is said


def show(teams: tuple[UUID, ...], names: Mapping[UUID, str], *, leads: Collection[UUID], today: date) -> None:
    """All figures of these teams."""
    back = components.period_picker(key="monitor_weeks", default=26, periods=PERIODS)
    since = weeks.monday(today) - weeks.WEEK * (back - 1)
    which = "|".join(map(str, teams))
    with session.errors_shown():
        course = last_seen.of(
            f"monitor_course_{which}_{back}", lambda: flags.stagnation(session.db(), teams=teams, since=since), otherwise=None
        )  # fmt: skip
        open_ones = last_seen.of(
            f"monitor_ruptures_{which}", lambda: _open_ruptures(teams, names, leads), otherwise=None
        )
        silent = last_seen.of(f"monitor_silent_{which}", lambda: _silent(teams), otherwise=None)
    notices.away(
        course.trouble or open_ones.trouble or silent.trouble,
        "What you see here is from before, where it is known.",
    )
    if course.known:
        _stagnation(course.value, since=since, today=today)
    if open_ones.known:
        _figure("open_ruptures_by_age", open_ones.value, "open-ruptures")
    if silent.known:
        _figure("cases_without_entries", silent.value, "unknown-cases")


def _stagnation(course: flags.Stagnation, *, since: date, today: date) -> None:
    frame = charts.weeks_of_stagnation(course.weeks, course.computed, since=since, until=today)
    _figure("stagnation_over_time", frame, "standing-still")
    curves = {step: survival.curve(course.spells.get(step, [])) for step in ("discussed", "acted", "cleared")}
    _figure("until_something_happened", curves, "from-flag-to-answer")
    st.caption(
        "A flag that is still up counts for as long as it has been up, and one that went before it was talked about for as long as it was. "
        "The end of a curve stands on few flags. Computed as Kaplan–Meier curves; flags of the rules that stand for standing still (R1, R2, R3, R5, R8)."
    )


def _open_ruptures(
    teams: tuple[UUID, ...], names: Mapping[UUID, str], leads: Collection[UUID]
) -> pd.DataFrame:
    """All that are open for a supervisor; for a lead those that wait for a step."""
    rows = []
    for team in teams:
        found = (
            oversight.waiting_ruptures(session.db(), team=team)
            if team in leads
            else ruptures.open_in(session.db(), team=team)
        )
        where = f" · {names[team]}" if len(teams) > 1 else ""
        rows += [(f"{one.code}{where}", one.days_open, one.stage) for one in found]
    return pd.DataFrame(rows, columns=["label", "days", "stage"])


def _silent(teams: tuple[UUID, ...]) -> pd.DataFrame:
    rows = []
    for case in flags.every(session.db(), teams=teams, rules=["R10"], show="all"):
        flag = next((one for one in case.flags if one.rule == "R10"), None)
        if flag:
            rows.append((case.code, case.team_name, case.therapist, flag.numbers["days"]))
        if len(rows) >= MOST:
            break
    return pd.DataFrame(rows, columns=["code", "team", "therapist", "days"])


def _figure(name: str, what: object, filename: str) -> None:
    draw, say, table = (getattr(charts, name + ending) for ending in ("", "_in_words", "_table"))
    components.figure_with_table(
        draw(what), table(what), say(what), key=f"monitor_{name}", filename=f"sixfold-{filename}"
    )
