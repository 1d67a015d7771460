"""Step back: a guided look at a case that stands still, one screen at a time, kept as a draft, ending in a decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import streamlit as st

from dashboard import components, session
from dashboard.case import causes, step_back_end, step_back_looks
from dashboard.case.at import At
from dashboard.forms import asking, clock, last_seen, notices
from dashboard.forms.form import Form
from services import step_backs, vocabulary
from services.step_backs import StepBack

NAME = "step_back"
DUE_IN = 14  # days, offered for the action
# What each screen is called on the way, and what it shows or asks. The last two are asked, the others are looked at.
LOOKS: Mapping[int, tuple[str, str, Callable[[At], None]]] = {
    1: ("Flags", "What the flags say", step_back_looks.flags_up),
    2: ("Causes", "Six causes, and what was logged", causes.show),
    3: ("Formulation", "What the formulation does not say yet", step_back_looks.gaps),
    4: ("Goals", "Goals and between-session work: whose are they?", step_back_looks.goals_and_tasks),
    5: ("Plan", "What is being tried, and what is open", step_back_looks.plan_and_ruptures),
}
NAMES = {number: name for number, (name, _, _) in LOOKS.items()} | {6: "Let go", 7: "Decide"}
LAST = max(NAMES)


def show(at: At) -> None:
    st.header("Step back", anchor=False)
    if at.case.state in ("active", "paused"):
        _flow(at)
    _past(at)


def _flow(at: At) -> None:
    with session.errors_shown():
        vault, outbox = session.vault(), session.outbox()
        form = Form(
            vault, owner=outbox.owner, name=NAME, key=f"{at.case.id}/{at.therapist}", prefix=at.key("step_back"),
            names=("op", "step_back", "review", "action"),
            start={
                "step": 0, "let_go": "", "seen": "", "decision": None, "look_again_on": at.today + timedelta(days=step_backs.LOOK_AGAIN_AFTER),
                "what": "", "owner": str(at.therapist), "due_on": at.today + timedelta(days=DUE_IN),
            },
        )  # fmt: skip
    with notices.refusal() as refusal:
        if asking.may_be_saved(form, step_back_end.TEXTS):
            step_back_end.save(at, form)
            st.rerun()
    if not form["step"]:
        st.markdown(
            "When a case stands still, therapist and supervisor look at it from further away: flags, causes, formulation, goals, plan, "
            "expectations. It takes about 15 minutes, can be left at any point, and ends in a decision with a day to look again."
        )
        st.button("Begin", key=at.key("step_back_begin"), type="primary", on_click=_to, args=(form, 1))
        return
    notices.begun_before(form)
    step = form["step"]
    st.progress(step / LAST, text=f"Step {step} of {LAST}, about two minutes each")
    st.segmented_control(
        "Steps", list(NAMES), format_func=lambda number: f"{number} {NAMES[number]}", required=True, wrap=True,
        label_visibility="collapsed", **form.field("step"),
    )  # fmt: skip
    if step in LOOKS:
        _, title, look = LOOKS[step]
        st.subheader(title, anchor=False)
        look(at)
    elif step < LAST:
        step_back_end.let_go(at, form)
    else:
        step_back_end.decision(at, form, refusal.sentence)
    notices.kept(form)
    with st.container(horizontal=True, gap="small", key=at.key("step_back_ways")):
        if step > 1:
            st.button(
                f"Back to {NAMES[step - 1].lower()}", key=at.key("step_back_back"), on_click=_to, args=(form, step - 1)
            )  # fmt: skip
        if step < LAST:
            st.button(
                f"Next: {NAMES[step + 1].lower()}", key=at.key("step_back_next"), type="primary", on_click=_to, args=(form, step + 1)
            )  # fmt: skip


def _to(form: Form, step: int) -> None:
    """Go to this step, and remember that one was there."""
    st.session_state[form.widget("step")] = step
    form.keep("step")


def _past(at: At) -> None:
    read = last_seen.of(
        at.key("step_backs"),
        lambda: step_backs.of_case(session.db(), team=at.team, therapist=at.therapist, case=at.case.id),
        otherwise=[],
    )
    found = step_backs.as_they_will_be(read.value, at.waiting, case=at.case.id, me=at.me)
    if read.trouble:
        st.caption("Earlier ones are from before." if read.known else "Earlier ones cannot be shown just now.")  # fmt: skip
    elif not found and at.case.state in ("active", "paused"):
        st.markdown("Nobody has stepped back from this case yet.")
    if found:
        st.subheader("So far", anchor=False)
    for one in found:
        _one(at, one)


def _one(at: At, one: StepBack) -> None:
    with st.container(border=True, key=at.key(f"step_back_{one.id}_card"), gap="xsmall"):
        who = "you" if one.done_by == at.me else "its therapist" if one.done_by == at.therapist else "a supervisor of the team"  # fmt: skip
        again = f", look again on {clock.date_words(one.look_again_on, now=at.today)}" if one.look_again_on else ""  # fmt: skip
        st.markdown(f"**{vocabulary.label('step_back_decision', one.decision)}**{again}")
        st.caption(f"{clock.opening(clock.day(one.done_on, now=at.today))}, recorded by {who}")
        for label, words in (("What we see now", one.seen), ("What we let go of", one.let_go)):
            if words:
                st.markdown(f"**{label}:** {components.paragraphs(words)}")
        for op in at.on_its_way("step_back.decide"):
            if op.entity == str(one.id):
                notices.how_far(op.op_id, key=at.key(op.op_id))
