-- The supervision meeting: its agenda, what was released and decided, re-ratings, who projected it, and the anonymous pulse.
-- Supervisors run it; therapists read and write what is about their own cases; labels stand in for people and cases on the shared screen.

create type public.meeting_state as enum ('planned', 'running', 'ended', 'called_off');   -- in this order: what is before 'ended' is ahead
create type public.agenda_kind as enum ('follow_ups', 'question', 'case', 'rupture', 'theme', 'went_well', 'own');
create type public.agenda_state as enum ('on', 'done', 'carried', 'dropped');
create type public.discussion_stage as enum ('moment', 'did_well', 'explore', 'look', 'next_step');
create type public.released_part as enum ('moment', 'question', 'felt', 'would_like', 'words', 'reasons', 'causes', 'picture');
create type public.meeting_timer as enum ('role_play', 'silence');

create table public.meetings (
  led_by uuid not null references public.people (id),                       -- who planned it; every supervisor of the team may run it
  id uuid not null,
  team_id uuid not null references public.teams (id),
  held_on date not null check (held_on between '2000-01-01' and '2100-01-01'),
  starts_at time,                                                           -- on the clinic's own clock
  minutes smallint not null default 60 check (minutes between 15 and 240),
  state public.meeting_state not null default 'planned',
  theme jsonb not null default '{}' check (jsonb_typeof(theme) = 'object' and length(theme::text) <= 4000),
  begun_at timestamptz,
  ended_at timestamptz,                                                     -- or called off
  item_id uuid,                                                             -- what is being talked about
  clock_since timestamptz,                                                  -- null: the clock stands
  prompt text check (char_length(prompt) <= 80 and prompt ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),   -- the slug of the prompt on the screen
  timer public.meeting_timer,
  timer_until timestamptz,
  created_at timestamptz not null default now(),
  primary key (led_by, id),
  unique (led_by, id, team_id),
  constraint a_meeting_begins_before_it_ends check ((state in ('planned', 'called_off')) = (begun_at is null) and (state < 'ended') = (ended_at is null)),
  constraint a_timer_has_an_end check ((timer is null) = (timer_until is null))
);
create index on public.meetings (team_id, held_on);
create unique index one_meeting_ahead on public.meetings (team_id) where state < 'ended';
create index on public.meetings (led_by, item_id, team_id);

create table public.agenda_items (
  led_by uuid not null,
  id uuid not null,
  meeting_id uuid not null,
  team_id uuid not null references public.teams (id),
  position smallint not null check (position between 0 and 500),
  kind public.agenda_kind not null,
  title text not null default '' check (char_length(title) <= 120),         -- of a supervisor's own item; it is on the screen
  therapist_id uuid references public.people (id),                          -- whose case
  case_id uuid,
  question_id uuid,
  rupture_id uuid,
  minutes smallint not null default 10 check (minutes between 1 and 120),
  because jsonb not null default '[]' check (jsonb_typeof(because) = 'array' and length(because::text) <= 4000),   -- reasons and points, as proposed
  state public.agenda_state not null default 'on',
  reason text not null default '' check (char_length(reason) <= 300),       -- why it was dropped or carried over; its therapist reads it as well
  stage public.discussion_stage not null default 'moment',
  spent int not null default 0 check (spent between 0 and 86400),           -- seconds
  released public.released_part[] not null default '{}' check (cardinality(released) <= 8 and array_position(released, null) is null),
  helped public.helped,                                                     -- its therapist's answer: did talking about it help
  created_at timestamptz not null default now(),
  primary key (led_by, id),
  unique (led_by, id, team_id),
  unique (led_by, id, team_id, therapist_id),
  constraint a_case_names_its_therapist check ((case_id is null) = (therapist_id is null)),
  constraint what_it_is_about check (
    (kind in ('question', 'case', 'rupture')) = (case_id is not null) and (kind = 'question') = (question_id is not null)
    and (kind = 'rupture') = (rupture_id is not null) and (kind = 'own') = (title <> '')),
  constraint dropped_has_a_reason check (state <> 'dropped' or char_length(btrim(reason)) >= 3),
  foreign key (led_by, meeting_id, team_id) references public.meetings (led_by, id, team_id),
  foreign key (therapist_id, case_id, team_id) references public.cases (therapist_id, id, team_id) on update cascade,
  foreign key (therapist_id, question_id) references public.questions (therapist_id, id),
  foreign key (therapist_id, rupture_id, team_id) references public.ruptures (therapist_id, id, team_id) on update cascade
);
create index on public.agenda_items (led_by, meeting_id, team_id);
create index on public.agenda_items (team_id, state);
create index on public.agenda_items (therapist_id, case_id, team_id);
create index on public.agenda_items (therapist_id, question_id);
create index on public.agenda_items (therapist_id, rupture_id, team_id);
alter table public.meetings add foreign key (led_by, item_id, team_id) references public.agenda_items (led_by, id, team_id) on delete set null (item_id);

