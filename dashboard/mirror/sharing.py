"""Sharing one item of the mirror: a look at what will be seen, then sharing it, and taking it back at any time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import streamlit as st

from dashboard import session
from dashboard.forms import asking, clock, notices
from dashboard.mirror import snapshot as seen
from services import identifying, ids, mirror
from services.mirror import Share, Snapshot


@dataclass(frozen=True)
class Preview:
    """What is about to be shared: what is sent is what was looked at, even if another entry arrives meanwhile."""

    snapshot: Snapshot
    entity: str
    op_id: str


def open_preview(key: str, snapshot: Snapshot) -> None:
    # In session state, so that the very words and numbers that were looked at are the ones that are sent, once.
    st.session_state[f"{key}_preview"] = Preview(snapshot, ids.new(), ids.new())


def close_preview(key: str) -> None:
    st.session_state.pop(f"{key}_preview", None)


def done_by_click(key: str, *, item: str, team: UUID) -> str | None:
    """Shares what is in the preview if that was just asked for; before anything is drawn. Returns a refusal's sentence."""
    preview: Preview | None = st.session_state.get(f"{key}_preview")
    if preview is None or not asking.clicked(f"{key}_share_it"):
        return None
    with notices.refusal() as refused:
        mirror.share(
            session.outbox(),
            team=team,
            item=item,
            snapshot=preview.snapshot,
            entity=preview.entity,
            op_id=preview.op_id,
        )
        close_preview(key)
    return refused.sentence


def show(
    item: str, snapshot: Snapshot, *, key: str, shares: list[Share], today: date, refused: str | None = None
) -> None:
    """What of this item is shared now, and the way to share it as it stands. Nothing is shared by looking."""
    for one in shares:
        _shared(one, key=f"{key}_{one.id}", today=today)
    preview: Preview | None = st.session_state.get(f"{key}_preview")
    if preview is None:
        if snapshot.rows:
            st.button(
                "Share this as it stands …", key=f"{key}_share", type="tertiary", icon=":material/visibility:",
                help="You will see first what your supervisor would see.", on_click=open_preview, args=(key, snapshot),
            )  # fmt: skip
        return
    with st.container(border=True, key=f"{key}_preview_card"):
        st.markdown(":material/visibility: This is what your supervisor will see:")
        with st.container(border=True, key=f"{key}_preview_seen_card"):
            seen.show(preview.snapshot, item=item, key=f"{key}_preview_seen")
        st.caption(
            "Supervisors of this team can read it until you take it back. What you enter later does not change it."
        )
        if (
            found := identifying.sentence(" ".join(cell for row in preview.snapshot.rows for cell in row))
            if item == "strengths"
            else None
        ):
            st.warning(found, icon=":material/visibility:")
        if refused:
            st.error(refused)
        with st.container(horizontal=True, gap="small"):
            st.button("Share it", key=f"{key}_share_it", type="primary", icon=":material/check:")
            st.button("Not now", key=f"{key}_not_now", on_click=close_preview, args=(key,))


def _shared(one: Share, *, key: str, today: date) -> None:
    with st.container(border=True, key=f"{key}_shared_card", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key}_shared_row"):
            st.markdown(
                f":material/visibility: Shared with your supervisor {_on(one, today)}, as it stood then.",
                width="stretch",
            )
            st.button("Take it back", key=f"{key}_take_back", on_click=_take_back, args=(one.id,))
        if one.op_id:
            notices.how_far(one.op_id, key=key)
        what = st.expander("What your supervisor sees", key=f"{key}_seen", on_change="rerun", type="compact")
        if what.open:
            with what:
                seen.show(one.snapshot, item=one.item, key=f"{key}_seen")


def _take_back(share: UUID) -> None:
    with session.errors_shown():
        mirror.withdraw(session.outbox(), share=share)


def _on(one: Share, today: date) -> str:
    said = clock.day(one.shared_on, now=today)
    return said if said in ("today", "yesterday") else f"on {said}"
