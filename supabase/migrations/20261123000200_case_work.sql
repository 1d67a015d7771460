-- Case work: what therapists write. Cases, resistance episodes, weekly reflections, ratings of the six causes, ruptures and repair.
-- Facts are seen by their therapist and the team's supervisors; words are seen by their author, and by others only once shared.

create type public.case_state as enum ('active', 'paused', 'closed');
create type public.episode_kind as enum ('withdrawal', 'confrontation', 'homework_not_done', 'topic_avoided', 'yes_but', 'stalled', 'other');
create type public.blame as enum ('client', 'myself', 'neither');
create type public.next_move as enum ('insisted', 'slowed_down', 'asked', 'changed_course', 'nothing');
create type public.named_with_client as enum ('yes', 'not_yet', 'planned');
create type public.outside_factor as enum ('social_support', 'life_event');
create type public.rapport_behaviour as enum (
  'eye_contact', 'matching', 'neutral_framing', 'name_used', 'tone_set', 'real_person', 'approachable', 'interested');
create type public.reflection_part as enum ('frustration', 'let_go', 'expectation', 'feelings', 'reframes', 'support', 'strength',
  'intention', 'avoided_topic', 'shared_text', 'private_text', 'not_brought');
create type public.rupture_kind as enum ('withdrawal', 'confrontation', 'mixed');
create type public.repair_stage as enum ('noticed', 'named', 'explored', 'need_expressed', 'repaired', 'parked');
create type public.rupture_outcome as enum ('repaired', 'partly', 'not_repaired', 'ended');

-- Keys made by a client are unique per owner only: a global key would tell a stranger that a row exists.
-- Children point at (owner, id, team), so that neither another's entry nor another team can be named.

create table public.cases (
  therapist_id uuid not null references public.people (id),
  id uuid not null,
  team_id uuid not null references public.teams (id),
  code text not null check (code ~ '^[A-Z]{1,3}-?[0-9]{2,5}$'),           -- a code, never a name
  state public.case_state not null default 'active',
  control_sensitivity smallint check (control_sensitivity between 0 and 4),
  started_on date not null default current_date check (started_on >= '2000-01-01'),
  created_at timestamptz not null default now(),
  primary key (therapist_id, id),
  unique (therapist_id, id, team_id),
  unique (therapist_id, code)
);
create index on public.cases (team_id, therapist_id);

create table public.episodes (
  therapist_id uuid not null references public.people (id),
  id uuid not null,
  team_id uuid not null references public.teams (id),
  case_id uuid not null,
  happened_on date not null check (happened_on >= '2000-01-01'),
  kind public.episode_kind not null,
  markers public.episode_kind[] not null default '{}' check (cardinality(markers) <= 7 and array_position(markers, null) is null),
  intensity smallint check (intensity between 1 and 5),
  first_blame public.blame,
  next_move public.next_move,
  named public.named_with_client,
  outside public.outside_factor[] not null default '{}' check (cardinality(outside) <= 2 and array_position(outside, null) is null),
  stated_at timestamptz not null default now() check (stated_at between '2000-01-01Z' and '2100-01-01Z'),                            -- when its author says it was written
  created_at timestamptz not null default now(),                           -- when it arrived
  primary key (therapist_id, id),
  unique (therapist_id, id, team_id),
  unique (therapist_id, id, team_id, happened_on),
  foreign key (therapist_id, case_id, team_id) references public.cases (therapist_id, id, team_id) on update cascade
);
create index on public.episodes (team_id, happened_on);
create index on public.episodes (therapist_id, case_id, team_id);

create table public.reflections (
  therapist_id uuid not null references public.people (id),
  id uuid not null,
  team_id uuid not null references public.teams (id),
  week date not null check (extract(isodow from week) = 1 and week >= '2000-01-03'),   -- the Monday of the ISO week
  behaviours public.rapport_behaviour[] not null default '{}' check (cardinality(behaviours) <= 8 and array_position(behaviours, null) is null),
  version int not null default 1 check (version >= 1),
  handed_in_at timestamptz not null default now(),
  stated_at timestamptz not null default now() check (stated_at between '2000-01-01Z' and '2100-01-01Z'),
  read_at timestamptz,
  read_by uuid references public.people (id),
  primary key (therapist_id, id),
  unique (therapist_id, id, team_id),
  unique (therapist_id, id, team_id, week),
  unique (therapist_id, team_id, week),
  check ((read_at is null) = (read_by is null))
);
create index on public.reflections (team_id, week);
create index on public.reflections (read_by);

