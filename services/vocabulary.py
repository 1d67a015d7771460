"""The words of Sixfold: a label and one sentence of help for every key that the database stores.

The keys are the enums of the schema (a test compares them); the wording is ours, plain and without blame.
Every mapping keeps the order in which a screen offers its choices.
"""

# fmt: off

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Word:
    """One choice: the key that is stored, the label that is shown, and a sentence that explains it."""

    key: str
    label: str
    help: str


@dataclass(frozen=True, slots=True)
class Cause:
    """One of the six causes: `label` on charts, `question` above a rating, `help` beside it."""

    number: int
    label: str
    question: str
    help: str
    zero: str  # what a rating of 0 says
    four: str  # what a rating of 4 says


def _words(*rows: tuple[str, str, str]) -> Mapping[str, Word]:
    return MappingProxyType({key: Word(key, label, help) for key, label, help in rows})


EPISODE_KINDS = _words(
    ("withdrawal", "Withdrawal", "The client moved away from you or from the work: short answers, going quiet, agreeing too fast."),
    ("confrontation", "Confrontation", "The client moved against you or the work: a complaint, a refusal, an argument."),
    ("homework_not_done", "Homework not done", "Something agreed for between sessions was not done; a fact, and not by itself resistance."),
    ("topic_avoided", "Topic avoided", "A subject that matters was changed, kept vague or left out."),
    ("yes_but", "“Yes, but …”", "Each idea was met with agreement first and a reason against it straight after."),
    ("stalled", "Stalled work", "The same ground again, and nothing moves."),
    ("other", "Something else", "None of these fits; the note can say what it was."),
)

BLAMES = _words(
    ("client", "The client", "My first thought was that the client was the problem."),
    ("myself", "Myself", "My first thought was that I was the problem."),
    ("neither", "Neither", "My first thought was about what was happening, not about whose fault it was."),
)

NEXT_MOVES = _words(
    ("insisted", "Insisted", "I went on in the same direction."),
    ("slowed_down", "Slowed down", "I took pressure off and gave it time."),
    ("asked", "Asked", "I became curious and asked about it."),
    ("changed_course", "Changed course", "I changed the task, the topic or the goal."),
    ("nothing", "Nothing yet", "I let it pass for now."),
)

NAMED = _words(
    ("yes", "Yes", "We have talked about it openly."),
    ("not_yet", "Not yet", "It has not been talked about so far."),
    ("planned", "Planned", "I mean to raise it at a next session."),
)

OUTSIDE_FACTORS = _words(
    ("social_support", "Social support", "People around the client are missing, busy or in the way."),
    ("life_event", "Life event", "Something happened outside therapy that takes up the room."),
)

CASE_STATES = _words(
    ("active", "Active", "Sessions are going on."),
    ("paused", "Paused", "Sessions have stopped for a while and are meant to go on."),
    ("closed", "Closed", "The work has ended."),
    ("archived", "Archived", "Closed and put away; it is in no list, and can be brought back."),
)

MEMBER_ROLES = _words(
    ("therapist", "Therapist", "Logs episodes and reflections, and sees only their own."),
    ("supervisor", "Supervisor", "Prepares and leads the team’s supervision."),
    ("lead", "Clinical lead", "Sees counts and ages over teams, not content."),
    ("admin", "Administrator", "Sets up teams, people and thresholds; sees no clinical data."),
)

RUPTURE_KINDS = _words(
    ("withdrawal", "Withdrawal", "A strain that shows as moving away: silence, distance, going along with everything."),
    ("confrontation", "Confrontation", "A strain that shows as moving against: anger, complaint, pressure."),
    ("mixed", "Mixed", "Both at once, or one turning into the other."),
)

REPAIR_STAGES = _words(
    ("noticed", "Noticed", "You saw that something between you had strained."),
    ("named", "Named with the client", "You put it into words together."),
    ("explored", "Explored", "You looked at what happened from both sides."),
    ("need_expressed", "Need expressed", "The client could say what they had needed from you."),
    ("repaired", "Repaired", "You can both work together again."),
    ("parked", "Parked", "Put aside on purpose for now, with a reason."),
)

RUPTURE_OUTCOMES = _words(
    ("repaired", "Repaired", "The two of you can work together again."),
    ("partly", "Partly repaired", "Better, with something left to come back to."),
    ("not_repaired", "Not repaired", "The strain stayed, and the work goes on beside it."),
    ("ended", "Therapy ended", "The work ended before this could be repaired."),
)

