"""What a key or check of the database means to the person whose entry broke it: what happened, then what to do."""

import re
from collections.abc import Mapping
from types import MappingProxyType

NOTE_THERE = "There is a note on this already. Please change that one."
TAKEN_NAME = "There is one with this short name already. Please choose another."
RATED = "This cause is rated here already. Please change that rating."
ONLY_ITS_OWN = "A transfer that is decided names who decided it and, when it was agreed, the new therapist. Please decide on it again."

SENTENCES: Mapping[str, str] = MappingProxyType({
    # keys: it is there already
    "cases_therapist_id_code_key": "You have a case with this code already. Please choose another code.",
    "case_texts_therapist_id_about_id_about_slot_key": "There is a text here already. Please change that one.",
    "formulation_entries_therapist_id_case_id_field_version_key":
        "This field was changed elsewhere in the meantime. Please look at what stands, then choose.",
    "measures_clinic_id_slug_key": TAKEN_NAME,
    "memberships_person_id_team_id_role_starts_on_key": "This person has this role from that day already. Please choose another day.",
    "notes_author_id_episode_id_team_id_key": NOTE_THERE,
    "notes_author_id_prompt_use_id_key": NOTE_THERE,
    "notes_author_id_repair_step_id_therapist_id_team_id_key": NOTE_THERE,
    "one_meeting_ahead": "A meeting of this team is planned or running already. Please open that one.",
    "one_open_invitation":
        "This address has an open invitation to this role already. Please withdraw that one first.",
    "one_transfer_at_a_time": "This case is being handed over already, or has been. Please look at how that stands.",
    "prompts_clinic_id_slug_key": TAKEN_NAME,
    "ratings_therapist_id_episode_id_cause_key": RATED,
    "ratings_therapist_id_reflection_id_cause_key": RATED,
    "reflections_therapist_id_team_id_week_key": "There is a reflection for this week already. Please open that one and change it there.",
    "retention_periods_clinic_id_what_key": "A period for this was set in the meantime. Please look at it first.",
    "scores_therapist_id_case_id_measure_id_on_day_key": "There is a score of this measure on that day already. Please look at it first.",
    "teams_clinic_id_name_key": "There is a team of this name already. Please choose another name.",
    # lengths and forms
    "a_decision_says_something": "A decision is chosen or written. Please do one of the two.",
    "dropped_has_a_reason": "What is taken off the agenda has a reason of 3 characters or more. Please write it.",
    "agenda_items_reason_check": "A reason has at most 300 characters. Please shorten it.",
    "agenda_items_title_check": "The title of an item has at most 120 characters. Please shorten it.",
    "agenda_words_body_check": "What you add for a meeting has between 1 and 1,000 characters. Please change it.",
    "decisions_sentence_check": "A sentence to try has at most 300 characters. Please shorten it.",
    "decisions_will_know_check": "How you will know has at most 300 characters. Please shorten it.",
    "decisions_words_check": "A decision has at most 500 characters. Please shorten it.",
    "meetings_theme_check": "This is too much for the theme of a meeting. Please choose fewer weeks.",
    "a_decision_has_a_basis": "A decision names its basis in 10 characters or more. Please write it.",
    "a_hold_names_something": "A hold is about a case code or a person. Please choose one of them.",
    "actions_what_check": "An action has between 1 and 500 characters. Please change it.",
    "case_texts_body_check": "A text has at most 2,000 characters. Please shorten it.",
    "cases_code_check": "A code is one to three capital letters and two to five digits, such as AB-12. Please change it.",
    "episode_notes_are_short": "A note on an episode has at most 300 characters. Please shorten it.",
    "erasure_requests_basis_check": "A basis has at most 500 characters. Please shorten it.",
    "erasure_requests_code_check": "A code is one to three capital letters and two to five digits, such as AB-12. Please change it.",
    "erasure_requests_why_check": "What it is asked for has at most 500 characters. Please shorten it.",
    "flag_events_note_check": "A note on a flag has at most 500 characters. Please shorten it.",
    "invitations_display_name_check": "A name has between 1 and 80 characters. Please change it.",
    "legal_holds_code_check": "A code is one to three capital letters and two to five digits, such as AB-12. Please change it.",
    "legal_holds_reason_check": "The reason of a hold has between 10 and 500 characters. Please change it.",
    "measures_about_check": "What a measure is about has at most 200 characters. Please shorten it.",
    "measures_licence_check": "The licence has at most 400 characters. Please shorten it.",
    "measures_name_check": "A measure needs a name of at most 80 characters. Please change it.",
    "measures_slug_check": "The short name has small letters, digits and hyphens only. Please change it.",
    "measures_source_check": "The source has at most 400 characters. Please shorten it.",
    "mirror_shares_content_check": "This is too much to share as one item. Please choose fewer weeks.",
    "notes_body_check": "A note has between 1 and 1,000 characters. Please change it.",
    "questions_felt_check": "What you felt has at most 500 characters. Please shorten it.",
    "questions_moment_check": "The moment has between 1 and 1,000 characters. Please change it.",
    "questions_question_check": "The question has between 1 and 500 characters. Please change it.",
    "questions_would_like_check": "What you would like has at most 500 characters. Please shorten it.",
    "reflection_parts_content_check": "A part of a reflection has at most some 8,000 characters. Please shorten it.",
    "step_backs_let_go_check": "What you let go of has at most 1,000 characters. Please shorten it.",
    "step_backs_seen_check": "What you have seen has at most 2,000 characters. Please shorten it.",
    "teams_name_check": "A team needs a name of at most 120 characters. Please change it.",
    # what does not go together
    "a_cut_off_has_a_basis": "A cut-off says where it comes from. Please choose published or computed, or leave it empty.",
    "a_decision_names_its_supervisor": ONLY_ITS_OWN,
    "a_reliable_change_has_a_basis": "A reliable change says where it comes from. Please choose published or computed, or leave it empty.",
    "agreed_means_to_somebody": ONLY_ITS_OWN,
    "assigned_names_somebody": "A flag is assigned to somebody. Please choose who looks at it.",
    "going_on_names_a_day": "Going on as before needs a day to look again. Please choose one.",
    "measures_check": "The highest score has to be above the lowest. Please check the range.",
    "invitations_check": "A role cannot end before it begins. Please check the days.",
    "memberships_check": "A role cannot end before it begins. Please check the days.",
    "only_assigned_is_due": "Only a flag that is assigned has a day it is due. Please take the day away.",
    "only_fears_are_ticked": "Fears are ticked in the field for fears alone. Please take the ticks away here.",
    "only_snoozed_has_an_end": "Only a flag that is snoozed has a day it comes back. Please take the day away.",
    "plan_reviews_check": "The next review comes after this one, and within ten years. Please choose another day.",
    "private_parts_are_never_shared": "What is private in a reflection is never shared. Please take the sharing back.",
    "resolved_has_an_outcome": "A flag is resolved with an outcome. Please choose one.",
    "ruptures_check": "A rupture cannot be closed before it was noticed. Please check the days.",
    "retention_periods_days_check": "A period has 30 days or more. Please choose a longer one.",
    "sessions_rise": "The numbers of sessions go up from watch to review to escalate. Please check the three.",
    "snoozed_has_a_reason_and_an_end": "Snoozing a flag takes a day and a reason of at least 10 characters. Please give both.",
    "something_was_answered": "A check-in needs at least one of the three answers. Please enter one.",
    "something_was_guessed": "A guess needs at least one of the three. Please enter one, or leave the guess out.",
    "strategies_check": "A strategy cannot end before it began. Please check the days.",
    "the_cut_off_lies_within": "The cut-off lies outside the range of the measure. Please check the numbers.",
    "the_reliable_change_fits": "The reliable change is as large as the whole range of the measure. Please check the numbers.",
})  # fmt: skip
FAR_DAY = "The day lies too far back or too far ahead. Please check the date."
OF_A_DAY = re.compile(r"\w+_on(_day)?_check")
NAMED = re.compile(r'violates (?:unique|check) constraint "(\w+)"')


def sentence(name: str | None, message: str | None = None) -> str | None:
    """What this constraint means, by its name or the one in Postgres' message; None when nothing is said of it in particular."""
    found = None if name else NAMED.search(message or "")
    name = name or (found[1] if found else "")
    return SENTENCES.get(name) or (FAR_DAY if OF_A_DAY.fullmatch(name) else None)
