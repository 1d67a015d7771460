"""Flags: the indicators R1–R11 as the database found them, in words: what it saw, since when, and which entry would clear it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Self
from uuid import UUID

from supabase import Client

from services import entries, ids, vocabulary
from services.errors import Refused, explained
from services.outbox import Operation, Outbox

SHOWN = {"to_do": "To do", "assigned": "Given to me", "resting": "Resting", "all": "All"}
STANDS_STILL = ("R1", "R2", "R3", "R5", "R8")  # what the figures of stagnation count
STEP_BACK_FROM = frozenset({"R1", "R2", "R3", "R8"})  # rules that a step back is offered from
LONGEST_NOTE = 500
MOST = 200  # cases of one answer
SHORTEST_REASON = 10  # of a rest; that of a lead's look is 30


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag that is up. `numbers` is what the rule compared; `points` order a list and measure nobody.

    `mine`: what the reader has done about it last (acknowledged, snoozed, resolved), `rests_until` when it is snoozed.
    `spell` 2 or more: it was down in between.
    """

    id: UUID
    rule: str
    about: str
    severity: str
    numbers: Mapping[str, Any]
    n: int
    since: date
    first_seen: date
    window_from: date | None = None
    window_to: date | None = None
    version: int = 1
    spell: int = 1
    points: int = 0
    mine: str | None = None
    rests_until: date | None = None

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        return cls(
            id=UUID(row["id"]), rule=row["rule"], about=row["about"], severity=row["severity"], numbers=row["numbers"], n=row["n"],
            since=date.fromisoformat(row["since"]), first_seen=date.fromisoformat(row["first_seen"]), window_from=_day(row["window_from"]),
            window_to=_day(row["window_to"]), version=row.get("version") or row.get("rule_version") or 1, spell=row["spell"],
            points=row.get("points") or 0, mine=row.get("my_kind"), rests_until=_day(row.get("my_until")),
        )  # fmt: skip

    @property
    def label(self) -> str:
        """ "No reliable improvement · PHQ-9" """
        return named(self.rule, self.about)

    def why(self) -> str:
        """The rule and its numbers, in a sentence."""
        return _WHY[self.rule](self.numbers)

    def clears(self) -> str:
        """Which entry would clear it, in a sentence."""
        return _CLEARS[self.rule](self.numbers)

    def back(self, today: date) -> bool:
        """Whether it comes up again: its rest is over, or it was down in between."""
        return self.spell > 1 or (
            self.mine == "snoozed" and self.rests_until is not None and self.rests_until <= today
        )

    def put_aside(self, today: date) -> bool:
        """Whether its reader has it off their list: seen, dealt with, or at rest until a day to come."""
        if self.mine == "snoozed":
            return self.rests_until is not None and today < self.rests_until
        return self.mine in ("acknowledged", "resolved")