-- One row per thing said in a reflection, each shared or not on its own.
create table public.reflection_parts (
  therapist_id uuid not null,
  reflection_id uuid not null,
  part public.reflection_part not null,
  team_id uuid not null references public.teams (id),
  content jsonb not null check (jsonb_typeof(content) = 'object' and length(content::text) <= 8000),
  shared boolean not null default false,
  primary key (therapist_id, reflection_id, part),
  foreign key (therapist_id, reflection_id, team_id) references public.reflections (therapist_id, id, team_id) on update cascade,
  constraint private_parts_are_never_shared check (not (shared and part in ('private_text', 'not_brought')))
);
create index on public.reflection_parts (team_id);
create index on public.reflection_parts (therapist_id, reflection_id, team_id);

-- A rating says how much a cause was at work: 0 not at all to 4 mainly; null is "can't tell". It belongs to an episode or a week.
create table public.ratings (
  id uuid not null default gen_random_uuid() primary key,
  therapist_id uuid not null references public.people (id),
  team_id uuid not null references public.teams (id),
  episode_id uuid,
  reflection_id uuid,
  on_day date not null,                                                    -- follows its episode's day or its reflection's week
  cause smallint not null check (cause between 1 and 6),
  rating smallint check (rating between 0 and 4),
  unique (therapist_id, episode_id, cause),
  unique (therapist_id, reflection_id, cause),
  check (num_nonnulls(episode_id, reflection_id) = 1),
  foreign key (therapist_id, episode_id, team_id, on_day)
    references public.episodes (therapist_id, id, team_id, happened_on) on update cascade,
  foreign key (therapist_id, reflection_id, team_id, on_day)
    references public.reflections (therapist_id, id, team_id, week) on update cascade
);
create index on public.ratings (team_id, on_day);
create index on public.ratings (therapist_id, episode_id, team_id, on_day);
create index on public.ratings (therapist_id, reflection_id, team_id, on_day);

create table public.ruptures (
  therapist_id uuid not null references public.people (id),
  id uuid not null,
  team_id uuid not null references public.teams (id),
  case_id uuid not null,
  episode_id uuid,
  kind public.rupture_kind not null,
  noticed_on date not null check (noticed_on >= '2000-01-01'),
  closed_on date check (closed_on >= noticed_on),
  outcome public.rupture_outcome,
  stated_at timestamptz not null default now() check (stated_at between '2000-01-01Z' and '2100-01-01Z'),
  created_at timestamptz not null default now(),
  primary key (therapist_id, id),
  unique (therapist_id, id, team_id),
  check ((closed_on is null) = (outcome is null)),
  foreign key (therapist_id, case_id, team_id) references public.cases (therapist_id, id, team_id) on update cascade,
  foreign key (therapist_id, episode_id, team_id) references public.episodes (therapist_id, id, team_id) on update cascade
);
create index on public.ruptures (team_id, closed_on, noticed_on);
create index on public.ruptures (therapist_id, case_id, team_id);
create index on public.ruptures (therapist_id, episode_id, team_id);

create table public.repair_steps (
  recorded_by uuid not null references public.people (id),
  id uuid not null,
  therapist_id uuid not null,
  team_id uuid not null references public.teams (id),
  rupture_id uuid not null,
  stage public.repair_stage not null,
  taken_on date not null check (taken_on >= '2000-01-01'),
  created_at timestamptz not null default now(),
  primary key (recorded_by, id),
  unique (recorded_by, id, therapist_id, team_id),
  foreign key (therapist_id, rupture_id, team_id) references public.ruptures (therapist_id, id, team_id) on update cascade
);
create index on public.repair_steps (therapist_id, rupture_id, team_id);
create index on public.repair_steps (team_id);

