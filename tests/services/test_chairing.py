"""Running a meeting from one device: what is laid over the last read equals what the database says afterwards; refusals are sentences."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from random import Random
from uuid import UUID

import pytest

from services import actions, cases, chairing, ids, meetings, past_meetings, vocabulary
from services.errors import Refused
from services.meetings import Item, Meeting

CODES = count(1)
ROUNDS, STEPS = 2, 9


def now(clinic) -> Meeting:
    return meetings.now(clinic.as_("sue"), team=clinic.team)


@pytest.fixture
def planned(clinic, today):
    """A meeting of today: last time's actions, a case of Alice's, one of Bob's, a theme, what went well; over when the test is."""
    sue, made = clinic.outbox("sue"), []
    for name in ("alice", "bob"):
        case = UUID(cases.open(clinic.outbox(name), team=clinic.team, code=f"H-{next(CODES):04d}").entity)
        made.append(chairing.an_item("case", therapist=clinic.people[name], case=case, because=[{"why": "flag", "rule": "R1", "points": 3}]))  # fmt: skip
    clinic.synced()
    chairing.plan(sue, team=clinic.team, held_on=today, starts_at="09:30", minutes=75, theme={"state": "steady"}, items=[
        chairing.an_item("follow_ups", minutes=5), *made, chairing.an_item("theme"), chairing.an_item("went_well", minutes=5)
    ])  # fmt: skip
    clinic.synced()
    yield now(clinic)
    if (stands := now(clinic)).state != "ended":
        chairing.end(sue, meeting=stands)
        clinic.synced()


class Chair:
    """Somebody who does what the page lets them do, by what the page shows: the last read with what was saved since over it."""

    def __init__(self, clinic, read: Meeting, seed: int) -> None:
        self.clinic, self.read, self.dice = clinic, read, Random(seed)
        self.box, self.said = clinic.outbox("sue"), []

    @property
    def shown(self) -> Meeting:
        return meetings.as_it_will_be(self.read, self.said, team=self.clinic.team)

    def acts(self) -> str:
        """One press on what is shown; the name of what it was."""
        on = self.shown
        ways = {"planned": [self.begins], "running": [self.goes, self.goes, self.stops_the_clock, self.starts_the_clock, self.shows, self.times]}  # fmt: skip
        always = [self.amends, self.changes_an_item, self.takes_off, self.decides, self.orders, self.adds]
        way = self.dice.choice(ways[on.state] + always)
        self.said.append(way(on))
        return way.__name__

    def an_item(self, on: Meeting) -> Item:
        return self.dice.choice(on.items)

    def begins(self, on):
        return chairing.begin(self.box, meeting=on)

    def goes(self, on):
        to = self.dice.choice([on.next_item(), on.next_item(-1), self.an_item(on), None])
        return chairing.go(self.box, meeting=on, to=to, left=self.dice.choice(["done", "carried", None]))

    def stops_the_clock(self, on):
        return chairing.clock(self.box, meeting=on, running=False)

    def starts_the_clock(self, on):
        return chairing.clock(self.box, meeting=on, running=True)

    def shows(self, on):
        return chairing.show_prompt(self.box, meeting=on, prompt=self.dice.choice(["a-prompt", None]))

    def times(self, on):
        return chairing.start_timer(
            self.box, meeting=on, timer=self.dice.choice([*vocabulary.MEETING_TIMERS, None]), seconds=90
        )

    def amends(self, on):
        return chairing.amend(self.box, meeting=on, minutes=self.dice.randint(15, 120), starts_at=self.dice.choice(["10:15", None]))  # fmt: skip

    def changes_an_item(self, on):
        change = self.dice.choice(
            [{"minutes": self.dice.randint(1, 40)}, {"stage": self.dice.choice(list(vocabulary.DISCUSSION_STAGES))}, {"state": "carried", "reason": "no time"}, {"state": "on"}]
        )  # fmt: skip
        return chairing.amend_item(self.box, meeting=on, item=self.an_item(on), **change)

    def takes_off(self, on):
        if on.dropped and self.dice.random() < 0.5:
            return chairing.amend_item(self.box, meeting=on, item=on.dropped[0], state="on")
        if len(on.items) < 3:
            return self.adds(on)
        return chairing.amend_item(
            self.box, meeting=on, item=self.an_item(on), state="dropped", reason="another time"
        )

    def decides(self, on):
        return chairing.decide(
            self.box, meeting=on, item=self.an_item(on), decision=self.dice.choice([*vocabulary.STEP_BACK_DECISIONS, None]), words="One step.",
            sentence=self.dice.choice(["", "A sentence."]), look_again_on=date.today() + timedelta(days=28), shown=self.dice.random() < 0.5,
        )  # fmt: skip

    def orders(self, on):
        places = [item.id for item in on.items]
        self.dice.shuffle(places)
        return chairing.order(self.box, meeting=on, items=places)

    def adds(self, on):
        return chairing.add(self.box, meeting=on, item=chairing.an_item("own", title="Rooms"))