-- What its therapist adds for the meeting: theirs alone until they release it.
create table public.agenda_words (
  therapist_id uuid not null references public.people (id),
  led_by uuid not null,
  item_id uuid not null,
  team_id uuid not null references public.teams (id),
  body text not null check (char_length(body) between 1 and 1000),
  released boolean not null default false,
  primary key (led_by, item_id),
  foreign key (led_by, item_id, team_id, therapist_id) references public.agenda_items (led_by, id, team_id, therapist_id) on delete cascade
);
create index on public.agenda_words (led_by, item_id, team_id, therapist_id);
create index on public.agenda_words (therapist_id);
create index on public.agenda_words (team_id);

create table public.decisions (
  recorded_by uuid not null references public.people (id),
  id uuid not null,
  team_id uuid not null references public.teams (id),
  led_by uuid not null,
  meeting_id uuid not null,
  item_id uuid,
  therapist_id uuid references public.people (id),
  case_id uuid,
  decision public.step_back_decision,
  words text not null default '' check (char_length(words) <= 500),
  sentence text not null default '' check (char_length(sentence) <= 300),   -- one sentence to try with the client
  will_know text not null default '' check (char_length(will_know) <= 300), -- how we will know
  look_again_on date check (look_again_on between '2000-01-01' and '2100-01-01'),
  shown boolean not null default false,                                     -- on the shared screen as well
  created_at timestamptz not null default now(),
  primary key (recorded_by, id),
  constraint a_decision_says_something check (decision is not null or words <> '' or sentence <> ''),
  constraint a_decision_on_a_case_names_its_therapist check ((case_id is null) = (therapist_id is null)),
  foreign key (led_by, meeting_id, team_id) references public.meetings (led_by, id, team_id),
  foreign key (led_by, item_id, team_id) references public.agenda_items (led_by, id, team_id) on delete set null (item_id),
  -- a therapist's decision is on an item of theirs: nobody puts words on a colleague's
  foreign key (led_by, item_id, team_id, therapist_id) references public.agenda_items (led_by, id, team_id, therapist_id) on delete set null (item_id),
  foreign key (therapist_id, case_id, team_id) references public.cases (therapist_id, id, team_id) on update cascade
);
create index on public.decisions (led_by, meeting_id, team_id);
create index on public.decisions (led_by, item_id, team_id, therapist_id);
create index on public.decisions (therapist_id, case_id, team_id);
create index on public.decisions (team_id);

-- Where an action was agreed, if it was in a meeting.
alter table public.actions add column led_by uuid, add column meeting_id uuid, add column item_id uuid,
  add foreign key (led_by, meeting_id, team_id) references public.meetings (led_by, id, team_id),
  add foreign key (led_by, item_id, team_id) references public.agenda_items (led_by, id, team_id) on delete set null (item_id);
create index on public.actions (led_by, meeting_id, team_id);
create index on public.actions (led_by, item_id, team_id);

