"""Words of scores and of the client’s check-in."""

# fmt: off

from services.vocabulary.words import words

MEASURE_DIRECTIONS = words(
    ("lower_is_better", "Lower is better", "A falling score is an improvement."),
    ("higher_is_better", "Higher is better", "A rising score is an improvement."),
)

THRESHOLD_BASES = words(
    ("published", "Published", "A whole number from a publication: it counts from that number on."),
    ("computed", "Computed", "Worked out from a spread and a reliability: it has to be exceeded."),
    ("none", "None", "No threshold is claimed."),
)

# Questions of our own to the client, 0–10. Their wording is ours, and nobody has validated it.
CHECK_IN_QUESTIONS = words(
    ("goals", "Goals", "How sure are you that we are aiming at the right thing?"),
    ("way_of_working", "Way of working", "How useful to you is what we do here?"),
    ("relationship", "Relationship", "How easy is it to be open with me?"),
)

CHECK_IN_ENDS = ("not at all", "completely")

NOT_VALIDATED = "Sixfold’s own, not validated"
