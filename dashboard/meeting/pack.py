"""The meeting on paper, in two versions: one in labels, as the shared screen may show it, and the supervisor's with names and reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dashboard import charts, paper
from dashboard.forms import clock
from dashboard.meeting import words
from dashboard.paper import svg
from services import prompt_rules, prompts, themes, vocabulary, weeks
from services.actions import Action
from services.meetings import Decision, Item, Meeting
from services.past_meetings import Past, Talked
from services.prompt_rules import STAGES, Prompt
from services.themes import Theme
from services.trends import Trends

TEMPLATE = Path(__file__).with_name("pack.typ")
IN_LABELS = "In labels, drawn anew for each meeting. What stands here was released by those who wrote it; everything else is left out."
WITH_NAMES = (
    "For supervisors of the team only: codes, names and reasons. Points order a list; they measure nobody."
)
SAFE = "From the team’s safe view: no value stands on fewer people or entries than the team has set."
OF_THE_THEME, SMALL = 4, (250, 70)
SAID = {"moment": "The moment", "question": "The question", "felt": "What was felt", "would_like": "What would help", "words": "Added for the meeting"}  # fmt: skip
CAUSES = "The six causes as rated"


@dataclass(frozen=True)
class Beside:
    """What goes along with the agenda: open actions (with names only), the library of prompts, and the team's safe trends."""

    actions: Sequence[Action] = ()
    library: Sequence[Prompt] = ()
    trends: Trends | None = None
    team: str = ""


def of_screen(meeting: Meeting, beside: Beside, *, today: date) -> dict[str, Any]:
    """The version in labels. `meeting` is what meetings.screen gave: nothing else has been read for it."""
    items = [_in_labels(item) for item in meeting.items]
    return _page(meeting, items, beside, today, note=IN_LABELS, actions=())


def of_supervisor(meeting: Meeting, beside: Beside, *, today: date) -> dict[str, Any]:
    """The version with names, reasons and their arithmetic, and prompts for each case."""
    items = [_with_names(item, beside.library) for item in (*meeting.items, *meeting.dropped)]
    return _page(meeting, items, beside, today, note=WITH_NAMES, actions=beside.actions)


def of_past(past: Past, beside: Beside, *, today: date) -> dict[str, Any]:
    """A meeting gone by, with names: what was talked about and what came of it."""
    return _shell(past.held.held_on, beside.team, today, WITH_NAMES) | {
        "facts": f"{words.minutes(past.held.lasted)} of {past.held.minutes} planned",
        "items": [_talked(item, today) for item in past.items], "actions": _actions(past.actions, today), "theme": None, "trends": [],
    }  # fmt: skip


def pdf(content: dict[str, Any]) -> bytes:
    return paper.compiled(TEMPLATE, content, "pdf")[0]


def _shell(held_on: date, team: str, today: date, note: str) -> dict[str, Any]:
    return {
        "title": f"Meeting of {held_on.day} {held_on:%B %Y}", "made": f"{team} · made on {today.day} {today:%B %Y}" if team else f"Made on {today.day} {today:%B %Y}",
        "note": note, "stages": [[word.label, word.help] for word in vocabulary.DISCUSSION_STAGES.values()],
    }  # fmt: skip


def _page(
    meeting: Meeting, items: list[dict[str, Any]], beside: Beside, today: date, *, note: str, actions: Iterable[Action]
) -> dict[str, Any]:  # fmt: skip
    at = f" for {meeting.starts_at}" if meeting.starts_at and meeting.state == "planned" else ""
    planned = sum(item.minutes for item in meeting.items)
    return _shell(meeting.held_on, beside.team, today, note) | {
        "facts": f"{vocabulary.label('meeting_state', meeting.state)}{at} · {planned} of {words.minutes(meeting.minutes)} on the agenda",
        "items": items, "actions": _actions(actions, today), "theme": _theme(Theme.from_json(meeting.theme), beside.library),
        "trends": _trends(beside.trends),
    }  # fmt: skip


def _row(name: str, kind: str, minutes: int, state: str, **more: Any) -> dict[str, Any]:
    stands = "" if state == "on" else f" · {vocabulary.label('agenda_state', state).lower()}"
    kind = f"{kind} · " if kind and kind != name else ""
    return {
        "name": name,
        "facts": f"{kind}{words.minutes(minutes)}{stands}",
        "why": "",
        "said": [],
        "prompts": [],
        "decided": [],
    } | more


def _in_labels(item: Item) -> dict[str, Any]:
    released = item.released
    said = [[name, released[part]] for part, name in SAID.items() if released.get(part)]  # fmt: skip
    if released.get("causes"):
        said.append([CAUSES, _causes(released["causes"])])
    why = "; ".join(vocabulary.label("flag_rule", rule) for rule in released.get("reasons") or ())
    return _row(
        words.label(item), "", item.minutes, item.state, why=why, said=said,
        decided=[line for one in item.decisions for line in _decided(one)],
    )  # fmt: skip