-- The six causes once more, after the discussion. `before` is what stood when the therapist rated again.
create table public.reratings (
  therapist_id uuid not null references public.people (id),
  led_by uuid not null,
  item_id uuid not null,
  team_id uuid not null references public.teams (id),
  cause smallint not null check (cause between 1 and 6),
  rating smallint check (rating between 0 and 4),
  before smallint check (before between 0 and 4),
  rated_at timestamptz not null default now(),
  primary key (therapist_id, led_by, item_id, cause),
  foreign key (led_by, item_id, team_id, therapist_id) references public.agenda_items (led_by, id, team_id, therapist_id) on delete cascade
);
create index on public.reratings (led_by, item_id, team_id, therapist_id);
create index on public.reratings (team_id);

-- When the meeting was on a shared screen, and by whom it was put there.
create table public.meeting_screens (
  opened_by uuid not null references public.people (id),
  id uuid not null,
  team_id uuid not null references public.teams (id),
  led_by uuid not null,
  meeting_id uuid not null,
  opened_at timestamptz not null default now(),
  closed_at timestamptz check (closed_at >= opened_at),
  primary key (opened_by, id),
  foreign key (led_by, meeting_id, team_id) references public.meetings (led_by, id, team_id)
);
create index on public.meeting_screens (led_by, meeting_id, team_id);
create index on public.meeting_screens (team_id);

-- Labels are drawn anew for each meeting. Nobody reads this table: functions resolve for those who may know.
create table private.meeting_labels (
  led_by uuid not null,
  meeting_id uuid not null,
  therapist_id uuid not null,
  case_id uuid,                                                             -- null: the person
  label text not null,
  unique nulls not distinct (led_by, meeting_id, therapist_id, case_id),
  unique (led_by, meeting_id, label),
  foreign key (led_by, meeting_id) references public.meetings (led_by, id)
);

-- The pulse is kept as counts; who has answered is kept apart, without a time, so that it is asked once.
create table private.pulse_counts (
  led_by uuid not null,
  meeting_id uuid not null,
  answer smallint not null check (answer between 1 and 5),
  n int not null,
  primary key (led_by, meeting_id, answer),
  foreign key (led_by, meeting_id) references public.meetings (led_by, id)
);
create table private.pulse_given (
  led_by uuid not null,
  meeting_id uuid not null,
  person_id uuid not null references public.people (id),
  primary key (led_by, meeting_id, person_id),
  foreign key (led_by, meeting_id) references public.meetings (led_by, id)
);
create index on private.pulse_given (person_id);

-- Draws a label that this meeting has not used: a letter for a person, two digits for a case, longer ones when those are spent.
-- A code of a case has letters and digits, so that no label is ever one.
create function private.draw_label(of_led_by uuid, of_meeting uuid, therapist uuid, of_case uuid) returns void
  language plpgsql security definer set search_path = ''
  as $$
  begin
    if exists (select from private.meeting_labels l where l.led_by = of_led_by and l.meeting_id = of_meeting and l.therapist_id = therapist
        and l.case_id is not distinct from of_case) then return; end if;
    insert into private.meeting_labels (led_by, meeting_id, therapist_id, case_id, label)
    select of_led_by, of_meeting, therapist, of_case, x.label from (
      select chr(65 + a) as label, 0 as longer from generate_series(0, 25) a where of_case is null
      union all select chr(65 + a) || chr(65 + b), 1 from generate_series(0, 25) a, generate_series(0, 25) b where of_case is null
      union all select n::text, (n > 99)::int from generate_series(10, 999) n where of_case is not null) x
    where not exists (select from private.meeting_labels l where l.led_by = of_led_by and l.meeting_id = of_meeting and l.label = x.label)
    order by x.longer, gen_random_uuid() limit 1;
  end $$;

create function private.label_the_team() returns trigger
  language plpgsql security definer set search_path = ''
  as $$
  declare who uuid;
  begin
    for who in select distinct m.person_id from public.memberships m where m.team_id = new.team_id and m.role in ('therapist', 'supervisor')
        and m.starts_on <= current_date and (m.ends_on is null or current_date < m.ends_on) loop
      perform private.draw_label(new.led_by, new.id, who, null);
    end loop;
    return null;
  end $$;
