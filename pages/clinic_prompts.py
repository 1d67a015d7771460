"""Prompts of the clinic: shipped ones, replaced in the clinic's own words or switched off, and own ones; for administrators."""

import streamlit as st

from dashboard import components, session
from dashboard.forms import look, prompt_form
from services import clinic_prompts, vocabulary

PER_PAGE = 20

look.use()
st.title("Prompts of the clinic", anchor=False)
st.caption(
    "The questions that supervision is offered. Changes hold at once for the whole clinic and are written directly: "
    "if one cannot be stored, you are told here. A shipped prompt stays as it is; your clinic’s own wording takes its place."
)
team = session.team("admin", key="clinic_prompts_team").team
with session.errors_shown():
    library = clinic_prompts.library(session.db())

prompt_form.add(team=team)
with st.container(horizontal=True, vertical_alignment="bottom", key="clinic_prompts_filters"):
    stage = st.selectbox(
        "Stage", ["", *vocabulary.PROMPT_STAGES], format_func=lambda key: vocabulary.label("prompt_stage", key) if key else "Every stage", key="clinic_prompts_stage", width=240
    )  # fmt: skip
    cause = st.selectbox(
        "Cause", [0, *vocabulary.CAUSES], format_func=lambda number: f"{number} {vocabulary.CAUSES[number].label}" if number else "Every cause", key="clinic_prompts_cause", width=240
    )  # fmt: skip
    mine = st.toggle("Only what is ours or switched off", key="clinic_prompts_mine")
found = [
    e for e in clinic_prompts.filtered(library, stage=stage or None, cause=cause or None) if not mine or e.own
]
st.markdown(
    f"{len(found)} of {len(library)} prompts."
    if found
    else "No prompt is filed here. Choose another stage or cause."
)
pages = range(1, -(-len(found) // PER_PAGE) + 1)
page = st.selectbox("Page", pages, key="clinic_prompts_page", width=120) if len(pages) > 1 else 1
for entry in found[(page - 1) * PER_PAGE : page * PER_PAGE]:
    with st.container(border=True, key=f"clinic_prompts_{entry.prompt.slug}_card", gap="small"):
        st.header(components.plain(entry.prompt.wording), anchor=False)
        prompt_form.told(entry)
        prompt_form.change(entry, team=team)
