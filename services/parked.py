"""What an author can change about an entry that the database refused: a table of questions per kind of operation."""

import copy
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from supabase import Client

from services import cases, entries, vocabulary
from services.errors import explained
from services.outbox import Operation
from services.vocabulary import Word

LONGEST_NOTE, LONGEST_TEXT = 1_000, 2_000
SHARED = "Shared with the supervisor"


@dataclass(frozen=True, slots=True)
class Ask:
    """One value in an entry: where it stands in the parameters, what it is called, and how it is asked for.

    `how`: day, later (a day that may be to come, or none), choice, choices, number, score, cause, case, code, text or yes.
    `words` are the choices, `low` and `high` the range of a number, `longest` counts the characters of a text.
    """

    path: tuple[str, ...]
    label: str
    how: str
    words: Mapping[str, Word] = field(default_factory=dict)
    needed: bool = False
    low: int = 0
    high: int = 10
    longest: int = LONGEST_TEXT

    @property
    def name(self) -> str:
        return "_".join(self.path)


def _day(path: str, label: str) -> Ask:
    return Ask((path,), label, "day", needed=True)


def _choice(path: str, label: str, words: Mapping[str, Word], *, needed: bool = False) -> Ask:
    return Ask((path,), label, "choice", words, needed=needed)


def _number(path: str, label: str, low: int = 0, high: int = 10) -> Ask:
    return Ask(tuple(path.split(".")), label, "number", low=low, high=high)


def _words(path: str, label: str, longest: int = LONGEST_TEXT) -> tuple[Ask, Ask]:
    """A text with its own sharing, asked about where the entry holds one."""
    return Ask((path, "body"), label, "text", longest=longest), Ask((path, "shared"), SHARED, "yes")


def _text(path: str, label: str, longest: int) -> Ask:
    return Ask((path,), label, "text", longest=longest)


CASE = Ask(("case",), "Case", "case", needed=True)
FACTS = (
    _choice("kind", "What happened", vocabulary.EPISODE_KINDS, needed=True),
    _day("happened_on", "When"),
    _number("intensity", "How strong it was", 1, 5),
    _choice("first_blame", "Where the first blame went", vocabulary.BLAMES),
    _choice("next_move", "What I did next", vocabulary.NEXT_MOVES),
    _choice("named", "Named with the client", vocabulary.NAMED),
    Ask(("markers",), "Also noticed", "choices", vocabulary.EPISODE_KINDS),
    *(Ask(("ratings", str(number)), cause.label, "cause") for number, cause in vocabulary.CAUSES.items()),
    Ask(("outside",), "Outside therapy", "choices", vocabulary.OUTSIDE_FACTORS),
)
SESSION = (
    _day("held_on", "Day"),
    _number("number", "Number of the session", 1, 999),
    _choice("attendance", "Attendance", vocabulary.ATTENDANCES, needed=True),
    _choice("mode", "How you met", vocabulary.SESSION_MODES),
)
IMPORTANCE = _number("importance", "How much it matters to the client")
CHECK_IN = (
    _day("on_day", "Day"),
    *(_number(key, word.label) for key, word in vocabulary.CHECK_IN_QUESTIONS.items()),
    *(
        _number(f"guess.{key}", f"My guess: {word.label.lower()}")
        for key, word in vocabulary.CHECK_IN_QUESTIONS.items()
    ),
)
QUESTION = (
    _text("moment", "The moment", 1_000),
    _text("question", "The question", 500),
    _text("felt", "What I felt", 500),
    _text("would_like", "What I would like", 500),
)

