"""Discussion prompts: for a rupture, an episode or a team theme, which questions fit what was logged, and why now."""

import streamlit as st

from dashboard import components, session
from dashboard.forms import clock, prompt_card, prompt_marks, prompt_subject
from services import prompt_rules, prompts, vocabulary

TODAY = clock.today()
AT_ONCE = 6  # more is a list, not a conversation

st.title("Discussion prompts")
st.caption(
    "First what it was like, then one’s own part, then what might be protected. Reasons, changes of task and patterns come later."
)

team = session.team("supervisor", key="prompts_team")
with session.errors_shown():
    subject = prompt_subject.chosen(session.db(), team=team.team, today=TODAY)
if subject is None:
    components.empty_state(
        "Nothing to talk about here yet", "As soon as a therapist of this team logs an episode or opens a rupture, it can be chosen here.",
        key="prompts",
    )  # fmt: skip
    st.stop()

with session.errors_shown():
    facts = subject.facts(session.db(), today=TODAY)
    library = prompts.library(session.db())
    memory = prompts.memory(session.db(), team=team.team)

subject.show()
with st.container(horizontal=True, vertical_alignment="bottom", key="prompts_filters"):
    stage = st.segmented_control(
        "Stage", vocabulary.PROMPT_STAGES, format_func=lambda s: vocabulary.PROMPT_STAGES[s].label, default="validate", required=True,
        key=f"prompts_stage_{subject.id}",
    )  # fmt: skip
    cause = st.selectbox(
        "Cause", [None, *vocabulary.CAUSES], index=0, key=f"prompts_cause_{subject.id}",
        format_func=lambda c: f"{c} {vocabulary.CAUSES[c].label}" if c else "All that fit",
    )  # fmt: skip
st.write(vocabulary.PROMPT_STAGES[stage].help)


@st.fragment
def cards() -> None:
    """The prompts of this stage; marking one re-runs only these."""
    here = session.outbox()
    marks = prompt_marks.Marks(
        session.vault(), session.outbox, owner=here.owner, team=team.team, subject=subject
    )
    fitting = prompt_rules.fits(library, facts, stage=stage, cause=cause, rupture_kind=subject.rupture_kind)
    st.caption(f"{len(fitting)} prompts fit; those with most logged facts behind them come first.")
    everything = len(fitting) <= AT_ONCE or st.toggle(
        f"Show all {len(fitting)}", key=f"prompts_all_{subject.id}"
    )
    for fit in fitting if everything else fitting[:AT_ONCE]:
        prompt_card.show(
            fit, marks, key=f"prompts_{subject.id}_{fit.prompt.slug}", memory=memory.get(fit.prompt.slug, {})
        )


with session.errors_shown():
    cards()
    subject.show_uses(session.db(), library, team=team.team)
