"""Home for a supervisor: reflections to read, open ruptures of the team by age, and the ways on."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pandas as pd
import streamlit as st

from dashboard import charts, components, session
from dashboard.case import at
from dashboard.forms import clock, home_flags, home_meeting, home_transfers, last_seen, notices
from services import cases, questions, reflections, ruptures, weeks
from services.people import Membership
from services.questions import Question

LOOK_BACK = 12  # weeks
READ, TRENDS, PROMPTS = (
    "../pages/shared_reflections.py",
    "../pages/team_trends.py",
    "../pages/discussion_prompts.py",
)
RUPTURES = "../pages/ruptures.py"


def show(member: Membership, *, today: date) -> None:
    """One team that this person supervises."""
    team = member.team
    since = weeks.monday(today) - weeks.WEEK * LOOK_BACK
    handed = last_seen.of(
        f"team_reflections_{team}",
        lambda: reflections.handed_in(session.db(), team=team, since=since, until=today),
        otherwise=[],
    )
    known = last_seen.of(
        f"open_ruptures_{team}", lambda: ruptures.open_in(session.db(), team=team), otherwise=[]
    )
    asked = last_seen.of(
        f"team_questions_{team}", lambda: questions.open_in(session.db(), team=team), otherwise=[]
    )
    notices.away(
        handed.trouble or known.trouble or asked.trouble,
        "Some of what waits in your team cannot be shown just now.",
    )

    st.header(f"{components.plain(member.team_name)}: to read and to prepare", anchor=False)
    home_meeting.to_supervisor(session.person(), member, today=today)
    home_transfers.show(team, today=today)
    unread = [one for one in handed.value if one.read_at is None]
    with st.container(border=True, key=f"home_unread_{team}_card", gap="small"):
        many = f"{len(unread)} reflection{'s' * (len(unread) != 1)} handed in and not read yet"
        st.markdown(
            f":material/menu_book: **{many}**"
            if unread
            else "Every reflection handed in so far has been read."
        )
        for week in sorted({one.week for one in unread}, reverse=True)[:4]:
            names = ", ".join(sorted(one.therapist for one in unread if one.week == week))
            st.markdown(
                f"{clock.opening(components.week_words(week, today=today))}: {components.plain(names)}"
            )
        st.page_link(READ, label="Read them", icon=":material/arrow_forward:", icon_position="right")
    _to_bring(asked.value, member, today)
    codes = _codes(team)
    _given(team, codes, today)
    with st.container(horizontal=True, gap="small", key=f"home_ways_{team}"):
        st.page_link(TRENDS, label="Team trends", icon=":material/show_chart:")
        st.page_link(PROMPTS, label="Discussion prompts", icon=":material/forum:")
        st.page_link(RUPTURES, label="Ruptures", icon=":material/handshake:")
    if known.value:
        frame = pd.DataFrame(
            [(f"{one.therapist} · {one.code}", one.days_open, one.stage) for one in known.value],
            columns=["label", "days", "stage"],
        )
        components.figure_with_table(
            charts.open_ruptures_by_age(frame), charts.open_ruptures_by_age_table(frame), charts.open_ruptures_by_age_in_words(frame),
            key=f"home_ruptures_{team}", filename=f"sixfold-open-ruptures-{weeks.spelt(today)}",
        )  # fmt: skip
    else:
        st.markdown(
            "No rupture is on record as open in this team. That can also mean that none has been written down yet."
        )
    home_flags.team_actions(session.person(), team, codes, today=today)


def _codes(team: UUID) -> dict[UUID, str]:
    found = last_seen.of(
        f"team_codes_{team}", lambda: cases.in_team(session.db(), team=team, states=("active", "paused")), otherwise=[]
    )  # fmt: skip
    return {case.id: case.code for case in found.value}


def _given(team: UUID, codes: dict[UUID, str], today: date) -> None:
    """Flags that this supervisor is asked to see to."""
    with st.container(gap="small", key=f"home_given_{team}"):
        home_flags.given(session.person(), team, codes, today=today)


def _to_bring(asked: list[Question], member: Membership, today: date) -> None:
    """What therapists would like to bring to the next meeting, the longest asked first."""
    if not asked:
        return
    with st.container(border=True, key=f"home_questions_{member.team}_card", gap="small"):
        many = f"{len(asked)} question{'s' * (len(asked) != 1)} to bring to the next meeting"
        st.markdown(f":material/record_voice_over: **{many}**")
        for question in asked:
            who = f"{components.plain(question.therapist)} · asked {clock.day(question.asked_on, now=today)}"
            with st.container(
                horizontal=True, vertical_alignment="center", gap="small", key=f"home_question_{question.id}"
            ):
                st.markdown(f"{components.plain(question.question)}  \n{who}", width="stretch")
                at.button(
                    question.case,
                    question.code,
                    key=f"home_question_{question.id}_go",
                    team=member.team,
                    tab="Supervision",
                )
