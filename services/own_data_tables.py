"""What a person's own data consist of: every table, whose rows are theirs, and each column with its type and meaning.

A line without indent is a table: name | columns that name the owner | key | what a row is. The lines below it are its
columns: name, type ("?" where it may be empty), meaning. A type is uuid, text, date, moment, int, number, bool, json or
the name of an enum, with [] for a list. A test holds all of it against the database, so that no table is forgotten.
"""

from dataclasses import dataclass, replace

# fmt: off
TABLES = """
people | id | id | You
  id uuid; clinic_id uuid the clinic you belong to; display_name text the name that others in your teams see
memberships | person_id | id | A role in a team, from its first day to the first day on which it no longer holds
  id uuid; person_id uuid you; team_id uuid; role member_role the role; starts_on date first day; ends_on date? first day without it
cases | therapist_id | therapist_id, id | A client's work with you, known by a code
  therapist_id uuid; id uuid; team_id uuid; code text the code, never a name; state case_state how it stands
  control_sensitivity int? sensitivity to control, 0-4; started_on date when therapy began; created_at moment; ended_on date? when it was closed
sessions | therapist_id | therapist_id, id | A session, or one that was booked and did not happen
  therapist_id uuid; id uuid; team_id uuid; case_id uuid; number int as you count; held_on date its day; attendance attendance who came
  mode session_mode how you met; stated_at moment; created_at moment
episodes | therapist_id | therapist_id, id | A resistance episode
  therapist_id uuid; id uuid; team_id uuid; case_id uuid; happened_on date its day; kind episode_kind what it was; markers episode_kind[] what else it was
  intensity int? 1-5; first_blame blame? where the first blame went; next_move next_move? what you did next; named named_with_client? whether it was named with the client
  outside outside_factor[] what came from outside; stated_at moment; created_at moment; version int
reflections | therapist_id | therapist_id, id | A weekly reflection; its ratings and parts are tables of their own
  therapist_id uuid; id uuid; team_id uuid; week date the Monday of its ISO week; behaviours rapport_behaviour[] rapport behaviours you ticked; version int
  handed_in_at moment when it was handed in; stated_at moment; read_at moment? when a supervisor read it; read_by uuid? who read it
reflection_parts | therapist_id | therapist_id, reflection_id, part | One thing said in a weekly reflection
  therapist_id uuid; reflection_id uuid its reflection; part reflection_part which part; team_id uuid; content json what it says, under "value"; shared bool
ratings | therapist_id | id | A rating of one of the six causes, with an episode or a week
  id uuid; therapist_id uuid; team_id uuid; episode_id uuid?; reflection_id uuid? its reflection; on_day date the episode's day or the week's Monday
  cause int 1-6; rating int? 0-4, empty for "can't tell"
ruptures | therapist_id | therapist_id, id | A strain in a working alliance
  therapist_id uuid; id uuid; team_id uuid; case_id uuid; episode_id uuid?; kind rupture_kind its kind; noticed_on date when it was noticed
  closed_on date? when it was closed; outcome rupture_outcome? how it ended; stated_at moment; created_at moment
repair_steps | therapist_id, recorded_by | recorded_by, id | A step towards repair
  recorded_by uuid who recorded it; id uuid; therapist_id uuid; team_id uuid; rupture_id uuid its rupture; stage repair_stage which step; taken_on date its day; created_at moment
notes | author_id, therapist_id | author_id, id | A short note on an entry: yours, or one about your case that was shared with you
  author_id uuid who wrote it; id uuid; team_id uuid; therapist_id uuid? whose case it is about; episode_id uuid?; repair_step_id uuid? its repair step
  prompt_use_id uuid? its mark on a prompt; body text the words; shared bool; created_at moment
prompt_uses | therapist_id, used_by | used_by, id | What came of a discussion prompt
  used_by uuid who marked it; id uuid; team_id uuid; therapist_id uuid? whose case it was on; case_id uuid?; rupture_id uuid? its rupture; episode_id uuid?
  theme_cause int? the cause, where it was a theme of the team; prompt text the prompt's short name; verdict prompt_verdict what came of it; used_at moment when
goals | therapist_id | therapist_id, id | A goal of a case; its wording is in case_texts
  therapist_id uuid; id uuid; team_id uuid; case_id uuid; set_by proposer whose goal it is; importance int? to the client, 0-10; state goal_state how it stands
  set_on date since when; created_at moment
goal_progress | therapist_id | therapist_id, id | How far a goal had come on one day
  therapist_id uuid; id uuid; team_id uuid; goal_id uuid its goal; on_day date the day; progress int 0-10; created_at moment
tasks | therapist_id | therapist_id, id | Between-session work; its wording is in case_texts
  therapist_id uuid; id uuid; team_id uuid; case_id uuid; goal_id uuid? the goal it serves; proposed_by proposer who proposed it; importance int? to the client, 0-10
  agreed bool whether it was agreed; state task_state how it stands; given_on date since when; created_at moment
task_checks | therapist_id | therapist_id, id | What had become of a task on one day
  therapist_id uuid; id uuid; team_id uuid; task_id uuid its task; on_day date the day; done task_done how much; looked_at bool? whether you looked at it together; created_at moment
check_ins | therapist_id | therapist_id, id | A client's answers to the three questions, 0-10
  therapist_id uuid; id uuid; team_id uuid; case_id uuid; on_day date the day; goals int? aiming at the right thing; way_of_working int? usefulness; relationship int? openness; created_at moment
check_in_guesses | therapist_id | therapist_id, id | What you guessed the client would answer; only you can read it
  therapist_id uuid; id uuid the check-in it stands beside; team_id uuid; goals int? aiming at the right thing; way_of_working int? usefulness; relationship int? openness; created_at moment
scores | therapist_id | therapist_id, id | One score of a measure
  therapist_id uuid; id uuid; team_id uuid; case_id uuid; measure_id uuid the measure, named at the top of the JSON file; on_day date the day; value number the score
  version int; stated_at moment; created_at moment
formulation_entries | therapist_id | therapist_id, id | One version of a field of the formulation; its words are in case_texts
  therapist_id uuid; id uuid; team_id uuid; case_id uuid; field formulation_field which field; version int; written_on date its day; emptied bool whether the field was emptied
  ticked client_fear[] fears that were ticked; created_at moment
strategies | therapist_id | therapist_id, id | Something you try in a case; its wording is in case_texts
  therapist_id uuid; id uuid; team_id uuid; case_id uuid; started_on date since when; ended_on date? until when; created_at moment
plan_reviews | therapist_id | therapist_id, id | A review of the plan
  therapist_id uuid; id uuid; team_id uuid; case_id uuid; reviewed_on date its day; next_review_on date? when to look again; created_at moment
strategy_verdicts | therapist_id | therapist_id, review_id, strategy_id | What a review said of one strategy
  therapist_id uuid; review_id uuid its review; strategy_id uuid its strategy; team_id uuid; verdict strategy_verdict how it works
case_texts | therapist_id | therapist_id, id | A free text of a case
  therapist_id uuid; id uuid; team_id uuid; case_id uuid; about text_about what it belongs to; about_id uuid the row it belongs to; slot text which question, where there are several
  body text the words, empty when taken back; shared bool; version int; written_at moment when it was written
questions | therapist_id | therapist_id, id | Something you would like to bring to supervision
  therapist_id uuid; id uuid; team_id uuid; case_id uuid; episode_id uuid?; reflection_id uuid? its reflection; moment text the moment; question text the question
  felt text what you felt; would_like text what you would like; state question_state how it stands; asked_on date since when; created_at moment
case_transfers | therapist_id, to_id, decided_by | therapist_id, id | A case that was asked to be handed over
  therapist_id uuid who hands over; id uuid; team_id uuid; case_id uuid; state transfer_state how it stands; asked_on date since when; to_id uuid? who takes it on
  decided_by uuid? the supervisor who decided; decided_at moment? when
mirror_shares | therapist_id | therapist_id, id | An item of your mirror that you shared, as it stood
  therapist_id uuid; id uuid; team_id uuid; item mirror_item which item; content json what was shown; shared_on date since when; withdrawn bool whether you took it back
actions | owner_id, therapist_id, created_by | created_by, id | Something agreed to be done, by you or on your case
  created_by uuid who agreed it; id uuid; team_id uuid; therapist_id uuid? whose case; case_id uuid?; owner_id uuid who does it; what text what is to be done; due_on date? until when
  state action_state how it stands; done_on date? when it was done; helped helped? whether it helped; version int; created_on date since when; created_at moment
  led_by uuid? who planned the meeting it was agreed in; meeting_id uuid? that meeting; item_id uuid? on which item
step_backs | done_by, therapist_id | done_by, id | A step back from a case that stands still, with its decision
  done_by uuid who stepped back; id uuid; team_id uuid; therapist_id uuid whose case; case_id uuid; decision step_back_decision the decision
  look_again_on date? when to look again; done_on date its day; seen text what was seen; let_go text expectations to let go of; created_at moment
flags | therapist_id | id | A rule that became true of one of your cases
  id uuid; team_id uuid; therapist_id uuid; case_id uuid; rule flag_rule which rule; about text the measure or cause it is about; rule_version int of the rule; severity flag_severity how far
  numbers json what was compared; n int entries it looked at; window_from date? first day looked at; window_to date? last day looked at; since date when it became true; first_seen date when it was first seen
  cleared_on date? when it no longer was; spell int how often it has come
flag_events | actor_id, therapist_id | actor_id, id | What somebody did about a flag
  actor_id uuid who; id uuid; team_id uuid; therapist_id uuid whose case; case_id uuid; flag_id uuid the flag; kind flag_work what was done; note text the note
  assignee_id uuid? who was asked; due_on date? until when; until_on date? put off until; outcome flag_outcome? how it ended; happened_at moment when
reveals | therapist_id, lead_id | lead_id, id | A clinical lead's look into a case, with the reason they gave
  lead_id uuid the lead; id uuid; team_id uuid; therapist_id uuid whose case; case_id uuid; reason text the reason; asked_at moment from; ends_at moment until
erasure_requests | therapist_id, asked_by, decided_by | id | A request to erase entries, with its decision
  id uuid; team_id uuid; therapist_id uuid; code text? the case's code, taken out when it is done; asked_by uuid who asked; asked_at moment when; why text the reason
  state erasure_state how it stands; basis text what the decision rests on; decided_by uuid? who decided; decided_at moment? when it was decided
  gone json how much went, by table
meetings | led_by | led_by, id | A supervision meeting that you planned
  led_by uuid you; id uuid; team_id uuid; held_on date its day; starts_at time? at what time; minutes int how long; state meeting_state how it stands
  theme json the theme of the team, as it was shown; begun_at moment? from; ended_at moment? until; item_id uuid? the item that was talked about last
  clock_since moment? since when its clock runs; prompt text? the prompt on the screen, by its short name; timer meeting_timer? the timer on the screen
  timer_until moment? until when; created_at moment
agenda_items | therapist_id, led_by | led_by, id | An item of a meeting that you planned, or one about a case of yours
  led_by uuid who planned the meeting; id uuid; meeting_id uuid its meeting; team_id uuid; position int its place; kind agenda_kind what it is about
  title text its title, where it is about no case; therapist_id uuid? whose case; case_id uuid?; question_id uuid? the question that was to be brought
  rupture_id uuid? its rupture; minutes int minutes planned; because list why it was proposed, with the points; state agenda_state what became of it
  reason text why it was taken off or put off; stage discussion_stage how far the discussion came; spent int seconds talked about it
  released released_part[] what its therapist let be on the shared screen; helped helped? whether talking about it helped; created_at moment
agenda_words | therapist_id | led_by, item_id | What you added to an item of a meeting
  therapist_id uuid; led_by uuid who planned the meeting; item_id uuid the item; team_id uuid; body text the words; released bool whether they were on the shared screen
decisions | therapist_id, recorded_by | recorded_by, id | A decision of a meeting that you recorded, or one on a case of yours
  recorded_by uuid who recorded it; id uuid; team_id uuid; led_by uuid who planned the meeting; meeting_id uuid its meeting; item_id uuid? the item; therapist_id uuid? whose case
  case_id uuid?; decision step_back_decision? the decision; words text its words; sentence text a sentence to try; will_know text how you will know
  look_again_on date? when to look again; shown bool whether it was on the shared screen; created_at moment
reratings | therapist_id | therapist_id, led_by, item_id, cause | A cause rated again after a discussion
  therapist_id uuid; led_by uuid who planned the meeting; item_id uuid the item; team_id uuid; cause int 1-6; rating int? 0-4, empty for "can't tell"
  before int? the rating before; rated_at moment when
meeting_screens | opened_by | opened_by, id | A shared screen that you put a meeting on
  opened_by uuid you; id uuid; team_id uuid; led_by uuid who planned the meeting; meeting_id uuid the meeting; opened_at moment from; closed_at moment? until
history | owner_id | id | What an entry of yours said before it was changed
  id int; owner_id uuid you; team_id uuid; table_name text the table; row_id text the row; before json the row as it was; changed_at moment when; changed_by uuid? who changed it
audit_log | subject_id | id | Who did what to which of your rows, without content
  id int; happened_at moment when; actor_id uuid? who; action text insert, update, delete or read; table_name text the table; row_id text the row
  clinic_id uuid? the clinic; team_id uuid?; subject_id uuid? you
"""

