"""What can be taken out of the monitor: the list as filtered, and a month on one page. Each is noted in the log first."""

from datetime import date, timedelta
from uuid import UUID

import pandas as pd
import streamlit as st
from supabase import Client

from dashboard import charts, session
from dashboard.components.figures import as_csv
from dashboard.monitor import summary, words
from dashboard.monitor.filters import Asked
from services import flags, monthly, survival, weeks

MONTHS = 6  # to choose from
WEEKS_BACK = 26  # of the figure and the medians
FIRST_ON_THE_LIST = 6


def as_file(asked: Asked, *, total: int, today: date) -> None:
    """The whole list as filtered, not the page on the screen alone."""
    if total:
        connect = session.db_on_click()
        st.download_button(
            f"Download the list as filtered ({words.cases(total)}, CSV)", lambda: csv_of(connect(), asked, today=today),
            file_name=f"sixfold-monitor-{today.isoformat()}.csv", mime="text/csv", key="monitor_csv", on_click="ignore",
            icon=":material/download:",
        )  # fmt: skip
        st.caption("Codes, flags, ages and actions. That you took it is noted in the log of each team.")


def csv_of(db: Client, asked: Asked, *, today: date) -> bytes:
    """Logged, then read page by page."""
    monthly.log_export(db, teams=asked.teams, what="monitor_list")
    return as_csv(pd.DataFrame([words.row(case, today) for case in flags.every(db, **asked.params())]))


def month(teams: tuple[UUID, ...], *, today: date) -> None:
    """A month on one page, as a PDF."""
    with st.container(border=True, key="monitor_month_card", gap="small"):
        st.header("A month on one page", anchor=False)
        st.markdown(
            "What is up and since when, how long it takes, what was dealt with, and what went well: for each team chosen above."
        )
        with st.container(horizontal=True, vertical_alignment="bottom", key="monitor_month_row"):
            months = [_back(today, count) for count in range(MONTHS)]
            chosen = st.selectbox(
                "Month", months, format_func=lambda day: f"{day:%B %Y}", key="monitor_month", width=220
            )
            connect = session.db_on_click()
            st.download_button(
                "Make the PDF", lambda: pdf_of(connect(), teams, chosen, today=today), key="monitor_pdf", on_click="ignore",
                file_name=f"sixfold-month-{chosen:%Y-%m}.pdf", mime="application/pdf", icon=":material/picture_as_pdf:",
            )  # fmt: skip
        st.caption("It is made when you ask for it, which takes a moment, and noted in the log of each team.")


def pdf_of(db: Client, teams: tuple[UUID, ...], chosen: date, *, today: date) -> bytes:
    """Logged, then read team by team and set by typst."""
    monthly.log_export(db, teams=teams, what="monthly_summary")
    since = weeks.monday(today) - weeks.WEEK * (WEEKS_BACK - 1)
    parts = []
    for team in teams:
        course = flags.stagnation(db, teams=[team], since=since)
        parts.append(
            summary.Part(
                month=monthly.of_team(db, team=team, month=chosen),
                top=flags.watched(db, teams=[team], show="all", amount=FIRST_ON_THE_LIST).cases,
                weeks=charts.weeks_of_stagnation(course.weeks, course.computed, since=since, until=today),
                curves={step: survival.curve(course.spells.get(step, [])) for step in charts.STEPS},
            )
        )  # fmt: skip
    return summary.pdf(parts, month=chosen, today=today)


def _back(today: date, count: int) -> date:
    first = today.replace(day=1)
    for _ in range(count):
        first = (first - timedelta(days=1)).replace(day=1)
    return first