# A kind that is not here is asked about by what it holds: each text in it, and each day.
EDITABLE: Mapping[str, tuple[Ask, ...]] = MappingProxyType({
    "case.open": (Ask(("code",), "Another code", "code", needed=True), _number("control_sensitivity", "Sensitivity to control", 0, 4)),
    "case.amend": (
        _choice("state", "State", vocabulary.CASE_STATES, needed=True), _day("started_on", "Began on"),
        _number("control_sensitivity", "Sensitivity to control", 0, 4),
    ),
    "episode.log": (CASE, *FACTS, *_words("note", "Note", 300)),
    "episode.amend": FACTS,
    "rupture.open": (CASE, _choice("kind", "Kind of rupture", vocabulary.RUPTURE_KINDS, needed=True), _day("noticed_on", "Noticed on")),
    "rupture.step": (
        _choice("stage", "Step", vocabulary.REPAIR_STAGES, needed=True), _day("taken_on", "Day of the step"),
        *_words("note", "Note", LONGEST_NOTE),
    ),
    "rupture.close": (
        _choice("outcome", "How it ended", vocabulary.RUPTURE_OUTCOMES, needed=True), _day("closed_on", "Day it was closed"),
        *_words("helped", "What helped"),
    ),
    "prompt.mark": (_choice("verdict", "What came of it", vocabulary.PROMPT_VERDICTS, needed=True), *_words("note", "Note", LONGEST_NOTE)),
    "session.log": (CASE, *SESSION),
    "session.amend": SESSION,
    "goal.set": (
        CASE, _choice("set_by", "Who set it", vocabulary.PROPOSERS, needed=True), IMPORTANCE, _day("set_on", "Set on"),
        *_words("wording", "The goal"),
    ),
    "goal.amend": (
        _choice("set_by", "Who set it", vocabulary.PROPOSERS, needed=True), IMPORTANCE, _choice("state", "State", vocabulary.GOAL_STATES, needed=True),
    ),
    "goal.progress": (_day("on_day", "Day"), _number("progress", "How far it has come")),
    "task.give": (
        CASE, _choice("proposed_by", "Who proposed it", vocabulary.PROPOSERS, needed=True), IMPORTANCE, _day("given_on", "Given on"),
        *_words("wording", "The task"),
    ),
    "task.amend": (
        _choice("proposed_by", "Who proposed it", vocabulary.PROPOSERS, needed=True), IMPORTANCE, _choice("state", "State", vocabulary.TASK_STATES, needed=True),
    ),
    "task.check": (
        _day("on_day", "Day"), _choice("done", "How much of it was done", vocabulary.TASK_DONE, needed=True),
        *_words("obstacle", "What got in the way"),
    ),
    "check_in.enter": (CASE, *CHECK_IN),
    "check_in.amend": CHECK_IN,
    "score.enter": (CASE, _day("on_day", "Day"), Ask(("value",), "Score", "score", needed=True)),
    "score.amend": (Ask(("value",), "Score", "score", needed=True),),
    "formulation.write": (
        _day("written_on", "Written on"), Ask(("ticked",), "Fears", "choices", vocabulary.CLIENT_FEARS), *_words("words", "Words"),
    ),
    "strategy.start": (CASE, _day("started_on", "Began on"), *_words("wording", "The strategy")),
    "strategy.end": (_day("ended_on", "Ended on"),),
    "plan.review": (
        CASE, _day("reviewed_on", "Reviewed on"), Ask(("next_review_on",), "Next review", "later"), *_words("adjustment", "Adjustment"),
    ),
    "text.write": (_text("body", "Text", LONGEST_TEXT), Ask(("shared",), SHARED, "yes")),
    "text.amend": (_text("body", "Text", LONGEST_TEXT), Ask(("shared",), SHARED, "yes")),
    "question.ask": (CASE, *QUESTION, _day("asked_on", "Asked on")),
    "question.amend": QUESTION,
    "flag.work": (
        _text("note", "Note", 500), Ask(("due_on",), "Due on", "later"), Ask(("until_on",), "It comes back on", "later"),
        _choice("outcome", "How it was dealt with", vocabulary.FLAG_OUTCOMES, needed=True),
    ),
    "step_back.decide": (
        _text("seen", "What we see now", LONGEST_TEXT), _text("let_go", "What we let go of", 1_000),
        _choice("decision", "Decision", vocabulary.STEP_BACK_DECISIONS, needed=True), Ask(("look_again_on",), "Look again on", "later"),
        _day("done_on", "Day of the step back"), Ask(("action", "what"), "What is to be done", "text", longest=500),
        Ask(("action", "due_on"), "By when", "later"),
    ),
    "action.agree": (_text("what", "What", 500), Ask(("due_on",), "By when", "later")),
    "action.amend": (
        _choice("state", "How it stands", vocabulary.ACTION_STATES), _choice("helped", "Did it help?", vocabulary.ACTION_HELPED),
        Ask(("due_on",), "By when", "later"),
    ),
    "note.share": (),
    "reflection.read": (),
    "transfer.ask": (CASE,),
    "transfer.withdraw": (),
    "transfer.decide": (),
    "mirror.share": (),
    "mirror.withdraw": (),
})  # fmt: skip


