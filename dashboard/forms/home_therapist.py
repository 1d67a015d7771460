"""Home for a therapist: what waits, and one picture of their own weeks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pandas as pd
import streamlit as st

from dashboard import charts, components, session
from dashboard.case import at
from dashboard.forms import (
    begun,
    case_field,
    clock,
    home_flags,
    home_meeting,
    last_seen,
    notices,
    reflection_weeks,
    ruptures_now,
)
from services import cases, drafts, plans, questions, reflections, ruptures, teams, trends, vocabulary, weeks
from services.cases import Case
from services.people import Membership, Person
from services.questions import Question
from services.ruptures import Rupture
from services.teams import TeamSettings

WEEKS_SHOWN = 12  # what a phone can show
LOG, REFLECT, RUPTURES = "../pages/log_episode.py", "../pages/weekly_reflection.py", "../pages/ruptures.py"


@dataclass(frozen=True)
class Waiting:
    """What waits for one therapist in one team."""

    due: list[date]
    intention: tuple[date, str] | None
    open_ruptures: list[Rupture]
    own: pd.DataFrame
    reviews_due: list[Case]
    to_bring: list[Question]
    codes: Mapping[UUID, str]
    trouble: str | None


def read(person: Person, member: Membership, *, today: date) -> Waiting:
    """Everything this part of Home shows, from what is known now."""
    team, outbox = member.team, session.outbox()
    waiting = outbox.waiting()
    limits = last_seen.of(
        f"settings_{team}", lambda: teams.settings(session.db(), team=team), otherwise=TeamSettings()
    ).value
    since = weeks.monday(today) - weeks.WEEK * (reflection_weeks.LATE + 4)
    done = last_seen.of(
        f"reflections_{team}",
        lambda: reflections.handed_in(session.db(), team=team, therapist=person.id, since=since, until=today),
        otherwise=[],
    )
    known = last_seen.of(
        f"own_ruptures_{team}",
        lambda: ruptures.open_in(session.db(), team=team, therapist=person.id),
        otherwise=[],
    )
    own = last_seen.of(
        f"own_weeks_{team}",
        lambda: trends.own_weeks(
            session.db(), team=team, therapist=person.id, since=today - weeks.WEEK * (WEEKS_SHOWN - 1)
        ),
        otherwise=pd.DataFrame(columns=["week", "cause", "rating"]),
    )
    known_cases = case_field.known(therapist=person.id, team=team)
    asked = last_seen.of(
        f"own_questions_{team}",
        lambda: questions.open_in(session.db(), team=team, therapist=person.id),
        otherwise=[],
    )
    codes = {case.id: case.code for case in [*cases.opened_here(waiting, team=team), *known_cases.value]}
    offered = reflection_weeks.offered(today=today, since=member.since, week_starts_on=limits.week_starts_on)
    handed = reflection_weeks.handed_in(outbox, done.value, therapist=person.id, team=team, among=offered)
    return Waiting(
        due=[week for week in offered if week not in handed] if done.known else [],
        intention=reflection_weeks.intention_before(outbox, done.value, team=team, week=weeks.monday(today) + weeks.WEEK),
        open_ruptures=ruptures_now.still_open(
            known.value, waiting, team=team, me=person.id, name=person.name, codes=codes, today=today
        ),
        own=own.value,
        reviews_due=plans.due(known_cases.value, waiting, today=today),
        to_bring=[
            one for one in questions.as_they_will_be(asked.value, waiting, team=team, therapist=person.id, codes=codes) if one.state == "open"
        ],
        codes=codes,
        trouble=done.trouble or known.trouble or own.trouble or known_cases.trouble or asked.trouble,
    )  # fmt: skip


def show(person: Person, member: Membership, found: Waiting, *, today: date) -> None:
    """What waits, then the weeks."""
    notices.away(found.trouble, "Some of what waits for you cannot be shown just now.")
    st.header("What waits for you", anchor=False)
    with st.container(gap="small"):
        shown = [
            home_meeting.to_therapist(person, member, today=today),
            _intention(found.intention, today),
            *(
                _draft(draft, member, today, found.codes)
                for draft in drafts.of(session.vault(), owner=str(person.id))
            ),
            _due(found.due, today),
            *(_rupture(rupture, member, today) for rupture in found.open_ruptures[:3]),
            _more(len(found.open_ruptures) - 3),
            *(_review(case, member, today) for case in found.reviews_due),
            *(_to_bring(question, member) for question in found.to_bring),
            home_flags.given(person, member.team, found.codes, today=today, tab="Plan") > 0,
        ]
    if not any(shown):
        st.markdown("Nothing waits just now. This page fills as you log and reflect.")
    home_flags.own_actions(person, member.team, found.codes, today=today)
    home_flags.worth_a_look(person, member, found.codes, today=today)
    components.figure_with_table(
        charts.own_weeks(found.own), charts.own_weeks_table(found.own), charts.own_weeks_in_words(found.own),
        key="home_own_weeks", filename=f"sixfold-my-weeks-{weeks.spelt(today)}",
    )  # fmt: skip
    st.caption(vocabulary.NOT_A_MEASURE)


def _row(key: str, words: str, page: str, label: str, icon: str, week: date | None = None) -> bool:
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key=f"home_{key}_row_card", gap="small"
    ):
        st.markdown(f"{icon} {words}", width="stretch")
        st.page_link(
            page,
            label=label,
            icon=":material/arrow_forward:",
            icon_position="right",
            query_params={"week": str(week)} if week else None,
        )
    return True


def _case_row(key: str, words: str, case: UUID, member: Membership, tab: str, label: str, icon: str) -> bool:
    """A line that leads to a tab of the case page; a button, so that no case is named in the address."""
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key=f"home_{key}_row_card", gap="small"
    ):
        st.markdown(f"{icon} {words}", width="stretch")
        at.button(case, "", key=f"home_{key}_go", team=member.team, tab=tab, label=label, onward=True)
    return True


def _review(case: Case, member: Membership, today: date) -> bool:
    since = (
        "today"
        if case.next_review_on == today
        else f"since {clock.date_words(case.next_review_on, now=today)}"
    )
    words = f"Plan of **{components.plain(case.code)}**: a review is due {since}."
    return _case_row(
        f"review_{case.id}", words, case.id, member, "Plan", "Review it", ":material/fact_check:"
    )


def _to_bring(question: Question, member: Membership) -> bool:
    words = f"To bring from **{components.plain(question.code)}**: {components.plain(question.question)}"
    return _case_row(
        f"question_{question.id}",
        words,
        question.case,
        member,
        "Supervision",
        "See it",
        ":material/record_voice_over:",
    )


def _intention(found: tuple[date, str] | None, today: date) -> bool:
    if found is None:
        return False
    week, words = found
    when = {0: "For the week to come", 7: "This week"}.get(
        (weeks.monday(today) - week).days, f"In {weeks.spelt(week)}"
    )
    return _row(
        "intention",
        f"{when} you wanted to try: **{components.plain(words)}**",
        REFLECT,
        "Reflect on it",
        ":material/flag:",
    )


def _due(due: list[date], today: date) -> bool:
    if not due:
        return False
    this, late = weeks.monday(today), [week for week in due if week != weeks.monday(today)]
    if this in due:
        words = "Your reflection for this week is open; it takes five minutes."
        _row("due", words, REFLECT, "Reflect", ":material/self_improvement:", this)
    if late:
        named = ", ".join(weeks.spelt(week).split("-")[1] for week in reversed(late))
        words = f"{len(late)} earlier week{'s' * (len(late) > 1)} can still be filled, if you like: {named}."
        _row("late", words, REFLECT, "Fill one in", ":material/event_repeat:", late[0])
    return True


def _draft(draft: drafts.Draft, member: Membership, today: date, codes: Mapping[UUID, str]) -> bool:
    if draft.form == "log_episode" and draft.key == str(member.team):
        words = f"You began to log an episode {clock.moment(draft.changed)}."
        return _row("draft_episode", words, LOG, "Go on", ":material/edit_note:")
    if draft.form == "weekly_reflection" and draft.key.startswith(f"{member.team}/"):
        week = date.fromisoformat(draft.key.split("/")[1])
        words = f"You began your reflection for {components.week_words(week, today=today)}, last changed {clock.moment(draft.changed)}."
        return _row(f"draft_{week}", words, REFLECT, "Go on", ":material/edit_note:", week)
    case = begun.case_of(draft)
    if case in codes and draft.form in begun.TABS:
        what = begun.PLACES[draft.form][0]
        words = f"{what} of **{components.plain(codes[case])}**, begun and not saved yet, last changed {clock.moment(draft.changed)}."
        key = f"draft_{draft.form}_{draft.key}"
        return _case_row(key, words, case, member, begun.TABS[draft.form], "Go on", ":material/edit_note:")
    return False


def _rupture(rupture: Rupture, member: Membership, today: date) -> bool:
    quiet = rupture.days_without_step(today)
    kind = vocabulary.label("rupture_kind", rupture.kind).lower()
    age = (
        "noticed today"
        if rupture.noticed_on >= today
        else f"open for {clock.days((today - rupture.noticed_on).days)}"
    )
    last = (
        ""
        if rupture.noticed_on >= today
        else f", {clock.days(quiet)} without a step"
        if quiet > 0
        else ", a step today"
    )
    words = f"Rupture with **{components.plain(rupture.code)}** ({kind}): {age}{last}."
    return _case_row(
        f"rupture_{rupture.id}", words, rupture.case, member, "Ruptures", "Next step", ":material/handshake:"
    )


def _more(count: int) -> bool:
    if count <= 0:
        return False
    return _row(
        "more_ruptures",
        f"{count} more open rupture{'s' * (count > 1)}.",
        RUPTURES,
        "See all",
        ":material/handshake:",
    )
