"""What is decided on an item, in seconds: a choice or a few words, who does what by when; and what was decided so far."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.forms import asking, clock, notices
from dashboard.forms.form import Form
from dashboard.meeting import causes, drawer, pressing
from dashboard.meeting.at import At
from dashboard.meeting.subject import about_a_rupture
from dashboard.meeting.words import title
from services import chairing, vocabulary
from services.meetings import Decision, Item

NAME = "meeting_decision"
DUE_IN, LOOK_AGAIN_IN = timedelta(days=7), timedelta(days=28)
TEXTS = {"words": "What was decided", "what": "What is to be done", "sentence": "The sentence to try", "will_know": "How we will know"}  # fmt: skip


def button(at: At, item: Item) -> None:
    """The way to the form."""
    st.button("Decision", key=at.key(f"decide_{item.id}"), icon=":material/gavel:", shortcut=pressing.key("D"), on_click=drawer.open_for, args=(_deciding(at), item))  # fmt: skip


def show(at: At, item: Item) -> None:
    """What was decided so far, how far it has come, and what shifted after it."""
    with st.container(key=at.key(f"decided_{item.id}"), gap="small"):
        for one in item.known.decisions if item.known else item.decisions:
            st.markdown(in_words(one, at))
        for op in at.on_its_way(item.id):
            if op.kind == "item.decide":
                if action := op.params.get("action"):
                    st.markdown(_agreed(at, action))
                notices.how_far(op.op_id, key=at.key(op.op_id))
        if item.known:
            causes.shifted(item)


def in_words(one: Decision, at: At) -> str:
    """A decision in a few lines, and whether the shared screen has it."""
    said = f"**{vocabulary.label('step_back_decision', one.decision)}**" if one.decision else "**Decided**"
    lines = [f"{said}: {components.plain(one.words)}" if one.words else said]
    lines += [f"A sentence to try: “{components.plain(one.sentence)}”"] if one.sentence else []
    lines += [f"How we will know: {components.plain(one.will_know)}"] if one.will_know else []
    lines += [f"Look again on {clock.date_words(one.look_again_on, now=at.today)}"] if one.look_again_on else []  # fmt: skip
    return "  \n".join([*lines, "On the shared screen" if one.shown else "Not on the shared screen"])


def _agreed(at: At, action: dict) -> str:
    _label, name = at.meeting.people.get(UUID(action["owner"]), ("", "somebody of the team"))
    due = f", by {clock.date_words(date.fromisoformat(action['due_on']), now=at.today)}" if action["due_on"] else ""  # fmt: skip
    return f"**{components.plain(name)}:** {components.plain(action['what'])}{due}"


def _deciding(at: At) -> str:
    return at.key("deciding")


def show_drawer(at: At) -> None:
    """The form, over the page; what is typed is kept as a draft of its item."""
    drawer.show(_deciding(at), at.meeting, title=lambda item: f"Decision: {title(item)}", form=lambda item: _form(at, item), side="right")  # fmt: skip


def _form(at: At, item: Item) -> None:
    with session.errors_shown():
        vault, outbox = session.vault(), session.outbox()
        owner = item.known.therapist_id if item.known and item.known.therapist_id else at.me
        form = Form(
            vault, owner=outbox.owner, name=NAME, key=str(item.id), prefix=at.key(f"decision_{item.id}"), names=("op", "action"),
            start={
                "decision": None, "words": "", "sentence": "", "will_know": "", "what": "", "owner": str(owner), "due_on": at.today + DUE_IN,
                "look_again_on": None, "shown": False,
            },
        )  # fmt: skip
    with notices.refusal() as refusal:
        if asking.may_be_saved(form, TEXTS):
            with form.saving():
                chairing.decide(
                    outbox, meeting=at.meeting, item=item, decision=form["decision"], words=form["words"] or "", sentence=form["sentence"] or "",
                    will_know=form["will_know"] or "", look_again_on=form["look_again_on"], shown=form["shown"], action=form["what"] or "",
                    owner=UUID(form["owner"]) if (form["what"] or "").strip() and form["owner"] else None, due_on=form["due_on"],
                    action_entity=form.names["action"], op_id=form.names["op"],
                )  # fmt: skip
            drawer.close(_deciding(at))
            st.rerun()
    components.choice("What do we do?", vocabulary.STEP_BACK_DECISIONS, explain=True, **form.field("decision"))  # fmt: skip
    st.text_area("In words", height=80, placeholder="What was decided. No names.", max_chars=chairing.LONGEST_DECISION, **form.field("words"))  # fmt: skip
    if about_a_rupture(item):
        st.text_input("One sentence to try", max_chars=chairing.LONGEST_SENTENCE, **form.field("sentence"))
        st.text_input("How we will know", max_chars=chairing.LONGEST_SENTENCE, **form.field("will_know"))
    st.text_input("Who does what", placeholder="One thing that somebody does.", **form.field("what"))
    names = components.told_apart({str(id_): name for id_, (_label, name) in at.meeting.people.items()})
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=f"{form.prefix}_who"):
        st.selectbox("Who", list(names), format_func=names.get, width=200, **form.field("owner", among=names))
        st.date_input("By when", format="DD/MM/YYYY", width=160, **form.field("due_on"))
        st.date_input("Look again on", format="DD/MM/YYYY", width=160, **form.field("look_again_on"))
    st.toggle("Show what was decided on the shared screen", **form.field("shown"))
    notices.kept(form)
    asking.save_bar(form, "Save the decision", TEXTS, refused=refusal.sentence, width="content")
