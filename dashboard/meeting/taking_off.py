"""Taking an item off the agenda, with the reason; for supervisors to read, and never on the shared screen."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import session
from dashboard.forms import asking, notices
from dashboard.forms.form import Form
from services import entries
from services.chairing import LONGEST_REASON
from services.errors import Refused

NAME = "meeting_take_off"
TEXTS = {"reason": "The reason"}


def reason_of(text: str) -> str:
    """The reason as it is kept. Raises Refused where there is none."""
    said = entries.text(text, LONGEST_REASON, "The reason")
    if len(said) < 3:
        raise Refused("Please say in a few words why it is taken off.")
    return said


def ask(ref: str, take_off: Callable[[str, str, str], None], *, key: str, owner: str) -> None:
    """ "Take off", which asks why. `take_off` gets the item, the reason and the name of this operation."""
    opened = st.expander("Take off", key=f"{key}_off", on_change="rerun", type="compact")
    if not opened.open:
        return

    @st.fragment
    def asked() -> None:
        with session.errors_shown():
            form = Form(session.vault(), owner=owner, name=NAME, key=key, prefix=f"{key}_off_form", start={"reason": ""})  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, TEXTS):
                said, op = reason_of(form["reason"]), form.names["op"]
                with form.saving():
                    take_off(ref, said, op)
                st.rerun()
        st.text_input("Why not this time?", max_chars=LONGEST_REASON, help="For supervisors of the team.", **form.field("reason"))  # fmt: skip
        notices.kept(form)
        asking.save_bar(form, "Take it off", TEXTS, refused=refusal.sentence, width="content")

    with opened:
        asked()
