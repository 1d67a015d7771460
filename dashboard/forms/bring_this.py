"""“Bring this”: a question for supervision, from a case, an episode or a reflection. Its supervisor reads it until it is withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.forms import asking, notices
from dashboard.forms.form import Form
from services import questions
from services.errors import Refused
from services.outbox import Outbox

NAME = "bring_this"  # kept under its case, and under the episode where it is about one
OF_A_WEEK = "bring_from_reflection"  # kept under the reflection; the case is chosen in it
OF_A_TEAM = "bring_to_meeting"  # kept under the team; the case is chosen in it
TEXTS = {
    "moment": "The moment",
    "question": "Your question",
    "felt": "What you felt",
    "would_like": "What you would like",
}
READ_BY = ":material/visibility: Your supervisor reads this from now on, until you withdraw it. Everything else stays as private as it is."
IT_WAITS = ":material/outbox: You will bring this. It is on the case page under “Supervision”, where you can change or withdraw it."


@dataclass(frozen=True)
class Origin:
    """Where a question comes from. `cases`: the one it is about, or those to choose from, with their codes.

    `episodes`: in words, those of the one case that it may be about, where none is given.
    """

    team: UUID
    cases: Mapping[UUID, str]
    episode: UUID | None = None
    reflection: UUID | None = None
    episodes: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def only_case(self) -> UUID | None:
        return next(iter(self.cases)) if len(self.cases) == 1 else None

    @property
    def kept_under(self) -> tuple[str, str]:
        """The name and the key of its draft."""
        if self.reflection:
            return OF_A_WEEK, str(self.reflection)
        if self.only_case is None:
            return OF_A_TEAM, str(self.team)
        return NAME, f"{self.only_case}/{self.episode}" if self.episode else str(self.only_case)


def offer(origin: Origin, *, today: date, prefix: str, label: str = "Bring this to supervision") -> None:
    """The form behind a line that opens; once it is saved, how far it has come."""
    # In session state, so that the next click finds it done. The list on the case page has it from the outbox.
    if op_id := st.session_state.get(_asked(prefix)):
        with st.container(border=True, key=f"{prefix}_asked_card", gap="xsmall"):
            st.markdown(IT_WAITS)
            notices.how_far(op_id, key=prefix)
        return
    around = st.expander(
        label, key=f"{prefix}_open", on_change="rerun", type="compact", icon=":material/record_voice_over:"
    )
    if around.open:
        with around:
            _form(origin, today=today, prefix=prefix)


def _asked(prefix: str) -> str:
    return f"{prefix}_asked"


def _form(origin: Origin, *, today: date, prefix: str) -> None:
    codes = {str(case): code for case, code in origin.cases.items()}
    episodes = {str(episode): words for episode, words in origin.episodes.items()}
    name, key = origin.kept_under

    @st.fragment
    def bring() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name=name, key=key, prefix=prefix, names=("op", "question"),
                start={
                    **dict.fromkeys(TEXTS, ""), "case": str(origin.only_case) if origin.only_case else None,
                    "episode": str(origin.episode) if origin.episode else None,
                },
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, TEXTS):
                st.session_state[_asked(prefix)] = _save(outbox, form, origin, today=today)
                st.rerun()
        notices.begun_before(form)
        if len(codes) > 1:
            st.selectbox(
                "Which case is it about?",
                list(codes),
                format_func=codes.get,
                index=None,
                width=240,
                **form.field("case", among=codes),
            )
        ask(form)
        if episodes:
            st.selectbox(
                "About an episode, if you like", list(episodes), format_func=components.told_apart(episodes).get, index=None, placeholder="None in particular",
                **form.field("episode", among=episodes),
            )  # fmt: skip
        st.caption(READ_BY)
        notices.kept(form)
        asking.save_bar(form, "Bring this", TEXTS, refused=refusal.sentence, width="content")

    bring()


def ask(form: Form) -> None:
    """The four parts of a question."""
    st.text_area(
        "The specific moment",
        height=80,
        placeholder="What was said or done? No names.",
        **form.field("moment"),
    )
    st.text_area(
        "My question", height=72, placeholder="What would you like to understand?", **form.field("question")
    )
    felt, would_like = st.columns(2)
    with felt:
        st.text_area("What I felt", height=72, **form.field("felt"))
    with would_like:
        st.text_area(
            "What I would like",
            height=72,
            placeholder="An idea, a role play, to be heard …",
            **form.field("would_like"),
        )


def _save(outbox: Outbox, form: Form, origin: Origin, *, today: date) -> str:
    """Returns the operation's id. Raises Refused for what could not be stored."""
    if not form["case"]:
        raise Refused("Please choose the case that it is about.")
    op_id = form.names["op"]
    with form.saving():
        questions.ask(
            outbox, team=origin.team, case=UUID(form["case"]), moment=form["moment"] or "", question=form["question"] or "",
            felt=form["felt"] or "", would_like=form["would_like"] or "", asked_on=today, today=today,
            episode=UUID(form["episode"]) if form["episode"] else None, reflection=origin.reflection,
            entity=form.names["question"], op_id=op_id,
        )  # fmt: skip
    return op_id
