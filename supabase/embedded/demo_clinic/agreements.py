"""Goals and between-session work as they go: who wanted what, how far it came, what was done and what was in the way.

What somebody else wanted is done less: that is the point of asking who proposed it.
"""

from collections.abc import Sequence
from random import Random
from typing import Any

from demo_clinic.agreed import Agreed
from demo_clinic.case_records import CaseRecords
from demo_clinic.ordinary import Deck
from demo_clinic.people import CASES, LONG, RUNNING, draws
from demo_clinic.records import Records
from demo_clinic.visits import Visit
from demo_clinic.words_of_work_north import NORTH
from demo_clinic.words_of_work_south import OBSTACLES, SOUTH

AGREED: dict[str, Agreed] = NORTH | SOUTH

DONE = ("none", "a_little", "most", "all", "something_else")
WEIGHTS = {
    "therapist": (40, 26, 16, 6, 12),
    "together": (8, 14, 42, 29, 7),
    "client": (3, 9, 34, 48, 6),
}
LITTLE = ("none", "a_little")

# Where little is done again and again; everywhere else at most two of four in a row.
UNDONE = ("C-0387", "C-0555")
# Theo wrote this goal down alone, in week 12 ("Twelve sessions on a goal that I wrote down alone").
GOAL_IN = {"C-0387": 12}
LET_GO = ("C-0398", "C-0405")  # the therapist's own goal, put down in the end


def write(records: Records, visits: dict[str, list[Visit]]) -> None:
    """Everything that was agreed."""
    obstacles = Deck(OBSTACLES, chance=draws("obstacles"), once=True)
    undone = {
        (row["case_id"], row["happened_on"]) for row in records.tables["episodes"]
        if "homework_not_done" in (row["kind"], *row["markers"])
    }  # fmt: skip
    for code, agreed in AGREED.items():
        writes = CaseRecords(records, CASES[code])
        goals = _goals(writes, agreed, visits[code])
        _tasks(
            writes,
            agreed,
            visits[code],
            goals,
            {day for case, day in undone if case == CASES[code].id},
            obstacles,
        )


def _goals(writes: CaseRecords, agreed: Agreed, visits: Sequence[Visit]) -> list[dict[str, Any]]:
    chance, code = draws("goals", writes.case.code), writes.case.code
    apart = 34 if code == LONG else 4
    goals = []
    for place, (set_by, importance, reaches, words) in enumerate(agreed.goals):
        since = [v for v in visits if v.week >= GOAL_IN.get(code, -200)][place * apart :]
        if not since:
            continue
        goal = writes.goal(since[0].day, set_by, importance, words, shared=chance.random() < 0.6)
        goals.append(goal)
        looks = since[4::9] if code == LONG else since[3::5]
        for nth, visit in enumerate(looks, start=1):
            value = max(0, round(reaches * nth / len(looks)) - chance.choice((0, 0, 1)))
            last = nth == len(looks)
            writes.progress(visit.day, goal, reaches if last else value)
            if last and reaches >= 9:
                writes.until(visit.day, goal, state="reached")
            elif last and set_by == "therapist" and code in LET_GO:
                writes.until(visit.day, goal, state="let_go")
    return goals


def _tasks(
    writes: CaseRecords, agreed: Agreed, visits: Sequence[Visit], goals: Sequence[dict], undone: set, obstacles: Deck
) -> None:  # fmt: skip
    chance, code, count = draws("tasks", writes.case.code), writes.case.code, len(agreed.tasks)
    recent: list[bool] = []  # whether little was done, check by check
    for place, (proposed_by, importance, words) in enumerate(agreed.tasks):
        first, last = (1 + nth * (len(visits) - 1) // count for nth in (place, place + 1))
        weeks = visits[first : last + 1]
        if not weeks:
            continue
        goal = goals[min(place * len(goals) // count, len(goals) - 1)] if goals else None
        if goal and goal["set_on"] > weeks[0].day:
            goal = None
        agreeing = proposed_by != "therapist" or chance.random() < 0.6
        task = writes.task(
            weeks[0].day, goal, proposed_by, importance, words, agreed=agreeing, shared=chance.random() < 0.55
        )
        done = ""
        for visit in weeks[1:]:
            looked = chance.random() < (0.62 if code == LONG else 0.85)
            drawn, little = _done(chance, proposed_by, code), visit.day in undone
            if (not looked and not little) or visit.week >= RUNNING:
                continue
            if little and drawn not in LITTLE:
                drawn = chance.choice(LITTLE)
            if drawn in LITTLE and code not in UNDONE and sum(recent[-3:]) >= 2:
                if little:
                    continue  # not looked at: there was enough of that already
                drawn = "most"
            done = drawn
            recent.append(done in LITTLE)
            _check(writes, chance, visit, task, done, obstacles)
        if place + 1 < count and weeks[-1].week < RUNNING:
            writes.until(weeks[-1].day, task, state="dropped" if done in (*LITTLE, "") else "finished")


def _done(chance: Random, proposed_by: str, code: str) -> str:
    weights = (55, 40, 5, 0, 0) if code in UNDONE and proposed_by == "therapist" else WEIGHTS[proposed_by]
    return chance.choices(DONE, weights)[0]


def _check(writes: CaseRecords, chance: Random, visit: Visit, task: dict, done: str, obstacles: Deck) -> None:
    looked_at = chance.choices((True, False, None), (78, 12, 10))[0]
    said, shared = chance.random() < 0.3, chance.random() < 0.6
    obstacle = (obstacles.deal() or "") if said and done in LITTLE else ""
    writes.check(visit.day, task, done, looked_at, obstacle, shared=shared)
