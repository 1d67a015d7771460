"""What hangs on the tables of the database, written down once: triggers, unique keys and checks. test_catalog.py holds it against Postgres.

Whatever goes missing or is new without a line here fails there. What each of them does is proven by the other tests.
"""

from tests.database.matrix import RIGHTS

# What the database works out by itself, and what is a record already, has no log.
LOGGED = {table for table, verb in RIGHTS if verb == "delete"} - {
    "audit_log",
    "history",
    "flags",
    "threshold_changes",
    "purge_reports",
}
# Gone when somebody passes, which leaves no trace, or with their case, which the log says of the case.
GOES_SILENTLY = {"agenda_items", "agenda_words", "reratings"}
# Written once, or kept by versions of their own.
REMEMBERED = set(
    [
        "cases",
        "episodes",
        "reflections",
        "reflection_parts",
        "ratings",
        "ruptures",
        "notes",
        "sessions",
        "goals",
        "tasks",
        "strategies",
        "scores",
        "check_ins",
        "check_in_guesses",
        "case_texts",
        "questions",
        "case_transfers",
    ]
)
# What a rule of the flags looks at.
LOOKED_AT = set(
    [
        "cases",
        "sessions",
        "episodes",
        "ratings",
        "scores",
        "check_ins",
        "ruptures",
        "repair_steps",
        "goals",
        "tasks",
        "task_checks",
        "formulation_entries",
        "plan_reviews",
        "prompt_uses",
        "actions",
        "step_backs",
        "team_settings",
        "measures",
    ]
)

# Triggers, and the tables that have them.
TRIGGERS: dict[str, set[str]] = {
    "audit_insert audit_update": LOGGED,
    "audit_delete": LOGGED - GOES_SILENTLY,
    "never_emptied": LOGGED | {"audit_log"},
    "append_only": {"audit_log"},
    "history_update history_delete": REMEMBERED,
    "flags_stale_came": LOOKED_AT,
    "flags_stale_became flags_stale_went": LOOKED_AT | {"agenda_items"},
    "roll_up_came roll_up_was roll_up_became roll_up_went": {"episodes", "ratings", "reflections", "ruptures"},
    "not_in_the_future": {
        "cases", "check_ins", "episodes", "formulation_entries", "goal_progress", "goals", "plan_reviews", "questions", "repair_steps", "ruptures",
        "scores", "sessions", "strategies", "task_checks", "tasks",
    },
    "closed_not_in_the_future": {"ruptures"},
    "ended_not_in_the_future": {"strategies"},
    "week_has_begun": {"reflections"},
    "case_ends": {"cases"},
    "0_fits_its_measure": {"scores"},
    "fits_its_team": {"actions"},
    "fits_the_flag": {"flag_events"},
    "note_follows_its_prompt": {"notes"},
    "thresholds_kept": {"team_settings"},
    "label_the_team meeting_goes_on": {"meetings"},
    "label_the_case question_was_discussed agenda_stands": {"agenda_items"},
}  # fmt: skip

# Unique keys beside the primary ones, without the table in front and `_key` behind; those of our own naming hold for some rows only.
UNIQUE = """
actions: created_by_id_team_id
agenda_items: led_by_id_team_id led_by_id_team_id_therapist_id
case_texts: therapist_id_about_id_about_slot
case_transfers: one_transfer_at_a_time
cases: therapist_id_code therapist_id_id_team_id
check_ins: therapist_id_id_team_id
episodes: therapist_id_id_team_id_happened_on therapist_id_id_team_id
flags: id_therapist_id_case_id_team_id one_open_spell
formulation_entries: therapist_id_case_id_field_version
goals: therapist_id_id_team_id
invitations: one_open_invitation
measures: clinic_id_slug
meetings: led_by_id_team_id one_meeting_ahead
memberships: person_id_team_id_role_starts_on
notes: author_id_episode_id_team_id author_id_prompt_use_id author_id_repair_step_id_therapist_id_team_id
plan_reviews: therapist_id_id_team_id
private.goes_with_a_case: name
private.meeting_labels: led_by_meeting_id_label led_by_meeting_id_therapist_id_case_id
prompts: clinic_id_slug
ratings: therapist_id_episode_id_cause therapist_id_reflection_id_cause
reflections: therapist_id_id_team_id therapist_id_id_team_id_week therapist_id_team_id_week
repair_steps: recorded_by_id_therapist_id_team_id
retention_periods: clinic_id_what
ruptures: therapist_id_id_team_id
scores: therapist_id_case_id_measure_id_on_day
strategies: therapist_id_id_team_id
tasks: therapist_id_id_team_id
teams: clinic_id_name
"""