-- A date may be today or before; a day is allowed for clocks ahead of this one.
create function private.not_in_the_future() returns trigger
  language plpgsql set search_path = ''
  as $$
  declare day date := (to_jsonb(new) ->> tg_argv[0])::date;
  begin
    if day > current_date + 1 then
      raise exception using errcode = 'SX001', message = 'That day has not come yet. Choose today or an earlier day.';
    end if;
    return new;
  end $$;
create trigger not_in_the_future before insert or update on public.episodes
  for each row execute function private.not_in_the_future('happened_on');
create trigger not_in_the_future before insert or update on public.ruptures
  for each row execute function private.not_in_the_future('noticed_on');
create trigger closed_not_in_the_future before insert or update on public.ruptures
  for each row execute function private.not_in_the_future('closed_on');
create trigger not_in_the_future before insert or update on public.repair_steps
  for each row execute function private.not_in_the_future('taken_on');
create trigger not_in_the_future before insert or update on public.cases
  for each row execute function private.not_in_the_future('started_on');

-- A reflection can be handed in once its week has begun, on the weekday the team has set.
create function private.week_has_begun() returns trigger
  language plpgsql security definer set search_path = ''
  as $$
  declare first_day smallint := coalesce((select week_starts_on from public.team_settings where team_id = new.team_id), 1);
  begin
    if new.week + (first_day - 1) > current_date + 1 then
      raise exception using errcode = 'SX002', message = 'That week has not begun yet. It can be handed in once it has.';
    end if;
    return null;
  end $$;
-- After the row, so that a stranger to the team is turned away by its policy and learns nothing of its settings.
create trigger week_has_begun after insert or update on public.reflections
  for each row execute function private.week_has_begun();

-- Until a supervisor has read it, a reflection may be changed by its author. Nobody else gets an answer.
create function private.still_open(therapist uuid, reflection uuid) returns boolean
  language sql stable security definer set search_path = ''
  as $$ select exists (select from public.reflections where therapist_id = therapist and therapist_id = (select auth.uid()) and id = reflection and read_at is null) $$;

-- A supervisor has read a reflection: from now on it stands as it is.
create function public.mark_reflection_read(therapist uuid, reflection uuid) returns void
  language plpgsql security definer set search_path = ''
  as $$
  begin
    perform from public.reflections
      where therapist_id = therapist and id = reflection and team_id in (select private.teams_as('supervisor')) for update;
    if not found then
      raise exception using errcode = '42501', message = 'Only a supervisor of the team can mark a reflection as read.';
    end if;
    update public.reflections set read_at = now(), read_by = (select auth.uid())
      where therapist_id = therapist and id = reflection and read_at is null;
  end $$;

alter table public.cases enable row level security;
alter table public.episodes enable row level security;
alter table public.reflections enable row level security;
alter table public.reflection_parts enable row level security;
alter table public.ratings enable row level security;
alter table public.ruptures enable row level security;
alter table public.repair_steps enable row level security;

-- Grants say which verbs exist; policies say on which rows. Times of arrival and marks of reading are the server's alone.
revoke all on public.cases, public.episodes, public.reflections, public.reflection_parts, public.ratings, public.ruptures,
  public.repair_steps from anon, authenticated;
revoke all on function public.mark_reflection_read(uuid, uuid), private.not_in_the_future(), private.week_has_begun(),
  private.still_open(uuid, uuid) from public, anon, authenticated;
grant select on public.cases, public.episodes, public.reflections, public.reflection_parts, public.ratings, public.ruptures,
  public.repair_steps to authenticated;
grant insert (therapist_id, id, team_id, code, control_sensitivity, started_on), update (state, control_sensitivity, started_on)
  on public.cases to authenticated;
grant insert (therapist_id, id, team_id, case_id, happened_on, kind, markers, intensity, first_blame, next_move, named, outside, stated_at),
  update (happened_on, kind, markers, intensity, first_blame, next_move, named, outside) on public.episodes to authenticated;
grant insert (therapist_id, id, team_id, week, behaviours, stated_at), update (behaviours, version, stated_at)
  on public.reflections to authenticated;
