"""A Socratic helper: a ladder of our own questions to a client, from what happened to what they would try, answers kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from supabase import Client

from services import texts
from services.errors import Refused
from services.outbox import Operation, Outbox
from services.texts import Text

ABOUT = "socratic"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the ladder. `feeds`: the fields of the formulation that its answers often belong to."""

    label: str
    feeds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question, worded as it could be asked, and a line on why one would. `slug` never changes: answers hang on it."""

    slug: str
    step: str
    wording: str
    why: str


STEPS: Mapping[str, Step] = MappingProxyType(
    {
        "happened": Step("What happened", ("core_problems", "recurring_themes")),
        "meant": Step("What it meant", ("core_beliefs", "expects")),
        "known": Step("Where they know it from", ("development", "schemas")),
        "weighed": Step("What speaks for and against", ("core_beliefs", "beliefs_about_life")),
        "protects": Step("What it protects", ("self_sabotage", "fears")),
        "another": Step("Another way to see it", ("self_with_others", "wants")),
        "trying": Step("What they would try", ("interventions", "protective_factors")),
    }
)

QUESTIONS: tuple[Question, ...] = tuple(Question(*row) for row in (
    ("last-time", "happened", "When did this last happen, and what would a camera have recorded?",
     "One real moment says more than a rule about all of them."),
    ("just-before", "happened", "What went on in the minute before?",
     "What sets it off is often smaller, and earlier, than it seems."),
    ("noticed-first", "happened", "What did you notice first: a thought, a feeling, or something in your body?",
     "It shows by which door this client comes in."),
    ("did-not-happen", "happened", "When could it have happened, and did not?",
     "An exception is a place to start from."),
    ("about-you", "meant", "Suppose it is just as you tell it: what would that say about you?",
     "It follows a thought down to the belief that it rests on."),
    ("about-others", "meant", "And what would it say about other people, or about how life goes?",
     "What is expected of others decides what can be risked here."),
    ("worst-of-it", "meant", "Which part of it is the hardest to look at?",
     "Where it stings there is usually something that matters."),
    ("one-sentence", "meant", "If this part of you had a single sentence to say, what would it be?",
     "A belief in the client’s own words can be looked at together."),
    ("how-far-back", "known", "How far back do you know this feeling?",
     "A rule makes sense in the place where it was learned."),
    ("whose-voice", "known", "When you hear that sentence, whose voice does it have?",
     "What was taken over from somebody can be looked at as theirs."),
    ("useful-then", "known", "What was it good for to see things that way at the time?",
     "A rule that is thanked for its help is easier to leave."),
    ("speaks-for", "weighed", "What do you know that makes you think so?",
     "Where the reasons are heard first, nobody has to defend them."),
    ("does-not-fit", "weighed", "What have you lived through that does not quite fit with it?",
     "An exception that the client finds meets no “yes, but”."),
    ("how-sure", "weighed", "How sure are you of it now, and how sure on one of your better days?",
     "What moves with the day may be something other than a fact."),
    ("safe-from", "protects", "What does it keep you safe from when you hold back?",
     "What looks like standing still often takes care of something."),
    ("if-it-worked", "protects", "Say this goes well: what would be waiting for you then?",
     "Getting better can ask for something, and that may be what is feared."),
    ("who-would-mind", "protects", "Who around you would notice that you had changed, and would anybody mind?",
     "Others have arranged themselves with how things are."),
    ("would-be-missed", "protects", "What would you miss if it were gone?",
     "Once a loss has a name, one can want the change all the same."),
    ("somebody-you-like", "another", "If somebody you like told you this story, what would you hear in it?",
     "Kindness comes easier with a little distance."),
    ("second-reading", "another", "What would be a second way to read what happened?",
     "A second reading need not be right to loosen the first."),
    ("told-later", "another", "How might you tell this a few years from now?",
     "Time shows what of it will still matter."),
    ("small-test", "trying", "How could you find out in a small way whether it is so?",
     "A test that is the client’s own gets done more often than advice."),
    ("good-enough", "trying", "What would be good enough for a first time?",
     "It makes room for something between all and nothing."),
    ("who-helps", "trying", "Who or what could be at your side with it?",
     "What already carries the client belongs in the plan."),
))  # fmt: skip

BY_SLUG: Mapping[str, Question] = MappingProxyType({question.slug: question for question in QUESTIONS})


def of_step(step: str) -> list[Question]:
    """The questions of one step, in their order."""
    return [question for question in QUESTIONS if question.step == step]


def answers(db: Client, *, case: UUID) -> list[Text]:
    """What was written down for a case, as far as the caller may read it; each under its question's slug."""
    return texts.of(db, case=case, about=ABOUT)


def answer(
    outbox: Outbox, *, team: UUID, case: UUID, question: str, body: str, known: Text | None = None, share: bool = False,
    entity: str | None = None, op_id: str | None = None,
) -> Operation:  # fmt: skip
    """Keep what came up at a question. `known` is the answer on screen, which this one takes the place of.

    Empty words take an answer back; a first answer needs some.
    """
    if question not in BY_SLUG:
        raise Refused("This question is not in the ladder. Please choose again.")
    if known:
        return texts.amend(
            outbox, text=known, case=case, body=body, shared=share, what="The answer", op_id=op_id
        )
    if not body.strip():
        raise Refused("What came up? Please write a few words.")
    return texts.write(
        outbox, team=team, case=case, about=ABOUT, slot=question, body=body, shared=share, what="The answer", entity=entity, op_id=op_id
    )  # fmt: skip
