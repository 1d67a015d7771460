"""Who saw and changed what, and when: the log in plain words, page by page, and as a file. It holds no content."""

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from supabase import Client

from services import entries
from services.errors import explained

PAGE = 25  # rows on the screen
AT_ONCE = 1_000  # rows, as many as the API gives at once
MOST = 100_000  # rows of a file
OPERATOR = "The operator"  # no person signed in did it

PLACES = {
    "own": "What is about me and my cases",
    "team": "A team",
    "clinic": "The clinic: people, measures, periods",
}

ACTIONS = {
    "insert": "Added", "update": "Changed", "delete": "Deleted", "read": "Looked at", "export": "Taken out as a file",
    "erase": "Erased on request", "purge": "Purged after its time",
}  # fmt: skip

#: Each table that the log names, in a person's words. Lists and reports that are taken out have a name of their own.
KINDS = {
    "cases": "Case",
    "case_texts": "Text on a case",
    "case_transfers": "Handing over of a case",
    "sessions": "Session",
    "episodes": "Resistance episode",
    "ratings": "Rating of a cause",
    "ruptures": "Rupture",
    "repair_steps": "Repair step",
    "notes": "Note",
    "goals": "Goal",
    "goal_progress": "Progress on a goal",
    "tasks": "Between-session work",
    "task_checks": "Look at between-session work",
    "scores": "Score",
    "check_ins": "Check-in",
    "check_in_guesses": "Guess at a check-in",
    "formulation_entries": "Field of a formulation",
    "strategies": "Strategy",
    "strategy_verdicts": "Verdict on a strategy",
    "plan_reviews": "Plan review",
    "step_backs": "Step back",
    "reflections": "Weekly reflection",
    "reflection_parts": "Part of a weekly reflection",
    "mirror_shares": "Item shared from a mirror",
    "questions": "Question for supervision",
    "prompt_uses": "Prompt used",
    "prompts": "Prompt of the library",
    "flag_events": "Work on a flag",
    "actions": "Action",
    "meetings": "Meeting",
    "agenda_items": "Item of an agenda",
    "agenda_words": "Words for a meeting",
    "decisions": "Decision of a meeting",
    "reratings": "Rating after a discussion",
    "meeting_screens": "Shared screen of a meeting",
    "reveals": "Reason of a lead for a look",
    "clinics": "Clinic",
    "teams": "Team",
    "team_settings": "Thresholds of a team",
    "people": "Person",
    "memberships": "Role",
    "invitations": "Invitation",
    "measures": "Measure",
    "retention_periods": "Retention period",
    "legal_holds": "Hold",
    "erasure_requests": "Request for erasure",
    "audit_log": "This log",
    "own_data": "Own data, all of it",
    "monitor_list": "List of the monitor",
    "monthly_summary": "Month on one page",
    "meeting_pack": "Meeting on paper, with names",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the log is asked for: a place (`team` for all but the clinic), and what narrows it.

    `actor`: who did it; `not_me` leaves out what the caller did. `since` is the first moment, `until` the first one after.
    """

    place: str
    team: UUID | None = None
    actor: UUID | None = None
    not_me: bool = False
    kinds: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log. `actor` and `about` are names as far as the reader may know them, `code` that of a case they may read."""

    id: int
    at: datetime
    actor: str
    action: str
    kind: str
    row: str
    about: str
    code: str

    @classmethod
    def from_row(cls, row: dict) -> Self:
        return cls(
            id=row["id"], at=datetime.fromisoformat(row["happened_at"]),
            actor=OPERATOR if row["actor_id"] is None else row["actor_name"] or "Somebody of another clinic",
            action=row["action"], kind=row["table_name"], row=row["row_id"], about=row["subject_name"] or "", code=row["code"] or "",
        )  # fmt: skip

    @property
    def what(self) -> str:
        """ "Resistance episode" """
        return KINDS.get(self.kind, self.kind.replace("_", " ").capitalize())

    @property
    def did(self) -> str:
        return ACTIONS[self.action]

    @property
    def short(self) -> str:
        """The end of the row's id, enough to tell two rows apart: "…3f2a9c"."""
        return f"…{self.row[-6:]}"


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, the newest first; `more` says whether older ones follow."""

    entries: tuple[Entry, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Somebody:
    """Whoever may have acted in a team."""

    id: UUID
    name: str


def page(db: Client, asked: Asked, *, after: Entry | None = None, amount: int = PAGE) -> Page:
    """Lines of the log that the caller may read, older than `after`."""
    found = _rows(db, asked, after, amount + 1)
    return Page(tuple(found[:amount]), len(found) > amount)


def every(db: Client, asked: Asked, *, most: int = MOST) -> Iterator[Entry]:
    """All that the filters leave, the newest first, read in pages; at most `most`."""
    last, left = None, most
    while left > 0:
        found = _rows(db, asked, last, min(left, AT_ONCE))
        yield from found
        if len(found) < min(left, AT_ONCE):
            return
        last, left = found[-1], left - len(found)


def as_csv(db: Client, asked: Asked, *, most: int = MOST) -> bytes:
    """All that the filters leave as a file; that it was taken out is logged first, and so is in it."""
    take_out(db, asked)
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(["when", "who", "did", "what", "case", "about", "row"])
    for one in every(db, asked, most=most):
        moment = one.at.isoformat(timespec="seconds")
        out.writerow([moment, *map(_safe, (one.actor, one.did, one.what, one.code, one.about)), one.short])
    return text.getvalue().encode("utf-8-sig")


def take_out(db: Client, asked: Asked) -> None:
    """Note in the log that it is taken out. Raises NotAllowed where it is not the caller's to take."""
    if asked.place == "team":
        call, params = "log_export", {"team": _text(asked.team), "what": "audit_log"}
    else:
        call, params = "log_audit_export", {"place": asked.place, "team": _text(asked.team)}
    with explained():
        db.rpc(call, params).execute()


def people(db: Client, *, team: UUID) -> list[Somebody]:
    """Who holds or held a role in the team, by name, as far as the caller may know them; at most 1,000."""
    with explained():
        held = (
            db.table("memberships").select("person_id").eq("team_id", str(team)).limit(AT_ONCE).execute().data
        )
        here = sorted({row["person_id"] for row in held})
        found = db.table("people").select("id, display_name").in_("id", here).limit(AT_ONCE).execute().data
    return sorted(
        (Somebody(UUID(row["id"]), row["display_name"]) for row in found),
        key=lambda one: (one.name.casefold(), str(one.id)),
    )


def _rows(db: Client, asked: Asked, after: Entry | None, amount: int) -> list[Entry]:
    params = {
        "place": entries.one_of(asked.place, PLACES, "which part of the log", needed=True), "team": _text(asked.team), "actor": _text(asked.actor),
        "not_me": asked.not_me, "kinds": _some(asked.kinds, KINDS, "what it is about"), "actions": _some(asked.actions, ACTIONS, "what was done"),
        "since": asked.since.isoformat() if asked.since else None, "until": asked.until.isoformat() if asked.until else None,
        "before_at": after.at.isoformat() if after else None, "before_id": after.id if after else None, "amount": amount,
    }  # fmt: skip
    with explained():
        rows = db.rpc("audit_entries", params).execute().data
    return [Entry.from_row(row) for row in rows]


def _some(chosen: Collection[str], words: dict[str, str], what: str) -> list[str] | None:
    return entries.some_of(chosen, words, what) or None


def _safe(said: str) -> str:
    """A name that a spreadsheet would run as a formula gets an apostrophe in front."""
    return f"'{said}" if said[:1] in ("=", "+", "-", "@", "\t", "\r") else said


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
