"""Forms that were begun and not finished: where each goes on, and when it goes."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.case import at
from dashboard.forms import case_field, clock, parked_editor
from services import drafts
from services.drafts import Draft

# The form's name in its draft → what a person calls it, and the page where it goes on.
PLACES = {
    "log_episode": ("An episode", "../pages/log_episode.py"),
    "weekly_reflection": ("A weekly reflection", "../pages/weekly_reflection.py"),
    "ruptures_new": ("A new rupture", "../pages/ruptures.py"),
    "rupture_step": ("A repair step", "../pages/ruptures.py"),
    "rupture_close": ("The close of a rupture", "../pages/ruptures.py"),
    "score": ("A score", at.PAGE),
    "score_amend": ("A correction to a score", at.PAGE),
    "check_in": ("A check-in", at.PAGE),
    "check_in_amend": ("A correction to a check-in", at.PAGE),
    parked_editor.NAME: ("A change to an entry that needs you", "../pages/waiting.py"),
    "formulation": ("A field of a formulation", at.PAGE),
    "socratic": ("What came up at a question", at.PAGE),
    "strategy_new": ("Something new to try", at.PAGE),
    "plan_review": ("A plan review", at.PAGE),
    "bring_this": ("A question for supervision", at.PAGE),
    "question": ("A question for supervision in other words", at.PAGE),
    "bring_from_reflection": (
        "A question for supervision from a reflection",
        "../pages/weekly_reflection.py",
    ),
    "bring_to_meeting": ("A question for the next meeting", "../pages/meeting.py"),
    "meeting_words": ("Words for a meeting", "../pages/meeting.py"),
    "meeting_rerate": ("Ratings after a discussion", "../pages/meeting.py"),
    "case_head": ("What a case is like", at.PAGE),
    "case_sessions": ("Sessions of a case", at.PAGE),
    "case_session": ("A correction to a session", at.PAGE),
    "case_goal": ("A goal", at.PAGE),
    "case_goal_review": ("A review of a goal", at.PAGE),
    "case_task": ("Between-session work", at.PAGE),
    "case_task_look": ("What became of between-session work", at.PAGE),
    "case_episode": ("A correction to an episode", at.PAGE),
    "case_rupture": ("A new rupture", at.PAGE),
    "case_task_change": ("A change to between-session work", at.PAGE),
    "flag_work": ("Work on flags", at.PAGE),
    "step_back": ("A step back from a case", at.PAGE),
    "action_new": ("Something to be done", at.PAGE),
    "action_became": ("What became of an action", "../pages/home.py"),
    "reveal": ("A reason for seeing a case", "../pages/monitor.py"),
    "transfer_ask": ("Handing over a case", at.PAGE),
    "erasure_ask": ("A request to erase a case", at.PAGE),
    "transfer_decide": ("A decision on handing over a case", "../pages/home.py"),
    "meeting_draft": ("A meeting in preparation", "../pages/meeting.py"),
    "meeting_decision": ("A decision of a meeting", "../pages/meeting.py"),
    "screen_decision": ("A decision typed on the shared screen", "../pages/meeting.py"),
    "meeting_when": ("Another day for a meeting", "../pages/meeting.py"),
    "meeting_own": ("A matter for a meeting", "../pages/meeting.py"),
    "meeting_take_off": ("A reason for taking something off an agenda", "../pages/meeting.py"),
    "prompts": ("Notes to discussion prompts", "../pages/discussion_prompts.py"),
}

# Forms whose place may be gone by the time somebody comes back: what was typed can be read here. Field → what it is called.
READ_HERE: dict[str, dict[str, str]] = {
    form: {"words": "In words", "sentence": "One sentence to try", "will_know": "How we will know", "what": "Who does what"}
    for form in ("meeting_decision", "screen_decision")
}  # fmt: skip

# A lead has no case page; what is begun there stands on the page of the lead's own.
LEADS = "../pages/monitor.py"

# Forms of the case page → the tab where they go on. Those above the tabs have none.
TABS = {
    "case_sessions": "Sessions", "case_session": "Sessions", "case_goal": "Goals", "case_goal_review": "Goals", "case_task": "Between sessions",
    "case_task_look": "Between sessions", "case_task_change": "Between sessions", "case_episode": "Episodes", "case_rupture": "Ruptures",
    "score": "Scores", "score_amend": "Scores", "check_in": "Scores", "check_in_amend": "Scores", "formulation": "Formulation",
    "socratic": "Formulation", "strategy_new": "Plan", "plan_review": "Plan", "bring_this": "Supervision", "question": "Supervision",
    "transfer_ask": "Close or hand over", "erasure_ask": "Close or hand over",
    "step_back": "Step back", "action_new": "Supervision",
}  # fmt: skip


def show(*, key: str) -> None:
    """One line per draft with its page and a way to let it go."""
    with session.errors_shown():
        owner = session.outbox().owner
        found = [draft for draft in drafts.of(session.vault(), owner=owner) if _holds_something(draft)]
    if not found:
        st.markdown("No form is half filled in.")
        return
    st.caption("Drafts are encrypted, yours alone, and go 30 days after you last touched them.")
    for place, draft in enumerate(found):
        with st.container(
            border=True,
            horizontal=True,
            vertical_alignment="center",
            key=f"{key}_{place}_row_card",
            gap="small",
        ):
            _line(draft, owner=owner, key=f"{key}_{place}")


def _line(draft: Draft, *, owner: str, key: str) -> None:
    words, page = PLACES[draft.form]
    left = draft.changed + timedelta(days=drafts.KEPT_DAYS) - datetime.now(UTC)
    soon = draft.changed < datetime.now(UTC) - timedelta(days=drafts.NOTICE_DAYS)
    warning = f" It goes in {clock.days(max(left.days, 0))}." if soon else ""
    st.markdown(f"**{components.plain(words)}**, last touched {clock.moment(draft.changed)}.{warning}")
    if page == at.PAGE and not session.person().is_a("therapist", "supervisor"):
        st.page_link(LEADS, label="Go on", icon=":material/arrow_forward:")
    elif page == at.PAGE:
        case = case_of(draft)
        at.button(case, "", label="Go on", key=f"{key}_go", team=_team(case), tab=TABS.get(draft.form))
    else:
        st.page_link(page, label="Go on", icon=":material/arrow_forward:")
    fields = draft.content.get("fields", {})
    if typed := {label: fields[name] for name, label in READ_HERE.get(draft.form, {}).items() if fields.get(name)}:  # fmt: skip
        with st.popover("Read it", key=f"{key}_read"):
            for label, words in typed.items():
                st.markdown(f"**{label}:** {components.paragraphs(words)}")
    components.sure(
        "Discard", "What was typed there is deleted for good.", "Discard it", key=f"{key}_discard", on_click=_discard,
        args=(owner, draft),
    )  # fmt: skip


def _team(case: UUID) -> UUID | None:
    """The team of an own case, for somebody who is a therapist in several; None where there is nothing to choose."""
    person = session.person()
    teams = person.teams_as("therapist")
    if len(person.memberships) > 1:
        for team in teams:
            if any(one.id == case for one in case_field.known(therapist=person.id, team=team).value):
                return team
    return None


def case_of(draft: Draft) -> UUID | None:
    """The case whose page holds this form: its draft is kept under the case, or under the case and what is in it."""
    with suppress(ValueError):
        return UUID(draft.key.partition("/")[0])


def _holds_something(draft: Draft) -> bool:
    """Marks on prompts keep what was marked; only a note that was not recorded yet is unfinished."""
    return draft.form in PLACES and (draft.form != "prompts" or any(draft.content.get("notes", {}).values()))


def _discard(owner: str, draft: Draft) -> None:
    drafts.discard(session.vault(), owner=owner, form=draft.form, key=draft.key)
