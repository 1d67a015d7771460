"""My mirror: a therapist's own pattern over time, for themselves alone, and what of it they share, item by item."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any, Self
from uuid import UUID

import pandas as pd
from supabase import Client

from services import entries, ids, vocabulary, weeks
from services.errors import Refused, explained
from services.outbox import Operation, Outbox

BLOCK = timedelta(weeks=4)
ENOUGH_PAIRS = 3  # fewer say nothing about before and after
LONGEST_SHARE = 20_000  # characters, as the database checks it
PERIOD = ["period_start", "period_end"]


@dataclass(frozen=True, slots=True)
class Strength:
    """What somebody wrote down as done well in one week."""

    week: date
    text: str


@dataclass(frozen=True, slots=True)
class Mirror:
    """One therapist's own entries in one team since a Monday. A week or period without entries has no row.

    Frames; periods are four weeks, counted back from the running one:
    causes: week, cause (1–6), rating (0–4, missing = can't tell) · blame, moves: period_start, period_end, key, n, share (0–1)
    reframes: reframe, helped (empty: not said), n · repairs: period_start, period_end, noticed, steps, closed
    guesses: period_start, period_end, question, guess, answer (means, 0–10), n, near, above, below
    supervised: of ("case", "week", or "meeting": rated again in one), cause, n (pairs), before, after (means, 0–4), lower, same, higher
    frustration: week, rating (0–4, missing = not said), let_go (whether something was put down)
    """

    since: date
    weeks: int
    episodes: int
    strengths: tuple[Strength, ...]
    strengths_count: int
    behaviours: Mapping[str, int]
    causes: pd.DataFrame
    blame: pd.DataFrame
    blame_unstated: int
    moves: pd.DataFrame
    moves_unstated: int
    reframes: pd.DataFrame
    repairs: pd.DataFrame
    ruptures_open: int
    outcomes: Mapping[str, int]
    stages: Mapping[str, int]
    guesses: pd.DataFrame
    supervised: pd.DataFrame
    supervision_days: int
    frustration: pd.DataFrame


def mine(db: Client, *, team: UUID, since: date, today: date) -> Mirror:
    """The caller's own entries in a team from the week of `since` to now. Raises NotAllowed unless they are a therapist there."""
    with explained():
        found = (
            db.rpc("my_mirror", {"team": str(team), "since": weeks.monday(since).isoformat()}).execute().data
        )
    first = date.fromisoformat(found["since"])
    said, episodes, ruptures = found["weeks"], found["episodes"], found["ruptures"]
    blame, moves = (
        _shares(episodes[name], first=first, today=today, order=order)
        for name, order in (("first_blame", vocabulary.BLAMES), ("next_moves", vocabulary.NEXT_MOVES))
    )
    return Mirror(
        since=first, weeks=said["count"], episodes=int(episodes["count"]),
        strengths=tuple(Strength(date.fromisoformat(s["week"]), s["text"]) for s in found["strengths"]["latest"] if s["text"].strip()),
        strengths_count=found["strengths"]["count"], behaviours=_ordered(found["strengths"]["behaviours"], vocabulary.RAPPORT_BEHAVIOURS),
        causes=_weekly(said["causes"], "cause", "rating"),
        blame=blame, blame_unstated=_unstated(episodes["first_blame"]), moves=moves, moves_unstated=_unstated(episodes["next_moves"]),
        reframes=pd.DataFrame(
            [r | {"helped": r["helped"] or ""} for r in said["reframes"] if r["reframe"] in vocabulary.REFRAMES], columns=["reframe", "helped", "n"]
        ),
        repairs=_repairs(ruptures["weeks"], first=first, today=today), ruptures_open=ruptures["open"],
        outcomes=_ordered(ruptures["outcomes"], vocabulary.RUPTURE_OUTCOMES), stages=_ordered(ruptures["stages"], vocabulary.REPAIR_STAGES),
        guesses=_guesses(found["guesses"], first=first, today=today),
        supervised=pd.DataFrame(
            found["supervised"]["pairs"], columns=["of", "cause", "n", "before", "after", "lower", "same", "higher"]
        ),
        supervision_days=found["supervised"]["days"],
        frustration=_weekly(said["frustration"], "rating", "let_go"),
    )  # fmt: skip


def block(week: date, *, first: date, today: date) -> tuple[date, date]:
    """The four weeks that hold this Monday, counted back from the running week; the earliest ones begin with `first`."""
    end = weeks.monday(today) + weeks.WEEK
    end = max(end, week + weeks.WEEK)  # an entry from a clock ahead of this one
    end -= BLOCK * ((end - weeks.WEEK - week) // BLOCK)
    return max(end - BLOCK, first), end


def _in_blocks(rows: Iterable[Mapping], *by: str, first: date, today: date) -> pd.DataFrame:
    """Weekly rows added up by period and by these keys."""
    spread = [
        dict(zip(PERIOD, block(date.fromisoformat(row["week"]), first=first, today=today), strict=True))
        | {k: v for k, v in row.items() if k != "week"}
        for row in rows
    ]
    frame = pd.DataFrame(spread)
    return frame.groupby([*PERIOD, *by], as_index=False).sum() if len(frame) else frame


def _shares(rows: list[dict], *, first: date, today: date, order: Mapping) -> pd.DataFrame:
    frame = _in_blocks((row for row in rows if row["key"]), "key", first=first, today=today)
    if frame.empty:
        return pd.DataFrame(columns=[*PERIOD, "key", "n", "share"])
    frame["share"] = frame["n"] / frame.groupby("period_start")["n"].transform("sum")
    place = {key: index for index, key in enumerate(order)}
    frame["place"] = frame["key"].map(place).fillna(len(place))
    return frame.sort_values(["period_start", "place"], ignore_index=True).drop(columns="place")


def _unstated(rows: list[dict]) -> int:
    return int(sum(row["n"] for row in rows if row["key"] is None))


def _weekly(rows: list[dict], *columns: str) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["week", *columns])
    frame["week"] = pd.to_datetime(frame["week"]).dt.date
    return frame


def _repairs(rows: list[dict], *, first: date, today: date) -> pd.DataFrame:
    frame = _in_blocks(rows, "key", first=first, today=today)
    kinds = ["noticed", "steps", "closed"]
    if frame.empty:
        return pd.DataFrame(columns=[*PERIOD, *kinds])
    frame = frame.pivot_table(
        index=PERIOD, columns="key", values="n", aggfunc="sum", fill_value=0
    ).reset_index()
    frame.columns.name = None
    return frame.reindex(columns=[*PERIOD, *kinds], fill_value=0).astype(dict.fromkeys(kinds, int))


def _guesses(rows: list[dict], *, first: date, today: date) -> pd.DataFrame:
    frame = _in_blocks(rows, "question", first=first, today=today)
    columns = [*PERIOD, "question", "guess", "answer", "n", "near", "above", "below"]
    if frame.empty:
        return pd.DataFrame(columns=columns)
    return frame.assign(guess=frame["guess"] / frame["n"], answer=frame["answer"] / frame["n"])[columns]


def _ordered(counts: Mapping[str, int], order: Mapping) -> dict[str, int]:
    """The counts in the order of the vocabulary; what this version does not know comes last."""
    return {key: counts[key] for key in [*order, *(set(counts) - set(order))] if key in counts}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One item of a mirror exactly as it stood on screen: what is seen, over which time, its sentence, its table."""

    title: str
    period: str
    words: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def of(cls, title: str, period: str, words: str, table: pd.DataFrame) -> Self:
        """From what the page shows. Blank cells stay blank."""
        shown = table.astype(object).where(table.notna(), "")
        rows = tuple(tuple(str(cell) for cell in row) for row in shown.itertuples(index=False, name=None))
        return cls(title, period, words, tuple(str(column) for column in table.columns), rows)

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> Self:
        """As it was shared. The database keeps any content: what has another shape is left out rather than guessed."""
        texts = {name: content.get(name) for name in ("title", "period", "words")}
        columns, rows = content.get("columns"), content.get("rows")
        columns = tuple(map(str, columns)) if isinstance(columns, list) else ()
        rows = rows if isinstance(rows, list) else []
        fitting = tuple(
            tuple(map(str, row)) for row in rows if isinstance(row, list) and len(row) == len(columns)
        )
        return cls(
            **{k: v if isinstance(v, str) else "" for k, v in texts.items()}, columns=columns, rows=fitting
        )


@dataclass(frozen=True, slots=True)
class Share:
    """One item that a therapist shared, as it stood on the day."""

    id: UUID
    item: str
    snapshot: Snapshot
    shared_on: date
    therapist_id: UUID
    therapist: str = ""
    op_id: str | None = field(default=None)
    """The operation that is still on its way, if there is one."""

    @property
    def label(self) -> str:
        return vocabulary.label("mirror_item", self.item)


def share(
    outbox: Outbox,
    *,
    team: UUID,
    item: str,
    snapshot: Snapshot,
    entity: str | None = None,
    op_id: str | None = None,
) -> Operation:
    """Share one item as it stands now. Later entries do not change what was shared. Raises Refused when it is too long."""
    content = asdict(snapshot)
    if len(json.dumps(content, ensure_ascii=False)) > LONGEST_SHARE:
        raise Refused(
            "This is too long to be shared as one item. Please choose a shorter period and share that."
        )
    return outbox.accept(
        kind="mirror.share", entity=entity or ids.new(), op_id=op_id,
        params={
            "team": str(team), "content": content,
            "item": entries.one_of(item, vocabulary.MIRROR_ITEMS, "what to share", needed=True),
        },
    )  # fmt: skip


def withdraw(outbox: Outbox, *, share: UUID, op_id: str | None = None) -> Operation:
    """Take one shared item back; supervisors no longer see it."""
    return outbox.accept(kind="mirror.withdraw", entity=str(share), params={}, op_id=op_id)


def shared_by_me(
    db: Client, *, team: UUID, therapist: UUID, waiting: Iterable[Operation] = (), today: date | None = None
) -> list[Share]:
    """What this therapist shares now, the latest first; what is on its way there is among it; at most 200."""
    with explained():
        rows = (
            db.table("mirror_shares").select("*").eq("therapist_id", str(therapist)).eq("team_id", str(team)).is_("withdrawn", "false")
            .order("shared_on", desc=True).order("id", desc=True).limit(200).execute().data
        )  # fmt: skip
    return with_waiting([_share(row) for row in rows], waiting, team=team, therapist=therapist, today=today)


def with_waiting(
    known: Iterable[Share],
    waiting: Iterable[Operation],
    *,
    team: UUID,
    therapist: UUID,
    today: date | None = None,
) -> list[Share]:
    """Known shares with what is still on its way to the database: new ones first, those being taken back gone."""
    found = {one.id: one for one in known}
    for op in waiting:
        entity = UUID(op.entity)
        if op.kind == "mirror.share" and op.params["team"] == str(team) and entity not in found:
            snapshot = Snapshot.from_content(op.params["content"])
            new = Share(
                entity, op.params["item"], snapshot, today or op.accepted.date(), therapist, op_id=op.op_id
            )
            found = {entity: new} | found
        elif op.kind == "mirror.withdraw":
            found.pop(entity, None)
    return list(found.values())


def shared_with_me(db: Client, *, team: UUID, supervisor: UUID) -> list[Share]:
    """What therapists of a team share with their supervisors just now, the latest first; at most 200."""
    with explained():
        rows = (
            db.table("mirror_shares").select("*").eq("team_id", str(team)).neq("therapist_id", str(supervisor)).is_("withdrawn", "false")
            .order("shared_on", desc=True).order("id", desc=True).limit(200).execute().data
        )  # fmt: skip
        whose = sorted({row["therapist_id"] for row in rows})
        names = db.table("people").select("id, display_name").in_("id", whose).execute().data if whose else []
    called = {row["id"]: row["display_name"] for row in names}
    return [_share(row, called.get(row["therapist_id"], "")) for row in rows]


def _share(row: dict, therapist: str = "") -> Share:
    return Share(
        UUID(row["id"]), row["item"], Snapshot.from_content(row["content"]), date.fromisoformat(row["shared_on"]),
        UUID(row["therapist_id"]), therapist,
    )  # fmt: skip
