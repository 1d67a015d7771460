"""What of one's own item may be on the shared screen, part by part: nothing by itself, and nothing unseen."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import components, session
from dashboard.forms import last_seen, notices
from dashboard.meeting import released
from dashboard.meeting.at import At
from services import own_items, ruptures, vocabulary
from services.meetings import Item

NOT_NOW = "It cannot be shown just now, so it cannot be released unseen."
READ = "This is what the others will read:"
SAYS_RUPTURE = "With it the screen also says that this is about a rupture."


def show(at: At, item: Item, *, released_only: bool = False) -> None:
    """Every part there is; `released_only`: what was talked about already is only taken back."""
    parts, on = own_items.releasable(item), item.known.released
    st.markdown(f"**On the shared screen:** {in_words(on)}")
    for part, value in parts.items():
        if part in on or not released_only:
            _part(at, item, part, value, shown=part in on)


def in_words(on: tuple[str, ...]) -> str:
    """ "its label only", "its label, the moment and your question" """
    named = [vocabulary.label("released_part", part) for part in vocabulary.RELEASED_PARTS if part in on]
    named = [components.plain(one[:1].lower() + one[1:]) for one in named]
    return f"its label, {', '.join(named)}." if named else "its label only."


def _part(at: At, item: Item, part: str, value: Any, *, shown: bool) -> None:
    key = at.key(f"release_{item.id}_{part}")
    opened = st.expander(
        f"{vocabulary.label('released_part', part)} · {'on the screen' if shown else 'not on the screen'}", key=key,
        on_change="rerun", type="compact", icon=":material/tv:" if shown else ":material/lock:",
    )  # fmt: skip
    if not opened.open:
        return
    with opened:
        seen = _preview(at, item, part, value, key=key)
        if not seen:
            st.caption(NOT_NOW)
        if (seen or shown) and st.button(
            "Take it off the screen" if shown else "Put it on the shared screen", key=f"{key}_{'off' if shown else 'on'}",
            type="secondary" if shown else "primary", icon=":material/tv_off:" if shown else ":material/tv:",
        ):  # fmt: skip
            with notices.refusal() as refusal:
                stays = [one for one in item.known.released if one != part]
                own_items.release(
                    at.outbox, meeting=at.meeting, item=item, parts=stays if shown else [*stays, part]
                )
                st.rerun()
            st.error(refusal.sentence)


def _preview(at: At, item: Item, part: str, value: Any, *, key: str) -> bool:
    """The part as the others will read it; False where it is not known just now."""
    known, rupture = item.known, None
    if part == "picture":
        read = last_seen.of(f"own_picture_{known.case}", lambda: own_items.picture(session.db(), team=at.team, case=known.case), otherwise=None)  # fmt: skip
        value = read.value
    elif part == "reasons" and known.rupture:
        rupture = _rupture(at, item)
    if value is None or (part == "reasons" and known.rupture and rupture is None):
        return False
    st.caption(READ)
    with st.container(border=True, key=f"{key}_preview", gap="xsmall"):
        released.show(part, value, key=key, rupture=rupture)
    if rupture:
        st.caption(SAYS_RUPTURE)
    return True


def _rupture(at: At, item: Item) -> dict[str, Any] | None:
    """The rupture as the screen would say it: kind, days, how far its repair has come."""
    known = item.known
    read = last_seen.of(
        f"meeting_ruptures_{known.case}", lambda: ruptures.open_in(session.db(), team=at.team, therapist=at.me, case=known.case), otherwise=[]
    )  # fmt: skip
    one = next((one for one in read.value if one.id == known.rupture), None)
    return {"kind": one.kind, "days": one.days_open, "stage": one.stage} if one else None
