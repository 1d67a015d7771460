"""What can be changed about a refused entry: nothing of it is out of reach, and nothing else is touched."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from services import episodes, ids, parked, reflections, ruptures, vocabulary
from services.errors import Refused
from services.outbox import Operation, Outbox
from services.parked import UNANSWERED, Ask
from tests.services.vaults import vault  # noqa: F401

TODAY = date(2026, 3, 2)
# Operations that hold nothing a person could set right, or have a page of their own.
NOTHING_TO_ASK = {"note.share", "reflection.read", "transfer.withdraw", "transfer.decide", "mirror.share", "mirror.withdraw"}  # fmt: skip
ELSEWHERE = {"reflection.hand_in"}


@pytest.fixture
def box(vault) -> Outbox:  # noqa: F811 - asked for by its name
    return Outbox(vault, ids.new())


def logged(box: Outbox, **more) -> Operation:
    return episodes.log(
        box, team=uuid4(), case=uuid4(), happened_on=TODAY, today=TODAY, **{"kind": "stalled"} | more
    )


def of_kind(box: Outbox, kind: str, **params) -> Operation:
    return box.accept(kind=kind, entity=ids.new(), params=params)


def named(op: Operation) -> dict[str, Ask]:
    return {ask.name: ask for ask in parked.asks(op)}


def test_the_table_names_kinds_that_there_are_and_says_which_hold_nothing_to_change():
    assert parked.EDITABLE.keys() | ELSEWHERE <= vocabulary.OPERATION_KINDS.keys()
    assert {kind for kind, asks in parked.EDITABLE.items() if not asks} == NOTHING_TO_ASK


def test_of_an_episode_every_fact_is_asked_about_and_the_note_where_there_is_one(box):
    without, with_note = logged(box), logged(box, note="words of mine")
    asked = set(named(without))
    facts = set(without.params) - {"team", "ratings"}
    assert asked == facts | {f"ratings_{number}" for number in vocabulary.CAUSES}
    assert set(named(with_note)) - asked == {"note_body", "note_shared"}


def test_the_answers_take_the_place_of_what_stood_there_and_nothing_else_moves(box):
    op = logged(box, note="words", intensity=3, ratings={1: 2, 2: None, 3: 4})
    asks = named(op)
    new = parked.changed(
        op.params,
        [
            (asks["intensity"], 5), (asks["happened_on"], TODAY - timedelta(days=1)), (asks["kind"], "other"),
            (asks["ratings_1"], UNANSWERED), (asks["ratings_2"], 0), (asks["ratings_4"], None), (asks["ratings_5"], UNANSWERED),
            (asks["note_body"], " other words "), (asks["note_shared"], True),
        ],
        today=TODAY,
    )  # fmt: skip
    assert new == op.params | {
        "intensity": 5, "happened_on": "2026-03-01", "kind": "other", "ratings": {"2": 0, "3": 4, "4": None},
        "note": op.params["note"] | {"body": "other words", "shared": True},
    }  # fmt: skip
    assert op.params["intensity"] == 3
    assert op.params["note"]["body"] == "words"


@pytest.mark.parametrize(
    ("name", "answer", "sentence"),
    [
        ("happened_on", TODAY + timedelta(days=9), "has not come yet"),
        ("kind", None, "Please choose"),
        ("kind", "quarrel", "not one of the choices"),
        ("intensity", 9, "goes from 1 to 5"),
        ("markers", ["quarrel"], "not one of the choices"),
        ("ratings_1", 7, "goes from 0 to 4"),
        ("note_body", "x" * 301, "301 characters"),
    ],
)
def test_what_could_not_be_stored_is_refused_before_it_is_sent(box, name, answer, sentence):
    op = logged(box, note="words")
    with pytest.raises(Refused, match=sentence):
        parked.changed(op.params, [(named(op)[name], answer)], today=TODAY)


def test_a_code_is_checked_as_a_code(box):
    op = of_kind(box, "case.open", team=ids.new(), code="C-12", control_sensitivity=None)
    (code,) = (ask for ask in parked.asks(op) if ask.how == "code")
    assert parked.changed(op.params, [(code, "c-0042")], today=TODAY)["code"] == "C-0042"
    with pytest.raises(Refused):
        parked.changed(op.params, [(code, "Anna")], today=TODAY)


def test_a_kind_that_nobody_has_described_offers_its_texts_and_days_and_no_ids_or_keys(box):
    op = of_kind(
        box, "walk.take", team=ids.new(), route="round_the_lake", on_day="2026-03-01", length=4,
        words={"id": ids.new(), "body": "rain", "shared": True}, remark="A long one.",
    )  # fmt: skip
    asks = named(op)
    assert {name: (ask.how, ask.label) for name, ask in asks.items()} == {
        "on_day": ("later", "On day"), "words_body": ("text", "Words"), "remark": ("text", "Remark"),
    }  # fmt: skip
    new = parked.changed(op.params, [(asks["words_body"], "sun")], today=TODAY)
    assert new == op.params | {"words": op.params["words"] | {"body": "sun"}}


def test_it_says_in_words_what_the_entry_holds(box):
    op = logged(box, note="words of mine", intensity=3, ratings={1: 2, 2: None}, markers=["yes_but"])
    said = parked.said(op.params, parked.asks(op))
    assert said == {
        "What happened": vocabulary.EPISODE_KINDS["stalled"].label,
        "When": "2 March 2026", "How strong it was": "3", "Also noticed": vocabulary.EPISODE_KINDS["yes_but"].label,
        vocabulary.CAUSES[1].label: "2", vocabulary.CAUSES[2].label: vocabulary.CANNOT_TELL, "Note": "words of mine",
        parked.SHARED: "no",
    }  # fmt: skip


@pytest.mark.parametrize("there", [None, "", "soon", "1999-12-31", "9999-12-31", 4])
def test_a_day_that_no_field_would_take_becomes_today(there):
    assert parked.as_day(there, today=TODAY) == TODAY
    assert parked.as_day("2026-02-27", today=TODAY) == date(2026, 2, 27)


def test_only_a_version_conflict_is_a_choice_between_two_versions(box):
    op = episodes.amend(
        box, episode=uuid4(), based_on=1, happened_on=TODAY, today=TODAY, kind="other"
    )  # fmt: skip
    assert not parked.changed_elsewhere(op)
    with box._vault.transaction() as connection:
        connection.execute("update operations set state = 'parked', code = 'SX409'")
    assert parked.changed_elsewhere(box.parked()[0])
    assert not parked.changed_elsewhere(of_kind(box, "rupture.close"))
    assert parked.in_its_place(op, parked.Standing(4)) == op.params | {"based_on": 4}


@pytest.mark.parametrize("kind", sorted(set(vocabulary.OPERATION_KINDS) - ELSEWHERE))
def test_an_entry_that_holds_nothing_of_what_is_asked_about_is_shown_without_a_question(box, kind):
    assert parked.asks(of_kind(box, kind)) == []


def test_longest_texts_are_those_of_the_services():
    assert parked.LONGEST_NOTE == ruptures.LONGEST_NOTE
    assert parked.LONGEST_TEXT == reflections.LONGEST_TEXT
    (note,) = (ask for ask in parked.EDITABLE["episode.log"] if ask.name == "note_body")
    assert note.longest == episodes.LONGEST_NOTE
