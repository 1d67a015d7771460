"""Cases that are next in line for the agenda, each with why it is proposed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

import streamlit as st

from dashboard import components
from dashboard.meeting import agenda_list
from services import agenda, vocabulary
from services.agenda import Candidate

AT_ONCE = 5


def show(cases: Sequence[Candidate], add: Callable[[UUID], None], *, key: str, cut: bool = False) -> None:
    """The first few, each with a button that puts it on the agenda; the others by choosing. Nothing when there is none.

    `cut`: there may be more than were compared.
    """
    if not cases:
        return
    many = "1 case is" if len(cases) == 1 else f"{len(cases)} cases are"
    with st.expander(f"{many} next in line", key=f"{key}_next", type="compact"):
        for one in cases[:AT_ONCE]:
            with st.container(border=True, key=f"{key}_next_{one.case}_item_card", gap="xsmall"):
                with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key}_next_{one.case}_top"):  # fmt: skip
                    st.markdown(f"**{components.plain(agenda.named(one))}**  \n{vocabulary.label('agenda_kind', one.kind)}", width="stretch")  # fmt: skip
                    st.button("Put on", key=f"{key}_next_{one.case}_add", icon=":material/add:", on_click=add, args=(one.case,))  # fmt: skip
                agenda_list.why(one.because, one.therapist, one.question)
        if len(cases) > AT_ONCE:
            _others(cases[AT_ONCE:], add, key=key)
        if cut:
            st.caption(
                f"{agenda.MOST_CASES} cases are compared, and there may be more. Any other is found by its code."
            )


def _others(cases: Sequence[Candidate], add: Callable[[UUID], None], *, key: str) -> None:
    names = components.told_apart({str(one.case): f"{agenda.named(one)}: {_why(one)}" for one in cases})
    here = f"{key}_next_other"
    if st.session_state.get(here) not in names:
        st.session_state[here] = None
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=f"{key}_next_others"):
        chosen = st.selectbox("Another case", list(names), format_func=names.get, key=here, placeholder=f"{len(cases)} more", width=340)  # fmt: skip
        if chosen:
            st.button("Put on", key=f"{key}_next_other_add", icon=":material/add:", on_click=add, args=(UUID(chosen),))  # fmt: skip


def _why(one: Candidate) -> str:
    points = "1 point" if one.points == 1 else f"{one.points} points"
    return f"asked to be brought, {points}" if one.chosen else points
