"""Words of the people and of a case as a whole."""

# fmt: off

from collections.abc import Mapping
from types import MappingProxyType

from services.vocabulary.words import words

MEMBER_ROLES = words(
    ("therapist", "Therapist", "Logs episodes and reflections, and sees only their own."),
    ("supervisor", "Supervisor", "Prepares and leads the team’s supervision."),
    ("lead", "Clinical lead", "Sees counts and ages over teams, not content."),
    ("admin", "Administrator", "Sets up teams, people and thresholds; sees no clinical data."),
)

CASE_STATES = words(
    ("active", "Active", "Sessions are going on."),
    ("paused", "Paused", "Sessions have stopped for a while and are meant to go on."),
    ("closed", "Closed", "The work has ended."),
    ("archived", "Archived", "Closed and put away; it is in no list, and can be brought back."),
)

CONTROL_SENSITIVITIES: Mapping[int, str] = MappingProxyType({
    0: "not noticed", 1: "slight", 2: "some", 3: "clear", 4: "very strong",
})

OUTSIDE_FACTORS = words(
    ("social_support", "Social support", "People around the client are missing, busy or in the way."),
    ("life_event", "Life event", "Something happened outside therapy that takes up the room."),
)

TRANSFER_STATES = words(
    ("asked", "Asked", "Waits for a supervisor."),
    ("withdrawn", "Withdrawn", "No longer asked for."),
    ("agreed", "Agreed", "The case has gone to another therapist."),
    ("refused", "Stays with you", "The supervisor would like it to stay where it is; talk about it."),
)

QUESTION_STATES = words(
    ("open", "For the next meeting", "Your supervisor sees it as something you would like to bring."),
    ("withdrawn", "Withdrawn", "Nobody but you sees it."),
    ("discussed", "Discussed", "It has been talked about."),
)

TEXT_ABOUT = words(
    ("goal", "Goal", "The wording of a goal."),
    ("task", "Between-session work", "The wording of a task."),
    ("obstacle", "What got in the way", "Why a task could not be done, as the client tells it."),
    ("strategy", "Strategy", "What you try."),
    ("adjustment", "Adjustment", "What you will do differently from now on."),
    ("formulation", "Formulation", "One field of the formulation card."),
    ("socratic", "Answer to a question", "What came up at one of the Socratic questions."),
    ("rupture_helped", "What helped", "What helped to repair a rupture."),
)
