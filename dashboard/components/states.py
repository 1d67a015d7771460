"""How things stand: nothing here yet, too few to show, saved or synced, how old, which week."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from dashboard.components.text import plain
from services import weeks
from services.outbox import Status
from services.vocabulary import OPERATION_STATES

STYLE = Path(__file__).resolve().parent.parent / "style.css"

# "green" is the theme's teal.
STATE_LOOKS = {
    "saved": ("yellow", ":material/save:"),
    "sending": ("yellow", ":material/cloud_upload:"),
    "synced": ("green", ":material/cloud_done:"),
    "parked": ("orange", ":material/edit_note:"),
}


def page_frame() -> None:
    """What every page of a run stands in: the style sheet. Called once, before the page."""
    st.html(STYLE)


def suppressed(sentence: str) -> None:
    """Says that something is not shown because too few people or entries stand behind it."""
    st.info(plain(sentence), icon=":material/group:")


def empty_state(title: str, sentence: str, *, key: str, page: str | None = None, link: str = "") -> None:
    """Nothing here yet: what that means, and the page (a path or st.Page) where it can begin."""
    with st.container(border=True, key=f"{key}_empty"):
        st.header(plain(title), anchor=False)
        st.markdown(plain(sentence))
        if page:
            st.page_link(page, label=link, icon=":material/arrow_forward:")


def sync_badge(status: Status) -> None:
    """The small indicator that is always there: all synced, so many waiting since, or somebody is needed."""
    with st.container(key="sync_badge"):
        if status.parked:
            many = f"{status.parked} need you" if status.parked > 1 else "1 needs you"
            color, icon = STATE_LOOKS["parked"]
            st.badge(many, color=color, icon=icon, help=OPERATION_STATES["parked"].help)
        elif status.waiting:
            since = f" since {clock(status.since)}" if status.since else ""
            color, icon = STATE_LOOKS["sending"]
            st.badge(
                f"{status.waiting} waiting{since}",
                color=color,
                icon=icon,
                help=OPERATION_STATES["saved"].help,
            )
        else:
            color, icon = STATE_LOOKS["synced"]
            st.badge(
                "All synced", color=color, icon=icon, help="Everything you entered is safe in the database."
            )


def saved_state(state: str) -> None:
    """How far one entry has come: saved here, sending, synced, or waiting for its author."""
    word, (color, icon) = OPERATION_STATES[state], STATE_LOOKS[state]
    st.badge(word.label, color=color, icon=icon, help=word.help)


def clock(moment: datetime) -> str:
    """ "14:05" on the same day in the reader's time zone, else "Mon 14:05"."""
    try:
        zone = ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = UTC
    local = moment.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == datetime.now(zone).date() else f"{local:%a %H:%M}"


def age_words(days: int) -> str:
    """ "today", "1 day", "13 days"; from four weeks on weeks, from half a year on months."""
    if days <= 0:
        return "today"
    for length, unit, least in ((30, "month", 180), (7, "week", 28), (1, "day", 1)):
        if days >= least:
            count = days // length
            return f"{count} {unit}{'s' if count > 1 else ''}"
    raise AssertionError(days)


def week_words(day: date, *, today: date | None = None) -> str:
    """ "this week", "last week" or nothing, before the week's name: "last week, 2026-W46 (9 to 15 November)"."""
    now = weeks.monday(today or datetime.now(UTC).date())
    near = {0: "this week, ", 7: "last week, ", -7: "next week, "}.get((now - weeks.monday(day)).days, "")
    return near + weeks.in_words(day)
