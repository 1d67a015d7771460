"""The form of a resistance episode: its fields, how they are asked, and what is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import streamlit as st

from dashboard import components
from dashboard.forms import asking, case_field
from dashboard.forms.form import Form
from services import episodes, vocabulary
from services.cases import Case
from services.outbox import Outbox
from services.vault import Vault

NAME = "log_episode"
NOTE = {"note": "Your note"}


@dataclass(frozen=True)
class Logged:
    """What was just logged: enough to open a rupture from it."""

    op_id: str
    episode: str
    case: str
    code: str
    kind: str
    markers: tuple[str, ...]
    happened_on: date
    rupture: str
    rupture_op: str


def opened(vault: Vault, *, owner: str, team: UUID, known: Sequence[Case], today: date) -> Form:
    """The form as it was left, or a fresh one: today, and the case written about last."""
    return Form(
        vault, owner=owner, name=NAME, key=str(team),
        names=("op", "episode", "case_op", "case", "rupture_op", "rupture"),
        start={
            "kind": None, **case_field.start(known), "happened_on": today, "markers": [], "intensity": None,
            "first_blame": None, "next_move": None, "named": None, "outside": [], "note": "", "share_note": False,
            **{f"cause_{number}": None for number in vocabulary.CAUSES},
        },
    )  # fmt: skip


def ask_what(form: Form, *, known: Sequence[Case], today: date) -> None:
    """What is needed: the case, what happened, when."""
    case_field.ask(form, known)
    components.choice("What happened?", vocabulary.EPISODE_KINDS, explain=True, **form.field("kind"))
    asking.day(form, "happened_on", "When", today=today)


def ask_more(form: Form) -> None:
    """What helps to look at it later; each of it may stay empty."""
    with st.container(gap="xxsmall"):
        st.segmented_control("How strong was it?", list(vocabulary.INTENSITIES), **form.field("intensity"))
        st.caption(f"**1** {vocabulary.INTENSITIES[1]} · **5** {vocabulary.INTENSITIES[5]}")
    components.choice("Where did the first blame go?", vocabulary.BLAMES, **form.field("first_blame"))
    components.choice("What did I do next?", vocabulary.NEXT_MOVES, **form.field("next_move"))
    components.choice("Named with the client?", vocabulary.NAMED, **form.field("named"))
    others = {key: word for key, word in vocabulary.EPISODE_KINDS.items() if key != form["kind"]}
    components.choices("Also noticed", others, **form.field("markers", among=others))


def ask_causes(form: Form) -> None:
    """The six causes, and what plays in from outside therapy."""
    st.caption(vocabulary.NOT_A_MEASURE)
    asking.causes(form)
    components.choices("Outside therapy", vocabulary.OUTSIDE_FACTORS, **form.field("outside"))


def ask_note(form: Form) -> None:
    """A short note, and who may read it."""
    st.text_area(
        "Note", height=96, placeholder="No names. What would help you to remember it?", **form.field("note")
    )
    length, longest = len((form["note"] or "").strip()), episodes.LONGEST_NOTE
    over = f" · {length - longest} too many" if length > longest else ""
    st.caption(f"{length} of {longest} characters{over}")
    st.toggle("Share this note with my supervisor", **form.field("share_note"))


def save(outbox: Outbox, form: Form, *, team: UUID, known: Sequence[Case], today: date) -> Logged:
    """Keep the episode, and the new case with it: both or neither. Raises Refused for what could not be stored."""
    asking.not_to_come(form, "happened_on", "The day", today=today)
    with form.saving():
        case, code = case_field.chosen(outbox, form, team=team, known=known)
        episodes.log(
            outbox, team=team, case=case, happened_on=form["happened_on"], kind=form["kind"], today=today,
            markers=form["markers"], intensity=form["intensity"], first_blame=form["first_blame"], next_move=form["next_move"],
            named=form["named"], outside=form["outside"], ratings=asking.ratings(form), note=form["note"] or "",
            share_note=form["share_note"], entity=form.names["episode"], op_id=form.names["op"],
        )  # fmt: skip
        logged = Logged(
            form.names["op"], form.names["episode"], str(case), code, form["kind"], tuple(form["markers"]), form["happened_on"],
            form.names["rupture"], form.names["rupture_op"],
        )  # fmt: skip
    return logged
