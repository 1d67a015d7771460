"""The prompts of a clinic, for its administrator: shipped ones, replaced or switched off by a row of the clinic's own, and own ones."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from supabase import Client

from services import entries, measures, prompt_rules, prompt_wording, vocabulary
from services.errors import NotAllowed, Refused, explained
from services.prompt_rules import Prompt

ONLY_AN_ADMINISTRATOR = "Only the administrator of this clinic can change its prompts."
LAST = 1_000  # where an own prompt stands among its equals


@dataclass(frozen=True, slots=True)
class Entry:
    """One prompt as the clinic has it. `own`: the row's id where it is the clinic's; `shipped`: the wording it replaces, if any."""

    prompt: Prompt
    own: UUID | None
    shipped: Prompt | None


def library(db: Client) -> list[Entry]:
    """Every prompt of the caller's clinic, those switched off included, by stage and place."""
    with explained():
        rows = db.table("prompts").select("*").limit(1000).execute().data
    shipped = {row["slug"]: Prompt.from_row(row) for row in rows if row["clinic_id"] is None}
    own = {row["slug"]: row for row in rows if row["clinic_id"] is not None}
    found = [
        Entry(Prompt.from_row(own[slug]), UUID(own[slug]["id"]), shipped.get(slug))
        if slug in own
        else Entry(shipped[slug], None, shipped[slug])
        for slug in {**shipped, **own}
    ]
    place = {stage: at for at, stage in enumerate(vocabulary.PROMPT_STAGES)}
    return sorted(found, key=lambda e: (place[e.prompt.stage], e.prompt.position, e.prompt.slug))


def filtered(found: Iterable[Entry], *, stage: str | None, cause: int | None) -> list[Entry]:
    """Those of a stage, and those filed under a cause; None leaves both in."""
    return [
        one
        for one in found
        if (stage is None or one.prompt.stage == stage) and (cause is None or cause in one.prompt.causes)
    ]


def save(db: Client, *, team: UUID, entry: Entry | None = None, **words: Any) -> None:
    """Save the clinic's own wording: of `entry` (a shipped one is replaced and stays as it is), or a new prompt.

    `words` as `checked` takes them. Written directly: raises Refused with what is wrong, NotAllowed but for the administrator.
    """
    row = _sent(checked(**words))
    with explained():
        if entry and entry.own:
            done = db.table("prompts").update(row).eq("id", str(entry.own)).execute().data
        else:
            teams = db.table("teams").select("clinic_id").eq("id", str(team)).execute().data
            if not teams:
                raise NotAllowed(ONLY_AN_ADMINISTRATOR)
            row |= {
                "clinic_id": teams[0]["clinic_id"],
                "slug": entry.prompt.slug if entry else measures.slug_of(row["wording"])[:60].strip("-"),
                "position": entry.prompt.position if entry else LAST,
            }
            done = db.table("prompts").insert(row).execute().data
    if not done:
        raise NotAllowed(ONLY_AN_ADMINISTRATOR)


def offer(db: Client, *, team: UUID, entry: Entry, active: bool) -> None:
    """Switch a prompt on or off for the clinic. A shipped one is switched off by an own copy and stays as it is."""
    p = entry.prompt
    with explained():
        if entry.own:
            done = db.table("prompts").update({"active": active}).eq("id", str(entry.own)).execute().data
        else:
            teams = db.table("teams").select("clinic_id").eq("id", str(team)).execute().data
            row = {
                "clinic_id": teams[0]["clinic_id"] if teams else None, "slug": p.slug, "stage": p.stage, "causes": list(p.causes),
                "rupture_kinds": list(p.rupture_kinds), "trigger": p.trigger, "wording": p.wording, "why": p.why, "sentence": p.sentence,
                "repaired_when": p.repaired_when, "source": p.source, "position": p.position, "active": active,
            }  # fmt: skip
            done = db.table("prompts").insert(_sent(row)).execute().data
    if not done:
        raise NotAllowed(ONLY_AN_ADMINISTRATOR)


def _sent(row: dict[str, Any]) -> dict[str, Any]:
    """Lists as Postgres writes arrays: both the hosted and the embedded API take these, the embedded one no JSON list."""
    return {name: f"{{{','.join(map(str, value))}}}" if isinstance(value, list) else value for name, value in row.items()}  # fmt: skip


def checked(
    *, stage: str | None, wording: str, why: str = "", sentence: str = "", repaired_when: str = "", source: str = "",
    causes: Iterable[int] = (), rupture_kinds: Iterable[str] = (), trigger: Any = None,
) -> dict[str, Any]:  # fmt: skip
    """The row of a prompt as it is stored. Raises Refused with one sentence for each problem."""
    entries.one_of(stage, vocabulary.PROMPT_STAGES, "the stage", needed=True)
    given = {"wording": wording, "why": why, "sentence": sentence, "repaired_when": repaired_when, "source": source}  # fmt: skip
    said = {name: entries.text(given[name], longest, called) for name, (longest, called) in prompt_wording.LENGTHS.items()}  # fmt: skip
    trigger, causes = trigger or {}, tuple(sorted(set(causes)))
    for cause in causes:
        entries.within(cause, 1, 6, "A cause")
    problems = [
        *prompt_wording.problems(
            stage=stage, causes=causes, **{name: text for name, text in said.items() if name != "source"}
        ),
        *prompt_rules.validate(trigger),
        *prompt_rules.validate_why(said["why"], trigger),
    ]
    if problems:
        raise Refused(" ".join(dict.fromkeys(problems)))
    return said | {
        "stage": stage, "causes": list(causes), "rupture_kinds": entries.some_of(rupture_kinds, vocabulary.RUPTURE_KINDS, "kinds of rupture"),
        "trigger": trigger,
    }  # fmt: skip
