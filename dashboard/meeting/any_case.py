"""Any open case of the team for the agenda, found by its code: also one for which nothing speaks but the supervisor."""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.forms import last_seen
from dashboard.meeting.at import At
from services import agenda, case_search
from services.agenda import Candidate, Candidates

AT_ONCE = 6
HOW = "Open cases of the team; what speaks for one comes along with it."
NOT_NOW = "Cases cannot be looked up just now."


def folded(
    at: At, found: Candidates, there: Collection[UUID], add: Callable[[Candidate], None], *, key: str
) -> None:
    """The search, folded away until somebody opens it. The first few codes are there before anything is typed."""
    opened = st.expander("Any case of the team", key=f"{key}_any", on_change="rerun", type="compact", icon=":material/search:")  # fmt: skip
    if opened.open:
        with opened:
            _results(at, lambda: found, there, add, _code("A case by its code", HOW, key=key), key=key)


def ask(
    at: At, found: Callable[[], Candidates], there: Collection[UUID], add: Callable[[Candidate], None], *, key: str
) -> None:  # fmt: skip
    """The search as a field of its own; nothing is looked up before something is typed. `found` tells what speaks for cases."""
    if code := _code("Put another case on, by its code", None, key=key):
        _results(at, found, there, add, code, key=key)


def _code(label: str, help_: str | None, *, key: str) -> str:
    return st.text_input(label, key=f"{key}_any_code", placeholder="C-1044, or a part of it", max_chars=20, width=320, help=help_)  # fmt: skip


def _results(
    at: At, found: Callable[[], Candidates], there: Collection[UUID], add: Callable[[Candidate], None], code: str, *, key: str
) -> None:  # fmt: skip
    """One line for each case with the button that puts it on; `there` are those that are on the agenda already."""
    read = last_seen.of(
        f"any_case_{at.team}_{code}", lambda: case_search.open_cases(session.db(), team=at.team, today=at.today, code=code, limit=AT_ONCE + 1), otherwise=()
    )  # fmt: skip
    if not read.known:
        st.caption(NOT_NOW)
        return
    if not read.value:
        st.caption("No open case of the team has this in its code.")
        return
    known = found()
    for one in read.value[:AT_ONCE]:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key}_any_{one.case}_line"):  # fmt: skip
            st.markdown(components.plain(agenda.named(one)), width="stretch")
            st.button(
                "On it" if one.case in there else "Put on", key=f"{key}_any_{one.case}_add", icon=":material/add:", disabled=one.case in there,
                on_click=add, args=(known.find(one.case) or one,),
            )  # fmt: skip
    if len(read.value) > AT_ONCE:
        st.caption(f"The first {AT_ONCE}. Type more of the code for others.")