grant insert, delete, update (content, shared) on public.reflection_parts to authenticated;
grant insert (therapist_id, team_id, episode_id, reflection_id, on_day, cause, rating), delete, update (rating) on public.ratings to authenticated;
grant insert (therapist_id, id, team_id, case_id, episode_id, kind, noticed_on, stated_at), update (kind, closed_on, outcome)
  on public.ruptures to authenticated;
grant insert (recorded_by, id, therapist_id, team_id, rupture_id, stage, taken_on) on public.repair_steps to authenticated;
grant execute on function public.mark_reflection_read(uuid, uuid), private.still_open(uuid, uuid) to authenticated, service_role;
grant all on public.cases, public.episodes, public.reflections, public.reflection_parts, public.ratings, public.ruptures,
  public.repair_steps to service_role;

create policy "therapists read their own cases, supervisors their team's" on public.cases for select to authenticated
  using ((therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))
    or team_id = any (array(select private.teams_as('supervisor'))));
create policy "therapists open cases in their teams" on public.cases for insert to authenticated
  with check (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))));
create policy "therapists change their own cases" on public.cases for update to authenticated
  using (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))));

create policy "therapists read their own episodes, supervisors their team's" on public.episodes for select to authenticated
  using ((therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))
    or team_id = any (array(select private.teams_as('supervisor'))));
create policy "therapists log episodes in their own cases" on public.episodes for insert to authenticated
  with check (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))));
create policy "therapists change their own episodes" on public.episodes for update to authenticated
  using (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))));

create policy "therapists read their own reflections, supervisors their team's" on public.reflections for select to authenticated
  using ((therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))
    or team_id = any (array(select private.teams_as('supervisor'))));
create policy "therapists hand in their own reflections" on public.reflections for insert to authenticated
  with check (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))));
create policy "therapists change their own reflections until read" on public.reflections for update to authenticated
  using (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))) and read_at is null);

create policy "therapists read all they wrote, supervisors what was shared" on public.reflection_parts for select to authenticated
  using ((therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))
    or (shared and team_id = any (array(select private.teams_as('supervisor')))));
create policy "therapists write parts of their own reflections until read" on public.reflection_parts for insert to authenticated
  with check (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist')))
    and private.still_open(therapist_id, reflection_id));
create policy "therapists change parts of their own reflections until read" on public.reflection_parts for update to authenticated
  using (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist')))
    and private.still_open(therapist_id, reflection_id));
create policy "therapists take back parts of their own reflections until read" on public.reflection_parts for delete to authenticated
  using (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist')))
    and private.still_open(therapist_id, reflection_id));

create policy "therapists read their own ratings, supervisors their team's" on public.ratings for select to authenticated
  using ((therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))
    or team_id = any (array(select private.teams_as('supervisor'))));
create policy "therapists rate their own episodes and open weeks" on public.ratings for insert to authenticated
  with check (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist')))
    and (reflection_id is null or private.still_open(therapist_id, reflection_id)));
create policy "therapists change ratings of their own episodes and open weeks" on public.ratings for update to authenticated
  using (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist')))
    and (reflection_id is null or private.still_open(therapist_id, reflection_id)));
create policy "therapists take back ratings of their own episodes and open weeks" on public.ratings for delete to authenticated
  using (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist')))
    and (reflection_id is null or private.still_open(therapist_id, reflection_id)));

create policy "therapists read their own ruptures, supervisors their team's" on public.ruptures for select to authenticated
  using ((therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))
    or team_id = any (array(select private.teams_as('supervisor'))));
create policy "therapists open ruptures in their own cases" on public.ruptures for insert to authenticated
  with check (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))));
create policy "therapists close their own ruptures, supervisors their team's" on public.ruptures for update to authenticated
  using ((therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))
    or team_id = any (array(select private.teams_as('supervisor'))));

create policy "therapists read steps of their own ruptures, supervisors their team's" on public.repair_steps for select to authenticated
  using ((therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))
    or team_id = any (array(select private.teams_as('supervisor'))));
create policy "therapists record steps of their own ruptures, supervisors their team's" on public.repair_steps for insert to authenticated
  with check (recorded_by = (select auth.uid()) and (
    (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))
    or team_id = any (array(select private.teams_as('supervisor')))));
