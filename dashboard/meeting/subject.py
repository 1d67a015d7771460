"""What an item of a meeting is about, as far as a supervisor may know it: its case, its rupture, and what prompts are marked on."""

from __future__ import annotations

from typing import Any

from dashboard import session
from dashboard.forms import last_seen, ruptures_now
from dashboard.forms.last_seen import Seen
from dashboard.forms.prompt_subject import Subject
from dashboard.meeting.at import At
from services import cases, episodes, prompts, ruptures
from services.cases import Case
from services.meetings import Item
from services.ruptures import Rupture

UNKNOWN: dict[str, Any] = {"subject": "episode"}  # what a prompt may go by when nothing was logged


def about_a_rupture(item: Item) -> bool:
    """The shared screen calls such an item a case until its reasons are released; who presents knows."""
    return (item.known.kind if item.known else item.kind) == "rupture"


def case_of(at: At, item: Item) -> Seen[Case | None]:
    case = item.known.case
    return last_seen.of(
        f"meeting_case_{case}", lambda: cases.find(session.db(), team=at.team, case=case), otherwise=None
    )


def rupture_of(at: At, item: Item) -> Seen[Rupture | None]:
    """The rupture of an item as it will be with what waits; one that was closed meanwhile with its close."""
    known = item.known
    where = {"team": at.team, "therapist": known.therapist_id, "case": known.case}

    def read() -> list[Rupture]:
        found = ruptures.open_in(session.db(), **where)
        return found if any(one.id == known.rupture for one in found) else found + ruptures.closed_in(session.db(), **where)  # fmt: skip

    seen = last_seen.of(f"meeting_rupture_{known.rupture}", read, otherwise=[])
    own = [one for one in seen.value if one.id == known.rupture]
    names = {known.case: known.code}
    closed = [one for one in own if one.closed_on] + [
        one for one, _op in ruptures_now.closing(own, at.waiting)
    ]
    now = closed or ruptures_now.still_open(
        own, [op for op in at.waiting if op.entity == str(known.rupture)], team=at.team, me=at.me, name=known.therapist, codes=names, today=at.today
    )  # fmt: skip
    return Seen(now[0] if now else None, seen.trouble, seen.known)


def subject_of(at: At, item: Item) -> Subject | None:
    """The rupture, or the latest episode of the case: what fits and what was used is about it. None where nothing was logged."""
    if about_a_rupture(item):
        rupture = rupture_of(at, item).value
        return Subject(rupture=rupture) if rupture else None
    known = item.known
    latest = last_seen.of(
        f"meeting_episode_{known.case}",
        lambda: episodes.recent(
            session.db(), team=at.team, therapist=known.therapist_id, case=known.case, limit=1
        ),
        otherwise=[],
    ).value
    return Subject(episode=latest[0]) if latest else None


def facts_of(at: At, item: Item, subject: Subject | None) -> dict[str, Any]:
    """What was logged about it, for the prompts; without an episode the causes as they were last rated."""
    if subject is None:
        rated = {f"cause.{cause}": rating for cause, rating in item.known.causes.items()}
        strongest = prompts.strongest(item.known.causes)
        return UNKNOWN | rated | ({"strongest_causes": strongest} if strongest else {})
    return last_seen.of(
        f"meeting_facts_{subject.id}", lambda: subject.facts(session.db(), today=at.today), otherwise=UNKNOWN
    ).value
