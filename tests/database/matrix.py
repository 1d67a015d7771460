"""Who may do what to which rows: the permission model of Sixfold as one table, which test_matrix.py holds against Postgres.

A cell names the rows that a statement without any condition reaches:

  own       the person's own rows                    team     every row of the team in which they hold the role
  told      rows others shared that are about them   shared   rows of that team that their author shared
  clinic    rows of the person's clinic              shipped  what comes with Sixfold
  others    the team's rows but their own            standing rows of that team that nobody has withdrawn
  recorded  rows of that team that they recorded
  given     cases handed to them                     -        none, and no error: a forbidden UPDATE or DELETE is silent
  refused   an error 42501, whatever the row         own.unread, own.asked  own rows not yet read, not yet decided

For INSERT, `own` means a row in the person's own name, `team` also one about a therapist of their team, `others` only
that. Nobody ever inserts for another team, nor in another's name.
"""

from tests.database.scene import ROLES

# fmt: off
TABLES = """
table              verb    visitor  therapist    teammate     supervisor   elsewhere    lead     admin        ended    outsider

clinics            select  refused  clinic       clinic       clinic       clinic       clinic   clinic       -        -
clinics            insert  refused  refused      refused      refused      refused      refused  refused      refused  refused
clinics            update  refused  refused      refused      refused      refused      refused  refused      refused  refused
clinics            delete  refused  refused      refused      refused      refused      refused  refused      refused  refused

teams              select  refused  team         team         team         team         team     team         -        -
teams              insert  refused  refused      refused      refused      refused      refused  refused      refused  refused
teams              update  refused  -            -            -            -            -        team         -        -
teams              delete  refused  refused      refused      refused      refused      refused  refused      refused  refused

team_settings      select  refused  team         team         team         team         team     team         -        -
team_settings      insert  refused  refused      refused      refused      refused      refused  own          refused  refused
team_settings      update  refused  -            -            -            -            -        team         -        -
team_settings      delete  refused  refused      refused      refused      refused      refused  refused      refused  refused

people             select  refused  own          own          own+team     own+team     own+team own+team     own      own
people             insert  refused  refused      refused      refused      refused      refused  refused      refused  refused
people             update  refused  refused      refused      refused      refused      refused  refused      refused  refused
people             delete  refused  refused      refused      refused      refused      refused  refused      refused  refused

memberships        select  refused  own          own          team         team         team     team         own      -
memberships        insert  refused  refused      refused      refused      refused      refused  others       refused  refused
memberships        update  refused  -            -            -            -            -        others       -        -
memberships        delete  refused  refused      refused      refused      refused      refused  refused      refused  refused

cases              select  refused  own          own          team         team         -        -            -        -
cases              insert  refused  own          own          refused      refused      refused  refused      refused  refused
cases              update  refused  own          own          -            -            -        -            -        -
cases              delete  refused  refused      refused      refused      refused      refused  refused      refused  refused

episodes           select  refused  own          own          team         team         -        -            -        -
episodes           insert  refused  own          own          refused      refused      refused  refused      refused  refused
episodes           update  refused  own          own          -            -            -        -            -        -
episodes           delete  refused  refused      refused      refused      refused      refused  refused      refused  refused

reflections        select  refused  own          own          team         team         -        -            -        -
reflections        insert  refused  own          own          refused      refused      refused  refused      refused  refused
reflections        update  refused  own.unread   own.unread   -            -            -        -            -        -
reflections        delete  refused  refused      refused      refused      refused      refused  refused      refused  refused

reflection_parts   select  refused  own          own          shared       shared       -        -            -        -
reflection_parts   insert  refused  own          own          refused      refused      refused  refused      refused  refused
reflection_parts   update  refused  own.unread   own.unread   -            -            -        -            -        -
reflection_parts   delete  refused  own.unread   own.unread   -            -            -        -            -        -

ratings            select  refused  own          own          team         team         -        -            -        -
ratings            insert  refused  own          own          refused      refused      refused  refused      refused  refused
ratings            update  refused  own.unread   own.unread   -            -            -        -            -        -
ratings            delete  refused  own.unread   own.unread   -            -            -        -            -        -

ruptures           select  refused  own          own          team         team         -        -            -        -
ruptures           insert  refused  own          own          refused      refused      refused  refused      refused  refused
ruptures           update  refused  own          own          team         team         -        -            -        -
ruptures           delete  refused  refused      refused      refused      refused      refused  refused      refused  refused

repair_steps       select  refused  own          own          team         team         -        -            -        -
repair_steps       insert  refused  own          own          others       others       refused  refused      refused  refused
repair_steps       update  refused  refused      refused      refused      refused      refused  refused      refused  refused
repair_steps       delete  refused  refused      refused      refused      refused      refused  refused      refused  refused

notes              select  refused  own+told     own+told     own+shared   own+shared   -        -            -        -
notes              insert  refused  own          own          own          own          refused  refused      refused  refused
notes              update  refused  own          own          own          own          -        -            -        -
notes              delete  refused  refused      refused      refused      refused      refused  refused      refused  refused

prompts            select  refused  clinic+shipped clinic+shipped clinic+shipped clinic+shipped clinic+shipped clinic+shipped - -
prompts            insert  refused  refused      refused      refused      refused      refused  own          refused  refused
prompts            update  refused  -            -            -            -            -        clinic       -        -
prompts            delete  refused  refused      refused      refused      refused      refused  refused      refused  refused

prompt_uses        select  refused  own          own          team         team         -        -            -        -
prompt_uses        insert  refused  own          own          others       others       refused  refused      refused  refused
prompt_uses        update  refused  refused      refused      refused      refused      refused  refused      refused  refused
prompt_uses        delete  refused  refused      refused      refused      refused      refused  refused      refused  refused

sessions             select  refused      own          own          team         team         -            -            -            -
sessions             insert  refused      own          own          refused      refused      refused      refused      refused      refused
sessions             update  refused      own          own          -            -            -            -            -            -
sessions             delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

goals                select  refused      own          own          team         team         -            -            -            -
goals                insert  refused      own          own          refused      refused      refused      refused      refused      refused
goals                update  refused      own          own          -            -            -            -            -            -
goals                delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

goal_progress        select  refused      own          own          team         team         -            -            -            -
goal_progress        insert  refused      own          own          refused      refused      refused      refused      refused      refused
goal_progress        update  refused      refused      refused      refused      refused      refused      refused      refused      refused
goal_progress        delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

tasks                select  refused      own          own          team         team         -            -            -            -
tasks                insert  refused      own          own          refused      refused      refused      refused      refused      refused
tasks                update  refused      own          own          -            -            -            -            -            -
tasks                delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

task_checks          select  refused      own          own          team         team         -            -            -            -
task_checks          insert  refused      own          own          refused      refused      refused      refused      refused      refused
task_checks          update  refused      refused      refused      refused      refused      refused      refused      refused      refused
task_checks          delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

check_ins            select  refused      own          own          team         team         -            -            -            -
check_ins            insert  refused      own          own          refused      refused      refused      refused      refused      refused
check_ins            update  refused      own          own          -            -            -            -            -            -
check_ins            delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

check_in_guesses     select  refused      own          own          -            -            -            -            -            -
check_in_guesses     insert  refused      own          own          refused      refused      refused      refused      refused      refused
check_in_guesses     update  refused      own          own          -            -            -            -            -            -
check_in_guesses     delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

formulation_entries  select  refused      own          own          team         team         -            -            -            -
formulation_entries  insert  refused      own          own          refused      refused      refused      refused      refused      refused
formulation_entries  update  refused      refused      refused      refused      refused      refused      refused      refused      refused
formulation_entries  delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

strategies           select  refused      own          own          team         team         -            -            -            -
strategies           insert  refused      own          own          refused      refused      refused      refused      refused      refused
strategies           update  refused      own          own          -            -            -            -            -            -
strategies           delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

plan_reviews         select  refused      own          own          team         team         -            -            -            -
plan_reviews         insert  refused      own          own          refused      refused      refused      refused      refused      refused
plan_reviews         update  refused      refused      refused      refused      refused      refused      refused      refused      refused
plan_reviews         delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

strategy_verdicts    select  refused      own          own          team         team         -            -            -            -
strategy_verdicts    insert  refused      own          own          refused      refused      refused      refused      refused      refused
strategy_verdicts    update  refused      refused      refused      refused      refused      refused      refused      refused      refused
strategy_verdicts    delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

scores               select  refused      own          own          team         team         -            -            -            -
scores               insert  refused      own          own          refused      refused      refused      refused      refused      refused
scores               update  refused      own          own          -            -            -            -            -            -
scores               delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

case_texts           select  refused      own          own          shared       shared       -            -            -            -
case_texts           insert  refused      own          own          refused      refused      refused      refused      refused      refused
case_texts           update  refused      own          own          -            -            -            -            -            -
case_texts           delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

questions            select  refused      own          own          standing     standing     -            -            -            -
questions            insert  refused      own          own          refused      refused      refused      refused      refused      refused
questions            update  refused      own          own          -            -            -            -            -            -
questions            delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

case_transfers       select  refused      own+given    own+given    team         team         -            -            -            -
case_transfers       insert  refused      own          own          refused      refused      refused      refused      refused      refused
case_transfers       update  refused      own.asked    own.asked    -            -            -            -            -            -
case_transfers       delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

mirror_shares        select  refused      own          own          standing     standing     -            -            -            -
mirror_shares        insert  refused      own          own          refused      refused      refused      refused      refused      refused
mirror_shares        update  refused      own          own          -            -            -            -            -            -
mirror_shares        delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

measures             select  refused      clinic+shipped clinic+shipped clinic+shipped clinic+shipped clinic+shipped clinic+shipped -            -
measures             insert  refused      refused      refused      refused      refused      refused      own          refused      refused
measures             update  refused      -            -            -            -            -            clinic       -            -
measures             delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

actions              select  refused      own+told     own+told     team         team         -            -            -            -
actions              insert  refused      own          own          others       others       refused      refused      refused      refused
actions              update  refused      own          own          team         team         -            -            -            -
actions              delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

step_backs           select  refused      own          own          team         team         -            -            -            -
step_backs           insert  refused      own          own          others       others       refused      refused      refused      refused
step_backs           update  refused      refused      refused      refused      refused      refused      refused      refused      refused
step_backs           delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

flags                select  refused      own          own          team         team         team         -            -            -
flags                insert  refused      refused      refused      refused      refused      refused      refused      refused      refused
flags                update  refused      refused      refused      refused      refused      refused      refused      refused      refused
flags                delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

threshold_changes    select  refused      team         team         team         team         team         team         -            -
threshold_changes    insert  refused      refused      refused      refused      refused      refused      refused      refused      refused
threshold_changes    update  refused      refused      refused      refused      refused      refused      refused      refused      refused
threshold_changes    delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

flag_events          select  refused      own          own          team         team         team         -            -            -
flag_events          insert  refused      own          own          others       others       team         refused      refused      refused
flag_events          update  refused      refused      refused      refused      refused      refused      refused      refused      refused
flag_events          delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

reveals              select  refused      own          own          team         team         own          -            -            -
reveals              insert  refused      refused      refused      refused      refused      refused      refused      refused      refused
reveals              update  refused      refused      refused      refused      refused      refused      refused      refused      refused
reveals              delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

invitations          select  refused      -            -            -            -            -            team         -            -
invitations          insert  refused      refused      refused      refused      refused      refused      own          refused      refused
invitations          update  refused      -            -            -            -            -            team         -            -
invitations          delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

retention_periods    select  refused      clinic       clinic       clinic       clinic       clinic       clinic       -            -
retention_periods    insert  refused      refused      refused      refused      refused      refused      own          refused      refused
retention_periods    update  refused      -            -            -            -            -            clinic       -            -
retention_periods    delete  refused      -            -            -            -            -            clinic       -            -

legal_holds          select  refused      -            -            -            -            -            clinic       -            -
legal_holds          insert  refused      refused      refused      refused      refused      refused      own          refused      refused
legal_holds          update  refused      -            -            -            -            -            clinic       -            -
legal_holds          delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

purge_reports        select  refused      -            -            -            -            -            clinic       -            -
purge_reports        insert  refused      refused      refused      refused      refused      refused      refused      refused      refused
purge_reports        update  refused      refused      refused      refused      refused      refused      refused      refused      refused
purge_reports        delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

erasure_requests     select  refused      own          own          -            -            -            team         -            -
erasure_requests     insert  refused      own          own          refused      refused      refused      team         refused      refused
erasure_requests     update  refused      refused      refused      refused      refused      refused      refused      refused      refused
erasure_requests     delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

meetings             select  refused      team         team         team         team         -            -            -            -
meetings             insert  refused      refused      refused      own          own          refused      refused      refused      refused
meetings             update  refused      -            -            team         team         -            -            -            -
meetings             delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

agenda_items         select  refused      own          own          team         team         -            -            -            -
agenda_items         insert  refused      refused      refused      others       others       refused      refused      refused      refused
agenda_items         update  refused      -            -            team         team         -            -            -            -
agenda_items         delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

agenda_words         select  refused      own          own          shared       shared       -            -            -            -
agenda_words         insert  refused      own          own          refused      refused      refused      refused      refused      refused
agenda_words         update  refused      own          own          -            -            -            -            -            -
agenda_words         delete  refused      own          own          -            -            -            -            -            -

decisions            select  refused      own          own          team         team         -            -            -            -
decisions            insert  refused      own          own          others       others       refused      refused      refused      refused
decisions            update  refused      recorded     recorded     recorded     recorded     -            -            -            -
decisions            delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

reratings            select  refused      own          own          team         team         -            -            -            -
reratings            insert  refused      own          own          refused      refused      refused      refused      refused      refused
reratings            update  refused      own          own          -            -            -            -            -            -
reratings            delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

meeting_screens      select  refused      -            -            team         team         -            -            -            -
meeting_screens      insert  refused      refused      refused      own          own          refused      refused      refused      refused
meeting_screens      update  refused      -            -            recorded     recorded     -            -            -            -
meeting_screens      delete  refused      refused      refused      refused      refused      refused      refused      refused      refused

audit_log          select  refused  own          own          own+team     own+team     own+team own+team+clinic -     -
audit_log          insert  refused  refused      refused      refused      refused      refused  refused      refused  refused
audit_log          update  refused  refused      refused      refused      refused      refused  refused      refused  refused
audit_log          delete  refused  refused      refused      refused      refused      refused  refused      refused  refused

history            select  refused  own          own          own          own          -        -            -        -
history            insert  refused  refused      refused      refused      refused      refused  refused      refused  refused
history            update  refused  refused      refused      refused      refused      refused  refused      refused  refused
history            delete  refused  refused      refused      refused      refused      refused  refused      refused  refused

case_list          select  refused  own          own          team         team         -        -            -        -
episode_list       select  refused  own          own          team         team         -        -            -        -
reflection_list    select  refused  own          own          team         team         -        -            -        -
rupture_list       select  refused  own          own          team         team         -        -            -        -
repair_step_list   select  refused  own          own          team         team         -        -            -        -
prompt_use_list    select  refused  own          own          team         team         -        -            -        -
prompt_memory      select  refused  team         team         team         team         -        -            -        -
goal_list            select  refused      own          own          team         team         -            -            -            -
task_list            select  refused      own          own          team         team         -            -            -            -
check_in_list        select  refused      own          own          team         team         -            -            -            -
score_list           select  refused      own          own          team         team         -            -            -            -
formulation_list     select  refused      own          own          team         team         -            -            -            -
strategy_list        select  refused      own          own          team         team         -            -            -            -
plan_review_list     select  refused      own          own          team         team         -            -            -            -
question_list        select  refused      own          own          standing     standing     -            -            -            -
case_transfer_list   select  refused      own+given    own+given    team         team         -            -            -            -
case_timeline        select  refused      own          own          team         team         -            -            -            -
flag_event_list      select  refused      own          own          team         team         team         -            -            -
action_list          select  refused      own+told     own+told     team         team         -            -            -            -
reveal_list          select  refused      own          own          team         team         own          -            -            -
meeting_list         select  refused      team         team         team         team         -            -            -            -
decision_list        select  refused      own          own          team         team         -            -            -            -
"""

