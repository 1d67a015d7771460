"""The rules of the cause helper, as data: which logged fact speaks for or against which cause, in plain words, with its source.

S-numbers are the points of the article on which Sixfold is built (docs/prompts.md). No rule has been tested for its
effect: a rule says what to look at, never what is so.
"""

# fmt: off

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from services.cause_facts import BEHAVIOURS_OF_MEETING, BEHAVIOURS_OF_PRESENCE

FOR, AGAINST = "for", "against"


@dataclass(frozen=True, slots=True)
class Rule:
    """`when` an entry of the kind `about` meets the condition, it speaks on that `side` of the cause.

    `says` names the fact, `because` why it counts, `source` where that comes from; `needs` (a key of NEEDS) what has
    to be logged for the rule to have anything to say.
    """

    id: str
    cause: int
    side: str
    about: str
    when: Any = field(hash=False)
    says: str = ""
    because: str = ""
    source: str = ""
    needs: str = ""


#: What would help to say more: kind of entry and fact, in words.
NEEDS: Mapping[str, tuple[str, str, str]] = MappingProxyType({
    "behaviours": ("reflection", "ticked", "the rapport behaviours in that week’s reflection"),
    "feelings": ("reflection", "feelings", "feelings in the room, in that week’s reflection"),
    "frustration": ("reflection", "frustration", "frustration in that week’s reflection"),
    "expectation": ("reflection", "expectation_whose", "whose expectation it is, in that week’s reflection"),
    "avoided": ("reflection", "avoided_topic", "a topic that was avoided, if there was one"),
    "support": ("reflection", "support", "support that was used, in that week’s reflection"),
    "episode": ("episode", "markers", "an episode, when the work meets resistance"),
    "intensity": ("episode", "intensity", "how intense the episode was"),
    "next_move": ("episode", "next_move", "what was done next after the episode"),
    "named": ("episode", "named", "whether it was named with the client"),
    "outside": ("episode", "outside", "whether anything outside therapy plays in"),
    "control": ("case", "control_sensitivity", "how sensitive to control the client is"),
    "goals": ("goal", "set_by", "goals, with who proposed each"),
    "goal_importance": ("goal", "importance", "how much each goal matters to the client"),
    "goal_progress": ("goal", "progress", "progress on a goal"),
    "tasks": ("task", "proposed_by", "between-session work, with who proposed it"),
    "task_importance": ("task", "importance", "how much the task matters to the client"),
    "looks": ("look", "done", "what became of between-session work"),
    "looked_at": ("look", "looked_at", "whether the task was looked at together"),
    "check_goals": ("check_in", "goals", "the client’s check-in on the goals"),
    "check_way": ("check_in", "way_of_working", "the client’s check-in on the way of working"),
    "check_relationship": ("check_in", "relationship", "the client’s check-in on the relationship"),
    "rupture": ("rupture", "rupture_state", "a rupture, if there was a strain"),
    "strategy": ("strategy", "verdict", "a plan review with a verdict on each strategy"),
    "plan": ("plan", "days_overdue", "a day for the next plan review"),
    "fears": ("card.fears", "fears", "fears about the work, on the formulation card"),
    "schemas": ("card.schemas", "stands", "early schemas, on the formulation card"),
    "core_beliefs": ("card.core_beliefs", "stands", "core beliefs, on the formulation card"),
    "beliefs": ("card.beliefs_about_life", "stands", "beliefs about life, on the formulation card"),
    "protective": ("card.protective_factors", "stands", "what protects them, on the formulation card"),
    "self_sabotage": ("card.self_sabotage", "stands", "how they stand in their own way, on the formulation card"),
    "themes": ("card.recurring_themes", "stands", "themes that return, on the formulation card"),
})

LOW, HIGH = 4, 7  # of 10: an answer up to LOW is a low one, one from HIGH on a high one; between them nothing is said

NOT_VALIDATED = "Sixfold’s own check-in, not validated"


def _is(fact: str, *values: str) -> dict[str, Any]:
    return {"fact": fact, "is": list(values)}


def _has(fact: str, *values: str) -> dict[str, Any]:
    return {"fact": fact, "has": list(values)}


def _at(fact: str, *, least: int | None = None, most: int | None = None) -> dict[str, Any]:
    return {"fact": fact} | ({} if least is None else {"at_least": least}) | ({} if most is None else {"at_most": most})


def _all(*conditions: dict[str, Any]) -> dict[str, Any]:
    return {"all": list(conditions)}


_BY_CLIENT, _BY_ME = ("client", "together"), ("therapist",)
_WRITTEN, _LITTLE, _MUCH = _is("stands", "written"), _is("done", "none", "a_little"), _is("done", "most", "all")