def asks(op: Operation) -> list[Ask]:
    """What can be changed in this entry: of its kind's questions those that it answers, or every text and day in it."""
    known = EDITABLE.get(op.kind)
    if known is None:
        return list(_found(op.params))
    return [
        ask
        for ask in known
        if (ask.path[0] in op.params if len(ask.path) == 1 else value(op.params, ask.path[:-1]) is not None)
        and not (ask.how == "later" and not value(op.params, ask.path))
    ]


def value(params: Mapping[str, Any], path: Sequence[str]) -> Any:
    """What stands there; None when nothing does."""
    for key in path:
        if not isinstance(params, Mapping) or key not in params:
            return None
        params = params[key]
    return params


def changed(params: Mapping[str, Any], answers: Iterable[tuple[Ask, Any]], *, today: date) -> dict[str, Any]:
    """The parameters with these answers in place of what stood there. Raises Refused for what could not be stored."""
    new = copy.deepcopy(dict(params))
    for ask, answer in answers:
        holder = value(new, ask.path[:-1])
        if answer is UNANSWERED:
            holder.pop(ask.path[-1], None)
        else:
            holder[ask.path[-1]] = _checked(ask, answer, today)
    return new


UNANSWERED = object()  # the answer that takes a rating of a cause back


def _checked(ask: Ask, answer: Any, today: date) -> Any:
    what = f"“{ask.label}”"
    match ask.how:
        case "day":
            return entries.day(answer, today=today, what=what)
        case "later":
            return answer.isoformat() if answer else None
        case "choice" | "case":
            return entries.one_of(answer, ask.words, what, needed=ask.needed)
        case "choices":
            return entries.some_of(answer or [], ask.words, what)
        case "number":
            return entries.within(answer, ask.low, ask.high, what)
        case "cause":
            return entries.within(answer, 0, 4, what)
        case "code":
            return cases.checked_code(answer or "")
        case "text":
            return entries.text(answer, ask.longest, what)
        case "yes":
            return bool(answer)
    return answer


# Where an entry keeps its words, whatever kind of entry it is.
_WORDS = {"body", "text", "note", "words", "wording", "moment", "question"}
_KEY = re.compile(r"[a-z0-9_.-]*")


