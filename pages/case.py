"""Case: all that is known of one client's work, in one place, with a tab for each way of looking at it."""

import streamlit as st

from dashboard import components, session
from dashboard.case import header
from dashboard.case.at import CHOSEN, At
from dashboard.case.tabs import TABS
from dashboard.forms import clock, last_seen, look, notices
from services import cases

look.use()
st.title("Case", anchor=False)
person, today = session.person(), clock.today()

with st.container(horizontal=True, vertical_alignment="bottom", key="case_filters"):
    team = session.team("therapist", "supervisor", key="case_team").team
    supervises = team in person.teams_as("supervisor")
    ended = st.toggle("Closed and archived ones", key="case_ended", persist_state="session")

states = ("closed", "archived") if ended else ("active", "paused")
with session.errors_shown():
    waiting = session.outbox().waiting()  # before the read: what is synced in between is in one of the two
    read = last_seen.of(
        f"case_list_{team}_{ended}",
        lambda: cases.in_team(
            session.db(), team=team, therapist=None if supervises else person.id, states=states
        ),
        otherwise=[],
    )
notices.away(
    read.trouble, "What you see here is from before." if read.known else "Cases cannot be shown just now."
)
found = {str(case.id): case for case in read.value}
if not found:
    components.empty_state(
        "No case here yet", "A case begins with its code, the first time an episode is logged for it.", key="case"
    )  # fmt: skip
    st.stop()


def named(key: str) -> str:
    case = found[key]
    return (
        f"{case.code} · {case.therapist}" if case.therapist_id != person.id and case.therapist else case.code
    )


if st.session_state.get(CHOSEN) not in found:
    st.session_state[CHOSEN] = next(iter(found))
chosen = found[st.selectbox("Case", list(found), format_func=named, key=CHOSEN, persist_state="session")]
at = At(chosen, person.id, today, mine=chosen.therapist_id == person.id, waiting=tuple(waiting))

header.show(at)
for tab, show in zip(st.tabs(list(TABS), key=at.key("tab"), on_change="rerun"), TABS.values(), strict=True):
    if tab.open:
        with tab:
            show(at)
