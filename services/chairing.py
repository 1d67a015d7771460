"""Running a supervision meeting: what a supervisor does from their own device or from the shared screen. All of it goes through the outbox."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from services import actions, entries, ids, vocabulary
from services.errors import Refused
from services.meetings import Item, Meeting
from services.outbox import Operation, Outbox

LONGEST_TITLE, LONGEST_REASON, LONGEST_DECISION, LONGEST_SENTENCE = 120, 300, 500, 300
MOST_ITEMS = 40


def an_item(
    kind: str, *, therapist: UUID | None = None, case: UUID | None = None, question: UUID | None = None, rupture: UUID | None = None,
    title: str = "", minutes: int = 10, because: Iterable[Mapping[str, Any]] = (), entity: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """One item as it travels. `because` holds the reasons with their points, as services/agenda.py proposed them."""
    if kind == "own" and not title.strip():
        raise Refused("Please say what the item is about; it will be on the shared screen.")
    return {
        "id": entity or ids.new(), "kind": entries.one_of(kind, vocabulary.AGENDA_KINDS, "the kind of item", needed=True),
        "therapist": _text(therapist), "case": _text(case), "question": _text(question), "rupture": _text(rupture),
        "title": entries.text(title, LONGEST_TITLE, "The title"), "minutes": entries.within(minutes, 1, 120, "The minutes of an item"),
        "because": [dict(one) for one in because],
    }  # fmt: skip


def plan(
    outbox: Outbox, *, team: UUID, held_on: date, items: list[dict[str, Any]], minutes: int = 60, starts_at: str | None = None,
    theme: Mapping[str, Any] | None = None, entity: str | None = None, op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Plan a meeting with its agenda, items in their order. `starts_at` is "HH:MM" on the clinic's clock."""
    if len(items) > MOST_ITEMS:
        raise Refused(f"An agenda holds {MOST_ITEMS} items at most. Please take some off.")
    return outbox.accept(
        kind="meeting.plan", entity=entity or ids.new(), op_id=op_id,
        params={
            "team": str(team), "led_by": outbox.owner, "held_on": held_on.isoformat(), "starts_at": starts_at, "items": items, "theme": dict(theme or {}),
            "minutes": entries.within(minutes, 15, 240, "The length of a meeting"),
        },
    )  # fmt: skip


def amend(outbox: Outbox, *, meeting: Meeting, op_id: str | None = None, **changes: Any) -> Operation:
    """Another day (`held_on`), time (`starts_at`), length (`minutes`) or `theme`."""
    if "minutes" in changes:
        entries.within(changes["minutes"], 15, 240, "The length of a meeting")
    if isinstance(changes.get("held_on"), date):
        changes["held_on"] = changes["held_on"].isoformat()
    return _on_meeting(outbox, "meeting.amend", meeting, changes, op_id)


def call_off(outbox: Outbox, *, meeting: Meeting, op_id: str | None = None) -> Operation:
    """Call a planned meeting off; what is on it is carried over, and another one can be planned."""
    return _on_meeting(outbox, "meeting.call_off", meeting, {}, op_id)


def begin(outbox: Outbox, *, meeting: Meeting, op_id: str | None = None) -> Operation:
    """Begin with the first item; its clock starts."""
    first = next((one for one in meeting.items if one.state == "on"), None)
    return _on_meeting(outbox, "meeting.begin", meeting, {"item": _text(first and first.id)}, op_id)


def go(
    outbox: Outbox, *, meeting: Meeting, to: Item | None, left: str | None = None, op_id: str | None = None
) -> Operation:
    """Leave the present item, as `left` ("done", "carried", or None: it stays as it is), for another one.

    Says where it leaves from: the same button pressed on two devices moves once.
    """
    entries.one_of(left, vocabulary.AGENDA_STATES, "what became of the item")
    return _on_meeting(
        outbox, "meeting.go", meeting, {"from": _text(meeting.item), "to": _text(to and to.id), "left": left}, op_id
    )  # fmt: skip


def clock(outbox: Outbox, *, meeting: Meeting, running: bool, op_id: str | None = None) -> Operation:
    """Start or stop the clock of the present item."""
    return _on_meeting(
        outbox, "meeting.clock", meeting, {"running": running, "item": _text(meeting.item)}, op_id
    )


def show_prompt(outbox: Outbox, *, meeting: Meeting, prompt: str | None, op_id: str | None = None) -> Operation:  # fmt: skip
    """Put a prompt on the screen by its slug, or take it away."""
    return _on_meeting(
        outbox, "meeting.show", meeting, {"prompt": prompt, "item": _text(meeting.item)}, op_id
    )


def start_timer(
    outbox: Outbox, *, meeting: Meeting, timer: str | None, seconds: int = 0, op_id: str | None = None
) -> Operation:
    """Start a timer for role-play or silence, of up to an hour; None takes it away."""
    entries.one_of(timer, vocabulary.MEETING_TIMERS, "the timer")
    if timer:
        entries.within(seconds, 10, 3600, "A timer, in seconds,")
    return _on_meeting(outbox, "meeting.show", meeting, {"timer": timer, "seconds": seconds, "item": _text(meeting.item)}, op_id)  # fmt: skip