create trigger label_the_team after insert on public.meetings for each row execute function private.label_the_team();

create function private.label_the_case() returns trigger
  language plpgsql security definer set search_path = ''
  as $$
  begin
    if new.case_id is not null then
      perform private.draw_label(new.led_by, new.meeting_id, new.therapist_id, null);
      perform private.draw_label(new.led_by, new.meeting_id, new.therapist_id, new.case_id);
    end if;
    return null;
  end $$;
create trigger label_the_case after insert on public.agenda_items for each row execute function private.label_the_case();

-- A question that was talked about is not proposed again; one that only came up is.
create function private.question_was_discussed() returns trigger
  language plpgsql security definer set search_path = ''
  as $$
  begin
    update public.questions q set state = case new.state when 'done' then 'discussed' else 'open' end::public.question_state
      where q.therapist_id = new.therapist_id and q.id = new.question_id and q.state = case new.state when 'done' then 'open' else 'discussed' end::public.question_state;
    return null;
  end $$;
create trigger question_was_discussed after update of state on public.agenda_items for each row
  when (new.question_id is not null and old.state is distinct from new.state and 'done' in (old.state, new.state))
  execute function private.question_was_discussed();

-- What is over stands as it is.
create function private.must_be_ahead(stands public.meeting_state) returns void
  language plpgsql immutable set search_path = ''
  as $$ begin
    if stands = 'called_off' then
      raise exception using errcode = 'SX409', message = 'This meeting was called off. What was on it is proposed for the next one.';
    elsif stands = 'ended' then
      raise exception using errcode = 'SX409', message = 'This meeting has ended and stands as it is.';
    end if;
  end $$;

-- A meeting goes forward only, and stands as it is once it has ended: what the pulse may show hangs on when that was. Times are
-- said by the device, and are never later than now. Only what has not begun is called off.
create function private.meeting_goes_on() returns trigger
  language plpgsql set search_path = ''
  as $$
  begin
    if (to_jsonb(new) is distinct from to_jsonb(old) || case when new.item_id is null then '{"item_id": null}' else '{}' end::jsonb) then
      perform private.must_be_ahead(old.state);
    end if;
    if new.state < old.state or (old.state = 'running' and new.state = 'called_off') then
      raise exception using errcode = 'SX409', message = 'This meeting has begun. It can be ended, and goes neither back nor away.';
    end if;
    new.begun_at := case when new.begun_at is not null then greatest(least(new.begun_at, now()), '2000-01-01Z') end;
    new.ended_at := case when new.ended_at is not null then greatest(least(new.ended_at, now()), new.begun_at) end;
    new.clock_since := case when new.clock_since is not null then greatest(least(new.clock_since, now()), '2000-01-01Z') end;
    new.timer_until := case when new.timer_until is not null then greatest(least(new.timer_until, now() + interval '1 hour'), '2000-01-01Z') end;
    return new;
  end $$;
create trigger meeting_goes_on before update on public.meetings for each row execute function private.meeting_goes_on();

create function private.agenda_stands() returns trigger
  language plpgsql security definer set search_path = ''
  as $$
  begin
    perform private.must_be_ahead((select m.state from public.meetings m where m.led_by = new.led_by and m.id = new.meeting_id));
    return new;
  end $$;
create trigger agenda_stands before update of position, kind, title, minutes, because, state, reason, stage, spent on public.agenda_items
  for each row execute function private.agenda_stands();

-- A case talked about in a meeting counts as discussed on its day (R9).
create or replace view private.discussed with (security_invoker = true) as
  select therapist_id, case_id, used_at::date as on_day from public.prompt_uses where case_id is not null
  union all
  select therapist_id, case_id, done_on from public.step_backs
  union all
  select i.therapist_id, i.case_id, m.held_on from public.agenda_items i join public.meetings m on m.led_by = i.led_by and m.id = i.meeting_id
    where i.state = 'done' and i.case_id is not null;

