"""Check-ins on the tab "Scores": the therapist's guess first, then the client's answers, and both over time."""

from __future__ import annotations

import streamlit as st

from dashboard import charts, components, session
from dashboard.case.at import At
from dashboard.forms import asking, clock, folded, last_seen, notices
from dashboard.forms.form import Form, edition_of
from services import change, check_ins, vocabulary
from services.check_ins import CheckIn
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
    waiting = at.on_its_way("check_in.enter", "check_in.amend")
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
    _drop(found)
    if at.mine:
        _correct(at, found)


def _drop(found: list[CheckIn]) -> None:
    """R4, by this client's own answers alone: what is usual for them is all that is known here."""
    drop = change.alliance_drop(check_ins.sums(found))
    if drop.verdict not in ("possible", "marked"):
        return
    size = "more than twice what is usual" if drop.verdict == "marked" else "more than is usual"
    st.info(
        f"**{vocabulary.label('flag_rule', 'R4')}** · Since {clock.date_words(drop.since, now=clock.today())} the three answers together have "
        f"fallen by {drop.points:g} of 30. That is {size} for this client ({drop.sd:.1f}). "
        "It is worth asking what has changed between you; it is no verdict on anybody. "
        "The flag of this name also weighs how much answers vary in the team, so it can stay down.",
        icon=":material/trending_down:",
    )  # fmt: skip


def _enter(at: At) -> None:
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

    folded.away("Enter a check-in", entry, key=at.key("check_in_entry"), icon=":material/add:")


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


def _correct(at: At, found: list[CheckIn]) -> None:
    """Choose one, and put it right; a guess only where one was made. What it said before is kept."""
    opened = st.expander(
        "Correct a check-in", key=at.key("check_in_correct"), on_change="rerun", type="compact"
    )
    if not opened.open:
        return
    latest_first = {str(each.id): each for each in reversed(found)}
    # Numbered: of two with the same words Streamlit could not tell which one was chosen.
    numbered = {str(each.id): f"No. {place} · {clock.date_words(each.on_day, now=at.today)}" for place, each in enumerate(found, 1)}  # fmt: skip

    @st.fragment
    def put_right() -> None:
        which = latest_first[
            st.selectbox(
                "Which one?", list(latest_first), format_func=numbered.get, key=at.key("check_in_which"), width=300
            )
        ]  # fmt: skip
        guessed = bool(which.guess)
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name="check_in_amend", key=f"{at.case.id}/{which.id}", prefix=at.key("check_in_amend"),
                edition=edition_of(which.on_day, which.answers, which.guess),
                start={
                    "on_day": which.on_day,
                    **{question: which.answers.get(question) for question in ANSWERS},
                    **{f"guess_{question}": which.guess.get(question) for question in ANSWERS},
                },
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, NO_TEXT):
                asking.not_to_come(form, "on_day", "The day of the check-in", today=at.today)
                with form.saving():
                    check_ins.amend(
                        outbox, check_in=which, case=at.case.id, on_day=form["on_day"], today=at.today, op_id=form.names["op"],
                        answers={question: form[question] for question in ANSWERS},
                        guess={question: form[f"guess_{question}"] for question in ANSWERS},
                    )  # fmt: skip
                st.rerun()
        notices.begun_before(form)
        asking.day(form, "on_day", "Day of the check-in", today=at.today)
        for question, word in CHECK_IN_QUESTIONS.items():
            st.segmented_control(
                f"{word.label}, the client’s answer", SCALE, wrap=True, **form.field(question)
            )
        for question, word in CHECK_IN_QUESTIONS.items() if guessed else ():
            st.segmented_control(
                f"{word.label}, my guess", SCALE, wrap=True, **form.field(f"guess_{question}")
            )
        notices.kept(form)
        asking.save_bar(form, "Save the correction", NO_TEXT, refused=refusal.sentence, width="content")

    with opened:
        put_right()
