"""A prompt as its administrator words it: stage, causes, words, and when it comes up, chosen in plain fields."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.forms import notices
from services import clinic_prompts, identifying, trigger_choices, vocabulary
from services.clinic_prompts import Entry
from services.prompt_facts import FACTS, NUMBER
from services.prompt_rules import Prompt
from services.prompt_wording import LENGTHS

AS_IT_IS, CHOSEN = "Leave it as it is", "Choose facts"
TOGETHER = {trigger_choices.ALL: "All of them hold", trigger_choices.ANY: "At least one holds"}


def add(*, team: UUID) -> None:
    """A prompt of the clinic's own."""
    opened = st.expander("Add a prompt", key="clinic_prompts_add", icon=":material/add:", on_change="rerun")
    if opened.open:
        with opened:
            _form(None, team=team, key="clinic_prompts_new", opened="clinic_prompts_add")


def told(entry: Entry) -> None:
    """Where it comes from, its stage and causes, and when it comes up."""
    prompt = entry.prompt
    with st.container(horizontal=True, gap="small"):
        whose = "shipped" if not entry.own else "your clinic’s wording" if entry.shipped else "your clinic’s"
        st.badge(whose, color="blue" if entry.own else "gray")
        st.badge(vocabulary.label("prompt_stage", prompt.stage), color="gray")
        if not prompt.active:
            st.badge("switched off", color="orange")
    filed = ", ".join(vocabulary.CAUSES[number].label for number in prompt.causes) or "any cause"
    st.caption(
        f"Filed under {filed}. Comes up: {components.plain(trigger_choices.in_words(prompt.trigger))}."
    )


def change(entry: Entry, *, team: UUID) -> None:
    """Other words, and on or off."""
    slug, active = entry.prompt.slug, entry.prompt.active
    with notices.refusal() as refusal:
        if st.button(
            "Switch off for our clinic" if active else "Switch on", key=f"clinic_prompts_{slug}_active", type="tertiary"
        ):  # fmt: skip
            clinic_prompts.offer(session.db(), team=team, entry=entry, active=not active)
            st.rerun()
    if refusal.sentence:
        st.error(components.plain(refusal.sentence))
    name = f"clinic_prompts_{slug}_open"
    opened = st.expander(
        "Change" if entry.own else "Replace in our own words", key=name, type="compact", on_change="rerun"
    )
    if opened.open:
        with opened:
            if entry.own and entry.shipped:
                st.caption(f"Shipped as: {components.plain(entry.shipped.wording)}")
            _form(entry, team=team, key=f"clinic_prompts_{slug}", opened=name)


def _form(entry: Entry | None, *, team: UUID, key: str, opened: str) -> None:
    # Written directly and not a draft, as all of administration is; what was typed stays on screen when it is refused.
    given = _fields(entry.prompt if entry else None, key)
    with notices.refusal() as refusal:
        if st.button("Save the prompt", key=f"{key}_save", type="primary"):
            clinic_prompts.save(session.db(), team=team, entry=entry, **given)
            for name in [n for n in st.session_state if str(n).startswith(f"{key}_f_") or n == opened]:
                del st.session_state[name]
            st.toast("The prompt is saved.", icon=":material/check:")
            st.rerun()
    if refusal.sentence:
        st.error(components.plain(refusal.sentence))


def _fields(prompt: Prompt | None, key: str) -> dict[str, Any]:
    given: dict[str, Any] = {}
    labels = {
        "wording": ("Question to the therapist in the meeting", "Open and short, about one thing. It begins with “What”, “Which” or “When”."),
        "why": ("Why now", "{facts} is replaced by what was logged, in words."),
        "sentence": ("A sentence to try with the client", "One that a person could say aloud."),
        "repaired_when": ("A sign that the strain is mended", "Something that can be seen or heard."),
        "source": ("Where the idea comes from", "The wording is your own; no text of a manual or questionnaire."),
    }  # fmt: skip
    given["stage"] = components.choice(
        "Stage", vocabulary.PROMPT_STAGES, value=prompt.stage if prompt else None, explain=True, key=f"{key}_f_stage"
    )  # fmt: skip
    for name, (label, help) in labels.items():
        given[name] = st.text_area(
            label, getattr(prompt, name) if prompt else "", key=f"{key}_f_{name}", max_chars=LENGTHS[name][0], height=80, help=help
        )  # fmt: skip
        if found := identifying.sentence(given[name]) if name != "source" else None:
            st.warning(components.plain(found), icon=":material/visibility:")
    given["causes"] = st.pills(
        "Filed under these causes; none fits any", list(vocabulary.CAUSES), selection_mode="multi", default=list(prompt.causes) if prompt else None,
        format_func=lambda number: f"{number} {vocabulary.CAUSES[number].label}", key=f"{key}_f_causes",
    )  # fmt: skip
    given["rupture_kinds"] = components.choices(
        "For these kinds of rupture; none fits any", vocabulary.RUPTURE_KINDS, value=prompt.rupture_kinds if prompt else (), key=f"{key}_f_kinds"
    )  # fmt: skip
    given["trigger"] = _trigger(prompt.trigger if prompt else {}, f"{key}_f")
    return given


def _trigger(now: Any, key: str) -> Any:
    st.markdown(f"**Comes up**: {components.plain(trigger_choices.in_words(now))}")
    how = st.radio("When should it come up?", [AS_IT_IS, CHOSEN], horizontal=True, key=f"{key}_how")
    if how == AS_IT_IS:
        return now
    together, before = trigger_choices.conditions(now) or (trigger_choices.ALL, [])
    known = {one["fact"]: one for one in before}
    facts = st.multiselect(
        "Facts; none means always", list(FACTS), default=list(known), format_func=trigger_choices.NAMES.get, key=f"{key}_facts"
    )  # fmt: skip
    if len(facts) > 1:
        together = st.radio(
            "Together", list(TOGETHER), index=list(TOGETHER).index(together), format_func=TOGETHER.get, horizontal=True, key=f"{key}_together"
        )  # fmt: skip
    chosen = [_condition(fact, known.get(fact, {}), key=f"{key}_{fact}") for fact in facts]
    return trigger_choices.trigger(together, chosen)


def _condition(fact: str, before: dict, *, key: str) -> dict:
    kind, name = FACTS[fact], trigger_choices.NAMES[fact]
    if kind.shape == NUMBER:
        with st.container(horizontal=True, gap="small"):
            bounds = [
                st.number_input(f"{name}: {words}", kind.lowest, kind.highest, before.get(op), key=f"{key}_{op}", width=320)
                for op, words in (("at_least", "at least"), ("at_most", "at most"))
            ]  # fmt: skip
        return trigger_choices.condition(fact, low=bounds[0], high=bounds[1])
    values = st.pills(
        name, list(kind.choices), selection_mode="multi", default=before.get("is") or before.get("has"),
        format_func=lambda value: trigger_choices.choice(fact, value), key=f"{key}_values",
    )  # fmt: skip
    return trigger_choices.condition(fact, values=values)
