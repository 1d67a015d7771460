"""A team's name and its own thresholds, which its administrator sets."""

from dataclasses import asdict, dataclass, fields
from uuid import UUID

from supabase import Client

from services import constraints
from services.errors import NotAllowed, Refused, explained
from services.vocabulary import THRESHOLDS

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class TeamSettings:
    """Thresholds of a team; the defaults are those of a team that has set nothing.

    Safe view: at least `safe_min_therapists` and `safe_min_entries` behind each value on a team chart.
    `week_starts_on`: ISO weekday (1 Monday) from which a week's reflection can be handed in. R5: `rupture_open_days`.
    """

    safe_min_therapists: int = 3
    safe_min_entries: int = 5
    week_starts_on: int = 1
    rupture_open_days: int = 14
    silence_days: int = 21
    frustration_high: int = 3
    sessions_watch: int = 4
    sessions_review: int = 6
    sessions_escalate: int = 9
    plateau_scores: int = 6
    alliance_points: int = 4
    no_shows_of_four: int = 2
    undone_of_four: int = 3
    high_weeks_of_four: int = 3
    discuss_days: int = 28
    formulation_days: int = 90
    formulation_gaps: int = 3


# The range of each setting, as the database checks it.
RANGES = {
    "safe_min_therapists": (3, 20), "safe_min_entries": (5, 50), "week_starts_on": (1, 7),
    "rupture_open_days": (1, 90), "silence_days": (7, 120), "frustration_high": (1, 4),
    "sessions_watch": (1, 60), "sessions_review": (1, 80), "sessions_escalate": (1, 100), "plateau_scores": (3, 20),
    "alliance_points": (3, 20), "no_shows_of_four": (1, 4), "undone_of_four": (1, 4), "high_weeks_of_four": (2, 4),
    "discuss_days": (7, 365), "formulation_days": (14, 730), "formulation_gaps": (1, 9),
}  # fmt: skip


def settings(db: Client, *, team: UUID) -> TeamSettings:
    """The thresholds of a team the caller belongs to."""
    with explained():
        rows = db.table("team_settings").select("*").eq("team_id", str(team)).execute().data
    return TeamSettings(**{f.name: rows[0][f.name] for f in fields(TeamSettings)}) if rows else TeamSettings()


def change(db: Client, *, team: UUID, settings: TeamSettings) -> None:
    """Set the thresholds of a team. Written directly: raises at once when it could not be, NotAllowed but for its administrator."""
    values = asdict(settings)
    for name, (low, high) in RANGES.items():
        if not low <= values[name] <= high:
            raise Refused(f"{THRESHOLDS[name].label} goes from {low} to {high}. Please choose again.")
    if not settings.sessions_watch <= settings.sessions_review <= settings.sessions_escalate:
        raise Refused(constraints.SENTENCES["sessions_rise"])
    with explained():
        changed = db.table("team_settings").update(values).eq("team_id", str(team)).execute().data
    if not changed:
        raise NotAllowed("Only the administrator of this team can change its settings.")


def rename(db: Client, *, team: UUID, name: str) -> None:
    """Give a team another name. Raises NotAllowed but for its administrator."""
    with explained():
        changed = db.table("teams").update({"name": _name(name)}).eq("id", str(team)).execute().data
    if not changed:
        raise NotAllowed("Only the administrator of this team can rename it.")


def found(db: Client, *, beside: UUID, name: str) -> UUID:
    """Found a team in the clinic of the team `beside`; whoever does is its first administrator. Answers its id."""
    with explained():
        rows = db.table("teams").select("clinic_id").eq("id", str(beside)).execute().data
        if not rows:
            raise NotAllowed("Only an administrator of the clinic can found a team.")
        made = db.rpc("found_team", {"clinic": rows[0]["clinic_id"], "called": _name(name)}).execute().data
    return UUID(made)


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Refused(f"A team needs a name of at most {LONGEST_NAME} characters. Please change it.")
    return name
