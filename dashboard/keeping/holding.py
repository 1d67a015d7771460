"""Holds: what is neither purged nor erased while a court, an authority or a complaint needs it."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.forms import clock, notices
from services import identifying, retention
from services.retention import Hold


def show(*, clinic: UUID, me: UUID) -> None:
    st.header("Holds", anchor=False)
    st.markdown(
        "While a hold is in force, what it names is neither purged nor erased. Lifting one takes nothing out; "
        "what it kept is due again as its period says."
    )
    with session.errors_shown():
        db = session.db()
        found, people = retention.holds(db, clinic=clinic), retention.people(db)
    _set(people, clinic=clinic, me=me)
    st.subheader("In force", anchor=False)
    in_force = [hold for hold in found if hold.lifted_at is None]
    for hold in in_force:
        with st.container(border=True, key=f"keeping_hold_{hold.id}", gap="small"):
            st.markdown(told(hold))
            with notices.refusal() as refusal:
                if components.sure(
                    "Lift this hold", "What it keeps can be purged and erased again.", "Lift it", key=f"keeping_lift_{hold.id}",
                ):  # fmt: skip
                    retention.lift(session.db(), hold=hold.id)
                    st.rerun()
            if refusal.sentence:
                st.error(refusal.sentence)
    if not in_force:
        st.markdown("No hold is in force.")
    if lifted := [hold for hold in found if hold.lifted_at]:
        st.subheader("Lifted", anchor=False)
        for hold in lifted:
            st.markdown(f"{told(hold)} Lifted {clock.moment(hold.lifted_at)}.")


def told(hold: Hold) -> str:
    """One hold, in a sentence or two."""
    if hold.code and hold.person:
        what = f"**Case {components.plain(hold.code)}** of {components.plain(hold.person)}"
    elif hold.code:
        what = f"**Case {components.plain(hold.code)}**, whoever it belongs to"
    else:
        what = f"**All that {components.plain(hold.person or 'one person')} wrote**"
    by = f" by {components.plain(hold.set_by)}" if hold.set_by else ""
    return f"{what}. Set {clock.moment(hold.set_at)}{by}: {components.plain(hold.reason)}"


def _set(people: dict[UUID, str], *, clinic: UUID, me: UUID) -> None:
    opened = st.expander("Set a hold", key="keeping_hold_new", icon=":material/add:", on_change="rerun")
    if not opened.open:
        return
    with opened:
        code = st.text_input(
            "Case code", key="keeping_hold_code", max_chars=9, width=240, help="As it was told to you; cases are not listed for administrators. Empty: all that the person wrote."
        )  # fmt: skip
        person = st.selectbox(
            "Person", list(people), index=None, format_func=components.told_apart(people).get, key="keeping_hold_person", placeholder="Anybody who has this code", width=420
        )  # fmt: skip
        reason = st.text_area(
            "Reason", key="keeping_hold_reason", max_chars=retention.LONGEST_REASON, height=80, help="Who asks for it and under which reference; nothing about the client."
        )  # fmt: skip
        if found := identifying.sentence(reason):
            st.warning(components.plain(found), icon=":material/visibility:")
        with notices.refusal() as refusal:
            if st.button("Set the hold", key="keeping_hold_save", type="primary"):
                retention.hold(session.db(), clinic=clinic, me=me, code=code, person=person, reason=reason)
                for name in ("new", "code", "person", "reason"):
                    del st.session_state[f"keeping_hold_{name}"]
                st.toast("The hold is in force.", icon=":material/check:")
                st.rerun()
        if refusal.sentence:
            st.error(components.plain(refusal.sentence))
