"""Words of the weekly reflection and of what is kept inside its parts."""

# fmt: off

from collections.abc import Mapping
from types import MappingProxyType

from services.vocabulary.words import words

REFLECTION_PARTS = words(
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

# These two can never be shared; the database refuses it as well.
ALWAYS_PRIVATE_PARTS = frozenset({"private_text", "not_brought"})

FRUSTRATIONS: Mapping[int, str] = MappingProxyType({
    0: "none", 1: "a little", 2: "some", 3: "a lot", 4: "very much",
})

REFRAMES = words(
    ("realistic_expectations", "Is this expectation of myself fair?", "I asked whether I would expect the same of a colleague."),
    ("mistakes_allowed", "Mistakes are allowed", "I reminded myself that getting things wrong belongs to the work."),
    ("attend_to_client", "Back to the client", "I moved my attention from how I was doing to how the client was doing."),
    ("repair_heals", "A strain can be repaired", "I reminded myself that a relationship can bear a mistake, and that mending it helps."),
)

# What is kept inside a reflection's parts; these words live in the content, not in the schema.
FEELINGS = words(
    ("calm", "Calm", "Settled in myself."), ("close", "Close", "Near to the client."), ("curious", "Curious", "Wanting to understand."),
    ("hopeful", "Hopeful", "It can move."), ("uncertain", "Uncertain", "Not sure what to do."), ("inadequate", "Not good enough", "Doubting myself."),
    ("worried", "Worried", "Afraid for the client or of what comes."), ("pressured", "Under pressure", "Something had to happen."),
    ("irritated", "Irritated", "It got to me."), ("bored", "Bored", "My attention went elsewhere."), ("distant", "Distant", "Far away from the client."),
    ("sad", "Sad", "It stayed with me."),
)

EXPECTATION_OWNERS = words(
    ("together", "Ours together", "We agreed on it."), ("client", "The client’s", "The client wants it."),
    ("mine", "Mine", "I want it for the client."), ("someone_else", "Somebody else’s", "A family, a service or a court wants it."),
)

WITHIN_REACH = words(
    ("yes", "Yes", "It is within reach for this client now."), ("partly", "Partly", "Some of it is."),
    ("no", "No", "Not for this client, not now."), ("cant_tell", "Can’t tell", "I do not know yet."),
)

HELPED = words(
    ("yes", "It helped", "It changed how I was."), ("a_little", "A little", "For a moment."), ("no", "Not this time", "It did not reach me."),
)

SUPPORTS = words(
    ("supervisor", "Supervisor", "In or between meetings."), ("colleague", "A colleague", "Somebody in the team or outside it."),
    ("peer_group", "Peer group", "Intervision or a reading group."), ("own_therapy", "Own therapy", "My own therapist."),
    ("friends_family", "Friends or family", "About me, never about the client."), ("alone", "Something by myself", "A walk, sport, music, rest."),
)
