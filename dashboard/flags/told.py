"""On Home: which lead looked at which case, when, and for what reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.forms import clock, last_seen, notices
from services import reveals
from services.people import Membership
from services.reveals import Told

AUDIT = "../pages/audit.py"
SHOWN = 5  # the others are in the log


def to_therapist(member: Membership, me: UUID) -> None:
    """Looks at one's own cases."""
    _show([one for one in _told(member) if one.therapist_id == me], f"told_me_{member.team}")


def to_supervisor(member: Membership, me: UUID) -> None:
    """Looks at the cases of the team; those at one's own are told elsewhere."""
    _show(
        [one for one in _told(member) if one.therapist_id != me], f"told_team_{member.team}", with_names=True
    )


def _told(member: Membership) -> list[Told]:
    since = datetime.now(UTC) - timedelta(days=reveals.TOLD_DAYS)
    found = last_seen.of(
        f"told_{member.team}",
        lambda: reveals.told_to_me(session.db(), team=member.team, since=since),
        otherwise=[],
    )
    notices.away(found.trouble if not found.known else None, "Who looked at cases cannot be shown just now.")
    return found.value


def _show(told: list[Told], key: str, *, with_names: bool = False) -> None:
    if not told:
        return
    with st.container(border=True, key=f"{key}_card", gap="small"):
        st.markdown(
            f":material/visibility: **A clinical lead asked to see {_cases(told)} in the last {reveals.TOLD_DAYS} days**"
        )
        for one in told[:SHOWN]:
            st.markdown(sentence(one, with_name=with_names))
        if len(told) > SHOWN:
            st.caption(f"And {len(told) - SHOWN} before; all of them are in the log.")
        st.page_link(
            AUDIT, label="Who saw and changed what", icon=":material/arrow_forward:", icon_position="right"
        )


def sentence(one: Told, *, with_name: bool) -> str:
    """ "Clara Beaconridge looked at C-0387 on 16 November at 14:05: “the reason”" """
    did, at = (
        ("looked at", one.looked_at)
        if one.looked_at
        else ("asked to see, and did not look at,", one.asked_at)
    )
    whose = f" ({components.plain(one.therapist)})" if with_name and one.therapist else ""
    code = components.plain(one.code or "a case")
    return f"{components.plain(one.lead or 'A lead')} {did} **{code}**{whose} {clock.moment(at)}: “{components.plain(one.reason)}”"


def _cases(told: list[Told]) -> str:
    count = len({(one.therapist_id, one.case) for one in told})
    return "one case" if count == 1 else f"{count} cases"
