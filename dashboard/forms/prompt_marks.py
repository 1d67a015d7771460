"""What the team has marked on one subject: kept as it is typed, recorded when a mark is set."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import streamlit as st

from dashboard.forms.prompt_subject import Subject
from services import drafts, identifying, prompts
from services.errors import ServiceError
from services.outbox import Outbox
from services.vault import Vault

FORM = "prompts"


class Marks:
    """Notes half typed, marks set, and what stands in the way of one; all kept in the vault under the subject."""

    def __init__(
        self, vault: Vault, outbox: Callable[[], Outbox], *, owner: str, team: UUID, subject: Subject
    ) -> None:
        self._vault, self._outbox, self._owner = vault, outbox, owner
        self._team, self._subject = team, subject
        kept = drafts.load(vault, owner=owner, form=FORM, key=subject.id) or {}
        self.notes: dict[str, str] = kept.get("notes", {})
        self.marked: dict[str, str] = kept.get("marked", {})
        self._asked: dict[str, str] = kept.get("asked", {})

    @property
    def problem(self) -> dict[str, str]:
        """slug → sentence, for the prompt whose mark could not be set."""
        return st.session_state.setdefault("prompts_problem", {})

    def note(self, slug: str, text: str) -> None:
        """Keep what is typed."""
        self.notes[slug] = text
        self._keep()

    def set(self, slug: str, verdict: str, note: str) -> None:
        """Record a mark once; a note that may identify someone is asked about first."""
        if self.marked.get(slug) == verdict and not note.strip():
            return
        self.problem.pop(slug, None)
        if (said := identifying.sentence(note)) and self._asked.get(slug) != note:
            self._asked[slug], self.problem[slug] = (
                note,
                f"{said} Press the mark once more to save it as it is.",
            )
            self.note(slug, note)
            return
        try:
            prompts.mark(
                self._outbox(),
                team=self._team,
                prompt=slug,
                verdict=verdict,
                note=note,
                **self._subject.named(),
            )
        except ServiceError as error:
            self.problem[slug] = str(error)
            return
        self.marked[slug] = verdict
        self.note(slug, "")

    def _keep(self) -> None:
        content: dict[str, Any] = {"notes": self.notes, "marked": self.marked, "asked": self._asked}
        drafts.save(self._vault, owner=self._owner, form=FORM, key=self._subject.id, content=content)
