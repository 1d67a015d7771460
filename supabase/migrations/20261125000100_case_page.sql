-- The case page: sessions, goals, between-session work, the client's check-ins, the formulation, the plan, questions for supervision.
-- Facts are seen by their therapist and the team's supervisors. Words lie apart, in case_texts, and are private until shared one by one.

create type public.attendance as enum ('attended', 'cancelled', 'late_cancel', 'no_show');
create type public.session_mode as enum ('in_person', 'video', 'phone', 'other');
create type public.proposer as enum ('client', 'together', 'therapist');
create type public.goal_state as enum ('open', 'reached', 'let_go');
create type public.task_state as enum ('open', 'finished', 'dropped');
create type public.task_done as enum ('none', 'a_little', 'most', 'all', 'something_else');
create type public.client_fear as enum ('failure', 'success', 'ending', 'judgement', 'closeness', 'change', 'being_controlled');
create type public.formulation_field as enum (
  'core_problems', 'development', 'wants', 'expects', 'self_with_others', 'core_beliefs', 'recurring_themes', 'interventions', 'self_sabotage',
  'schemas', 'beliefs_about_life', 'protective_factors', 'fears');
create type public.strategy_verdict as enum ('works', 'partly', 'not');
create type public.text_about as enum ('goal', 'task', 'obstacle', 'strategy', 'adjustment', 'formulation', 'socratic', 'rupture_helped');
create type public.question_state as enum ('open', 'withdrawn', 'discussed');

create table public.sessions (
  therapist_id uuid not null references public.people (id),
  id uuid not null,
  team_id uuid not null references public.teams (id),
  case_id uuid not null,
  number smallint not null check (number between 1 and 999),               -- as the therapist counts; booked ones that did not happen count too
  held_on date not null check (held_on >= '2000-01-01'),
  attendance public.attendance not null default 'attended',
  mode public.session_mode not null default 'in_person',
  stated_at timestamptz not null default now() check (stated_at between '2000-01-01Z' and '2100-01-01Z'),
  created_at timestamptz not null default now(),
  primary key (therapist_id, id),
  foreign key (therapist_id, case_id, team_id) references public.cases (therapist_id, id, team_id) on update cascade
);

create table public.goals (
  therapist_id uuid not null references public.people (id),
  id uuid not null,
  team_id uuid not null references public.teams (id),
  case_id uuid not null,
  set_by public.proposer not null,                                         -- S4: whose goal it is
  importance smallint check (importance between 0 and 10),                 -- how much it matters to the client; null: not asked yet
  state public.goal_state not null default 'open',
  set_on date not null check (set_on >= '2000-01-01'),
  created_at timestamptz not null default now(),
  primary key (therapist_id, id),
  unique (therapist_id, id, team_id),
  foreign key (therapist_id, case_id, team_id) references public.cases (therapist_id, id, team_id) on update cascade
);

create table public.goal_progress (
  therapist_id uuid not null references public.people (id),
  id uuid not null,
  team_id uuid not null references public.teams (id),
  goal_id uuid not null,
  on_day date not null check (on_day >= '2000-01-01'),                     -- the last one says when the goal was last reviewed
  progress smallint not null check (progress between 0 and 10),
  created_at timestamptz not null default now(),
  primary key (therapist_id, id),
  foreign key (therapist_id, goal_id, team_id) references public.goals (therapist_id, id, team_id) on update cascade
);

create table public.tasks (
  therapist_id uuid not null references public.people (id),
  id uuid not null,
  team_id uuid not null references public.teams (id),
  case_id uuid not null,
  goal_id uuid,
  proposed_by public.proposer not null,
  importance smallint check (importance between 0 and 10),                 -- to the client
  agreed boolean not null default true,
  state public.task_state not null default 'open',
  given_on date not null check (given_on >= '2000-01-01'),
  created_at timestamptz not null default now(),
  primary key (therapist_id, id),
  unique (therapist_id, id, team_id),
  foreign key (therapist_id, case_id, team_id) references public.cases (therapist_id, id, team_id) on update cascade,
  foreign key (therapist_id, goal_id, team_id) references public.goals (therapist_id, id, team_id) on update cascade
);

