"""On a supervisor's Home: cases that somebody asks to hand over, with the choice of who takes them over."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.case import at as case_page
from dashboard.forms import asking, clock, last_seen, notices
from dashboard.forms.form import Form
from services import transfers
from services.people import Colleague
from services.transfers import Transfer

NO_TEXT: dict[str, str] = {}


def show(team: UUID, *, today: date) -> None:
    """One card for each request that waits; nothing where none does."""
    decided = [op for op in session.outbox().waiting() if op.kind == "transfer.decide"]  # before the read
    asked = last_seen.of(
        f"transfers_asked_{team}", lambda: transfers.asked_in(session.db(), team=team), otherwise=[]
    ).value
    if not asked:
        return
    who = last_seen.of(
        f"team_therapists_{team}",
        lambda: transfers.therapists(session.db(), team=team, today=today),
        otherwise=[],
    ).value
    for one in asked:
        _card(one, who, [op.op_id for op in decided if op.entity == str(one.id)], today)


def _card(one: Transfer, who: list[Colleague], decided: list[str], today: date) -> None:
    key = f"home_transfer_{one.id}"
    with st.container(border=True, key=f"{key}_card", gap="small"):
        st.subheader(f"{components.plain(one.code)}: asked to hand over", anchor=False)
        since = clock.day(one.asked_on, now=today)
        st.markdown(
            f"{components.plain(one.therapist)} asked for it {'on ' if since[0].isdigit() else ''}{since}."
        )
        case_page.button(one.case, one.code, key=f"{key}_go", team=one.team)
        if decided:
            for op_id in decided:
                notices.how_far(op_id, key=f"{key}_{op_id}")
        else:
            _decide(
                one, {str(person.id): person.name for person in who if person.id != one.therapist_id}, key
            )


def _decide(one: Transfer, names: dict[str, str], key: str) -> None:
    @st.fragment
    def decide() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name="transfer_decide", key=str(one.id), prefix=key, start={"to": None}
            )  # fmt: skip
        refuse = asking.clicked(f"{key}_stays")
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, NO_TEXT) or refuse:
                with form.saving():
                    transfers.decide(
                        outbox, transfer=one, agreed=not refuse, to=UUID(form["to"]) if form["to"] and not refuse else None,
                        op_id=form.names["op"],
                    )  # fmt: skip
                st.rerun()
        st.selectbox(
            "Who takes over?", list(names), format_func=components.told_apart(names).get, placeholder="Choose a therapist of this team",
            **form.field("to", among=names),
        )  # fmt: skip
        st.caption(
            "Facts and shared texts go along; episodes, reflections and texts that were not shared stay."
        )
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=f"{key}_ways"):
            asking.save_bar(form, "Agree", NO_TEXT, refused=refusal.sentence, width="content")
            st.button("It stays where it is", key=f"{key}_stays")

    decide()