# What the API lets one call. yes: an answer with something in it; empty: an answer that says nothing; refused: 42501.
# The team asked about is north, where everyone but `elsewhere` has or had their place.
FUNCTIONS = """
function                visitor  therapist  teammate  supervisor  elsewhere  lead     admin    ended    outsider

me                      refused  yes        yes       yes         yes        yes      yes      yes      yes
op_applied              refused  yes        yes       yes         yes        yes      yes      yes      yes
apply_ops               refused  yes        yes       yes         yes        yes      yes      yes      yes
mark_reflection_read    refused  refused    refused   yes         refused    refused  refused  refused  refused
team_trends             refused  yes        yes       yes         refused    yes      refused  refused  refused
team_trends_exact       refused  refused    refused   yes         refused    refused  refused  refused  refused
my_mirror               refused  yes        yes       refused     refused    refused  refused  refused  refused
lead_overview           refused  empty      empty     empty       empty      yes      empty    empty    empty
lead_waiting_ruptures   refused  refused    refused   refused     refused    yes      refused  refused  refused
monitor                 refused  refused    refused   yes         refused    yes      refused  refused  refused
my_flags                refused  yes        yes       refused     refused    refused  refused  refused  refused
stagnation              refused  refused    refused   yes         refused    yes      refused  refused  refused
preview_thresholds      refused  refused    refused   refused     refused    refused  yes      refused  refused
ask_to_see              refused  refused    refused   refused     refused    yes      refused  refused  refused
see_case                refused  refused    refused   refused     refused    yes      refused  refused  refused
month_of_team           refused  refused    refused   yes         refused    yes      refused  refused  refused
log_export              refused  refused    refused   yes         refused    yes      yes      refused  refused
accept_invitations      refused  empty      empty     empty       empty      empty    empty    empty    empty
found_team              refused  refused    refused   refused     refused    refused  yes      refused  refused
purge_preview           refused  refused    refused   refused     refused    refused  yes      refused  refused
purge                   refused  refused    refused   refused     refused    refused  yes      refused  refused
decide_erasure          refused  refused    refused   refused     refused    refused  yes      refused  refused
meeting_screen          refused  yes        yes       yes         refused    refused  refused  refused  refused
meeting_now             refused  yes        yes       yes         refused    refused  refused  refused  refused
own_picture             refused  yes        refused    refused     refused    refused  refused  refused  refused
agenda_candidates       refused  refused    refused   yes         refused    refused  refused  refused  refused
repair_memory           refused  yes        yes       yes         refused    refused  refused  refused  refused
pulse_course            refused  yes        yes       yes         refused    refused  refused  refused  refused
audit_entries           refused  yes        yes       yes         empty      yes      yes      empty    empty
log_audit_export        refused  yes        yes       yes         refused    yes      yes      refused  refused
log_own_export          refused  yes        yes       yes         yes        yes      yes      refused  refused
"""
# fmt: on

