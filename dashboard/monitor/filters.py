"""Which cases of which teams the monitor shows: all of it is asked of the database, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import streamlit as st

from services import vocabulary
from services.flags import SHOWN

PAGE = 25
AGES = {0: "Any time", 7: "1 week", 14: "2 weeks", 28: "4 weeks", 56: "8 weeks", 91: "13 weeks"}


@dataclass(frozen=True)
class Asked:
    """What is asked for. `name` tells one question from another."""

    teams: tuple[UUID, ...]
    rules: tuple[str, ...]
    show: str
    at_least: str | None
    least_days: int
    code: str

    @property
    def name(self) -> str:
        return "|".join(
            (
                *map(str, self.teams),
                *self.rules,
                self.show,
                self.at_least or "",
                str(self.least_days),
                self.code,
            )
        )

    def params(self) -> dict[str, Any]:
        """For flags.watched and flags.every."""
        return {
            "teams": self.teams, "rules": self.rules, "show": self.show, "at_least": self.at_least, "least_days": self.least_days, "code": self.code,
        }  # fmt: skip


def teams(mine: Mapping[UUID, str]) -> tuple[UUID, ...]:
    """All of them, or those picked where there are several."""
    ordered = sorted(mine, key=lambda team: mine[team])
    if len(ordered) == 1:
        return tuple(ordered)
    picked = st.multiselect(
        "Teams", ordered, format_func=lambda team: mine[team], placeholder="All teams", key="monitor_teams", persist_state="session", width=420,
    )  # fmt: skip
    return tuple(sorted(picked or ordered, key=lambda team: mine[team]))


def cases(chosen: tuple[UUID, ...]) -> Asked:
    """The filters of the list."""
    show = st.segmented_control(
        "Show", list(SHOWN), default="to_do", required=True, format_func=SHOWN.get, key="monitor_show", persist_state="session"
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom", key="monitor_filters"):
        rules = st.multiselect(
            "Flags", list(vocabulary.FLAG_RULES), format_func=lambda rule: vocabulary.label("flag_rule", rule),
            placeholder="All flags", key="monitor_rules", persist_state="session", width=280,
        )  # fmt: skip
        severities = ["unknown", "watch", "review", "escalate"]
        at_least = st.selectbox(
            "At least", severities, key="monitor_severity", persist_state="session", width=150,
            format_func=lambda key: "Any" if key == "unknown" else vocabulary.label("flag_severity", key),
        )  # fmt: skip
        least_days = st.selectbox(
            "Up for at least",
            list(AGES),
            format_func=AGES.get,
            key="monitor_age",
            persist_state="session",
            width=150,
        )
        code = st.text_input(
            "Case code",
            key="monitor_code",
            placeholder="for example C-10",
            max_chars=12,
            persist_state="session",
            width=170,
        )
    return Asked(
        chosen,
        tuple(rules),
        show,
        None if at_least == "unknown" else at_least,
        least_days,
        code.strip().upper(),
    )
