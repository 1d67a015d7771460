"""On Home: cases worth a look, flags that somebody was asked to see to, and actions that are open, with the ways to their cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.case import at
from dashboard.forms import action_card, clock, last_seen
from services import actions, calendar_files, flags, vocabulary
from services.people import Membership, Person

AT_ONCE = 5  # cases, flags or actions that are one tap away
SEE_TO = "Supervision"


def worth_a_look(person: Person, member: Membership, codes: Mapping[UUID, str], *, today: date) -> None:
    """A therapist's cases with flags that they have not put aside; the most flags first. Nothing where there is none."""
    waiting = session.outbox().waiting()  # before the read
    read = last_seen.of(
        f"own_flags_{member.team}",
        lambda: flags.of_mine(session.db(), team=member.team, me=person.id),
        otherwise={},
    )
    found = {
        case: [one for one in flags.as_they_will_be(up, waiting) if not one.put_aside(today)]
        for case, up in read.value.items()
        if case in codes
    }
    found = {case: up for case, up in found.items() if up}
    if not found:
        return
    st.header("Worth a look", anchor=False)
    st.caption("Rules of the team that hold just now. They say nothing about you or your client.")
    order = sorted(found, key=lambda case: (-_weight(found[case]), min(one.since for one in found[case]), codes[case]))  # fmt: skip
    with st.container(gap="small"):
        for case in order[:AT_ONCE]:
            names = components.plain("; ".join(dict.fromkeys(one.label for one in found[case])))
            _row(f"flags_{case}", f"**{components.plain(codes[case])}**: {names}", case, member.team, "Plan", "Look", ":material/flag:")  # fmt: skip
    if len(order) > AT_ONCE:
        rest = ", ".join(components.plain(codes[case]) for case in order[AT_ONCE:])
        st.caption(f"Also: {rest}.")


def _weight(up: list[flags.Flag]) -> int:
    return sum(list(vocabulary.FLAG_SEVERITIES).index(one.severity) for one in up)


def given(person: Person, team: UUID, codes: Mapping[UUID, str], *, today: date, tab: str = SEE_TO) -> int:
    """Flags that this person is asked to see to, those due first; how many there are."""
    read = last_seen.of(
        f"given_{team}",
        lambda: flags.given_to(session.db(), team=team, person=person.id, today=today),
        otherwise=[],
    )
    over = {
        op.entity for op in session.outbox().waiting() if op.kind == "flag.work" and op.params["kind"] in ("resolved", "snoozed")
    }  # fmt: skip
    found = [one for one in read.value if str(one.flag) not in over]
    for one in found[: 2 * AT_ONCE]:
        words = f"You are asked to see to **{components.plain(codes.get(one.case, 'a case'))}**: {components.plain(flags.named(one.rule, one.about))}"
        words += f", due on {clock.date_words(one.due_on, now=today)}" if one.due_on else ""
        note = f"  \n“{components.plain(one.note)}”" if one.note else ""
        _row(f"given_{team}_{one.flag}", f"{words}.{note}", one.case, team, tab, "See to it", ":material/assignment_ind:")  # fmt: skip
    return len(found)


def own_actions(person: Person, team: UUID, codes: Mapping[UUID, str], *, today: date) -> None:
    """What this person has agreed to do, those due first."""
    waiting = session.outbox().waiting()  # before the read
    read = last_seen.of(
        f"own_actions_{team}",
        lambda: actions.in_team(session.db(), team=team, owner=person.id),
        otherwise=[],
    )
    found = actions.as_they_will_be(read.value, waiting, team=team, me=person.id, today=today)
    found = [one for one in found if one.owner_id == person.id and one.state == "open"]
    if not found:
        return
    st.header("What you have agreed to do", anchor=False)
    _cards(found, codes, person, today, f"home_own_{team}")
    dated = [one for one in found if one.due_on]
    if dated:
        site = session.address("/home")
        st.download_button(
            "Their days for your calendar (.ics)", lambda: calendar_files.of_actions(dated, site=site, now=datetime.now(UTC)), mime=calendar_files.MIME,
            file_name="sixfold-actions.ics", key=f"home_own_{team}_ics", on_click="ignore", type="tertiary", icon=":material/event:",
            help="It says that something is due and no more: no name, no code, no word of it.",
        )  # fmt: skip


def team_actions(person: Person, team: UUID, codes: Mapping[UUID, str], *, today: date) -> None:
    """Open actions of a team, the longest open first."""
    waiting = session.outbox().waiting()  # before the read
    read = last_seen.of(
        f"team_actions_{team}", lambda: actions.in_team(session.db(), team=team), otherwise=[]
    )
    found = actions.as_they_will_be(read.value, waiting, team=team, me=person.id, today=today)
    found = sorted((one for one in found if one.state == "open"), key=lambda one: one.created_on)
    if not found:
        return
    st.header("Open actions of the team", anchor=False)
    st.caption("The longest open first.")
    _cards(found, codes, person, today, f"home_team_{team}")


def _cards(
    found: list[actions.Action], codes: Mapping[UUID, str], person: Person, today: date, key: str
) -> None:
    waiting = session.outbox().waiting()
    with st.container(gap="small"):
        for one in found[: 2 * AT_ONCE]:
            action_card.show(action_card.of_case(one, codes), me=person.id, today=today, waiting=waiting, key=key, change=True)  # fmt: skip
    if len(found) > 2 * AT_ONCE:
        st.caption(f"{len(found) - 2 * AT_ONCE} more are on the pages of their cases, under “{SEE_TO}”.")


def _row(key: str, words: str, case: UUID, team: UUID, tab: str, label: str, icon: str) -> None:
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key=f"home_{key}_row_card", gap="small"
    ):
        st.markdown(f"{icon} {words}", width="stretch")
        at.button(case, "", key=f"home_{key}_go", team=team, tab=tab, label=label)
