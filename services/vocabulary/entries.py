"""Words of what is on its way to the database, and of entries whose changes are listed."""

# fmt: off

from collections.abc import Mapping
from types import MappingProxyType

from services.vocabulary.words import words

OPERATION_KINDS = words(
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
    ("meeting.plan", "Meeting", "A meeting planned, with its agenda."),
    ("meeting.amend", "Change to a meeting", "Another day, time, length or theme."),
    ("meeting.call_off", "Meeting called off", "It does not take place; what was on it is proposed for the next one."),
    ("meeting.begin", "Meeting begun", "The first item, and its clock."),
    ("meeting.go", "Next item", "From one item of the agenda to another."),
    ("meeting.clock", "Clock", "The clock of an item, started or stopped."),
    ("meeting.show", "Shown on the screen", "A prompt or a timer on the shared screen."),
    ("meeting.end", "Meeting ended", "What was not reached is carried over."),
    ("meeting.order", "Order of the agenda", "The items in another order."),
    ("meeting.add", "Item of the agenda", "One more item on the agenda."),
    ("item.amend", "Change to an item", "Its minutes, its stage, or what became of it."),
    ("item.release", "Your item", "What you released or wrote for the meeting."),
    ("item.pass", "Passed", "Your item is off the agenda."),
    ("item.decide", "Decision", "What was decided, and the action it leads to."),
    ("item.rerate", "Rated again", "The six causes after the discussion, and whether it helped."),
    ("pulse.give", "Pulse", "Your anonymous answer."),
    ("screen.open", "Shared screen", "The meeting is on a shared screen."),
    ("screen.close", "Shared screen taken down", "The meeting is no longer on that screen."),
    ("mirror.withdraw", "No longer shared", "An item of your mirror that you took back."),
)

OPERATION_STATES = words(
    ("saved", "Saved here", "Safe on this server; it goes to the database by itself."),
    ("sending", "Sending", "Safe on this server and on its way to the database."),
    ("synced", "Synced", "Safe in the database."),
    ("parked", "Needs you", "The database did not accept it; nothing is lost, and you can edit it and send it again."),
)

# What an entry is called where its changes are listed, by the table it stands in.
ENTRY_WORDS: Mapping[str, str] = MappingProxyType({
    "cases": "Case", "episodes": "Episode", "reflections": "Weekly reflection", "reflection_parts": "Part of a reflection",
    "ratings": "Rating of a cause", "ruptures": "Rupture", "notes": "Note", "sessions": "Session", "goals": "Goal", "tasks": "Between-session work",
    "strategies": "Strategy", "case_texts": "Text of a case", "questions": "Supervision question", "scores": "Score",
    "check_ins": "Check-in", "check_in_guesses": "Your guess at a check-in",
    "case_transfers": "Handing over a case",
})
