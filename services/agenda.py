"""The agenda that builds itself: what could be talked about, with reasons and points, and a proposal that fits the time.

Points order a list. They measure nobody, and each stands beside its reason.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Self
from uuid import UUID

from supabase import Client

from services import stored
from services.actions import Action
from services.errors import explained

LEAST, MOST = 10, 20  # minutes of a case: fewer are too few to talk, more are rarely used
MOST_CASES = 200  # candidates that the database compares; any other case is found by its code
SHORT = 5  # minutes of last time's actions, of the theme, and of what went well
ASKED = 5  # points of what its therapist asked to bring
TURN_DUE = 4  # weeks without a turn after which a therapist comes before others
ASK_AGAIN = timedelta(days=60)  # so long after it was done it is asked whether an action has helped


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that could be talked about. `because` holds the reasons, each with its points; `points` is their sum.

    `waited`: weeks since its therapist had a turn, None when they never had one.
    """

    therapist_id: UUID
    therapist: str
    case: UUID
    code: str
    because: tuple[Mapping[str, Any], ...] = ()
    question_id: UUID | None = None
    question: str = ""
    moment: str = ""
    rupture: UUID | None = None
    rupture_kind: str | None = None
    rupture_days: int | None = None
    discussed_on: date | None = None
    waited: int | None = None

    @classmethod
    def from_row(cls, row: Mapping[str, Any], waited: int | None = None) -> Self:
        return cls(
            UUID(row["therapist_id"]), row["therapist"] or "", UUID(row["case_id"]), row["code"] or "",
            because=tuple(_with_points(one) for one in row["because"] or ()), question_id=stored.uid(row["question_id"]), question=row["question"] or "",
            moment=row["moment"] or "", rupture=stored.uid(row["rupture_id"]), rupture_kind=row["rupture_kind"], rupture_days=row["rupture_days"],
            discussed_on=stored.day(row["discussed_on"]), waited=waited,
        )  # fmt: skip

    @property
    def chosen(self) -> bool:
        """Whether its therapist asked to bring it."""
        return self.question_id is not None

    @property
    def points(self) -> int:
        return sum(one["points"] or 0 for one in self.because)

    @property
    def kind(self) -> str:
        """One item for a case, whatever speaks for it: the question before the rupture, the rupture before the flags."""
        return "question" if self.chosen else "rupture" if self.rupture else "case"


@dataclass(frozen=True, slots=True)
class Turn:
    """When a therapist last had a turn, and in how many meetings of the last twelve weeks. For supervisors only; no ranking."""

    therapist_id: UUID
    therapist: str
    last_on: date | None
    turns: int


@dataclass(frozen=True, slots=True)
class Matter:
    """A supervisor's own matter that was carried over."""

    id: UUID
    title: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """What could be on the next agenda. `last_on`: the day of the meeting before; `follow_ups`: how many actions to ask about.

    `own`: matters of a supervisor's that were not reached, or were on a meeting that was called off.
    """

    cases: tuple[Candidate, ...] = ()
    turns: tuple[Turn, ...] = ()
    follow_ups: int = 0
    last_on: date | None = None
    own: tuple[Matter, ...] = ()

    @classmethod
    def from_row(cls, row: Mapping[str, Any], today: date) -> Self:
        turns = tuple(
            Turn(UUID(one["therapist_id"]), one["therapist"] or "", stored.day(one["last_on"]), one["turns"])
            for one in row["turns"]
        )
        waited = {
            one.therapist_id: None if one.last_on is None else (today - one.last_on).days // 7
            for one in turns
        }
        cases = tuple(Candidate.from_row(one, waited.get(UUID(one["therapist_id"]))) for one in row["cases"])
        own = tuple(Matter(UUID(one["id"]), one["title"], one["minutes"]) for one in row.get("own", ()))
        return cls(cases, turns, len(row["follow_ups"]), stored.day(row["last_on"]), own)

    @property
    def cut(self) -> bool:
        """Whether there may be more of them."""
        return len(self.cases) >= MOST_CASES

    def find(self, case: UUID) -> Candidate | None:
        return next((one for one in self.cases if one.case == case), None)


