"""One discussion prompt in the meeting: the question, why now, a sentence to try, and what became of it."""

from collections.abc import Mapping

import streamlit as st

from dashboard.components.text import plain
from dashboard.forms.prompt_marks import Marks
from services import prompts, vocabulary
from services.prompt_rules import Fit


def show(fit: Fit, marks: Marks, *, key: str, memory: Mapping[str, int]) -> None:
    """The card of one prompt. `memory` is what it did in this team before."""
    prompt = fit.prompt
    with st.container(border=True, key=f"{key}_card"):
        st.subheader(plain(prompt.wording), anchor=False)
        if fit.why:
            st.markdown(f":material/bolt: **Why now:** {plain(fit.why)}")
        if prompt.sentence:
            st.markdown(f":material/format_quote: **A sentence to try:** {plain(prompt.sentence)}")
        if prompt.repaired_when:
            st.markdown(f":material/flag: **How we will know:** {plain(prompt.repaired_when)}")
        st.caption(plain(" · ".join(filter(None, [remembered(memory), prompt.source]))))
        with st.container(horizontal=True, vertical_alignment="bottom", key=f"{key}_marks"):
            st.text_input(
                "Note to this prompt, for the therapist to read",
                value=marks.notes.get(prompt.slug, ""),
                key=f"{key}_note",
                max_chars=prompts.LONGEST_NOTE,
                placeholder="What came of it, in a few words",
                on_change=lambda: marks.note(prompt.slug, st.session_state[f"{key}_note"]),
            )
            for verdict, word in vocabulary.PROMPT_VERDICTS.items():
                chosen = marks.marked.get(prompt.slug) == verdict
                st.button(
                    word.label,
                    key=f"{key}_{verdict}",
                    help=word.help,
                    type="primary" if chosen else "secondary",
                    icon=":material/check:" if chosen else None,
                    on_click=_pressed,
                    args=(marks, prompt.slug, verdict, f"{key}_note"),
                )
        if said := marks.problem.get(prompt.slug):
            st.warning(plain(said))


def _pressed(marks: Marks, slug: str, verdict: str, note: str) -> None:
    marks.set(slug, verdict, st.session_state[note])
    st.session_state[note] = marks.notes.get(slug, "")


def remembered(memory: Mapping[str, int]) -> str:
    """ "In this team: helped 2 times, used 3 times" or nothing."""
    told = [
        f"{words} {count} time{'s' if count > 1 else ''}"
        for key, words in (("helped", "helped"), ("used", "used"))
        if (count := memory.get(key, 0))
    ]
    return f"In this team: {', '.join(told)}" if told else ""
