"""Who came when: the booked sessions of every case, so that whatever happened in a case happened in one of them."""

from dataclasses import dataclass
from datetime import date
from random import Random

from demo_clinic import curves
from demo_clinic.case_records import CaseRecords
from demo_clinic.people import CASES, LONG, RUNNING, Case, draws
from demo_clinic.records import CLOSED_WEEKS, Records

# Sessions of these weeks that went otherwise than chance would have it. No episode falls into them.
SCRIPT = {
    ("C-0452", 23): "no_show", ("C-0452", 24): "no_show",  # two of the last four booked
    ("C-0563", 22): "attended", ("C-0563", 23): "no_show",  # before the third session
    ("C-0480", 24): "attended", ("C-0480", 25): "attended",
}  # fmt: skip
# Where scores or answers are told week by week, the client came.
CAME = {"C-0532": range(21, 26), "C-0551": range(18, 25), "C-0431": range(20, 26), "C-0547": range(10, 26)}


@dataclass(frozen=True, slots=True)
class Visit:
    """A session that took place."""

    day: date
    week: int


def held(records: Records) -> dict[str, list[Visit]]:
    """Writes all booked sessions; gives those that took place, by case, oldest first."""
    happened = _what_happened(records)
    return {code: _of_case(records, case, happened) for code, case in CASES.items()}


def _what_happened(records: Records) -> dict[tuple[object, int], date]:
    """(case, week) → the day of its session, as episodes and repair steps know it. The running week is not known yet."""
    tables, days = records.tables, {}
    ruptures = {row["id"]: row["case_id"] for row in tables["ruptures"]}
    steps = [
        (ruptures[row["rupture_id"]], row["taken_on"]) for row in tables["repair_steps"]
        if row["recorded_by"] == row["therapist_id"]
    ]  # fmt: skip
    for case, day in [
        *((row["case_id"], row["happened_on"]) for row in tables["episodes"]),
        *sorted(steps, key=str),
    ]:
        if records.week(day) < RUNNING:
            days.setdefault((case, records.week(day)), day)
    return days


def _of_case(records: Records, case: Case, happened: dict[tuple[object, int], date]) -> list[Visit]:
    chance, writes, came = draws("sessions", case.code), CaseRecords(records, case), []
    usual = chance.choices(("in_person", "video"), (80, 20))[0]
    first = case.since if case.code == LONG else max(case.since, 0)
    number = round(
        0.9 * (first - case.since)
    )  # of the sessions before the half year only the number is known
    no_shows: list[int] = []
    for week in range(first, RUNNING + 1 if case.until is None else case.until):
        drawn, other = chance.random(), chance.random()
        known = happened.get((case.id, week))
        if known is None and _nobody_works(case, week):
            continue
        number += 1
        attendance = SCRIPT.get((case.code, week)) or _attendance(drawn)
        if known or week in (case.since, RUNNING) or week in CAME.get(case.code, ()):
            attendance = "attended"
        elif attendance == "no_show" and (case.code, week) not in SCRIPT:
            recent = (
                number <= 3
                or any(number - earlier < 8 for earlier in no_shows)
                or case.code in ("C-0452", "C-0563")
            )
            attendance = "cancelled" if recent else attendance
        if attendance == "no_show":
            no_shows.append(number)
        day = known or records.day(week, case.weekday)
        writes.session(day, number, attendance, _mode(chance, usual) if other < 0.12 else usual)
        if attendance == "attended":
            came.append(Visit(day, week))
    return came


def _nobody_works(case: Case, week: int) -> bool:
    on_leave = week in curves.AWAY[case.person] or (week < 0 and week % 29 in (3, 4))
    return on_leave or week in CLOSED_WEEKS[case.team]


def _attendance(drawn: float) -> str:
    for attendance, below in (("cancelled", 0.1), ("late_cancel", 0.16), ("no_show", 0.2)):
        if drawn < below:
            return attendance
    return "attended"


def _mode(chance: Random, usual: str) -> str:
    return chance.choice([mode for mode in ("in_person", "video", "phone", "other") if mode != usual])