-- What became of a task between two sessions. A fact of its own: not done is not by itself resistance (S2).
create table public.task_checks (
  therapist_id uuid not null references public.people (id),
  id uuid not null,
  team_id uuid not null references public.teams (id),
  task_id uuid not null,
  on_day date not null check (on_day >= '2000-01-01'),
  done public.task_done not null,
  looked_at boolean,                                                       -- looked at together or not; null: not stated
  created_at timestamptz not null default now(),
  primary key (therapist_id, id),
  foreign key (therapist_id, task_id, team_id) references public.tasks (therapist_id, id, team_id) on update cascade
);

-- Three questions of our own to the client, 0–10, not validated: goals, way of working, relationship.
create table public.check_ins (
  therapist_id uuid not null references public.people (id),
  id uuid not null,
  team_id uuid not null references public.teams (id),
  case_id uuid not null,
  on_day date not null check (on_day >= '2000-01-01'),
  goals smallint check (goals between 0 and 10),
  way_of_working smallint check (way_of_working between 0 and 10),
  relationship smallint check (relationship between 0 and 10),
  created_at timestamptz not null default now(),
  primary key (therapist_id, id),
  unique (therapist_id, id, team_id),
  constraint something_was_answered check (num_nonnulls(goals, way_of_working, relationship) > 0),
  foreign key (therapist_id, case_id, team_id) references public.cases (therapist_id, id, team_id) on update cascade
);

-- What the therapist guessed the client would say: for the mirror, nobody else's.
create table public.check_in_guesses (
  therapist_id uuid not null references public.people (id),
  id uuid not null,                                                        -- of the check-in it stands beside
  team_id uuid not null references public.teams (id),
  goals smallint check (goals between 0 and 10),
  way_of_working smallint check (way_of_working between 0 and 10),
  relationship smallint check (relationship between 0 and 10),
  created_at timestamptz not null default now(),
  primary key (therapist_id, id),
  constraint something_was_guessed check (num_nonnulls(goals, way_of_working, relationship) > 0),
  foreign key (therapist_id, id, team_id) references public.check_ins (therapist_id, id, team_id) on update cascade
);

-- One row per version of a field; the highest version is what stands. The words are in case_texts under the row's id.
create table public.formulation_entries (
  therapist_id uuid not null references public.people (id),
  id uuid not null,
  team_id uuid not null references public.teams (id),
  case_id uuid not null,
  field public.formulation_field not null,
  version int not null check (version >= 1),
  written_on date not null check (written_on >= '2000-01-01'),
  emptied boolean not null default false,                                  -- this version says that the field is empty again
  ticked public.client_fear[] not null default '{}' check (cardinality(ticked) <= 7 and array_position(ticked, null) is null),
  created_at timestamptz not null default now(),
  primary key (therapist_id, id),
  unique (therapist_id, case_id, field, version),
  constraint only_fears_are_ticked check (field = 'fears' or cardinality(ticked) = 0),
  foreign key (therapist_id, case_id, team_id) references public.cases (therapist_id, id, team_id) on update cascade
);

create table public.strategies (
  therapist_id uuid not null references public.people (id),
  id uuid not null,
  team_id uuid not null references public.teams (id),
  case_id uuid not null,
  started_on date not null check (started_on >= '2000-01-01'),
  ended_on date check (ended_on >= started_on),
  created_at timestamptz not null default now(),
  primary key (therapist_id, id),
  unique (therapist_id, id, team_id),
  foreign key (therapist_id, case_id, team_id) references public.cases (therapist_id, id, team_id) on update cascade
);