insert into private.goes_with_a_case (position, name, statement) values
  (1, 'reratings', 'delete from public.reratings r using public.agenda_items i where i.led_by = r.led_by and i.id = r.item_id and i.therapist_id = $1 and i.case_id = $2'),
  (2, 'agenda_words', 'delete from public.agenda_words w using public.agenda_items i where i.led_by = w.led_by and i.id = w.item_id and i.therapist_id = $1 and i.case_id = $2'),
  (3, 'decisions', 'delete from public.decisions where therapist_id = $1 and case_id = $2'),
  (4, 'agenda_items', 'delete from public.agenda_items where therapist_id = $1 and case_id = $2'),
  (5, 'meeting_labels', 'delete from private.meeting_labels where therapist_id = $1 and case_id = $2');

-- A rating after a discussion, and words on an item, are logged under that item.
create or replace function private.row_id(r jsonb) returns text
  language sql immutable parallel safe set search_path = ''
  as $$ select coalesce(r ->> 'id', r ->> 'reflection_id', r ->> 'review_id', r ->> 'item_id', r ->> 'team_id') $$;

alter table public.meetings enable row level security;
alter table public.agenda_items enable row level security;
alter table public.agenda_words enable row level security;
alter table public.decisions enable row level security;
alter table public.reratings enable row level security;
alter table public.meeting_screens enable row level security;
alter table private.meeting_labels enable row level security;
alter table private.pulse_counts enable row level security;
alter table private.pulse_given enable row level security;

call private.keep_audit('public.meetings');
call private.keep_audit('public.decisions');
call private.keep_audit('public.reratings');
call private.keep_audit('public.meeting_screens');
call private.keep_audit('public.agenda_items');
call private.keep_audit('public.agenda_words');
-- Passing leaves no trace. These rows go when somebody passes, or with their case, which the log says of the case.
drop trigger audit_delete on public.agenda_items;
drop trigger audit_delete on public.agenda_words;
drop trigger audit_delete on public.reratings;
-- What points at an item that is passed lets go of it, and the log would name the therapist as the one who did that.
drop trigger audit_update on public.meetings;
drop trigger audit_update on public.decisions;
drop trigger audit_update on public.actions;
create trigger audit_update after update on public.meetings referencing new table as touched for each statement
  when (current_setting('sixfold.passing', true) is distinct from 'yes') execute function private.audit();
create trigger audit_update after update on public.actions referencing new table as touched for each statement
  when (current_setting('sixfold.passing', true) is distinct from 'yes') execute function private.audit();
create trigger audit_update after update on public.decisions referencing new table as touched for each statement
  when (current_setting('sixfold.passing', true) is distinct from 'yes') execute function private.audit();
-- What was talked about brings the flags of its case up to date (R9).
create trigger flags_stale_became after update on public.agenda_items referencing new table as touched for each statement execute function private.mark_stale('case');
create trigger flags_stale_went after delete on public.agenda_items referencing old table as touched for each statement execute function private.mark_stale('case');

revoke all on public.meetings, public.agenda_items, public.agenda_words, public.decisions, public.reratings, public.meeting_screens from anon, authenticated;
revoke all on private.meeting_labels, private.pulse_counts, private.pulse_given from public, anon, authenticated;
revoke all on function private.draw_label(uuid, uuid, uuid, uuid), private.label_the_team(), private.label_the_case(), private.question_was_discussed(),
  private.meeting_goes_on(), private.agenda_stands(), private.must_be_ahead(public.meeting_state)
  from public, anon, authenticated;
grant execute on function private.must_be_ahead(public.meeting_state) to authenticated, service_role;
grant select on public.meetings, public.agenda_items, public.agenda_words, public.decisions, public.reratings, public.meeting_screens to authenticated;
grant insert (led_by, id, team_id, held_on, starts_at, minutes, theme),
  update (held_on, starts_at, minutes, theme, state, begun_at, ended_at, item_id, clock_since, prompt, timer, timer_until) on public.meetings to authenticated;
grant insert (led_by, id, meeting_id, team_id, position, kind, title, therapist_id, case_id, question_id, rupture_id, minutes, because),
  update (position, minutes, state, reason, stage, spent) on public.agenda_items to authenticated;
