"""Prompts for an item, one at a time: first what it was like, then one's own part, then what might be protected, patterns last."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import components, session
from dashboard.forms import last_seen, prompt_card
from dashboard.forms.prompt_marks import Marks
from dashboard.forms.prompt_subject import Subject
from dashboard.meeting import pressing
from dashboard.meeting.at import At
from dashboard.meeting.subject import facts_of, subject_of
from services import chairing, prompt_rules, prompts, vocabulary
from services.meetings import Item
from services.prompt_rules import STAGES, Fit

OF_A_STAGE = 3  # those with most logged facts behind them; a conversation does not hold more


def show(at: At, item: Item) -> None:
    subject = subject_of(at, item)
    fitting = in_turn(at, item, subject)
    if not fitting:
        st.caption("Prompts cannot be shown just now.")
        return
    marks = Marks(session.vault(), session.outbox, owner=at.outbox.owner, team=at.team, subject=subject) if subject else None  # fmt: skip
    place = _place(at, item, fitting, marks)
    fit, key = fitting[place], at.key(f"prompt_{item.id}_{fitting[place].prompt.slug}")
    with st.container(key=at.key(f"prompt_{item.id}_ways"), horizontal=True, vertical_alignment="center", gap="xsmall"):  # fmt: skip
        st.caption(f"{vocabulary.label('prompt_stage', fit.prompt.stage)} · {place + 1} of {len(fitting)}")
        for label, to, icon in (
            ("Back", place - 1, "chevron_left"),
            ("Next prompt", place + 1, "chevron_right"),
        ):
            st.button(
                label, key=f"{key}_{'back' if to < place else 'on'}", disabled=not 0 <= to < len(fitting), type="tertiary",
                icon=f":material/{icon}:", on_click=_to, args=(at, item, fitting, to),
            )  # fmt: skip
    with st.container(border=True, key=f"{key}_card", gap="xsmall"):
        _words(at, fit)
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"{key}_ways"):
            _shown(at, item, fit)
            if marks:
                _marks(marks, fit, key)
        if not marks:
            st.caption("Nothing was logged on this case that what becomes of a prompt could be kept with.")


def _words(at: At, fit: Fit) -> None:
    prompt = fit.prompt
    st.subheader(components.plain(prompt.wording), anchor=False)
    said = (("bolt", "Why now", fit.why), ("format_quote", "A sentence to try", prompt.sentence), ("flag", "How we will know", prompt.repaired_when))  # fmt: skip
    for icon, label, words in said:
        if words:
            st.markdown(f":material/{icon}: **{label}:** {components.plain(words)}")
    memory = last_seen.of(f"meeting_prompt_memory_{at.team}", lambda: prompts.memory(session.db(), team=at.team), otherwise={}).value  # fmt: skip
    if told := prompt_card.remembered(memory.get(prompt.slug, {})):
        st.caption(told)


def _marks(marks: Marks, fit: Fit, key: str) -> None:
    """What became of it; a note has its place on the page of the prompts."""
    slug = fit.prompt.slug
    for verdict, word in vocabulary.PROMPT_VERDICTS.items():
        chosen = marks.marked.get(slug) == verdict
        st.button(
            word.label, key=f"{key}_{verdict}", help=word.help, type="primary" if chosen else "secondary",
            icon=":material/check:" if chosen else None, on_click=marks.set, args=(slug, verdict, marks.notes.get(slug, "")),
        )  # fmt: skip
    if said := marks.problem.get(slug):
        st.warning(components.plain(said))


def in_turn(at: At, item: Item, subject: Subject | None) -> list[Fit]:
    """What fits the item, in the order of the stages, at most three of each."""
    library = last_seen.of("meeting_prompts", lambda: prompts.library(session.db()), otherwise=[]).value
    fitting = prompt_rules.fits(
        library, facts_of(at, item, subject), rupture_kind=subject.rupture_kind if subject else None
    )
    return [
        fit for stage in STAGES for fit in [one for one in fitting if one.prompt.stage == stage][:OF_A_STAGE]
    ]


def _place(at: At, item: Item, fitting: Sequence[Fit], marks: Marks | None) -> int:
    """The prompt last looked at here; after a reload the one on the shared screen, or the first that was not marked yet."""
    slugs = [fit.prompt.slug for fit in fitting]
    for slug in (st.session_state.get(_looked_at(at, item)), at.meeting.prompt):
        if slug in slugs:
            return slugs.index(slug)
    marked = marks.marked if marks else {}
    return next((place for place, slug in enumerate(slugs) if slug not in marked), 0)


def _to(at: At, item: Item, fitting: Sequence[Fit], place: int) -> None:
    # In session state because which prompt the presenter reads is nobody else's business until it is shown.
    st.session_state[_looked_at(at, item)] = fitting[place].prompt.slug


def _looked_at(at: At, item: Item) -> str:
    return at.key(f"prompt_{item.id}_looked_at")


def _shown(at: At, item: Item, fit: Fit) -> None:
    slug = fit.prompt.slug
    on = at.meeting.prompt == slug
    st.button(
        "Take off the screen" if on else "Show on the screen", key=at.key(f"prompt_{item.id}_{slug}_{'off' if on else 'show'}"),
        icon=":material/tv_off:" if on else ":material/tv:", on_click=pressing.tried, args=(chairing.show_prompt,),
        kwargs={"outbox": at.outbox, "meeting": at.meeting, "prompt": None if on else slug},
    )  # fmt: skip