create table public.plan_reviews (
  therapist_id uuid not null references public.people (id),
  id uuid not null,
  team_id uuid not null references public.teams (id),
  case_id uuid not null,
  reviewed_on date not null check (reviewed_on >= '2000-01-01'),
  next_review_on date check (next_review_on between reviewed_on and reviewed_on + 3660),
  created_at timestamptz not null default now(),
  primary key (therapist_id, id),
  unique (therapist_id, id, team_id),
  foreign key (therapist_id, case_id, team_id) references public.cases (therapist_id, id, team_id) on update cascade
);

create table public.strategy_verdicts (
  therapist_id uuid not null references public.people (id),
  review_id uuid not null,
  strategy_id uuid not null,
  team_id uuid not null references public.teams (id),
  verdict public.strategy_verdict not null,
  primary key (therapist_id, review_id, strategy_id),
  foreign key (therapist_id, review_id, team_id) references public.plan_reviews (therapist_id, id, team_id) on update cascade,
  foreign key (therapist_id, strategy_id, team_id) references public.strategies (therapist_id, id, team_id) on update cascade
);

-- Every free text of a case, each shared or not on its own. `about_id` is the row it belongs to, `slot` a question where there are several.
create table public.case_texts (
  therapist_id uuid not null references public.people (id),
  id uuid not null,
  team_id uuid not null references public.teams (id),
  case_id uuid not null,
  about public.text_about not null,
  about_id uuid not null,
  slot text not null default '' check (slot ~ '^[a-z0-9-]{0,60}$'),
  body text not null check (char_length(body) <= 2000),                     -- empty: taken back
  shared boolean not null default false,
  version int not null default 1 check (version >= 1),
  written_at timestamptz not null default now(),
  primary key (therapist_id, id),
  unique (therapist_id, about_id, about, slot),
  foreign key (therapist_id, case_id, team_id) references public.cases (therapist_id, id, team_id) on update cascade
);

-- "Bring this": what a therapist asks supervision. Written for the supervisor, so read by them, until it is withdrawn.
create table public.questions (
  therapist_id uuid not null references public.people (id),
  id uuid not null,
  team_id uuid not null references public.teams (id),
  case_id uuid not null,
  episode_id uuid,
  reflection_id uuid,
  moment text not null check (char_length(moment) between 1 and 1000),
  question text not null check (char_length(question) between 1 and 500),
  felt text not null default '' check (char_length(felt) <= 500),
  would_like text not null default '' check (char_length(would_like) <= 500),
  state public.question_state not null default 'open',
  asked_on date not null default current_date check (asked_on >= '2000-01-01'),
  created_at timestamptz not null default now(),
  primary key (therapist_id, id),
  foreign key (therapist_id, case_id, team_id) references public.cases (therapist_id, id, team_id) on update cascade,
  foreign key (therapist_id, episode_id, team_id) references public.episodes (therapist_id, id, team_id) on update cascade,
  foreign key (therapist_id, reflection_id, team_id) references public.reflections (therapist_id, id, team_id) on update cascade
);

create index on public.sessions (therapist_id, case_id, team_id);
create index on public.sessions (team_id, held_on);
create index on public.goals (therapist_id, case_id, team_id);
create index on public.goals (team_id);
create index on public.goal_progress (therapist_id, goal_id, team_id);
create index on public.goal_progress (team_id);
create index on public.tasks (therapist_id, case_id, team_id);
create index on public.tasks (therapist_id, goal_id, team_id);
create index on public.tasks (team_id);
create index on public.task_checks (therapist_id, task_id, team_id);
create index on public.task_checks (team_id, on_day);
create index on public.check_ins (therapist_id, case_id, team_id);
create index on public.check_ins (team_id, on_day);
create index on public.check_in_guesses (therapist_id, id, team_id);
create index on public.check_in_guesses (team_id);
create index on public.formulation_entries (therapist_id, case_id, team_id);
create index on public.formulation_entries (team_id);
create index on public.strategies (therapist_id, case_id, team_id);
create index on public.strategies (team_id);
create index on public.plan_reviews (therapist_id, case_id, team_id);
create index on public.plan_reviews (team_id, next_review_on);
create index on public.strategy_verdicts (therapist_id, review_id, team_id);
create index on public.strategy_verdicts (therapist_id, strategy_id, team_id);
create index on public.strategy_verdicts (team_id);
create index on public.case_texts (therapist_id, case_id, team_id);
create index on public.case_texts (team_id);
create index on public.questions (therapist_id, case_id, team_id);
create index on public.questions (therapist_id, episode_id, team_id);
create index on public.questions (therapist_id, reflection_id, team_id);
create index on public.questions (team_id, state);

