"""Weekly reflection: five minutes for oneself, of which one shares what one chooses."""

import streamlit as st

from dashboard import session
from dashboard.forms import (
    asking,
    clock,
    last_seen,
    look,
    notices,
    reflection_form,
    reflection_page,
    reflection_weeks,
)
from services import reflections, teams, vocabulary, weeks
from services.teams import TeamSettings

look.use()
st.title("Weekly reflection", anchor=False)
me, today = session.person().id, clock.today()
member = session.team("therapist", key="weekly_reflection_team")
team = member.team

with session.errors_shown():
    limits = last_seen.of(
        f"settings_{team}", lambda: teams.settings(session.db(), team=team), otherwise=TeamSettings()
    )
    first = weeks.monday(today) - weeks.WEEK * (reflection_weeks.LATE + 4)  # some more, for the intention
    read = last_seen.of(
        f"reflections_{team}",
        lambda: reflections.handed_in(session.db(), team=team, therapist=me, since=first, until=today),
        otherwise=[],
    )
notices.away(read.trouble, "What you have handed in may be missing here just now.")

offered = reflection_weeks.offered(
    today=today, since=member.since, week_starts_on=limits.value.week_starts_on
)


@st.fragment
def page() -> None:
    picker = st.container()  # drawn last: what is handed in by this very click is in its list
    week = reflection_page.chosen_week(offered)
    with session.errors_shown():
        vault, outbox = session.vault(), session.outbox()
        standing = reflection_weeks.standing(outbox, read.value, therapist=me, team=team, week=week)
    handed, refusal = reflection_page.just_handed_in(week), notices.Refusal()

    if not handed and not standing.read_at:
        with session.errors_shown():
            form = reflection_form.opened(vault, owner=str(me), team=team, week=week, standing=standing)
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, reflection_form.TEXTS):
                handed = reflection_form.hand_in(
                    outbox, form, therapist=me, team=team, week=week, standing=standing, today=today,
                    settings=limits.value,
                )  # fmt: skip
                reflection_page.remember(handed, week)
                standing = reflection_weeks.standing(outbox, read.value, therapist=me, team=team, week=week)

    with picker:
        reflection_page.pick_week(offered, read.value, today=today, therapist=me, team=team)
    if handed:
        reflection_page.handed_in(handed, standing)
        reflection_page.bring(therapist=me, team=team, week=week, today=today)
        return
    if standing.read_at:
        reflection_page.as_read(standing, team=team, week=week)
        reflection_page.bring(therapist=me, team=team, week=week, today=today)
        return

    reflection_page.how_it_stands(standing, form)
    if standing.handed_in_at:
        reflection_page.bring(therapist=me, team=team, week=week, today=today)
    notices.begun_before(form)
    reflection_form.tell_of_another(form, standing)
    reflection_page.last_intention(read.value, team=team, week=week)
    with st.container(border=True, key="weekly_reflection_causes_card"):
        st.header("The six causes", anchor=False)
        st.caption(f"{vocabulary.NOT_A_MEASURE} Your supervisor sees them once you have handed in.")
        reflection_form.ask_causes(form)
    with st.container(border=True, key="weekly_reflection_me_card"):
        st.header("How it was for me", anchor=False)
        st.caption(reflection_form.YOURS)
        reflection_form.ask_me(form, high=limits.value.frustration_high)
    with st.container(border=True, key="weekly_reflection_next_card"):
        st.header("For next week", anchor=False)
        reflection_form.ask_next(form)
    reflection_form.ask_only_me(form)

    with st.container(border=True, key="weekly_reflection_who_card"):
        reflection_form.who_reads(reflection_form.parts(form), rated=bool(asking.ratings(form)))
    notices.kept(form)
    label = "Hand in the change" if standing.handed_in_at else "Hand in"
    asking.save_bar(form, label, reflection_form.TEXTS, refused=refusal.sentence)


page()