grant insert (therapist_id, led_by, item_id, team_id, body, released), update (body, released), delete on public.agenda_words to authenticated;
grant insert (recorded_by, id, team_id, led_by, meeting_id, item_id, therapist_id, case_id, decision, words, sentence, will_know, look_again_on, shown),
  update (shown) on public.decisions to authenticated;
grant insert (led_by, meeting_id, item_id) on public.actions to authenticated;
grant insert (therapist_id, led_by, item_id, team_id, cause, rating, before), update (rating) on public.reratings to authenticated;
grant insert (opened_by, id, team_id, led_by, meeting_id, opened_at), update (closed_at) on public.meeting_screens to authenticated;
grant all on public.meetings, public.agenda_items, public.agenda_words, public.decisions, public.reratings, public.meeting_screens, private.meeting_labels, private.pulse_counts,
  private.pulse_given to service_role;

create policy "therapists and supervisors read meetings of their teams" on public.meetings for select to authenticated
  using (team_id = any (array(select private.teams_as('therapist', 'supervisor'))));
create policy "supervisors plan meetings of their teams" on public.meetings for insert to authenticated
  with check (led_by = (select auth.uid()) and team_id = any (array(select private.teams_as('supervisor'))));
create policy "supervisors run meetings of their teams" on public.meetings for update to authenticated
  using (team_id = any (array(select private.teams_as('supervisor'))));

create policy "supervisors read the agenda of their teams, therapists what is theirs on it" on public.agenda_items for select to authenticated
  using ((therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))
    or team_id = any (array(select private.teams_as('supervisor'))));
create policy "supervisors put items on the agenda of their teams until a meeting has ended" on public.agenda_items for insert to authenticated
  with check (team_id = any (array(select private.teams_as('supervisor')))
    and exists (select from public.meetings m where m.led_by = agenda_items.led_by and m.id = agenda_items.meeting_id and m.state < 'ended'));
create policy "supervisors order and mark the agenda of their teams" on public.agenda_items for update to authenticated
  using (team_id = any (array(select private.teams_as('supervisor'))));

create policy "therapists read their own words for a meeting, supervisors what was released" on public.agenda_words for select to authenticated
  using ((therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))
    or (released and team_id = any (array(select private.teams_as('supervisor')))));
create policy "therapists write words for their own items" on public.agenda_words for insert to authenticated
  with check (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))));
create policy "therapists change and release their own words" on public.agenda_words for update to authenticated
  using (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))));
create policy "therapists take their own words back" on public.agenda_words for delete to authenticated
  using (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))));

create policy "supervisors read decisions of their teams, therapists those on their cases" on public.decisions for select to authenticated
  using ((therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))
    or team_id = any (array(select private.teams_as('supervisor'))));
create policy "supervisors record decisions of their teams, therapists on their own cases" on public.decisions for insert to authenticated
  with check (recorded_by = (select auth.uid()) and (team_id = any (array(select private.teams_as('supervisor')))
    or (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))));
create policy "people show or hide what they recorded" on public.decisions for update to authenticated
  using (recorded_by = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist', 'supervisor'))));

create policy "therapists read their own ratings after a discussion, supervisors their team's" on public.reratings for select to authenticated
  using ((therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))
    or team_id = any (array(select private.teams_as('supervisor'))));
create policy "therapists rate again on their own items" on public.reratings for insert to authenticated
  with check (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))));
create policy "therapists change their own ratings after a discussion" on public.reratings for update to authenticated
  using (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))));

create policy "supervisors read when meetings of their teams were projected" on public.meeting_screens for select to authenticated
  using (team_id = any (array(select private.teams_as('supervisor'))));
create policy "supervisors put meetings of their teams on a screen" on public.meeting_screens for insert to authenticated
  with check (opened_by = (select auth.uid()) and team_id = any (array(select private.teams_as('supervisor'))));
create policy "supervisors take their screens down" on public.meeting_screens for update to authenticated
  using (opened_by = (select auth.uid()) and team_id = any (array(select private.teams_as('supervisor'))));
