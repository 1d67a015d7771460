"""Days and hours as the person at the browser has them; the server may stand elsewhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st


def _zone() -> ZoneInfo:
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def today() -> date:
    return datetime.now(_zone()).date()


def midnight(of: date) -> datetime:
    """The first moment of a day where the person is."""
    return datetime(of.year, of.month, of.day, tzinfo=_zone())


def stamp(at: datetime) -> str:
    """A moment as a list shows it: "2026-11-16 14:05:09"."""
    return f"{at.astimezone(_zone()):%Y-%m-%d %H:%M:%S}"


def hour(moment: datetime) -> str:
    """ "14:05" """
    return f"{moment.astimezone(_zone()):%H:%M}"


def moment(at: datetime) -> str:
    """ "today at 14:05", "yesterday at 9:30", "on 16 November at 14:05" """
    there = at.astimezone(_zone())
    days = (datetime.now(UTC).astimezone(_zone()).date() - there.date()).days
    when = {0: "today", 1: "yesterday"}.get(days, f"on {there.day} {there:%B}")
    return f"{when} at {there:%H:%M}"


def day(of: date, *, now: date) -> str:
    """ "today", "yesterday", "16 November", "16 November 2025" """
    if timedelta(0) <= now - of <= timedelta(days=1):
        return "today" if of == now else "yesterday"
    return date_words(of, now=now)


def date_words(of: date, *, now: date) -> str:
    """ "16 November", "16 November 2025" """
    return f"{of.day} {of:%B}" + (f" {of.year}" if of.year != now.year else "")


def days(count: int) -> str:
    """ "1 day", "12 days" """
    return "1 day" if count == 1 else f"{count} days"


def opening(words: str) -> str:
    """The same words as the beginning of a sentence."""
    return words[:1].upper() + words[1:]
