"""Discussion prompts: which fit what was logged and why now, and what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from supabase import Client

from services import entries, episodes, ids, prompt_rules, reflections, vocabulary, weeks
from services.episodes import Episode
from services.errors import Refused, explained
from services.outbox import Operation, Outbox
from services.prompt_rules import Prompt
from services.ruptures import Rupture

LONGEST_NOTE = 1_000
RECENT = timedelta(weeks=3)  # an older reflection says little about a rupture of today


@dataclass(frozen=True, slots=True)
class Use:
    """A prompt that was marked in supervision."""

    prompt: str
    verdict: str
    used_at: datetime
    code: str | None
    note: str = ""


def library(db: Client) -> list[Prompt]:
    """The prompts of the caller's clinic in force: shipped ones, replaced where the clinic has its own."""
    with explained():
        rows = db.table("prompts").select("*").limit(1000).execute().data
    return prompt_rules.in_force(Prompt.from_row(row) for row in rows)


def facts_of_episode(db: Client, episode: Episode, *, today: date) -> dict[str, Any]:
    """What was logged about an episode, with what its therapist's latest reflection says, for `prompt_rules.fits`."""
    return (
        {"subject": "episode"}
        | _of(episode)
        | _of_goals(db, episode.team, episode.therapist_id, episode.case)
        | _of_latest_reflection(db, episode.team, episode.therapist_id, today=today)
    )


def facts_of_rupture(db: Client, rupture: Rupture, *, today: date) -> dict[str, Any]:
    """What was logged about a rupture, the episode it was opened from, and its therapist's latest reflection."""
    facts: dict[str, Any] = {
        "subject": "rupture",
        "rupture_kind": rupture.kind,
        "rupture_days": rupture.days_open,
    }
    if rupture.stage:
        facts["repair_stage"] = rupture.stage
    reflection = _of_latest_reflection(db, rupture.team, rupture.therapist_id, today=today)
    episode = rupture.episode and episodes.find(
        db, team=rupture.team, therapist=rupture.therapist_id, episode=rupture.episode
    )
    goals = _of_goals(db, rupture.team, rupture.therapist_id, rupture.case)
    return reflection | goals | (_of(episode) if episode else {}) | facts


def facts_of_theme(cause: int, *, weeks_rising: int = 0) -> dict[str, Any]:
    """A team theme: one cause, and for how many periods in a row it has risen."""
    return {"subject": "theme", "theme_cause": cause, "weeks_rising": weeks_rising}


def strongest(ratings: Mapping[int, int | None]) -> list[int]:
    """The causes rated highest, from 3 upwards; none when nothing stands out."""
    top = max((r for r in ratings.values() if r is not None), default=0)
    return sorted(cause for cause, rating in ratings.items() if rating == top) if top >= 3 else []


def _of(episode: Episode) -> dict[str, Any]:
    stated = {
        "kind": episode.kind, "markers": [episode.kind, *episode.markers], "intensity": episode.intensity,
        "first_blame": episode.first_blame, "next_move": episode.next_move, "named": episode.named,
        "outside": list(episode.outside) or None, "control_sensitivity": episode.control_sensitivity,
        "strongest_causes": strongest(episode.ratings) or None,
    } | {f"cause.{cause}": rating for cause, rating in episode.ratings.items()}  # fmt: skip
    return {name: value for name, value in stated.items() if value is not None}


def _of_goals(db: Client, team: UUID, therapist: UUID, case: UUID) -> dict[str, Any]:
    """Whether an open goal of the case was made together or by the client; that none is on record is said as well."""
    with explained():
        rows = (
            db.table("goal_list").select("set_by, state").eq("team_id", str(team)).eq("therapist_id", str(therapist))
            .eq("case_id", str(case)).limit(200).execute().data
        )  # fmt: skip
    if not rows:
        return {"goals_shared": "none_on_record"}
    shared = any(row["state"] == "open" and row["set_by"] in ("client", "together") for row in rows)
    return {"goals_shared": "yes" if shared else "no"}


def _of_latest_reflection(db: Client, team: UUID, therapist: UUID, *, today: date) -> dict[str, Any]:
    """Ratings, behaviours left unticked, and frustration where it was shared, of the last three weeks."""
    found = reflections.handed_in(
        db, team=team, therapist=therapist, since=weeks.monday(today - RECENT), until=weeks.monday(today)
    )
    if not found:
        return {}
    latest = found[0]
    stated: dict[str, Any] = {f"cause.{cause}": rating for cause, rating in latest.ratings.items()}
    stated["strongest_causes"] = strongest(latest.ratings) or None
    if latest.behaviours:
        stated["unticked"] = [b for b in vocabulary.RAPPORT_BEHAVIOURS if b not in latest.behaviours] or None
    if (part := latest.parts.get("frustration")) and part.shared:
        stated["frustration"] = part.value
    return {name: value for name, value in stated.items() if value is not None}


def mark(
    outbox: Outbox, *, team: UUID, prompt: str, verdict: str | None, rupture: Rupture | None = None, episode: Episode | None = None,
    theme_cause: int | None = None, note: str = "", share_note: bool = True, op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Record what became of a prompt: to the case, and to the team's repair memory. Exactly one subject is needed."""
    subject = rupture or episode
    if sum(s is not None for s in (rupture, episode, theme_cause)) != 1:
        raise Refused("Please choose what the prompt was used on.")
    use = op_id or ids.new()
    params = {
        "team": str(team), "prompt": prompt,
        "verdict": entries.one_of(verdict, vocabulary.PROMPT_VERDICTS, "what became of it", needed=True),
        "therapist": str(subject.therapist_id) if subject else None, "case": str(subject.case) if subject else None,
        "rupture": str(rupture.id) if rupture else None, "episode": str(episode.id) if episode else None,
        "theme_cause": entries.within(theme_cause, 1, 6, "A cause"),
    }  # fmt: skip
    if body := entries.text(note, LONGEST_NOTE, "The note"):
        params["note"] = {"id": use, "body": body, "shared": bool(share_note)}
    return outbox.accept(kind="prompt.mark", entity=use, params=params, op_id=use)


def memory(db: Client, *, team: UUID) -> dict[str, dict[str, int]]:
    """How often each prompt was used, helped or put off in this team: slug → {"used", "helped", "not_now"}."""
    with explained():
        rows = db.table("prompt_memory").select("*").eq("team_id", str(team)).limit(1000).execute().data
    return {row["prompt"]: {verdict: row[verdict] for verdict in vocabulary.PROMPT_VERDICTS} for row in rows}


def uses(
    db: Client, *, team: UUID, therapist: UUID | None = None, case: UUID | None = None, limit: int = 20
) -> list[Use]:
    """Prompts marked in a team, or on one case, newest first."""
    with explained():
        query = (
            db.table("prompt_use_list")
            .select("prompt, verdict, used_at, code, note")
            .eq("team_id", str(team))
        )
        if therapist and case:
            query = query.eq("therapist_id", str(therapist)).eq("case_id", str(case))
        rows = query.order("used_at", desc=True).limit(limit).execute().data
    return [
        Use(r["prompt"], r["verdict"], datetime.fromisoformat(r["used_at"]), r["code"], r["note"] or "")
        for r in rows
    ]
