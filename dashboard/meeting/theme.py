"""The team theme in a meeting: what moved, as a picture and in a sentence, and prompts for it one at a time."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import charts, components, session
from dashboard.components.figures import CONFIG
from dashboard.forms import last_seen, notices, prompt_card
from dashboard.forms.prompt_marks import Marks
from dashboard.forms.prompt_subject import Subject
from dashboard.meeting.at import At
from services import chairing, prompts, themes, vocabulary
from services.prompt_rules import Fit
from services.themes import Theme

NONE = "No theme was put on this meeting."
SAFE = "From the team’s safe view: no value stands on fewer people or entries than your team has set."


def show(at: At, on_screen: bool = False, *, level: int = 2) -> None:
    """The theme that is stored on the meeting. `level` is that of its heading, 2 or 3."""
    theme = Theme.from_json(at.meeting.theme) if at.meeting else None
    if theme is None:
        st.markdown(NONE)
        return
    draw(theme, key=at.key("theme"), on_screen=on_screen, level=level)
    if not on_screen:
        _prompts(at, theme)


def draw(theme: Theme, *, key: str, on_screen: bool = False, level: int = 2) -> None:
    """The picture and its sentence. On the shared screen nothing can be opened, hovered over or downloaded."""
    if not on_screen and theme.points:
        components.figure_with_table(
            charts.theme_over_time(theme), charts.theme_over_time_table(theme), theme.in_words,
            key=key, filename="sixfold-team-theme", level=level, below=lambda: st.caption(SAFE),
        )  # fmt: skip
        return
    with st.container(border=not on_screen, key=f"{key}_card", gap="xsmall"):
        (st.header if level == 2 else st.subheader)(components.plain(theme.title), anchor=False)
        if theme.points:
            figure = charts.theme_over_time(theme, on_screen=True)
            st.caption(components.plain(figure.layout.meta["subtitle"]))
            st.plotly_chart(figure, key=f"{key}_{st.context.theme.type or 'light'}", alt=theme.in_words, width="stretch", config=CONFIG | {"staticPlot": True})  # fmt: skip
        st.markdown(components.plain(theme.in_words))


def _prompts(at: At, theme: Theme) -> None:
    library = last_seen.of("meeting_prompts", lambda: prompts.library(session.db()), otherwise=[]).value
    fitting = themes.fits(library, theme)
    if not fitting:
        return
    marks = _marks(at, theme)
    place = _place(at, fitting)
    fit, key = fitting[place], at.key(f"theme_{fitting[place].prompt.slug}")
    with st.container(
        key=at.key("theme_prompt_ways"), horizontal=True, vertical_alignment="center", gap="small"
    ):
        if at.leads and at.state == "running":
            _on_screen(at, fit, key)
        for label, step, icon in (("Back", -1, "chevron_left"), ("Next prompt", 1, "chevron_right")):
            st.button(
                label, key=at.key(f"theme_prompt_{step}"), type="tertiary", icon=f":material/{icon}:",
                disabled=not 0 <= place + step < len(fitting), on_click=_to, args=(at, fitting, place + step),
            )  # fmt: skip
        st.caption(f"{vocabulary.label('prompt_stage', fit.prompt.stage)} · {place + 1} of {len(fitting)}")
    if marks:
        memory = last_seen.of(f"meeting_prompt_memory_{at.team}", lambda: prompts.memory(session.db(), team=at.team), otherwise={})  # fmt: skip
        prompt_card.show(fit, marks, key=key, memory=memory.value.get(fit.prompt.slug, {}))
        return
    with st.container(border=True, key=f"{key}_card"):
        st.subheader(components.plain(fit.prompt.wording), anchor=False)
        if fit.why:
            st.markdown(f":material/bolt: **Why now:** {components.plain(fit.why)}")


def _marks(at: At, theme: Theme) -> Marks | None:
    """What becomes of a prompt is recorded by supervisors, and of a cause only."""
    if not at.leads or theme.cause is None:
        return None
    subject = Subject(theme=theme.cause, weeks_rising=theme.weeks_rising)
    return Marks(session.vault(), session.outbox, owner=at.outbox.owner, team=at.team, subject=subject)


def _place(at: At, fitting: Sequence[Fit]) -> int:
    """The prompt last looked at here; at first the one on the shared screen, or the first."""
    slugs = [fit.prompt.slug for fit in fitting]
    for slug in (st.session_state.get(at.key("theme_looked_at")), at.meeting.prompt):
        if slug in slugs:
            return slugs.index(slug)
    return 0


def _to(at: At, fitting: Sequence[Fit], place: int) -> None:
    # In session state because which prompt somebody reads is nobody else's business until it is shown.
    st.session_state[at.key("theme_looked_at")] = fitting[place].prompt.slug


def _on_screen(at: At, fit: Fit, key: str) -> None:
    shown = at.meeting.prompt == fit.prompt.slug
    if st.button(
        "Take off the screen" if shown else "Show on the screen", key=f"{key}_{'off' if shown else 'on'}",
        icon=":material/tv_off:" if shown else ":material/tv:",
    ):  # fmt: skip
        with notices.refusal() as refusal:
            chairing.show_prompt(at.outbox, meeting=at.meeting, prompt=None if shown else fit.prompt.slug)
            st.rerun()
        st.error(refusal.sentence)