RULES: tuple[Rule, ...] = (
    # 1 Rapport
    Rule("rapport-meeting-open", 1, FOR, "reflection", _has("unticked", *BEHAVIOURS_OF_MEETING),
         "Ways of meeting clients were left open that week", "Attention, pace, words and tone are part of what builds rapport.", "S3", "behaviours"),
    Rule("rapport-presence-open", 1, FOR, "reflection", _has("unticked", *BEHAVIOURS_OF_PRESENCE),
         "Being there as a person was left open that week", "A client feels whether somebody is there, warm and interested.", "S3", "behaviours"),
    Rule("rapport-relationship-low", 1, FOR, "check_in", _at("relationship", most=LOW),
         "The client answered low on the relationship", "The client’s own view of the contact tells most about it.", f"S3; {NOT_VALIDATED}", "check_relationship"),
    Rule("rapport-moved-away", 1, FOR, "episode", _has("markers", "withdrawal", "confrontation"),
         "The client moved away or against", "Both are ways in which a strain between two people shows.", "S12; PMC7728649", "episode"),
    Rule("rapport-rupture-open", 1, FOR, "rupture", _is("rupture_state", "open"),
         "A rupture is open", "A strain that has not been mended stays between the two.", "S12; PMC3921691", "rupture"),
    Rule("rapport-far-away", 1, FOR, "reflection", _has("feelings", "bored", "distant", "irritated"),
         "Bored, distant or irritated that week", "Interest that is not felt is hard to show.", "S3", "feelings"),
    Rule("rapport-meeting-ticked", 1, AGAINST, "reflection", _has("ticked", *BEHAVIOURS_OF_MEETING),
         "Ways of meeting clients were ticked that week", "Attention, pace, words and tone were there.", "S3", "behaviours"),
    Rule("rapport-presence-ticked", 1, AGAINST, "reflection", _has("ticked", *BEHAVIOURS_OF_PRESENCE),
         "Being there as a person was ticked that week", "Warmth and interest were there.", "S3", "behaviours"),
    Rule("rapport-relationship-high", 1, AGAINST, "check_in", _at("relationship", least=HIGH),
         "The client answered high on the relationship", "The client’s own view of the contact tells most about it.", f"S3; {NOT_VALIDATED}", "check_relationship"),
    Rule("rapport-mended", 1, AGAINST, "rupture", _is("outcome", "repaired"),
         "A rupture was repaired", "A contact that has been mended once can carry more.", "S12; Safran, Muran and Eubanks-Carter 2011", "rupture"),
    Rule("rapport-need-said", 1, AGAINST, "rupture", _has("repair_steps", "need_expressed", "repaired"),
         "The client could say what they had needed", "That takes some trust in the other person.", "S12; therapeutic-alliance.org, rupture resolution", "rupture"),
    Rule("rapport-close", 1, AGAINST, "reflection", _has("feelings", "close", "curious"),
         "Close or curious that week", "Interest that is felt tends to be seen.", "S3", "feelings"),

    # 2 Own agenda
    Rule("agenda-goal-mine", 2, FOR, "goal", _all(_is("goal_state", "open"), _is("set_by", *_BY_ME)),
         "An open goal was proposed by the therapist", "Goals hold when they are made together.", "S4; PMC3124012", "goals"),
    Rule("agenda-goal-little", 2, FOR, "goal", _all(_is("goal_state", "open"), _at("importance", most=LOW)),
         "An open goal matters little to the client", "What does not matter to the client may matter to somebody else.", "S4", "goal_importance"),
    Rule("agenda-task-mine-undone", 2, FOR, "look", _all(_is("proposed_by", *_BY_ME), _LITTLE),
         "Work that the therapist proposed was not done, or a little", "An undone task may never have been the client’s own; it is not by itself resistance.",
         "S4; doi 10.1080/16506073.2014.998705", "looks"),
    Rule("agenda-task-little", 2, FOR, "task", _at("importance", most=LOW),
         "A task matters little to the client", "What matters little is easily left.", "S4", "task_importance"),
    Rule("agenda-task-not-agreed", 2, FOR, "task", _is("agreed", "no"),
         "A task was given without being agreed", "What was not agreed is somebody else’s plan.", "S4", "tasks"),
    Rule("agenda-frustration", 2, FOR, "reflection", _at("frustration", least=3),
         "Frustration was high that week", "It is often a sign that a hope of one’s own is not being met.", "S16", "frustration"),
    Rule("agenda-expectation-mine", 2, FOR, "reflection", _is("expectation_whose", "mine", "someone_else"),
         "An expectation was the therapist’s, or somebody else’s", "A wish from another life than the client’s asks the client to carry it.", "S11", "expectation"),
    Rule("agenda-goals-low", 2, FOR, "check_in", _at("goals", most=LOW),
         "The client answered low on the goals", "The client says that this is not what they came for.", f"S4; {NOT_VALIDATED}", "check_goals"),
    Rule("agenda-goal-shared", 2, AGAINST, "goal", _all(_is("goal_state", "open"), _is("set_by", *_BY_CLIENT)),
         "An open goal was made together or by the client", "Then it is not the therapist’s goal alone.", "S4; PMC3124012", "goals"),
    Rule("agenda-goal-much", 2, AGAINST, "goal", _all(_is("goal_state", "open"), _at("importance", least=HIGH)),
         "An open goal matters much to the client", "It is the client’s own, whoever said it first.", "S4", "goal_importance"),
    Rule("agenda-task-shared-undone", 2, AGAINST, "look", _all(_is("proposed_by", *_BY_CLIENT), _LITTLE),
         "Work that was not the therapist’s proposal was not done, or a little", "Then the reason lies elsewhere than in whose task it was.", "S4", "looks"),
    Rule("agenda-task-mine-done", 2, AGAINST, "look", _all(_is("proposed_by", *_BY_ME), _MUCH),
         "Work that the therapist proposed was done", "The client made it their own.", "S4; S17", "looks"),
    Rule("agenda-calm", 2, AGAINST, "reflection", _at("frustration", most=1),
         "Frustration was low that week", "Little sign of a hope that is not being met.", "S16", "frustration"),
    Rule("agenda-expectation-shared", 2, AGAINST, "reflection", _is("expectation_whose", "client", "together"),
         "An expectation was the client’s, or shared", "It does not come from the therapist’s own life.", "S11", "expectation"),
    Rule("agenda-goals-high", 2, AGAINST, "check_in", _at("goals", least=HIGH),
         "The client answered high on the goals", "The client says that this is what they came for.", f"S4; {NOT_VALIDATED}", "check_goals"),

    # 3 Inflexibility
    Rule("bending-insisted", 3, FOR, "episode", _is("next_move", "insisted"),
         "The next move was to go on in the same direction", "Insisting after resistance tends to bring more of it.", "S5; doi 10.1080/10503307.2022.2153093", "next_move"),
    Rule("bending-sensitive", 3, FOR, "case", _at("control_sensitivity", least=3),
         "The client is recorded as sensitive to control", "Who has been controlled before may feel it where none is meant.", "S5; Beutler et al. 2011", "control"),
    Rule("bending-fear", 3, FOR, "card.fears", _has("fears", "being_controlled"),
         "A fear of being controlled is ticked", "Pressing on with a plan can feel like control.", "S5", "fears"),
    Rule("bending-way-low", 3, FOR, "check_in", _at("way_of_working", most=LOW),
         "The client answered low on the way of working", "The way of working may need to bend.", f"S5; S14; {NOT_VALIDATED}", "check_way"),
    Rule("bending-same-strategy", 3, FOR, "strategy", _all(_is("tried", "yes"), _is("verdict", "not")),
         "A strategy that moves nothing yet is still tried", "Therapy stays alive by being adjusted.", "S14", "strategy"),
    Rule("bending-review-due", 3, FOR, "plan", _at("days_overdue", least=1),
         "The plan has not been looked at since its day", "What is not reviewed goes on by itself.", "S14", "plan"),
    Rule("bending-stalled", 3, FOR, "episode", _all(_has("markers", "stalled"), _is("next_move", "insisted", "nothing")),
         "The work stalled, and nothing was changed", "Going over the same ground may ask for another path.", "S14; S15", "next_move"),
    Rule("bending-bent", 3, AGAINST, "episode", _is("next_move", "slowed_down", "asked", "changed_course"),
         "The next move was to slow down, ask, or change course", "That is bending where it was needed.", "S5; S19; doi 10.1037/ccp0000100", "next_move"),
    Rule("bending-not-sensitive", 3, AGAINST, "case", _at("control_sensitivity", most=1),
         "Little sensitivity to control is recorded", "Then a clear direction weighs less.", "S5; Beutler et al. 2011", "control"),
    Rule("bending-way-high", 3, AGAINST, "check_in", _at("way_of_working", least=HIGH),
         "The client answered high on the way of working", "The way of working suits the client.", f"S5; S14; {NOT_VALIDATED}", "check_way"),
    Rule("bending-strategy-ended", 3, AGAINST, "strategy", _all(_is("tried", "no"), _is("verdict", "not", "partly")),
         "A strategy that moved little was ended", "The plan was adjusted.", "S14", "strategy"),
    Rule("bending-strategy-works", 3, AGAINST, "strategy", _all(_is("tried", "yes"), _is("verdict", "works")),
         "A strategy that works is being tried", "What moves something has a reason to go on.", "S14", "strategy"),
    Rule("bending-task-dropped", 3, AGAINST, "task", _is("task_state", "dropped"),
         "A task was taken off the list together", "A plan that did not fit was let go.", "S5; S14", "tasks"),

    # 4 Part of what is treated; offered only where goals are shared
    Rule("treated-fears", 4, FOR, "card.fears", _has("fears", "failure", "success", "ending", "change"),
         "Fears of failing, succeeding, ending or change are ticked", "Then holding back can be the difficulty itself at work.", "S6", "fears"),
    Rule("treated-matters-undone", 4, FOR, "look", _all(_is("proposed_by", *_BY_CLIENT), _at("importance", least=HIGH), _LITTLE),
         "Work that matters to the client was not done, or a little", "Wanting it and not doing it can both be the client’s own.", "S6; doi 10.1007/s10608-017-9857-6", "looks"),
    Rule("treated-matters-still", 4, FOR, "goal", _all(_is("goal_state", "open"), _is("set_by", *_BY_CLIENT), _at("importance", least=HIGH), _at("progress", most=LOW)),
         "A goal of the client’s own that matters much has moved little", "What would success bring, and what would it cost?", "S6", "goal_progress"),
    Rule("treated-both-voices", 4, FOR, "episode", _has("markers", "yes_but", "topic_avoided"),
         "“Yes, but …” or a topic avoided", "A wish to change and a wish to stay can speak in turn.", "S6; S19; doi 10.1007/s10608-017-9857-6", "episode"),
    Rule("treated-own-way", 4, FOR, "card.self_sabotage", _WRITTEN,
         "The card says how they stand in their own way", "What stands in the plan need not come as a surprise.", "S6; S13", "self_sabotage"),
    Rule("treated-themes", 4, FOR, "card.recurring_themes", _WRITTEN,
         "The card names themes that return", "What shows again and again outside can show here as well.", "S13", "themes"),
    Rule("treated-outside", 4, AGAINST, "episode", _has("outside", "life_event", "social_support"),
         "Something outside therapy plays in", "A full life is a plainer reason.", "PubMed 25751744", "outside"),
    Rule("treated-goal-little", 4, AGAINST, "goal", _all(_is("goal_state", "open"), _at("importance", most=LOW)),
         "An open goal matters little to the client", "Then look at whose goal it is first.", "S4; S6", "goal_importance"),
    Rule("treated-task-mine", 4, AGAINST, "look", _all(_is("proposed_by", *_BY_ME), _LITTLE),
         "Work that the therapist proposed was not done, or a little", "Then look at whose task it was first.", "S4; S6", "looks"),
    Rule("treated-done", 4, AGAINST, "look", _is("done", "most", "all", "something_else"),
         "Between-session work was done, or something else that mattered", "The client is at work.", "S17", "looks"),
    Rule("treated-not-agreed", 4, AGAINST, "task", _is("agreed", "no"),
         "A task was given without being agreed", "Not doing what was not agreed needs no other reason.", "S4; S6", "tasks"),
    Rule("treated-goals-low", 4, AGAINST, "check_in", _at("goals", most=LOW),
         "The client answered low on the goals", "Cause 4 presumes goals that both are after.", f"S6; {NOT_VALIDATED}", "check_goals"),

    # 5 Fears and early schemas
    Rule("old-schemas", 5, FOR, "card.schemas", _WRITTEN,
         "The card names early schemas", "Old patterns can make a step look dangerous.", "S7", "schemas"),
    Rule("old-core-beliefs", 5, FOR, "card.core_beliefs", _WRITTEN,
         "The card names core beliefs", "Sentences about oneself that go without saying can hold one back.", "S7; S13", "core_beliefs"),
    Rule("old-beliefs-about-life", 5, FOR, "card.beliefs_about_life", _WRITTEN,
         "The card names beliefs about life", "Rules learned early may forbid what the work asks for.", "S7", "beliefs"),
    Rule("old-fears", 5, FOR, "card.fears", _has("fears", "judgement", "closeness", "being_controlled"),
         "Fears of being judged, close or controlled are ticked", "These are mostly older than this therapy.", "S7", "fears"),
    Rule("old-strong", 5, FOR, "episode", _at("intensity", least=4),
         "The episode was strong", "A reaction stronger than the moment can belong to something older.", "S7", "intensity"),
    Rule("old-avoided", 5, FOR, "episode", _has("markers", "topic_avoided"),
         "A topic was avoided", "What is kept away from may be kept away for an old reason.", "S7", "episode"),
    Rule("old-light", 5, AGAINST, "episode", _at("intensity", most=2),
         "The episode was light", "Little sign of something old being touched.", "S7", "intensity"),
    Rule("old-outside", 5, AGAINST, "episode", _has("outside", "life_event", "social_support"),
         "Something outside therapy plays in", "What happens now is a plainer reason.", "PubMed 25751744", "outside"),
    Rule("old-protected", 5, AGAINST, "card.protective_factors", _WRITTEN,
         "The card names what protects them", "What carries the client makes a fear weigh less.", "S7", "protective"),
    Rule("old-way-low", 5, AGAINST, "check_in", _at("way_of_working", most=LOW),
         "The client answered low on the way of working", "A way of working that does not suit is a plainer reason.", f"S14; {NOT_VALIDATED}", "check_way"),
    Rule("old-task-little", 5, AGAINST, "look", _all(_at("importance", most=LOW), _LITTLE),
         "Work that matters little to the client was not done, or a little", "That it does not matter is a plainer reason.", "S4", "looks"),
    Rule("old-step-taken", 5, AGAINST, "look", _MUCH,
         "Between-session work was done", "A step was taken in spite of what might be feared.", "S7; S17", "looks"),

    # 6 Fear of engagement
    Rule("distance-avoided", 6, FOR, "reflection", _is("avoided_topic", "written"),
         "A topic that the therapist avoided is written down", "What one steers around may be where the distance lies.", "S8", "avoided"),
    Rule("distance-feelings", 6, FOR, "reflection", _has("feelings", "distant", "bored", "worried", "inadequate"),
         "Distant, bored, worried or not good enough that week", "Such feelings can be a way of staying safe.", "S8; doi 10.1037/pst0000189", "feelings"),
    Rule("distance-nothing", 6, FOR, "episode", _is("next_move", "nothing"),
         "The moment was let pass", "Letting it pass can be a way of keeping out of it.", "S8", "next_move"),
    Rule("distance-not-named", 6, FOR, "episode", _is("named", "not_yet"),
         "It has not been named with the client", "Talking about it openly asks for some courage.", "S8; S12", "named"),
    Rule("distance-person-open", 6, FOR, "reflection", _has("unticked", "real_person"),
         "“Was a real person” was left open that week", "Keeping to the role keeps a distance.", "S3; S8", "behaviours"),
    Rule("distance-no-step", 6, FOR, "rupture", _all(_is("rupture_state", "open"), _at("days_without_step", least=15)),
         "A rupture has had no step for more than two weeks", "Relationships are not fragile; mending one can begin any day.", "S8; S12", "rupture"),
    Rule("distance-not-looked-at", 6, FOR, "look", _is("looked_at", "no"),
         "A task was not looked at together", "What might be uncomfortable is easily passed over.", "S4; S8", "looked_at"),
    Rule("distance-named", 6, AGAINST, "episode", _is("named", "yes"),
         "It was named with the client", "It was talked about openly.", "S8; S12", "named"),
    Rule("distance-asked", 6, AGAINST, "episode", _is("next_move", "asked"),
         "The next move was to ask", "Curiosity moves towards the client.", "S8; S19", "next_move"),
    Rule("distance-repair", 6, AGAINST, "rupture", _has("repair_steps", "named", "explored", "need_expressed", "repaired"),
         "A rupture was named or looked at together", "That is staying close where it is hard.", "S8; S12", "rupture"),
    Rule("distance-near", 6, AGAINST, "reflection", _has("feelings", "close", "curious", "calm"),
         "Close, curious or calm that week", "Little sign of keeping away.", "S8", "feelings"),
    Rule("distance-person", 6, AGAINST, "reflection", _has("ticked", "real_person"),
         "“Was a real person” was ticked that week", "Something of oneself was there to be met.", "S3; S8", "behaviours"),
    Rule("distance-support", 6, AGAINST, "reflection", _has("support", "supervisor", "colleague", "peer_group", "own_therapy"),
         "Support was used that week", "Fears that are talked about steer less.", "S9", "support"),
    Rule("distance-looked-at", 6, AGAINST, "look", _is("looked_at", "yes"),
         "A task was looked at together", "What might be uncomfortable was not passed over.", "S4; S8", "looked_at"),
)