create trigger not_in_the_future before insert or update on public.sessions
  for each row execute function private.not_in_the_future('held_on');
create trigger not_in_the_future before insert or update on public.goals
  for each row execute function private.not_in_the_future('set_on');
create trigger not_in_the_future before insert or update on public.goal_progress
  for each row execute function private.not_in_the_future('on_day');
create trigger not_in_the_future before insert or update on public.tasks
  for each row execute function private.not_in_the_future('given_on');
create trigger not_in_the_future before insert or update on public.task_checks
  for each row execute function private.not_in_the_future('on_day');
create trigger not_in_the_future before insert or update on public.check_ins
  for each row execute function private.not_in_the_future('on_day');
create trigger not_in_the_future before insert or update on public.formulation_entries
  for each row execute function private.not_in_the_future('written_on');
create trigger not_in_the_future before insert or update on public.strategies
  for each row execute function private.not_in_the_future('started_on');
create trigger ended_not_in_the_future before insert or update on public.strategies
  for each row execute function private.not_in_the_future('ended_on');
create trigger not_in_the_future before insert or update on public.plan_reviews
  for each row execute function private.not_in_the_future('reviewed_on');
create trigger not_in_the_future before insert or update on public.questions
  for each row execute function private.not_in_the_future('asked_on');

-- The rights that all facts of a case share: their therapist writes them, the team's supervisors read them, nobody deletes them.
create procedure private.facts_of_a_case(of regclass, things text)
  language plpgsql set search_path = ''
  as $$
  declare own constant text := 'therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as(''therapist'')))';
  begin
    execute format('alter table %s enable row level security', of);
    execute format('revoke all on %s from anon, authenticated', of);
    execute format('grant select on %s to authenticated', of);
    execute format('grant all on %s to service_role', of);
    execute format('create policy %I on %s for select to authenticated using ((%s) or team_id = any (array(select private.teams_as(''supervisor''))))',
      format('therapists read their own %s, supervisors their team''s', things), of, own);
    execute format('create policy %I on %s for insert to authenticated with check (%s)', format('therapists write their own %s', things), of, own);
    call private.keep_audit(of);
  end $$;

create procedure private.facts_that_change(of regclass, things text)
  language plpgsql set search_path = ''
  as $$
  begin
    execute format('create policy %I on %s for update to authenticated using '
      '(therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as(''therapist''))))',
      format('therapists change their own %s', things), of);
    call private.keep_history(of);
  end $$;

revoke all on procedure private.facts_of_a_case(regclass, text), private.facts_that_change(regclass, text) from public, anon, authenticated;

call private.facts_of_a_case('public.sessions', 'sessions');
call private.facts_that_change('public.sessions', 'sessions');
call private.facts_of_a_case('public.goals', 'goals');
call private.facts_that_change('public.goals', 'goals');
call private.facts_of_a_case('public.goal_progress', 'progress on goals');
call private.facts_of_a_case('public.tasks', 'tasks');
call private.facts_that_change('public.tasks', 'tasks');
call private.facts_of_a_case('public.task_checks', 'looks at tasks');
call private.facts_of_a_case('public.check_ins', 'check-ins');
call private.facts_that_change('public.check_ins', 'check-ins');
call private.facts_of_a_case('public.formulation_entries', 'formulations');
call private.facts_of_a_case('public.strategies', 'strategies');
call private.facts_that_change('public.strategies', 'strategies');
call private.facts_of_a_case('public.plan_reviews', 'plan reviews');
call private.facts_of_a_case('public.strategy_verdicts', 'verdicts on strategies');

