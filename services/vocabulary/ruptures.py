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
