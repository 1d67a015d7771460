"""Collects the rows of the demo clinic table by table, in the shape and order in which the database takes them.

What would lie after yesterday has not happened yet and is left out here, so that stories can be told to their end.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from demo_clinic.people import CASES, CLINIC, PEOPLE, RUNNING, TEAMS, Case, Person, draws, key
from services.prompt_rules import Prompt, fits

# Parents before children: rows are copied in this order.
TABLES = (
    "clinics", "teams", "team_settings", "people", "memberships", "cases", "episodes", "reflections",
    "reflection_parts", "ratings", "ruptures", "repair_steps", "prompt_uses", "notes", "sessions", "goals", "goal_progress",
    "tasks", "task_checks", "check_ins", "check_in_guesses", "scores", "formulation_entries", "strategies", "plan_reviews",
    "strategy_verdicts", "questions", "case_transfers", "case_texts", "mirror_shares",
    "meetings", "agenda_items", "agenda_words", "decisions", "reratings", "meeting_screens", "actions", "step_backs", "flags", "flag_events",
)  # fmt: skip

# Team South closed its rooms for these weeks; nobody wrote anything.
CLOSED_WEEKS = {"north": (), "south": (16, 17)}

# The app names a week's reflection by this rule, so that handing it in again changes it (services/reflections.py).
_REFLECTIONS = UUID("6f0d7a52-8f0f-4d6a-9f0e-5d1b1f6c6a10")


@dataclass(frozen=True, slots=True)
class Entry:
    """An episode or a rupture that later rows point at.

    `row` is what will be stored, `facts` what prompts are chosen by (services/prompt_facts.py), `steps` those of repair.
    """

    id: UUID
    case: Case
    day: date
    kind: str
    row: dict[str, Any]
    facts: dict[str, Any]
    steps: list[tuple[date, str]] = field(default_factory=list)


class Records:
    """Everything that will be stored; `tables` maps a table to its rows, each with the same columns."""

    def __init__(self, today: date, prompts: Sequence[Prompt]) -> None:
        self.today = today
        self.monday = today - timedelta(days=today.weekday())
        self.yesterday = today - timedelta(days=1)
        self.tables: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
        self.logged: list[Entry] = []  # episodes, as they were told
        self._prompts = prompts
        self._marked: dict[str, int] = {}
        self._marks_on: dict[date, int] = {}
        self._counted: dict[str, int] = {}
        self._clock = draws("clock")
        self._people_and_cases()

    def day(self, week: int, weekday: int = 0) -> date:
        """The day of that week of the story; weekday 0 is Monday."""
        return self.monday + timedelta(weeks=week - RUNNING, days=weekday)

    def week(self, day: date) -> int:
        """The week of the story in which this day lies."""
        return RUNNING + (day - self.monday).days // 7

    def workday(self, team: str, day: date) -> date:
        """This day, or the next one on which the team works."""
        while day.weekday() > 4 or self.week(day) in CLOSED_WEEKS[team]:
            day += timedelta(days=1)
        return day

    def episode(
        self, case: Case, day: date, kind: str, *, markers: Iterable[str] = (), intensity: int | None = None,
        blame: str | None = None, next_move: str | None = None, named: str | None = None, outside: Iterable[str] = (),
        ratings: Mapping[int, int | None], note: str = "", shared: bool = False,
    ) -> Entry:  # fmt: skip
        """A resistance episode with its ratings and its note."""
        at = self.at(day)
        row = self.add("episodes", day, {
            **self.own(case), "id": self.next_id("episode"), "case_id": case.id, "happened_on": day, "kind": kind,
            "markers": list(markers), "intensity": intensity, "first_blame": blame, "next_move": next_move,
            "named": named, "outside": list(outside), "stated_at": at, "created_at": at,
        })  # fmt: skip
        self._ratings(case.person, case.team, day, day, ratings, episode=row["id"])
        if note:
            self._note(
                day,
                author=PEOPLE[case.person],
                case=case,
                at=at,
                body=note,
                shared=shared,
                episode_id=row["id"],
            )
        top = max((value for value in ratings.values() if value is not None), default=0)
        facts = {
            "subject": "episode", "kind": kind, "markers": [kind, *markers], "intensity": intensity, "first_blame": blame,
            "next_move": next_move, "named": named, "outside": list(outside),
            "control_sensitivity": case.control_sensitivity,
            "strongest_causes": [cause for cause in ratings if ratings[cause] == top] if top >= 3 else None,
        } | {f"cause.{cause}": value for cause, value in ratings.items()}  # fmt: skip
        entry = Entry(
            row["id"], case, day, kind, row, {name: fact for name, fact in facts.items() if fact is not None}
        )
        self.logged.append(entry)
        return entry

    def reflection(
        self, person: str, team: str, week: int, *, handed_in: date, behaviours: Iterable[str],
        ratings: Mapping[int, int | None], parts: Mapping[str, tuple[Any, bool]], read: tuple[Person, date] | None,
    ) -> None:  # fmt: skip
        """A weekly reflection; `parts` maps a part to its value and whether it is shared."""
        monday, at = self.day(week), self.at(handed_in)
        reader, read_on = read or (None, monday)
        read_at = self.at(read_on)  # asked for even when nobody has read it, so that the clock goes on alike
        if read_on > self.yesterday:
            reader = None
        therapist, team_id = PEOPLE[person].id, key("team", team)
        row = self.add("reflections", handed_in, {
            "therapist_id": therapist, "team_id": team_id, "id": uuid5(_REFLECTIONS, f"{therapist}/{team_id}/{monday}"),
            "week": monday, "behaviours": list(behaviours), "handed_in_at": at, "stated_at": at,
            "read_at": read_at if reader else None, "read_by": reader.id if reader else None,
        })  # fmt: skip
        for part, (value, shared) in parts.items():
            self.add("reflection_parts", handed_in, {
                "therapist_id": therapist, "team_id": team_id, "reflection_id": row["id"], "part": part,
                "content": {"value": value}, "shared": shared,
            })  # fmt: skip
        self._ratings(person, team, handed_in, monday, ratings, reflection=row["id"])

    def rupture(self, case: Case, day: date, kind: str, episode: Entry | None = None) -> Entry:
        """A rupture from the day it was noticed; `close` ends it."""
        at = self.at(day)
        row = self.add("ruptures", day, {
            **self.own(case), "id": self.next_id("rupture"), "case_id": case.id,
            "episode_id": episode.id if episode else None, "kind": kind, "noticed_on": day, "closed_on": None,
            "outcome": None, "stated_at": at, "created_at": at,
        })  # fmt: skip
        facts = (episode.facts if episode else {}) | {"subject": "rupture", "rupture_kind": kind}
        return Entry(row["id"], case, day, kind, row, facts)

    def close(self, rupture: Entry, day: date, outcome: str) -> None:
        """The end of a rupture."""
        if day <= self.yesterday:
            rupture.row.update(closed_on=day, outcome=outcome)

    def step(
        self,
        rupture: Entry,
        stage: str,
        day: date,
        *,
        by: Person | None = None,
        note: str = "",
        shared: bool = False,
    ) -> None:
        """A repair step, by the therapist unless `by` says otherwise."""
        author, at = by or PEOPLE[rupture.case.person], self.at(day)
        rupture.steps.append((day, stage))
        row = self.add("repair_steps", day, {
            "recorded_by": author.id, **self.own(rupture.case), "id": self.next_id("step"), "rupture_id": rupture.id,
            "stage": stage, "taken_on": day, "created_at": at,
        })  # fmt: skip
        if note:
            self._note(
                day,
                author=author,
                case=rupture.case,
                at=at,
                body=note,
                shared=shared,
                repair_step_id=row["id"],
            )

    def mark(
        self, stage: str, day: date, verdict: str, *, by: Person, team: str, rupture: Entry | None = None,
        episode: Entry | None = None, theme: int | None = None, cause: int | None = None, note: str = "",
        shared: bool = True,
    ) -> None:  # fmt: skip
        """What became of a prompt that the app would have shown: on a rupture, an episode or a theme of the team."""
        about = rupture or episode
        facts = about.facts if about else {"subject": "theme", "theme_cause": theme, "weeks_rising": 0}
        if rupture:
            reached = [
                stage for taken_on, stage in sorted(rupture.steps, key=lambda s: s[0]) if taken_on <= day
            ]
            facts = (
                facts
                | {"rupture_days": (day - rupture.day).days}
                | ({"repair_stage": reached[-1]} if reached else {})
            )
        prompt = self._fitting(facts, stage, cause or theme)
        self._marks_on[day] = self._marks_on.get(day, 0) + 1
        at = datetime.combine(day, time(13), UTC) + timedelta(minutes=4 * self._marks_on[day])
        row = self.add("prompt_uses", day, {
            "used_by": by.id, "id": self.next_id("mark"), "team_id": key("team", team),
            "therapist_id": PEOPLE[about.case.person].id if about else None, "case_id": about.case.id if about else None,
            "rupture_id": rupture.id if rupture else None, "episode_id": episode.id if episode else None,
            "theme_cause": theme, "prompt": prompt.slug, "verdict": verdict, "used_at": at,
        })  # fmt: skip
        if note:
            case = about.case if about else None
            self._note(
                day, author=by, case=case, team=team, at=at, body=note, shared=shared, prompt_use_id=row["id"]
            )

    def _fitting(self, facts: Mapping[str, Any], stage: str, cause: int | None) -> Prompt:
        """Of the prompts that fit, the one that was marked least so far; among equals the one shown first."""
        found = fits(self._prompts, facts, stage=stage, cause=cause)
        if not found:
            raise LookupError(
                f"The library has no prompt of stage {stage} and cause {cause} that fits {facts}."
            )
        chosen = min((fit.prompt for fit in found), key=lambda prompt: self._marked.get(prompt.slug, 0))
        self._marked[chosen.slug] = self._marked.get(chosen.slug, 0) + 1
        return chosen

    def add(self, table: str, day: date, row: dict[str, Any]) -> dict[str, Any]:
        """Take a row in, unless its day has not come yet."""
        if day <= self.yesterday:
            self.tables[table].append(row)
        return row

    def next_id(self, thing: str) -> UUID:
        """The id of the next thing of this kind."""
        # Counted before yesterday's cut, so that ids are the same on every weekday.
        self._counted[thing] = self._counted.get(thing, 0) + 1
        return key(thing, self._counted[thing])

    def at(self, day: date) -> datetime:
        """A moment of that working day."""
        return datetime.combine(day, time(self._clock.randint(9, 18), self._clock.randrange(60)), UTC)

    def own(self, case: Case) -> dict[str, UUID]:
        """The columns that say whose a row is."""
        return {"therapist_id": PEOPLE[case.person].id, "team_id": key("team", case.team)}

    def _ratings(
        self, person: str, team: str, day: date, on_day: date, ratings: Mapping[int, int | None], *,
        episode: UUID | None = None, reflection: UUID | None = None,
    ) -> None:  # fmt: skip
        for cause, rating in sorted(ratings.items()):
            self.add("ratings", day, {
                "id": key("rating", episode or reflection, cause), "therapist_id": PEOPLE[person].id,
                "team_id": key("team", team), "episode_id": episode, "reflection_id": reflection, "on_day": on_day,
                "cause": cause, "rating": rating,
            })  # fmt: skip

    def _note(
        self, day: date, *, author: Person, case: Case | None, at: datetime, body: str, shared: bool, team: str = "",
        episode_id: UUID | None = None, repair_step_id: UUID | None = None, prompt_use_id: UUID | None = None,
    ) -> None:  # fmt: skip
        self.add("notes", day, {
            # A note carries the id of what it belongs to, as the app gives it.
            "author_id": author.id, "id": episode_id or repair_step_id or prompt_use_id,
            "team_id": key("team", case.team if case else team),
            "therapist_id": PEOPLE[case.person].id if case else None, "episode_id": episode_id,
            "repair_step_id": repair_step_id, "prompt_use_id": prompt_use_id, "body": body, "shared": shared,
            "created_at": at,
        })  # fmt: skip

    def _people_and_cases(self) -> None:
        clinic = key("clinic")
        add = self.tables
        add["clinics"].append({"id": clinic, "name": CLINIC})
        for team, name in TEAMS.items():
            add["teams"].append({"id": key("team", team), "clinic_id": clinic, "name": name})
            add["team_settings"].append({"team_id": key("team", team)})
        for person in PEOPLE.values():
            if person.known:
                add["people"].append({"id": person.id, "clinic_id": clinic, "display_name": person.name})
            for role in person.roles:
                add["memberships"].append({
                    "id": key("membership", person.key, role.team, role.role), "person_id": person.id,
                    "team_id": key("team", role.team), "role": role.role, "starts_on": self.day(role.since),
                    "ends_on": None if role.until is None else self.day(role.until),
                })  # fmt: skip
        for case in CASES.values():
            started = self.day(case.since, case.weekday)
            add["cases"].append({
                **self.own(case), "id": case.id, "code": case.code, "state": case.state,
                "control_sensitivity": case.control_sensitivity, "started_on": started, "created_at": self.at(started),
            })  # fmt: skip
