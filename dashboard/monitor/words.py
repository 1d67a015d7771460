"""What the monitor says of its list and of a case: plain sentences, made without a screen."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from dashboard.components.states import age_words
from dashboard.forms import clock
from services import vocabulary
from services.flags import Flag, Standing, Watched

AN_AID = "Points add up the flags of a case. They are an aid to order the list, not a risk score, and measure nobody."


def cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count:,} cases"


def standing(found: Standing) -> str:
    """ "12 cases have a flag up in 2 teams; 3 are to be looked at first; 5 have not been discussed …" """
    if not found.cases:
        return (
            "No case has a flag up today. That says what was entered and what was not, and no more than that."
        )
    where = "1 team" if found.teams == 1 else f"{found.teams} teams"
    parts = [f"{cases(found.cases)} {'has' if found.cases == 1 else 'have'} a flag up in {where}"]
    if found.first:
        parts.append(f"{found.first} {'is' if found.first == 1 else 'are'} to be looked at first")
    if found.undiscussed:
        verb = "has" if found.undiscussed == 1 else "have"
        parts.append(f"{found.undiscussed} {verb} not been discussed for longer than the team allows")
    return "; ".join(parts) + "."


def for_how_long(since: date, today: date) -> str:
    """ "since today", "for 6 weeks" """
    days = (today - since).days
    return "since today" if days <= 0 else f"for {age_words(days)}"


def severity(key: str) -> str:
    return vocabulary.label("flag_severity", key)


def discussed(on: date | None, today: date) -> str:
    if on is None:
        return "Not discussed yet"
    return "Discussed today" if on >= today else f"Last discussed {age_words((today - on).days)} ago"


def on_it(assigned: Iterable[Mapping[str, Any]], today: date) -> str:
    """Who was asked to see to it, and by when; or that nobody was."""
    said = [f"{one['to']}{_due(one['due_on'], today)}" for one in assigned]
    return f"Given to {', '.join(said)}" if said else "Nobody has been asked yet"


def actions(open_ones: Iterable[Mapping[str, Any]], today: date) -> str:
    """How many actions are open, their age, day and owner; their words stay with therapist and supervisor."""
    said = [
        f"{one['owner'] or 'somebody'}, agreed {_ago(one['age'])}{_due(one['due_on'], today)}"
        for one in open_ones
    ]
    if not said:
        return "No action open"
    return f"{'1 action' if len(said) == 1 else f'{len(said)} actions'} open: {'; '.join(said)}"


def window(flag: Flag, today: date) -> str:
    """What the flag looked at: from when to when, how many entries, first seen."""
    parts = []
    if flag.window_from and flag.window_to:
        parts.append(
            f"{clock.date_words(flag.window_from, now=today)} to {clock.date_words(flag.window_to, now=today)}"
        )
    elif flag.window_to:
        parts.append(f"as of {clock.date_words(flag.window_to, now=today)}")
    parts.append("1 entry" if flag.n == 1 else f"{flag.n} entries")
    parts.append(f"first seen {clock.date_words(flag.first_seen, now=today)}")
    parts.append(f"{flag.rule}, version {flag.version}")
    return " · ".join(parts)


def came_back(flag: Flag, today: date) -> str:
    """ "came back, for the 2nd time" where it was down in between or its rest is over; else nothing."""
    if flag.spell > 1:
        return (
            "came back"
            if flag.spell == 2
            else f"came back for the {flag.spell - 1}{_th(flag.spell - 1)} time"
        )
    return "its rest is over" if flag.back(today) else ""


def own_view(flag: Flag, today: date) -> str:
    """What the reader did about it last; else nothing."""
    if flag.mine is None or flag.back(today):
        return ""
    if flag.mine == "snoozed" and flag.rests_until:
        return f"rests in your list until {clock.date_words(flag.rests_until, now=today)}"
    return f"you: {vocabulary.label('flag_work', flag.mine).lower()}"


def row(case: Watched, today: date) -> dict[str, Any]:
    """The case as a line of a file."""
    return {
        "Case": case.code, "Team": case.team_name, "Therapist": case.therapist, "How pressing": severity(case.severity),
        "Points (to order the list, no risk score)": case.points, "Made up of": case.reasons(), "Since": case.since.isoformat(),
        "Days": (today - case.since).days, "Flags": "; ".join(flag.label for flag in case.flags),
        "Why": " ".join(flag.why() for flag in case.flags), "What clears it": " ".join(dict.fromkeys(flag.clears() for flag in case.flags)),
        "Given to": "; ".join(str(one["to"]) for one in case.assigned), "Open actions": len(case.actions),
        "Next due": min((str(one["due_on"]) for one in (*case.actions, *case.assigned) if one["due_on"]), default=""),
        "Last discussed": case.discussed_on.isoformat() if case.discussed_on else "",
    }  # fmt: skip


def _due(day: str | None, today: date) -> str:
    return f", by {clock.date_words(date.fromisoformat(day), now=today)}" if day else ""


def _ago(days: int) -> str:
    return "today" if days <= 0 else f"{age_words(days)} ago"


def _th(n: int) -> str:
    return {2: "nd", 3: "rd"}.get(n, "th")