alter table public.check_in_guesses enable row level security;
alter table public.case_texts enable row level security;
alter table public.questions enable row level security;
call private.keep_audit('public.check_in_guesses');
call private.keep_audit('public.case_texts');
call private.keep_audit('public.questions');
call private.keep_history('public.check_in_guesses');
call private.keep_history('public.case_texts');
call private.keep_history('public.questions');

revoke all on public.check_in_guesses, public.case_texts, public.questions from anon, authenticated;
grant select on public.check_in_guesses, public.case_texts, public.questions to authenticated;
grant insert (therapist_id, id, team_id, case_id, number, held_on, attendance, mode, stated_at), update (number, held_on, attendance, mode)
  on public.sessions to authenticated;
grant insert (therapist_id, id, team_id, case_id, set_by, importance, set_on), update (set_by, importance, state) on public.goals to authenticated;
grant insert (therapist_id, id, team_id, goal_id, on_day, progress) on public.goal_progress to authenticated;
grant insert (therapist_id, id, team_id, case_id, goal_id, proposed_by, importance, agreed, given_on), update (proposed_by, importance, agreed, state)
  on public.tasks to authenticated;
grant insert (therapist_id, id, team_id, task_id, on_day, done, looked_at) on public.task_checks to authenticated;
grant insert (therapist_id, id, team_id, case_id, on_day, goals, way_of_working, relationship), update (on_day, goals, way_of_working, relationship)
  on public.check_ins to authenticated;
grant insert (therapist_id, id, team_id, goals, way_of_working, relationship), update (goals, way_of_working, relationship)
  on public.check_in_guesses to authenticated;
grant insert (therapist_id, id, team_id, case_id, field, version, written_on, emptied, ticked) on public.formulation_entries to authenticated;
grant insert (therapist_id, id, team_id, case_id, started_on), update (ended_on) on public.strategies to authenticated;
grant insert (therapist_id, id, team_id, case_id, reviewed_on, next_review_on) on public.plan_reviews to authenticated;
grant insert (therapist_id, review_id, strategy_id, team_id, verdict) on public.strategy_verdicts to authenticated;
grant insert (therapist_id, id, team_id, case_id, about, about_id, slot, body, shared), update (body, shared, version, written_at)
  on public.case_texts to authenticated;
grant insert (therapist_id, id, team_id, case_id, episode_id, reflection_id, moment, question, felt, would_like, asked_on),
  update (moment, question, felt, would_like, state) on public.questions to authenticated;
grant all on public.check_in_guesses, public.case_texts, public.questions to service_role;

create policy "therapists read their own guesses, nobody else does" on public.check_in_guesses for select to authenticated
  using (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))));
create policy "therapists write their own guesses" on public.check_in_guesses for insert to authenticated
  with check (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))));
create policy "therapists change their own guesses" on public.check_in_guesses for update to authenticated
  using (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))));

create policy "therapists read their own words, supervisors what was shared" on public.case_texts for select to authenticated
  using ((therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))
    or (shared and team_id = any (array(select private.teams_as('supervisor')))));
create policy "therapists write their own words" on public.case_texts for insert to authenticated
  with check (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))));
create policy "therapists change their own words" on public.case_texts for update to authenticated
  using (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))));

create policy "therapists read their own questions, supervisors what was not withdrawn" on public.questions for select to authenticated
  using ((therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))
    or (state <> 'withdrawn' and team_id = any (array(select private.teams_as('supervisor')))));
create policy "therapists ask about their own cases" on public.questions for insert to authenticated
  with check (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))));
create policy "therapists change and withdraw their own questions" on public.questions for update to authenticated
  using (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))));
