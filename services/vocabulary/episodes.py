"""Words of a resistance episode."""

# fmt: off

from collections.abc import Mapping
from types import MappingProxyType

from services.vocabulary.words import Word, words

EPISODE_KINDS = words(
    ("withdrawal", "Withdrawal", "The client moved away from you or from the work: short answers, going quiet, agreeing too fast."),
    ("confrontation", "Confrontation", "The client moved against you or the work: a complaint, a refusal, an argument."),
    ("homework_not_done", "Homework not done", "Something agreed for between sessions was not done; a fact, and not by itself resistance."),
    ("topic_avoided", "Topic avoided", "A subject that matters was changed, kept vague or left out."),
    ("yes_but", "“Yes, but …”", "Each idea was met with agreement first and a reason against it straight after."),
    ("stalled", "Stalled work", "The same ground again, and nothing moves."),
    ("other", "Something else", "None of these fits; the note can say what it was."),
)

# On a chart of the team: the kind of that name, and whatever has too few entries to be shown by itself.
MERGED = Word("other", "Other, or shown together", "Includes what has too few entries to be shown by itself.")

BLAMES = words(
    ("client", "The client", "My first thought was that the client was the problem."),
    ("myself", "Myself", "My first thought was that I was the problem."),
    ("neither", "Neither", "My first thought was about what was happening, not about whose fault it was."),
)

NEXT_MOVES = words(
    ("insisted", "Insisted", "I went on in the same direction."),
    ("slowed_down", "Slowed down", "I took pressure off and gave it time."),
    ("asked", "Asked", "I became curious and asked about it."),
    ("changed_course", "Changed course", "I changed the task, the topic or the goal."),
    ("nothing", "Nothing yet", "I let it pass for now."),
)

NAMED = words(
    ("yes", "Yes", "We have talked about it openly."),
    ("not_yet", "Not yet", "It has not been talked about so far."),
    ("planned", "Planned", "I mean to raise it at a next session."),
)

INTENSITIES: Mapping[int, str] = MappingProxyType({
    1: "barely there", 2: "light", 3: "clear", 4: "strong", 5: "filled the session",
})
