"""How a step back ends: what is let go of, what is seen now, the decision, and who does what by when."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from dashboard import components, session
from dashboard.case.at import At
from dashboard.forms import asking, clock, last_seen
from dashboard.forms.form import Form
from services import people, step_backs, vocabulary

TEXTS = {"let_go": "What you let go of", "seen": "What you see now", "what": "What is to be done"}
READERS = (
    "Therapist and supervisors of the team read this once it is saved; the clinical lead does not. No names."
)


def let_go(at: At, form: Form) -> None:
    st.subheader("Expectations to let go of", anchor=False)
    st.markdown(
        "Frustration with how much a client does can be a sign that one’s own agenda is not being met. "
        "Whose expectation is it, and is it realistic for this client, now?"
    )
    st.text_area(
        "What we let go of", height=96, placeholder="Nothing, if there is nothing.", **form.field("let_go")
    )
    st.text_area("What we see now that we did not see before", height=120, **form.field("seen"))
    st.caption(READERS)


def decision(at: At, form: Form, refused: str | None) -> None:
    st.subheader("What we decide", anchor=False)
    components.choice("Decision", vocabulary.STEP_BACK_DECISIONS, explain=True, **form.field("decision"))
    st.date_input("Look again on", format="DD/MM/YYYY", width=240, **form.field("look_again_on"))
    if form["look_again_on"]:
        st.caption(
            f"That is {clock.date_words(form['look_again_on'], now=at.today)}. The step back counts as a review of the plan, and the next one is due then."
        )
    st.text_area(
        "What is to be done", height=80, placeholder="One thing that somebody does.", **form.field("what")
    )
    if not at.mine:
        names = components.told_apart({str(one.id): one.name for one in who(at)})
        st.selectbox("Who does it", list(names), format_func=names.get, **form.field("owner", among=names))
    else:
        st.caption("It becomes an action of yours and shows on your Home until it is done.")
    st.date_input("By when", format="DD/MM/YYYY", width=240, **form.field("due_on"))
    st.caption(READERS)
    asking.save_bar(form, "End the step back", TEXTS, refused=refused, width="content")


def who(at: At) -> list[people.Colleague]:
    """Who can be asked to do something about this case, as far as the reader may know them."""
    return last_seen.of(
        f"sees_to_{at.team}_{at.therapist}",
        lambda: people.who_may_see_to(session.db(), team=at.team, therapist=at.therapist, today=at.today),
        otherwise=[people.Colleague(at.me, "I")],
    ).value


def save(at: At, form: Form) -> None:
    with form.saving():
        step_backs.decide(
            session.outbox(), team=at.team, therapist=at.therapist, case=at.case.id, decision=form["decision"], today=at.today,
            look_again_on=form["look_again_on"], seen=form["seen"] or "", let_go=form["let_go"] or "",
            owner=at.me if at.mine else form["owner"] and UUID(form["owner"]), what=form["what"] or "", due_on=form["due_on"],
            review=form.names["review"], action=form.names["action"], entity=form.names["step_back"], op_id=form.names["op"],
        )  # fmt: skip
