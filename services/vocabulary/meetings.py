"""Words of the supervision meeting: its agenda, the stages of a discussion, and what a therapist may release."""

# fmt: off

from collections.abc import Mapping
from types import MappingProxyType

from services.vocabulary.words import words

AGENDA_KINDS = words(
    ("follow_ups", "Last time’s actions", "What was agreed, whether it is done, and whether it helped."),
    ("question", "A therapist’s question", "A moment that its therapist asked to bring."),
    ("case", "Case", "A case to be looked at together."),
    ("rupture", "Rupture and repair", "A strain that is still open, and the next step of its repair."),
    ("theme", "Team theme", "What moved in the team’s own trends."),
    ("went_well", "What went well", "Something that worked, small or large."),
    ("own", "Another matter", "What the supervisor has put on the agenda."),
)

AGENDA_STATES = words(
    ("on", "To come", "On the agenda."),
    ("done", "Talked about", "The team has talked about it."),
    ("carried", "Carried over", "It is proposed again next time, with that as a reason."),
    ("dropped", "Taken off", "Not this time, with the reason."),
)

# What was felt and seen comes before reasons and patterns (PMC5966286), and what went well before what next.
DISCUSSION_STAGES = words(
    ("moment", "The moment", "What happened, as if in slow motion, and the question."),
    ("did_well", "What we did well", "What already worked, before anything else."),
    ("explore", "Explore", "Validate and be curious; no explanations yet."),
    ("look", "Look at the six causes", "What the picture and the ratings say, for and against."),
    ("next_step", "Next step", "One thing to try, who does it, and how we will know."),
)

RELEASED_PARTS = words(
    ("moment", "The moment", "The moment as you wrote it."),
    ("question", "Your question", "What you would like to ask."),
    ("felt", "What you felt", "What you wrote about your own feelings."),
    ("would_like", "What you would like", "What you would like from the others."),
    ("words", "What you add here", "What you write for this meeting."),
    ("reasons", "Why it is here", "The flags that are up on the case, by their names."),
    ("causes", "The six causes", "How you last rated them on this case."),
    ("picture", "The picture of the case", "Scores, episodes and ruptures by week, without a date."),
)

MEETING_STATES = words(
    ("planned", "Planned", "The agenda can still be changed."),
    ("running", "Running", "The team is in it."),
    ("ended", "Ended", "What was decided stands."),
    ("called_off", "Called off", "It did not take place, and what was on it was carried over."),
)

# The pulse at the end of a meeting; counted, and shown from five answers on.
PULSE_QUESTION = "Could I bring a mistake today?"
PULSE_ANSWERS: Mapping[int, str] = MappingProxyType({
    1: "no, not here", 2: "hardly", 3: "perhaps", 4: "probably", 5: "yes, easily",
})

MEETING_TIMERS = words(
    ("role_play", "Role-play", "Play the moment once more; stop when the time is up, and say what it was like."),
    ("silence", "Silent reflection", "Nobody speaks; each writes or thinks for themselves."),
)
