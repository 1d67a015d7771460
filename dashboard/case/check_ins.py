"""Check-ins on the tab "Scores": the therapist's guess first, then the client's answers, and both over time."""

from __future__ import annotations

import streamlit as st

from dashboard import charts, components, session
from dashboard.case.at import At
from dashboard.forms import asking, last_seen, notices
from dashboard.forms.form import Form
from services import check_ins
from services.vocabulary import CHECK_IN_ENDS, CHECK_IN_QUESTIONS, NOT_VALIDATED

NO_TEXT: dict[str, str] = {}
SCALE = list(range(11))
ANSWERS, GUESSES = list(CHECK_IN_QUESTIONS), [f"guess_{question}" for question in CHECK_IN_QUESTIONS]


def show(at: At) -> None:
    st.header("Check-ins", anchor=False)
    st.caption(
        f"{NOT_VALIDATED}: three short questions to the client, 0–10. They have no cut-off and no norm."
    )
    with session.errors_shown():
        read = last_seen.of(
            at.key("check_ins"),
            lambda: check_ins.of_case(session.db(), team=at.team, therapist=at.therapist, case=at.case.id),
            otherwise=[],
        )
    waiting = at.on_its_way("check_in.enter")
    found = check_ins.with_waiting(read.value, waiting)
    if at.mine:
        _enter(at)
    for op in waiting:
        notices.how_far(op.op_id, key=at.key(op.op_id))
    if not found:
        st.markdown("The check-ins cannot be shown just now." if read.trouble else "No check-in yet.")
        return
    frame = check_ins.frame(found)
    # A screen may be shared with the client.
    shown = any(each.guess for each in found) and st.toggle(
        "Show my guesses", value=True, key=at.key("guesses")
    )
    if not shown:
        frame = frame.assign(**dict.fromkeys(frame.filter(like="guessed_"), None))
    components.figure_with_table(
        charts.check_ins_over_time(frame, title="The client’s answers"),
        charts.check_ins_over_time_table(frame),
        charts.check_ins_over_time_in_words(frame),
        key=at.key("check_ins"),
        filename=f"{at.case.code}-check-ins",
        level=3,
    )


def _enter(at: At) -> None:
    opened = st.expander(
        "Enter a check-in", key=at.key("check_in_entry"), icon=":material/add:", on_change="rerun"
    )
    if not opened.open:
        return

    @st.fragment
    def entry() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name="check_in", key=str(at.case.id), prefix=at.key("check_in"), names=("op", "check_in"),
                start={"on_day": at.today, "guessed": False, **dict.fromkeys([*GUESSES, *ANSWERS])},
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, NO_TEXT):
                asking.not_to_come(form, "on_day", "The day of the check-in", today=at.today)
                with form.saving():
                    check_ins.enter(
                        outbox, team=at.team, case=at.case.id, on_day=form["on_day"], today=at.today,
                        answers={question: form[question] for question in ANSWERS},
                        guess={question: form[f"guess_{question}"] for question in ANSWERS},
                        entity=form.names["check_in"], op_id=form.names["op"],
                    )  # fmt: skip
                st.rerun()
        notices.begun_before(form)
        asking.day(form, "on_day", "Day of the check-in", today=at.today)
        if form["guessed"]:
            _answers(form)
            notices.kept(form)
            asking.save_bar(form, "Save the check-in", NO_TEXT, refused=refusal.sentence, width="content")
        else:
            _guess(form)
            notices.kept(form)

    with opened:
        entry()


def _guess(form: Form) -> None:
    """Before the client's answer is seen, or it would be no guess."""
    st.markdown("**First your own guess:** what will the client say? Nobody but you ever sees it.")
    for question, word in CHECK_IN_QUESTIONS.items():
        st.segmented_control(f"{word.label}, my guess", SCALE, wrap=True, **form.field(f"guess_{question}"))
    some = any(form[guess] is not None for guess in GUESSES)
    st.button(
        "Now the client’s answers" if some else "No guess this time",
        key=f"{form.prefix}_on", on_click=_go_on, args=(form,), type="primary" if some else "secondary", icon=":material/arrow_forward:",
    )  # fmt: skip


def _go_on(form: Form) -> None:
    # A field like the others, so that the guess stays closed after a reload and in another browser.
    st.session_state[form.widget("guessed")] = True
    form.keep("guessed")


def _answers(form: Form) -> None:
    """The guess is out of sight while the client answers, perhaps on this very screen."""
    kept = any(form[guess] is not None for guess in GUESSES)
    st.markdown(
        "**The client’s answers**" + (" · your guess is kept, and hidden until this is saved" if kept else "")
    )
    for question, word in CHECK_IN_QUESTIONS.items():
        with st.container(gap="xxsmall"):
            st.segmented_control(f"{word.label}: {word.help}", SCALE, wrap=True, **form.field(question))
            st.caption(f"**0** {CHECK_IN_ENDS[0]} · **10** {CHECK_IN_ENDS[1]}")
