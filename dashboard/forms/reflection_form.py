"""The form of a weekly reflection: its fields, how they are asked, and what is handed in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import components
from dashboard.forms import asking
from dashboard.forms.form import Form
from dashboard.forms.reflection_weeks import Standing
from services import reflections, vocabulary
from services.errors import Refused
from services.outbox import Outbox
from services.reflections import Part
from services.teams import TeamSettings
from services.vault import Vault
from services.vocabulary import REFLECTION_PARTS

NAME = "weekly_reflection"
REFRAME_FROM = 3  # from this rating of cause 6 on, the four thoughts are offered

# Shared by writing into it: that is what this part is for. The two private ones can never be.
ALWAYS_SHARED = frozenset({"shared_text"})
SHARE = {
    "frustration": "my frustration", "let_go": "what I let go of", "expectation": "this expectation", "feelings": "my feelings",
    "reframes": "the thought", "support": "my support", "strength": "my strength", "intention": "my intention",
    "avoided_topic": "what I avoided",
}  # fmt: skip

YOURS = (
    "All of this is yours alone. What you switch on to share, your supervisor reads once you have handed in."
)

REPLACES = (
    "You handed this week in from another place after you had begun this. Handing in now replaces that one; "
    "it stays in your history. To see it instead, discard what you began here."
)

# Fields that make up one part: field → (part, key in its value).
WITHIN = {
    "expectation_text": ("expectation", "text"), "expectation_whose": ("expectation", "whose"),
    "expectation_realistic": ("expectation", "realistic"), "reframes_used": ("reframes", "used"),
    "reframes_helped": ("reframes", "helped"), "support_used": ("support", "used"), "support_text": ("support", "text"),
}  # fmt: skip
LISTS = ("behaviours", "reframes_used", "support_used", "feelings")
CHOSEN = ("frustration", "expectation_whose", "expectation_realistic", "reframes_helped")
TEXTS = {name: f"“{REFLECTION_PARTS[name].label}”" for name in reflections.TEXT_PARTS} | {
    "expectation_text": f"“{REFLECTION_PARTS['expectation'].label}”", "support_text": f"“{REFLECTION_PARTS['support'].label}”",
}  # fmt: skip


def opened(vault: Vault, *, owner: str, team: UUID, week: date, standing: Standing) -> Form:
    """The week as it was left, as it was handed in, or empty."""
    return Form(
        vault, owner=owner, name=NAME, key=f"{team}/{week}", prefix=f"{NAME}_{week}", edition=standing.version, start=_start(standing)
    )  # fmt: skip


def _start(standing: Standing) -> dict[str, Any]:
    start: dict[str, Any] = {f"cause_{number}": None for number in vocabulary.CAUSES}
    start |= dict.fromkeys(TEXTS, "") | dict.fromkeys(CHOSEN) | {name: [] for name in LISTS}
    start |= {f"share_{name}": False for name in SHARE}
    start |= {f"cause_{number}": asking.answer(rating) for number, rating in standing.ratings.items()}
    start["behaviours"] = list(standing.behaviours)
    for name, part in standing.parts.items():
        inside = {key: field for field, (whole, key) in WITHIN.items() if whole == name}
        start |= (
            {inside[key]: found for key, found in part.value.items() if key in inside}
            if inside
            else {name: part.value}
        )
        if name in SHARE:
            start[f"share_{name}"] = part.shared
    return start


def ask_causes(form: Form) -> None:
    """Step 1: the six ratings, the behaviours under the first, the four thoughts under the sixth."""

    def behaviours(answer: int | str | None) -> None:
        if answer is not None:
            with _together():
                components.choices(
                    "What I did this week", vocabulary.RAPPORT_BEHAVIOURS, **form.field("behaviours")
                )

    def thoughts(answer: int | str | None) -> None:
        if not ((isinstance(answer, int) and answer >= REFRAME_FROM) or form["reframes_used"]):
            return
        with _together():
            components.choices("A thought that helped", vocabulary.REFRAMES, **form.field("reframes_used"))
            if form["reframes_used"]:
                components.choice("Did it help?", vocabulary.HELPED, **form.field("reframes_helped"))
            _share(form, "reframes")

    asking.causes(form, under={1: behaviours, 6: thoughts})


def ask_me(form: Form, *, high: int) -> None:
    """Step 2: frustration and what to let go of, feelings and support; expectations and a strength."""
    left, right = st.columns(2, gap="large")
    with left:
        _frustration(form, high)
        with _together():
            components.choices(
                REFLECTION_PARTS["feelings"].label, vocabulary.FEELINGS, **form.field("feelings")
            )
            _share(form, "feelings")
        with _together():
            components.choices(
                REFLECTION_PARTS["support"].label, vocabulary.SUPPORTS, **form.field("support_used")
            )
            st.text_input("When was that, and what was it good for?", **form.field("support_text"))
            _share(form, "support")
    with right:
        with _together():
            part = REFLECTION_PARTS["expectation"]
            st.text_area(
                "An expectation I noticed", height=72, help=part.help, **form.field("expectation_text")
            )
            components.choice(
                "Whose expectation is it?", vocabulary.EXPECTATION_OWNERS, **form.field("expectation_whose")
            )
            components.choice(
                "Is it within reach for this client?",
                vocabulary.WITHIN_REACH,
                **form.field("expectation_realistic"),
            )
            _share(form, "expectation")
        _write(form, "strength")


def _frustration(form: Form, high: int) -> None:
    part = REFLECTION_PARTS["frustration"]
    ends = vocabulary.FRUSTRATIONS[0], vocabulary.FRUSTRATIONS[4]
    with _together():
        components.rating(part.label, help=part.help, unsure=False, ends=ends, **form.field("frustration"))
        _share(form, "frustration")
    if form["let_go"] or (form["frustration"] is not None and form["frustration"] >= high):
        with st.container(border=True, key=f"{form.prefix}_let_go_card"):
            _write(form, "let_go")
            st.caption(
                "Frustration with a client’s effort often says that a goal of one’s own is waiting. "
                f"You may want to look at cause 2, {vocabulary.CAUSES[2].label.lower()}, once more."
            )


def ask_next(form: Form) -> None:
    """Step 3: the intention, what was avoided, what supervision should know."""
    left, right = st.columns(2, gap="large")
    with left:
        _write(form, "intention")
        _write(form, "avoided_topic")
    with right:
        _write(form, "shared_text", height=180)


def ask_only_me(form: Form) -> None:
    """What nobody else reads."""
    with st.container(border=True, key=f"{form.prefix}_private_card"):
        st.header("Only for me", anchor=False)
        st.caption(":material/lock: Nobody else can ever read these two, your supervisor included.")
        left, right = st.columns(2, gap="large")
        with left:
            _write(form, "private_text", label="My own notes")
        with right:
            _write(form, "not_brought")


def hand_in(
    outbox: Outbox, form: Form, *, therapist: UUID, team: UUID, week: date, standing: Standing, today: date,
    settings: TeamSettings,
) -> str:  # fmt: skip
    """Hand the week in, in place of what stands. Returns the operation's id. Raises Refused for what could not be stored, and for a version of this
    week from elsewhere that its author has not been told of.
    """
    if replaces_another(form, standing) and st.session_state.get(_told(form)) != standing.version:
        raise Refused(REPLACES)
    with form.saving():
        if standing.parked:  # what was refused is what this form was begun with, so this takes its place
            outbox.discard(standing.parked.op_id)
        done = reflections.hand_in(
            outbox, therapist=therapist, team=team, week=week, ratings=asking.ratings(form),
            behaviours=form["behaviours"] if form["cause_1"] is not None else [], parts=parts(form), based_on=standing.version,
            today=today, week_starts_on=settings.week_starts_on, op_id=form.names["op"],
        )  # fmt: skip
    return done.op_id


def replaces_another(form: Form, standing: Standing) -> bool:
    """Whether this form was begun before the version that stands."""
    return form.begun is not None and form.edition != standing.version


def tell_of_another(form: Form, standing: Standing) -> None:
    if replaces_another(form, standing):
        st.warning(REPLACES, icon=":material/content_copy:")
        # In session state, so that the next click is an answer to what was shown.
        st.session_state[_told(form)] = standing.version


def _told(form: Form) -> str:
    return f"{form.prefix}_told"


def parts(form: Form) -> dict[str, Part]:
    """What was said, part by part; empty ones are left out."""
    said: dict[str, Any] = {name: form[name] for name in (*reflections.TEXT_PARTS, "frustration", "feelings")}
    for field, (whole, key) in WITHIN.items():
        if form[field] not in (None, "", []):
            said.setdefault(whole, {})[key] = form[field]
    return {
        name: Part(value, name in ALWAYS_SHARED or (name in SHARE and form[f"share_{name}"]))
        for name, value in said.items() if value not in (None, "", [], {})
    }  # fmt: skip


def who_reads(said: Mapping[str, Part], *, rated: bool) -> None:
    """What the supervisor will see of it, and what stays with its author."""
    shared = [
        f"“{REFLECTION_PARTS[name].label}”" for name in REFLECTION_PARTS if name in said and said[name].shared
    ]
    mine = [
        f"“{REFLECTION_PARTS[name].label}”"
        for name in REFLECTION_PARTS
        if name in said and not said[name].shared
    ]
    seen = ["that you handed in", *(["the six ratings and the behaviours"] if rated else []), *shared]
    st.markdown(f":material/visibility: **Your supervisor will see** {components.plain(', '.join(seen))}.")
    kept = components.plain(", ".join(mine)) if mine else "nothing so far"
    st.markdown(f":material/lock: **Only you will see** {kept}.")


def _together() -> DeltaGenerator:
    """A question, its answer and who may read it, close to one another."""
    return st.container(gap="xsmall")


def _write(form: Form, name: str, *, label: str | None = None, height: int = 72) -> None:
    part = REFLECTION_PARTS[name]
    with _together():
        st.text_area(label or part.label, height=height, help=part.help, **form.field(name))
        if name in ALWAYS_SHARED:
            st.caption(":material/visibility: Your supervisor reads this once you have handed in.")
        _share(form, name)


def _share(form: Form, name: str) -> None:
    if name in SHARE:
        st.toggle(f"Share {SHARE[name]} with my supervisor", **form.field(f"share_{name}"))
