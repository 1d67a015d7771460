"""Which case an entry is about: the latest ones at hand, all others by their code, or a new code on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import streamlit as st

from dashboard import session
from dashboard.forms import last_seen
from dashboard.forms.form import Form
from dashboard.forms.last_seen import Seen
from services import cases
from services import known as last_known
from services.cases import Case
from services.errors import Refused, ServiceError
from services.outbox import Outbox

NEW, MORE = "new", "more"
AT_HAND = 5  # cases that are one tap away
NAMES = ("case", "case_op")  # what a form that asks for a case has to name


def known(*, therapist: UUID, team: UUID) -> Seen[list[Case]]:
    """The therapist's cases. While the database is away, those last seen on this server, in any browser: without their
    codes somebody would open a case anew that is there already.
    """
    seen = last_seen.of(
        f"cases_{team}", lambda: cases.mine(session.db(), therapist=therapist, team=team), otherwise=[]
    )
    vault, owner, name = session.vault(), str(therapist), f"cases {team}"
    if seen.trouble is None:
        with suppress(ServiceError):  # a full disk says so where somebody saves
            last_known.keep(
                vault, owner=owner, name=name, content={"codes": [[str(c.id), c.code] for c in seen.value]}
            )
    elif not seen.known and (kept := last_known.kept(vault, owner=owner, name=name)):
        return Seen([Case(UUID(case), code) for case, code in kept["codes"]], seen.trouble)
    return seen


def start(known: Sequence[Case]) -> dict[str, Any]:
    """The fields of a fresh form: the case written about last, and a code in case there is a new one."""
    return {
        "case": str(known[0].id) if known else NEW, "other_case": None, "code": cases.new_code(case.code for case in known)
    }  # fmt: skip


def ask(form: Form, known: Sequence[Case]) -> None:
    codes = {str(case.id): case.code for case in known}
    shown = list(codes)[:AT_HAND]
    if form["case"] in codes and form["case"] not in shown:
        shown = [form["case"], *shown[:-1]]
    shown += [MORE] * (len(codes) > len(shown)) + [NEW]
    names = codes | {MORE: "Another case", NEW: "New code"}
    st.pills(
        "Case",
        shown,
        format_func=lambda one: names.get(one, one),
        required=True,
        **form.field("case", among=shown),
    )
    if form["case"] == MORE:
        st.selectbox(
            "Which case", list(codes), index=None, format_func=lambda one: codes.get(one, one), placeholder="Type a code",
            **form.field("other_case", among=list(codes)),
        )  # fmt: skip
    elif form["case"] == NEW:
        st.text_input(
            "Code of the new case",
            help="One to three letters and two to five digits. No names, no initials.",
            **form.field("code"),
        )


def code_of(form: Form, known: Sequence[Case]) -> str:
    """The code that this form is about, as far as one is chosen."""
    if form["case"] == NEW:
        return (form["code"] or "").strip().upper()
    codes = {str(case.id): case.code for case in known}
    return codes.get(form["other_case"] if form["case"] == MORE else form["case"], "")


def chosen(outbox: Outbox, form: Form, *, team: UUID, known: Sequence[Case]) -> tuple[UUID, str]:
    """The case and its code; a new one is opened. Raises Refused when there is none."""
    ids = {case.code: case.id for case in known}
    code = code_of(form, known)
    if form["case"] != NEW:
        if not code:
            raise Refused("Please choose the case, or a new code.")
        return ids[code], code
    code = cases.checked_code(code)
    if code in ids:  # a code they know: that case, not a second one
        return ids[code], code
    opened = cases.open(outbox, team=team, code=code, entity=form.names["case"], op_id=form.names["case_op"])
    return UUID(opened.entity), code
