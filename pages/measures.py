"""Measures: what can be scored in this clinic, with thresholds, source and licence; the administrator adds and changes."""

import streamlit as st

from dashboard import components, session
from dashboard.components import measure_card
from dashboard.forms import look, measure_form
from services import measures

look.use()
st.title("Measures", anchor=False)
st.caption(
    "What therapists can enter scores for. Changes hold at once for the whole clinic and are written directly: "
    f"if one cannot be stored, you are told here. {measure_card.ONLY_SCORES}"
)
team = session.team("admin", key="measures_team").team
with session.errors_shown():
    registry = measures.registry(session.db())

measure_form.add(team=team)
for measure in registry:
    with st.container(border=True, key=f"measures_{measure.slug}_card", gap="small"):
        st.header(components.plain(measure.name), anchor=False)
        with st.container(horizontal=True, gap="small"):
            st.badge("your clinic’s" if measure.own else "shipped", color="blue" if measure.own else "gray")
            if not measure.active:
                st.badge("not offered", color="orange")
        st.markdown(measure_card.about(measure))
        measure_form.change(measure, team=team)
