"""The case a page stands at: which one, whose, and what may be done with it here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import streamlit as st

from dashboard import components
from services.cases import Case
from services.outbox import Operation

# In session state, so that another page can lead here without naming the case in the address.
CHOSEN, TEAM = "case_chosen", "case_team"
PAGE = "../pages/case.py"


@dataclass(frozen=True)
class At:
    """One case on screen. `mine`: the reader is its therapist and may write; a supervisor reads.

    `waiting`: what this person has saved and the database does not have yet, the earliest first.
    """

    case: Case
    me: UUID
    today: date
    mine: bool
    waiting: tuple[Operation, ...] = ()

    @property
    def team(self) -> UUID:
        return self.case.team

    @property
    def therapist(self) -> UUID:
        return self.case.therapist_id

    def key(self, name: str) -> str:
        """A widget's key that belongs to this case: what is typed for one never shows in another."""
        return f"case_{self.case.id}_{name}"

    def on_its_way(self, *kinds: str) -> list[Operation]:
        """What waits of these kinds and is about this case, as far as its parameters name it."""
        return [op for op in self.waiting if op.kind in kinds and op.params.get("case") == str(self.case.id)]


def lead_to(case: UUID, *, team: UUID | None = None, tab: str | None = None) -> None:
    """The case page will open at this case, and at this tab; follow it with st.switch_page. Never name a case in the address."""
    st.session_state[CHOSEN] = str(case)
    if team:
        st.session_state[TEAM] = team
    if tab:
        st.session_state[f"case_{case}_tab"] = tab


def button(
    case: UUID, code: str, *, key: str, team: UUID | None = None, tab: str | None = None, label: str = "", onward: bool = False
) -> None:  # fmt: skip
    """A button that opens the case page at this case. `onward`: with an arrow, like the ways to other pages beside it."""
    look = (
        {"icon": ":material/arrow_forward:", "icon_position": "right"}
        if onward
        else {"icon": ":material/folder_open:"}
    )
    if st.button(label or f"Case {components.plain(code)}", key=key, type="tertiary", **look):
        lead_to(case, team=team, tab=tab)
        st.switch_page(PAGE)