VERBS = ("select", "insert", "update", "delete")


def _parsed(table: str, keys: int) -> dict[tuple[str, ...], dict[str, str]]:
    head, *lines = [line.split() for line in table.splitlines() if line.strip()]
    if head[keys:] != list(ROLES):
        raise ValueError(f"the columns of the matrix are {head[keys:]}, the roles are {list(ROLES)}")
    return {tuple(line[:keys]): dict(zip(ROLES, line[keys:], strict=True)) for line in lines}


RIGHTS = _parsed(TABLES, 2)
CALLS = {name: roles for (name,), roles in _parsed(FUNCTIONS, 1).items()}

# What only the database itself runs, and what signed-in people's statements need to run (policies, apply_ops).
# No function of this schema is reachable through the API, none may be run by a visitor.
PRIVATE_FOR_ALL_SIGNED_IN = set(
    [
        "week_of",
        "teams_as",
        "clinics_as",
        "is_member",
        "people_i_see",
        "same_clinic",
        "still_open",
        "claim_op",
        "digest_applied",
        "must_have_changed",
        "texts",
        "put_ratings",
        "put_note",
        "apply_op",
        "apply_case_open",
        "apply_case_amend",
        "apply_episode_log",
        "apply_episode_amend",
        "apply_reflection_hand_in",
        "apply_reflection_read",
        "apply_rupture_open",
        "apply_rupture_step",
        "apply_rupture_close",
        "apply_prompt_mark",
        "apply_note_share",
        "put_text",
        "must_build_on",
        "must_still_be",
        "decide_transfer",
        "apply_session_log",
        "apply_session_amend",
        "apply_goal_set",
        "apply_goal_amend",
        "apply_goal_progress",
        "apply_task_give",
        "apply_task_amend",
        "apply_task_check",
        "apply_check_in_enter",
        "apply_check_in_amend",
        "apply_score_enter",
        "apply_score_amend",
        "apply_formulation_write",
        "apply_strategy_start",
        "apply_strategy_end",
        "apply_plan_review",
        "apply_text_write",
        "apply_text_amend",
        "apply_question_ask",
        "apply_question_amend",
        "apply_transfer_ask",
        "apply_transfer_withdraw",
        "apply_transfer_decide",
        "apply_mirror_share",
        "apply_mirror_withdraw",
        "apply_flag_work",
        "apply_action_agree",
        "apply_action_amend",
        "apply_step_back_decide",
        "apply_meeting_plan",
        "apply_meeting_amend",
        "apply_meeting_call_off",
        "apply_meeting_begin",
        "apply_meeting_go",
        "apply_meeting_clock",
        "apply_meeting_show",
        "apply_meeting_end",
        "apply_meeting_order",
        "apply_meeting_add",
        "apply_item_amend",
        "apply_item_release",
        "apply_item_pass",
        "apply_item_decide",
        "apply_item_rerate",
        "apply_pulse_give",
        "apply_screen_open",
        "apply_screen_close",
        "measure_name",
        "flag_about",
        "put_item",
        "held_meeting",
        "must_be_ahead",
        "item_of",
        "stop_the_clock",
        "still_said",
        "therapist_says",
        "pass_on",
        "my_causes",
        "count_pulse",
        "review_after_step_back",
        "team_of_clinic",
        "name_of",
        "code_of",
    ]
)