def _with_names(item: Item, library: Sequence[Prompt]) -> dict[str, Any]:
    known = item.known
    if known is None:
        return _in_labels(item)
    said = [[name, known.question[part]] for part, name in SAID.items() if known.question.get(part)]  # fmt: skip
    if known.words:
        said.append([SAID["words"], known.words])
    if known.causes:
        said.append([CAUSES, _causes(known.causes)])
    if known.reason:
        said.append(["Reason", known.reason])
    decided = [line for one in known.decisions for line in _decided(one)]
    if known.reratings:
        decided.append(f"Rated again: {charts.what_shifted_in_words(known.reratings)}")
    screen = f" (on the screen: {words.screen_name(item)})" if words.screen_name(item) else ""
    return _row(
        words.resolved(item), f"{words.kind(item)}{screen}", item.minutes, item.state, why=words.arithmetic(known.because, known.therapist), said=said,
        prompts=_fitting(item, library) if item.state == "on" else [], decided=decided,
    )  # fmt: skip


def _talked(item: Talked, today: date) -> dict[str, Any]:
    decided = [line for one in item.decisions for line in _decided(one)]
    if item.shifts:
        decided.append(f"Rated again: {charts.what_shifted_in_words(item.shifts)}")
    if item.helped:
        decided.append(f"Did talking about it help? {vocabulary.label('helped', item.helped)}")
    said = [["Reason", item.reason]] if item.reason else []
    return _row(item.name, vocabulary.label("agenda_kind", item.kind), item.minutes, item.state, said=said, decided=decided)  # fmt: skip


def _fitting(item: Item, library: Sequence[Prompt]) -> list[str]:
    """One prompt of each stage, by the causes as rated: what was logged beside them is looked up in the meeting itself."""
    if not item.is_a_case or item.known is None:
        return []
    facts: dict[str, Any] = {"subject": "rupture" if item.known.kind == "rupture" else "episode"}
    facts |= {f"cause.{cause}": rating for cause, rating in item.known.causes.items()}
    if strongest := prompts.strongest(item.known.causes):
        facts["strongest_causes"] = strongest
    found = prompt_rules.fits(library, facts)
    first = {fit.prompt.stage: fit.prompt.wording for fit in reversed(found)}
    return [first[stage] for stage in STAGES if stage in first]


def _decided(one: Decision) -> list[str]:
    label = f"{vocabulary.label('step_back_decision', one.decision)}. " if one.decision else ""
    lines = [f"Decided: {label}{one.words}".strip()] if label or one.words else []
    lines += [f"A sentence to try: “{one.sentence}”"] if one.sentence else []
    lines += [f"How we will know: {one.will_know}"] if one.will_know else []
    lines += [f"To be looked at again on {one.look_again_on.day} {one.look_again_on:%B}"] if one.look_again_on else []  # fmt: skip
    return lines


def _causes(rated: Any) -> str:
    return ", ".join(f"{vocabulary.CAUSES[int(cause)].label}\u00a0{rating}" for cause, rating in sorted(rated.items(), key=lambda pair: int(pair[0])))  # fmt: skip


def _actions(actions: Iterable[Action], today: date) -> list[list[str]]:
    rows = []
    for one in actions:
        due = clock.date_words(one.due_on, now=today) if one.due_on else ""
        helped = f"; {vocabulary.label('helped', one.helped).lower()}" if one.helped else ""
        rows.append([f"{one.code}: {one.what}" if one.code else one.what, one.owner, due, vocabulary.label("action_state", one.state) + helped])  # fmt: skip
    return rows


def _theme(theme: Theme | None, library: Sequence[Prompt]) -> dict[str, Any] | None:
    if theme is None:
        return None
    fitting = themes.fits(library, theme)[:OF_THE_THEME]
    return {"title": theme.title, "words": theme.in_words, "picture": _course(theme), "safe": SAFE, "prompts": [fit.prompt.wording for fit in fitting]}  # fmt: skip


def _course(theme: Theme) -> str:
    if not theme.points:
        return ""
    limits, marks = themes.judged(theme.points)
    first = theme.points[0].start
    points = [((point.start - first).days // 7, point.value) for point in theme.points]
    top = max([value for _, value in points] + ([limits.upper] if limits else []))
    return svg.course(
        points, highest=4 if theme.cause else max(1, round(top + 0.5)), names=(weeks.spelt(first), weeks.spelt(theme.points[-1].start)),
        usual=(max(0, limits.lower), limits.upper) if limits else None, marked={(start - first).days // 7 for start in marks},
    )  # fmt: skip


def _trends(shape: Trends | None) -> list[dict[str, str]]:
    """The six causes as the safe view has them, each with its own small picture; a cause with nothing to show is left out."""
    if shape is None or shape.causes.empty:
        return []
    first = min(shape.causes["period_start"])
    made = []
    for cause, part in shape.causes.groupby("cause"):
        rows = part.sort_values("period_start").to_dict("records")
        points = [((row["period_start"] - first).days // 7, float(row["mean"])) for row in rows]
        picture = svg.course(points, highest=4, names=(weeks.spelt(first), weeks.spelt(rows[-1]["period_start"])), size=SMALL)  # fmt: skip
        last = f"{vocabulary.CAUSES[int(cause)].label}, last {rows[-1]['mean']:.1f} of 4"
        made.append({"picture": picture, "words": last})
    return made
