"""One open rupture: how old it is, how far its repair has come, the next step, and its close."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.case import at
from dashboard.components.stage_ladder import stage_ladder
from dashboard.forms import asking, clock, folded, last_seen, notices, ruptures_now
from dashboard.forms.form import Form
from services import ruptures, vocabulary
from services.outbox import Operation
from services.ruptures import Rupture, Step
from services.texts import Text

NOTE = {"note": "Your note"}
HELPED = {"helped": "What helped"}


def show(
    rupture: Rupture,
    *,
    me: UUID,
    today: date,
    waiting: Sequence[Operation],
    at_case: bool = False,
    forms: bool = True,
) -> None:
    """The card. `waiting`: what is on its way to the database and concerns any rupture. `at_case`: it stands on the page of
    its case, so it need not lead there; `forms`: the next step and the close can be recorded here.
    """
    key = f"ruptures_{rupture.id}"
    kind = vocabulary.label("rupture_kind", rupture.kind)
    with st.container(border=True, key=f"{key}_card", gap="small"):
        st.subheader(f"{components.plain(rupture.code)} · {kind}", anchor=False)
        whose = f"{components.plain(rupture.therapist)} · " if rupture.therapist_id != me else ""
        st.markdown(f"{whose}{_age(rupture, today)}")
        stage_ladder(rupture.stage, key=key)
        for op in (op for op in waiting if op.entity == str(rupture.id)):
            notices.how_far(op.op_id, key=f"{key}_{op.op_id}")
        if forms:
            _step(rupture, key=key, me=me, today=today, waiting=waiting)
            _close(rupture, key=key, me=me, today=today)
        if not at_case:
            at.button(rupture.case, rupture.code, team=rupture.team, key=f"{key}_case")


def _age(rupture: Rupture, today: date) -> str:
    """ "Noticed 23 days ago, on 1 November · 9 days without a step" """
    age, quiet = (today - rupture.noticed_on).days, rupture.days_without_step(today)
    when = (
        "Noticed today"
        if age <= 0
        else f"Noticed {clock.days(age)} ago, on {clock.date_words(rupture.noticed_on, now=today)}"
    )
    if rupture.last_step_on is None:
        return f"{when} · no step recorded yet"
    return f"{when} · " + ("a step today" if quiet <= 0 else f"{clock.days(quiet)} without a step")


def closed(rupture: Rupture, *, me: UUID, today: date, helped: Text | None = None) -> str:
    """A closed one in a line, and what helped where it may be read."""
    whose = f" ({components.plain(rupture.therapist)})" if rupture.therapist_id != me else ""
    kind, ended = (
        vocabulary.label("rupture_kind", rupture.kind),
        vocabulary.label("rupture_outcome", rupture.outcome),
    )
    age = "on the same day" if rupture.days_open <= 0 else f"after {components.age_words(rupture.days_open)}"
    when = clock.date_words(rupture.closed_on, now=today)
    told = f"  \nWhat helped: {components.plain(helped.body)}" if helped and helped.body else ""
    return f"**{components.plain(rupture.code)}**{whose} · {kind} · {ended} on {when}, {age}{told}"


def _step(rupture: Rupture, *, key: str, me: UUID, today: date, waiting: Sequence[Operation]) -> None:
    opened = st.expander(
        "Steps so far, and the next one", key=f"{key}_steps", on_change="rerun", type="compact"
    )
    if not opened.open:
        return

    @st.fragment
    def step() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name="rupture_step", key=str(rupture.id), prefix=f"{key}_step",
                start={"stage": None, "taken_on": today, "note": "", "share_note": False},
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, NOTE):
                asking.not_to_come(form, "taken_on", "The day of the step", today=today)
                with form.saving():
                    ruptures.add_step(
                        outbox, rupture=rupture, stage=form["stage"], taken_on=form["taken_on"], today=today,
                        note=form["note"] or "", share_note=form["share_note"], op_id=form.names["op"],
                    )  # fmt: skip
                st.rerun()
        notices.begun_before(form)
        components.choice("Next step", vocabulary.REPAIR_STAGES, explain=True, **form.field("stage"))
        asking.day(form, "taken_on", "Day of the step", today=today)
        st.text_area("Note", height=96, placeholder="No names.", **form.field("note"))
        reader = "my supervisor" if rupture.therapist_id == me else components.plain(rupture.therapist)
        st.toggle(f"Share this note with {reader}", **form.field("share_note"))
        notices.kept(form)
        asking.save_bar(form, "Save the step", NOTE, refused=refusal.sentence, width="content")

    with opened:
        read = last_seen.of(
            f"steps_{rupture.id}", lambda: ruptures.steps_of(session.db(), rupture=rupture), otherwise=[]
        )
        _list(ruptures_now.steps(read.value, waiting, rupture), read.trouble, today)
        step()


def _list(steps: list[Step], trouble: str | None, today: date) -> None:
    if trouble:
        st.caption("The steps so far cannot be shown just now.")
    for one in steps:
        note = f"  \n{components.plain(one.note)}" if one.note else ""
        st.markdown(
            f"**{clock.opening(clock.day(one.taken_on, now=today))}** · {vocabulary.label('repair_stage', one.stage)}{note}"
        )


def _close(rupture: Rupture, *, key: str, me: UUID, today: date) -> None:
    def close() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name="rupture_close", key=str(rupture.id), prefix=f"{key}_close",
                start={"outcome": None, "closed_on": today, "helped": "", "share_helped": False},
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, HELPED):
                asking.not_to_come(form, "closed_on", "The day it was closed", today=today)
                with form.saving():
                    ruptures.close(
                        outbox,
                        rupture=rupture,
                        outcome=form["outcome"],
                        closed_on=form["closed_on"],
                        today=today,
                        helped=form["helped"] or "",
                        share_helped=form["share_helped"],
                        op_id=form.names["op"],
                    )
                st.rerun()
        components.choice(
            "How did it end?", vocabulary.RUPTURE_OUTCOMES, explain=True, **form.field("outcome")
        )
        asking.day(form, "closed_on", "Day it was closed", today=today)
        if rupture.therapist_id == me:
            st.text_area(
                "What helped?", height=96, placeholder="So that you find it again. No names.", **form.field("helped")
            )  # fmt: skip
            st.toggle("Share this with my supervisor", **form.field("share_helped"))
            notices.kept(form)
        asking.save_bar(form, "Close it", HELPED, refused=refusal.sentence, width="content")

    folded.away("Close this rupture", close, key=f"{key}_end", type="compact")