# Checks, without the table in front and `_check` behind where Postgres named them.
CHECKS = """
actions: a_case_has_its_therapist done_has_a_day due_on version what
agenda_items: a_case_names_its_therapist because dropped_has_a_reason minutes position reason released spent title what_it_is_about
agenda_words: body
audit_log: action
case_texts: body slot version
case_transfers: a_decision_names_its_supervisor agreed_means_to_somebody
cases: code control_sensitivity started_on
check_in_guesses: goals relationship something_was_guessed way_of_working
check_ins: goals on_day relationship something_was_answered way_of_working
clinics: name
decisions: a_decision_on_a_case_names_its_therapist a_decision_says_something look_again_on sentence will_know words
episodes: happened_on intensity markers outside stated_at version
erasure_requests: a_decision_has_a_basis basis code why
flag_events: assigned_names_somebody due_on note only_assigned_is_due only_snoozed_has_an_end resolved_has_an_outcome
  snoozed_has_a_reason_and_an_end until_on
flags: flags_check
formulation_entries: only_fears_are_ticked ticked version written_on
goal_progress: on_day progress
goals: importance set_on
invitations: accepted_by_somebody display_name email invitations_check starts_on
legal_holds: a_hold_names_something code reason
measures: a_cut_off_has_a_basis a_reliable_change_has_a_basis about licence measures_check name reliable_change slug source step
  the_cut_off_lies_within the_reliable_change_fits
meeting_screens: meeting_screens_check
meetings: a_meeting_begins_before_it_ends a_timer_has_an_end held_on minutes prompt theme
memberships: memberships_check
mirror_shares: content
notes: body episode_notes_are_short episode_notes_are_the_therapists notes_check step_notes_name_the_therapist
people: display_name
plan_reviews: plan_reviews_check reviewed_on
private.pulse_counts: answer
prompt_uses: prompt prompt_uses_check prompt_uses_check1 theme_cause
prompts: causes repaired_when sentence slug source trigger why wording
questions: asked_on felt moment question would_like
ratings: cause rating ratings_check
reflection_parts: content private_parts_are_never_shared
reflections: behaviours reflections_check stated_at version week
repair_steps: taken_on
reratings: before cause rating
retention_periods: days
reveals: reason
ruptures: noticed_on ruptures_check ruptures_check1 stated_at
scores: on_day stated_at version
sessions: held_on number stated_at
step_backs: done_on going_on_names_a_day let_go look_again_on seen
strategies: started_on strategies_check
task_checks: on_day
tasks: given_on importance
team_settings: alliance_points discuss_days formulation_days formulation_gaps frustration_high high_weeks_of_four no_shows_of_four
  plateau_scores rupture_open_days safe_min_entries safe_min_therapists sessions_escalate sessions_review sessions_rise sessions_watch
  silence_days undone_of_four week_starts_on
teams: name
"""


def listed(text: str) -> dict[str, list[str]]:
    """Lines of `table: name name`, indented where they go on."""
    found: dict[str, list[str]] = {}
    table = ""
    for line in filter(str.strip, text.splitlines()):
        names = line.split()
        if not line.startswith(" "):
            table, names = names[0].removesuffix(":"), names[1:]
        found.setdefault(table, []).extend(names)
    return found
