"""Log an episode: what happened, in under a minute; only its kind and the day are needed."""

import streamlit as st

from dashboard import session
from dashboard.forms import after_logging, asking, case_field, clock, episode_form, look, notices
from services import cases

look.use()
st.title("Log an episode", anchor=False)
me, today = session.person().id, clock.today()
team = session.team("therapist", key="log_episode_team").team

with session.errors_shown():
    waiting = session.outbox().waiting()  # before the read: what is synced in between is in one of the two
    read = case_field.known(therapist=me, team=team)
notices.away(
    read.trouble,
    "Your list of cases is the one from before." if read.known else "Your cases cannot be shown just now.",
)


@st.fragment
def page() -> None:
    if logged := after_logging.just_logged():
        after_logging.show(logged, team=team, today=today)
        return

    with session.errors_shown():
        vault, outbox = session.vault(), session.outbox()
        here = {op.op_id: op for op in (*waiting, *outbox.waiting())}.values()
        new = cases.opened_here(here, team=team, known=[case.id for case in read.value])
        known = [*new, *read.value]
        form = episode_form.opened(vault, owner=str(me), team=team, known=known, today=today)

    with notices.refusal() as refusal:
        if asking.may_be_saved(form, episode_form.NOTE):
            logged = episode_form.save(outbox, form, team=team, known=known, today=today)
            after_logging.show(after_logging.remember(logged), team=team, today=today)
            return

    notices.begun_before(form)
    needed, more = st.columns(2, gap="medium")
    with needed.container(border=True, key="log_episode_needed_card"):
        st.header("The episode", anchor=False)
        episode_form.ask_what(form, known=known, today=today)
        episode_form.ask_note(form)
    with more.container(border=True, key="log_episode_more_card"):
        st.header("A little more, if you like", anchor=False)
        episode_form.ask_more(form)
    with st.expander("The six causes, and what plays in from outside", key="log_episode_causes"):
        episode_form.ask_causes(form)
    notices.kept(form)
    label = f"Save for {code}" if (code := case_field.code_of(form, known)) else "Save"
    asking.save_bar(form, label, episode_form.NOTE, refused=refusal.sentence)


page()
