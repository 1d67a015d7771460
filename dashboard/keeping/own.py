"""Requests to erase something of one's own, for its therapist: what waits, what was kept, what went and why."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.forms import clock, last_seen, notices
from services import erasure, gone
from services.erasure import Request


def show(*, me: UUID, teams: tuple[UUID, ...]) -> None:
    """All requests about one's own entries, the open ones first; nothing where there was never one."""

    def read() -> list[Request]:
        return [
            one
            for team in teams
            for one in erasure.of_team(session.db(), team=team)
            if one.therapist_id == me
        ]

    seen = last_seen.of("own_erasures", read, otherwise=[])
    notices.away(
        seen.trouble, "What you see of requests to erase is from before." if seen.known else "Requests to erase cannot be shown just now."
    )  # fmt: skip
    if not seen.value:
        return
    st.header("What was asked to be erased", anchor=False)
    st.caption(
        "Of your own cases and reflections. Of what is gone, the counts are left and the basis, and no code."
    )
    st.markdown("\n".join(f"- {about(one)}{sentence(one)}" for one in seen.value))


def about(one: Request) -> str:
    """What a request that waits or was refused is about; an approved one does not know any more."""
    if one.state == "approved":
        return ""
    return f"{components.plain(one.code)}: " if one.code else "All your weekly reflections: "


def sentence(one: Request) -> str:
    """What became of a request, in a sentence or two."""
    if one.state == "asked":
        return f"**Asked for** {clock.moment(one.asked_at)}: it waits for an administrator of the team. Until then everything stays as it is."
    decided = clock.moment(one.decided_at) if one.decided_at else ""
    basis = f"Basis: {components.plain(one.basis)}"
    if one.state == "refused":
        return f"**Refused** {decided}: {'the case is kept' if one.code else 'all of them are kept'}. {basis}"
    what = "a case of yours" if one.gone.get("cases") else "your weekly reflections"
    return f"**Erased on request** {decided}: {what}. What went: {gone.in_words(one.gone)}. {basis}"
