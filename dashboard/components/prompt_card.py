"""One discussion prompt in the meeting: the question, why now, a sentence to try, and what became of it."""

from collections.abc import Callable, Mapping

import streamlit as st

from dashboard.components.text import plain
from services import vocabulary
from services.prompt_rules import Fit

Mark = Callable[[str, str, str], None]  # slug, verdict, note


def show(
    fit: Fit,
    *,
    key: str,
    memory: Mapping[str, int],
    marked: str | None,
    note: str,
    on_note: Callable[[str, str], None],
    on_mark: Mark,
) -> None:
    """The card of one prompt. `marked` is its verdict so far on this subject, `memory` what it did in this team before."""
    prompt = fit.prompt
    with st.container(border=True, key=f"{key}_card"):
        st.subheader(plain(prompt.wording), anchor=False)
        if fit.why:
            st.markdown(f":material/bolt: **Why now:** {plain(fit.why)}")
        if prompt.sentence:
            st.markdown(f":material/format_quote: **A sentence to try:** {plain(prompt.sentence)}")
        if prompt.repaired_when:
            st.markdown(f":material/flag: **How we will know:** {plain(prompt.repaired_when)}")
        st.caption(plain(" · ".join(filter(None, [_remembered(memory), prompt.source]))))
        with st.container(horizontal=True, vertical_alignment="bottom", key=f"{key}_marks"):
            typed = st.text_input(
                "Note to this prompt", value=note, key=f"{key}_note", max_chars=1000, placeholder="What came of it, in a few words",
                on_change=lambda: on_note(prompt.slug, st.session_state[f"{key}_note"]),
            )  # fmt: skip
            for verdict, word in vocabulary.PROMPT_VERDICTS.items():
                if st.button(
                    word.label, key=f"{key}_{verdict}", help=word.help, type="primary" if marked == verdict else "secondary",
                    icon=":material/check:" if marked == verdict else None,
                ):  # fmt: skip
                    on_mark(prompt.slug, verdict, typed)


def _remembered(memory: Mapping[str, int]) -> str:
    """ "In this team: helped 2 times, used 3 times" or nothing."""
    told = [
        f"{words} {count} time{'s' if count > 1 else ''}"
        for key, words in (("helped", "helped"), ("used", "used"))
        if (count := memory.get(key, 0))
    ]
    return f"In this team: {', '.join(told)}" if told else ""