@dataclass(frozen=True, slots=True)
class Proposed:
    """One item of a proposal; `candidate` is the case it is about, `matter` what was carried over of a supervisor's own."""

    kind: str
    minutes: int
    candidate: Candidate | None = None
    matter: Matter | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Items in their order, and the cases that are next in line."""

    items: tuple[Proposed, ...]
    next_in_line: tuple[Candidate, ...] = field(default=())


def row_of_candidates(db: Client, *, team: UUID) -> dict[str, Any]:
    """What `Candidates.from_row` takes. Brings the team's flags up to date. Raises NotAllowed unless the caller supervises the team."""
    with explained():
        return db.rpc("agenda_candidates", {"of_team": str(team)}).execute().data


def candidates(db: Client, *, team: UUID, today: date) -> Candidates:
    """What could be on the team's next agenda, at most 200 cases."""
    return Candidates.from_row(row_of_candidates(db, team=team), today)


def named(one: Candidate) -> str:
    """ "C-1044 · Alice" """
    return " · ".join(part for part in (one.code, one.therapist) if part)


def in_order(cases: Iterable[Candidate]) -> list[Candidate]:
    """Cases as they are proposed. Of each therapist what they chose comes before what a flag names, then the points decide.

    Nobody comes a second time before everybody has come once; within a round whoever has had no turn for four weeks
    comes first, so that everybody comes over the weeks.
    """
    by_therapist: dict[UUID, list[Candidate]] = {}
    for one in sorted(cases, key=lambda one: (not one.chosen, -one.points, one.code, str(one.case))):
        by_therapist.setdefault(one.therapist_id, []).append(one)
    rounds = [(number, one) for theirs in by_therapist.values() for number, one in enumerate(theirs)]
    return [one for _number, one in sorted(rounds, key=lambda pair: (pair[0], *_first_in_round(pair[1])))]


def _first_in_round(one: Candidate) -> tuple[bool, int, bool, str, str]:
    due = one.waited is None or one.waited >= TURN_DUE
    return (not due, -one.points, not one.chosen, one.code, str(one.case))


def compose(found: Candidates, *, minutes: int = 60) -> Proposal:
    """A proposal that fits: last time's actions, as many cases as have ten minutes each, matters carried over, the theme, what went well.

    Where not even one case would fit beside them, the theme gives way first, then what went well, then the actions.
    """
    frame = ["follow_ups"] * bool(found.follow_ups) + ["theme", "went_well"]
    if found.cases:
        for kind in ("theme", "went_well", "follow_ups"):
            if minutes - SHORT * len(frame) < LEAST and kind in frame:
                frame.remove(kind)
    left = minutes - SHORT * len(frame)
    own = []
    for matter in found.own:  # as long as they leave ten minutes for a case
        if left - matter.minutes >= (LEAST if found.cases else 0):
            own.append(Proposed("own", matter.minutes, matter=matter))
            left -= matter.minutes
    order = in_order(found.cases)
    on = order[: max(0, left // LEAST)]
    each = min(MOST, left // len(on)) if on else 0
    items = [
        *(Proposed(kind, SHORT) for kind in frame if kind == "follow_ups"),
        *(Proposed(one.kind, each, one) for one in on),
        *own,
        *(Proposed(kind, SHORT) for kind in frame if kind != "follow_ups"),
    ]
    return Proposal(tuple(items), tuple(order[len(on) :]))


def follow_ups(db: Client, *, team: UUID, today: date, also: Iterable[UUID] = ()) -> list[Action]:
    """Actions to ask about: those open, and those done of which it is not known whether they helped. `also`: others by their ids."""
    since = (today - ASK_AGAIN).isoformat()
    wanted = f"state.eq.open,and(state.eq.done,done_on.gte.{since},or(helped.is.null,helped.eq.too_early))"
    if named := ",".join(str(one) for one in also):
        wanted += f",id.in.({named})"
    with explained():
        query = db.table("action_list").select("*").eq("team_id", str(team)).or_(wanted)
        rows = query.order("due_on", nullsfirst=False).order("created_on").limit(200).execute().data
    return [Action.from_row(row) for row in rows]


def too_short(minutes: Iterable[int]) -> int:
    """How many cases have fewer than ten minutes."""
    return sum(one < LEAST for one in minutes)


def fit(minutes: int, *, kept: int, cases: int) -> int:
    """Minutes for each of so many cases when `kept` minutes go to the rest; 0 when nothing is left."""
    return max(0, min(MOST, (minutes - kept) // cases)) if cases else 0


def _with_points(one: Mapping[str, Any]) -> dict[str, Any]:
    return {**one, "points": ASKED} if one["why"] == "chosen" else dict(one)
