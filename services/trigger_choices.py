"""The trigger of a prompt as plain choices: read into them, made of them, and told in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from services import vocabulary
from services.prompt_facts import FACTS, GOALS_SHARED, LIST_OF, NUMBER, SUBJECTS, FactKind

ALL, ANY = "all", "any"

NAMES: Mapping[str, str] = {
    "subject": "What is being discussed", "kind": "Kind of the episode", "markers": "What is marked of the episode", "intensity": "Intensity of the episode",
    "first_blame": "First blame", "next_move": "Next move", "named": "Talked about with the client", "outside": "Outside therapy",
    **{f"cause.{number}": f"Rating of cause {number}: {cause.label}" for number, cause in vocabulary.CAUSES.items()},
    "strongest_causes": "Causes rated highest", "rupture_kind": "Kind of the rupture", "rupture_days": "Days a rupture is open", "repair_stage": "How far the repair is",
    "unticked": "Rapport behaviours left open", "frustration": "Frustration, where it was shared", "control_sensitivity": "Sensitivity to control",
    "goals_shared": "Whose the open goals are", "theme_cause": "Cause of a team theme", "weeks_rising": "Weeks a theme has risen",
}  # fmt: skip
_ENUM_OF = {
    "kind": "episode_kind", "markers": "episode_kind", "first_blame": "blame", "next_move": "next_move", "named": "named", "outside": "outside_factor",
    "rupture_kind": "rupture_kind", "repair_stage": "repair_stage", "unticked": "rapport_behaviour",
}  # fmt: skip


def choice(fact: str, value: str | int) -> str:
    """How one value of a fact reads as a choice."""
    if fact in _ENUM_OF:
        return vocabulary.label(_ENUM_OF[fact], str(value))
    if fact in ("strongest_causes", "theme_cause"):
        return vocabulary.CAUSES[int(value)].label
    if fact == "goals_shared":
        return GOALS_SHARED[str(value)]
    return {key: f"a {key}" if key == "rupture" else f"an {key}" if key == "episode" else "a team theme" for key in SUBJECTS}[str(value)]  # fmt: skip


def conditions(trigger: Any) -> tuple[str, list[dict]] | None:
    """How conditions go together (ALL or ANY), and each of them; None where groups are nested or a fact occurs twice."""
    if trigger == {}:
        return ALL, []
    if not isinstance(trigger, Mapping):
        return None
    group = ALL if ALL in trigger else ANY if ANY in trigger else None
    parts = trigger[group] if group else [trigger]
    if not isinstance(parts, list) or not all(
        isinstance(one, Mapping) and one.get("fact") in FACTS for one in parts
    ):
        return None
    named = [one["fact"] for one in parts]
    return (group or ALL, [dict(one) for one in parts]) if len(set(named)) == len(named) else None


def trigger(together: str, chosen: Sequence[Mapping[str, Any]]) -> dict:
    """The trigger that these conditions make; {} (always) for none."""
    if not chosen:
        return {}
    return dict(chosen[0]) if len(chosen) == 1 else {together: [dict(one) for one in chosen]}


def condition(fact: str, *, values: Sequence[Any] = (), low: int | None = None, high: int | None = None) -> dict:  # fmt: skip
    """One condition; what was left open is left out, and `prompt_rules.validate` says when that is too little."""
    kind = FACTS[fact]
    if kind.shape == NUMBER:
        bounds = {"at_least": low, "at_most": high}
        return {"fact": fact} | {name: value for name, value in bounds.items() if value is not None}
    return {"fact": fact, "has" if kind.shape == LIST_OF else "is": list(values)}


def in_words(node: Any) -> str:
    """When a prompt comes up, in words: "always", "cause … at least 3, and …"."""
    if not node:
        return "always"
    if not isinstance(node, Mapping):
        return "never: its trigger cannot be read"
    for group, word in ((ALL, " and "), (ANY, " or ")):
        if group in node:
            told = [in_words(one) for one in node[group]]
            return word.join(f"({one})" if " and " in one or " or " in one else one for one in told)
    kind = FACTS.get(node.get("fact", ""))
    return _condition_in_words(kind, node) if kind else "never: it names a fact that is not known"


def _condition_in_words(kind: FactKind, node: Mapping[str, Any]) -> str:
    name = NAMES[kind.name]
    if kind.shape == NUMBER:
        bounds = [f"{words} {node[op]:g}" for op, words in (("at_least", "at least"), ("at_most", "at most")) if op in node]  # fmt: skip
        return f"{name}: {', '.join(bounds)}"
    values = node.get("has" if kind.shape == LIST_OF else "is", [])
    return f"{name}: {' or '.join(choice(kind.name, value) for value in values)}"
