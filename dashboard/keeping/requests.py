"""Requests to erase, for an administrator: what waits and since when, what a decision takes and leaves, what became of it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.forms import clock, notices
from services import erasure, gone, identifying
from services.erasure import Request

# In session state, because it is told once after the run in which it was done.
TOLD = "keeping_decided"
ABOUT = {"case": "One case, by its code", "reflections": "All weekly reflections of a person"}
OF_A_CASE = (
    "**Gone for good**: the case with its sessions, scores, check-ins, goals, between-session work, formulation, plan, episodes, ruptures, "
    "texts, notes, questions, flags and actions, for its therapist, the supervisors and the clinical lead; and what those entries said before they were "
    "changed. Counts of the team are put right at once."
)
OF_REFLECTIONS = (
    "**Gone for good**: every weekly reflection of this person in this team with its parts and ratings, private ones as well, and what they "
    "said before they were changed. Counts of the team are put right at once."
)
STAYS = (
    "**Stays**: the deletion itself stays in the audit log, without content; this decision with its basis; and backups until they run out."
    " A case that was handed over is there once for each therapist: each takes a request of its own."
)  # fmt: skip


def show(*, me: UUID, today: date) -> None:
    st.header("Requests to erase", anchor=False)
    team = session.team("admin", key="keeping_team").team
    if just_now := st.session_state.pop(TOLD, None):
        st.success(just_now, icon=":material/check:")
    with session.errors_shown():
        found = erasure.of_team(session.db(), team=team)
    waiting = [one for one in found if one.state == "asked"]
    if not waiting:
        st.markdown("No request waits for a decision.")
    for request in waiting:
        _one(request, today=today)
    _ask(team=team, me=me)
    if decided := [one for one in found if one.state != "asked"]:
        st.header("Decided", anchor=False)
        st.markdown("\n".join(f"- {became(one)}" for one in decided))


def about(request: Request) -> str:
    """What a request that waits or was refused is about; an approved one does not know any more."""
    whom = components.plain(request.therapist or "a therapist")
    if request.code:
        return f"Case {components.plain(request.code)} of {whom}"
    return f"All weekly reflections of {whom}"


def became(request: Request) -> str:
    """What became of a request, in a sentence or two."""
    when = clock.moment(request.decided_at) if request.decided_at else ""
    basis = f"Basis: {components.plain(request.basis)}"
    if request.state == "refused":
        return f"**Refused** {when}: {about(request)}. All of it is kept. {basis}"
    whom = f" of {components.plain(request.therapist)}" if request.therapist else ""
    what = "A case" if request.gone.get("cases") else "The weekly reflections"
    return f"**Approved and done** {when}: {what}{whom}. What went: {gone.in_words(request.gone)}. {basis}"


def _one(request: Request, *, today: date) -> None:
    key = f"keeping_request_{request.id}"
    with st.container(border=True, key=key, gap="small"):
        st.subheader(about(request), anchor=False)
        by = f" by {components.plain(request.asked_by_name)}" if request.asked_by_name else ""
        age = request.age(today)
        since = "today" if age == 0 else f"{components.age_words(age)} ago"
        st.markdown(f"Asked for {since}{by}.")
        if request.why:
            st.markdown(f"Said with it: {components.plain(request.why)}")
        st.markdown(OF_A_CASE if request.code else OF_REFLECTIONS)
        st.markdown(STAYS)
        basis = st.text_area(
            "Basis of the decision", key=f"{key}_basis", max_chars=erasure.LONGEST_BASIS, height=80,
            help="The law, rule or wish that it rests on, in 10 characters or more. The therapist reads it. Nothing about the client.",
        )  # fmt: skip
        if found := identifying.sentence(basis):
            st.warning(components.plain(found), icon=":material/visibility:")
        with (
            notices.refusal() as refusal,
            st.container(horizontal=True, gap="small", vertical_alignment="center"),
        ):
            if st.button("Refuse: keep all of it", key=f"{key}_refuse"):
                erasure.decide(session.db(), request=request.id, approve=False, basis=basis)
                st.session_state[TOLD] = f"Refused. All of it is kept: {about(request)}."
                st.rerun()
            if components.sure(
                "Approve …", f"{about(request).replace(chr(92), '')} is erased at once and cannot be brought back.", "Approve and erase now",
                key=f"{key}_approve",
            ):  # fmt: skip
                went = erasure.decide(session.db(), request=request.id, approve=True, basis=basis)
                st.session_state[TOLD] = f"Done. What went: {gone.in_words(went)}. The deletion itself stays in the log, without content."  # fmt: skip
                st.rerun()
        if refusal.sentence:
            st.error(components.plain(refusal.sentence))


def _ask(*, team: UUID, me: UUID) -> None:
    opened = st.expander(
        "Ask on behalf of a client or a therapist", key="keeping_ask", icon=":material/add:", on_change="rerun"
    )  # fmt: skip
    if not opened.open:
        return
    with opened:
        with session.errors_shown():
            known = {
                one.id: one.name
                for one in erasure.therapists(session.db(), team=team)
            }  # fmt: skip
        kind = st.radio("What it is about", list(ABOUT), format_func=ABOUT.get, key="keeping_ask_about")
        therapist = st.selectbox(
            "Therapist", list(known), index=None, format_func=components.told_apart(known).get, key=f"keeping_ask_therapist_{team}", placeholder="Choose", width=420
        )  # fmt: skip
        code = None
        if kind == "case":
            code = st.text_input(
                "Case code", key="keeping_ask_code", max_chars=9, width=240, help="As it was told to you; cases are not listed for administrators."
            )  # fmt: skip
        why = st.text_area(
            "Where the request comes from", key="keeping_ask_why", max_chars=erasure.LONGEST_WHY, height=80, help="May stay empty. Nothing about the client; it is taken out when it is decided."
        )  # fmt: skip
        if found := identifying.sentence(why):
            st.warning(components.plain(found), icon=":material/visibility:")
        with notices.refusal() as refusal:
            if st.button("Put it on the list", key="keeping_ask_save", type="primary"):
                erasure.ask(session.db(), me=me, team=team, therapist=therapist, code=code, why=why)
                for name in ("keeping_ask", "keeping_ask_code", "keeping_ask_why"):
                    st.session_state.pop(name, None)
                st.toast("It is on the list and waits for a decision.", icon=":material/check:")
                st.rerun()
        if refusal.sentence:
            st.error(components.plain(refusal.sentence))
