"""What a therapist does in a meeting from their own device: release, write, pass, rate again, and give the anonymous pulse."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from supabase import Client

from services import entries, ids, vocabulary
from services.errors import Refused, explained
from services.meetings import Item, Meeting
from services.outbox import Operation, Outbox

LONGEST_WORDS = 1_000
WRITTEN = ("moment", "question", "felt", "would_like")  # parts of a question, as its author wrote it


def releasable(item: Item) -> dict[str, Any]:
    """What of one's own item there is to release, as the shared screen would hold it: part → value.

    The value of "picture" is empty: `picture` reads it.
    """
    known = item.known
    if known is None or not item.is_a_case:
        return {}
    rules = [one["rule"] for one in known.because if "rule" in one]
    found: dict[str, Any] = {part: known.question.get(part) for part in WRITTEN}
    found |= {"words": known.words, "causes": {str(cause): rating for cause, rating in known.causes.items()}}
    there = {part: value for part, value in found.items() if value}
    if rules or known.rupture:
        there["reasons"] = rules
    return {
        part: there.get(part, {}) for part in vocabulary.RELEASED_PARTS if part in there or part == "picture"
    }


def picture(db: Client, *, team: UUID, case: UUID) -> dict[str, Any]:
    """The picture of an own case as the shared screen would show it: weeks, sessions, scores, episodes, ruptures; no date, no word."""
    with explained():
        return db.rpc("own_picture", {"of_team": str(team), "of_case": str(case)}).execute().data


def release(
    outbox: Outbox, *, meeting: Meeting, item: Item, parts: Iterable[str], op_id: str | None = None
) -> Operation:
    """Let these parts of one's own item be on the shared screen, and no others."""
    said = entries.some_of(parts, vocabulary.RELEASED_PARTS, "what to release")
    return _on(outbox, "item.release", meeting, item, {"released": said}, op_id)


def write(outbox: Outbox, *, meeting: Meeting, item: Item, words: str, op_id: str | None = None) -> Operation:
    """Words for one's own item; one's own until released."""
    return _on(outbox, "item.release", meeting, item, {"words": entries.text(words, LONGEST_WORDS, "What you add")}, op_id)  # fmt: skip


def pass_on(outbox: Outbox, *, meeting: Meeting, item: Item, op_id: str | None = None) -> Operation:
    """Take one's own item off the agenda, as if it had never been there. Pressed on two devices, it is passed once."""
    for op in outbox.recent():
        if op.kind == "item.pass" and op.entity == str(item.id) and op.state != "parked":
            return op
    return _on(outbox, "item.pass", meeting, item, {}, op_id)


def rate_again(
    outbox: Outbox, *, meeting: Meeting, item: Item, ratings: Mapping[int, int | None], helped: str | None = None, op_id: str | None = None
) -> Operation:  # fmt: skip
    """The six causes after the discussion, 0–4 or None, and whether talking about it helped."""
    params: dict = {"ratings": entries.ratings(ratings)}
    if helped is not None:
        params["helped"] = entries.one_of(helped, vocabulary.ACTION_HELPED, "whether it helped")
    if not params["ratings"] and helped is None:
        raise Refused("Please rate at least one cause, or say whether it helped.")
    return _on(outbox, "item.rerate", meeting, item, params, op_id)


def give_pulse(outbox: Outbox, *, meeting: Meeting, answer: int | None, op_id: str | None = None) -> Operation:  # fmt: skip
    """ "Could I bring a mistake today?", 1 to 5. Counted and not kept; the salt keeps its fingerprint from giving it away."""
    if answer is None:
        raise Refused("Please choose an answer from 1 to 5.")
    return outbox.accept(
        kind="pulse.give", entity=ids.new(), op_id=op_id, after=[str(meeting.id)],
        params={
            "led_by": str(meeting.led_by), "meeting": str(meeting.id), "answer": entries.within(answer, 1, 5, "An answer"), "salt": secrets.token_hex(16),
        },
    )  # fmt: skip


def pulses(db: Client, *, team: UUID) -> list[dict]:
    """Past meetings with five answers or more: held_on, answers, mean (1–5), counts; the earliest first."""
    with explained():
        return db.rpc("pulse_course", {"of_team": str(team)}).execute().data


def _on(outbox: Outbox, kind: str, meeting: Meeting, item: Item, params: dict, op_id: str | None) -> Operation:  # fmt: skip
    return outbox.accept(
        kind=kind, entity=str(item.id), op_id=op_id, after=[str(meeting.id)], params={"led_by": str(meeting.led_by), **params}
    )  # fmt: skip