def _found(params: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[Ask]:
    for key, there in params.items():
        path = (*above, key)
        label = " ".join(path).replace("_", " ").removesuffix(" body").capitalize()
        if isinstance(there, Mapping):
            yield from _found(there, path)
        elif isinstance(there, str) and not _is_id(there):
            if _is_day(there):
                yield Ask(path, label, "later")  # the database knows whether it may be to come
            elif key in _WORDS or not _KEY.fullmatch(there):
                yield Ask(path, label, "text")


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def in_words(ask: Ask, there: Any) -> str:
    """A value as a person reads it; empty when there is none."""
    if there is None and ask.how == "cause":
        return vocabulary.CANNOT_TELL
    if there in (None, "", []) or ask.how == "case":
        return ""
    match ask.how:
        case "choice":
            return ask.words[there].label if there in ask.words else str(there)
        case "choices":
            return ", ".join(ask.words[one].label if one in ask.words else str(one) for one in there)
        case "day" | "later" if isinstance(there, str) and _is_day(there):
            day = date.fromisoformat(there)
            return f"{day.day} {day:%B %Y}"
        case "yes":
            return "yes" if there else "no"
    return str(there)


def said(params: Mapping[str, Any], asked: Sequence[Ask]) -> dict[str, str]:
    """Label → words, of what an entry says."""
    return {
        ask.label: words
        for ask in asked
        if (ask.how != "cause" or ask.path[-1] in (value(params, ask.path[:-1]) or {}))
        and (words := in_words(ask, value(params, ask.path)))
    }


def as_day(there: Any, *, today: date) -> date:
    """The day that stands there, or today where that is none that could be stored."""
    if isinstance(there, str) and _is_day(there):
        day = date.fromisoformat(there)
        if entries.EARLIEST <= day <= today + timedelta(days=1):
            return day
    return today


@dataclass(frozen=True, slots=True)
class Standing:
    """What the database has by now where a change was refused: its version if it has one, and its values as parameters."""

    version: int
    params: dict[str, Any] = field(default_factory=dict)


def _row(db: Client, table: str, columns: str, **where: object) -> dict | None:
    with explained():
        query = db.table(table).select(columns)
        for name, wanted in where.items():
            query = query.eq(name, wanted)
        rows = (
            query.order(columns.split(",")[0], desc=True).limit(1).execute().data
        )  # the version, where there are several
    return rows[0] if rows else None


def _fact(table: str, columns: str) -> Callable[[Client, Operation, str], "Standing | None"]:
    def read(db: Client, op: Operation, owner: str) -> Standing | None:
        row = _row(db, table, columns, therapist_id=owner, id=op.entity)
        return Standing(0, row) if row else None

    return read


def _episode(db: Client, op: Operation, owner: str) -> Standing | None:
    columns = (
        "version, happened_on, kind, markers, intensity, first_blame, next_move, named, outside, ratings"
    )
    row = _row(db, "episode_list", columns, therapist_id=owner, id=op.entity)
    return Standing(row["version"], row) if row else None


def _score(db: Client, op: Operation, owner: str) -> Standing | None:
    row = _row(db, "score_list", "version, value", therapist_id=owner, id=op.entity)
    return Standing(row["version"], row) if row else None


def _check_in(db: Client, op: Operation, owner: str) -> Standing | None:
    answers = list(vocabulary.CHECK_IN_QUESTIONS)
    columns = ", ".join(["on_day", *answers, *(f"guessed_{key}" for key in answers)])
    row = _row(db, "check_in_list", columns, therapist_id=owner, id=op.entity)
    if row is None:
        return None
    guess = {key: row[f"guessed_{key}"] for key in answers}
    return Standing(0, row | {"guess": guess if any(one is not None for one in guess.values()) else None})


def _case_text(db: Client, op: Operation, owner: str) -> Standing | None:
    row = _row(db, "case_texts", "version, body, shared", therapist_id=owner, id=op.entity)
    return Standing(row["version"], row) if row else None


def _formulation(db: Client, op: Operation, owner: str) -> Standing | None:
    row = _row(
        db, "formulation_list", "version, written_on, ticked, body, shared",
        therapist_id=owner, case_id=op.params["case"], field=op.params["field"],
    )  # fmt: skip
    if row is None:
        return None
    return Standing(
        row["version"], row | {"words": {"body": row["body"] or "", "shared": bool(row["shared"])}}
    )


def _action(db: Client, op: Operation, owner: str) -> Standing | None:
    columns = "version, state, helped, due_on"
    row = _row(db, "action_list", columns, created_by=op.params.get("created_by", owner), id=op.entity)
    return Standing(row["version"], row) if row else None


# Kinds whose operations name the version they build on (`based_on`), or say what they saw (`was`). The weekly reflection has a page of its own for it.
VERSIONED: Mapping[str, Callable[[Client, Operation, str], Standing | None]] = MappingProxyType({
    "episode.amend": _episode, "score.amend": _score, "text.amend": _case_text, "formulation.write": _formulation,
    "action.amend": _action, "session.amend": _fact("sessions", "number, held_on, attendance, mode"),
    "goal.amend": _fact("goals", "set_by, importance, state"), "task.amend": _fact("tasks", "proposed_by, importance, agreed, state"),
    "check_in.amend": _check_in, "question.amend": _fact("questions", "moment, question, felt, would_like, state"),
})  # fmt: skip


def changed_elsewhere(op: Operation) -> bool:
    """Whether this was refused because another device was first: then there are two versions to choose from."""
    return op.code == "SX409" and op.kind in VERSIONED and bool({"based_on", "was"} & set(op.params))


def standing(db: Client, op: Operation, *, owner: str) -> Standing | None:
    """What the database has by now of what this operation would change; None when it is no longer there."""
    return VERSIONED[op.kind](db, op, owner)


def in_its_place(op: Operation, stands: Standing) -> dict[str, Any]:
    """The parameters of the same change, made to build on what stands by now."""
    if "was" in op.params:
        return op.params | {"was": {name: stands.params[name] for name in op.params["was"]}}
    return op.params | {"based_on": stands.version}
