"""The registry of measures: its administrator adds and changes, everybody else reads."""

import pytest

from services import measures
from tests.pages.conftest import Somebody, has, pick, press, words


@pytest.fixture
def ada(app) -> Somebody:
    return app.person("admin", name="Ada Ash")


def opened(who: Somebody, part: str):
    at = who.visits("measures")
    at.session_state[f"measures_{part}"] = True
    return at.run()


def fills(at, key: str, **values):
    for name, value in values.items():
        field = f"{key}_{name}"
        if name in ("lowest", "highest", "step", "cut_off", "reliable_change"):
            at.number_input(key=field).set_value(value).run()
        elif name in ("source", "licence"):
            at.text_area(key=field).set_value(value).run()
        elif name in ("name", "about"):
            at.text_input(key=field).set_value(value).run()
        else:
            pick(at, field, value)
    return at


def own(who: Somebody) -> list[measures.Measure]:
    return [measure for measure in measures.registry(who.db) if measure.own]


def test_every_shipped_measure_is_there_with_its_thresholds_source_and_licence(ada):
    said = words(ada.visits("measures")).replace("\\", "")
    for name in ("PHQ-9", "GAD-7", "CORE-10", "How the week went"):
        assert name in said
    assert "doi 10.1080/14733145.2012.729069" in said
    assert "CC BY-NC-ND" in said
    assert "**Cut-off:** none is claimed" in said


def test_one_is_added_for_the_whole_clinic(ada):
    at = fills(
        opened(ada, "add"),
        "measures_new",
        name="Sleep",
        highest=20,
        direction="higher_is_better",
        cut_off_basis="computed",
    )
    fills(at, "measures_new", cut_off=8, source="Our intake 2025")
    press(at, "measures_new_save")
    (made,) = own(ada)
    assert (made.slug, made.highest, made.direction, made.cut_off, made.cut_off_basis) == (
        "sleep",
        20,
        "higher_is_better",
        8,
        "computed",
    )
    assert "Sleep" in words(at)
    assert not has(at, "measures_new_save")
    alice = ada.app.person("therapist", team=ada.team)
    assert measures.named(measures.registry(alice.db), "sleep").id == made.id


def test_what_is_refused_says_why_and_keeps_what_was_typed(ada):
    at = fills(
        opened(ada, "add"),
        "measures_new",
        name="Sleep",
        direction="higher_is_better",
        reliable_basis="published",
    )
    press(fills(at, "measures_new", reliable_change=3), "measures_new_save")
    assert "A threshold needs its source" in words(at)
    assert at.text_input(key="measures_new_name").value == "Sleep"
    assert own(ada) == []


def test_a_shipped_one_is_changed_in_a_copy_and_the_copy_in_place(ada):
    shipped = measures.named(measures.registry(ada.db), "PHQ-9")
    at = fills(opened(ada, "phq-9_open"), f"measures_{shipped.id}", reliable_change=5)
    press(at, f"measures_{shipped.id}_save")
    (copy,) = own(ada)
    assert (copy.slug, copy.reliable_change, copy.cut_off, copy.position) == (
        "phq-9",
        5,
        10,
        shipped.position,
    )
    at = opened(ada, "phq-9_open")
    at.toggle(key=f"measures_{copy.id}_active").set_value(False).run()
    press(at, f"measures_{copy.id}_save")
    assert "not offered" in words(at)
    assert [m.active for m in own(ada)] == [False]
    stranger = ada.app.person("therapist", name="Otto Other")
    assert measures.named(measures.registry(stranger.db), "PHQ-9").reliable_change == 6


@pytest.mark.parametrize("role", ["therapist", "supervisor", "lead"])
def test_nobody_else_has_the_page(app, role):
    with pytest.raises(ValueError, match="measures"):
        app.person(role).visits("measures")


def test_while_the_database_is_away_it_fails_plainly(ada):
    at = fills(opened(ada, "add"), "measures_new", name="Sleep", direction="higher_is_better")
    ada.app.loses_the_database()
    press(at, "measures_new_save")
    assert at.error
    assert not at.exception
