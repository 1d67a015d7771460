"""Words of ruptures, their repair and the prompts of a discussion."""

# fmt: off

from services.vocabulary.words import words

RUPTURE_KINDS = words(
    ("withdrawal", "Withdrawal", "A strain that shows as moving away: silence, distance, going along with everything."),
    ("confrontation", "Confrontation", "A strain that shows as moving against: anger, complaint, pressure."),
    ("mixed", "Mixed", "Both at once, or one turning into the other."),
)

REPAIR_STAGES = words(
    ("noticed", "Noticed", "You saw that something between you had strained."),
    ("named", "Named with the client", "You put it into words together."),
    ("explored", "Explored", "You looked at what happened from both sides."),
    ("need_expressed", "Need expressed", "The client could say what they had needed from you."),
    ("repaired", "Repaired", "You can both work together again."),
    ("parked", "Parked", "Put aside on purpose for now, with a reason."),
)

# What comes next, after each stage that is reached.
REPAIR_PATH = words(
    ("noticed", "Name it together", "How could it be said, plainly and without a reason for it, in the first minutes of the next session?"),
    ("named", "Explore both sides", "Ask what it was like for the client before anything is explained, then say what was one’s own part."),
    ("explored", "Find what was needed", "What had the client needed just then, and can they say it now without having to protect anybody?"),
    ("need_expressed", "Answer it, and ask", "What can be answered now, what cannot, and how does the client say that it is good enough?"),
    ("repaired", "Close it when it holds", "Where the next session bears it out, close it, and let its therapist write down what helped."),
    ("parked", "Say until when", "What was it put aside for, and what would have to happen for it to be taken up again?"),
)

RUPTURE_OUTCOMES = words(
    ("repaired", "Repaired", "The two of you can work together again."),
    ("partly", "Partly repaired", "Better, with something left to come back to."),
    ("not_repaired", "Not repaired", "The strain stayed, and the work goes on beside it."),
    ("ended", "Therapy ended", "The work ended before this could be repaired."),
)

PROMPT_STAGES = words(
    ("validate", "Validate and explore", "First understand what it was like for the client, without explaining."),
    ("contribution", "Own contribution", "Then look at what you brought to it."),
    ("protect", "What might be protected", "Then wonder what the client was keeping safe."),
    ("later", "Later", "Only in later sessions: a rationale, a change of task, a link to a pattern."),
)

PROMPT_VERDICTS = words(
    ("used", "Used", "We talked about this prompt."),
    ("helped", "Helped", "We talked about it and it moved something."),
    ("not_now", "Not now", "It does not fit at the moment."),
)
