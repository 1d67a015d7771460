"""What the cause helper may ask of an entry: each kind of entry with its facts, what they can be, and how they read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from services import vocabulary
from services.prompt_facts import LIST_OF, NUMBER, ONE_OF, FactKind, joined


@dataclass(frozen=True, slots=True)
class Entry:
    """Something logged: `about` says what kind of entry, `facts` what it holds; never its words.

    `until` is when it ended, `of` the episode it came from, `ratings` causes 1–6 with 0–4 or None for "can't tell".
    """

    about: str
    id: str
    day: date
    title: str
    facts: Mapping[str, Any] = field(default_factory=dict, hash=False)
    until: date | None = None
    of: str | None = None
    ratings: Mapping[int, int | None] = field(default_factory=dict, hash=False)


BEHAVIOURS_OF_MEETING = ("eye_contact", "matching", "neutral_framing", "name_used", "tone_set")
BEHAVIOURS_OF_PRESENCE = ("real_person", "approachable", "interested")


def _labels(enum: str, keys: Sequence[str]) -> str:
    return joined([f"“{vocabulary.label(enum, key).strip('“”')}”" for key in keys])


def _words(words: Mapping[str, vocabulary.Word], keys: Sequence[str]) -> str:
    return joined([f"“{words[key].label}”" for key in keys])


def _one(name: str, said: Mapping[str, str]) -> FactKind:
    return FactKind(name, ONE_OF, lambda key: said[key], choices=tuple(said))


def _key(name: str, words: Mapping[str, vocabulary.Word], before: str) -> FactKind:
    return FactKind(name, ONE_OF, lambda key: f"{before}“{words[key].label}”", choices=tuple(words))


def _list(name: str, choices: Sequence[str], say: Callable[[Sequence[str]], str]) -> FactKind:
    return FactKind(name, LIST_OF, say, choices=tuple(choices))


def _number(name: str, highest: int | None, say: str, lowest: int = 0) -> FactKind:
    return FactKind(
        name, NUMBER, lambda value: say.format(f"{value:g}" if isinstance(value, float) else value), lowest=lowest, highest=highest
    )  # fmt: skip


_WHOSE = {
    "client": "brought up by the client",
    "together": "made together",
    "therapist": "proposed by the therapist",
}
_IMPORTANCE = _number("importance", 10, "matters {} of 10 to the client")
_CONTROL = _number("control_sensitivity", 4, "sensitivity to control is recorded as {} of 4")
_YES_NO = ("yes", "no")

_OF_EACH = {
    "case": (_CONTROL,),
    "episode": (
        _list("markers", list(vocabulary.EPISODE_KINDS), lambda keys: f"logged as {_labels('episode_kind', keys)}"),
        _number("intensity", 5, "intensity {} of 5", lowest=1),
        _key("first_blame", vocabulary.BLAMES, "the first blame: "),
        _key("next_move", vocabulary.NEXT_MOVES, "the next move: "),
        _key("named", vocabulary.NAMED, "named with the client: "),
        _list("outside", list(vocabulary.OUTSIDE_FACTORS), lambda keys: f"{_labels('outside_factor', keys)} marked as playing in"),
        _CONTROL,
    ),
    "reflection": (
        _list("unticked", list(vocabulary.RAPPORT_BEHAVIOURS), lambda keys: f"left open: {_labels('rapport_behaviour', keys)}"),
        _list("ticked", list(vocabulary.RAPPORT_BEHAVIOURS), lambda keys: f"ticked: {_labels('rapport_behaviour', keys)}"),
        _number("frustration", 4, "frustration {} of 4"),
        _list("feelings", list(vocabulary.FEELINGS), lambda keys: f"in the room: {_words(vocabulary.FEELINGS, keys)}"),
        _one("avoided_topic", {"written": "“A topic I avoided” is filled in"}),
        _key("expectation_whose", vocabulary.EXPECTATION_OWNERS, "an expectation: "),
        _key("expectation_reach", vocabulary.WITHIN_REACH, "an expectation, within reach: "),
        _list("reframes", list(vocabulary.REFRAMES), lambda keys: f"used: {_labels('reframe', keys)}"),
        _list("support", list(vocabulary.SUPPORTS), lambda keys: f"support used: {_words(vocabulary.SUPPORTS, keys)}"),
    ),
    "goal": (
        _one("goal_state", {"open": "open", "reached": "reached", "let_go": "let go"}),
        _one("set_by", _WHOSE),
        _IMPORTANCE,
        _number("progress", 10, "last progress {} of 10"),
    ),
    "task": (
        _one("proposed_by", _WHOSE),
        _IMPORTANCE,
        _one("agreed", dict(zip(_YES_NO, ("agreed", "given without being agreed"), strict=True))),
        _one("task_state", {"open": "open", "finished": "finished", "dropped": "taken off the list"}),
    ),
    "look": (
        _one("proposed_by", _WHOSE),
        _IMPORTANCE,
        _key("done", vocabulary.TASK_DONE, ""),
        _one("looked_at", dict(zip(_YES_NO, ("looked at together", "not looked at together"), strict=True))),
    ),
    "check_in": (
        _number("goals", 10, "the client’s answer on the goals: {} of 10"),
        _number("way_of_working", 10, "the client’s answer on the way of working: {} of 10"),
        _number("relationship", 10, "the client’s answer on the relationship: {} of 10"),
    ),
    "rupture": (
        _one("rupture_state", {"open": "open", "closed": "closed"}),
        _list("repair_steps", list(vocabulary.REPAIR_STAGES), lambda keys: f"repair so far: {_labels('repair_stage', keys)}"),
        _key("outcome", vocabulary.RUPTURE_OUTCOMES, "ended: "),
        _number("days_without_step", None, "{} days without a repair step"),
    ),
    "strategy": (
        _one("tried", dict(zip(_YES_NO, ("still tried", "no longer tried"), strict=True))),
        _key("verdict", vocabulary.STRATEGY_VERDICTS, "last review: "),
    ),
    "plan": (_number("days_overdue", None, "the next review is {} days overdue", lowest=-36600),),
}  # fmt: skip

_CARD = {
    f"card.{name}": (
        _one("stands", {"written": "on the formulation card", "emptied": "emptied on the card"}),
        *([_list("fears", list(vocabulary.CLIENT_FEARS), lambda keys: f"ticked: {_labels('client_fear', keys)}")]
          if name == "fears" else []),
    )
    for name in vocabulary.FORMULATION_FIELDS
}  # fmt: skip

#: The kinds of entry, each with its facts by name, in the language of services/prompt_rules.py.
FACTS: Mapping[str, Mapping[str, FactKind]] = MappingProxyType(
    {
        about: MappingProxyType({kind.name: kind for kind in kinds})
        for about, kinds in (_OF_EACH | _CARD).items()
    }
)
