"""Handing over a case: what goes along and what stays, asking for it, taking that back, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import components, session
from dashboard.case.at import At
from dashboard.forms import asking, clock, last_seen, notices
from dashboard.forms.form import Form
from dashboard.forms.last_seen import Seen
from services import transfers, vocabulary
from services.outbox import Operation
from services.transfers import Transfer

NO_TEXT: dict[str, str] = {}
GOES_ALONG = (
    "the code, the first day, and how sensitive to control the client is",
    "sessions, scores and the client’s check-ins",
    "goals and between-session work, with who proposed them and what became of them",
    "strategies and plan reviews",
    "ticked fears, and of the formulation what you have shared",
    "every other text of the case that you have shared",
)
STAYS = (
    "texts that you have not shared, and your guesses beside the check-ins",
    "episodes with their notes and ratings",
    "ruptures, their repair, and what helped",
    "reflections and your mirror",
    "questions for supervision",
)


def read(at: At) -> Seen[list[Transfer]]:
    return last_seen.of(
        at.key("transfers"),
        lambda: transfers.of_case(session.db(), team=at.team, case=at.case.id),
        otherwise=[],
    )


def gone(at: At, known: Sequence[Transfer]) -> Transfer | None:
    """How the case left this therapist, if it did."""
    return next((one for one in known if one.state == "agreed" and one.therapist_id == at.therapist), None)


def show(at: At, known: Seen[list[Transfer]], gone: Transfer | None) -> None:
    st.subheader("Hand over", anchor=False)
    if known.trouble:
        st.caption("Whether this case was asked to be handed over cannot be looked up just now." if not known.known else
                   "What you see of handing over is from before.")  # fmt: skip
    for one in known.value:
        st.markdown(_told(at, one))
    if gone or not at.mine:
        if not at.mine and any(one.state == "asked" for one in known.value):
            st.markdown("The decision is on your Home.")
        elif not known.value and not known.trouble:
            st.markdown("Nobody has asked to hand over this case.")
        return
    asked = next((one for one in known.value if one.state == "asked" and one.therapist_id == at.me), None)
    on_its_way = at.on_its_way("transfer.ask", "transfer.withdraw")
    for op in on_its_way:
        st.markdown(f"{vocabulary.OPERATION_KINDS[op.kind].help}")
        notices.how_far(op.op_id, key=at.key(op.op_id))
    if on_its_way:
        if on_its_way[-1].kind == "transfer.ask":
            _withdraw(at, on_its_way[-1])
    elif asked:
        _withdraw(at, asked)
    elif at.case.state in ("active", "paused"):
        _ask(at)
    else:
        st.markdown("A closed case stays where it is. Bring it back first if somebody else goes on with it.")


def _told(at: At, one: Transfer) -> str:
    """One request, in a sentence."""
    asked = clock.date_words(one.asked_on, now=at.today)
    if one.therapist_id != at.therapist and one.state == "agreed":
        decided = clock.moment(one.decided_at) if one.decided_at else ""
        whom = f" from {components.plain(one.therapist)}" if one.therapist else ""
        return f"This case was taken over{whom} {decided}."
    whom = f" to {components.plain(one.to_name)}" if one.to_name else ""
    what = {
        "asked": "it waits for a supervisor of the team",
        "withdrawn": "it was withdrawn",
        "agreed": f"the case has gone{whom}. What is here stays with its earlier therapist, to read",
        "refused": "the supervisor would like it to stay where it is; talk about it",
    }[one.state]
    return f"Asked for on {asked}: {what}."


def _withdraw(at: At, asked: Transfer | Operation) -> None:
    transfer = asked.id if isinstance(asked, Transfer) else asked.entity
    with notices.refusal() as refusal:
        if st.button("No longer ask for it", key=at.key("withdraw")):
            transfers.withdraw(session.outbox(), transfer=transfer, case=at.case.id)
            st.rerun()
    if refusal.sentence:
        st.error(refusal.sentence)


def _ask(at: At) -> None:
    st.markdown(
        "A supervisor of the team decides, and chooses who takes over. Until then everything stays as it is."
    )
    for column, title, things in zip(
        st.columns(2, gap="large"), ("Goes along", "Stays with you"), (GOES_ALONG, STAYS), strict=True
    ):
        with column:
            st.markdown(f"**{title}**\n" + "\n".join(f"- {clock.opening(thing)}" for thing in things))

    @st.fragment
    def ask() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name="transfer_ask", key=str(at.case.id), prefix=at.key("transfer"),
                start={"read": False}, names=("op", "transfer"),
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, NO_TEXT):
                with form.saving():
                    transfers.ask(
                        outbox, team=at.team, case=at.case.id, read=form["read"], entity=form.names["transfer"],
                        op_id=form.names["op"],
                    )  # fmt: skip
                st.rerun()
        st.checkbox("I have read what goes along and what stays", **form.field("read"))
        asking.save_bar(form, "Ask to hand over", NO_TEXT, refused=refusal.sentence, width="content")

    ask()
