"""Team trends: how causes, blame, episodes, ruptures and reflections have moved, in the safe view or exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pandas as pd
from supabase import Client

from services import vocabulary, weeks
from services.errors import explained

ENOUGH_WEEKS = 12  # fewer are too few to judge a series by


@dataclass(frozen=True, slots=True)
class Trends:
    """Frames with period_start and period_end (Mondays; the end is the one after). A period without entries has no row.

    causes: cause (1–6), mean (0–4), n (ratings) · blame: blame, n, share (0–1) · kinds: kind, n
    ruptures: opened, closed, open_at_end (NaN where it may not be shown) · reflections: percent (0–100)
    `weeks` counts the complete weeks on record; `through` is the day up to which entries can be in here.
    """

    causes: pd.DataFrame
    blame: pd.DataFrame
    kinds: pd.DataFrame
    ruptures: pd.DataFrame
    reflections: pd.DataFrame
    weeks: int
    through: date
    exact: bool

    @property
    def too_few_weeks(self) -> bool:
        return self.weeks < ENOUGH_WEEKS

    @property
    def empty(self) -> bool:
        return all(
            frame.empty for frame in (self.causes, self.blame, self.kinds, self.ruptures, self.reflections)
        )


def team(db: Client, *, team: UUID, since: date, today: date, exact: bool = False) -> Trends:
    """The team's trends from the week of `since` to now.

    The safe view shows whole periods behind which enough therapists and entries stand; `exact` shows every week
    and is for supervisors of the team. Raises NotAllowed for anyone else.
    """
    span = {
        "team": str(team),
        "from_week": weeks.monday(since).isoformat(),
        "to_week": (weeks.monday(today) + weeks.WEEK).isoformat(),
    }
    with explained():
        answer = db.rpc("team_trends_exact" if exact else "team_trends", span).execute().data
    return of_answer(answer, exact=exact)


def of_answer(answer: Mapping[str, Any], *, exact: bool = False) -> Trends:
    """What the database answered, as frames."""
    cells = pd.DataFrame(answer["cells"], columns=["measure", "key", "starts", "ends", "n", "mean"])
    cells = cells.rename(columns={"starts": "period_start", "ends": "period_end"})
    for column in ("period_start", "period_end"):
        cells[column] = pd.to_datetime(cells[column]).dt.date
    return Trends(
        causes=_causes(cells), blame=_blame(cells), kinds=_counts(cells, "kind", "kind", tuple(vocabulary.EPISODE_KINDS)),
        ruptures=_ruptures(cells), reflections=_reflections(cells),
        weeks=answer["weeks"], through=date.fromisoformat(answer["through"]), exact=exact,
    )  # fmt: skip


def rising(causes: pd.DataFrame, cause: int) -> int:
    """For how many weeks in a row, up to the last period shown, the mean of a cause has risen; 0 when it has not."""
    series = causes[causes["cause"] == cause].sort_values("period_start")
    means, run = series["mean"].tolist(), 0
    while run + 1 < len(means) and means[-1 - run] > means[-2 - run]:
        run += 1
    risen = series.tail(run)
    return (
        sum((end - start).days for start, end in zip(risen["period_start"], risen["period_end"], strict=True))
        // 7
    )


PERIOD = ["period_start", "period_end"]


def _of(cells: pd.DataFrame, measure: str) -> pd.DataFrame:
    return cells[cells["measure"] == measure].reset_index(drop=True)


def _causes(cells: pd.DataFrame) -> pd.DataFrame:
    frame = _of(cells, "cause")
    frame["cause"] = frame["key"].astype(int)
    frame["mean"] = frame["mean"].astype(float)
    return frame[[*PERIOD, "cause", "mean", "n"]].sort_values(["period_start", "cause"], ignore_index=True)


def _counts(cells: pd.DataFrame, measure: str, name: str, order: tuple[str, ...]) -> pd.DataFrame:
    """Entries per key; what is shown together goes under "other"."""
    frame = _of(cells, measure)
    frame[name] = frame["key"].replace("others", "other")
    frame = frame.groupby([*PERIOD, name], as_index=False)["n"].sum()
    place = {key: index for index, key in enumerate(order)}
    return frame.sort_values(
        ["period_start", name],
        key=lambda c: c.map(place).fillna(99) if c.name == name else c,
        ignore_index=True,
    )


def _blame(cells: pd.DataFrame) -> pd.DataFrame:
    frame = _counts(cells, "first_blame", "blame", tuple(vocabulary.BLAMES))
    frame["share"] = frame["n"] / frame.groupby("period_start")["n"].transform("sum")
    return frame


def _ruptures(cells: pd.DataFrame) -> pd.DataFrame:
    frame = (
        _of(cells, "rupture")
        .pivot_table(index=PERIOD, columns="key", values="n", aggfunc="first")
        .reset_index()
    )
    frame = frame.reindex(columns=[*PERIOD, "opened", "closed", "open"]).rename(
        columns={"open": "open_at_end"}
    )
    frame.columns.name = None
    return frame


def _reflections(cells: pd.DataFrame) -> pd.DataFrame:
    frame = _of(cells, "reflection").rename(columns={"mean": "percent"})
    frame["percent"] = frame["percent"].astype(float)
    return frame[[*PERIOD, "percent"]].sort_values("period_start", ignore_index=True)


def own_weeks(db: Client, *, team: UUID, therapist: UUID, since: date) -> pd.DataFrame:
    """A therapist's own weekly ratings. Columns: week (Monday), cause (1–6), rating (0–4, missing = can't tell). Weeks without have no row."""
    with explained():
        rows = (
            db.table("ratings").select("on_day, cause, rating").eq("therapist_id", str(therapist)).eq("team_id", str(team))
            .not_.is_("reflection_id", "null").gte("on_day", weeks.monday(since).isoformat())
            .order("on_day").order("cause").limit(1000).execute().data
        )  # fmt: skip
    frame = pd.DataFrame(rows, columns=["on_day", "cause", "rating"]).rename(columns={"on_day": "week"})
    frame["week"] = pd.to_datetime(frame["week"]).dt.date
    return frame
