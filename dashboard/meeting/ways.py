"""Ways through a meeting, the same on every device that runs it: previous, next, the clock, the end; by pointer and by key."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import components, session
from dashboard.meeting import pressing
from services import chairing
from services.meetings import Item, Meeting


def moving(meeting: Meeting, *, key: Callable[[str], str], last: str = "Done", primary: bool = False) -> None:
    """Previous and next, and the clock of the present item. `key` makes a widget's key of its name, `last` says the end of the agenda.

    Keys hold the item, so that a press on what was there before never does anything to what is there now.
    """
    item = meeting.current
    mark = item.id if item else "none"
    before, after = meeting.next_item(-1), meeting.following
    st.button(
        "Previous", key=key(f"previous_{mark}"), icon=":material/chevron_left:", disabled=before is None, shortcut=pressing.key("P"),
        on_click=pressing.pressed, args=(go,), kwargs={"meeting": meeting, "to": before},
    )  # fmt: skip
    st.button(
        "Next" if after or item is None else last, key=key(f"next_{mark}"), icon=":material/chevron_right:",
        type="primary" if primary else "secondary", disabled=after is None and item is None, shortcut=pressing.key("N"),
        on_click=pressing.pressed, args=(go,), kwargs={"meeting": meeting, "to": after, "left": "done" if item else None},
    )  # fmt: skip
    if item:
        runs = meeting.clock_since is not None
        st.button(
            "Stop the clock" if runs else "Start the clock", key=key(f"clock_{mark}_{runs}"), shortcut=pressing.key("T"),
            icon=":material/pause:" if runs else ":material/play_arrow:", on_click=pressing.pressed, args=(_clock,),
            kwargs={"meeting": meeting, "running": not runs},
        )  # fmt: skip


def ending(meeting: Meeting, *, named: Callable[[Item], str], key: str) -> None:
    """The button that ends the meeting, and first what that does. `named` says what an item is called on this device."""
    left = [named(one) for one in meeting.items if one.state == "on" and one.id != meeting.item]
    components.sure("End the meeting", what_ending_does(left, meeting.current), "End it now", key=key, on_click=pressing.tried, args=(_end, meeting))  # fmt: skip


def what_ending_does(left: list[str], item: Item | None) -> str:
    """In a sentence or two, with the names of what is left."""
    present = "What you are at counts as talked about. " if item else ""
    if not left:
        return f"{present}Everything on the agenda has been talked about."
    return f"{present}Carried over to next time: {'; '.join(left)}."


def go(*, meeting: Meeting, to: Item | None, left: str | None = None) -> None:
    chairing.go(session.outbox(), meeting=meeting, to=to, left=left)


def _clock(*, meeting: Meeting, running: bool) -> None:
    chairing.clock(session.outbox(), meeting=meeting, running=running)


def _end(meeting: Meeting) -> None:
    chairing.end(session.outbox(), meeting=meeting, left="done" if meeting.current else None)
