"""Invitations to a team: making one, what is open and how old, taking one back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.administration import days, saving
from dashboard.forms import notices
from services import invitations
from services.invitations import Invitation
from services.vocabulary import MEMBER_ROLES


def invite(*, team: UUID, team_name: str, today: date) -> None:
    """Offer a role to an address."""
    opened = st.expander(
        "Invite somebody", key="people_invite_open", icon=":material/person_add:", on_change="rerun"
    )
    if not opened.open:
        return
    key = "people_invite"
    with opened:
        st.caption(
            "Whoever signs in with this address gets the role. No secret is mailed by you or by this page: the code they need comes to "
            "their own address when they ask for it."
        )
        email = st.text_input("E-mail address", key=f"{key}_email", max_chars=254)
        name = st.text_input(
            "Name, as others will see it", key=f"{key}_name", max_chars=invitations.LONGEST_NAME,
            help="Kept as it is for somebody who is known here already.",
        )  # fmt: skip
        role = components.choice("Role", MEMBER_ROLES, key=f"{key}_role", explain=True)
        starts, ends = days.pick(key, today=today)
        saving.button(
            "Invite",
            lambda: invitations.invite(
                session.db(), me=session.person().id, team=team, email=email, name=name, role=role, starts_on=starts, ends_on=ends,
            ),
            key="people_invite_save", form=key, opened="people_invite_open",
            done=f"{email.strip()} is invited to {team_name}.",
        )  # fmt: skip


def show(waiting: list[Invitation], *, today: date) -> None:
    """What is open, oldest first, and how an invited person gets in."""
    if not waiting:
        st.write("No invitation is open.")
        return
    st.info(
        f"Tell each of them to open {components.plain(session.address('/join'))} and to enter this address; their code comes by e-mail. "
        "Who has an account signs in as usual. An invitation is good for 30 days.",
        icon=":material/info:",
    )
    now = datetime.now(UTC)
    for one in waiting:
        with st.container(border=True, key=f"people_invitation_{one.id}", gap="small"):
            st.markdown(f"**{components.plain(one.name)}** · {components.plain(one.email)}")
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.badge(MEMBER_ROLES[one.role].label, color="gray")
                age = components.age_words((now - one.invited_at).days)
                st.markdown(
                    f"{days.in_words(one.starts_on, one.ends_on, today=today)} · invited {age if age == 'today' else f'{age} ago'}",
                    width="content",
                )
                if one.lapsed(now):
                    st.badge("too old", color="orange", help="Withdraw it and invite again.")
                _withdraw(one, now=now)


def _withdraw(one: Invitation, *, now: datetime) -> None:
    with notices.refusal() as refusal:
        if components.sure(
            "Withdraw",
            f"{one.email} can then no longer take up this role.",
            "Withdraw the invitation",
            key=f"people_withdraw_{one.id}",
        ):
            invitations.withdraw(session.db(), invitation=one.id, now=now)
            st.toast("The invitation is withdrawn.", icon=":material/check:")
            st.rerun()
    if refusal.sentence:
        st.error(components.plain(refusal.sentence))
