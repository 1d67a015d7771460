"""The ruptures of the case: each open one with its age and its way to repair, and of the closed ones what helped."""

from __future__ import annotations

import streamlit as st

from dashboard import components, session
from dashboard.case import sharing
from dashboard.case.at import At
from dashboard.forms import asking, folded, last_seen, notices, rupture_card, ruptures_now
from dashboard.forms.form import Form
from services import ruptures, texts, vocabulary
from services.ruptures import Rupture
from services.texts import Text

NO_TEXT: dict[str, str] = {}


def show(at: At) -> None:
    st.header("Ruptures", anchor=False)
    where = {"team": at.team, "therapist": at.therapist, "case": at.case.id}
    known = last_seen.of(at.key("ruptures"), lambda: ruptures.open_in(session.db(), **where), otherwise=[])
    closed = last_seen.of(
        at.key("closed"), lambda: ruptures.closed_in(session.db(), **where, limit=200), otherwise=[]
    )
    mine = [op for op in at.waiting if op.kind != "rupture.open" or op.params["case"] == str(at.case.id)]
    still_open = ruptures_now.still_open(
        known.value, mine, team=at.team, me=at.me, name=at.case.therapist, codes={at.case.id: at.case.code}, today=at.today
    )  # fmt: skip
    if at.mine:
        _new(at)
    if not still_open:
        st.markdown(
            "The ruptures cannot be shown just now."
            if known.trouble and not known.known
            else "No rupture is on record as open. That can also mean that none has been written down yet."
        )
    for rupture in still_open:
        rupture_card.show(rupture, me=at.me, today=at.today, waiting=mine, at_case=True, forms=at.mine)
    closing = ruptures_now.closing(known.value, mine)
    if closing or closed.value:
        st.subheader("Closed", anchor=False)
    for rupture, op in closing:
        st.markdown(
            rupture_card.closed(
                rupture, me=at.me, today=at.today, helped=texts.inside(op, "rupture_helped", "helped")
            )
        )
        notices.how_far(op.op_id, key=at.key(op.op_id))
    _closed(at, [rupture for rupture in closed.value if rupture.id not in {each.id for each, _ in closing}])


def _closed(at: At, found: list[Rupture]) -> None:
    if not found:
        return
    helped = last_seen.of(
        at.key("helped"),
        lambda: texts.of(session.db(), case=at.case.id, about="rupture_helped"),
        otherwise=[],
    )
    said: dict[object, Text] = {
        text.about_id: text for text in texts.on_their_way(at.waiting, case=at.case.id, known=helped.value) if text.body
    }  # fmt: skip
    for rupture in found:
        with st.container(border=True, key=at.key(f"closed_{rupture.id}_card"), gap="xsmall"):
            text = said.get(rupture.id)
            st.markdown(rupture_card.closed(rupture, me=at.me, today=at.today, helped=text))
            if text and at.mine:
                sharing.switch(at, text)
                sharing.on_its_way(at, text.id)
    if not at.mine and not said:
        st.caption("What helped has not been shared.")


def _new(at: At) -> None:
    def begin() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name="case_rupture", key=str(at.case.id), prefix=at.key("rupture"), names=("op", "rupture"),
                start={"kind": None, "noticed_on": at.today},
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, NO_TEXT):
                asking.not_to_come(form, "noticed_on", "The day it was noticed", today=at.today)
                with form.saving():
                    ruptures.open(
                        outbox, team=at.team, case=at.case.id, kind=form["kind"], noticed_on=form["noticed_on"], today=at.today,
                        entity=form.names["rupture"], op_id=form.names["op"],
                    )  # fmt: skip
                st.rerun()
        notices.begun_before(form)
        components.choice("Kind of rupture", vocabulary.RUPTURE_KINDS, explain=True, **form.field("kind"))
        asking.day(form, "noticed_on", "When did I notice it?", today=at.today)
        asking.save_bar(form, "Open the rupture", NO_TEXT, refused=refusal.sentence, width="content")

    folded.away("Open a new rupture", begin, key=at.key("rupture_new"), icon=":material/add:")
