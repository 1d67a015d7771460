"""What stands around the form of a week: the picker, the last intention, what was handed in, what was read."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.components.reflection_card import said
from dashboard.forms import bring_this, case_field, clock, notices, reflection_form, reflection_weeks
from dashboard.forms.bring_this import Origin
from dashboard.forms.form import Form
from dashboard.forms.reflection_form import NAME
from dashboard.forms.reflection_weeks import Standing
from services import drafts, reflections, vocabulary, weeks
from services.reflections import Reflection

# What was handed in last, and whether that was shown: as with a logged episode, see after_logging.py.
PICKER = f"{NAME}_week"
LAST, NOT_SHOWN, AGAIN = f"{NAME}_last", f"{NAME}_not_shown", f"{NAME}_again"


def chosen_week(offered: list[date]) -> date:
    """The week that is picked: the one that the address asks for (as Home does), else the one from before, else the latest."""
    if asked := st.query_params.get("week"):
        del st.query_params["week"]  # or it would undo the next choice
        st.session_state[PICKER] = next((week for week in offered if str(week) == asked), offered[0])
    chosen = st.session_state.get(PICKER)
    return chosen if chosen in offered else offered[0]


def pick_week(
    offered: list[date], known: list[Reflection], *, today: date, therapist: UUID, team: UUID
) -> None:
    """Which week: this one, or a late one, each with how it stands."""
    outbox = session.outbox()
    begun = {d.key for d in drafts.of(session.vault(), owner=outbox.owner) if d.form == NAME}
    handed = reflection_weeks.handed_in(outbox, known, therapist=therapist, team=team, among=offered)
    read = {one.week for one in known if one.read_at}
    labels = {
        week: reflection_weeks.label(
            week,
            today=today,
            handed=handed,
            read=read,
            begun={each for each in offered if f"{team}/{each}" in begun},
        )
        for week in offered
    }
    if st.session_state.get(PICKER) not in offered:  # a session that is older than this week
        st.session_state.pop(PICKER, None)
    st.selectbox(
        "Week",
        offered,
        key=PICKER,
        persist_state="session",
        format_func=labels.get,
    )


def last_intention(known: list[Reflection], *, team: UUID, week: date) -> None:
    """What was meant to be tried, before anything is asked. A reminder only."""
    if found := reflection_weeks.intention_before(session.outbox(), known, team=team, week=week):
        before, words = found
        when = "Last week" if week - before == weeks.WEEK else f"In {weeks.spelt(before)}"
        with st.container(border=True, key=f"{NAME}_intention_card", gap="small"):
            st.markdown(f"{when} you wanted to try: **{components.plain(words)}**")
            st.caption("How did it go? You need not answer here.")


def as_read(standing: Standing, *, team: UUID, week: date) -> None:
    """A week that the supervisor has read stands as it is. What came too late is shown, until its author lets it go."""
    _too_late(standing, team=team, week=week)
    with st.container(border=True, key=f"{NAME}_read_card"):
        st.header("Read by your supervisor", anchor=False)
        st.markdown(f"Read by your supervisor {clock.moment(standing.read_at)}. It now stands as it is.")
        _in_full(standing)


def _in_full(handed_in: Standing | Reflection) -> None:
    """Everything that one version of a week says, to its author."""
    rated = [
        (cause, handed_in.ratings[n]) for n, cause in vocabulary.CAUSES.items() if n in handed_in.ratings
    ]
    if rated:
        st.table(
            {
                "Cause": [c.label for c, _ in rated],
                "Rating": [vocabulary.rating_label(r) for _, r in rated],
            },
            border="horizontal",
        )
    if handed_in.behaviours:
        ticked = ", ".join(vocabulary.RAPPORT_BEHAVIOURS[one].label for one in handed_in.behaviours)
        st.markdown(f"**Rapport behaviours:** {components.plain(ticked)}")
    for name, word in vocabulary.REFLECTION_PARTS.items():
        if part := handed_in.parts.get(name):
            who = ":material/visibility: shared" if part.shared else ":material/lock: only yours"
            st.markdown(f"**{word.label}** · {who}  \n{components.plain(said(name, part.value))}")


def _too_late(standing: Standing, *, team: UUID, week: date) -> None:
    vault, outbox = session.vault(), session.outbox()
    begun = drafts.load(vault, owner=outbox.owner, form=NAME, key=f"{team}/{week}")
    written = [begun["fields"].get(name) for name in reflection_form.TEXTS] if begun else []
    if standing.parked:
        written += [part["value"] for part in standing.parked.params["parts"].values()]
    if not begun and not standing.parked:
        return

    def let_go() -> None:
        with vault.transaction():
            drafts.discard(vault, owner=outbox.owner, form=NAME, key=f"{team}/{week}")
            if standing.parked:
                outbox.discard(standing.parked.op_id)

    with st.container(border=True, key=f"{NAME}_too_late_card"):
        st.header("A change that came too late", anchor=False)
        st.markdown(
            "Your supervisor had read this week before you handed the change in. These are the words in it:"
        )
        for words in dict.fromkeys(text for text in written if text and isinstance(text, str)):
            st.markdown(f"- {components.plain(words)}")
        components.sure(
            "Let the change go", "These words are deleted for good.", "Let it go", key=f"{NAME}_let_go", on_click=let_go
        )  # fmt: skip


def how_it_stands(standing: Standing, form: Form) -> None:
    """Handed in and still open to change, or refused by the database."""
    if standing.parked:
        st.warning(
            f"Your last change was not accepted: {standing.parked.reason} What you wrote is below; hand it in again, or discard it.",
            icon=":material/edit_note:",
        )
        if standing.there:
            with st.expander("What the database has instead", key=f"{NAME}_there", type="compact"):
                _in_full(standing.there)

        def discard() -> None:
            with form.saving():
                session.outbox().discard(standing.parked.op_id)

        components.sure(
            "Discard the change", "What you wrote in it is deleted for good.", "Discard it", key=f"{NAME}_parked",
            on_click=discard,
        )  # fmt: skip
    elif standing.handed_in_at:
        st.info(
            f"Handed in {clock.moment(standing.handed_in_at)}. You can change it until your supervisor has read it.",
            icon=":material/outbox:",
        )
        if standing.on_its_way:
            notices.how_far(standing.on_its_way.op_id, key=f"{NAME}_on_its_way")


def remember(op_id: str, week: date) -> None:
    st.session_state[LAST], st.session_state[NOT_SHOWN] = (op_id, week), True


def just_handed_in(week: date) -> str | None:
    """The operation that this page has saved for this week a moment ago."""
    op_id, of = st.session_state.get(LAST, (None, None))
    return op_id if of == week and (st.session_state.get(NOT_SHOWN) or AGAIN in st.session_state) else None


def handed_in(op_id: str, standing: Standing) -> None:
    """What comes after handing in: how far it has come, who sees what, and the ways on."""
    st.header("Handed in", anchor=False)
    notices.how_far(op_id, key=NAME)
    reflection_form.who_reads(standing.parts, rated=bool(standing.ratings))
    st.markdown("You can change it until your supervisor has read it.")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button("Change it", key=AGAIN, icon=":material/edit:"):
            st.session_state.pop(LAST, None)
            st.rerun()  # the whole page: the database may have it by now
        st.page_link("../pages/home.py", label="Back to Home", icon=":material/home:")
    st.session_state[NOT_SHOWN] = False


def bring(*, therapist: UUID, team: UUID, week: date, today: date) -> None:
    """A question for supervision from a week that was handed in, about one of the cases."""
    with session.errors_shown():
        known = case_field.known(therapist=therapist, team=team).value
    if known:
        origin = Origin(
            team, {case.id: case.code for case in known},
            reflection=reflections.identity(therapist=therapist, team=team, week=week),
        )  # fmt: skip
        bring_this.offer(
            origin, today=today, prefix=f"bring_{week}", label="Bring something from this week to supervision"
        )
