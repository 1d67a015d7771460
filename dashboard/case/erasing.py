"""Erasing a case: its therapist asks, an administrator decides. What went is told on My data."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import session
from dashboard.case.at import At
from dashboard.forms import asking, folded, last_seen, notices
from dashboard.forms.form import Form
from dashboard.keeping import own
from services import erasure
from services.erasure import Request

TEXTS = {"why": "Where the request comes from"}


def show(at: At) -> None:
    st.subheader("Erase", anchor=False)
    st.markdown(
        "For a client who asks for it, or an entry that should never have been. An administrator decides and names the basis; "
        "approved, the case is gone for good, and the deletion itself stays in the log, without content. "
        "Drafts about it on this server are yours to discard."
    )
    read = last_seen.of(
        at.key("erasure"),
        lambda: [
            one
            for one in erasure.of_team(session.db(), team=at.team)
            if one.therapist_id == at.me and one.code == at.case.code
        ],
        otherwise=[],
    )
    if read.trouble:
        st.caption("Whether it was asked for cannot be looked up just now." if not read.known else
                   "What you see of requests is from before.")  # fmt: skip
    for one in read.value:
        st.markdown(own.sentence(one))
    if not read.trouble and not _asked(read.value):
        _ask(at)


def _asked(known: Sequence[Request]) -> bool:
    return any(one.state == "asked" for one in known)


def _ask(at: At) -> None:
    def ask() -> None:
        with session.errors_shown():
            vault, owner = session.vault(), session.outbox().owner
            form = Form(
                vault, owner=owner, name="erasure_ask", key=str(at.case.id), prefix=at.key("erasure_ask"),
                start={"why": ""}, names=("op",),
            )  # fmt: skip
        with notices.refusal() as refusal:
            # Decided by administrators and not an entry of the case: written directly, so that it is asked for or not.
            if asking.may_be_saved(form, TEXTS):
                with form.saving():
                    erasure.ask(
                        session.db(), me=at.me, team=at.team, therapist=at.me, code=at.case.code, why=form["why"],
                    )  # fmt: skip
                st.rerun()
        st.text_area(
            "Where the request comes from", max_chars=erasure.LONGEST_WHY, height=80,
            help="May stay empty. An administrator reads it, so nothing about the client; it is taken out when it is decided.", **form.field("why"),
        )  # fmt: skip
        asking.save_bar(form, "Ask to have it erased", TEXTS, refused=refusal.sentence, width="content")

    folded.away("Ask to have this case erased", ask, key=at.key("erase"), icon=":material/delete:")
