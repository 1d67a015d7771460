"""My mirror on screen: empty, one week, half a year; sharing one item after a look at it, and taking it back."""

from uuid import UUID

import pytest

from services import cases, episodes, mirror, reflections, weeks
from services.reflections import Part
from services.vocabulary import MIRROR_ITEMS, MIRROR_LIMITS
from tests.pages.conftest import ROOT, App, Somebody, has, pick, press, today, words

THIS = weeks.monday(today())


def reflects(who: Somebody, back: int, **parts: object) -> None:
    reflections.hand_in(
        who.outbox, therapist=who.id, team=who.team, week=THIS - weeks.WEEK * back, ratings={1: 2, 4: None}, behaviours=["interested"],
        based_on=0, today=today(), parts={name: Part(value) for name, value in parts.items()},
    )  # fmt: skip


def writes(who: Somebody, *backs: int) -> None:
    case = UUID(cases.open(who.outbox, team=who.team, code="C-2001").entity)
    for back in backs:
        reflects(who, back, strength=f"*kept* still in week {back}", frustration=2, let_go="the words of letting go",
                 private_text="words only for me", reframes={"used": ["repair_heals"], "helped": "yes"})  # fmt: skip
        episodes.log(
            who.outbox, team=who.team, case=case, happened_on=THIS - weeks.WEEK * back, kind="stalled", first_blame="myself",
            next_move="asked", today=today(), ratings={1: 3},
        )  # fmt: skip
    who.synced()
    assert not who.outbox.parked()


def charts(at) -> list[str]:
    return [chart.proto.alt for chart in at.get("plotly_chart")]


def keyed(at, ending: str, item: str = "") -> list[str]:
    return [b.key for b in at.button if b.key and b.key.endswith(ending) and item in b.key]


def test_a_mirror_that_nothing_was_written_for_says_how_it_begins(alice):
    at = alice.visits("my_mirror")
    assert not at.exception
    assert "Nothing to see yet" in words(at)
    assert len(charts(at)) == 8
    assert keyed(at, "_share") == []


@pytest.mark.parametrize("backs", [(1,), tuple(range(26))])
def test_every_item_has_its_figure_its_sentence_and_what_it_does_not_say(alice, backs):
    writes(alice, *backs)
    at = alice.visits("my_mirror")
    assert not at.exception
    said = words(at)
    for item in MIRROR_ITEMS:
        assert MIRROR_LIMITS[item] in said
    headings = [h.value for h in at.header]
    assert headings.index("Strengths") == 0
    assert set(headings) >= {word.label for word in MIRROR_ITEMS.values()}
    assert any("asked in 100%" in alt for alt in charts(at))
    assert r"\*kept\* still in week 1" in said
    assert "words only for me" not in said
    assert "the words of letting go" not in said


def test_three_years_fit_and_a_period_can_be_chosen(alice):
    writes(alice, 0, 60, 150)
    at = alice.visits("my_mirror")
    assert "wrote down a strength in 1 of 1 week" in words(at)
    pick(at, "my_mirror_weeks", 156)
    assert not at.exception
    assert "wrote down a strength in 3 of 3 weeks" in words(at)


def test_nothing_is_shared_before_it_was_looked_at_and_asked_for(alice):
    writes(alice, 1)
    at = alice.visits("my_mirror")
    press(at, keyed(at, "_share", "strengths")[0])
    assert not at.exception
    assert "This is what your supervisor will see" in words(at)
    assert alice.saved("mirror.share") == []
    press(at, keyed(at, "_not_now")[0])
    assert "This is what your supervisor will see" not in words(at)
    assert alice.saved("mirror.share") == []


def test_one_item_is_shared_exactly_as_it_stood_read_by_the_supervisor_and_taken_back(app: App, alice):
    writes(alice, 1, 2)
    sue = app.person("supervisor", name="Sue Spruce", team=alice.team)
    at = alice.visits("my_mirror")
    press(at, keyed(at, "_share", "first_blame")[0])
    reflects(alice, 3, strength="came later")
    press(at, keyed(at, "_share_it")[0])
    assert not at.exception
    assert "One item is shared with your supervisor" in words(at)
    alice.synced()
    (shared,) = mirror.shared_with_me(sue.db, team=alice.team, supervisor=sue.id)
    assert (shared.item, shared.therapist) == ("first_blame", "Alice Ashby")
    assert "first blame on oneself in 100%" in shared.snapshot.words

    theirs = sue.visits("shared_reflections")
    assert not theirs.exception
    assert "Alice Ashby · Where the first blame went · today" in words(theirs)
    assert "kept" not in words(theirs)

    at = alice.visits("my_mirror")
    press(at, keyed(at, "_take_back")[0])
    assert not at.exception
    assert "shared with your supervisor" not in words(at)
    alice.synced()
    assert mirror.shared_with_me(sue.db, team=alice.team, supervisor=sue.id) == []
    assert "Nothing is shared from a mirror just now" in words(sue.visits("shared_reflections"))


def test_a_second_press_shares_nothing_twice(alice):
    writes(alice, 1)
    at = alice.visits("my_mirror")
    press(at, keyed(at, "_share", "six_causes")[0])
    press(at, keyed(at, "_share_it")[0])
    assert keyed(at, "_share_it") == []
    assert len(alice.saved("mirror.share")) == 1


def test_details_that_could_identify_somebody_are_pointed_out_before_sharing(alice):
    reflects(alice, 1, strength="stayed calm with Mrs Miller")
    alice.synced()
    at = alice.visits("my_mirror")
    press(at, keyed(at, "_share", "strengths")[0])
    assert "a name with a title" in words(at)


def test_without_the_database_the_mirror_stays_as_it_was_seen(app: App, alice):
    writes(alice, 1)
    at = alice.visits("my_mirror")
    before = charts(at)
    app.loses_the_database()
    at.run()
    assert not at.exception
    assert charts(at) == before
    assert "What you see here is from before" in words(at)


def test_a_mirror_that_was_never_seen_says_why(app: App, alice):
    at = alice.visits("home")
    app.loses_the_database()
    at = at.switch_page(str(ROOT / "pages" / "my_mirror.py")).run()
    assert not at.exception
    assert "Your mirror cannot be shown just now" in words(at)
    assert not has(at, "my_mirror_strengths_card")


@pytest.mark.parametrize("role", ["supervisor", "lead", "admin"])
def test_nobody_but_a_therapist_has_a_mirror(app: App, role):
    with pytest.raises(ValueError, match=r"(?i)page"):
        app.person(role).visits("my_mirror")
