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
# What its author wants and what the screen has → how a part stands.
STANDS = {(True, True): "on the screen", (True, False): "on its way to the screen", (False, True): "still on the screen", (False, False): "not on the screen"}  # fmt: skip
READ = "This is what the others will read:"
GOES = "It goes as soon as this server reaches the database."
COMES = "It comes as soon as this server reaches the database."
SAYS_RUPTURE = "With it the screen also says that this is about a rupture."


def show(at: At, item: Item, *, released_only: bool = False) -> None:
    """Every part there is; `released_only`: what was talked about already is only taken back.

    The screen is at what the database has: what was taken back or let go here is still, or not yet, on it until that is reached.
    """
    parts, on, there = own_items.releasable(item), item.known.released, on_the_screen(at, item)
    st.markdown(f"**On the shared screen:** {in_words(there)}")
    if going := tuple(part for part in there if part not in on):
        st.warning(f"You have taken this back, and it is still on the shared screen: {named(going)}. {GOES}", icon=":material/tv:")  # fmt: skip
    if coming := tuple(part for part in on if part not in there):
        st.caption(f"Not on the shared screen yet: {named(coming)}. {COMES}")
    for part, value in parts.items():
        if part in on or not released_only:
            _part(at, item, part, value, shown=part in on, there=part in there)


def on_the_screen(at: At, item: Item) -> tuple[str, ...]:
    """The parts that the screen has."""
    stands = at.as_it_stands(item.id)
    return stands.known.released if stands and stands.known else ()


def in_words(on: tuple[str, ...]) -> str:
    """ "its label only", "its label, the moment and your question" """
    return f"its label, {named(on)}." if on else "its label only."


def named(parts: tuple[str, ...]) -> str:
    """ "the moment, your question" """
    labels = [vocabulary.label("released_part", part) for part in vocabulary.RELEASED_PARTS if part in parts]
    return ", ".join(components.plain(one[:1].lower() + one[1:]) for one in labels)


def _part(at: At, item: Item, part: str, value: Any, *, shown: bool, there: bool) -> None:
    key = at.key(f"release_{item.id}_{part}")
    opened = st.expander(
        f"{vocabulary.label('released_part', part)} · {STANDS[shown, there]}", key=key,
        on_change="rerun", type="compact", icon=":material/tv:" if shown or there else ":material/lock:",
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
