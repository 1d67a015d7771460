"""My data on screen: putting the files together, and what was corrected, page by page."""

from uuid import UUID

import pytest

from services import cases, own_data, reflections, weeks
from services.reflections import Part
from tests.pages.conftest import App, Somebody, has, press, today, words


def corrects(who: Somebody, times: int) -> None:
    case = UUID(cases.open(who.outbox, team=who.team, code="C-3001", control_sensitivity=0).entity)
    for number in range(times):
        cases.amend(who.outbox, case=case, control_sensitivity=(number + 1) % 5)
    who.synced()
    assert not who.outbox.parked()


@pytest.mark.parametrize("role", ["therapist", "supervisor"])
def test_the_files_are_made_when_they_are_asked_for_and_forgotten_with_the_next_click(app: App, role):
    somebody = app.person(role)
    at = somebody.visits("own_data")
    assert not at.exception
    assert at.get("download_button") == []
    press(at, "own_data_make")
    assert not at.exception
    assert "Ready" in words(at)
    (download,) = at.get("download_button")
    assert str(somebody.id) not in download.proto.url
    at.run()
    assert at.get("download_button") == []


def test_nothing_corrected_is_said(alice):
    at = alice.visits("own_data")
    assert not at.exception
    assert "Nothing was corrected yet" in words(at)
    assert not has(at, "own_data_older")


def test_a_correction_is_told_in_words_before_and_since(alice):
    corrects(alice, 1)
    at = alice.visits("own_data")
    said = words(at)
    assert "**Case** · changed today at" in said
    assert "Control sensitivity: 0 → 1" in said


def test_a_part_that_was_taken_back_is_told_with_its_words(alice):
    week = weeks.monday(today()) - weeks.WEEK
    for based_on, parts in ((0, {"strength": Part("*my* words", shared=True)}), (1, {})):
        reflections.hand_in(
            alice.outbox, therapist=alice.id, team=alice.team, week=week, ratings={}, behaviours=[], based_on=based_on, today=today(), parts=parts
        )  # fmt: skip
    alice.synced()
    said = words(alice.visits("own_data"))
    assert "**Part of a reflection** · taken back today at" in said
    assert r"Content: \*my\* words" in said
    assert "Part: A strength of mine" in said
    assert "Shared: yes" in said


def test_older_corrections_are_one_click_away_and_back(alice):
    corrects(alice, own_data.CHANGES + 1)
    at = alice.visits("own_data")
    first = words(at)
    assert not has(at, "own_data_newer")
    press(at, "own_data_older")
    assert not at.exception
    assert words(at) != first
    assert words(at).count("**Case**") == 1
    assert not has(at, "own_data_older")
    press(at, "own_data_newer")
    assert words(at) == first


def test_a_colleague_and_a_supervisor_see_none_of_it(app: App, alice):
    corrects(alice, 1)
    for role in ("therapist", "supervisor"):
        assert "Nothing was corrected yet" in words(
            app.person(role, name="Ben Birch", team=alice.team).visits("own_data")
        )


def test_without_the_database_it_says_so(app: App, alice):
    at = alice.visits("own_data")
    app.loses_the_database()
    press(at, "own_data_make")
    assert not at.exception
    assert "cannot be reached" in words(at)
    assert at.get("download_button") == []


@pytest.mark.parametrize("role", ["lead", "admin"])
def test_who_writes_nothing_has_no_page_of_their_data(app: App, role):
    with pytest.raises(ValueError, match=r"(?i)page"):
        app.person(role).visits("own_data")
