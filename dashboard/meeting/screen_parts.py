"""What stands on the shared screen: the item with what was released of it, the prompt, what was decided, and the agenda."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboard import components
from dashboard.meeting import released, theme, words
from services import vocabulary
from services.meetings import Decision, Item, Meeting
from services.prompt_rules import Prompt
from services.themes import Theme
from services.vocabulary import DISCUSSION_STAGES, RELEASED_PARTS

# What belongs to a stage comes first; whatever else was released stands below it.
OF_STAGE = {
    "moment": ("question", "moment", "words", "felt"),
    "did_well": ("question",),
    "explore": ("moment", "felt"),
    "look": ("picture", "causes", "reasons"),
    "next_step": ("question", "would_like"),
}
MARKS = {"done": "✓", "carried": "↷", "on": "○"}


def item(one: Item, prompt: Prompt | None, meeting: Meeting) -> None:
    """What is being talked about."""
    st.title(components.plain(words.label(one)), anchor=False)
    if one.is_a_case:
        _stage(one)
    if prompt:
        _prompt(prompt)
    match one.kind:
        case "case" | "rupture":
            _parts(one)
        case "theme":
            _theme(meeting)
        case "follow_ups":
            _follow_ups(one)
        case kind:
            if not prompt:
                st.markdown(vocabulary.AGENDA_KINDS[kind].help)


def _stage(one: Item) -> None:
    """Where the discussion stands, as a row of five."""
    stages = list(DISCUSSION_STAGES)
    here = stages.index(one.stage)
    steps = "".join(
        f'<li class="{"done" if place <= here else "ahead"}"{" aria-current=step" if place == here else ""}>{escape(DISCUSSION_STAGES[stage].label)}</li>'
        for place, stage in enumerate(stages)
    )
    st.html(f'<ol class="sx-stages">{steps}</ol>')


def _prompt(prompt: Prompt) -> None:
    with st.container(key="screen_prompt", gap="xsmall"):
        st.header(components.plain(prompt.wording), anchor=False)
        if prompt.sentence:
            st.markdown(f"A sentence to try: “{components.plain(prompt.sentence)}”")


def _parts(one: Item) -> None:
    if not one.released:
        st.markdown("Its therapist tells it in their own words.")
        return
    first = [part for part in OF_STAGE[one.stage] if part in one.released]
    _side_by_side(one, first, "first")
    _side_by_side(
        one,
        [part for part in RELEASED_PARTS if part in one.released and part not in (*first, "picture")],
        "also",
    )


def beside(one: Item) -> None:
    """The picture of the case, in the room below the agenda, while the stage asks for something else."""
    if one.is_a_case and "picture" in one.released and "picture" not in OF_STAGE[one.stage]:
        with st.container(key="screen_beside"):
            _part(one, "picture", "beside")


def _side_by_side(one: Item, parts: list[str], where: str) -> None:
    """The picture beside what explains it; words one below the other."""
    if not parts:
        return
    with st.container(key=f"screen_{where}", gap="small"):
        if "picture" in parts and len(parts) > 1:
            left, right = st.columns([3, 2], gap="medium")
            with left:
                _part(one, "picture", where)
            with right:
                for part in parts:
                    if part != "picture":
                        _part(one, part, where)
            return
        for part in parts:
            _part(one, part, where)


def _part(one: Item, part: str, where: str) -> None:
    with st.container(key=f"screen_{where}_{part}_part", gap="xxsmall"):
        released.show(part, one.released[part], key=f"screen_{where}_{part}", rupture=one.rupture)


def _theme(meeting: Meeting) -> None:
    found = Theme.from_json(meeting.theme)
    if found is None:
        st.markdown(theme.NONE)
        return
    theme.draw(found, key="screen_theme", on_screen=True)


def _follow_ups(one: Item) -> None:
    """How many, and never which or whose: that is told by whoever it belongs to."""
    counts = one.follow_ups
    if not counts:
        st.markdown(vocabulary.AGENDA_KINDS["follow_ups"].help)
        return
    said = [f"**{counts['open']}** still open"]
    if "done" in counts:  # only where enough people stand behind it
        said.insert(
            0, f"**{counts['done']}** done in the last 60 days, **{counts['helped']}** of them helped"
        )
    with st.container(key="screen_counts"):
        st.markdown("  \n".join(said))
    st.markdown("Whoever it belongs to tells it: what was done, and did it help?")


def decided(items: Sequence[Item], *, named: bool = False) -> None:
    """What was decided on these, where it may be shown; `named` with the label of each."""
    made = [one for one in items if one.decisions]
    if not made:
        return
    with st.container(key="screen_decided", gap="small"):
        st.header("Decided", anchor=False)
        for one in made:
            said = [_decision(decision) for decision in one.decisions]
            if named:
                said[0] = f"**{components.plain(words.label(one))}**  \n{said[0]}"
            for each in said:
                st.markdown(each)


def _decision(one: Decision) -> str:
    lead = vocabulary.label("step_back_decision", one.decision) if one.decision else ""
    lines = [": ".join(part for part in (lead and f"**{lead}**", components.plain(one.words)) if part)]
    lines += [f"A sentence to try: “{components.plain(one.sentence)}”"] if one.sentence else []
    lines += [f"How we will know: {components.plain(one.will_know)}"] if one.will_know else []
    return "  \n".join(line for line in lines if line)


def agenda(meeting: Meeting) -> None:
    """All items with what has become of them; told by a sign and a word, not by a hue."""
    st.header("Agenda", anchor=False)
    rows = []
    for one in meeting.items:
        now = one.id == meeting.item and meeting.state == "running"
        sign = "▶" if now else MARKS[one.state]
        stands = "now" if now else vocabulary.label("agenda_state", one.state).lower()
        aside = words.minutes(one.minutes) if one.state == "on" and not now else stands
        rows.append(
            f'<li class="{"now" if now else one.state}"{" aria-current=true" if now else ""}><span aria-hidden="true">{sign}</span>'
            f"<b>{escape(words.label(one))}</b><em>{escape(aside)}</em></li>"
        )
    st.html(f'<ol class="sx-agenda">{"".join(rows)}</ol>')
