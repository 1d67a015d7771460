"""Team North's supervision meetings: three that have been held, with what came of them, and the one prepared for today."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from demo_clinic.case_records import CaseRecords
from demo_clinic.people import CASES, PEOPLE, RUNNING, SUPERVISOR, key
from demo_clinic.records import Records
from demo_clinic.words_of_meetings import AHEAD, HELD, Action, Item

TEAM, WEDNESDAY, BEGINS = "north", 2, time(13)
LED_BY = SUPERVISOR[TEAM].id
AHEAD_KEY = "ahead"


def identity(week: int | str) -> UUID:
    """The id of the meeting of that week, or of the one ahead."""
    return key("meeting", TEAM, week)


def pulses() -> list[tuple[UUID, int, int]]:
    """Meeting, answer, how many gave it. The database keeps these apart from everything else."""
    return [
        (identity(week), answer, n)
        for week, _, _, answers in HELD
        for answer, n in enumerate(answers, start=1)
        if n
    ]


def write(records: Records) -> None:
    """All meetings; the cases' own rows are in already."""
    for week, minutes, items, _ in HELD:
        _held(records, week, minutes, items)
    prepared = records.day(RUNNING - 1, 4)
    _meeting(records, prepared, AHEAD_KEY, records.today, sum(item.minutes for item in AHEAD), "planned")
    for place, item in enumerate(AHEAD, start=1):
        _item(records, prepared, AHEAD_KEY, place, item, records.today)


def _held(records: Records, week: int, minutes: int, items: tuple[Item, ...]) -> None:
    day = records.day(week, WEDNESDAY)
    begun = datetime.combine(day, BEGINS, UTC)
    ended = begun + timedelta(minutes=sum(item.spent for item in items) + 2)
    _meeting(records, day, week, day, minutes, "ended", begun, ended)
    records.add("meeting_screens", day, {
        "opened_by": LED_BY, "id": key("screen", week), **_of(week), "opened_at": begun - timedelta(minutes=1),
        "closed_at": ended + timedelta(minutes=4),
    })  # fmt: skip
    at = begun
    for place, item in enumerate(items, start=1):
        row = _item(records, day, week, place, item, day)
        at += timedelta(minutes=item.spent)
        _came_of(records, week, row, item, at)


def _meeting(
    records: Records, day: date, week: int | str, held_on: date, minutes: int, state: str, begun: datetime | None = None, ended: datetime | None = None
) -> None:  # fmt: skip
    records.add("meetings", day, {
        "led_by": LED_BY, "id": identity(week), "team_id": key("team", TEAM), "held_on": held_on, "starts_at": BEGINS, "minutes": minutes,
        "state": state, "theme": {}, "begun_at": begun, "ended_at": ended, "created_at": _at(day - timedelta(days=2) if begun else day),
    })  # fmt: skip


def _item(records: Records, day: date, week: int | str, place: int, item: Item, held_on: date) -> dict[str, Any]:  # fmt: skip
    about: dict[str, UUID | None] = dict.fromkeys(("therapist_id", "case_id", "question_id", "rupture_id"))
    if item.code:
        case = CASES[item.code]
        about |= {"therapist_id": PEOPLE[case.person].id, "case_id": case.id}
        if item.kind == "question":
            about["question_id"] = _question(records, item, day)
        elif item.kind == "rupture":
            about["rupture_id"] = _rupture(records, case.id)
    because = [{"why": "chosen", "points": None}] if item.kind == "question" else []
    because += [
        {"why": "flag", "rule": rule, "severity": severity, "points": points}
        for rule, severity, points in item.because
    ]
    if item.carried:
        because.append({"why": "carried", "points": 3})
    row = records.add("agenda_items", day, {
        "led_by": LED_BY, "id": key("item", week, place), "meeting_id": identity(week), "team_id": key("team", TEAM), "position": place * 10,
        "kind": item.kind, **about, "minutes": item.minutes, "because": because, "state": item.state, "reason": item.reason, "spent": item.spent * 60,
        "stage": "next_step" if item.state == "done" and item.code else "moment", "released": list(item.released),
        "helped": item.helped, "created_at": _at(day - timedelta(days=2) if held_on == day else day),
    })  # fmt: skip
    if item.words:
        records.add("agenda_words", day, {
            "therapist_id": row["therapist_id"], "led_by": LED_BY, "item_id": row["id"], "team_id": row["team_id"], "body": item.words,
            "released": "words" in item.released,
        })  # fmt: skip
    return row


