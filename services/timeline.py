"""All that happened in one case, on one time axis."""

from collections.abc import Iterable
from uuid import UUID

import pandas as pd
from supabase import Client

from services.errors import explained
from services.outbox import Operation

COLUMNS = ("day", "lane", "key", "detail", "id")
PAGE = 1_000  # rows, as many as the API gives at once

# What is logged in these kinds of operation: its lane, the parameters that hold its day, its key and its detail.
LOGGED = {
    "session.log": ("session", "held_on", "attendance", "number"),
    "episode.log": ("episode", "happened_on", "kind", "intensity"),
    "rupture.open": ("rupture", "noticed_on", "kind", None),
    "goal.set": ("goal", "set_on", "set_by", None),
    "plan.review": ("review", "reviewed_on", None, None),
}


def of(db: Client, *, therapist: UUID, case: UUID) -> pd.DataFrame:
    """Everything with a day that the caller may see, the earliest first.

    Columns: day (date), lane (session, episode, rupture, closed, repair, review, task, score, goal), key (what of that lane, or
    the measure's short name), detail (number, intensity, proposer or value, as text, or None), id.
    """
    found: list[dict] = []
    with explained():
        while True:
            rows = (
                db.table("case_timeline").select(", ".join(COLUMNS))
                .eq("therapist_id", str(therapist)).eq("case_id", str(case))
                .order("day").order("lane").order("id").range(len(found), len(found) + PAGE - 1).execute().data
            )  # fmt: skip
            found += rows
            if len(rows) < PAGE:
                break
    return _frame(found)


def measure_names(db: Client) -> dict[str, str]:
    """The name of each measure by its short name; a clinic's own replaces the shipped one."""
    with explained():
        rows = db.table("measures").select("slug, name, clinic_id").order("clinic_id", nullsfirst=True).limit(PAGE).execute().data  # fmt: skip
    return {row["slug"]: row["name"] for row in rows}


def with_waiting(frame: pd.DataFrame, waiting: Iterable[Operation], *, case: UUID) -> pd.DataFrame:
    """The same with what has been logged for the case and is still on its way."""
    known = set(frame["id"])
    new = [
        {
            "day": op.params[day], "lane": lane, "key": op.params[key] if key else "review",
            "detail": None if detail is None or op.params[detail] is None else str(op.params[detail]), "id": op.entity,
        }
        for op in waiting
        if op.kind in LOGGED and op.params.get("case") == str(case) and op.entity not in known
        for lane, day, key, detail in [LOGGED[op.kind]]
    ]  # fmt: skip
    if not new:
        return frame
    return _frame([*frame.to_dict("records"), *new])


def _frame(rows: list[dict]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["day"] = pd.to_datetime(frame["day"]).dt.date
    return frame.sort_values("day", kind="stable", ignore_index=True)


NONE = _frame([])
