"""The team theme before a meeting: what it would be, and on a planned meeting whether it is still that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from dashboard import session
from dashboard.forms import last_seen
from dashboard.meeting import theme
from dashboard.meeting.at import At
from services import themes
from services.themes import Theme


def now(at: At) -> Theme | None:
    """The theme as the safe view shows it now; None when it cannot be read."""
    with session.errors_shown():
        return last_seen.of(f"theme_{at.team}", lambda: themes.of(session.db(), team=at.team, today=at.today), otherwise=None).value  # fmt: skip


def as_stored(at: At) -> Mapping[str, Any]:
    found = now(at)
    return found.as_json() if found else {}


def opened(at: At, *, key: str, renew: Callable[[Mapping[str, Any]], None] | None = None) -> None:
    """The picture behind a heading that opens it. `renew` puts the theme of today on a planned meeting."""
    box = st.expander("Team theme", key=f"{key}_theme", on_change="rerun", type="compact", icon=":material/show_chart:")  # fmt: skip
    if not box.open:
        return
    with box:
        found = now(at)
        stored = Theme.from_json(at.meeting.theme) if renew and at.meeting else None
        if (stored or found) is None:
            st.markdown("The theme cannot be looked up just now.")
            return
        theme.draw(stored or found, key=f"{key}_theme_now", level=3)
        if renew and found and (stored is None or found.as_json() != stored.as_json()):
            st.caption("The trends have moved on since this was planned.")
            st.button("Take the theme of today", key=f"{key}_theme_renew", icon=":material/refresh:", on_click=renew, args=(found.as_json(),))  # fmt: skip