@dataclass(frozen=True, slots=True)
class Watched:
    """One case with flags up, as the list shows it. `actions`: age in days, due day and owner of open ones."""

    team: UUID
    team_name: str
    therapist_id: UUID
    therapist: str
    case: UUID
    code: str
    points: int
    since: date
    severity: str
    discussed_on: date | None
    flags: tuple[Flag, ...]
    actions: tuple[Mapping[str, Any], ...] = ()
    assigned: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        return cls(
            team=UUID(row["team_id"]), team_name=row["team_name"], therapist_id=UUID(row["therapist_id"]), therapist=row["therapist"],
            case=UUID(row["case_id"]), code=row["code"], points=row["points"], since=date.fromisoformat(row["since"]),
            severity=row["severity"], discussed_on=_day(row["discussed_on"]), flags=tuple(map(Flag.from_row, row["flags"])),
            actions=tuple(row["actions"] or ()), assigned=tuple(row["assigned"] or ()),
        )  # fmt: skip

    def reasons(self) -> str:
        """The points added up: "4 Open rupture waits + 2 Recurring cause · Own agenda = 6"."""
        added = " + ".join(f"{flag.points} {flag.label}" for flag in self.flags)
        return f"{added} = {self.points}"


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand before any filter: cases with a flag up, in how many teams, to be looked at first, not discussed lately."""

    cases: int = 0
    teams: int = 0
    first: int = 0
    undiscussed: int = 0


@dataclass(frozen=True, slots=True)
class Watchlist:
    """A page of the list; `total` counts all that the filters leave. `behind`: cases that wait to be looked at today."""

    total: int
    cases: tuple[Watched, ...]
    standing: Standing = Standing()
    behind: int = 0


@dataclass(frozen=True, slots=True)
class Worked:
    """One thing that somebody did about a flag; the history only grows."""

    actor: str
    rule: str
    about: str
    kind: str
    note: str
    happened_at: str
    assignee: str = ""
    due_on: date | None = None
    until_on: date | None = None
    outcome: str | None = None
    flag: UUID | None = None


def watched(
    db: Client, *, teams: Iterable[UUID], rules: Iterable[str] = (), show: str = "to_do", code: str = "", first: int = 0,
    amount: int = 25, at_least: str | None = None, least_days: int = 0,
) -> Watchlist:  # fmt: skip
    """Cases with flags up in the teams the caller leads or supervises, by points, the longest first; at most 200.

    `show`: one of SHOWN, in the caller's own view. `rules`: with one of these up. `at_least`: a severity; `least_days`: up for
    so many days or more. Raises NotAllowed for anybody else's teams.
    """
    asked = {
        "teams": [str(team) for team in teams], "rules": list(rules) or None, "show": entries.one_of(show, SHOWN, "what to show"),
        "code_part": entries.text(code, 12, "The code"), "first": first, "amount": amount,
        "at_least": entries.one_of(at_least, vocabulary.FLAG_SEVERITIES, "how pressing"), "least_days": least_days,
    }  # fmt: skip
    with explained():
        answer = db.rpc("monitor", asked).execute().data
    return Watchlist(
        answer["total"],
        tuple(map(Watched.from_row, answer["cases"])),
        Standing(**answer["standing"]),
        answer["behind"],
    )


def every(db: Client, **asked: Any) -> Iterator[Watched]:
    """All that `watched` finds with these filters, page by page; a case that moves while it is read comes once."""
    first, seen = 0, set()
    while True:
        page = watched(db, **asked, first=first, amount=MOST)
        for case in page.cases:
            if (case.therapist_id, case.case) not in seen:
                seen.add((case.therapist_id, case.case))
                yield case
        first += MOST
        if len(page.cases) < MOST:
            return


def of_mine(db: Client, *, team: UUID, me: UUID | None = None) -> dict[UUID, list[Flag]]:
    """The caller's own flags as their therapist, by case. With `me`, each says what they have done about it last."""
    with explained():
        rows = db.rpc("my_flags", {"team": str(team)}).execute().data
        done = _put_aside(db, team, me) if me and rows else {}
    found: dict[UUID, list[Flag]] = {}
    for row in rows:
        found.setdefault(UUID(row["case_id"]), []).append(Flag.from_row(row | done.get(row["id"], {})))
    return found


def _put_aside(db: Client, team: UUID, me: UUID) -> dict[str, dict[str, Any]]:
    """What somebody did last about flags that are up, by flag."""
    rows = (
        db.table("flag_event_list").select("flag_id, kind, until_on").eq("team_id", str(team)).eq("actor_id", str(me))
        .in_("kind", ["acknowledged", "snoozed", "resolved"]).is_("cleared_on", "null").order("happened_at").order("id").limit(1000)
        .execute().data
    )  # fmt: skip
    return {row["flag_id"]: {"my_kind": row["kind"], "my_until": row["until_on"]} for row in rows}


def as_they_will_be(known: Iterable[Flag], waiting: Iterable[Operation]) -> list[Flag]:
    """The same with what their reader has saved about them and the database does not have yet."""
    found = {str(flag.id): flag for flag in known}
    for op in waiting:
        if (
            op.kind == "flag.work"
            and op.entity in found
            and op.params["kind"] in ("acknowledged", "snoozed", "resolved")
        ):
            found[op.entity] = replace(
                found[op.entity], mine=op.params["kind"], rests_until=_day(op.params.get("until_on"))
            )  # fmt: skip
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Given:
    """A flag that somebody is asked to see to. `by` is "" where the reader may not know the name."""

    flag: UUID
    rule: str
    about: str
    therapist_id: UUID
    case: UUID
    note: str
    due_on: date | None
    by: str = ""


