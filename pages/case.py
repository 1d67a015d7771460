"""Case: all that is known of one client's work, in one place, with a tab for each way of looking at it."""

import streamlit as st

from dashboard import components, session
from dashboard.case import header, known
from dashboard.case.at import CHOSEN, TEAM, At
from dashboard.case.tabs import TABS
from dashboard.forms import clock, look, notices

look.use()
st.title("Case", anchor=False)
person, today = session.person(), clock.today()

with st.container(horizontal=True, vertical_alignment="bottom", key="case_filters"):
    team = session.team("therapist", "supervisor", key=TEAM).team
    ended = st.toggle("Closed and archived ones", key="case_ended", persist_state="session")

with session.errors_shown():
    waiting = session.outbox().waiting()  # before the read: what is synced in between is in one of the two
    read = known.read(person, team=team, ended=ended, chosen=st.session_state.get(CHOSEN), waiting=waiting)
notices.away(
    read.trouble, "What you see here is from before." if read.known else "Cases cannot be shown just now."
)
found = {str(case.id): case for case in read.value}
if not found:
    components.empty_state(
        "No case here yet",
        "A case begins with its code, the first time an episode is logged for it.",
        key="case",
    )
    st.stop()


def named(key: str) -> str:
    case = found[key]
    return (
        f"{case.code} · {case.therapist}" if case.therapist_id != person.id and case.therapist else case.code
    )


if st.session_state.get(CHOSEN) not in found:
    st.session_state[CHOSEN] = next(iter(found))
names = components.told_apart({key: named(key) for key in found})
chosen = found[st.selectbox("Case", list(found), format_func=names.get, key=CHOSEN, persist_state="session")]
mine = chosen.therapist_id == person.id and team in person.teams_as("therapist")
at = At(chosen, person.id, today, mine=mine, waiting=tuple(waiting))

header.show(at)
for tab, show in zip(st.tabs(list(TABS), key=at.key("tab"), on_change="rerun"), TABS.values(), strict=True):
    if tab.open:
        with tab:
            show(at)
