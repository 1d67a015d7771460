"""What was agreed to be done about a case: open actions, what became of the others, and something new to agree on."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.case import step_back_end
from dashboard.case.at import At
from dashboard.forms import action_card, asking, folded, last_seen, notices
from dashboard.forms.form import Form
from services import actions

NAME = "action_new"
TEXTS = {"what": "What is to be done"}
DUE_IN = timedelta(days=14)
READERS = "Therapist and supervisors of the team read this; the clinical lead sees that something is open and since when. No names."


def show(at: At) -> None:
    st.header("Agreed", anchor=False)
    read = last_seen.of(
        at.key("actions"), lambda: actions.in_team(session.db(), team=at.team, case=at.case.id, state=None), otherwise=[]
    )  # fmt: skip
    known = [one for one in read.value if one.therapist_id == at.therapist]
    ours = [op for op in at.waiting if op.kind == "action.amend" or op.params.get("case") == str(at.case.id)]
    found = actions.as_they_will_be(known, ours, team=at.team, me=at.me, today=at.today)
    still_open = [one for one in found if one.state == "open"]
    if not still_open:
        st.markdown("This cannot be shown just now." if read.trouble and not read.known else "No action is open on this case.")  # fmt: skip
    for one in still_open:
        _card(at, one)
    _new(at, count=len(found))
    done = [one for one in found if one.state != "open"]
    if done:
        opened = st.expander(f"Done or dropped ({len(done)})", key=at.key("actions_done"), on_change="rerun", type="compact")  # fmt: skip
        if opened.open:
            with opened:
                for one in sorted(done, key=lambda one: one.done_on or at.today, reverse=True):
                    _card(at, one)


def _card(at: At, one: actions.Action) -> None:
    action_card.show(
        one, me=at.me, today=at.today, waiting=at.waiting, key=at.key("agreed"), change=one.owner_id == at.me or not at.mine, at_case=True
    )  # fmt: skip


def _new(at: At, *, count: int) -> None:
    # With their number in the key: what was saved closes by itself and is in the list.
    def agree() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name=NAME, key=f"{at.case.id}/{at.therapist}", prefix=at.key("agree"), names=("op", "action"),
                start={"what": "", "owner": str(at.therapist), "due_on": at.today + DUE_IN},
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, TEXTS):
                with form.saving():
                    actions.agree(
                        outbox, team=at.team, therapist=at.therapist, case=at.case.id, what=form["what"] or "", due_on=form["due_on"],
                        owner=at.me if at.mine else form["owner"] and UUID(form["owner"]), entity=form.names["action"], op_id=form.names["op"],
                    )  # fmt: skip
                st.rerun()
        notices.begun_before(form)
        st.text_area("What is to be done", height=80, placeholder="One thing that somebody does.", **form.field("what"))  # fmt: skip
        if not at.mine:
            names = components.told_apart({str(one.id): one.name for one in step_back_end.who(at)})
            st.selectbox("Who does it", list(names), format_func=names.get, **form.field("owner", among=names))  # fmt: skip
        st.date_input("By when", format="DD/MM/YYYY", width=240, **form.field("due_on"))
        st.caption(READERS)
        notices.kept(form)
        asking.save_bar(form, "Save", TEXTS, refused=refusal.sentence, width="content")

    folded.away(
        "Agree on something to be done",
        agree,
        key=at.key(f"agree_{count}"),
        type="compact",
        icon=":material/add_task:",
    )