def end(outbox: Outbox, *, meeting: Meeting, left: str | None = None, op_id: str | None = None) -> Operation:
    """End the meeting. What was not reached is carried over; `left` says what became of the present item."""
    return _on_meeting(outbox, "meeting.end", meeting, {"left": left}, op_id)  # fmt: skip


def order(outbox: Outbox, *, meeting: Meeting, items: Iterable[UUID], op_id: str | None = None) -> Operation:
    """Put the items into this order."""
    return _on_meeting(outbox, "meeting.order", meeting, {"items": [str(one) for one in items]}, op_id)


def add(outbox: Outbox, *, meeting: Meeting, item: dict[str, Any], op_id: str | None = None) -> Operation:
    """Put one more item at the end of the agenda; `item` as `an_item` gives it."""
    return _on_meeting(outbox, "meeting.add", meeting, {"item": item}, op_id)


def add_case(outbox: Outbox, *, meeting: Meeting, item: dict[str, Any]) -> Operation:
    """Put a case on the agenda before the theme and what went well, where these end it. One that was taken off is put on again."""
    for one in meeting.dropped:
        if one.known and str(one.known.case) == item["case"]:
            return amend_item(outbox, meeting=meeting, item=one, state="on")
    made = add(outbox, meeting=meeting, item=item)
    places = [one.id for one in meeting.items]
    last = len(places)
    while last and meeting.items[last - 1].kind in ("theme", "went_well"):
        last -= 1
    if last < len(places):
        order(outbox, meeting=meeting, items=[*places[:last], UUID(item["id"]), *places[last:]])
    return made


def amend_item(
    outbox: Outbox, *, meeting: Meeting, item: Item, minutes: int | None = None, state: str | None = None, reason: str | None = None,
    stage: str | None = None, op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Other minutes, another stage of the discussion, taken off (with a reason), carried over, or on again."""
    changes: dict[str, Any] = {}
    if minutes is not None:
        changes["minutes"] = entries.within(minutes, 1, 120, "The minutes of an item")
    if state is not None:
        changes["state"] = entries.one_of(state, vocabulary.AGENDA_STATES, "what becomes of the item")
    if reason is not None or state == "dropped":
        changes["reason"] = entries.text(reason, LONGEST_REASON, "The reason")
        if state == "dropped" and len(changes["reason"]) < 3:
            raise Refused("Please say in a few words why it is taken off.")
    if stage is not None:
        changes["stage"] = entries.one_of(stage, vocabulary.DISCUSSION_STAGES, "the stage of the discussion")
    return _on_item(outbox, "item.amend", meeting, item, changes, op_id)


def decide(
    outbox: Outbox, *, meeting: Meeting, item: Item, decision: str | None = None, words: str = "", sentence: str = "", will_know: str = "",
    look_again_on: date | None = None, shown: bool = False, action: str = "", owner: UUID | None = None, due_on: date | None = None,
    action_entity: str | None = None, op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Record a decision on an item, and an action with its owner and day where there is one. Raises Refused when both are empty."""
    params: dict[str, Any] = {
        "id": op_id or ids.new(), "decision": entries.one_of(decision, vocabulary.STEP_BACK_DECISIONS, "the decision"),
        "words": entries.text(words, LONGEST_DECISION, "The decision"), "sentence": entries.text(sentence, LONGEST_SENTENCE, "The sentence to try"),
        "will_know": entries.text(will_know, LONGEST_SENTENCE, "How we will know"), "shown": bool(shown),
        "look_again_on": look_again_on.isoformat() if look_again_on else None,
    }  # fmt: skip
    if action.strip() or owner:
        params["action"] = {
            "id": action_entity or ids.new(),
            **actions.words(owner=owner, what=action, due_on=due_on),
        }
        about = item.known
        params |= {
            "team": str(meeting.team),
            "therapist": _text(about and about.therapist_id),
            "case": _text(about and about.case),
        }
    elif not (params["decision"] or params["words"] or params["sentence"]):
        raise Refused("Please choose or write what was decided, or an action.")
    return _on_item(outbox, "item.decide", meeting, item, params, op_id)


def open_screen(outbox: Outbox, *, team: UUID, meeting: UUID, led_by: UUID, entity: str) -> Operation:
    """Note that the meeting is on a shared screen from now on; the entity names the screen."""
    return outbox.accept(
        kind="screen.open", entity=entity, after=[str(meeting)],
        params={"team": str(team), "led_by": str(led_by), "meeting": str(meeting)},
    )  # fmt: skip


def close_screen(outbox: Outbox, *, screen: str) -> Operation:
    """Note that a shared screen was taken down."""
    return outbox.accept(kind="screen.close", entity=screen, params={})


def _on_meeting(
    outbox: Outbox, kind: str, meeting: Meeting, params: dict[str, Any], op_id: str | None, *, after: Iterable[str] = ()
) -> Operation:  # fmt: skip
    return outbox.accept(
        kind=kind, entity=str(meeting.id), op_id=op_id, after=after, params={"led_by": str(meeting.led_by), **params}
    )  # fmt: skip


def _on_item(outbox: Outbox, kind: str, meeting: Meeting, item: Item, params: dict[str, Any], op_id: str | None) -> Operation:  # fmt: skip
    return outbox.accept(
        kind=kind, entity=str(item.id), op_id=op_id, after=[str(meeting.id)], params={"led_by": str(meeting.led_by), "meeting": str(meeting.id), **params}
    )  # fmt: skip


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None
