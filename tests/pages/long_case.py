"""A case with a long history, put straight into the database: for pages that have to bear it."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from services import ids

ATTENDANCES = ("attended",) * 8 + ("cancelled", "late_cancel", "attended", "no_show")


def fill(sql, *, therapist: UUID, team: UUID, code: str, sessions: int, until: date) -> UUID:
    """A case of so many weekly sessions, with episodes, ruptures and their repair, goals, tasks and two scores a session."""
    case, start = uuid4(), until - timedelta(weeks=sessions - 1)
    mine = {"therapist_id": therapist, "team_id": team}

    def put(table: str, **row: object) -> UUID:
        row = mine | {"id": ids.new()} | row
        columns, places = ", ".join(row), ", ".join(["%s"] * len(row))
        sql.execute(f"insert into public.{table} ({columns}) values ({places})", list(row.values()))
        return row["id"]

    put("cases", id=case, code=code, started_on=start, control_sensitivity=3)
    measures = [
        sql.execute("select id from public.measures where slug = %s", (slug,)).fetchone()[0]
        for slug in ("phq-9", "gad-7")
    ]
    goal = put("goals", case_id=case, set_by="together", importance=8, set_on=start)
    put("case_texts", case_id=case, about="goal", about_id=goal, body="To drive on the motorway again")
    task = put("tasks", case_id=case, goal_id=goal, proposed_by="therapist", importance=4, given_on=start)
    put(
        "case_texts",
        case_id=case,
        about="task",
        about_id=task,
        body="Sit in the parked car for ten minutes",
        shared=True,
    )
    for number in range(sessions):
        day = start + timedelta(weeks=number)
        put("sessions", case_id=case, number=number + 1, held_on=day, attendance=ATTENDANCES[number % 12])
        for place, measure in enumerate(measures):
            put(
                "scores",
                case_id=case,
                measure_id=measure,
                on_day=day,
                value=max(2, 19 - number // 8 - place * 3 + number % 4),
            )
        if number % 5 == 3:
            put(
                "task_checks",
                task_id=task,
                on_day=day,
                done=("none", "a_little", "most", "all", "something_else")[number // 5 % 5],
            )
        if number % 6 == 2:
            put("goal_progress", goal_id=goal, on_day=day, progress=min(10, number // 20 + number % 3))
        if number % 7 == 4:
            put(
                "episodes",
                case_id=case,
                happened_on=day,
                kind=("withdrawal", "yes_but", "stalled")[number // 7 % 3],
                intensity=number % 5 + 1,
            )
        if number % 20 == 11:
            closed = day + timedelta(weeks=3) if number + 20 < sessions else None
            rupture = put(
                "ruptures",
                case_id=case,
                kind="mixed",
                noticed_on=day,
                closed_on=closed,
                outcome="partly" if closed else None,
            )
            for step, stage in enumerate(("named", "explored")):
                on = day + timedelta(weeks=step + 1)
                if on <= until:
                    put("repair_steps", rupture_id=rupture, stage=stage, taken_on=on, recorded_by=therapist)
        if number % 12 == 10:
            put("plan_reviews", case_id=case, reviewed_on=day, next_review_on=day + timedelta(weeks=12))
    return case
