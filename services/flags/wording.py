"""Flags in words: what a rule saw, and which entry would clear it."""

from collections.abc import Mapping
from typing import Any

from services import vocabulary


def named(rule: str, about: str) -> str:
    """ "No reliable improvement · PHQ-9". `about`: the name of a measure, or the number of a cause."""
    word = vocabulary.label("flag_rule", rule)
    if rule == "R8":
        return f"{word} · {vocabulary.CAUSES[int(about)].label}"
    return f"{word} · {about}" if about else word


def _points(value: float) -> str:
    size = f"{abs(value):g}"
    return f"{size} point" if abs(value) == 1 else f"{size} points"


def _than(n: Mapping[str, Any]) -> str:
    return f"{n['needed']:g} or more" if n["basis"] == "published" else f"more than {n['needed']:g}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _r1(n: Mapping[str, Any]) -> str:
    moved = n["improved"]
    change = "no change" if moved == 0 else f"{_points(moved)} {'better' if moved > 0 else 'worse'}"
    return (
        f"{n['sessions']} sessions attended, and {change} than at first; it takes {_than(n)} to be reliable."
    )


def _r2(n: Mapping[str, Any]) -> str:
    first, best = n["worse_than_first"], n["worse_than_best"]
    against = f"{_points(first)} worse than at first" if first > 0 else "not worse than at first"
    return f"{_points(best)} worse than the best score and {against}; reliable from {_than(n)} on."


def _r6(n: Mapping[str, Any]) -> str:
    early = "; one of them before the third session" if n["early"] else ""
    return f"The client did not come to {n['missed']} of the last {n['booked']} booked sessions{early}."


def _r7(n: Mapping[str, Any]) -> str:
    whose = {"client": "the client", "together": "both of you", "therapist": "the therapist"}
    by = ", ".join(f"{n[key]} by {word}" for key, word in whose.items() if n[key])
    return f"Of the last {n['looked_at']} looks, {n['undone']} found little or nothing done. Proposed: {by}."


def _r11(n: Mapping[str, Any]) -> str:
    empty = [f"{n['missing']} {'is' if n['missing'] == 1 else 'are'} empty"] if n["missing"] else []
    old = [f"{n['old']} {'is' if n['old'] == 1 else 'are'} older than {_days(n['days'])}"] if n["old"] else []
    return f"Another flag is up, and of the nine fields {' and '.join(empty + old)}."


WHY = {
    "R1": _r1,
    "R2": _r2,
    "R3": lambda n: f"The last {n['scores']} scores lie within {_points(n['spread'])}, on the clinical side of the cut-off; {_than(n)} would be a reliable change.",
    "R4": lambda n: f"The client’s check-in fell by {n['fell']:g} of 30; {n['sd']:g} is usual here.",
    "R5": lambda n: f"{'An open rupture has' if n['ruptures'] == 1 else str(n['ruptures']) + ' open ruptures have'} had no repair step for {_days(n['days'])}; the team allows {n['allowed']}.",
    "R6": _r6,
    "R7": _r7,
    "R8": lambda n: f"“{vocabulary.CAUSES[n['cause']].label}” was rated 3 or 4 in {n['high']} of the last {n['weeks']} rated weeks, and no action is open.",
    "R9": lambda n: f"{'Last talked about in supervision' if n['ever'] else 'Not talked about in supervision since the start,'} {_days(n['days'])} ago; the team allows {n['allowed']}.",
    "R10": lambda n: f"Nothing was entered for {_days(n['days'])}; after {n['allowed']} that reads “unknown”, never “fine”.",
    "R11": _r11,
}  # fmt: skip
CLEARS = {
    "R1": lambda n: f"A score that is better than the first by {_than(n)}.",
    "R2": lambda n: f"A score that is no longer worse than the best by {_than(n)}.",
    "R3": lambda n: f"A score that differs from one of the others by {_than(n)}, or lies on the other side of the cut-off.",
    "R4": lambda n: "A check-in that is higher than the last one.",
    "R5": lambda n: "A repair step, or the close of the rupture.",
    "R6": lambda n: "Sessions attended, until those missed are no longer among the last four booked.",
    "R7": lambda n: "A look at a task that was mostly done, or done differently.",
    "R8": lambda n: "An action agreed for this case, or a week in which the cause is rated lower.",
    "R9": lambda n: "Talking about it: a prompt used on it, a step back, or a place on the agenda.",
    "R10": lambda n: "Any entry on the case.",
    "R11": lambda n: "Writing or renewing fields of the formulation.",
}  # fmt: skip
