"""Which questions each kind of operation has; a line per kind."""

from collections.abc import Mapping
from types import MappingProxyType

from services import vocabulary
from services.parked.questions import LONGEST_TEXT, Ask
from services.vocabulary import Word

LONGEST_NOTE = 1_000
SHARED = "Shared with the supervisor"


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
    "item.decide": (
        _choice("decision", "Decision", vocabulary.STEP_BACK_DECISIONS), _text("words", "In words", 500), _text("sentence", "A sentence to try", 300),
        _text("will_know", "How we will know", 300), Ask(("look_again_on",), "Look again on", "later"),
        Ask(("action", "what"), "Who does what", "text", longest=500), Ask(("action", "due_on"), "By when", "later"),
    ),
    "note.share": (),
    "reflection.read": (),
    "transfer.ask": (CASE,),
    "transfer.withdraw": (),
    "transfer.decide": (),
    "mirror.share": (),
    "mirror.withdraw": (),
})  # fmt: skip
