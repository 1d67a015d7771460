"""How long a clinic keeps each kind of entry; what has no period is kept."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from dashboard import session
from dashboard.forms import notices
from services import retention
from services.vocabulary import RETAINED

USUAL = 3_650  # where a period begins when one is set: ten years, as many records have to be kept


def show(*, clinic: UUID) -> None:
    st.header("How long what is kept", anchor=False)
    st.markdown(
        "What has no period is kept. Setting a period takes nothing out: that is done on the tab “Purge”, after a rehearsal. "
        "Cases that are active or paused are never purged."
    )
    with session.errors_shown():
        now = retention.periods(session.db(), clinic=clinic)
    for what in RETAINED:
        _one(what, now.get(what), clinic=clinic)
    st.caption(
        "The audit log says who did what and when, without content; it is kept. Drafts and finished entries leave the app server "
        "30 days after they were last touched. Backups keep what was in them until they run out."
    )


def _one(what: str, now: int | None, *, clinic: UUID) -> None:
    word, key = RETAINED[what], f"keeping_{what}"
    with st.container(border=True, key=key, gap="small"):
        st.subheader(word.label, anchor=False)
        st.markdown(word.help)
        st.markdown(
            f"Kept for **{now:,} days**{years(now)}." if now else "**Kept without an end.** No period is set."
        )
        limited = st.toggle("Keep only for a time", now is not None, key=f"{key}_limited_{now}")
        days = None
        if limited:
            days = st.number_input(
                "Days", retention.SHORTEST, retention.LONGEST, now or USUAL, key=f"{key}_days_{now}", width=200, help="30 days or more; 3,650 are ten years."
            )  # fmt: skip
        if days == now:
            return
        with notices.refusal() as refusal:
            if st.button(
                "Save this period" if limited else "Keep without an end",
                key=f"{key}_save",
                type="primary",
            ):
                retention.keep(session.db(), clinic=clinic, what=what, days=days)
                st.toast(f"{word.label}: saved.", icon=":material/check:")
                st.rerun()
        if refusal.sentence:
            st.error(refusal.sentence)


def years(days: int) -> str:
    """ " (some 10 years)", and nothing below two."""
    return f" (some {round(days / 365.25)} years)" if days >= 700 else ""
