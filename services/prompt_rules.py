"""Which discussion prompts fit what was logged, and why now. Pure: rows and facts in, an ordered list out."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from numbers import Real
from typing import Any

from services import vocabulary
from services.prompt_facts import FACTS, LIST_OF, NUMBER, ONE_OF, OPERATORS, FactKind, joined

# During a rupture validate first; reasons, changes of task and patterns belong in later sessions (PMC5966286).
STAGES = tuple(vocabulary.PROMPT_STAGES)
# A prompt on cause 4 presumes goals made together (S6): what the case has of them is said with it.
PRESUMED = {
    "yes": "An open goal of this case was made together or by the client.",
    "none_on_record": "It presumes shared goals; none are on record.",
}
DEEPEST = 4  # groups inside groups; more than this nobody can read, and it bounds the recursion
Kinds = Mapping[str, FactKind]  # by name: those of a prompt, or others that speak the same language
_SLOT = re.compile(r"\{([a-z_]+(?:\.\d)?)\}")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question for the meeting. Empty `causes` or `rupture_kinds` fit any; `clinic_id` None is shipped with Sixfold."""

    slug: str
    stage: str
    wording: str
    causes: tuple[int, ...] = ()
    rupture_kinds: tuple[str, ...] = ()
    trigger: Any = field(default_factory=dict, hash=False)
    why: str = ""
    sentence: str = ""
    repaired_when: str = ""
    source: str = ""
    active: bool = True
    position: int = 0
    clinic_id: str | None = None

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "Prompt":
        """A row of table prompts; columns that are missing or null take their defaults."""
        known = {name: row[name] for name in cls.__slots__ if row.get(name) is not None}
        for name in ("causes", "rupture_kinds"):
            known[name] = tuple(known.get(name, ()))
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something logged that a trigger asked for: `value` is what matched (a tuple for lists), `words` says it."""

    name: str
    value: Any = field(hash=False)
    words: str


@dataclass(frozen=True, slots=True)
class Fit:
    """A prompt that fits, `why` it comes up now, and the logged facts behind it; `strength` counts them."""

    prompt: Prompt
    why: str
    facts: tuple[Fact, ...]
    strength: int


def in_force(prompts: Iterable[Prompt]) -> list[Prompt]:
    """The library of one clinic: its own prompt replaces the shipped one of that slug, a switched-off one hides it."""
    chosen: dict[str, Prompt] = {}
    for prompt in prompts:
        if prompt.slug not in chosen or prompt.clinic_id is not None:
            chosen[prompt.slug] = prompt
    return sorted(
        (prompt for prompt in chosen.values() if prompt.active and prompt.stage in STAGES), key=_place
    )


def fits(
    prompts: Iterable[Prompt],
    facts: Mapping[str, Any],
    *,
    stage: str | None = None,
    cause: int | None = None,
    rupture_kind: str | None = None,
) -> list[Fit]:
    """The prompts that fit `facts`: in the order of stages, then most logged facts behind it, then position.

    `stage`, `cause` and `rupture_kind` narrow the list; without `rupture_kind` the logged one counts.
    A prompt whose trigger has a problem is passed over; `validate` says which.
    """
    facts = facts if isinstance(facts, Mapping) else {}
    rupture_kind = rupture_kind or facts.get("rupture_kind")
    found = []
    for prompt in prompts:
        if not prompt.active or prompt.stage not in STAGES or (stage is not None and prompt.stage != stage):
            continue
        if prompt.causes == (4,) and facts.get("goals_shared") == "no":
            continue  # S6: only once goals are shared; until then "Own agenda" comes first
        if (cause is not None and prompt.causes and cause not in prompt.causes) or (
            rupture_kind is not None and prompt.rupture_kinds and rupture_kind not in prompt.rupture_kinds
        ):
            continue
        matched = None if validate(prompt.trigger) else held(prompt.trigger, facts)
        if matched is not None:
            found.append(_fit(prompt, matched, _presumed(prompt, facts.get("goals_shared"))))
    return sorted(
        found, key=lambda fit: (STAGES.index(fit.prompt.stage), -fit.strength, *_place(fit.prompt)[1:])
    )


def validate(trigger: Any, kinds: Kinds = FACTS) -> list[str]:
    """What is wrong with a trigger, one sentence each, for the person who edits it; empty when it can be used."""
    if not isinstance(trigger, Mapping):
        return ["A trigger is written in braces; {} means that the prompt always fits."]
    return _problems(trigger, kinds, depth=0) if trigger else []


def validate_why(why: str, trigger: Any) -> list[str]:
    """What is wrong with a “why now” text: a slot must be {facts}, or a fact that the trigger always asks for."""
    if validate(trigger):
        return []  # the trigger has to be put right first
    sure = _always_asked(trigger) | {"facts"}
    return [
        f"The slot {{{slot}}} stays empty when the trigger holds without that fact; use {{facts}} instead."
        for slot in _SLOT.findall(why)
        if slot not in sure
    ] + ["Braces are only for slots such as {facts} or {next_move}."] * bool(
        re.search(r"[{}]", _SLOT.sub("", why))
    )


def _place(prompt: Prompt) -> tuple[int, int, str]:
    return STAGES.index(prompt.stage), prompt.position, prompt.slug


def _problems(node: Any, kinds: Kinds, depth: int) -> list[str]:
    if not isinstance(node, Mapping):
        return [
            f'{_shown(node)} is not a condition; a condition looks like {{"fact": "next_move", "is": ["insisted"]}}.'
        ]
    group = next((name for name in ("all", "any") if name in node), None)
    if group is None:
        return _condition_problems(node, kinds)
    if len(node) > 1:
        return [f"“{group}” has to stand alone in its braces; move everything beside it into its list."]
    parts = node[group]
    if not isinstance(parts, list) or not parts:
        return [f"“{group}” needs a list with at least one condition."]
    if depth >= DEEPEST:
        return [
            f"The groups are nested more than {DEEPEST} deep; nobody could tell when this prompt appears."
        ]
    return [problem for part in parts for problem in _problems(part, kinds, depth + 1)]


def _condition_problems(node: Mapping[str, Any], kinds: Kinds) -> list[str]:
    name = node.get("fact")
    kind = kinds.get(name) if isinstance(name, str) else None
    if name is None:
        return [f"A condition needs a “fact”, “all” or “any”; {_shown(dict(node))} has none of them."]
    if kind is None:
        near = difflib.get_close_matches(name, kinds, n=1) if isinstance(name, str) else []
        return [
            f"There is no fact {_shown(name)}; "
            + (f"did you mean “{near[0]}”?" if near else f"there are {joined(list(kinds))}.")
        ]
    operators = [operator for operator in node if operator != "fact"]
    allowed = OPERATORS[kind.shape]
    if not operators:
        return [f"“{name}” needs something to compare with: {' or '.join(allowed)}."]
    return [
        problem
        for operator in operators
        for problem in (
            _value_problems(kind, operator, node[operator])
            if operator in allowed
            else [
                f"“{name}” is a {_shape_in_words(kind)} and takes {' or '.join(allowed)}, not {_shown(operator)}."
            ]
        )
    ]


def _value_problems(kind: FactKind, operator: str, value: Any) -> list[str]:
    if kind.shape == NUMBER:
        if not _is_number(value):
            return [f"“{operator}” of “{kind.name}” needs a number, not {_shown(value)}."]
        if value < kind.lowest or (kind.highest is not None and value > kind.highest):
            upto = f" to {kind.highest}" if kind.highest is not None else " upwards"
            return [f"“{kind.name}” goes from {kind.lowest}{upto}, so {value:g} makes no sense there."]
        return []
    if not isinstance(value, list) or not value:
        return [f"“{operator}” of “{kind.name}” needs a list, for example [{_shown(kind.choices[0])}]."]
    return [
        f"“{kind.name}” is never {_shown(item)}; it can be {joined([str(choice) for choice in kind.choices])}."
        for item in value
        if not _is_choice(item, kind)
    ]


def _shape_in_words(kind: FactKind) -> str:
    return {ONE_OF: "single choice", LIST_OF: "list", NUMBER: "number"}[kind.shape]


def _shown(value: Any) -> str:
    text = f"“{value}”" if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, Real) and not isinstance(value, bool) and abs(value) < 1_000_000
    )  # so never NaN or infinite


def _is_choice(value: Any, kind: FactKind) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool) and value in kind.choices


def held(node: Mapping[str, Any], facts: Mapping[str, Any], kinds: Kinds = FACTS) -> dict[str, Any] | None:
    """The facts that make a valid trigger hold, by name with what matched; None when it does not hold."""
    if not node:
        return {}
    group = "all" if "all" in node else "any" if "any" in node else None
    if group is None:
        matched = _matched(node, facts.get(node["fact"]), kinds[node["fact"]])
        return None if matched is None else {node["fact"]: matched}
    parts = [held(part, facts, kinds) for part in node[group]]
    holding = [part for part in parts if part is not None]
    if not holding or (group == "all" and len(holding) < len(parts)):
        return None
    together: dict[str, Any] = {}
    for part in holding:
        for name, value in part.items():
            seen = together.get(name)
            together[name] = (
                seen + tuple(v for v in value if v not in seen) if isinstance(seen, tuple) else value
            )
    return together


def _matched(condition: Mapping[str, Any], value: Any, kind: FactKind) -> Any:
    """What of the logged value meets the condition; None for unknown, unmet, or a value of the wrong type."""
    if kind.shape == NUMBER:
        met = (
            _is_number(value)
            and value >= condition.get("at_least", value)
            and value <= condition.get("at_most", value)
        )
        return value if met else None
    if kind.shape == ONE_OF:
        return value if _is_choice(value, kind) and value in condition["is"] else None
    if not isinstance(value, (list, tuple)):
        return None
    return (
        tuple(dict.fromkeys(item for item in value if _is_choice(item, kind) and item in condition["has"]))
        or None
    )


def _fit(prompt: Prompt, matched: Mapping[str, Any], presumed: str) -> Fit:
    facts = tuple(
        Fact(name, value, FACTS[name].say(value)) for name, value in matched.items() if FACTS[name].logged
    )
    strength = sum(len(fact.value) if isinstance(fact.value, tuple) else 1 for fact in facts)
    return Fit(prompt, " ".join(filter(None, [_why(prompt.why, facts), presumed])), facts, strength)


def _presumed(prompt: Prompt, goals_shared: Any) -> str:
    return PRESUMED[goals_shared] if 4 in prompt.causes and goals_shared in tuple(PRESUMED) else ""


def _why(template: str, facts: tuple[Fact, ...]) -> str:
    """The template with its slots filled; a slot that cannot be filled leaves the bare facts, never a gap."""
    words = {fact.name: fact.words for fact in facts}
    if facts:
        words["facts"] = joined([fact.words for fact in facts])
    if not all(slot in words for slot in _SLOT.findall(template)):
        template = "{facts}." if facts else ""

    def filled(slot: re.Match[str]) -> str:
        text = words[slot.group(1)]
        starts_a_sentence = slot.string[: slot.start()].rstrip()[-1:] in ("", ".", "?", "!")
        return text[:1].upper() + text[1:] if starts_a_sentence else text

    return _SLOT.sub(filled, template)


def _always_asked(node: Mapping[str, Any]) -> set[str]:
    """The logged facts without which the trigger cannot hold."""
    if "fact" in node:
        return {node["fact"]} if FACTS[node["fact"]].logged else set()
    each = [_always_asked(part) for part in node.get("all", node.get("any", []))]
    return (set().union(*each) if "all" in node else set.intersection(*each)) if each else set()
