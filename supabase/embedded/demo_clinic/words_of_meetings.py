"""What Team North's meetings were about: three that have been held, and the one that is ahead. All of it is made up."""

from dataclasses import dataclass

from demo_clinic.people import RUNNING

WENT_WELL, FOLLOW_UPS, THEME = "went_well", "follow_ups", "theme"


@dataclass(frozen=True, slots=True)
class Action:
    """Who does what, within how many weeks; done on that day of the week after the meeting's own (None: still open)."""

    owner: str
    what: str
    due: int
    done: int | None = None
    helped: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One item; `shift` is what changed in the six causes when its therapist rated again, `because` the flags: rule, severity, points."""

    kind: str
    code: str | None = None
    minutes: int = 10
    state: str = "done"
    reason: str = ""
    because: tuple[tuple[str, str, int], ...] = ()
    carried: bool = False
    asked: tuple[str, str] | None = None  # moment and question, where it is of the past
    released: tuple[str, ...] = ()
    words: str = ""
    helped: str | None = None
    shift: tuple[tuple[int, int], ...] = ()
    decision: str | None = None
    decided: str = ""
    sentence: str = ""
    will_know: str = ""
    shown: bool = True
    action: Action | None = None
    spent: int = 0  # minutes


# week, minutes, items, answers to the pulse from 1 to 5
HELD: tuple[tuple[int, int, tuple[Item, ...], tuple[int, ...]], ...] = (
    (RUNNING - 3, 60, (
        Item(FOLLOW_UPS, minutes=5, spent=4),
        Item("case", "C-0419", because=(("R9", "watch", 2),), released=("reasons", "causes"), spent=14, helped="yes", shift=((4, -1), (6, 2)),
             decision="adjust_plan", decided="The silence gets time, and nobody fills it.", sentence="I am still here, and we do not have to talk.",
             will_know="The next silence ends with their words.",
             action=Action("theo", "Say in the silence that I am waiting, and wait", 1, 8, "yes")),
        Item("rupture", "C-0437", state="dropped", reason="Its therapist would like to prepare it first.", because=(("R5", "review", 4),)),
        Item("case", "C-0416", minutes=12, released=("picture",), spent=13, helped="a_little", shift=((2, 2), (4, -2)), decision="go_on",
             decided="What is hard now belongs to the work; the plan stays as it is."),
        Item(WENT_WELL, minutes=5, spent=3, decided="A client came back after two missed sessions, and was met without a question."),
    ), (0, 1, 3, 1, 0)),
    (RUNNING - 2, 60, (
        Item(FOLLOW_UPS, minutes=5, spent=6),
        Item("question", "C-0398", minutes=12, asked=("We both looked at the goal on the sheet, and neither of us said a word.", "Whose goal is this by now?"),
             released=("moment", "question", "causes"), spent=15, helped="yes", shift=((2, 2), (4, -1)), decision="adjust_plan",
             decided="The goal is made anew, in the next session, in the words of the client.", sentence="What would you like this to be for?",
             will_know="They choose the words, and say them twice.",
             action=Action("nora", "Take the old goal off the sheet before the session", 1, 7, "a_little")),
        Item("case", "C-0433", because=(("R2", "escalate", 5),), released=("reasons", "picture"), spent=12, helped="too_early", shift=((2, 1), (4, -2), (6, 0)),
             decision="consult", decided="First find out what became harder; then look at the plan once more.",
             will_know="There is one sentence about it in the plan review."),
        Item("case", "C-0405", released=("causes",), spent=9, helped="yes", shift=((2, -1), (5, -1)),
             decided="Small steps, and each of them with a reason of its own.", shown=False,
             action=Action("jonas", "Ask what would make a small step worth it", 1, 8, "yes")),
        Item("case", "C-0452", state="carried", reason="No time was left for it."),
        Item(WENT_WELL, minutes=5, spent=4, decided="Somebody said “I was wrong”, and the client laughed."),
    ), (0, 0, 3, 2, 0)),
    (RUNNING - 1, 75, (
        Item(FOLLOW_UPS, minutes=5, spent=7),
        Item("question", "C-0448", minutes=12, asked=("They shouted, and I explained in a very low voice.", "What would have been an answer?"),
             released=("moment", "question", "would_like", "causes"), spent=16, helped="yes", shift=((2, -1), (3, 0), (6, 2)),
             decision="adjust_plan", decided="The anger is answered first, the explanation comes later or never.",
             sentence="You are angry with me, and I want to know why.", will_know="I hear the end of the sentence before I speak.",
             action=Action("theo", "Try the sentence once out loud before the session", 2)),
        Item("rupture", "C-0455", minutes=15, because=(("R4", "watch", 1),), released=("moment", "reasons", "causes"), spent=17, helped="yes",
             shift=((1, 1), (3, -2)), decided="Begin with the complaint, and leave the plan for the end of the hour.",
             sentence="You told me something important, and I want to hear it.", will_know="They go on speaking after my first sentence.",
             action=Action("nora", "Begin the next session with the sentence we chose", 1, 1)),
        Item("case", "C-0412", minutes=8, released=("picture",), spent=10, helped="a_little", decided="Nothing to repair, something to say."),
        Item(THEME, minutes=8, spent=9, decided="Before a task is given, the one who gives it says whose idea it is."),
        Item("case", "C-0452", state="carried", reason="It needs more than the five minutes that were left.", because=(("R6", "review", 3),), carried=True),
        Item(WENT_WELL, minutes=5, spent=3, decided="Two ruptures were spoken of within a week of being noticed."),
    ), (0, 0, 1, 3, 1)),
)  # fmt: skip

AHEAD = (
    Item(FOLLOW_UPS, minutes=6, state="on"),
    Item("question", "C-0431", minutes=14, state="on", because=(("R5", "review", 4), ("R4", "review", 3)),
         released=("moment", "question", "would_like", "reasons", "causes", "picture", "words"), words="I would like to hear three different first sentences."),
    Item("question", "C-0387", minutes=12, state="on", because=(("R1", "escalate", 4), ("R3", "review", 2), ("R7", "watch", 1), ("R11", "watch", 1)),
         released=("question", "picture"), words="Perhaps I should say first what I do not want to hear."),
    Item("rupture", "C-0437", minutes=12, state="on", because=(("R5", "escalate", 5),)),
    Item("case", "C-0452", minutes=10, state="on", because=(("R6", "review", 3),), carried=True),
    Item("case", "C-0459", minutes=10, state="on"),
    Item(THEME, minutes=6, state="on"),
    Item(WENT_WELL, minutes=5, state="on"),
)  # fmt: skip
