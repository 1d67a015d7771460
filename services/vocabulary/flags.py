"""Words of flags, of what is done about them, and of the thresholds behind them."""

# fmt: off

from services.vocabulary.words import words

FLAG_RULES = words(
    ("R1", "No reliable improvement", "Several sessions attended, and the change from the first score is smaller than the measure’s reliable change."),
    ("R2", "Reliable worsening", "Worse than the first or the best score by at least the reliable change."),
    ("R3", "Plateau", "The last scores lie within the reliable change, still on the clinical side of the cut-off."),
    ("R4", "Check-in drop", "The client’s check-in is lower than is usual for this client."),
    ("R5", "Open rupture waits", "No repair step for longer than the team allows."),
    ("R6", "Not coming", "Sessions that were booked and that the client did not come to; cancelled ones do not count."),
    ("R7", "Between-session work", "Mostly not done; it may be a question of whose task it is."),
    ("R8", "Recurring cause", "The same cause was rated high again and again, and no action is open."),
    ("R9", "Not discussed lately", "The case has not been talked about in supervision for a while."),
    ("R10", "Unknown", "Nothing was entered for a while, which is not the same as nothing having happened."),
    ("R11", "Formulation gaps", "Another flag is up, and fields of the formulation are empty or old."),
)

FLAG_SEVERITIES = words(
    ("unknown", "Unknown", "There is too little to say."),
    ("watch", "Watch", "Worth keeping in view."),
    ("review", "Review", "Worth a look together."),
    ("escalate", "Look first", "Worth looking at before the others."),
)

FLAG_WORK = words(
    ("acknowledged", "Seen", "You have seen it; it leaves your list and stays in everybody else’s."),
    ("assigned", "Given to somebody", "Somebody is asked to see to it."),
    ("snoozed", "Rests", "It rests in your list until a day, for a reason, and then comes back."),
    ("resolved", "Dealt with", "You have dealt with it; the flag itself goes when its rule no longer holds."),
    ("noted", "Note", "A note for those who look after this case."),
)

FLAG_OUTCOMES = words(
    ("discussed", "Talked about", "It was talked about, and that is enough for now."),
    ("plan_adjusted", "Plan adjusted", "The plan was changed."),
    ("repaired", "Repaired", "The rupture was repaired."),
    ("consulted", "Somebody consulted", "Another view was asked for."),
    ("referred", "Referred", "The work goes on elsewhere."),
    ("entries_made", "Entries made", "What was missing has been entered."),
    ("as_expected", "As expected", "Known, and in keeping with the plan."),
    ("therapy_ended", "Therapy ended", "The work has ended."),
)

ACTION_STATES = words(
    ("open", "Open", "Still to be done."),
    ("done", "Done", "It was done."),
    ("dropped", "Dropped", "It is no longer needed."),
)

ACTION_HELPED = words(
    ("yes", "It helped", "Something moved."),
    ("a_little", "A little", "Something moved a little."),
    ("no", "Not this time", "Nothing moved that one could see."),
    ("too_early", "Too early to say", "Ask again at the next meeting."),
)

STEP_BACK_DECISIONS = words(
    ("adjust_plan", "Adjust the plan", "Keep the aim, and change how you get there."),
    ("change_course", "Change course", "Other goals, or another way of working."),
    ("consult", "Ask somebody else", "Another view: a colleague, a specialist, a reading."),
    ("refer", "Refer", "Somebody else may be of more help now."),
    ("go_on", "Go on, and look again", "Stay with it on purpose, with a day to look again."),
)

# The thresholds of a team, in the order in which they are set.
THRESHOLDS = words(
    ("sessions_watch", "R1: sessions until “watch”", "Attended sessions without reliable improvement from which a case is worth keeping in view."),
    ("sessions_review", "R1: sessions until “review”", "From so many sessions without reliable improvement on, a case is worth a look together."),
    ("sessions_escalate", "R1: sessions until “look first”", "From so many sessions without reliable improvement on, a case comes before the others."),
    ("plateau_scores", "R3: scores that make a plateau", "So many of the last scores have to lie within the reliable change."),
    ("alliance_points", "R4: check-ins needed", "With fewer check-ins nothing is said about a drop."),
    ("rupture_open_days", "R5: days without a repair step", "After so many days an open rupture is shown as waiting."),
    ("no_shows_of_four", "R6: missed, of four booked", "So many of the last four booked sessions without the client."),
    ("undone_of_four", "R7: not done, of four looked at", "So many of the last four pieces of between-session work that were looked at and not done."),
    ("high_weeks_of_four", "R8: weeks with a high cause, of four", "In so many of the last four weeks with ratings the same cause was rated 3 or 4."),
    ("discuss_days", "R9: days without a discussion", "After so many days without having been talked about in supervision a case is named."),
    ("silence_days", "R10: days without an entry", "After so many days without an entry a case reads “unknown”, never “fine”."),
    ("formulation_days", "R11: days until a field is old", "A field of the formulation that was not written for so many days counts as old."),
    ("formulation_gaps", "R11: empty or old fields", "So many of the nine fields of the formulation, when another flag is up."),
    ("safe_min_therapists", "Therapists behind each value", "Fewer are never shown on a team chart."),
    ("safe_min_entries", "Entries behind each value", "Fewer are never shown on a team chart."),
    ("week_starts_on", "A week can be handed in from", "The day from which a week’s reflection can be handed in."),
    ("frustration_high", "Frustration counts as high from", "From this rating on, the weekly reflection asks what could be let go of."),
)
