"""Shows who it was told is here, keeps what is typed, refreshes itself, and fails on request."""

import os
from pathlib import Path

import streamlit as st

from dashboard import session

with Path(os.environ["SIXFOLD_TEST_RUNS"]).open("a") as runs:
    runs.write("ran\n")

st.session_state.setdefault("private", os.urandom(8).hex())


def small() -> None:
    st.title("Small")
    st.write(
        f"person={st.user.get('person')} session={st.user.get('session')} private={st.session_state.private}"
    )
    st.write(f"cookies={sorted(st.context.cookies)}")
    session.sign_out_form()
    st.download_button("Take it with you", data="week,code\n2026-W47,K-17\n", file_name="entries.csv")
    st.download_button("Made on a press", lambda: b"made of names", file_name="names.csv", on_click="ignore")
    st.text_area("Words", key="words", on_change=lambda: st.session_state.update(kept=st.session_state.words))
    st.write(f"kept={st.session_state.get('kept', '')}.")
    ticking()
    if st.button("Fail"):
        raise ValueError("a sentence about Jane Roe")


@st.fragment(run_every=1)
def ticking() -> None:
    st.session_state.ticks = st.session_state.get("ticks", 0) + 1
    st.write(f"ticks={st.session_state.ticks}.")


def other() -> None:
    st.title("Other")


st.navigation([st.Page(small, title="Small"), st.Page(other, title="Other")]).run()
