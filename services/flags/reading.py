"""Flags as the database found them: those of a reader’s teams, and one’s own."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self
from uuid import UUID

from supabase import Client

from services import entries, stored, vocabulary
from services.errors import explained
from services.flags import wording

SHOWN = {"to_do": "To do", "assigned": "Given to me", "resting": "Resting", "all": "All"}
STEP_BACK_FROM = frozenset({"R1", "R2", "R3", "R8"})  # rules that a step back is offered from
MOST = 200  # cases of one answer


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
            since=date.fromisoformat(row["since"]), first_seen=date.fromisoformat(row["first_seen"]), window_from=stored.day(row["window_from"]),
            window_to=stored.day(row["window_to"]), version=row.get("version") or row.get("rule_version") or 1, spell=row["spell"],
            points=row.get("points") or 0, mine=row.get("my_kind"), rests_until=stored.day(row.get("my_until")),
        )  # fmt: skip

    @property
    def label(self) -> str:
        """ "No reliable improvement · PHQ-9" """
        return wording.named(self.rule, self.about)

    def why(self) -> str:
        """The rule and its numbers, in a sentence."""
        return wording.WHY[self.rule](self.numbers)

    def clears(self) -> str:
        """Which entry would clear it, in a sentence."""
        return wording.CLEARS[self.rule](self.numbers)

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
            severity=row["severity"], discussed_on=stored.day(row["discussed_on"]), flags=tuple(map(Flag.from_row, row["flags"])),
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
