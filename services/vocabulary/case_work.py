"""Words of the work in a case: sessions, goals, between-session work, formulation and plan."""

# fmt: off

from services.vocabulary.words import words

ATTENDANCES = words(
    ("attended", "Attended", "You met."),
    ("cancelled", "Cancelled", "Called off in good time, by either of you."),
    ("late_cancel", "Cancelled late", "Called off too late to be used otherwise."),
    ("no_show", "Did not come", "The client did not come and had not called it off."),
)

SESSION_MODES = words(
    ("in_person", "In person", "In one room."),
    ("video", "Video", "By video."),
    ("phone", "Phone", "By phone."),
    ("other", "Other", "Somewhere else: a walk, a visit, a hospital."),
)

PROPOSERS = words(
    ("client", "The client", "The client brought it up."),
    ("together", "Together", "It came out of talking about it."),
    ("therapist", "Me", "I brought it up."),
)

GOAL_STATES = words(
    ("open", "Open", "Being worked towards."),
    ("reached", "Reached", "The client says it is there, or near enough."),
    ("let_go", "Let go", "No longer what this is about."),
)

TASK_STATES = words(
    ("open", "Open", "Still meant to be done."),
    ("finished", "Finished", "Done, or done enough."),
    ("dropped", "Dropped", "Taken off the list together."),
)

TASK_DONE = words(
    ("none", "Not done", "A fact, and not by itself resistance."),
    ("a_little", "A little", "Begun, or tried once."),
    ("most", "Most of it", "More than half."),
    ("all", "All of it", "As agreed."),
    ("something_else", "Something else", "The client did another thing that mattered to them."),
)

FORMULATION_FIELDS = words(
    ("core_problems", "Core problems", "What the work is about, in a sentence or two."),
    ("development", "How it came about", "What in this client’s life has contributed."),
    ("wants", "What they want from others", "The wish towards people, you included."),
    ("expects", "What they expect of others", "How people will answer, as the client sees it coming."),
    ("self_with_others", "Themselves with others", "Who they are when somebody is near."),
    ("core_beliefs", "Core beliefs", "The sentences about themselves and the world that go without saying."),
    ("recurring_themes", "Themes that return", "What shows again and again, here and outside."),
    ("interventions", "What seems to help", "Ways of working that fit this client."),
    ("self_sabotage", "How they stand in their own way", "What they do that keeps the difficulty going."),
    ("schemas", "Early schemas", "Old patterns of feeling and acting that get touched."),
    ("beliefs_about_life", "Beliefs about life", "Rules for how life works, learned early."),
    ("protective_factors", "What protects them", "People, abilities and habits that carry them."),
    ("fears", "Fears about the work", "What could be lost or risked if this went well."),
)

CLIENT_FEARS = words(
    ("failure", "Failing", "Trying, and not managing."),
    ("success", "Succeeding", "What would be expected of them then."),
    ("ending", "Ending", "That therapy ends once things are better."),
    ("judgement", "Being judged", "By you, or by people who hear of it."),
    ("closeness", "Closeness", "Being known, and then hurt or left."),
    ("change", "Change", "Losing what is familiar, even where it hurts."),
    ("being_controlled", "Being controlled", "That somebody else decides again."),
)

STRATEGY_VERDICTS = words(
    ("works", "Works", "It moves something."),
    ("partly", "Partly", "Sometimes, or with some of it."),
    ("not", "Not so far", "It does not move anything yet."),
)
