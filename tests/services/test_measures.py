"""The registry of measures: what one is, what is refused, and who may add one."""

import pytest

from services import measures
from services.errors import NotAllowed, Refused

SLEEP = {
    "name": "Sleep 0–10", "about": "How well somebody slept", "lowest": 0, "highest": 10, "step": 0.5, "direction": "higher_is_better",
    "licence": "Ours",
}  # fmt: skip


def test_the_shipped_ones_hold_what_is_published_and_our_own_claim_nothing(clinic):
    registry = {m.slug: m for m in measures.registry(clinic.as_("alice")) if not m.own}
    assert {"gad-7", "core-10", "own-week", "own-problem"} <= set(registry)
    for slug in ("own-week", "own-problem"):
        assert (registry[slug].scale.reliable_basis, registry[slug].scale.cut_off_basis) == ("none", "none")
        assert "not validated" in registry[slug].source
    assert all(m.source and m.licence for m in registry.values())


@pytest.mark.parametrize("written", ["CORE-10", "core10", " Core 10 ", "core_10", "ＣＯＲＥ-10"])
def test_a_measure_is_found_however_its_name_is_written(clinic, written):
    assert measures.named(measures.registry(clinic.as_("alice")), written).slug == "core-10"


@pytest.mark.parametrize("written", ["", "-", "CORE", "CORE-101"])
def test_a_name_that_is_only_like_one_is_none(clinic, written):
    assert measures.named(measures.registry(clinic.as_("alice")), written) is None


def test_an_administrator_adds_and_edits_one_of_the_clinic(clinic):
    made = measures.add(clinic.as_("ada"), team=clinic.team, **SLEEP)
    assert (made.slug, made.own, made.step, made.range_words) == ("sleep-0-10", True, 0.5, "0 to 10")
    changed = measures.edit(
        clinic.as_("ada"), measure=made.id, **SLEEP | {"cut_off": 4, "cut_off_basis": "computed", "source": "Our own sample"}
    )  # fmt: skip
    assert (changed.cut_off, changed.cut_off_basis, changed.slug) == (4, "computed", made.slug)
    assert changed.id in {m.id for m in measures.registry(clinic.as_("bob"))}
    with pytest.raises(Refused, match="There is one with this short name already"):
        measures.add(clinic.as_("ada"), team=clinic.team, **SLEEP)


def test_nobody_else_adds_or_edits_one_and_a_shipped_one_is_nobodys(clinic):
    shipped = next(m for m in measures.registry(clinic.as_("ada")) if m.slug == "core-10")
    for who in ("alice", "sue", "lee", "otto"):
        with pytest.raises(NotAllowed):
            measures.add(clinic.as_(who), team=clinic.team, **SLEEP | {"name": f"Of {who}"})
    with pytest.raises(NotAllowed):
        measures.edit(clinic.as_("ada"), measure=shipped.id, **SLEEP)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": " "}, "The name is missing"),
        ({"name": "x" * 81}, "The name has 81 characters"),
        ({"about": "x" * 201}, "What it is about has 201"),
        ({"lowest": None}, "The lowest score is missing"),
        ({"highest": 0}, "has to lie above the lowest"),
        ({"highest": 10_000}, "The highest score goes up to 9,999.99"),
        ({"highest": float("inf")}, "The highest score goes up to"),
        ({"step": 0}, "A step lies above 0"),
        ({"step": 11}, "A step lies above 0"),
        ({"direction": None}, "Please choose which direction is better"),
        ({"reliable_basis": "published"}, "a basis for the reliable change, but no number"),
        ({"cut_off_basis": "computed"}, "a basis for the cut-off, but no number"),
        ({"cut_off_basis": "guessed", "cut_off": 3}, "is not one of the choices"),
        ({"reliable_change": 10, "reliable_basis": "published", "source": "X"}, "below the breadth of the range"),
        ({"reliable_change": 0, "reliable_basis": "published", "source": "X"}, "has to lie above 0"),
        ({"cut_off": 11, "cut_off_basis": "published", "source": "X"}, "within the range"),
        ({"cut_off": 4, "cut_off_basis": "published"}, "A threshold needs its source"),
    ],
)  # fmt: skip
def test_what_would_not_be_a_measure_is_refused_in_words(given, sentence):
    with pytest.raises(Refused, match=sentence):
        measures.checked(**SLEEP | given)


def test_a_number_without_a_basis_is_left_out():
    row = measures.checked(**SLEEP, reliable_change=3, cut_off=4)
    assert (row["reliable_change"], row["cut_off"]) == (None, None)


@pytest.mark.parametrize(
    ("name", "slug"), [("Own: sleep & rest", "own-sleep-rest"), ("Größe 2", "grosse-2"), ("PHQ-9", "phq-9")]
)
def test_a_key_is_made_from_the_name(name, slug):
    assert measures.slug_of(name) == slug


def test_a_name_without_any_plain_letter_makes_no_key():
    with pytest.raises(Refused, match="at least one letter"):
        measures.slug_of("睡眠")


def test_steps_start_at_the_lowest_score(clinic):
    measure = measures.Measure.from_row(
        {"id": "00000000-0000-4000-8000-000000000001", "slug": "x", "position": 1, "clinic_id": None}
        | measures.checked(**SLEEP | {"lowest": 0.25, "step": 0.5})
    )
    assert measures.checked_score(measure, 1.75) == 1.75
    with pytest.raises(Refused, match="goes in steps of"):
        measures.checked_score(measure, 2)
