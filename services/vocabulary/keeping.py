"""Words of what is kept, for how long, and of what is erased."""

# fmt: off

from services.vocabulary.words import words

RETAINED = words(
    ("closed_cases", "Closed cases", "Closed and archived cases with all that hangs on them, from the day they were closed."),
    ("reflections", "Weekly reflections", "Reflections with their parts and ratings, from the week they are about."),
    ("earlier_versions", "Earlier versions", "What entries said before they were changed, from the day of the change."),
    ("invitations", "Invitations", "Addresses that were invited, from the day of the invitation."),
)

ERASURE_STATES = words(
    ("asked", "Asked for", "Waits for an administrator of the team."),
    ("approved", "Approved", "Done: what it was about is gone."),
    ("refused", "Refused", "Kept, for the basis that is named."),
)
