"""A therapist's own item in a meeting: what is released and by whom, words, passing, rating again, the anonymous pulse."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

import pytest

from dashboard import charts
from services import (
    cases,
    chairing,
    episodes,
    measures,
    meetings,
    own_items,
    questions,
    ruptures,
    scores,
    vocabulary,
)
from services.errors import NotAllowed, Refused
from services.meetings import Item, Known, Meeting
from services.outbox import Operation

CODES = count(1)


@pytest.fixture
def planned(clinic, today):
    """A meeting of today with Alice's question, and a rupture of Bob's; it is over when the test is."""
    alice, bob = clinic.outbox("alice"), clinic.outbox("bob")
    codes = [f"O-{next(CODES):04d}" for _ in range(2)]
    case, other = (UUID(cases.open(box, team=clinic.team, code=code).entity) for box, code in zip((alice, bob), codes, strict=True))  # fmt: skip
    episodes.log(
        alice,
        team=clinic.team,
        case=case,
        kind="stalled",
        happened_on=today,
        today=today,
        ratings={1: 3, 2: 1},
    )
    asked = questions.ask(
        alice,
        team=clinic.team,
        case=case,
        moment="the pause",
        question="what now",
        asked_on=today,
        today=today,
    )
    rupture = ruptures.open(bob, team=clinic.team, case=other, kind="mixed", noticed_on=today, today=today)
    clinic.synced()
    items = [
        chairing.an_item("question", therapist=clinic.people["alice"], case=case, question=UUID(asked.entity),
                         because=[{"why": "chosen"}, {"why": "flag", "rule": "R1", "points": 3}]),
        chairing.an_item("rupture", therapist=clinic.people["bob"], case=other, rupture=UUID(rupture.entity)),
    ]  # fmt: skip
    sue = clinic.outbox("sue")
    chairing.plan(sue, team=clinic.team, held_on=today, items=items)
    clinic.synced()
    yield items[0]["id"], items[1]["id"]
    chairing.end(sue, meeting=meetings.now(clinic.as_("sue"), team=clinic.team))
    clinic.synced()


@pytest.fixture
def at(clinic, planned):
    """`at("alice")`: the meeting as she may know it now, and her item (Alice's unless another place is named)."""

    def stands(name: str, place: int = 0) -> tuple[Meeting, Item]:
        clinic.synced()
        meeting = meetings.now(clinic.as_(name), team=clinic.team)
        return meeting, meeting.find(UUID(planned[place]))

    return stands


def on_screen(clinic, item: Item) -> dict:
    """What everybody reads of the item."""
    clinic.synced()
    return meetings.screen(clinic.as_("bob"), team=clinic.team).find(item.id).released


def test_what_there_is_to_release_is_what_the_screen_will_hold(clinic, at):
    meeting, item = at("alice")
    offered = own_items.releasable(item)
    assert list(offered) == ["moment", "question", "reasons", "causes", "picture"]
    chairing.begin(clinic.outbox("sue"), meeting=meeting)
    own_items.release(clinic.outbox("alice"), meeting=meeting, item=item, parts=offered)
    offered["picture"] = own_items.picture(clinic.as_("alice"), team=clinic.team, case=item.known.case)
    assert on_screen(clinic, item) == offered


def test_nothing_is_released_by_itself_and_what_was_is_taken_back(clinic, at):
    meeting, item = at("alice")
    assert on_screen(clinic, item) == {}
    own_items.release(clinic.outbox("alice"), meeting=meeting, item=item, parts=["moment", "causes"])
    assert on_screen(clinic, item).keys() == {"moment", "causes"}
    own_items.release(clinic.outbox("alice"), meeting=meeting, item=item, parts=["causes"])
    assert on_screen(clinic, item) == {"causes": {"1": 3, "2": 1}}


def test_nobody_but_its_therapist_releases_an_item(clinic, at):
    meeting, item = at("sue")
    for name in ("sue", "bob"):
        own_items.release(clinic.outbox(name), meeting=meeting, item=item, parts=["moment"])
        clinic.synced()
        assert [op.kind for op in clinic.outbox(name).parked()] == ["item.release"]
    assert on_screen(clinic, item) == {}


def test_a_part_that_does_not_exist_is_refused(clinic, at):
    meeting, item = at("alice")
    with pytest.raises(Refused, match="what to release"):
        own_items.release(clinic.outbox("alice"), meeting=meeting, item=item, parts=["diary"])


def test_words_are_ones_own_until_they_are_released(clinic, at):
    meeting, item = at("alice")
    own_items.write(clinic.outbox("alice"), meeting=meeting, item=item, words=" three first sentences ")
    assert at("alice")[1].known.words == "three first sentences"
    assert at("sue")[1].known.words == ""
    assert "words" in own_items.releasable(at("alice")[1])
    own_items.release(clinic.outbox("alice"), meeting=meeting, item=item, parts=["words"])
    assert on_screen(clinic, item) == {"words": "three first sentences"}
    with pytest.raises(Refused, match="1,000 fit"):
        own_items.write(clinic.outbox("alice"), meeting=meeting, item=item, words="x" * 1001)


def test_passing_takes_the_item_away_and_leaves_the_question_open(clinic, at):
    meeting, item = at("alice")
    own_items.pass_on(clinic.outbox("alice"), meeting=meeting, item=item)
    assert at("sue")[1] is None
    assert item.known.question_id in {
        one.id for one in questions.open_in(clinic.as_("alice"), team=clinic.team)
    }


def test_passing_on_two_devices_is_passing_once(clinic, at):
    meeting, item = at("alice")
    alice = clinic.outbox("alice")
    first = own_items.pass_on(alice, meeting=meeting, item=item)
    clinic.synced()
    assert (
        own_items.pass_on(alice, meeting=meeting, item=item).op_id == first.op_id
    )  # what this device read is from before
    clinic.synced()
    assert alice.parked() == []


def test_a_meeting_goes_on_and_ends_although_an_item_was_passed_that_was_just_being_changed(clinic, at):
    meeting, item = at("sue")
    sue = clinic.outbox("sue")
    chairing.begin(sue, meeting=meeting)
    clinic.synced()
    own_items.pass_on(clinic.outbox("alice"), meeting=meeting, item=item)
    clinic.synced()
    seen = meetings.as_it_will_be(meeting, [], team=clinic.team)  # her device has not looked again since
    chairing.amend_item(sue, meeting=seen, item=item, stage="explore")
    chairing.amend_item(sue, meeting=seen, item=item, minutes=25)
    chairing.order(sue, meeting=seen, items=[one.id for one in reversed(seen.items)])
    chairing.clock(sue, meeting=seen, running=False)
    chairing.go(sue, meeting=seen, to=None, left="done")
    clinic.synced()
    chairing.end(sue, meeting=seen)
    clinic.synced()
    assert sue.parked() == []
    assert meetings.now(clinic.as_("sue"), team=clinic.team).state == "ended"


def test_causes_rated_again_stand_beside_what_stood_before(clinic, at):
    meeting, item = at("alice")
    own_items.rate_again(clinic.outbox("alice"), meeting=meeting, item=item, ratings={1: 1, 3: 2, 4: None}, helped="yes")  # fmt: skip
    waiting = meetings.as_it_will_be(meeting, clinic.outbox("alice").waiting(), team=clinic.team)
    there = at("alice")[1].known
    assert there.reratings == {1: (3, 1), 3: (None, 2), 4: (None, None)}
    assert there.helped == "yes"
    assert waiting.find(item.id).known.reratings in (there.reratings, {})  # as it will be, or there already
    own_items.rate_again(clinic.outbox("alice"), meeting=meeting, item=item, ratings={1: 0})
    assert at("alice")[1].known.reratings[1] == (3, 0)


def test_an_answer_after_the_discussion_says_something(clinic, at):
    meeting, item = at("alice")
    with pytest.raises(Refused, match="rate at least one cause"):
        own_items.rate_again(clinic.outbox("alice"), meeting=meeting, item=item, ratings={})
    with pytest.raises(Refused, match="whether it helped"):
        own_items.rate_again(clinic.outbox("alice"), meeting=meeting, item=item, ratings={}, helped="magic")


def test_what_is_on_its_way_keeps_what_stood_before_the_first_rating():
    item = Item(uuid4(), "case", known=Known("case", causes={1: 4}, reratings={1: (3, 1)}))
    meeting = Meeting(uuid4(), uuid4(), uuid4(), date(2026, 11, 25), items=(item,))
    op = _waiting("item.rerate", item.id, {"ratings": {"1": 0, "2": 2}})
    seen = meetings.as_it_will_be(meeting, [op], team=meeting.team).find(item.id)
    assert seen.known.reratings == {1: (3, 0), 2: (None, 2)}


def _waiting(kind: str, entity: UUID, params: dict) -> Operation:
    now = datetime.now(UTC)
    return Operation(
        "op", kind, str(entity), params, "saved", now.isoformat(), now, None, 0, None, None, None, None
    )


def test_a_pulse_is_counted_once_and_not_shown_on_the_day_itself(clinic, sql, at):
    meeting, _item = at("sue")
    chairing.begin(clinic.outbox("sue"), meeting=meeting)
    clinic.synced()
    for name, answer in (("alice", 5), ("alice", 1), ("bob", 4), ("carol", 2), ("dan", 3)):
        own_items.give_pulse(clinic.outbox(name), meeting=meeting, answer=answer)
    clinic.synced()
    assert meetings.now(clinic.as_("alice"), team=clinic.team).pulse_given
    counts = sql.execute("select sum(n), sum(n * answer) from private.pulse_counts where meeting_id = %s", (meeting.id,)).fetchone()  # fmt: skip
    assert counts == (4, 14)
    sql.execute("update private.pulse_counts set n = 2 where meeting_id = %s and answer = 2", (meeting.id,))
    chairing.end(clinic.outbox("sue"), meeting=meeting)
    clinic.synced()
    assert own_items.pulses(clinic.as_("sue"), team=clinic.team) == []


def test_the_pulse_is_shown_from_five_answers_on_to_therapists_and_supervisors(clinic, sql, today):
    for days, n in ((9, 4), (2, 5)):
        meeting, day = uuid4(), today - timedelta(days=days)
        sql.execute(
            "insert into public.meetings (led_by, id, team_id, held_on, state, begun_at, ended_at) values (%s, %s, %s, %s, 'ended', %s, %s)",
            (clinic.people["sue"], meeting, clinic.team, day, day, day),
        )
        sql.execute(
            "insert into private.pulse_counts (led_by, meeting_id, answer, n) values (%s, %s, 4, %s)",
            (clinic.people["sue"], meeting, n),
        )
    for name in ("alice", "sue"):
        shown = own_items.pulses(clinic.as_(name), team=clinic.team)
        assert [(one["answers"], float(one["mean"]), one["counts"]) for one in shown] == [(5, 4.0, {"4": 5})]
    with pytest.raises(NotAllowed):
        own_items.pulses(clinic.as_("lee"), team=clinic.team)


@pytest.mark.parametrize("answer", [None, 0, 6, True])
def test_a_pulse_is_one_of_five(clinic, at, answer):
    with pytest.raises(Refused):
        own_items.give_pulse(clinic.outbox("alice"), meeting=at("alice")[0], answer=answer)


def test_the_picture_of_a_case_is_previewed_by_its_own_therapist_alone(clinic, at):
    case = at("alice")[1].known.case
    for name in ("bob", "sue", "otto"):
        with pytest.raises(NotAllowed):
            own_items.picture(clinic.as_(name), team=clinic.team, case=case)


def test_a_picture_calls_a_measure_by_its_name(clinic, at, today):
    case = at("alice")[1].known.case
    asked = measures.named(measures.registry(clinic.as_("alice")), "How the week went")
    scores.enter(clinic.outbox("alice"), team=clinic.team, case=case, measure=asked, on_day=today, value=7, today=today)  # fmt: skip
    clinic.synced()
    seen = own_items.picture(clinic.as_("alice"), team=clinic.team, case=case)
    assert [one["measure"] for one in seen["scores"]] == ["How the week went"]
    assert "How the week went 7" in charts.case_picture_in_words(seen)


def test_every_part_that_can_be_released_has_its_place():
    known = Known("question", question=dict.fromkeys(own_items.WRITTEN, "x"), words="x", causes={1: 2}, because=({"rule": "R1"},))  # fmt: skip
    assert list(own_items.releasable(Item(uuid4(), "case", known=known))) == list(vocabulary.RELEASED_PARTS)
    assert own_items.releasable(Item(uuid4(), "case")) == {}
    assert own_items.releasable(Item(uuid4(), "theme", known=Known("theme"))) == {}
