-- Handing a case over with a supervisor's consent; and single items of one's own mirror, shared as they stood on the screen.
-- What the earlier therapist wrote for themselves stays theirs: only facts and shared words go along.

alter type public.case_state add value 'archived';

create type public.transfer_state as enum ('asked', 'withdrawn', 'agreed', 'refused');
create type public.mirror_item as enum (
  'six_causes', 'first_blame', 'next_moves', 'reframes', 'repairs', 'guesses', 'after_supervision', 'frustration', 'strengths');

create table public.case_transfers (
  therapist_id uuid not null references public.people (id),                 -- who hands over
  id uuid not null,
  team_id uuid not null references public.teams (id),
  case_id uuid not null,
  state public.transfer_state not null default 'asked',
  asked_on date not null default current_date,
  to_id uuid references public.people (id),                                 -- chosen by the supervisor, so that nobody needs a list of colleagues
  decided_by uuid references public.people (id),
  decided_at timestamptz,
  primary key (therapist_id, id),
  constraint a_decision_names_its_supervisor check ((state in ('agreed', 'refused')) = (decided_by is not null and decided_at is not null)),
  constraint agreed_means_to_somebody check ((state = 'agreed') = (to_id is not null)),
  foreign key (therapist_id, case_id, team_id) references public.cases (therapist_id, id, team_id) on update cascade
);
create index on public.case_transfers (therapist_id, case_id, team_id);
create index on public.case_transfers (team_id, state);
create index on public.case_transfers (to_id);
create index on public.case_transfers (decided_by);
-- One at a time, and none after a case has gone: it would otherwise be copied to a second person.
create unique index one_transfer_at_a_time on public.case_transfers (therapist_id, case_id) where state in ('asked', 'agreed');

create table public.mirror_shares (
  therapist_id uuid not null references public.people (id),
  id uuid not null,
  team_id uuid not null references public.teams (id),
  item public.mirror_item not null,
  content jsonb not null check (jsonb_typeof(content) = 'object' and length(content::text) <= 20000),
  shared_on date not null default current_date,
  withdrawn boolean not null default false,
  primary key (therapist_id, id)
);
create index on public.mirror_shares (team_id);

-- A part is logged under its reflection, a verdict under its review.
create or replace function private.row_id(r jsonb) returns text
  language sql immutable parallel safe set search_path = ''
  as $$ select coalesce(r ->> 'id', r ->> 'reflection_id', r ->> 'review_id', r ->> 'team_id') $$;

-- Copies what goes along to the new therapist, under the same ids: keys are unique per owner. The earlier case is closed.
create function private.hand_over(t public.case_transfers, heir uuid) returns void
  language plpgsql security definer set search_path = ''
  as $$
  declare of_case public.cases;
  begin
    select * into of_case from public.cases c where c.therapist_id = t.therapist_id and c.id = t.case_id;
    if exists (select from public.cases c where c.therapist_id = heir and (c.code = of_case.code or c.id = of_case.id)) then
      raise exception using errcode = 'SX006', message = 'The new therapist uses this code already, or has had this case before. Please choose somebody else.';
    end if;
    insert into public.cases (therapist_id, id, team_id, code, control_sensitivity, started_on)
      values (heir, of_case.id, of_case.team_id, of_case.code, of_case.control_sensitivity, of_case.started_on);
    insert into public.sessions (therapist_id, id, team_id, case_id, number, held_on, attendance, mode, stated_at)
      select heir, id, team_id, case_id, number, held_on, attendance, mode, stated_at from public.sessions
      where therapist_id = t.therapist_id and case_id = t.case_id;
    perform set_config('sixfold.handing_over', 'yes', true);
    insert into public.scores (therapist_id, id, team_id, case_id, measure_id, on_day, value, stated_at)
      select heir, id, team_id, case_id, measure_id, on_day, value, stated_at from public.scores
      where therapist_id = t.therapist_id and case_id = t.case_id;
    perform set_config('sixfold.handing_over', '', true);
    insert into public.check_ins (therapist_id, id, team_id, case_id, on_day, goals, way_of_working, relationship)
      select heir, id, team_id, case_id, on_day, goals, way_of_working, relationship from public.check_ins
      where therapist_id = t.therapist_id and case_id = t.case_id;
    insert into public.goals (therapist_id, id, team_id, case_id, set_by, importance, state, set_on)
      select heir, id, team_id, case_id, set_by, importance, state, set_on from public.goals
      where therapist_id = t.therapist_id and case_id = t.case_id;
    insert into public.goal_progress (therapist_id, id, team_id, goal_id, on_day, progress)
      select heir, p.id, p.team_id, p.goal_id, p.on_day, p.progress from public.goal_progress p
      join public.goals g on g.therapist_id = p.therapist_id and g.id = p.goal_id
      where g.therapist_id = t.therapist_id and g.case_id = t.case_id;
    insert into public.tasks (therapist_id, id, team_id, case_id, goal_id, proposed_by, importance, agreed, state, given_on)
      select heir, id, team_id, case_id, goal_id, proposed_by, importance, agreed, state, given_on from public.tasks
      where therapist_id = t.therapist_id and case_id = t.case_id;
    insert into public.task_checks (therapist_id, id, team_id, task_id, on_day, done, looked_at)
      select heir, k.id, k.team_id, k.task_id, k.on_day, k.done, k.looked_at from public.task_checks k
      join public.tasks g on g.therapist_id = k.therapist_id and g.id = k.task_id
      where g.therapist_id = t.therapist_id and g.case_id = t.case_id;
    insert into public.strategies (therapist_id, id, team_id, case_id, started_on, ended_on)
      select heir, id, team_id, case_id, started_on, ended_on from public.strategies
      where therapist_id = t.therapist_id and case_id = t.case_id;
    insert into public.plan_reviews (therapist_id, id, team_id, case_id, reviewed_on, next_review_on)
      select heir, id, team_id, case_id, reviewed_on, next_review_on from public.plan_reviews
      where therapist_id = t.therapist_id and case_id = t.case_id;
    insert into public.strategy_verdicts (therapist_id, review_id, strategy_id, team_id, verdict)
      select heir, v.review_id, v.strategy_id, v.team_id, v.verdict from public.strategy_verdicts v
      join public.plan_reviews r on r.therapist_id = v.therapist_id and r.id = v.review_id
      where r.therapist_id = t.therapist_id and r.case_id = t.case_id;
    -- Of the formulation: what was shared, that it was emptied again, and the ticks, which are facts.
    insert into public.formulation_entries (therapist_id, id, team_id, case_id, field, version, written_on, emptied, ticked)
      select heir, f.id, f.team_id, f.case_id, f.field, f.version, f.written_on, f.emptied, f.ticked from public.formulation_entries f
      where f.therapist_id = t.therapist_id and f.case_id = t.case_id and exists (
        select from public.formulation_entries e
        where e.therapist_id = f.therapist_id and e.case_id = f.case_id and e.field = f.field and e.version <= f.version
          and (e.id = f.id or f.emptied or f.field = 'fears')
          and (cardinality(e.ticked) > 0 or exists (select from public.case_texts x
            where x.therapist_id = e.therapist_id and x.about_id = e.id and x.about = 'formulation' and x.shared)));
    insert into public.case_texts (therapist_id, id, team_id, case_id, about, about_id, slot, body, shared, written_at)
      select heir, id, team_id, case_id, about, about_id, slot, body, true, written_at from public.case_texts
      where therapist_id = t.therapist_id and case_id = t.case_id and shared and about <> 'rupture_helped';
    update public.cases set state = 'closed' where therapist_id = t.therapist_id and id = t.case_id;
  end $$;

