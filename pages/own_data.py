"""My data: everything of one's own as files to take away, what was erased on request, and what entries said before they were corrected."""

from datetime import UTC, datetime

import streamlit as st

from dashboard import components, session
from dashboard.components import change_list
from dashboard.forms import clock
from dashboard.keeping import own
from services import own_data

st.title("My data", anchor=False)
person, today = session.person(), clock.today()


@st.fragment
def take_away() -> None:
    """The files are made when they are asked for, and forgotten with the next click: nothing is left on the server's disk."""
    st.header("Take everything with you", anchor=False)
    st.markdown(
        "All rows that you wrote, and those about your own cases that are yours to read: one JSON file, a CSV file for each table, "
        "a description of every column, and a page that explains them."
    )
    st.caption(
        "The files are not encrypted. Keep them where nobody else can read them, and delete them when you no longer need them. "
        "What is still waiting on this server is not in them yet. That you took them is noted in the log."
    )
    if st.button("Put my data together", key="own_data_make", icon=":material/folder_zip:"):
        bar = st.progress(0.0, "Beginning")
        with session.errors_shown():
            made = own_data.archive(
                session.db(), person=person, now=datetime.now(UTC),
                told=lambda share, what: bar.progress(share, components.plain(what)),
            )  # fmt: skip
        bar.empty()
        st.success(f"Ready: {max(1, len(made) // 1024):,} kB.", icon=":material/task_alt:")
        st.download_button(
            "Download (zip)", made, file_name=f"sixfold-my-data-{today}.zip", mime="application/zip", key="own_data_zip",
            on_click="ignore", type="primary", icon=":material/download:",
        )  # fmt: skip


@st.fragment
def corrected() -> None:
    """Page by page; which page stands in session state, because the two buttons count it up and down."""
    st.header("What was corrected", anchor=False)
    st.caption(
        "Entries are corrected where they stand: a reflection on Weekly reflection, everything of a case on its page. What they said before "
        "stays here, for you alone."
    )
    page = st.session_state.setdefault("own_data_page", 0)
    with session.errors_shown():
        found, older = own_data.changes(session.db(), person=person.id, page=page)
    if not found:
        st.markdown("Nothing was corrected yet." if page == 0 else "There is nothing further back.")
    for number, change in enumerate(found):
        change_list.show(change, when=clock.moment(change.changed_at), key=f"own_data_change_{page}_{number}")
    with st.container(horizontal=True, gap="small", key="own_data_turn"):
        if page:
            st.button(
                "Newer", key="own_data_newer", on_click=turn, args=(-1,), icon=":material/chevron_left:"
            )
        if older:
            st.button(
                "Older", key="own_data_older", on_click=turn, args=(1,), icon=":material/chevron_right:"
            )


def turn(by: int) -> None:
    st.session_state["own_data_page"] = max(0, st.session_state.get("own_data_page", 0) + by)


take_away()
own.show(me=person.id, teams=tuple(person.teams_as("therapist")))
corrected()
