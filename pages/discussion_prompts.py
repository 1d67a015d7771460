"""Discussion prompts: for a rupture, an episode or a team theme, which questions fit what was logged, and why now."""

from datetime import date

import streamlit as st

from dashboard import components, session
from dashboard.components import prompt_card
from dashboard.forms import prompt_subject
from services import drafts, prompt_rules, prompts, vocabulary

TODAY = date.today()

st.title("Discussion prompts")
st.caption("First what it was like, then one’s own part, then what might be protected. Reasons, changes of task and patterns come later.")

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
    kept = drafts.load(session.vault(), owner=session.outbox().owner, form="prompts", key=subject.id) or {"notes": {}, "marked": {}}

    def keep() -> None:
        drafts.save(session.vault(), owner=session.outbox().owner, form="prompts", key=subject.id, content=kept)

    def noted(slug: str, text: str) -> None:
        kept["notes"][slug] = text
        keep()

    def marked(slug: str, verdict: str, note: str) -> None:
        with session.errors_shown():
            prompts.mark(session.outbox(), team=team.team, prompt=slug, verdict=verdict, note=note, **subject.named())
        kept["marked"][slug], kept["notes"][slug] = verdict, ""
        keep()
        st.rerun(scope="fragment")

    fitting = prompt_rules.fits(library, facts, stage=stage, cause=cause, rupture_kind=subject.rupture_kind)
    st.caption(f"{len(fitting)} prompts fit; those with most logged facts behind them come first.")
    shown = st.session_state.setdefault("prompts_shown", 6)  # more than six at once is a list, not a conversation
    for fit in fitting[:shown]:
        slug = fit.prompt.slug
        prompt_card.show(
            fit, key=f"prompts_{subject.id}_{slug}", memory=memory.get(slug, {}), marked=kept["marked"].get(slug),
            note=kept["notes"].get(slug, ""), on_note=noted, on_mark=marked,
        )  # fmt: skip
    if len(fitting) > shown and st.button(f"Show {len(fitting) - shown} more", key="prompts_more"):
        st.session_state["prompts_shown"] = len(fitting)
        st.rerun(scope="fragment")


cards()

with session.errors_shown():
    subject.show_uses(session.db(), team=team.team)
