"""What logged facts say for and against each of the six causes. Pure: entries and rules in, six views out, in their order.

No weights, no sums, no ranking and no verdict: a line is a fact with its entry, and stands whatever else is logged.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from services import prompt_rules, vocabulary
from services.cause_facts import FACTS, Entry
from services.cause_library import FOR, NEEDS, RULES, Rule

TREATED = 4  # S6: only where goals are shared

THEY_DO_NOT_DECIDE = "Facts that were logged. They do not decide."


@dataclass(frozen=True, slots=True)
class Seen:
    """One entry that a rule holds for, and what of it, in words."""

    entry: Entry
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A rule that holds, with the entries it holds for, the latest first."""

    rule: Rule
    seen: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class Rating:
    """The therapist's own rating of a cause: 0–4, or None for "can't tell", and the entry it was made in."""

    value: int | None
    entry: Entry


@dataclass(frozen=True, slots=True)
class View:
    """What speaks for and against one cause. `why_not`: why it is not offered, with no lines then.

    `would_help`: what, once logged, would let the rules say more.
    """

    cause: int
    speaks_for: tuple[Line, ...] = ()
    speaks_against: tuple[Line, ...] = ()
    own_rating: Rating | None = None
    would_help: tuple[str, ...] = ()
    why_not: str = ""

    @property
    def not_enough(self) -> bool:
        return not self.why_not and not self.speaks_for and not self.speaks_against


def look(entries: Iterable[Entry], rules: Iterable[Rule] = RULES) -> tuple[View, ...]:
    """The six causes in the light of these entries."""
    found, rules = sorted(entries, key=lambda entry: (entry.day, entry.id), reverse=True), tuple(rules)
    return tuple(
        _view(cause, found, [rule for rule in rules if rule.cause == cause]) for cause in vocabulary.CAUSES
    )


def why_not(cause: int, entries: Iterable[Entry]) -> str:
    """Why a cause is not offered, as a sentence; "" when it is."""
    if cause != TREATED:
        return ""
    goals = [entry.facts for entry in entries if entry.about == "goal"]
    still_open = [goal for goal in goals if goal.get("goal_state") == "open"]
    if any(goal.get("set_by") in ("client", "together") for goal in still_open):
        return ""
    name = f"“{vocabulary.CAUSES[TREATED].label}”"
    first = f"Until then “{vocabulary.CAUSES[2].label}” comes first."
    if not goals:
        return f"{name} presumes goals made together, and no goal is on record here. {first}"
    if not still_open:
        return f"{name} presumes goals made together, and no goal on record is open any more. {first}"
    return f"{name} presumes goals made together; every open goal on record was proposed by the therapist. {first}"


def holds(rule: Rule, entry: Entry) -> Seen | None:
    """The entry with what of it meets the rule, in words; None when it does not."""
    if entry.about != rule.about:
        return None
    kinds = FACTS[rule.about]
    matched = prompt_rules.held(rule.when, entry.facts, kinds)
    if matched is None:
        return None
    return Seen(entry, ", ".join(kinds[name].say(value) for name, value in matched.items()))


def _view(cause: int, found: list[Entry], rules: list[Rule]) -> View:
    rating, reason = _own_rating(cause, found), why_not(cause, found)
    if reason:
        return View(cause, own_rating=rating, would_help=(NEEDS["goals"][2],), why_not=reason)
    lines = [Line(rule, seen) for rule in rules if (seen := tuple(s for e in found if (s := holds(rule, e))))]
    return View(
        cause,
        speaks_for=tuple(line for line in lines if line.rule.side == FOR),
        speaks_against=tuple(line for line in lines if line.rule.side != FOR),
        own_rating=rating,
        would_help=_would_help(rules, found),
    )


def _would_help(rules: list[Rule], found: list[Entry]) -> tuple[str, ...]:
    known = {(entry.about, name) for entry in found for name in entry.facts}
    asked = dict.fromkeys(rule.needs for rule in rules)
    return tuple(NEEDS[need][2] for need in asked if NEEDS[need][:2] not in known)


def _own_rating(cause: int, found: list[Entry]) -> Rating | None:
    """From the latest episode that has one; from a reflection, which is about a whole week, only where none has."""
    for about in ("episode", "reflection"):
        for entry in found:
            if entry.about == about and cause in entry.ratings:
                return Rating(entry.ratings[cause], entry)
    return None
