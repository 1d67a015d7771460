"""What the team talks about: a rupture, an episode or a theme; chosen from what the supervisor may see."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import streamlit as st
from supabase import Client

from dashboard.components import age_words
from dashboard.components.text import plain, told_apart
from services import episodes, prompts, ruptures, trends, vocabulary
from services.episodes import Episode
from services.prompt_rules import Prompt
from services.ruptures import Rupture

KINDS = {"rupture": "An open rupture", "episode": "An episode", "theme": "A team theme"}
THEME_WEEKS = timedelta(weeks=26)


@dataclass(frozen=True)
class Subject:
    """One thing to talk about; exactly one of the three is there."""

    rupture: Rupture | None = None
    episode: Episode | None = None
    theme: int | None = None
    weeks_rising: int = 0

    @property
    def id(self) -> str:
        entry = self.rupture or self.episode
        return str(entry.id) if entry else f"theme-{self.theme}"

    @property
    def rupture_kind(self) -> str | None:
        return self.rupture.kind if self.rupture else None

    def named(self) -> dict[str, Any]:
        """As `prompts.mark` wants it."""
        return {"rupture": self.rupture, "episode": self.episode, "theme_cause": self.theme}

    def facts(self, db: Client, *, today: date) -> dict[str, Any]:
        if self.rupture:
            return prompts.facts_of_rupture(db, self.rupture, today=today)
        if self.episode:
            return prompts.facts_of_episode(db, self.episode, today=today)
        return prompts.facts_of_theme(self.theme, weeks_rising=self.weeks_rising)

    def show(self) -> None:
        """What was logged, in a line."""
        with st.container(border=True, key="prompts_subject_card"):
            st.header(plain(self.title()), anchor=False)
            st.write(" · ".join(plain(word) for word in self.logged()))

    def title(self) -> str:
        if self.rupture:
            return f"{self.rupture.code}: {vocabulary.label('rupture_kind', self.rupture.kind).lower()} rupture, {_age(self.rupture)}"
        if self.episode:
            return f"{self.episode.code}: {vocabulary.label('episode_kind', self.episode.kind)}"
        return f"Team theme: {vocabulary.CAUSES[self.theme].label}"

    def logged(self) -> list[str]:
        if r := self.rupture:
            stage = (
                f"repair so far: {vocabulary.label('repair_stage', r.stage).lower()}"
                if r.stage
                else "no repair step yet"
            )
            return [r.therapist, f"noticed {r.noticed_on:%-d %B}", stage]
        if e := self.episode:
            facts = [e.therapist, f"{e.happened_on:%-d %B}"]
            facts += [f"intensity {e.intensity} of 5"] if e.intensity else []
            facts += (
                [f"first blame: {vocabulary.label('blame', e.first_blame).lower()}"] if e.first_blame else []
            )
            facts += (
                [f"next move: {vocabulary.label('next_move', e.next_move).lower()}"] if e.next_move else []
            )
            facts += [f"“{e.note}”"] if e.note else []
            return facts
        rising = f"rising for {self.weeks_rising} weeks" if self.weeks_rising else "not rising at the moment"
        return [vocabulary.CAUSES[self.theme].question, rising]

    def show_uses(self, db: Client, library: list[Prompt], *, team: UUID) -> None:
        """What was marked on this case before: to the case, for next time."""
        entry = self.rupture or self.episode
        used = prompts.uses(db, team=team, therapist=entry.therapist_id, case=entry.case) if entry else []
        wording = {prompt.slug: prompt.wording for prompt in library}
        if used:
            st.header(f"Talked about on {entry.code} before", anchor=False)
            st.table(
                {
                    "When": [f"{u.used_at:%-d %B}" for u in used],
                    "Prompt": [wording.get(u.prompt, u.prompt) for u in used],
                    "What became of it": [vocabulary.label("prompt_verdict", u.verdict) for u in used],
                    "Note": [u.note for u in used],
                }
            )


def chosen(db: Client, *, team: UUID, today: date) -> Subject | None:
    """The subject picked on the page, or None when there is nothing of that kind."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="prompts_subject"):
        kind = st.segmented_control(
            "Talk about",
            KINDS,
            format_func=KINDS.get,
            default="rupture",
            required=True,
            key="prompts_kind",
            persist_state="session",
        )
        if kind == "rupture":
            found = ruptures.open_in(db, team=team)
            one = _pick(
                "Open ruptures, the oldest first",
                found,
                lambda r: (
                    f"{r.code} · {vocabulary.label('rupture_kind', r.kind)} · {_age(r)} · {r.therapist}"
                ),
            )
            return Subject(rupture=one) if one else None
        if kind == "episode":
            found = episodes.recent(db, team=team, limit=60)
            one = _pick(
                "Episodes, the latest first",
                found,
                lambda e: (
                    f"{e.code} · {vocabulary.label('episode_kind', e.kind)} · {e.happened_on:%-d %B} · {e.therapist}"
                ),
            )
            return Subject(episode=one) if one else None
        cause = st.selectbox(
            "Theme",
            vocabulary.CAUSES,
            format_func=lambda c: f"{c} {vocabulary.CAUSES[c].label}",
            key="prompts_theme",
        )
    causes = trends.team(db, team=team, since=today - THEME_WEEKS, today=today).causes
    return Subject(theme=cause, weeks_rising=trends.rising(causes, cause))


def _pick(label: str, found: list, say) -> Any:
    if not found:
        return None
    by_id = {str(one.id): one for one in found}
    names = told_apart({key: say(one) for key, one in by_id.items()})
    return by_id[st.selectbox(label, list(by_id), format_func=names.get, key=f"prompts_{label[:8]}")]


def _age(rupture: Rupture) -> str:
    return "open since today" if rupture.days_open <= 0 else f"open for {age_words(rupture.days_open)}"
