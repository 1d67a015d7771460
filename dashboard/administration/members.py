"""Members of a team: their roles with dates; giving a role, ending one."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from uuid import UUID

import pandas as pd
import streamlit as st

from dashboard import components, session
from dashboard.administration import days, saving
from services import memberships
from services.memberships import Member
from services.vocabulary import MEMBER_ROLES, label

FIND_FROM = 12  # people, from which on a name can be looked for


def show(members: list[Member], *, me: UUID, today: date) -> None:
    """Everybody who holds a role or will; those who held one below."""
    current = [m for m in members if m.state(today) != "ended"]
    names = {m.person for m in current}
    wanted = ""
    if len(names) >= FIND_FROM:
        wanted = st.text_input(
            "Find somebody", key="people_find", placeholder="A part of the name"
        ).casefold()
    found = [m for m in current if wanted.strip() in m.name.casefold()]
    if wanted and not found:
        st.write("Nobody here has this in their name.")
    for person, roles in groupby(found, key=lambda m: (m.name, m.person)):
        with st.container(
            border=True,
            key=f"people_{person[1]}_card",
            gap="small",
            horizontal=True,
            vertical_alignment="center",
        ):
            st.markdown(f"**{components.plain(person[0])}**", width=220)
            with st.container(width=480, gap="xxsmall"):
                for role in roles:
                    _role(role, me=me, today=today)
    if ended := [m for m in members if m.state(today) == "ended"]:
        with st.expander(f"Ended roles ({len(ended)})", key="people_ended", type="compact"):
            st.dataframe(
                pd.DataFrame(
                    [(m.name, label("member_role", m.role), m.starts_on, m.ends_on) for m in ended],
                    columns=["Name", "Role", "From", days.UNTIL],
                ),
                hide_index=True,
            )


def _role(member: Member, *, me: UUID, today: date) -> None:
    key = f"people_role_{member.id}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key}_line"):
        st.badge(MEMBER_ROLES[member.role].label, color="gray" if member.state(today) == "coming" else "blue")
        st.markdown(days.in_words(member.starts_on, member.ends_on, today=today), width="content")
        if member.person == me:
            st.caption("Yours.", help=memberships.NOT_YOURS, width="content")
            return
        opened = st.popover("Change or end", key=f"{key}_open", type="tertiary", on_change="rerun")
        if opened.open:
            with opened:
                _end(member, key=key, today=today)


def _end(member: Member, *, key: str, today: date) -> None:
    whose = components.plain(f"{member.name}, {MEMBER_ROLES[member.role].label.lower()}")
    st.markdown(
        f"**{whose}**  \nWith today, the role ends at once: the next thing they open is refused. What they wrote stays; "
        "nobody takes over their cases by this, so let them hand those over first."
    )
    earliest = max(today, member.starts_on)
    on = st.date_input(
        days.UNTIL,
        max(member.ends_on, earliest) if member.ends_on else earliest,
        key=f"{key}_on", format="DD/MM/YYYY", help=days.UNTIL_HELP, min_value=earliest,
    )  # fmt: skip
    until = f"ends on {on.day} {on:%B %Y}" if on else "has no end now"
    saving.button(
        "End the role" if on else "Let it go on",
        lambda: memberships.end(session.db(), me=session.person().id, member=member, on=on),
        key=f"{key}_save", form=key, done=f"{member.name}: the role {until}.",
    )  # fmt: skip


def give(*, team: UUID, team_name: str, today: date) -> None:
    """A role for somebody who is in the clinic already."""
    opened = st.expander(
        "Give a role to somebody of the clinic",
        key="people_give_open",
        icon=":material/badge:",
        on_change="rerun",
    )
    if not opened.open:
        return
    with opened, session.errors_shown():
        others = memberships.people(session.db())
        others.pop(session.person().id, None)
        if not others:
            st.write("There is nobody else yet. Invite somebody first.")
            return
        st.caption(
            "Listed are the people of the teams you administer. Anybody else is invited by their address, with an account or without."
        )
        key = "people_give"
        person = st.selectbox(
            "Who",
            list(others),
            None,
            format_func=components.told_apart(others).get,
            key=f"{key}_person",
            placeholder="Choose a person",
        )
        role = components.choice("Role", MEMBER_ROLES, key=f"{key}_role", explain=True)
        starts, ends = days.pick(key, today=today)
        if person is None or role is None:
            st.caption("Choose a person and a role.")
            return
        saving.button(
            "Give the role",
            lambda: memberships.give(
                session.db(), me=session.person().id, team=team, person=person, role=role, starts_on=starts, ends_on=ends
            ),
            key="people_give_save", form=key, opened="people_give_open",
            done=f"{others[person]} is {MEMBER_ROLES[role].label.lower()} in {team_name}.",
        )  # fmt: skip