def comparable(meeting: Meeting) -> Meeting:
    """Without what only the database can know: labels and names of what was put on since, seconds that it rounds, places without their gaps."""

    def plainly(item: Item) -> Item:
        known = replace(item.known, therapist="", code="", causes={}, released=(), helped=None)
        return replace(
            item, position=0, person=None, case=None, spent=0, known=known, decisions=by_id(item.decisions)
        )

    def by_id(found):
        return tuple(sorted((replace(one, id="", mine=True) for one in found), key=str))

    items = [plainly(item) for item in meeting.items]
    dropped = sorted((plainly(item) for item in meeting.dropped), key=lambda item: str(item.id))
    dropped = [replace(item, decisions=(), stage="moment") for item in dropped]  # not read for what is off
    return replace(meeting, items=tuple(items), dropped=tuple(dropped), people={}, screens=0)


def differing(shown: Meeting, stands: Meeting) -> list[tuple]:
    """What is not alike: name, as shown, as it stands."""
    pairs = [
        (shown, stands),
        *zip(shown.items, stands.items, strict=False),
        *zip(shown.dropped, stands.dropped, strict=False),
    ]
    return [
        (name, getattr(one, name), getattr(other, name))
        for one, other in pairs for name in one.__slots__
        if name not in ("items", "dropped") and getattr(one, name) != getattr(other, name)
    ] + [("places", a, b) for a, b in [([i.id for i in shown.items], [i.id for i in stands.items])] if a != b]  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_what_is_shown_before_it_arrives_is_what_the_database_says_afterwards(clinic, planned, seed):
    chair, done = Chair(clinic, planned, seed), []
    for _round in range(ROUNDS):
        chair.read, chair.said = now(clinic), []
        done += [chair.acts() for _ in range(STEPS)]
        arrives(clinic, chair, done)
    chair.said.append(chairing.end(chair.box, meeting=chair.shown, left=chair.dice.choice(["done", None])))
    arrives(clinic, chair, done)


def arrives(clinic, chair: Chair, done: list[str]) -> None:
    shown = chair.shown
    clinic.synced()
    assert [op.reason for op in chair.box.parked()] == [], done
    stands = now(clinic)
    assert differing(comparable(shown), comparable(stands)) == [], done
    for item in stands.items:
        assert abs(shown.find(item.id).spent - item.spent) <= STEPS, done  # each stop rounds to a second


def test_the_same_press_on_two_devices_moves_once(clinic, planned):
    sue = clinic.outbox("sue")
    chairing.begin(sue, meeting=planned)
    clinic.synced()
    seen = now(clinic)
    for _device in range(2):
        chairing.go(sue, meeting=seen, to=seen.items[1], left="done")
    clinic.synced()
    stands = now(clinic)
    assert stands.item == seen.items[1].id
    assert [item.state for item in stands.items[:3]] == ["done", "on", "on"]


def test_a_meeting_begun_and_ended_twice_begins_and_ends_once(clinic, planned):
    sue = clinic.outbox("sue")
    for step in (chairing.begin, chairing.end):
        for _device in range(2):
            step(sue, meeting=planned)
    clinic.synced()
    assert now(clinic).state == "ended"
    assert sue.parked() == []


def test_an_action_decided_on_is_its_owners_before_and_after_it_arrives(clinic, planned, today):
    sue, item = clinic.outbox("sue"), planned.items[1]
    op = chairing.decide(
        sue,
        meeting=planned,
        item=item,
        action="Name the pause",
        owner=clinic.people["alice"],
        due_on=today,
    )
    [waiting] = actions.as_they_will_be([], [op], team=clinic.team, me=clinic.people["sue"], today=today)
    clinic.synced()
    [arrived] = [one for one in actions.in_team(clinic.as_("alice"), team=clinic.team, owner=clinic.people["alice"]) if one.id == waiting.id]  # fmt: skip
    for one in (waiting, arrived):
        assert (one.what, one.owner_id, one.due_on, one.case, one.item) == ("Name the pause", clinic.people["alice"], today, item.known.case, item.id)  # fmt: skip