PROMPT_STAGES = _words(
    ("validate", "Validate and explore", "First understand what it was like for the client, without explaining."),
    ("contribution", "Own contribution", "Then look at what you brought to it."),
    ("protect", "What might be protected", "Then wonder what the client was keeping safe."),
    ("later", "Later", "Only in later sessions: a rationale, a change of task, a link to a pattern."),
)

PROMPT_VERDICTS = _words(
    ("used", "Used", "We talked about this prompt."),
    ("helped", "Helped", "We talked about it and it moved something."),
    ("not_now", "Not now", "It does not fit at the moment."),
)

CAUSES: Mapping[int, Cause] = MappingProxyType({
    cause.number: cause for cause in (
        Cause(
            1, "Rapport",
            "Was the contact between us strong enough for this?",
            "How the client was met: attention, tone, pace, and whether you were there as a person.",
            "The contact carried it", "The contact was not there",
        ),
        Cause(
            2, "Own agenda",
            "Whose goal was it?",
            "Goals and tasks that you wanted more than the client did, or that were never agreed together.",
            "We were after the same thing", "It was my goal, not ours",
        ),
        Cause(
            3, "Inflexibility",
            "Did I hold on to my way where bending would have helped?",
            "Pressing on with a plan can feel like control, most of all to someone who has been controlled before.",
            "I bent where it was needed", "I held on tightly",
        ),
        Cause(
            4, "Part of what is treated",
            "Is not going along with it part of what brought the client here?",
            "Once goals are shared, holding back can be the difficulty itself at work: fear of failing, of succeeding, of ending.",
            "It does not belong to the difficulty", "It is the difficulty at work",
        ),
        Cause(
            5, "Fears and early schemas",
            "Did an old fear or an old rule of the client’s get touched?",
            "Beliefs learned early about oneself and others, which make a step look more dangerous than it seems from outside.",
            "Nothing old seemed touched", "Something old took over",
        ),
        Cause(
            6, "Fear of engagement",
            "Was I keeping a distance to stay safe?",
            "Your own worry about closeness, conflict or mistakes, which keeps you from the moment that matters.",
            "I stayed close", "I kept well away",
        ),
    )
})

ATTENDANCES = _words(
    ("attended", "Attended", "You met."),
    ("cancelled", "Cancelled", "Called off in good time, by either of you."),
    ("late_cancel", "Cancelled late", "Called off too late to be used otherwise."),
    ("no_show", "Did not come", "The client did not come and had not called it off."),
)

SESSION_MODES = _words(
    ("in_person", "In person", "In one room."),
    ("video", "Video", "By video."),
    ("phone", "Phone", "By phone."),
    ("other", "Other", "Somewhere else: a walk, a visit, a hospital."),
)

PROPOSERS = _words(
    ("client", "The client", "The client brought it up."),
    ("together", "Together", "It came out of talking about it."),
    ("therapist", "Me", "I brought it up."),
)

GOAL_STATES = _words(
    ("open", "Open", "Being worked towards."),
    ("reached", "Reached", "The client says it is there, or near enough."),
    ("let_go", "Let go", "No longer what this is about."),
)

TASK_STATES = _words(
    ("open", "Open", "Still meant to be done."),
    ("finished", "Finished", "Done, or done enough."),
    ("dropped", "Dropped", "Taken off the list together."),
)

TASK_DONE = _words(
    ("none", "Not done", "A fact, and not by itself resistance."),
    ("a_little", "A little", "Begun, or tried once."),
    ("most", "Most of it", "More than half."),
    ("all", "All of it", "As agreed."),
    ("something_else", "Something else", "The client did another thing that mattered to them."),
)

CLIENT_FEARS = _words(
    ("failure", "Failing", "Trying, and not managing."),
    ("success", "Succeeding", "What would be expected of them then."),
    ("ending", "Ending", "That therapy ends once things are better."),
    ("judgement", "Being judged", "By you, or by people who hear of it."),
    ("closeness", "Closeness", "Being known, and then hurt or left."),
    ("change", "Change", "Losing what is familiar, even where it hurts."),
    ("being_controlled", "Being controlled", "That somebody else decides again."),
)