# Columns that signed-in people may write; everything else of a row is the server's. `id` is chosen by the author.
WRITABLE = {
    "team_settings": {
        "insert": "team_id",
        "update": "safe_min_therapists safe_min_entries week_starts_on rupture_open_days silence_days frustration_high sessions_watch"
        " sessions_review sessions_escalate plateau_scores alliance_points no_shows_of_four undone_of_four high_weeks_of_four discuss_days"
        " formulation_days formulation_gaps",
    },
    "teams": {"update": "name"},
    "memberships": {"insert": "person_id team_id role starts_on ends_on", "update": "ends_on"},
    "cases": {
        "insert": "therapist_id id team_id code control_sensitivity started_on",
        "update": "state control_sensitivity started_on",
    },
    "episodes": {
        "insert": "therapist_id id team_id case_id happened_on kind markers intensity first_blame next_move named outside stated_at",
        "update": "happened_on kind markers intensity first_blame next_move named outside version",
    },
    "reflections": {
        "insert": "therapist_id id team_id week behaviours stated_at",
        "update": "behaviours version stated_at",
    },
    "reflection_parts": {
        "insert": "therapist_id reflection_id part team_id content shared",
        "update": "content shared",
    },
    "ratings": {
        "insert": "therapist_id team_id episode_id reflection_id on_day cause rating",
        "update": "rating",
    },
    "ruptures": {
        "insert": "therapist_id id team_id case_id episode_id kind noticed_on stated_at",
        "update": "kind closed_on outcome",
    },
    "repair_steps": {"insert": "recorded_by id therapist_id team_id rupture_id stage taken_on"},
    "notes": {
        "insert": "author_id id team_id therapist_id episode_id repair_step_id prompt_use_id body shared",
        "update": "body shared",
    },
    "prompts": {
        "insert": "clinic_id slug stage causes rupture_kinds trigger wording why sentence repaired_when source active position",
        "update": "stage causes rupture_kinds trigger wording why sentence repaired_when source active position",
    },
    "sessions": {
        "insert": "therapist_id id team_id case_id number held_on attendance mode stated_at",
        "update": "number held_on attendance mode",
    },
    "goals": {
        "insert": "therapist_id id team_id case_id set_by importance set_on",
        "update": "set_by importance state",
    },
    "goal_progress": {"insert": "therapist_id id team_id goal_id on_day progress"},
    "tasks": {
        "insert": "therapist_id id team_id case_id goal_id proposed_by importance agreed given_on",
        "update": "proposed_by importance agreed state",
    },
    "task_checks": {"insert": "therapist_id id team_id task_id on_day done looked_at"},
    "check_ins": {
        "insert": "therapist_id id team_id case_id on_day goals way_of_working relationship",
        "update": "on_day goals way_of_working relationship",
    },
    "check_in_guesses": {
        "insert": "therapist_id id team_id goals way_of_working relationship",
        "update": "goals way_of_working relationship",
    },
    "formulation_entries": {
        "insert": "therapist_id id team_id case_id field version written_on emptied ticked"
    },
    "strategies": {"insert": "therapist_id id team_id case_id started_on", "update": "ended_on"},
    "plan_reviews": {"insert": "therapist_id id team_id case_id reviewed_on next_review_on"},
    "strategy_verdicts": {"insert": "therapist_id review_id strategy_id team_id verdict"},
    "case_texts": {
        "insert": "therapist_id id team_id case_id about about_id slot body shared",
        "update": "body shared version written_at",
    },
    "questions": {
        "insert": "therapist_id id team_id case_id episode_id reflection_id moment question felt would_like asked_on",
        "update": "moment question felt would_like state",
    },
    "measures": {
        "insert": "clinic_id slug name about lowest highest step direction reliable_change reliable_basis cut_off cut_off_basis source licence"
        " active position",
        "update": "name about lowest highest step direction reliable_change reliable_basis cut_off cut_off_basis source licence active position",
    },
    "scores": {
        "insert": "therapist_id id team_id case_id measure_id on_day value stated_at",
        "update": "value version",
    },
    "case_transfers": {"insert": "therapist_id id team_id case_id", "update": "state"},
    "actions": {
        "insert": "created_by id team_id therapist_id case_id owner_id what due_on led_by meeting_id item_id",
        "update": "state done_on helped due_on version",
    },
    "invitations": {
        "insert": "clinic_id team_id email display_name role starts_on ends_on invited_by",
        "update": "withdrawn_at",
    },
    "retention_periods": {"insert": "clinic_id what days", "update": "days"},
    "legal_holds": {"insert": "clinic_id code therapist_id reason set_by", "update": "lifted_at"},
    "erasure_requests": {"insert": "team_id therapist_id code asked_by why"},
    "step_backs": {
        "insert": "done_by id team_id therapist_id case_id decision look_again_on done_on seen let_go"
    },
    "flag_events": {
        "insert": "actor_id id team_id therapist_id case_id flag_id kind note assignee_id due_on until_on outcome"
    },
    "mirror_shares": {"insert": "therapist_id id team_id item content", "update": "withdrawn"},
    "meetings": {
        "insert": "led_by id team_id held_on starts_at minutes theme",
        "update": "held_on starts_at minutes theme state begun_at ended_at item_id clock_since prompt timer timer_until",
    },
    "agenda_items": {
        "insert": "led_by id meeting_id team_id position kind title therapist_id case_id question_id rupture_id minutes because",
        "update": "position minutes state reason stage spent",
    },
    "agenda_words": {
        "insert": "therapist_id led_by item_id team_id body released",
        "update": "body released",
    },
    "decisions": {
        "insert": "recorded_by id team_id led_by meeting_id item_id therapist_id case_id decision words sentence will_know look_again_on shown",
        "update": "shown",
    },
    "reratings": {
        "insert": "therapist_id led_by item_id team_id cause rating before",
        "update": "rating",
    },
    "meeting_screens": {"insert": "opened_by id team_id led_by meeting_id opened_at", "update": "closed_at"},
    "prompt_uses": {
        "insert": "used_by id team_id therapist_id case_id rupture_id episode_id theme_cause prompt verdict"
    },
}
WRITABLE = {
    table: {verb: set(columns.split()) for verb, columns in verbs.items()}
    for table, verbs in WRITABLE.items()
}
DELETABLE = {"reflection_parts", "ratings", "retention_periods", "agenda_words"}