-- A supervisor of the team agrees and names the new therapist, or refuses.
create function private.decide_transfer(therapist uuid, transfer uuid, heir uuid) returns void
  language plpgsql security definer set search_path = ''
  as $$
  declare t public.case_transfers;
  begin
    select * into t from public.case_transfers x
      where x.therapist_id = therapist and x.id = transfer and x.team_id in (select private.teams_as('supervisor')) for update;
    if t.id is null then
      raise exception using errcode = '42501', message = 'Only a supervisor of the team can decide on handing over a case.';
    elsif t.state <> 'asked' then
      raise exception using errcode = 'SX409', message = 'This was decided or withdrawn in the meantime. Nothing was changed; please look at what stands.';
    elsif therapist = (select auth.uid()) and exists (select from public.memberships m where m.team_id = t.team_id and m.role = 'supervisor'
        and m.person_id <> therapist and m.starts_on <= current_date and (m.ends_on is null or current_date < m.ends_on)) then
      raise exception using errcode = 'SX400', message = 'This is your own case. Please ask another supervisor of the team to decide.';
    end if;
    if heir is not null then
      if heir = therapist or not exists (select from public.memberships m where m.person_id = heir and m.team_id = t.team_id
          and m.role = 'therapist' and m.starts_on <= current_date and (m.ends_on is null or current_date < m.ends_on)) then
        raise exception using errcode = 'SX400', message = 'A case goes to another therapist of the same team. Please choose one of them.';
      end if;
      perform private.hand_over(t, heir);
    end if;
    update public.case_transfers set state = case when heir is null then 'refused' else 'agreed' end::public.transfer_state,
        to_id = heir, decided_by = (select auth.uid()), decided_at = now()
      where therapist_id = therapist and id = transfer;
  end $$;

alter table public.case_transfers enable row level security;
alter table public.mirror_shares enable row level security;
call private.keep_audit('public.case_transfers');
call private.keep_audit('public.mirror_shares');
call private.keep_history('public.case_transfers');

revoke all on public.case_transfers, public.mirror_shares from anon, authenticated;
revoke all on function private.hand_over(public.case_transfers, uuid), private.decide_transfer(uuid, uuid, uuid) from public, anon, authenticated;
grant select on public.case_transfers, public.mirror_shares to authenticated;
grant insert (therapist_id, id, team_id, case_id), update (state) on public.case_transfers to authenticated;
grant insert (therapist_id, id, team_id, item, content), update (withdrawn) on public.mirror_shares to authenticated;
grant all on public.case_transfers, public.mirror_shares to service_role;
grant execute on function private.decide_transfer(uuid, uuid, uuid) to authenticated, service_role;

create policy "therapists read transfers from and to them, supervisors their team's" on public.case_transfers for select to authenticated
  using (((therapist_id = (select auth.uid()) or to_id = (select auth.uid())) and team_id = any (array(select private.teams_as('therapist'))))
    or team_id = any (array(select private.teams_as('supervisor'))));
create policy "therapists ask to hand over their own cases" on public.case_transfers for insert to authenticated
  with check (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))));
create policy "therapists withdraw what they asked and nobody has decided" on public.case_transfers for update to authenticated
  using (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))) and state = 'asked')
  with check (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))) and state = 'withdrawn');

create policy "therapists read what they shared, supervisors what was not withdrawn" on public.mirror_shares for select to authenticated
  using ((therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))
    or (not withdrawn and team_id = any (array(select private.teams_as('supervisor')))));
create policy "therapists share items of their own mirror" on public.mirror_shares for insert to authenticated
  with check (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))));
create policy "therapists withdraw what they shared" on public.mirror_shares for update to authenticated
  using (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))));
