"""Prompts of the clinic: replaced, added with facts chosen in plain fields, switched off; nobody else has the page."""

import pytest

from services import clinic_prompts, prompts
from tests.pages.conftest import Somebody, has, pick, press, write
from tests.pages.conftest import words as raw


def words(at) -> str:
    return raw(at).replace("\\", "")


@pytest.fixture
def ada(app) -> Somebody:
    return app.person("admin", name="Ada Ash")


def first(ada: Somebody) -> clinic_prompts.Entry:
    return clinic_prompts.library(ada.db)[0]


def test_a_shipped_one_is_replaced_in_own_words_and_its_trigger_left_as_it_is(ada):
    entry = first(ada)
    key = f"clinic_prompts_{entry.prompt.slug}"
    at = ada.visits("clinic_prompts")
    assert entry.prompt.wording in words(at)
    at.session_state[f"{key}_open"] = True
    write(at.run(), f"{key}_f_wording", "What made the lazy client stop?")
    press(at, f"{key}_save")
    assert "can be read as blame" in words(at)
    press(write(at, f"{key}_f_wording", "What was this moment like for both of you?"), f"{key}_save")
    assert not at.exception
    assert "your clinic’s wording" in words(at)
    (own,) = [e for e in clinic_prompts.library(ada.db) if e.own]
    assert (own.prompt.slug, own.prompt.trigger) == (entry.prompt.slug, entry.prompt.trigger)
    assert own.prompt.wording == "What was this moment like for both of you?"
    press(at, f"{key}_active")
    assert "switched off" in words(at)
    assert entry.prompt.slug not in [p.slug for p in prompts.library(ada.db)]


def test_an_own_one_is_added_with_facts_chosen_in_plain_fields(ada):
    at, key = ada.visits("clinic_prompts"), "clinic_prompts_new"
    at.session_state["clinic_prompts_add"] = True
    pick(at.run(), f"{key}_f_stage", "contribution")
    write(at, f"{key}_f_wording", "What did you hold on to here?")
    write(at, f"{key}_f_why", "{facts}.")
    at.radio(key=f"{key}_f_how").set_value("Choose facts").run()
    at.multiselect(key=f"{key}_f_facts").set_value(["next_move", "intensity"]).run()
    pick(at, f"{key}_f_next_move_values", ["insisted"])
    press(at, f"{key}_save")
    assert "needs something to compare with" in words(at)
    at.number_input(key=f"{key}_f_intensity_at_least").set_value(4).run()
    press(at, f"{key}_save")
    assert not at.exception
    assert not has(at, f"{key}_save")
    (own,) = [e for e in clinic_prompts.library(ada.db) if e.own]
    assert own.prompt.trigger == {
        "all": [{"fact": "next_move", "is": ["insisted"]}, {"fact": "intensity", "at_least": 4}]
    }
    at.toggle(key="clinic_prompts_mine").set_value(True).run()
    assert "Next move: Insisted and Intensity of the episode: at least 4" in words(at)


@pytest.mark.parametrize("role", ["therapist", "supervisor", "lead"])
def test_nobody_else_has_the_page(app, role):
    with pytest.raises(ValueError, match="clinic_prompts"):
        app.person(role).visits("clinic_prompts")
