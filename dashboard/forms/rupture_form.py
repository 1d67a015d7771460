"""The form that opens a rupture by itself, without an episode."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.forms import asking, case_field, notices
from dashboard.forms.form import Form
from services import ruptures, vocabulary
from services.cases import Case

NAME = "ruptures_new"


@st.fragment
def show(*, team: UUID, known: Sequence[Case], today: date) -> None:
    """Case, kind and the day it was noticed; all three are needed."""
    with session.errors_shown():
        vault, outbox = session.vault(), session.outbox()
        form = Form(
            vault, owner=outbox.owner, name=NAME, key=str(team), names=("op", "rupture", *case_field.NAMES),
            start={"kind": None, **case_field.start(known), "noticed_on": today},
        )  # fmt: skip
    with notices.refusal() as refusal:
        if asking.may_be_saved(form, {}):
            asking.not_to_come(form, "noticed_on", "The day it was noticed", today=today)
            with form.saving():
                case, _ = case_field.chosen(outbox, form, team=team, known=known)
                ruptures.open(
                    outbox, team=team, case=case, kind=form["kind"], noticed_on=form["noticed_on"], today=today,
                    entity=form.names["rupture"], op_id=form.names["op"],
                )  # fmt: skip
            st.rerun()
    notices.begun_before(form)
    case_field.ask(form, known)
    components.choice("Kind of rupture", vocabulary.RUPTURE_KINDS, explain=True, **form.field("kind"))
    asking.day(form, "noticed_on", "When did I notice it?", today=today)
    asking.save_bar(form, "Open the rupture", {}, refused=refusal.sentence, width="content")
