"""Words of a meeting made from what it holds: what an item is called, why it is there and how that adds up, times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from services import vocabulary
from services.meetings import Item


def label(item: Item) -> str:
    """An item as the shared screen may call it: "Case 47 · Person B", "Rupture and repair · Case 47 · Person B", "Team theme"."""
    if not item.is_a_case:
        return item.title if item.kind == "own" else vocabulary.label("agenda_kind", item.kind)
    case = " · ".join(
        part for part in (item.case and f"Case {item.case}", item.person and f"Person {item.person}") if part
    )
    kind = vocabulary.label("agenda_kind", "rupture") if item.kind == "rupture" else ""
    return " · ".join(part for part in (kind, case) if part) or "A case"


def title(item: Item) -> str:
    """An item on somebody's own device: code and name where they may know them ("C-1044 · Alice"), else as the screen calls it."""
    known = item.known
    said = resolved(item)
    about_a_rupture = item.is_a_case and known is not None and known.code and known.kind == "rupture"
    return f"{vocabulary.label('agenda_kind', 'rupture')} · {said}" if about_a_rupture else said


def resolved(item: Item) -> str:
    """The same without its kind, where that stands beside it."""
    known = item.known
    if not item.is_a_case or known is None or not known.code:
        return label(item)
    return " · ".join(part for part in (known.code, known.therapist) if part)


def kind(item: Item) -> str:
    """What sort of item it is, as far as the reader may know: a question and a flagged case are told apart by those who know it."""
    return vocabulary.label("agenda_kind", item.known.kind if item.known else item.kind)


def screen_name(item: Item) -> str:
    """How a resolved item is called on the shared screen, to say beside its title; empty where it has no label yet."""
    return label(item) if item.is_a_case and item.case else ""


def reason(one: Mapping[str, Any], name: str = "") -> str:
    """One reason for an item without its points: "no reliable improvement", "2 weeks since Alice’s last turn"."""
    whose = f"{name}’s" if name else "the therapist’s"
    match one["why"]:
        case "chosen":
            return f"{name or 'its therapist'} asked to bring it"
        case "flag":
            rule = vocabulary.FLAG_RULES.get(one.get("rule", ""))
            return rule.label[:1].lower() + rule.label[1:] if rule else "a flag is up"
        case "rupture":
            days = one.get("days")
            return f"rupture open for {_count(days, 'day')}" if days else "rupture noticed today"
        case "assigned":
            return "somebody was asked to see to it"
        case "supervisor":
            return "chosen by the supervisor"
        case "carried":
            return "carried over from last time"
        case "turn":
            weeks = one.get("weeks")
            return (
                f"no turn for {name or 'the therapist'} yet"
                if weeks is None
                else f"{_count(weeks, 'week')} since {whose} last turn"
            )
    return str(one["why"]).replace("_", " ")


def chosen(because: Iterable[Mapping[str, Any]]) -> bool:
    return any(one["why"] == "chosen" for one in because)


def arithmetic(because: Iterable[Mapping[str, Any]], name: str = "") -> str:
    """How the points of an item add up: "3 no reliable improvement + 2 (2 weeks since Alice’s last turn) = 5"; empty without points.

    That a supervisor chose it is worth no point, and is said.
    """
    parts = [
        (one["points"], reason(one, name))
        for one in because
        if one.get("points") or one["why"] == "supervisor"
    ]
    if not parts:
        return ""
    total = sum(points for points, _said in parts)
    said = " + ".join(
        f"{points} ({words})" if words[:1].isdigit() else f"{points} {words}" for points, words in parts
    )
    return f"{said} = {total}" if len(parts) > 1 else said


def talked_about(on: date | None) -> str:
    """When a case was last talked about: "Last talked about on 4 November 2026"."""
    return f"Last talked about on {on.day} {on:%B %Y}." if on else "Not talked about yet."


def clocked(seconds: int) -> str:
    """ "4:05", "61:00" """
    return f"{seconds // 60}:{seconds % 60:02d}"


def minutes(count: int) -> str:
    """ "1 minute", "10 minutes" """
    return _count(count, "minute")


def _count(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
