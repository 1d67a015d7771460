"""How every form asks: the six causes, and texts that may hold identifying details."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import streamlit as st

from dashboard import components
from dashboard.forms import clock
from dashboard.forms.form import Form
from services import identifying, vocabulary
from services.errors import Refused


def day(form: Form, name: str, question: str, *, today: date) -> None:
    """A day that has come. One that has not is said at once, and refused when it is sent."""
    st.date_input(question, format="DD/MM/YYYY", width=240, **form.field(name))
    if form[name] and form[name] > today:
        st.caption(f"This day has not come yet; today is {clock.date_words(today, now=today)}.")


def not_to_come(form: Form, name: str, what: str, *, today: date) -> None:
    """Raise Refused for a day after today, where the person is. The database only knows where its server stands."""
    if form[name] and form[name] > today:
        raise Refused(f"{what} has not come yet. Please choose today or an earlier day.")


def cause(form: Form, number: int) -> int | str | None:
    """One of the six causes as a field of this form."""
    return components.cause_rating(number, **form.field(f"cause_{number}"))


def causes(form: Form, *, under: Mapping[int, Callable[[int | str | None], None]] | None = None) -> None:
    """All six, side by side where there is room. `under`: what opens below a cause, given its answer."""
    for column, numbers in zip(st.columns(2, gap="large"), ((1, 2, 3), (4, 5, 6)), strict=True):
        with column:
            for number in numbers:
                answer = cause(form, number)
                if number in (under or {}):
                    under[number](answer)


def ratings(form: Form) -> dict[int, int | None]:
    """What was answered, as services take it: cause → 0–4, or None for "can't tell". Not answered is left out."""
    given = {number: form[f"cause_{number}"] for number in vocabulary.CAUSES}
    return {number: components.rating_value(answer) for number, answer in given.items() if answer is not None}


def answer(rating: int | None) -> int | str:
    """A rating that was saved, as a form holds it."""
    return components.CANNOT_TELL if rating is None else rating


def clicked(key: str) -> bool:
    """Whether this run came from that button, asked before the button is drawn: then a form need not be drawn again."""
    return bool(st.session_state.get(key))


def may_be_saved(form: Form, texts: Mapping[str, str]) -> bool:
    """Whether a form that was just sent may be saved: nothing in `texts` (field → what it is called) could identify
    a client, or its author has seen these very words pointed out and wants them.

    Raises Refused when another browser has changed the form: what is saved must have been on this screen.
    """
    if form.changed_elsewhere and (clicked(_save(form)) or clicked(_as_it_is(form))):
        raise Refused(
            "You went on with this in another window. All of it is here now: please look it over, then save."
        )
    said = {field: form[field] for field in texts}
    if clicked(_as_it_is(form)) and st.session_state.get(_pointed_out(form)) == said:
        return True
    if _found(form, texts) is None:
        return clicked(_save(form))
    if clicked(_save(form)):
        st.session_state[_pointed_out(form)] = said
    return False


def save_bar(
    form: Form, label: str, texts: Mapping[str, str], *, refused: str | None = None, width: str = "stretch"
) -> None:
    """The button that saves, and above it what stands in the way: a refusal, or details that could identify a client."""
    with st.container(key=f"{form.prefix}_save_bar", gap="small"):
        if refused:
            st.error(refused)
        found = _found(form, texts)
        # Kept in session state so that the question stays until these words change.
        if found and st.session_state.get(_pointed_out(form)) == {field: form[field] for field in texts}:
            st.warning(components.plain(found), icon=":material/visibility:")
            st.button("Save it as it is", key=_as_it_is(form))
        st.button(label, key=_save(form), type="primary", width=width, icon=":material/check:")


def _found(form: Form, texts: Mapping[str, str]) -> str | None:
    for field, called in texts.items():
        if found := identifying.sentence(form[field]):
            return found if len(texts) == 1 else f"{called}: {found}"
    return None


def _save(form: Form) -> str:
    return f"{form.prefix}_save"


def _as_it_is(form: Form) -> str:
    return f"{form.prefix}_as_it_is"


def _pointed_out(form: Form) -> str:
    return f"{form.prefix}_pointed_out"
