"""ISO weeks: named by their Monday, spelt 2026-W47."""

from datetime import date, timedelta

WEEK = timedelta(weeks=1)


def monday(day: date) -> date:
    """The Monday of the ISO week that holds this day."""
    return day - timedelta(days=day.weekday())


def spelt(day: date) -> str:
    """ "2026-W47" for any day of that week."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def in_words(day: date) -> str:
    """ "2026-W47 (16 to 22 November)"; months and years are repeated only where they differ."""
    first, last = monday(day), monday(day) + timedelta(days=6)
    start = f"{first.day}" if first.month == last.month else f"{first.day} {first:%B}"
    return f"{spelt(day)} ({start} to {last.day} {last:%B})"


def last(count: int, *, until: date) -> list[date]:
    """The Mondays of the last `count` weeks, oldest first; the week of `until` is the last one."""
    return [monday(until) - WEEK * back for back in range(count - 1, -1, -1)]
