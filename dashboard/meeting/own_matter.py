"""A matter of the supervisor's own for the agenda. Its title is on the shared screen, so it is looked over like any text."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import session
from dashboard.forms import asking, notices
from dashboard.forms.form import Form
from services import entries
from services.chairing import LONGEST_TITLE
from services.errors import Refused

NAME = "meeting_own"
TEXTS = {"title": "The title"}


def ask(add: Callable[[str, int, str, str], None], *, key: str, owner: str, draft: str) -> None:
    """The form. `add` gets the title, the minutes, the name of the item and that of the operation."""
    opened = st.expander("Another matter", key=f"{key}_own", on_change="rerun", type="compact", icon=":material/add:")  # fmt: skip
    if not opened.open:
        return

    @st.fragment
    def asked() -> None:
        with session.errors_shown():
            form = Form(
                session.vault(), owner=owner, name=NAME, key=draft, prefix=f"{key}_own_form", start={"title": "", "minutes": 10}, names=("op", "item"),
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, TEXTS):
                title, minutes = entries.text(form["title"], LONGEST_TITLE, "The title"), form["minutes"]
                if not title:
                    raise Refused("Please say what it is about; it will be on the shared screen.")
                with form.saving():
                    add(title, minutes, form.names["item"], form.names["op"])
                st.rerun()
        st.text_input("What is it about?", max_chars=LONGEST_TITLE, help="Everybody in the room reads this: no names and no codes, please.", **form.field("title"))  # fmt: skip
        st.number_input("Minutes", min_value=1, max_value=120, step=1, width=130, **form.field("minutes"))
        notices.kept(form)
        asking.save_bar(form, "Put it on the agenda", TEXTS, refused=refusal.sentence, width="content")

    with opened:
        asked()