def _question(records: Records, item: Item, day: date) -> UUID:
    """The one that waits, or one that was asked the week before and has been talked about since."""
    case = CASES[item.code]
    if item.asked is None:
        return next(q["id"] for q in records.tables["questions"] if (q["case_id"], q["state"]) == (case.id, "open"))  # fmt: skip
    CaseRecords(records, case).question(day - timedelta(days=6), *item.asked, state="discussed")
    return records.tables["questions"][-1]["id"]


def _rupture(records: Records, case: UUID) -> UUID:
    return next(r["id"] for r in records.tables["ruptures"] if r["case_id"] == case and r["closed_on"] is None)  # fmt: skip


def _came_of(records: Records, week: int, row: dict[str, Any], item: Item, at: datetime) -> None:
    about = {"therapist_id": row["therapist_id"], "case_id": row["case_id"]}
    if item.decision or item.decided:
        records.add("decisions", at.date(), {
            "recorded_by": LED_BY, "id": key("decision", row["id"]), **_of(week), "item_id": row["id"], **about, "decision": item.decision,
            "words": item.decided, "sentence": item.sentence, "will_know": item.will_know, "shown": item.shown,
            "look_again_on": at.date() + timedelta(weeks=4) if item.decision == "adjust_plan" else None, "created_at": at,
        })  # fmt: skip
    if item.action:
        _action(records, row, item.action, at)
    if item.code:
        stood = _causes(records, row["case_id"], at.date())
        for cause, change in item.shift:
            before = stood[cause]
            records.add("reratings", at.date(), {
                "therapist_id": row["therapist_id"], "led_by": LED_BY, "item_id": row["id"], "team_id": row["team_id"], "cause": cause,
                "rating": before + change, "before": before, "rated_at": at,
            })  # fmt: skip


def _action(records: Records, row: dict[str, Any], action: Action, at: datetime) -> None:
    agreed = at.date()
    done = agreed + timedelta(days=action.done) if action.done else None
    records.add("actions", agreed, {
        "created_by": LED_BY, "id": key("meeting action", action.what), "therapist_id": row["therapist_id"],
        "team_id": key("team", TEAM), "case_id": row["case_id"], "owner_id": PEOPLE[action.owner].id,
        "what": action.what, "due_on": agreed + timedelta(weeks=action.due), "state": "done" if done else "open", "done_on": done,
        "helped": action.helped if done else None, "version": 2 if done else 1, "created_on": agreed, "created_at": at,
        "led_by": LED_BY, "meeting_id": row["meeting_id"], "item_id": row["id"],
    })  # fmt: skip


def _causes(records: Records, case: UUID, until: date) -> dict[int, int]:
    """The six causes as last rated on a case before that day."""
    days = {e["id"]: e["happened_on"] for e in records.tables["episodes"] if e["case_id"] == case and e["happened_on"] < until}  # fmt: skip
    rated = [r for r in records.tables["ratings"] if r["episode_id"] in days and r["rating"] is not None]
    return {r["cause"]: r["rating"] for r in sorted(rated, key=lambda r: days[r["episode_id"]])}


def _of(week: int | str) -> dict[str, UUID]:
    return {"team_id": key("team", TEAM), "led_by": LED_BY, "meeting_id": identity(week)}


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9, 40), UTC)