def test_a_second_meeting_is_refused_with_a_sentence_and_the_first_one_stands(clinic, planned, today):
    sue = clinic.outbox("sue")
    op = chairing.plan(sue, team=clinic.team, held_on=today, items=[chairing.an_item("theme")])
    clinic.synced()
    [parked] = sue.parked()
    assert parked.op_id == op.op_id
    assert "planned or running already" in parked.reason
    assert now(clinic).id == planned.id
    sue.discard(op.op_id)


def test_planning_is_shown_before_it_arrives(clinic, today):
    op = chairing.plan(clinic.outbox("sue"), team=clinic.team, held_on=today, items=[chairing.an_item("theme", minutes=8)])  # fmt: skip
    shown = meetings.as_it_will_be(None, [op], team=clinic.team)
    clinic.synced()
    stands = now(clinic)
    assert (shown.id, shown.held_on, shown.state, [(i.id, i.kind, i.minutes) for i in shown.items]) == (
        stands.id, stands.held_on, stands.state, [(i.id, i.kind, i.minutes) for i in stands.items],
    )  # fmt: skip
    chairing.end(clinic.outbox("sue"), meeting=stands)
    clinic.synced()


def test_calling_off_is_shown_before_it_arrives_and_another_one_can_be_planned_at_once(
    clinic, planned, today
):
    sue, team = clinic.outbox("sue"), clinic.team
    off = chairing.call_off(sue, meeting=planned)
    assert meetings.as_it_will_be(planned, [off], team=team) is None
    again = chairing.plan(sue, team=team, held_on=today, items=[chairing.an_item("theme")])
    assert meetings.as_it_will_be(planned, [off, again], team=team).id == UUID(again.entity)
    clinic.synced()
    assert sue.parked() == []
    assert now(clinic).id == UUID(again.entity)
    assert planned.id in {
        one.id for one in past_meetings.called_off(clinic.as_("alice"), team=team, since=today)
    }


@pytest.mark.parametrize(
    ("press", "sentence"),
    [
        (lambda box, m: chairing.an_item("own", title=" "), "Please say what the item is about"),
        (lambda box, m: chairing.an_item("nonsense"), "kind of item"),
        (lambda box, m: chairing.an_item("own", title="x" * 121), "The title"),
        (lambda box, m: chairing.an_item("theme", minutes=0), "The minutes of an item"),
        (lambda box, m: chairing.plan(box, team=m.team, held_on=m.held_on, items=[chairing.an_item("theme")] * 41), "40 items at most"),
        (lambda box, m: chairing.plan(box, team=m.team, held_on=m.held_on, items=[], minutes=10), "The length of a meeting"),
        (lambda box, m: chairing.amend(box, meeting=m, minutes=300), "The length of a meeting"),
        (lambda box, m: chairing.amend_item(box, meeting=m, item=m.items[1], state="dropped", reason="no"), "why it is taken off"),
        (lambda box, m: chairing.amend_item(box, meeting=m, item=m.items[1], stage="nonsense"), "stage"),
        (lambda box, m: chairing.go(box, meeting=m, to=None, left="nonsense"), "what became of the item"),
        (lambda box, m: chairing.start_timer(box, meeting=m, timer="silence", seconds=5), "A timer"),
        (lambda box, m: chairing.decide(box, meeting=m, item=m.items[1]), "Please choose or write what was decided"),
        (lambda box, m: chairing.decide(box, meeting=m, item=m.items[1], action="Something"), "who does it"),
        (lambda box, m: chairing.decide(box, meeting=m, item=m.items[1], owner=m.led_by), "what is to be done"),
        (lambda box, m: chairing.decide(box, meeting=m, item=m.items[1], words="x" * 501), "The decision"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_is_saved(clinic, planned, press, sentence):
    box = clinic.outbox("sue")
    before = len(box.recent())
    with pytest.raises(Refused, match=sentence):
        press(box, planned)
    assert len(box.recent()) == before


def test_a_screen_is_opened_and_taken_down(clinic, planned):
    sue, screen = clinic.outbox("sue"), ids.new()
    chairing.open_screen(sue, team=clinic.team, meeting=planned.id, led_by=planned.led_by, entity=screen)
    clinic.synced()
    assert now(clinic).screens == 1
    chairing.close_screen(sue, screen=screen)
    clinic.synced()
    assert now(clinic).screens == 0
