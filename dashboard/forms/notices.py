"""What every form says of itself: begun before, kept as a draft, not kept, saved and how far it has come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from dashboard import components, session
from dashboard.forms import clock, still
from dashboard.forms.form import Form
from services.errors import ServiceError, SignInNeeded
from services.outbox import Operation
from services.vocabulary import OPERATION_STATES

ON_ITS_WAY = ("saved", "sending")
LOOK_AGAIN = 1.0  # seconds


def begun_before(form: Form) -> None:
    """Continue, or discard, what was begun earlier or in another browser."""
    if not form.returned or form.begun is None:
        return
    with st.container(border=True, key=f"{form.prefix}_begun", gap="small"):
        st.markdown(
            f":material/history: You started this {clock.moment(form.begun)}. All of it is still here."
        )
        with st.container(horizontal=True, gap="small"):
            st.button("Continue", key=f"{form.prefix}_continue", on_click=form.go_on)
            st.button(
                "Discard and start afresh",
                key=f"{form.prefix}_discard",
                on_click=form.discard,
                type="tertiary",
            )


def kept(form: Form) -> None:
    """That what was typed is safe, and since when; or why it is not."""
    if form.trouble:
        st.error(form.trouble)
    elif form.begun:
        at = f" at {clock.hour(form.kept)}" if form.kept else ""
        st.caption(f":material/lock: Kept as a draft{at}. Only you can see it.")


def how_far(op_id: str, *, key: str) -> None:
    """How far one saved entry has come. Looks again by itself until the database has it, or has refused it."""
    found = session.outbox().find(op_id)
    by_page = [True]  # the first look belongs to a run of the page, later ones are this fragment's own

    @st.fragment(run_every=LOOK_AGAIN if found and _unsettled(found) else None)
    def state() -> None:
        with session.errors_shown():
            now = session.outbox().find(op_id)
        if now is None:
            return
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key}_state"):
            components.saved_state(now.state)
            st.caption(components.plain(now.reason) if now.reason else OPERATION_STATES[now.state].help)
        if by_page:
            by_page.clear()  # never run the page again from within its own run: a click in it would be lost
        elif now.state not in ON_ITS_WAY or _takes_long(op_id):
            still.run_again()  # the lists of this page, and the indicator beside it, know more or have to know

    state()


def _unsettled(op: Operation) -> bool:
    """On its way, or arrived while this run was reading: the page is run once more, or it would say "synced" beside lists of before."""
    return op.state in ON_ITS_WAY or (still.may_have_missed(op.synced) and _once("missed", op.op_id))


def _takes_long(op_id: str) -> bool:
    """True once for each entry that is still on its way when it is looked at again."""
    return _once("takes_long", op_id)


def _once(what: str, op_id: str) -> bool:
    told = f"{what}_{op_id}"
    return not st.session_state.get(told) and st.session_state.setdefault(told, True)


@dataclass
class Refusal:
    """What a service refused, as its sentence."""

    sentence: str | None = None


@contextmanager
def refusal() -> Iterator[Refusal]:
    """Catch what a service refuses, for the form to show where the button is; the form stays as it is."""
    said = Refusal()
    try:
        yield said
    except SignInNeeded as error:
        session.sign_in_again(str(error))
    except ServiceError as error:
        said.sentence = str(error)


def away(trouble: str | None, sentence: str) -> None:
    """What cannot be shown just now. What is typed is kept all the same."""
    if trouble:
        st.warning(
            f"{sentence} You can go on: what you save is kept on this server and sent when the database is back.",
            icon=":material/cloud_off:",
        )
