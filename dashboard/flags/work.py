"""Working on the flags of a case: seen, given to somebody, at rest, dealt with, or a note; and what was done so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID, uuid5

import streamlit as st

from dashboard import components, session
from dashboard.case import at
from dashboard.forms import asking, clock, last_seen, notices
from dashboard.forms.form import Form
from services import flags, people, vocabulary
from services.errors import Refused
from services.flags import Watched, Worked
from services.people import Colleague

NAME = "flag_work"
STEP_BACK = "Step back"  # the tab of the case page
TEXTS = {"note": "The note"}
READERS = "Therapist and supervisors of the team can read this note, and so can its clinical lead."
STAYS = "It leaves your list and stays in everybody else’s."
DUE_IN, RESTS_FOR = timedelta(days=7), timedelta(days=14)
NEEDED_FIRST = ("parked", "saved", "sending", "synced")


def show(case: Watched, *, key: str, at_case: bool = False) -> None:
    """The form for all flags of this case, how far the last work has come, and the history on demand.

    `at_case`: it stands on the page of its case; elsewhere whoever may go there is led to it.
    """
    person, today = session.person(), clock.today()
    _how_far(case, key)
    who = last_seen.of(
        f"sees_to_{case.team}_{case.therapist_id}",
        lambda: people.who_may_see_to(session.db(), team=case.team, therapist=case.therapist_id, today=today),
        otherwise=[],
    ).value
    _form(case, [one for one in who if one.id != person.id or case.therapist_id != person.id], today, key)
    _history(case, today, key)
    if not at_case and case.team in person.teams_as("supervisor"):
        with st.container(horizontal=True, gap="small", key=f"{key}_ways"):
            at.button(case.case, case.code, key=f"{key}_go", team=case.team)
            if flags.STEP_BACK_FROM & {flag.rule for flag in case.flags}:
                at.button(case.case, case.code, key=f"{key}_step_back_go", team=case.team, tab=STEP_BACK, label="Step back from it")  # fmt: skip


def _form(case: Watched, who: Sequence[Colleague], today: date, key: str) -> None:
    labels = {str(flag.id): flag.label for flag in case.flags}
    ways = {
        name: word for name, word in vocabulary.FLAG_WORK.items() if name != "assigned" or who
    }  # whoever knows nobody of the team gives it to nobody

    @st.fragment
    def work() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name=NAME, key=f"{case.case}/{case.therapist_id}", prefix=key,
                start={
                    "what": None, "flags": list(labels), "note": "", "to": None, "due_on": today + DUE_IN, "until_on": today + RESTS_FOR,
                    "outcome": None,
                },
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, TEXTS):
                _save(case, form, [one for one in form["flags"] if one in labels], today, key)
                st.rerun()
        notices.begun_before(form)
        components.choice("What do you do?", ways, explain=True, **form.field("what", among=ways))
        if form["what"] in ("acknowledged", "resolved"):
            st.caption(STAYS)
        if len(labels) > 1:
            st.pills(
                "With which flags", list(labels), selection_mode="multi", format_func=labels.get, **form.field("flags", among=labels)
            )  # fmt: skip
        _details(form, {str(one.id): _named(one, case) for one in who})
        if form["what"] and form["what"] != "acknowledged":
            st.text_area("Note", height=80, placeholder="No names of clients.", **form.field("note"))
            reason = f"The reason for the rest, in {flags.SHORTEST_REASON} characters or more. "
            st.caption((reason if form["what"] == "snoozed" else "") + READERS)
        notices.kept(form)
        asking.save_bar(form, "Save", TEXTS, refused=refusal.sentence, width="content")

    work()


def _named(one: Colleague, case: Watched) -> str:
    return f"{one.name}, therapist of the case" if one.id == case.therapist_id else one.name


def _details(form: Form, names: Mapping[str, str]) -> None:
    """What is asked beside the note, depending on what is done."""
    match form["what"]:
        case "assigned":
            st.selectbox(
                "Who is asked to see to it?", list(names), index=None, format_func=components.told_apart(names).get,
                placeholder="Choose somebody", **form.field("to", among=names),
            )  # fmt: skip
            st.date_input("Due on", format="DD/MM/YYYY", width=240, **form.field("due_on"))
        case "snoozed":
            st.date_input("It comes back on", format="DD/MM/YYYY", width=240, **form.field("until_on"))
        case "resolved":
            components.choice(
                "How was it dealt with?", vocabulary.FLAG_OUTCOMES, explain=True, **form.field("outcome")
            )


def _save(case: Watched, form: Form, chosen: Sequence[str], today: date, key: str) -> None:
    if not chosen:
        raise Refused("Please choose at least one flag.")
    what, saved = form["what"], []
    with form.saving():
        for flag in chosen:
            # The same form, saved twice, names the same operation for the same flag.
            op = flags.work(
                session.outbox(), team=case.team, therapist=case.therapist_id, case=case.case, flag=UUID(flag), kind=what, today=today,
                note=(form["note"] or "") if what != "acknowledged" else "", assignee=UUID(form["to"]) if form["to"] else None,
                due_on=form["due_on"], until_on=form["until_on"], outcome=form["outcome"], op_id=str(uuid5(UUID(form.names["op"]), flag)),
            )  # fmt: skip
            saved.append(op.op_id)
    # In session state, so that what was just saved is still seen to arrive when the list no longer holds it.
    st.session_state[f"{key}_saved"] = saved


def _how_far(case: Watched, key: str) -> None:
    """One line for each state that the work on this case is in, what needs its author first."""
    about, saved = {str(flag.id) for flag in case.flags}, st.session_state.get(f"{key}_saved", ())
    with session.errors_shown():
        found = [
            op for op in session.outbox().recent()
            if op.kind == "flag.work" and (op.op_id in saved or (op.entity in about and op.state != "synced"))
        ]  # fmt: skip
    for state in NEEDED_FIRST:
        if op := next((op for op in found if op.state == state), None):
            notices.how_far(op.op_id, key=f"{key}_{op.op_id}")


def _history(case: Watched, today: date, key: str) -> None:
    opened = st.expander("What was done so far", key=f"{key}_history", on_change="rerun", type="compact")
    if not opened.open:
        return
    read = last_seen.of(
        f"flag_history_{case.case}_{case.therapist_id}",
        lambda: flags.history(session.db(), team=case.team, therapist=case.therapist_id, case=case.case),
        otherwise=[],
    )
    with opened:
        if read.trouble:
            st.caption("This cannot be looked up just now." if not read.known else "This is from before.")
        elif not read.value:
            st.markdown("Nothing yet. What is done stays here; nobody can change it afterwards.")
        for _, same in groupby(read.value, key=_alike):
            st.markdown(told(list(same), today=today))


def _alike(one: Worked) -> tuple:
    return (
        one.happened_at[:16],
        one.actor,
        one.kind,
        one.note,
        one.assignee,
        one.due_on,
        one.until_on,
        one.outcome,
    )


def told(same: Sequence[Worked], *, today: date) -> str:
    """One piece of work on one or more flags, in two lines."""
    one = same[0]
    what = vocabulary.label("flag_work", one.kind)
    if one.kind == "assigned":
        due = f", due on {clock.date_words(one.due_on, now=today)}" if one.due_on else ""
        what = f"Given to {components.plain(one.assignee or 'somebody of the team')}{due}"
    elif one.until_on:
        what += f" until {clock.date_words(one.until_on, now=today)}"
    elif one.outcome:
        what += f": {vocabulary.label('flag_outcome', one.outcome).lower()}"
    who = f" by {components.plain(one.actor)}" if one.actor else ""
    about = components.plain(", ".join(flags.named(each.rule, each.about) for each in same))
    when = clock.opening(clock.moment(datetime.fromisoformat(one.happened_at)))
    note = f"  \n“{components.plain(one.note)}”" if one.note else ""
    return f"**{what}**{who} · {when}  \n{about}{note}"