# Columns that mean the same wherever they stand.
COMMON = {
    "id": "the row's own name", "therapist_id": "the therapist whose case or entry it is", "team_id": "the team, named at the top of the JSON file",
    "case_id": "the case", "episode_id": "its episode", "stated_at": "when its author wrote it", "created_at": "when it arrived in the database",
    "version": "which version this is", "shared": "whether your supervisor may read it",
}

# Nobody's own: what a clinic or team has set up, or what comes with Sixfold.
NOT_ANYBODYS = frozenset({"clinics", "teams", "team_settings", "threshold_changes", "prompts", "measures",
                          "invitations", "retention_periods", "legal_holds", "purge_reports"})
# fmt: on


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its type as declared above, whether it may be empty, and its meaning."""

    name: str
    type: str
    empty: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table: the columns that may name its owner, its key, what a row is, and its columns."""

    name: str
    owners: tuple[str, ...]
    key: tuple[str, ...]
    meaning: str
    columns: tuple[Column, ...]

    def identity(self, row: dict) -> tuple[str, ...]:
        """What tells this row from every other of the table."""
        return tuple(str(row[name]) for name in self.key)


def _column(words: str) -> Column:
    name, kind, *meaning = words.split(maxsplit=2)
    said = meaning[0] if meaning else COMMON[name]
    return Column(name, kind.removesuffix("?"), kind.endswith("?"), said[:1].upper() + said[1:] + ".")


def _tables() -> dict[str, Table]:
    found: dict[str, Table] = {}
    name = ""
    for line in filter(str.strip, TABLES.splitlines()):
        if line.startswith(" "):
            columns = tuple(_column(words) for words in line.split("; "))
            found[name] = replace(found[name], columns=found[name].columns + columns)
        else:
            name, owners, key, meaning = (part.strip() for part in line.split("|"))
            found[name] = Table(name, tuple(owners.split(", ")), tuple(key.split(", ")), meaning + ".", ())
    return found


OWN = _tables()