def given_to(db: Client, *, team: UUID, person: UUID, today: date) -> list[Given]:
    """Flags that are up and were given to this person last, those due first; not those that they have dealt with since.

    At most 100 are looked at.
    """
    with explained():
        asked = (
            db.table("flag_event_list").select("*").eq("team_id", str(team)).eq("assignee_id", str(person)).is_("cleared_on", "null")
            .order("happened_at", desc=True).limit(100).execute().data
        )  # fmt: skip
        ids_of = sorted({row["flag_id"] for row in asked})
        done = (
            db.table("flag_event_list").select("flag_id, actor_id, kind, happened_at, until_on, id").eq("team_id", str(team)).in_("flag_id", ids_of)
            .in_("kind", ["assigned", "resolved", "snoozed"]).limit(1000).execute().data
        ) if ids_of else []  # fmt: skip
    found = []
    for flag in ids_of:
        row = next(row for row in asked if row["flag_id"] == flag)
        later = [
            e
            for e in done
            if e["flag_id"] == flag and (e["happened_at"], e["id"]) > (row["happened_at"], row["id"])
        ]
        if not any(_takes_away(e, person, today) for e in later):
            found.append(
                Given(
                    UUID(flag), row["rule"], row["about"], UUID(row["therapist_id"]), UUID(row["case_id"]), row["note"], _day(row["due_on"]),
                    row["actor"] or "",
                )
            )  # fmt: skip
    return sorted(found, key=lambda one: (one.due_on or date.max, one.rule, str(one.flag)))


def _takes_away(event: Mapping[str, Any], person: UUID, today: date) -> bool:
    """Whether this later event takes a flag off the list of whoever it was given to."""
    if event["kind"] == "assigned":
        return True
    mine = event["actor_id"] == str(person)
    return mine and (event["kind"] == "resolved" or date.fromisoformat(event["until_on"]) > today)


def named(rule: str, about: str) -> str:
    """ "No reliable improvement · PHQ-9" """
    word = vocabulary.label("flag_rule", rule)
    if rule == "R8":
        return f"{word} · {vocabulary.CAUSES[int(about)].label}"
    return f"{word} · {about.upper()}" if about else word


def history(db: Client, *, team: UUID, therapist: UUID, case: UUID) -> list[Worked]:
    """What was done about the flags of a case, the latest first; at most 200."""
    with explained():
        rows = (
            db.table("flag_event_list").select("*").eq("team_id", str(team)).eq("therapist_id", str(therapist))
            .eq("case_id", str(case)).order("happened_at", desc=True).limit(200).execute().data
        )  # fmt: skip
    return [
        Worked(
            r["actor"] or "", r["rule"], r["about"], r["kind"], r["note"], r["happened_at"], r["assignee"] or "", _day(r["due_on"]),
            _day(r["until_on"]), r["outcome"], UUID(r["flag_id"]),
        )
        for r in rows
    ]  # fmt: skip


