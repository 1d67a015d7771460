"""The entries of one case that the cause helper looks at: facts only, each with its day and where it was entered.

All are of the case's own therapist. Of a reflection a supervisor gets the parts that were shared; what was written
"only for me" or left out of supervision is never asked for.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from supabase import Client

from services import vocabulary, weeks
from services.cases import Case
from services.cause_facts import Entry
from services.episodes import Episode
from services.errors import explained
from services.reflections import Reflection

MOST = 300  # of each kind, the latest
BEFORE = {"look": timedelta(days=14), "task": timedelta(days=28), "check_in": timedelta(days=28)}


def of_case(db: Client, *, case: Case, today: date) -> list[Entry]:
    """Everything logged in a case that a rule may ask about, as far as the caller may read it."""

    def rows(view: str, columns: str, by: str, **more: Any) -> list[dict]:
        return _rows(db, view, case, columns, by=by, **more)

    episodes = [Episode.from_row(row) for row in rows("episode_list", "*", "happened_on")]
    tasks = rows("task_list", "id, proposed_by, importance, agreed, state, given_on, checks", "given_on")
    ruptures = rows("rupture_list", "*", "noticed_on")
    steps = _steps(db, case, [row["id"] for row in ruptures])
    return [
        _case(case, today),
        *map(_episode, episodes),
        *_reflections(db, case, {weeks.monday(one.happened_on) for one in episodes}),
        *map(_goal, rows("goal_list", "id, set_by, importance, state, set_on, progress", "set_on")),
        *map(_task, tasks),
        *(_look(row, check) for row in tasks for check in row["checks"]),
        *map(_check_in, rows("check_in_list", "id, on_day, goals, way_of_working, relationship", "on_day")),
        *map(_card, rows("formulation_list", "id, field, written_on, emptied, ticked", "written_on", stands=True)),
        *(_rupture(row, steps, today) for row in ruptures),
        *map(_strategy, rows("strategy_list", "id, started_on, ended_on, verdicts", "started_on")),
        *_plan(rows("plan_review_list", "id, reviewed_on, next_review_on", "reviewed_on", most=1), today),
    ]  # fmt: skip


def around(entries: Iterable[Entry], episode: str) -> list[Entry]:
    """What belongs to one episode: itself, the reflection of its week, what was there or looked at shortly before, and
    what stands on the formulation card.
    """
    entries = list(entries)
    at = next((entry for entry in entries if entry.about == "episode" and entry.id == episode), None)
    if at is None:
        return []
    found = [entry for entry in entries if entry is at or _belongs(entry, at)]
    latest = max((entry.day for entry in found if entry.about == "check_in"), default=None)
    return [entry for entry in found if entry.about != "check_in" or entry.day == latest]


def _belongs(entry: Entry, at: Entry) -> bool:
    if entry.about == "case" or entry.about.startswith("card."):
        return True
    if entry.about == "reflection":
        return entry.day == weeks.monday(at.day)
    if entry.about in BEFORE:
        return at.day - BEFORE[entry.about] <= entry.day <= at.day
    if entry.about == "rupture" and entry.of == at.id:
        return True
    if entry.about in ("goal", "rupture", "strategy"):
        return entry.day <= at.day and (entry.until is None or entry.until >= at.day)
    return False


def _rows(
    db: Client, view: str, case: Case, columns: str = "*", *, by: str, most: int = MOST, **also: Any
) -> list[dict]:
    with explained():
        query = (
            db.table(view).select(columns).eq("team_id", str(case.team)).eq("therapist_id", str(case.therapist_id))
            .eq("case_id", str(case.id))
        )  # fmt: skip
        for column, value in also.items():
            query = query.eq(column, value)
        return query.order(by, desc=True).limit(most).execute().data


def _known(**facts: Any) -> dict[str, Any]:
    """Facts without those that nobody stated."""
    return {name: value for name, value in facts.items() if value is not None}


def _day(value: str) -> date:
    return date.fromisoformat(value)


def _yes(value: bool | None) -> str | None:
    return None if value is None else "yes" if value else "no"


def _case(case: Case, today: date) -> Entry:
    facts = _known(control_sensitivity=case.control_sensitivity)
    return Entry("case", str(case.id), case.started_on or today, "The case", facts)


def _episode(one: Episode) -> Entry:
    return Entry(
        "episode", str(one.id), one.happened_on, f"Episode: {vocabulary.label('episode_kind', one.kind)}",
        _known(
            markers=(one.kind, *one.markers), intensity=one.intensity, first_blame=one.first_blame, next_move=one.next_move,
            named=one.named, outside=one.outside or None, control_sensitivity=one.control_sensitivity,
        ),
        ratings=one.ratings,
    )  # fmt: skip


def _reflections(db: Client, case: Case, mondays: set[date]) -> list[Entry]:
    """A reflection is about a whole week; those of weeks with an episode in this case are looked at."""
    if not mondays:
        return []
    with explained():
        rows = (
            db.table("reflection_list").select("*").eq("team_id", str(case.team)).eq("therapist_id", str(case.therapist_id))
            .in_("week", [day.isoformat() for day in sorted(mondays, reverse=True)[:100]]).limit(MOST).execute().data
        )  # fmt: skip
    return [_reflection(Reflection.from_row(row)) for row in rows]


def _reflection(one: Reflection) -> Entry:
    said = {
        name: part.value for name, part in one.parts.items() if name not in vocabulary.ALWAYS_PRIVATE_PARTS
    }
    expectation = said.get("expectation") or {}
    open_ones = tuple(b for b in vocabulary.RAPPORT_BEHAVIOURS if b not in one.behaviours)
    return Entry(
        "reflection", str(one.id), one.week, f"Reflection of {weeks.spelt(one.week)}",
        _known(
            # none ticked at all reads as not filled in
            ticked=one.behaviours or None, unticked=(one.behaviours and open_ones) or None, frustration=said.get("frustration"),
            feelings=said.get("feelings"), avoided_topic="written" if said.get("avoided_topic") else None,
            expectation_whose=expectation.get("whose"), expectation_reach=expectation.get("realistic"),
            reframes=(said.get("reframes") or {}).get("used"), support=(said.get("support") or {}).get("used"),
        ),
        ratings=one.ratings,
    )  # fmt: skip


def _goal(row: dict) -> Entry:
    progress = row["progress"][-1]["progress"] if row["progress"] else None
    facts = _known(
        goal_state=row["state"], set_by=row["set_by"], importance=row["importance"], progress=progress
    )
    return Entry("goal", row["id"], _day(row["set_on"]), "Goal", facts)


def _task(row: dict) -> Entry:
    facts = _known(
        proposed_by=row["proposed_by"], importance=row["importance"], agreed=_yes(row["agreed"]), task_state=row["state"]
    )  # fmt: skip
    return Entry("task", row["id"], _day(row["given_on"]), "Between-session work", facts)


def _look(row: dict, check: dict) -> Entry:
    facts = _known(
        proposed_by=row["proposed_by"], importance=row["importance"], done=check["done"], looked_at=_yes(check["looked_at"])
    )  # fmt: skip
    return Entry("look", check["id"], _day(check["on"]), "Look at between-session work", facts, of=row["id"])


def _check_in(row: dict) -> Entry:
    answers = {name: row[name] for name in ("goals", "way_of_working", "relationship")}
    return Entry("check_in", row["id"], _day(row["on_day"]), "Check-in", _known(**answers))


def _card(row: dict) -> Entry:
    facts = _known(stands="emptied" if row["emptied"] else "written", fears=row["ticked"] or None)
    title = vocabulary.label("formulation_field", row["field"])
    return Entry(f"card.{row['field']}", row["id"], _day(row["written_on"]), title, facts)


def _steps(db: Client, case: Case, ruptures: list[str]) -> dict[str, tuple[str, ...]]:
    """The stages that each rupture has reached, in their order."""
    if not ruptures:
        return {}
    with explained():
        rows = (
            db.table("repair_step_list").select("rupture_id, stage").eq("team_id", str(case.team))
            .eq("therapist_id", str(case.therapist_id)).in_("rupture_id", ruptures[:100]).order("taken_on").limit(1000).execute().data
        )  # fmt: skip
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["rupture_id"], []).append(row["stage"])
    return {rupture: tuple(dict.fromkeys(stages)) for rupture, stages in found.items()}


def _rupture(row: dict, steps: dict[str, tuple[str, ...]], today: date) -> Entry:
    closed = row["closed_on"] and _day(row["closed_on"])
    quiet = None if closed else (today - _day(row["last_step_on"] or row["noticed_on"])).days
    facts = _known(
        rupture_state="closed" if closed else "open", outcome=row["outcome"], repair_steps=steps.get(row["id"]),
        days_without_step=quiet,
    )  # fmt: skip
    title = f"Rupture: {vocabulary.label('rupture_kind', row['kind'])}"
    return Entry(
        "rupture", row["id"], _day(row["noticed_on"]), title, facts, until=closed, of=row["episode_id"]
    )


def _strategy(row: dict) -> Entry:
    ended, verdicts = row["ended_on"] and _day(row["ended_on"]), row["verdicts"]
    facts = _known(tried="no" if ended else "yes", verdict=verdicts[-1]["verdict"] if verdicts else None)
    return Entry("strategy", row["id"], _day(row["started_on"]), "Strategy", facts, until=ended)


def _plan(latest: Sequence[dict], today: date) -> list[Entry]:
    if not latest or not latest[0]["next_review_on"]:
        return []
    due = _day(latest[0]["next_review_on"])
    facts = {"days_overdue": (today - due).days}
    return [Entry("plan", latest[0]["id"], _day(latest[0]["reviewed_on"]), "Plan review", facts)]


def episodes_among(entries: Iterable[Entry]) -> list[Entry]:
    """The episodes, the latest first."""
    found = [entry for entry in entries if entry.about == "episode"]
    return sorted(found, key=lambda entry: (entry.day, entry.id), reverse=True)
