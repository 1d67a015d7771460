"""What can be taken out of a meeting: it on paper, in labels or with names, and its day for one's own calendar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

import streamlit as st
from supabase import Client

from dashboard import session
from dashboard.meeting import pack
from dashboard.meeting.at import At
from services import actions, calendar_files, meetings, monthly, past_meetings, prompts, trends
from services.actions import Action
from services.errors import Refused
from services.past_meetings import Held

SPAN = timedelta(weeks=26)
GONE = "This meeting is no longer there. Please look at the page again."
PDF, ICON = "application/pdf", ":material/picture_as_pdf:"


def show(at: At) -> None:
    """Buttons below a meeting that is planned or has ended; nothing while it runs. Made when asked for, with the rights of whoever asks."""
    meeting = at.meeting
    if meeting is None or meeting.state == "running":
        return
    st.header("To take away", anchor=False)
    connect, day = session.db_on_click(), meeting.held_on.isoformat()
    with st.container(horizontal=True, gap="small", key=at.key("take_away")):
        _button("On paper, in labels (PDF)", lambda: in_labels(connect(), at), f"sixfold-meeting-{day}-labels.pdf", at.key("pack_labels"))  # fmt: skip
        if at.leads:
            _button("On paper, with names (PDF)", lambda: with_names(connect(), at), f"sixfold-meeting-{day}-names.pdf", at.key("pack_names"))  # fmt: skip
        if meeting.state == "planned":
            site = session.address("/meeting")
            st.download_button(
                "For your calendar (.ics)", lambda: calendar_files.of_meeting(meeting, site=site, now=datetime.now(UTC)),
                file_name=f"sixfold-meeting-{day}.ics", mime=calendar_files.MIME, key=at.key("ics"), on_click="ignore", icon=":material/event:",
            )  # fmt: skip
    if at.leads:
        st.caption("In labels: what the shared screen may show, and no more. With names: for supervisors; that you took it is noted in the log.")  # fmt: skip
    else:
        st.caption("In labels: what the shared screen may show, and no more.")


def in_labels(db: Client, at: At) -> bytes:
    """Made of what the shared screen may know, whoever asks."""
    meeting = meetings.screen(db, team=at.team)
    if meeting is None:
        raise Refused(GONE)
    return pack.pdf(pack.of_screen(meeting, _beside(db, at), today=at.today))


def with_names(db: Client, at: At) -> bytes:
    """Noted in the log first; the database refuses whoever does not supervise the team."""
    monthly.log_export(db, teams=[at.team], what="meeting_pack")
    meeting = meetings.now(db, team=at.team)
    if meeting is None or not meeting.leads:
        raise Refused(GONE)
    found = actions.in_team(db, team=at.team) if meeting.state == "planned" else past_meetings.agreed_in(db, meeting=meeting)  # fmt: skip
    return pack.pdf(pack.of_supervisor(meeting, _beside(db, at, found=found), today=at.today))


def of_past(db: Client, held: Held, *, team_name: str, today: date) -> bytes:
    """A meeting gone by, with names; noted in the log first."""
    monthly.log_export(db, teams=[held.team], what="meeting_pack")
    return pack.pdf(
        pack.of_past(past_meetings.of(db, meeting=held), pack.Beside(team=team_name), today=today)
    )


def _beside(db: Client, at: At, *, found: Sequence[Action] = ()) -> pack.Beside:
    return pack.Beside(
        actions=found, library=prompts.library(db), team=at.team_name,
        trends=trends.team(db, team=at.team, since=at.today - SPAN, today=at.today),
    )  # fmt: skip


def _button(label: str, made: Callable[[], bytes], name: str, key: str) -> None:
    st.download_button(label, made, file_name=name, mime=PDF, key=key, on_click="ignore", icon=ICON)
