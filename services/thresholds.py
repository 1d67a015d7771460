"""What other thresholds would do to today's flags, and how a team's thresholds came to be what they are."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from supabase import Client

from services.errors import explained
from services.teams import TeamSettings
from services.vocabulary import FLAG_RULES, THRESHOLDS

MOST = 100


@dataclass(frozen=True, slots=True)
class Effect:
    """One rule: flags that would stay, come and go."""

    rule: str
    stay: int
    come: int
    go: int


@dataclass(frozen=True, slots=True)
class Change:
    """One saving of a team's thresholds. `values`: threshold → (before, after). `by` is None for an operator, and for whoever cannot be named."""

    at: datetime
    by: str | None
    values: Mapping[str, tuple[int | None, int | None]]


def preview(db: Client, *, team: UUID, settings: TeamSettings) -> list[Effect]:
    """Each rule that has a flag today or would have one, in order. Nothing is changed. Raises NotAllowed but for the administrator."""
    with explained():
        rows = db.rpc("preview_thresholds", {"team": str(team), "changes": asdict(settings)}).execute().data
    order = list(FLAG_RULES)
    effects = [Effect(row["rule"], row["stay"], row["come"], row["go"]) for row in rows or []]
    return sorted(effects, key=lambda e: order.index(e.rule))


def in_words(effects: list[Effect]) -> str:
    """What would happen to today's flags, in one or two sentences."""
    come, go, stay = (sum(getattr(e, name) for e in effects) for name in ("come", "go", "stay"))
    if not come and not go:
        return f"Today’s flags would stay as they are: {_flags(stay)}."
    parts = [f"{_flags(n)} would {verb}" for n, verb in ((come, "come up"), (go, "go down")) if n]
    return f"Today, {' and '.join(parts)}; {_flags(stay)} would stay."


def history(db: Client, *, team: UUID) -> list[Change]:
    """How the thresholds of a team changed, newest first; at most 100. For everybody in the team."""
    with explained():
        rows = (
            db.table("threshold_changes")
            .select("changed_at, changed_by, before, after")
            .eq("team_id", str(team))
            .order("id", desc=True)
            .limit(MOST)
            .execute()
            .data
        )
        people = {row["changed_by"] for row in rows if row["changed_by"]}
        named = (
            db.table("people").select("id, display_name").in_("id", sorted(people)).execute().data
            if people
            else []
        )
    names = {row["id"]: row["display_name"] for row in named}
    return [
        Change(
            datetime.fromisoformat(row["changed_at"]), names.get(row["changed_by"]),
            {
                name: (row["before"].get(name), row["after"].get(name))
                for name in THRESHOLDS
                if row["before"].get(name) != row["after"].get(name)
            },
        )
        for row in rows
    ]  # fmt: skip


def _flags(count: int) -> str:
    return "no flag" if not count else "1 flag" if count == 1 else f"{count} flags"
