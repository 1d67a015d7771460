"""Words of My mirror, and what its figures do not say."""

# fmt: off

from collections.abc import Mapping
from types import MappingProxyType

from services.vocabulary.words import words

MIRROR_ITEMS = words(
    ("strengths", "Strengths", "What you wrote down as done well."),
    ("six_causes", "The six causes", "Your own ratings, week by week."),
    ("first_blame", "Where the first blame went", "The client, yourself, or neither."),
    ("next_moves", "What I do next", "Your next move after resistance."),
    ("reframes", "Thoughts that helped", "Which of the four you used, and whether they helped."),
    ("repairs", "Repairs", "Ruptures you noticed and the steps you took."),
    ("guesses", "My guess and the client’s answer", "Your guess beside the client’s check-in."),
    ("after_supervision", "Before and after supervision", "Your ratings of a case before and after it was discussed, in the weeks around and in the meeting itself."),
    ("frustration", "Frustration and letting go", "How frustrated you were, and what you could put down."),
)

# What a figure of the mirror says and what it does not; it stands below the figure, and goes along when it is shared.
MIRROR_LIMITS: Mapping[str, str] = MappingProxyType({
    "strengths": "It shows what you noticed yourself. A week without an entry says nothing about that week.",
    "six_causes": "It shows how you saw your part, week by week. It does not say how therapy goes, nor how you compare with anyone.",
    "first_blame": "It shows where your first thought went. It does not say who was right.",
    "next_moves": "It shows what you did next, as you logged it. No move is the right one for every moment.",
    "reframes": "It shows which thoughts you reached for. One that did not reach you one week can the next.",
    "repairs": "It shows strains you noticed and what was done. Noticing more can mean looking closer; none logged does not mean that there were none.",
    "guesses": "It shows how far your picture and the client’s answer lay apart. An answer is one moment’s, and often kinder than the feeling.",
    "after_supervision": "It shows ratings that came before and after. Many things happen in the same weeks, so it does not say what supervision did.",
    "frustration": "It shows how it was for you. Frustration often points at a hope of your own; it says nothing about a client’s effort.",
})