FORMULATION_FIELDS = _words(
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

STRATEGY_VERDICTS = _words(
    ("works", "Works", "It moves something."),
    ("partly", "Partly", "Sometimes, or with some of it."),
    ("not", "Not so far", "It does not move anything yet."),
)

QUESTION_STATES = _words(
    ("open", "For the next meeting", "Your supervisor sees it as something you would like to bring."),
    ("withdrawn", "Withdrawn", "Nobody but you sees it."),
    ("discussed", "Discussed", "It has been talked about."),
)

TEXT_ABOUT = _words(
    ("goal", "Goal", "The wording of a goal."),
    ("task", "Between-session work", "The wording of a task."),
    ("obstacle", "What got in the way", "Why a task could not be done, as the client tells it."),
    ("strategy", "Strategy", "What you try."),
    ("adjustment", "Adjustment", "What you will do differently from now on."),
    ("formulation", "Formulation", "One field of the formulation card."),
    ("socratic", "Answer to a question", "What came up at one of the Socratic questions."),
    ("rupture_helped", "What helped", "What helped to repair a rupture."),
)

TRANSFER_STATES = _words(
    ("asked", "Asked", "Waits for a supervisor."),
    ("withdrawn", "Withdrawn", "No longer asked for."),
    ("agreed", "Agreed", "The case has gone to another therapist."),
    ("refused", "Stays with you", "The supervisor would like it to stay where it is; talk about it."),
)

MIRROR_ITEMS = _words(
    ("strengths", "Strengths", "What you wrote down as done well."),
    ("six_causes", "The six causes", "Your own ratings, week by week."),
    ("first_blame", "Where the first blame went", "The client, yourself, or neither."),
    ("next_moves", "What I do next", "Your next move after resistance."),
    ("reframes", "Thoughts that helped", "Which of the four you used, and whether they helped."),
    ("repairs", "Repairs", "Ruptures you noticed and the steps you took."),
    ("guesses", "My guess and the client’s answer", "Your guess beside the client’s check-in."),
    ("after_supervision", "Before and after supervision", "Your ratings of a case before and after it was discussed."),
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

FLAG_RULES = _words(
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

# The thresholds of a team, in the order in which they are set.
THRESHOLDS = _words(
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

FLAG_SEVERITIES = _words(
    ("unknown", "Unknown", "There is too little to say."),
    ("watch", "Watch", "Worth keeping in view."),
    ("review", "Review", "Worth a look together."),
    ("escalate", "Look first", "Worth looking at before the others."),
)

FLAG_WORK = _words(
    ("acknowledged", "Seen", "You have seen it; it leaves your list and stays in everybody else’s."),
    ("assigned", "Given to somebody", "Somebody is asked to see to it."),
    ("snoozed", "Rests", "It rests in your list until a day, for a reason, and then comes back."),
    ("resolved", "Dealt with", "You have dealt with it; the flag itself goes when its rule no longer holds."),
    ("noted", "Note", "A note for those who look after this case."),
)

FLAG_OUTCOMES = _words(
    ("discussed", "Talked about", "It was talked about, and that is enough for now."),
    ("plan_adjusted", "Plan adjusted", "The plan was changed."),
    ("repaired", "Repaired", "The rupture was repaired."),
    ("consulted", "Somebody consulted", "Another view was asked for."),
    ("referred", "Referred", "The work goes on elsewhere."),
    ("entries_made", "Entries made", "What was missing has been entered."),
    ("as_expected", "As expected", "Known, and in keeping with the plan."),
    ("therapy_ended", "Therapy ended", "The work has ended."),
)

ACTION_STATES = _words(
    ("open", "Open", "Still to be done."),
    ("done", "Done", "It was done."),
    ("dropped", "Dropped", "It is no longer needed."),
)

ACTION_HELPED = _words(
    ("yes", "It helped", "Something moved."),
    ("a_little", "A little", "Something moved a little."),
    ("no", "Not this time", "Nothing moved that one could see."),
    ("too_early", "Too early to say", "Ask again at the next meeting."),
)

STEP_BACK_DECISIONS = _words(
    ("adjust_plan", "Adjust the plan", "Keep the aim, and change how you get there."),
    ("change_course", "Change course", "Other goals, or another way of working."),
    ("consult", "Ask somebody else", "Another view: a colleague, a specialist, a reading."),
    ("refer", "Refer", "Somebody else may be of more help now."),
    ("go_on", "Go on, and look again", "Stay with it on purpose, with a day to look again."),
)

MEASURE_DIRECTIONS = _words(
    ("lower_is_better", "Lower is better", "A falling score is an improvement."),
    ("higher_is_better", "Higher is better", "A rising score is an improvement."),
)

THRESHOLD_BASES = _words(
    ("published", "Published", "A whole number from a publication: it counts from that number on."),
    ("computed", "Computed", "Worked out from a spread and a reliability: it has to be exceeded."),
    ("none", "None", "No threshold is claimed."),
)

# Questions of our own to the client, 0–10. Their wording is ours, and nobody has validated it.
CHECK_IN_QUESTIONS = _words(
    ("goals", "Goals", "How sure are you that we are aiming at the right thing?"),
    ("way_of_working", "Way of working", "How useful to you is what we do here?"),
    ("relationship", "Relationship", "How easy is it to be open with me?"),
)
CHECK_IN_ENDS = ("not at all", "completely")
NOT_VALIDATED = "Sixfold’s own, not validated"

# A rating is 0–4, or None for "can't tell", which is an answer and not a missing one.
RATINGS: Mapping[int, str] = MappingProxyType({
    0: "not a factor", 1: "a little", 2: "partly", 3: "a lot", 4: "main factor",
})
CANNOT_TELL = "can’t tell"

INTENSITIES: Mapping[int, str] = MappingProxyType({
    1: "barely there", 2: "light", 3: "clear", 4: "strong", 5: "filled the session",
})

FRUSTRATIONS: Mapping[int, str] = MappingProxyType({
    0: "none", 1: "a little", 2: "some", 3: "a lot", 4: "very much",
})

CONTROL_SENSITIVITIES: Mapping[int, str] = MappingProxyType({
    0: "not noticed", 1: "slight", 2: "some", 3: "clear", 4: "very strong",
})

RAPPORT_BEHAVIOURS = _words(
    ("eye_contact", "Eye contact that suits", "I looked at the client as much as was comfortable for them."),
    ("matching", "Matched their pace", "My energy, posture and rhythm went along with theirs."),
    ("neutral_framing", "Neutral words", "I put hard topics in words that do not judge."),
    ("name_used", "Used their name", "I called the client by the name they like to hear."),
    ("tone_set", "Set the tone", "I made the start of the session calm and clear."),
    ("real_person", "Was a real person", "I let something of myself be seen beyond the role."),
    ("approachable", "Approachable", "I was warm, awake and easy to come to."),
    ("interested", "Showed interest", "I stayed interested, also where it was hard to."),
)

REFRAMES = _words(
    ("realistic_expectations", "Is this expectation of myself fair?", "I asked whether I would expect the same of a colleague."),
    ("mistakes_allowed", "Mistakes are allowed", "I reminded myself that getting things wrong belongs to the work."),
    ("attend_to_client", "Back to the client", "I moved my attention from how I was doing to how the client was doing."),
    ("repair_heals", "A strain can be repaired", "I reminded myself that a relationship can bear a mistake, and that mending it helps."),
)

REFLECTION_PARTS = _words(
    ("frustration", "Frustration this week", "How frustrated you were with how the work went; it often points at a hope of your own."),
    ("let_go", "What could I let go of?", "One wish for a client that you could put down this week."),
    ("expectation", "Whose expectation is it?", "Whether something you hope for comes from the client’s life or from your own, and is within reach."),
    ("feelings", "Feelings in the room", "The feelings you took home; a word or two is enough."),
    ("reframes", "A thought that helped", "Which of the four thoughts you used, and whether it helped."),
    ("support", "Support I used", "Who you talked to about the work, and when."),
    ("strength", "A strength of mine", "Something you did well this week."),
    ("intention", "What I will try next week", "One small thing; it comes first on next week’s page."),
    ("avoided_topic", "A topic I avoided", "Something you steered around with a client."),
    ("shared_text", "For supervision", "What you would like your supervisor to read."),
    ("private_text", "Only for me", "Nobody else can ever read this, your supervisor included."),
    ("not_brought", "Something I did not bring", "What you chose to leave out of supervision; nobody else can ever read it."),
)

# What is kept inside a reflection's parts; these words live in the content, not in the schema.
FEELINGS = _words(
    ("calm", "Calm", "Settled in myself."), ("close", "Close", "Near to the client."), ("curious", "Curious", "Wanting to understand."),
    ("hopeful", "Hopeful", "It can move."), ("uncertain", "Uncertain", "Not sure what to do."), ("inadequate", "Not good enough", "Doubting myself."),
    ("worried", "Worried", "Afraid for the client or of what comes."), ("pressured", "Under pressure", "Something had to happen."),
    ("irritated", "Irritated", "It got to me."), ("bored", "Bored", "My attention went elsewhere."), ("distant", "Distant", "Far away from the client."),
    ("sad", "Sad", "It stayed with me."),
)  # fmt: skip

EXPECTATION_OWNERS = _words(
    ("together", "Ours together", "We agreed on it."), ("client", "The client’s", "The client wants it."),
    ("mine", "Mine", "I want it for the client."), ("someone_else", "Somebody else’s", "A family, a service or a court wants it."),
)  # fmt: skip

WITHIN_REACH = _words(
    ("yes", "Yes", "It is within reach for this client now."), ("partly", "Partly", "Some of it is."),
    ("no", "No", "Not for this client, not now."), ("cant_tell", "Can’t tell", "I do not know yet."),
)  # fmt: skip

HELPED = _words(
    ("yes", "It helped", "It changed how I was."), ("a_little", "A little", "For a moment."), ("no", "Not this time", "It did not reach me."),
)  # fmt: skip

SUPPORTS = _words(
    ("supervisor", "Supervisor", "In or between meetings."), ("colleague", "A colleague", "Somebody in the team or outside it."),
    ("peer_group", "Peer group", "Intervision or a reading group."), ("own_therapy", "Own therapy", "My own therapist."),
    ("friends_family", "Friends or family", "About me, never about the client."), ("alone", "Something by myself", "A walk, sport, music, rest."),
)  # fmt: skip

# These two can never be shared; the database refuses it as well.
ALWAYS_PRIVATE_PARTS = frozenset({"private_text", "not_brought"})

OPERATION_KINDS = _words(
    ("case.open", "New case", "A new client code."),
    ("case.amend", "Change to a case", "A new state, or how sensitive the client is to control."),
    ("episode.log", "Episode", "A resistance episode that you logged."),
    ("episode.amend", "Change to an episode", "A correction to an episode that you logged."),
    ("reflection.hand_in", "Weekly reflection", "Your reflection for one week."),
    ("reflection.read", "Reflection read", "A mark that you have read a reflection."),
    ("rupture.open", "New rupture", "A strain in a working alliance, from the day it was noticed."),
    ("rupture.step", "Repair step", "A step towards repair."),
    ("rupture.close", "Rupture closed", "The end of a rupture, with its outcome."),
    ("prompt.mark", "Prompt", "What came of a discussion prompt."),
    ("note.share", "Note shared", "A change in who may read a note."),
    ("session.log", "Session", "A session, or one that was booked and did not happen."),
    ("session.amend", "Change to a session", "A correction to a session."),
    ("goal.set", "New goal", "A goal of a case."),
    ("goal.amend", "Change to a goal", "Whose it is, how much it matters, or how it ended."),
    ("goal.progress", "Progress on a goal", "How far a goal has come, 0–10."),
    ("task.give", "Between-session work", "Something agreed for between sessions."),
    ("task.amend", "Change to between-session work", "Who proposed it, how much it matters, or how it ended."),
    ("task.check", "Look at between-session work", "How much of it was done."),
    ("check_in.enter", "Check-in", "The client’s three answers, and your own guess."),
    ("check_in.amend", "Change to a check-in", "A correction to a check-in."),
    ("score.enter", "Score", "One score of a measure."),
    ("score.amend", "Change to a score", "A correction to a score."),
    ("formulation.write", "Formulation", "A new version of one field of the card."),
    ("strategy.start", "New strategy", "Something you try in a case."),
    ("strategy.end", "Strategy ended", "You no longer try this."),
    ("plan.review", "Plan review", "What works, what does not, and what you change."),
    ("text.write", "Text", "Something you wrote in a case."),
    ("text.amend", "Change to a text", "Other words, or a change in who may read them."),
    ("question.ask", "Supervision question", "Something you would like to bring."),
    ("question.amend", "Change to a supervision question", "Other words, or withdrawn."),
    ("transfer.ask", "Handing over a case", "You asked to hand over a case."),
    ("transfer.withdraw", "Handing over withdrawn", "You no longer ask to hand it over."),
    ("transfer.decide", "Decision on handing over", "Agreed to a new therapist, or refused."),
    ("mirror.share", "Shared from your mirror", "One item of your mirror, as it stood."),
    ("flag.work", "Work on a flag", "What you did about a flag."),
    ("action.agree", "Action", "Something that was agreed to be done."),
    ("action.amend", "Change to an action", "What became of an action."),
    ("step_back.decide", "Step back", "What the step back from a case ended in."),
    ("mirror.withdraw", "No longer shared", "An item of your mirror that you took back."),
)

# What an entry is called where its changes are listed, by the table it stands in.
ENTRY_WORDS: Mapping[str, str] = MappingProxyType({
    "cases": "Case", "episodes": "Episode", "reflections": "Weekly reflection", "reflection_parts": "Part of a reflection",
    "ratings": "Rating of a cause", "ruptures": "Rupture", "notes": "Note", "sessions": "Session", "goals": "Goal", "tasks": "Between-session work",
    "strategies": "Strategy", "case_texts": "Text of a case", "questions": "Supervision question", "scores": "Score",
    "check_ins": "Check-in", "check_in_guesses": "Your guess at a check-in",
    "case_transfers": "Handing over a case",
})

RETAINED = _words(
    ("closed_cases", "Closed cases", "Closed and archived cases with all that hangs on them, from the day they were closed."),
    ("reflections", "Weekly reflections", "Reflections with their parts and ratings, from the week they are about."),
    ("earlier_versions", "Earlier versions", "What entries said before they were changed, from the day of the change."),
    ("invitations", "Invitations", "Addresses that were invited, from the day of the invitation."),
)

ERASURE_STATES = _words(
    ("asked", "Asked for", "Waits for an administrator of the team."),
    ("approved", "Approved", "Done: what it was about is gone."),
    ("refused", "Refused", "Kept, for the basis that is named."),
)

OPERATION_STATES = _words(
    ("saved", "Saved here", "Safe on this server; it goes to the database by itself."),
    ("sending", "Sending", "Safe on this server and on its way to the database."),
    ("synced", "Synced", "Safe in the database."),
    ("parked", "Needs you", "The database did not accept it; nothing is lost, and you can edit it and send it again."),
)

# The name of each enum type in the schema, with its words.
ENUMS: Mapping[str, Mapping[str, Word]] = MappingProxyType({
    "episode_kind": EPISODE_KINDS,
    "blame": BLAMES,
    "next_move": NEXT_MOVES,
    "named": NAMED,
    "outside_factor": OUTSIDE_FACTORS,
    "case_state": CASE_STATES,
    "member_role": MEMBER_ROLES,
    "rupture_kind": RUPTURE_KINDS,
    "repair_stage": REPAIR_STAGES,
    "rupture_outcome": RUPTURE_OUTCOMES,
    "prompt_stage": PROMPT_STAGES,
    "prompt_verdict": PROMPT_VERDICTS,
    "rapport_behaviour": RAPPORT_BEHAVIOURS,
    "reframe": REFRAMES,
    "reflection_part": REFLECTION_PARTS,
    "attendance": ATTENDANCES,
    "session_mode": SESSION_MODES,
    "proposer": PROPOSERS,
    "goal_state": GOAL_STATES,
    "task_state": TASK_STATES,
    "task_done": TASK_DONE,
    "client_fear": CLIENT_FEARS,
    "formulation_field": FORMULATION_FIELDS,
    "strategy_verdict": STRATEGY_VERDICTS,
    "question_state": QUESTION_STATES,
    "text_about": TEXT_ABOUT,
    "transfer_state": TRANSFER_STATES,
    "mirror_item": MIRROR_ITEMS,
    "measure_direction": MEASURE_DIRECTIONS,
    "threshold_basis": THRESHOLD_BASES,
    "flag_rule": FLAG_RULES,
    "flag_severity": FLAG_SEVERITIES,
    "flag_work": FLAG_WORK,
    "flag_outcome": FLAG_OUTCOMES,
    "action_state": ACTION_STATES,
    "helped": ACTION_HELPED,
    "step_back_decision": STEP_BACK_DECISIONS,
    "retained": RETAINED,
    "erasure_state": ERASURE_STATES,
})

# On a chart of the team: the kind of that name, and whatever has too few entries to be shown by itself.
MERGED = Word("other", "Other, or shown together", "Includes what has too few entries to be shown by itself.")

NOT_A_MEASURE = (
    "The six ratings are a therapist’s own reflection and an aid to the agenda. "
    "They are not a measurement of a client or a therapist, and do not predict how therapy ends."
)


def label(enum: str, key: str | None) -> str:
    """The label of one key, for example label("blame", "neither"); "not stated" for None.

    A key that this version does not know (a newer database) is shown readable rather than hidden.
    """
    if key is None:
        return "not stated"
    word = ENUMS[enum].get(key)
    return word.label if word else key.replace("_", " ")


def rating_label(rating: int | None) -> str:
    """ "3 · a lot", or "can't tell" for None."""
    return CANNOT_TELL if rating is None else f"{rating} · {RATINGS[rating]}"
