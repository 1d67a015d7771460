"""What became of cases that stood still: talked about, agreed on, stepped back from, and flags that were up and went again.

Spells of flags are those that the rules would have found on the days gone by; the ones that are up today the database finds itself.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from demo_clinic.case_records import MEASURES, CaseRecords
from demo_clinic.people import CASES, PEOPLE, RUNNING, SUPERVISOR, Case, draws, key
from demo_clinic.records import Records

LEAD = PEOPLE["clara"]
# Not talked about for a while, so that R9 has something to find; of Amara's nobody has heard anything.
LEFT_OUT = ("C-0387", "C-0467", "C-0511", "C-0551")
STAGES = ("validate", "contribution", "protect")
DISCUSSED_WITHIN, STEP_WITHIN, SESSIONS = 28, 14, 4  # as the teams' settings have it
NEEDED = {"phq-9": 6, "gad-7": 4, "core-10": 6}  # reliable change, as migration 20261125000200 ships it

# code, by whom, whose, words, agreed in week, due weeks later, done weeks later (None: open), did it help
AGREED = (
    ("C-0433", "sigrid", "jonas", "Go over the first score together, and ask what has become harder since", RUNNING - 2, 3, None, None),
    ("C-0412", "sigrid", "nora", "Say in the next session what the last one was like for me", RUNNING - 1, 2, None, None),
    ("C-0455", "nora", "nora", "Ask before giving a task whose idea it is", RUNNING - 3, 2, None, None),
    ("C-0419", "theo", "theo", "Bring the moment of silence to the next meeting", RUNNING - 4, 6, None, None),
    ("C-0416", "sigrid", "lena", "Ask the client what would be a good reason to stop", RUNNING - 5, 3, 3, "a_little"),
    ("C-0405", "sigrid", "jonas", "Leave out the homework for two sessions and see what comes", RUNNING - 9, 3, 2, "yes"),
    ("C-0448", "sigrid", "sigrid", "Find the paper on repairing confrontations", RUNNING - 7, 2, 1, None),
    ("C-0398", "nora", "nora", "Set one goal anew, in the words of the client", RUNNING - 12, 4, 4, "yes"),
    ("C-0536", "omar", "grace", "Name the pause between us, and ask how it is for the client", RUNNING - 3, 4, None, None),
    ("C-0524", "omar", "omar", "Look at one session together on tape, if the client agrees", RUNNING - 2, 5, None, None),
    ("C-0518", "omar", "ravi", "Slow down where I would explain", RUNNING - 10, 3, 3, "no"),
    ("C-0560", "ravi", "ravi", "Ask for the fear behind the yes", RUNNING - 6, 2, 2, "too_early"),
    ("C-0549", "grace", "grace", "Drop the worksheet", RUNNING - 8, 1, None, "dropped"),
)  # fmt: skip

# code, by whom, week, decision, weeks until the next look, what was seen, what was let go of
STEPPED_BACK = (
    ("C-0416", "sigrid", RUNNING - 5, "adjust_plan", 8,
     "We both wait for the other to begin; the scores have stayed where they are since the aim was reached halfway.",
     "That every session has to bring something new."),
    ("C-0536", "omar", RUNNING - 8, "go_on", 7,
     "It got harder after the loss, and staying is what is needed just now.", "That the numbers have to fall before the summer."),
)  # fmt: skip


def write(records: Records) -> None:
    """All of it; sessions, scores, ruptures and meetings are in already."""
    _discussed(records)
    for code, by, week, decision, again, seen, let_go in STEPPED_BACK:
        _step_back(records, CASES[code], by, records.day(week, 2), decision, again, seen, let_go)
    for code, by, owner, words, week, due, done, helped in AGREED:
        _action(records, CASES[code], by, owner, words, week, due, done, helped)
    found = sorted(
        (*_waiting_ruptures(records), *_not_discussed(records), *_without_improvement(records)),
        key=lambda one: (one["since"], str(one["case_id"]), one["rule"], one["about"]),
    )
    spells: dict[tuple, int] = {}
    for flag in found:
        same = (flag["case_id"], flag["rule"], flag["about"])
        spells[same] = spells.get(same, 0) + 1
        row = records.add("flags", flag["cleared_on"], flag | {"spell": spells[same]})
        if row in records.tables["flags"][-1:]:
            _worked_on(records, row)


def _discussed(records: Records) -> None:
    """In the meetings of the last weeks most cases had their turn, by the latest episode that was logged of them."""
    for team, weekday, first in (("north", 2, RUNNING - 1), ("south", 3, RUNNING - 2)):
        weeks = [first, first - 2] if team == "north" else [first]
        latest = {}
        for entry in records.logged:
            if entry.case.team == team and entry.day < records.day(weeks[-1], weekday):
                latest[entry.case.code] = entry
        chance = draws("cases discussed", team)
        for place, (code, entry) in enumerate(sorted(latest.items())):
            if entry.case.state == "active" and entry.case.person != "amara" and code not in LEFT_OUT:
                day, verdict = (
                    records.day(weeks[place % len(weeks)], weekday),
                    chance.choice(("used", "helped", "used", "not_now")),
                )
                records.mark(STAGES[place % 3], day, verdict, by=SUPERVISOR[team], team=team, episode=entry)


def _step_back(
    records: Records, case: Case, by: str, day: date, decision: str, again: int, seen: str, let_go: str
) -> None:
    look_again = day + timedelta(weeks=again)
    records.add("step_backs", day, {
        "done_by": PEOPLE[by].id, "id": records.next_id("step back"), **records.own(case), "case_id": case.id, "decision": decision,
        "look_again_on": look_again, "done_on": day, "seen": seen, "let_go": let_go, "created_at": _at(day, 12),
    })  # fmt: skip
    CaseRecords(records, case).review(day, look_again, {})


def _action(
    records: Records, case: Case, by: str, owner: str, words: str, week: int, due: int, done: int | None, helped: str | None
) -> None:  # fmt: skip
    agreed = records.day(week, 2)
    dropped = helped == "dropped"
    ended = agreed + timedelta(weeks=3 if dropped else done) if dropped or done is not None else None
    records.add("actions", agreed, {
        "created_by": PEOPLE[by].id, "id": records.next_id("action"), **records.own(case), "case_id": case.id, "owner_id": PEOPLE[owner].id,
        "what": words, "due_on": agreed + timedelta(weeks=due), "state": "dropped" if dropped else "done" if ended else "open",
        "done_on": ended, "helped": None if dropped else helped, "version": 2 if ended else 1, "created_on": agreed,
        "created_at": _at(agreed, 13), "led_by": None, "meeting_id": None, "item_id": None,
    })  # fmt: skip


# --- Flags that were up ------------------------------------------------------------------------------------------------


def _flag(
    records: Records, case: Case, rule: str, severity: str, numbers: dict[str, Any], since: date, cleared: date, *, n: int = 1,
    about: str = "", window: tuple[date, date] | None = None,
) -> dict[str, Any]:  # fmt: skip
    first, last = window or (since, cleared)
    return {
        "id": key("flag", case.code, rule, about, records.week(since), since.weekday()), **records.own(case), "case_id": case.id, "rule": rule,
        "about": about, "rule_version": 1, "severity": severity, "numbers": numbers, "n": n, "window_from": first, "window_to": last,
        "since": since, "first_seen": since, "cleared_on": cleared,
    }  # fmt: skip


def _cases(records: Records) -> dict[UUID, Case]:
    return {case.id: case for case in CASES.values()}


def _waiting_ruptures(records: Records) -> Iterator[dict[str, Any]]:
    """R5: each time that a rupture went without a step for too long, until the next one or its close."""
    cases, taken = _cases(records), {}
    for step in records.tables["repair_steps"]:
        taken.setdefault(step["rupture_id"], []).append(step["taken_on"])
    for rupture in records.tables["ruptures"]:
        days = sorted(taken.get(rupture["id"], [])) + ([rupture["closed_on"]] if rupture["closed_on"] else [])
        last = rupture["noticed_on"]
        for day in days:
            if (waited := (day - last).days) > STEP_WITHIN + 1:
                severity = "escalate" if waited > 2 * STEP_WITHIN else "review"
                numbers = {"ruptures": 1, "days": waited - 1, "allowed": STEP_WITHIN}
                since = last + timedelta(days=STEP_WITHIN + 1)
                yield _flag(
                    records,
                    cases[rupture["case_id"]],
                    "R5",
                    severity,
                    numbers,
                    since,
                    day,
                    window=(last, day),
                )
            last = max(last, day)


def _not_discussed(records: Records) -> Iterator[dict[str, Any]]:
    """R9: each time that an active case was not talked about for too long, until it was."""
    talked: dict[UUID, set[date]] = {}
    for use in records.tables["prompt_uses"]:
        if use["case_id"]:
            talked.setdefault(use["case_id"], set()).add(use["used_at"].date())
    for step_back in records.tables["step_backs"]:
        talked.setdefault(step_back["case_id"], set()).add(step_back["done_on"])
    held_on = {meeting["id"]: meeting["held_on"] for meeting in records.tables["meetings"]}
    for item in records.tables["agenda_items"]:
        if item["case_id"] and item["state"] == "done":
            talked.setdefault(item["case_id"], set()).add(held_on[item["meeting_id"]])
    for case in CASES.values():
        last, ever = records.day(case.since, case.weekday), False
        for day in sorted(talked.get(case.id, ())) if case.state == "active" else ():
            since = max(last + timedelta(days=DISCUSSED_WITHIN + 1), records.day(0))
            if since < day:
                numbers = {"days": (day - last).days - 1, "allowed": DISCUSSED_WITHIN, "ever": ever}
                yield _flag(
                    records, case, "R9", "watch", numbers, since, day, n=int(ever), window=(last, day)
                )
            last, ever = day, True


def _without_improvement(records: Records) -> Iterator[dict[str, Any]]:
    """R1: from the fourth session on without a reliable improvement, until the score that was one."""
    held = _days(records.tables["sessions"], "held_on", lambda row: row["attendance"] == "attended")
    for slug, needed in NEEDED.items():
        scores: dict[UUID, list[tuple[date, int]]] = {}
        for row in records.tables["scores"]:
            if row["measure_id"] == MEASURES[slug][0]:
                scores.setdefault(row["case_id"], []).append((row["on_day"], row["value"]))
        for case in CASES.values():
            yield from _spells_of(
                records, case, slug, needed, sorted(scores.get(case.id, [])), held.get(case.id, [])
            )


def _spells_of(
    records: Records, case: Case, slug: str, needed: int, scores: list[tuple[date, int]], held: list[date]
) -> Iterator[dict[str, Any]]:  # fmt: skip
    since: date | None = None
    for place, (day, value) in enumerate(scores[1:], start=2):
        first_day, first = scores[0]
        attended = [on for on in held if first_day <= on <= day]
        if first - value >= needed:
            if since is not None and since < day and since >= records.day(0):
                severity = "escalate" if len(attended) >= 9 else "review" if len(attended) >= 6 else "watch"
                numbers = {"sessions": len(attended), "improved": 0, "needed": needed, "basis": "published"}
                yield _flag(
                    records,
                    case,
                    "R1",
                    severity,
                    numbers,
                    since,
                    day,
                    n=place,
                    about=slug,
                    window=(first_day, day),
                )
            since = None
        elif since is None and len(attended) >= SESSIONS:
            since = day


def _days(rows: Iterable[dict[str, Any]], column: str, fits: Any) -> dict[UUID, list[date]]:
    found: dict[UUID, list[date]] = {}
    for row in rows:
        if fits(row):
            found.setdefault(row["case_id"], []).append(row[column])
    return found


def _worked_on(records: Records, flag: dict[str, Any]) -> None:
    """Somebody saw to every spell that took more than a week: the lead gave it to a supervisor, who dealt with it."""
    if flag["rule"] == "R9" or (flag["cleared_on"] - flag["since"]).days < 7:
        return
    case = _cases(records)[flag["case_id"]]
    chance, supervisor = draws("worked on", flag["id"]), SUPERVISOR[case.team]
    seen = flag["since"] + timedelta(days=(7 - flag["since"].weekday()) % 7)  # the lead looks on Mondays
    if seen >= flag["cleared_on"]:
        return
    given = chance.random() < 0.6
    _event(
        records, flag, LEAD.id, "assigned" if given else "acknowledged", seen,
        assignee=supervisor.id if given else None, due_on=seen + timedelta(days=14) if given else None,
        note="Please have a look together." if given else "",
    )  # fmt: skip
    if given:
        outcome = "repaired" if flag["rule"] == "R5" else chance.choice(("discussed", "plan_adjusted"))
        _event(records, flag, supervisor.id, "resolved", flag["cleared_on"], outcome=outcome)


def _event(
    records: Records, flag: dict[str, Any], actor: UUID, kind: str, day: date, *, note: str = "", assignee: UUID | None = None,
    due_on: date | None = None, outcome: str | None = None,
) -> None:  # fmt: skip
    records.add("flag_events", day, {
        "actor_id": actor, "id": key("flag event", flag["id"], kind), "team_id": flag["team_id"], "therapist_id": flag["therapist_id"],
        "case_id": flag["case_id"], "flag_id": flag["id"], "kind": kind, "note": note, "assignee_id": assignee, "due_on": due_on,
        "until_on": None, "outcome": outcome, "happened_at": _at(day, 10),
    })  # fmt: skip


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour, 20), UTC)