def work(
    outbox: Outbox, *, team: UUID, therapist: UUID, case: UUID, flag: UUID, kind: str, today: date, note: str = "",
    assignee: UUID | None = None, due_on: date | None = None, until_on: date | None = None, outcome: str | None = None,
    op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Note what was done about a flag: it stays in everybody else's view. Raises Refused where something is missing."""
    params: dict[str, Any] = {
        "id": op_id or ids.new(), "team": str(team), "therapist": str(therapist), "case": str(case),
        "kind": entries.one_of(kind, vocabulary.FLAG_WORK, "what you do", needed=True),
        "note": entries.text(note, LONGEST_NOTE, "The note"),
    }  # fmt: skip
    if kind == "assigned":
        if assignee is None:
            raise Refused("Please choose who is asked to see to it.")
        params |= {"assignee": str(assignee), "due_on": due_on.isoformat() if due_on else None}
    if kind == "snoozed":
        if until_on is None or until_on <= today:
            raise Refused("Please choose a day to come, on which it comes back.")
        if len(params["note"]) < SHORTEST_REASON:
            raise Refused(f"Please give the reason for the rest in {SHORTEST_REASON} characters or more.")
        params["until_on"] = until_on.isoformat()
    if kind == "noted" and not params["note"]:
        raise Refused("Please write the note.")
    if kind == "resolved":
        params["outcome"] = entries.one_of(outcome, vocabulary.FLAG_OUTCOMES, "how it ended", needed=True)
    return outbox.accept(kind="flag.work", entity=str(flag), params=params, op_id=params["id"])


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _points(value: float) -> str:
    size = f"{abs(value):g}"
    return f"{size} point" if abs(value) == 1 else f"{size} points"


def _than(n: Mapping[str, Any]) -> str:
    return f"{n['needed']:g} or more" if n["basis"] == "published" else f"more than {n['needed']:g}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _r1(n: Mapping[str, Any]) -> str:
    moved = n["improved"]
    change = "no change" if moved == 0 else f"{_points(moved)} {'better' if moved > 0 else 'worse'}"
    return (
        f"{n['sessions']} sessions attended, and {change} than at first; it takes {_than(n)} to be reliable."
    )


def _r2(n: Mapping[str, Any]) -> str:
    first, best = n["worse_than_first"], n["worse_than_best"]
    against = f"{_points(first)} worse than at first" if first > 0 else "not worse than at first"
    return f"{_points(best)} worse than the best score and {against}; reliable from {_than(n)} on."


def _r6(n: Mapping[str, Any]) -> str:
    early = "; one of them before the third session" if n["early"] else ""
    return f"The client did not come to {n['missed']} of the last {n['booked']} booked sessions{early}."


def _r7(n: Mapping[str, Any]) -> str:
    whose = {"client": "the client", "together": "both of you", "therapist": "the therapist"}
    by = ", ".join(f"{n[key]} by {word}" for key, word in whose.items() if n[key])
    return f"Of the last {n['looked_at']} looks, {n['undone']} found little or nothing done. Proposed: {by}."


def _r11(n: Mapping[str, Any]) -> str:
    empty = [f"{n['missing']} {'is' if n['missing'] == 1 else 'are'} empty"] if n["missing"] else []
    old = [f"{n['old']} {'is' if n['old'] == 1 else 'are'} older than {_days(n['days'])}"] if n["old"] else []
    return f"Another flag is up, and of the nine fields {' and '.join(empty + old)}."


_WHY = {
    "R1": _r1,
    "R2": _r2,
    "R3": lambda n: f"The last {n['scores']} scores lie within {_points(n['spread'])}, on the clinical side of the cut-off; {_than(n)} would be a reliable change.",
    "R4": lambda n: f"The client’s check-in fell by {n['fell']:g} of 30; {n['sd']:g} is usual here.",
    "R5": lambda n: f"{'An open rupture has' if n['ruptures'] == 1 else str(n['ruptures']) + ' open ruptures have'} had no repair step for {_days(n['days'])}; the team allows {n['allowed']}.",
    "R6": _r6,
    "R7": _r7,
    "R8": lambda n: f"“{vocabulary.CAUSES[n['cause']].label}” was rated 3 or 4 in {n['high']} of the last {n['weeks']} rated weeks, and no action is open.",
    "R9": lambda n: f"{'Last talked about in supervision' if n['ever'] else 'Not talked about in supervision since the start,'} {_days(n['days'])} ago; the team allows {n['allowed']}.",
    "R10": lambda n: f"Nothing was entered for {_days(n['days'])}; after {n['allowed']} that reads “unknown”, never “fine”.",
    "R11": _r11,
}  # fmt: skip

_CLEARS = {
    "R1": lambda n: f"A score that is better than the first by {_than(n)}.",
    "R2": lambda n: f"A score that is no longer worse than the best by {_than(n)}.",
    "R3": lambda n: f"A score that differs from one of the others by {_than(n)}, or lies on the other side of the cut-off.",
    "R4": lambda n: "A check-in that is higher than the last one.",
    "R5": lambda n: "A repair step, or the close of the rupture.",
    "R6": lambda n: "Sessions attended, until those missed are no longer among the last four booked.",
    "R7": lambda n: "A look at a task that was mostly done, or done differently.",
    "R8": lambda n: "An action agreed for this case, or a week in which the cause is rated lower.",
    "R9": lambda n: "Talking about it: a prompt used on it, a step back, or a place on the agenda.",
    "R10": lambda n: "Any entry on the case.",
    "R11": lambda n: "Writing or renewing fields of the formulation.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stagnation:
    """How many cases stood still at the end of each ISO week, by rule; and how long spells took, as counted durations.

    `weeks`: (Monday, rule, cases), rule "any" for cases with one or more of STANDS_STILL; `computed`: the Mondays of weeks in
    which flags were computed for all the teams asked for, the others being unknown. `spells`: step (discussed, acted,
    cleared) → list of (days, over, n) of STANDS_STILL; over is False for a spell that has not got there yet.
    """

    weeks: tuple[tuple[date, str, int], ...]
    computed: frozenset[date] = frozenset()
    spells: Mapping[str, list[tuple[int, bool, int]]] = field(default_factory=dict)


def stagnation(db: Client, *, teams: Iterable[UUID], since: date) -> Stagnation:
    """Counts of the teams the caller leads or supervises. Raises NotAllowed for anybody else's."""
    with explained():
        answer = (
            db.rpc("stagnation", {"teams": [str(t) for t in teams], "since_week": since.isoformat()})
            .execute()
            .data
        )
    spells: dict[str, list[tuple[int, bool, int]]] = {}
    for row in answer["spells"]:
        if row["rule"] in STANDS_STILL:
            spells.setdefault(row["step"], []).append((row["days"], row["over"], row["n"]))
    return Stagnation(
        tuple((date.fromisoformat(w["week"]), w["rule"], w["cases"]) for w in answer["weeks"]),
        frozenset(map(date.fromisoformat, answer["computed"])), spells,
    )  # fmt: skip
