"""Words of the six causes and of their ratings."""

# fmt: off

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from services.vocabulary.words import words


@dataclass(frozen=True, slots=True)
class Cause:
    """One of the six causes: `label` on charts, `question` above a rating, `help` beside it."""

    number: int
    label: str
    question: str
    help: str
    zero: str  # what a rating of 0 says
    four: str  # what a rating of 4 says


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

# A rating is 0–4, or None for "can't tell", which is an answer and not a missing one.
RATINGS: Mapping[int, str] = MappingProxyType({
    0: "not a factor", 1: "a little", 2: "partly", 3: "a lot", 4: "main factor",
})

CANNOT_TELL = "can’t tell"


def rating_label(rating: int | None) -> str:
    """ "3 · a lot", or "can't tell" for None."""
    return CANNOT_TELL if rating is None else f"{rating} · {RATINGS[rating]}"


RAPPORT_BEHAVIOURS = words(
    ("eye_contact", "Eye contact that suits", "I looked at the client as much as was comfortable for them."),
    ("matching", "Matched their pace", "My energy, posture and rhythm went along with theirs."),
    ("neutral_framing", "Neutral words", "I put hard topics in words that do not judge."),
    ("name_used", "Used their name", "I called the client by the name they like to hear."),
    ("tone_set", "Set the tone", "I made the start of the session calm and clear."),
    ("real_person", "Was a real person", "I let something of myself be seen beyond the role."),
    ("approachable", "Approachable", "I was warm, awake and easy to come to."),
    ("interested", "Showed interest", "I stayed interested, also where it was hard to."),
)

NOT_A_MEASURE = (
    "The six ratings are a therapist’s own reflection and an aid to the agenda. "
    "They are not a measurement of a client or a therapist, and do not predict how therapy ends."
)
