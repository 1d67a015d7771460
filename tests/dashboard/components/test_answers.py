"""Ratings and choices: what they ask, what they return."""

import pytest

from dashboard import components


def rated(value=None, unsure=True):
    import streamlit as st

    from dashboard import components

    answer = components.rating("How much?", key="much", help="Why we ask.", value=value, unsure=unsure)
    st.session_state["answer"] = answer


@pytest.mark.parametrize("given", [0, 4, "cannot_tell"])
def test_a_rating_returns_what_was_chosen(page, given):
    shown = page(rated)
    assert shown.session_state["answer"] is None
    shown.segmented_control(key="much").set_value(given).run()
    assert shown.session_state["answer"] == given


def test_a_rating_offers_five_numbers_and_cannot_tell_by_name(page):
    assert page(rated).segmented_control(key="much").options == ["0", "1", "2", "3", "4", "can’t tell"]
    assert page(rated, unsure=False).segmented_control(key="much").options == ["0", "1", "2", "3", "4"]


def test_zero_is_a_rating_and_not_an_open_question(page):
    assert page(rated, value=0).session_state["answer"] == 0
    assert components.rating_value(0) == 0


def test_cannot_tell_is_stored_as_no_number():
    assert components.rating_value(components.CANNOT_TELL) is None
    assert components.rating_value(3) == 3


def test_the_two_ends_are_explained(page):
    assert page(rated).caption[0].value == "**0** not a factor · **4** main factor"


def test_a_cause_asks_its_question_without_markup_in_its_name(page):
    def body():
        from dashboard import components

        for number in range(1, 7):
            components.cause_rating(number, key=f"cause_{number}")

    asked = [control.label for control in page(body).segmented_control]
    assert asked[1] == "2 Own agenda. Whose goal was it?"
    assert len(asked) == 6
    assert not any("*" in label for label in asked)


def test_an_answer_tells_who_listens(page):
    def body():
        import streamlit as st

        from dashboard import components

        def keep(field):
            st.session_state["kept"] = (field, st.session_state["cause"])

        components.cause_rating(1, key="cause", on_change=keep, args=("cause_1",))

    shown = page(body)
    shown.segmented_control(key="cause").set_value(2).run()
    assert shown.session_state["kept"] == ("cause_1", 2)


def chosen(explain=False):
    import streamlit as st

    from dashboard import components
    from services.vocabulary import NEXT_MOVES, REFRAMES

    st.session_state["one"] = components.choice("What next?", NEXT_MOVES, key="next", explain=explain)
    st.session_state["many"] = components.choices("Which helped?", REFRAMES, key="helped")


def test_a_choice_shows_labels_and_returns_the_key(page):
    shown = page(chosen)
    assert shown.pills(key="next").options[1] == "Slowed down"
    assert shown.session_state["one"] is None
    shown.pills(key="next").set_value("asked").run()
    assert shown.session_state["one"] == "asked"


def test_a_choice_explains_itself_once_it_is_made(page):
    shown = page(chosen, explain=True)
    assert not shown.caption
    shown.pills(key="next").set_value("asked").run()
    assert shown.caption[0].value == "I became curious and asked about it."


def test_several_choices_come_in_the_vocabularys_order(page):
    shown = page(chosen)
    assert shown.session_state["many"] == []
    shown.pills(key="helped").set_value(["repair_heals", "mistakes_allowed"]).run()
    assert shown.session_state["many"] == ["mistakes_allowed", "repair_heals"]


def test_what_a_form_put_into_session_state_is_where_it_starts(page):
    def body():
        import streamlit as st

        from dashboard import components
        from services.vocabulary import REFRAMES

        st.session_state.setdefault("helped", ["repair_heals"])
        st.session_state.setdefault("much", "cannot_tell")
        st.session_state["got"] = (
            components.choices("Which helped?", REFRAMES, key="helped"),
            components.rating("How much?", key="much"),
        )

    shown = page(body)
    assert shown.session_state["got"] == (["repair_heals"], "cannot_tell")
    assert not shown.warning
