"""The words of Sixfold: a label and one sentence of help for every key that the database stores.

The keys are the enums of the schema (a test compares them); the wording is ours, plain and without blame.
Every mapping keeps the order in which a screen offers its choices. Each subject has its module here; the rest of
Sixfold takes all of them from this one, as `vocabulary.EPISODE_KINDS`.
"""

from collections.abc import Mapping
from types import MappingProxyType

from services.vocabulary.case_work import (
    ATTENDANCES,
    CLIENT_FEARS,
    FORMULATION_FIELDS,
    GOAL_STATES,
    PROPOSERS,
    SESSION_MODES,
    STRATEGY_VERDICTS,
    TASK_DONE,
    TASK_STATES,
)
from services.vocabulary.cases import (
    CASE_STATES,
    CONTROL_SENSITIVITIES,
    MEMBER_ROLES,
    OUTSIDE_FACTORS,
    QUESTION_STATES,
    TEXT_ABOUT,
    TRANSFER_STATES,
)
from services.vocabulary.causes import (
    CANNOT_TELL,
    CAUSES,
    NOT_A_MEASURE,
    RAPPORT_BEHAVIOURS,
    RATINGS,
    Cause,
    rating_label,
)
from services.vocabulary.entries import (
    ENTRY_WORDS,
    OPERATION_KINDS,
    OPERATION_STATES,
)
from services.vocabulary.episodes import (
    BLAMES,
    EPISODE_KINDS,
    INTENSITIES,
    MERGED,
    NAMED,
    NEXT_MOVES,
)
from services.vocabulary.flags import (
    ACTION_HELPED,
    ACTION_STATES,
    FLAG_OUTCOMES,
    FLAG_RULES,
    FLAG_SEVERITIES,
    FLAG_WORK,
    STEP_BACK_DECISIONS,
    THRESHOLDS,
)
from services.vocabulary.keeping import (
    ERASURE_STATES,
    RETAINED,
)
from services.vocabulary.measures import (
    CHECK_IN_ENDS,
    CHECK_IN_QUESTIONS,
    MEASURE_DIRECTIONS,
    NOT_VALIDATED,
    THRESHOLD_BASES,
)
from services.vocabulary.meetings import (
    AGENDA_KINDS,
    AGENDA_STATES,
    DISCUSSION_STAGES,
    MEETING_STATES,
    MEETING_TIMERS,
    PULSE_ANSWERS,
    PULSE_QUESTION,
    RELEASED_PARTS,
)
from services.vocabulary.mirror import (
    MIRROR_ITEMS,
    MIRROR_LIMITS,
)
from services.vocabulary.reflections import (
    ALWAYS_PRIVATE_PARTS,
    EXPECTATION_OWNERS,
    FEELINGS,
    FRUSTRATIONS,
    HELPED,
    REFLECTION_PARTS,
    REFRAMES,
    SUPPORTS,
    WITHIN_REACH,
)
from services.vocabulary.ruptures import (
    PROMPT_STAGES,
    PROMPT_VERDICTS,
    REPAIR_PATH,
    REPAIR_STAGES,
    RUPTURE_KINDS,
    RUPTURE_OUTCOMES,
)
from services.vocabulary.words import (
    Word,
)

# The name of each enum type in the schema, with its words.
ENUMS: Mapping[str, Mapping[str, Word]] = MappingProxyType(
    {
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
        "meeting_state": MEETING_STATES,
        "agenda_kind": AGENDA_KINDS,
        "agenda_state": AGENDA_STATES,
        "discussion_stage": DISCUSSION_STAGES,
        "released_part": RELEASED_PARTS,
        "meeting_timer": MEETING_TIMERS,
        "retained": RETAINED,
        "erasure_state": ERASURE_STATES,
    }
)


def label(enum: str, key: str | None) -> str:
    """The label of one key, for example label("blame", "neither"); "not stated" for None.

    A key that this version does not know (a newer database) is shown readable rather than hidden.
    """
    if key is None:
        return "not stated"
    word = ENUMS[enum].get(key)
    return word.label if word else key.replace("_", " ")
