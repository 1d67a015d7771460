"""Open cases of a team found by their code, for an agenda: also those for which nothing speaks but that a supervisor chose them."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from supabase import Client

from services import people
from services.agenda import Candidate
from services.errors import explained

BY_HAND: tuple[Mapping[str, Any], ...] = ({"why": "supervisor", "points": 0},)


def open_cases(
    db: Client,
    *,
    team: UUID,
    today: date,
    code: str = "",
    among: Collection[UUID] | None = None,
    limit: int = 50,
) -> tuple[Candidate, ...]:
    """Open cases of those who are therapists of the team today, by code; at most `limit`. For supervisors of the team.

    `code` is a part of it, written in any way ("c1044" finds C-1044); `among` names the cases to look for.
    """
    parts = re.findall(r"[A-Za-z]+|[0-9]+", code)
    if code.strip() and not parts:
        return ()
    here = people.holding(db, "therapist", team=team, today=today)
    with explained():
        query = (
            db.table("case_list").select("therapist_id, therapist, id, code").eq("team_id", str(team))
            .in_("state", ["active", "paused"]).in_("therapist_id", sorted(here))
        )  # fmt: skip
        if among is not None:
            query = query.in_("id", [str(one) for one in among])
        if parts:
            query = query.or_(",".join(f"code.ilike.*{each}*" for each in ("".join(parts), "-".join(parts))))
        rows = query.order("code").order("therapist_id").limit(limit).execute().data
    return tuple(
        Candidate(
            UUID(row["therapist_id"]), row["therapist"] or "", UUID(row["id"]), row["code"], because=BY_HAND
        )
        for row in rows
    )
