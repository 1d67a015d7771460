"""Shows who it was told is here, and fails on request."""

import os
from pathlib import Path

import streamlit as st

from dashboard import session

with Path(os.environ["SIXFOLD_TEST_RUNS"]).open("a") as runs:
    runs.write("ran\n")

st.session_state.setdefault("private", os.urandom(8).hex())
st.title("Small")
st.write(
    f"person={st.user.get('person')} session={st.user.get('session')} private={st.session_state.private}"
)
st.write(
    f"cookies={sorted(st.context.cookies)} ours={[h for h in st.context.headers if 'sixfold' in h.lower()]}"
)
session.sign_out_form()
st.download_button("Take it with you", data="week,code\n2026-W47,K-17\n", file_name="entries.csv")


def remember() -> None:
    st.session_state.kept = st.session_state.words


st.text_area("Words", key="words", on_change=remember)
st.write(f"kept={st.session_state.get('kept', '')}")

if st.button("Fail"):
    raise ValueError("a sentence about Jane Roe")
