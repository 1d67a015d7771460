-- Retention: how long what is kept, a rehearsal, the purge, its report, and holds. Erasure: asked, decided with a basis, done.
-- What is gone leaves its deletion in the audit log, and nothing of its content anywhere; weekly sums are exact afterwards.

create type public.retained as enum ('closed_cases', 'reflections', 'earlier_versions', 'invitations');
create type public.erasure_state as enum ('asked', 'approved', 'refused');

alter table public.cases add column ended_on date;                          -- set by the server when a case is closed or archived
update public.cases set ended_on = current_date where state::text in ('closed', 'archived');

create function private.case_ends() returns trigger
  language plpgsql set search_path = ''
  as $$
  begin
    new.ended_on := case when new.state::text in ('closed', 'archived') then coalesce(old.ended_on, current_date) end;
    return new;
  end $$;
create trigger case_ends before update of state on public.cases for each row execute function private.case_ends();

create table public.retention_periods (
  id uuid primary key default gen_random_uuid(),
  clinic_id uuid not null references public.clinics (id),
  what public.retained not null,
  days int not null check (days between 30 and 36525),
  unique (clinic_id, what)
);

-- A hold keeps what would be purged or erased: one case code, or all that a person wrote.
create table public.legal_holds (
  id uuid primary key default gen_random_uuid(),
  clinic_id uuid not null references public.clinics (id),
  code text check (code ~ '^[A-Z]{1,3}-?[0-9]{2,5}$'),
  therapist_id uuid references public.people (id),
  reason text not null check (char_length(btrim(reason)) between 10 and 500),
  set_by uuid not null references public.people (id),
  set_at timestamptz not null default now(),
  lifted_at timestamptz,
  constraint a_hold_names_something check (num_nonnulls(code, therapist_id) > 0)
);
create index on public.legal_holds (clinic_id);
create index on public.legal_holds (therapist_id);
create index on public.legal_holds (set_by);

create table public.purge_reports (
  id bigint generated always as identity primary key,
  clinic_id uuid not null references public.clinics (id),
  ran_at timestamptz not null default now(),
  ran_by uuid,
  report jsonb not null                                                     -- counts by kind and by table, never what was in them
);
create index on public.purge_reports (clinic_id, ran_at);

create table public.erasure_requests (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null references public.teams (id),
  therapist_id uuid not null references public.people (id),
  code text check (code ~ '^[A-Z]{1,3}-?[0-9]{2,5}$'),                      -- null: the person's reflections; taken out when it is done
  asked_by uuid not null references public.people (id),
  asked_at timestamptz not null default now(),
  why text not null default '' check (char_length(why) <= 500),
  gone jsonb not null default '{}',                                         -- counts by table, never what was in them
  state public.erasure_state not null default 'asked',
  basis text not null default '' check (char_length(basis) <= 500),
  decided_by uuid references public.people (id),
  decided_at timestamptz,
  constraint a_decision_has_a_basis check (state = 'asked' or (decided_by is not null and decided_at is not null and char_length(btrim(basis)) >= 10))
);
create index on public.erasure_requests (team_id, state);
create index on public.erasure_requests (therapist_id);
create index on public.erasure_requests (asked_by);
create index on public.erasure_requests (decided_by);

alter table public.audit_log drop constraint audit_log_action_check,
  add constraint audit_log_action_check check (action in ('insert', 'update', 'delete', 'read', 'export', 'erase', 'purge'));

create function private.held(clinic uuid, therapist uuid, of_code text) returns boolean
  language sql stable security definer set search_path = ''
  as $$
    select exists (select from public.legal_holds h where h.clinic_id = clinic and h.lifted_at is null
      and (h.code is null or h.code = of_code) and (h.therapist_id is null or h.therapist_id = therapist))
  $$;

-- An earlier version does not say of which case it is. A hold on a code keeps those of whoever has a case with that code.
create function private.version_held(clinic uuid, h public.history) returns boolean
  language sql stable security definer set search_path = ''
  as $$
    select exists (select from (values (h.owner_id), ((h.before ->> 'therapist_id')::uuid)) x (person)
      where private.held(clinic, x.person, null) or exists (select from public.cases c join public.teams t on t.id = c.team_id and t.clinic_id = clinic
        where c.therapist_id = x.person and private.held(clinic, x.person, c.code)))
  $$;

-- What goes with a case when it is erased, children before parents: $1 its therapist, $2 the case, $3 the ids of its entries.
-- A migration that hangs another table on cases adds its row.
create table private.goes_with_a_case (position smallint primary key, name text not null unique, statement text not null);
insert into private.goes_with_a_case (position, name, statement) values
  (10, 'notes', 'delete from public.notes n where n.id::text = any ($3) and (n.author_id = $1 or n.therapist_id = $1)'),
  (20, 'prompt_uses', 'delete from public.prompt_uses where therapist_id = $1 and case_id = $2'),
  (30, 'repair_steps', 'delete from public.repair_steps s using public.ruptures r where r.therapist_id = s.therapist_id and r.id = s.rupture_id and r.therapist_id = $1 and r.case_id = $2'),
  (40, 'ruptures', 'delete from public.ruptures where therapist_id = $1 and case_id = $2'),
  (50, 'questions', 'delete from public.questions where therapist_id = $1 and case_id = $2'),
  (60, 'ratings', 'delete from public.ratings r using public.episodes e where e.therapist_id = r.therapist_id and e.id = r.episode_id and e.therapist_id = $1 and e.case_id = $2'),
  (70, 'episodes', 'delete from public.episodes where therapist_id = $1 and case_id = $2'),
  (80, 'goal_progress', 'delete from public.goal_progress p using public.goals g where g.therapist_id = p.therapist_id and g.id = p.goal_id and g.therapist_id = $1 and g.case_id = $2'),
  (90, 'task_checks', 'delete from public.task_checks k using public.tasks t where t.therapist_id = k.therapist_id and t.id = k.task_id and t.therapist_id = $1 and t.case_id = $2'),
  (100, 'tasks', 'delete from public.tasks where therapist_id = $1 and case_id = $2'),
  (110, 'goals', 'delete from public.goals where therapist_id = $1 and case_id = $2'),
  (120, 'check_in_guesses', 'delete from public.check_in_guesses g using public.check_ins i where i.therapist_id = g.therapist_id and i.id = g.id and i.therapist_id = $1 and i.case_id = $2'),
  (130, 'check_ins', 'delete from public.check_ins where therapist_id = $1 and case_id = $2'),
  (140, 'scores', 'delete from public.scores where therapist_id = $1 and case_id = $2'),
  (150, 'strategy_verdicts', 'delete from public.strategy_verdicts v using public.plan_reviews r where r.therapist_id = v.therapist_id and r.id = v.review_id and r.therapist_id = $1 and r.case_id = $2'),
  (160, 'plan_reviews', 'delete from public.plan_reviews where therapist_id = $1 and case_id = $2'),
  (170, 'strategies', 'delete from public.strategies where therapist_id = $1 and case_id = $2'),
  (180, 'formulation_entries', 'delete from public.formulation_entries where therapist_id = $1 and case_id = $2'),
  (190, 'case_texts', 'delete from public.case_texts where therapist_id = $1 and case_id = $2'),
  (200, 'sessions', 'delete from public.sessions where therapist_id = $1 and case_id = $2'),
  (210, 'actions', 'delete from public.actions where therapist_id = $1 and case_id = $2'),
  (220, 'step_backs', 'delete from public.step_backs where therapist_id = $1 and case_id = $2'),
  (230, 'flag_events', 'delete from public.flag_events where therapist_id = $1 and case_id = $2'),
  (240, 'flags', 'delete from public.flags where therapist_id = $1 and case_id = $2'),
  (250, 'reveals', 'delete from public.reveals where therapist_id = $1 and case_id = $2'),
  (260, 'case_transfers', 'delete from public.case_transfers where therapist_id = $1 and case_id = $2'),
  (270, 'cases', 'delete from public.cases where therapist_id = $1 and id = $2'),
  (280, 'history', 'delete from public.history where row_id = any ($3) and (owner_id = $1 or before ->> ''therapist_id'' = $1::text)');
alter table private.goes_with_a_case enable row level security;
revoke all on private.goes_with_a_case from public, anon, authenticated;
grant all on private.goes_with_a_case to service_role;

-- One case with everything that hangs on it, and what its entries said before. Answers how many rows went, by table.
create function private.erase_case(therapist uuid, the_case uuid) returns jsonb
  language plpgsql security definer set search_path = ''
  as $$
  declare
    gone jsonb := '{}'; n bigint; statement text; target text;
    ids text[];
  begin
    select coalesce(array_agg(x.id::text), '{}') into ids from (
      select id from public.episodes where therapist_id = therapist and case_id = the_case
      union all select id from public.ruptures where therapist_id = therapist and case_id = the_case
      union all select id from public.sessions where therapist_id = therapist and case_id = the_case
      union all select id from public.goals where therapist_id = therapist and case_id = the_case
      union all select id from public.tasks where therapist_id = therapist and case_id = the_case
      union all select id from public.strategies where therapist_id = therapist and case_id = the_case
      union all select id from public.scores where therapist_id = therapist and case_id = the_case
      union all select id from public.check_ins where therapist_id = therapist and case_id = the_case
      union all select id from public.case_texts where therapist_id = therapist and case_id = the_case
      union all select id from public.questions where therapist_id = therapist and case_id = the_case
      union all select id from public.case_transfers where therapist_id = therapist and case_id = the_case
      union all select r.id from public.ratings r join public.episodes e on e.therapist_id = r.therapist_id and e.id = r.episode_id
        where e.therapist_id = therapist and e.case_id = the_case
      union all select n.id from public.notes n where (n.author_id = therapist and n.episode_id in (select id from public.episodes e where e.therapist_id = therapist and e.case_id = the_case))
        or (n.therapist_id = therapist and (n.repair_step_id in (select s.id from public.repair_steps s join public.ruptures r on r.therapist_id = s.therapist_id and r.id = s.rupture_id
            where r.therapist_id = therapist and r.case_id = the_case)
          or n.prompt_use_id in (select u.id from public.prompt_uses u where u.therapist_id = therapist and u.case_id = the_case)))
      union all select the_case) x;
    for target, statement in select g.name, g.statement from private.goes_with_a_case g order by g.position loop
      execute statement using therapist, the_case, ids;
      get diagnostics n = row_count;
      if n > 0 then gone := gone || jsonb_build_object(target, n); end if;
    end loop;
    return gone;
  end $$;

-- Reflections of a person up to a week, with their parts, ratings and earlier versions.
create function private.erase_reflections(therapist uuid, of_teams uuid[], up_to date) returns jsonb
  language plpgsql security definer set search_path = ''
  as $$
  declare ids uuid[]; row_ids text[]; gone jsonb := '{}'; n bigint;
  begin
    select coalesce(array_agg(id), '{}') into ids from public.reflections where therapist_id = therapist and team_id = any (of_teams) and week < up_to;
    select array_agg(r.id::text) || array(select x::text from unnest(ids) x) into row_ids from public.ratings r where r.therapist_id = therapist and r.reflection_id = any (ids);
    row_ids := coalesce(row_ids, array(select x::text from unnest(ids) x));
    update public.questions set reflection_id = null where therapist_id = therapist and reflection_id = any (ids);
    delete from public.ratings where therapist_id = therapist and reflection_id = any (ids);
    get diagnostics n = row_count; gone := gone || jsonb_build_object('ratings', n);
    delete from public.reflection_parts where therapist_id = therapist and reflection_id = any (ids);
    get diagnostics n = row_count; gone := gone || jsonb_build_object('reflection_parts', n);
    delete from public.reflections where therapist_id = therapist and id = any (ids);
    get diagnostics n = row_count; gone := gone || jsonb_build_object('reflections', n);
    delete from public.history where owner_id = therapist and row_id = any (row_ids);
    get diagnostics n = row_count; gone := gone || jsonb_build_object('history', n);
    return gone;
  end $$;

-- What has been kept longer than its period says, and whether a hold keeps it.
create function private.due_for_purge(clinic uuid)
  returns table (what public.retained, therapist_id uuid, entry uuid, since date, held boolean)
  language sql stable security definer set search_path = ''
  as $$
    select p.what, c.therapist_id, c.id, c.ended_on, private.held(clinic, c.therapist_id, c.code)
    from public.retention_periods p join public.teams t on t.clinic_id = p.clinic_id join public.cases c on c.team_id = t.id
    where p.clinic_id = clinic and p.what = 'closed_cases' and c.ended_on < current_date - p.days
    union all
    select p.what, f.therapist_id, f.id, f.week, private.held(clinic, f.therapist_id, null)
    from public.retention_periods p join public.teams t on t.clinic_id = p.clinic_id join public.reflections f on f.team_id = t.id
    where p.clinic_id = clinic and p.what = 'reflections' and f.week < current_date - p.days
    union all
    select p.what, h.owner_id, null, h.changed_at::date, private.version_held(clinic, h)
    from public.retention_periods p join public.teams t on t.clinic_id = p.clinic_id join public.history h on h.team_id = t.id
    where p.clinic_id = clinic and p.what = 'earlier_versions' and h.changed_at::date < current_date - p.days
    union all
    select p.what, null, i.id, i.invited_at::date, false
    from public.retention_periods p join public.invitations i on i.clinic_id = p.clinic_id
    where p.clinic_id = clinic and p.what = 'invitations' and i.invited_at::date < current_date - p.days
  $$;

-- A rehearsal: what a purge would take today. Counts and ages only.
create function public.purge_preview(clinic uuid) returns table (what public.retained, due int, held int, oldest date)
  language plpgsql stable security definer set search_path = ''
  as $$
  begin
    if not exists (select from private.clinics_as('admin') c where c = clinic) then
      raise exception using errcode = '42501', message = 'Only an administrator of the clinic can see what is due.';
    end if;
    return query select d.what, count(*) filter (where not d.held)::int, count(*) filter (where d.held)::int, min(d.since)
      from private.due_for_purge(clinic) d group by d.what order by d.what;
  end $$;

-- A purge goes in steps that end within a request: at most 5 cases, the longest kept first, and how many are left. What
-- remains of the other kinds goes with the last step.
create function public.purge(clinic uuid) returns jsonb
  language plpgsql volatile security definer set search_path = ''
  as $$
  declare
    at_once constant int := 5;
    d record; took jsonb; report jsonb := '{}'; by_table jsonb := '{}'; n bigint; row record; cases_left int;
  begin
    if not exists (select from private.clinics_as('admin') c where c = clinic) then
      raise exception using errcode = '42501', message = 'Only an administrator of the clinic can purge.';
    end if;
    perform pg_advisory_xact_lock(hashtextextended('sixfold.purge ' || clinic, 0));
    select greatest(count(*) - at_once, 0)::int into cases_left from private.due_for_purge(clinic) x where x.what = 'closed_cases' and not x.held;
    for d in select x.what, count(*) filter (where not x.held) as due, count(*) filter (where x.held) as held from private.due_for_purge(clinic) x
        where x.what = 'closed_cases' or cases_left = 0 group by x.what loop
      report := report || jsonb_build_object(d.what::text,
        jsonb_build_object('taken', case when d.what = 'closed_cases' then least(d.due, at_once) else d.due end, 'held', d.held));
    end loop;
    for d in select * from private.due_for_purge(clinic) x where not x.held and x.what = 'closed_cases' order by x.since, x.entry limit at_once loop
      took := private.erase_case(d.therapist_id, d.entry);
      for row in select * from jsonb_each(took) loop
        by_table := by_table || jsonb_build_object(row.key, coalesce((by_table ->> row.key)::bigint, 0) + (row.value #>> '{}')::bigint);
      end loop;
    end loop;
    if cases_left = 0 then
      for d in select x.therapist_id, max(x.since) as last_week from private.due_for_purge(clinic) x where not x.held and x.what = 'reflections' group by 1 loop
        took := private.erase_reflections(d.therapist_id, array(select t.id from public.teams t where t.clinic_id = clinic), d.last_week + 1);
        for row in select * from jsonb_each(took) loop
          by_table := by_table || jsonb_build_object(row.key, coalesce((by_table ->> row.key)::bigint, 0) + (row.value #>> '{}')::bigint);
        end loop;
      end loop;
      delete from public.history h using public.retention_periods p, public.teams t
        where p.clinic_id = clinic and p.what = 'earlier_versions' and t.clinic_id = clinic and h.team_id = t.id and h.changed_at::date < current_date - p.days
          and not private.version_held(clinic, h);
      get diagnostics n = row_count;
      if n > 0 then by_table := by_table || jsonb_build_object('history', coalesce((by_table ->> 'history')::bigint, 0) + n); end if;
      delete from public.invitations i using public.retention_periods p
        where p.clinic_id = clinic and p.what = 'invitations' and i.clinic_id = clinic and i.invited_at::date < current_date - p.days;
      get diagnostics n = row_count;
      if n > 0 then by_table := by_table || jsonb_build_object('invitations', n); end if;
    end if;
    report := jsonb_build_object('kinds', report, 'tables', by_table, 'left', cases_left);
    insert into public.purge_reports (clinic_id, ran_by, report) values (clinic, (select auth.uid()), report);
    insert into public.audit_log (actor_id, action, table_name, row_id, clinic_id) values ((select auth.uid()), 'purge', 'clinics', clinic::text, clinic);
    return report;
  end $$;

-- An administrator decides on a request with its basis. Approved, it is done at once, unless a hold is in the way.
create function public.decide_erasure(request uuid, approve boolean, on_basis text) returns jsonb
  language plpgsql volatile security definer set search_path = ''
  as $$
  declare r public.erasure_requests; clinic uuid; the_case uuid; took jsonb := '{}';
  begin
    select x.* into r from public.erasure_requests x where x.id = request and x.team_id in (select private.teams_as('admin')) for update;
    if r.id is null then
      raise exception using errcode = '42501', message = 'Only the administrator of the team can decide on this.';
    elsif r.state <> 'asked' then
      raise exception using errcode = 'SX409', message = 'This was decided in the meantime.';
    elsif char_length(btrim(coalesce(on_basis, ''))) < 10 then
      raise exception using errcode = 'SX007', message = 'Please name the basis of the decision in 10 characters or more.';
    end if;
    if approve then
      select t.clinic_id into clinic from public.teams t where t.id = r.team_id;
      if private.held(clinic, r.therapist_id, r.code) then
        raise exception using errcode = 'SX008', message = 'A hold is in the way. Lift it first, or refuse the request with the hold as its basis.';
      end if;
      if r.code is null then
        took := private.erase_reflections(r.therapist_id, array[r.team_id], '9999-12-31');
        insert into public.audit_log (actor_id, action, table_name, row_id, team_id, subject_id)
          values ((select auth.uid()), 'erase', 'reflections', r.therapist_id::text, r.team_id, r.therapist_id);
      else
        select c.id into the_case from public.cases c where c.therapist_id = r.therapist_id and c.team_id = r.team_id and c.code = r.code;
        if the_case is null then
          raise exception using errcode = 'SX400', message = 'There is no case with this code of this therapist in the team. Refuse the request with that as its basis.';
        end if;
        took := private.erase_case(r.therapist_id, the_case);
        insert into public.audit_log (actor_id, action, table_name, row_id, team_id, subject_id)
          values ((select auth.uid()), 'erase', 'cases', the_case::text, r.team_id, r.therapist_id);
      end if;
    end if;
    update public.erasure_requests set state = case when approve then 'approved' else 'refused' end::public.erasure_state, basis = on_basis, why = '',
        decided_by = (select auth.uid()), decided_at = now(), code = case when approve then null else code end, gone = took
      where id = request;
    return took;
  end $$;

alter table public.retention_periods enable row level security;
alter table public.legal_holds enable row level security;
alter table public.purge_reports enable row level security;
alter table public.erasure_requests enable row level security;
call private.keep_audit('public.retention_periods');
call private.keep_audit('public.legal_holds');
call private.keep_audit('public.erasure_requests');

revoke all on public.retention_periods, public.legal_holds, public.purge_reports, public.erasure_requests from anon, authenticated;
revoke all on public.purge_reports from service_role;
revoke all on all sequences in schema public from anon, authenticated, service_role;
revoke all on function private.case_ends(), private.held(uuid, uuid, text), private.version_held(uuid, public.history), private.erase_case(uuid, uuid), private.erase_reflections(uuid, uuid[], date),
  private.due_for_purge(uuid), public.purge_preview(uuid), public.purge(uuid), public.decide_erasure(uuid, boolean, text) from public, anon, authenticated;
grant select on public.retention_periods, public.legal_holds, public.purge_reports, public.erasure_requests to authenticated;
grant insert (clinic_id, what, days), update (days), delete on public.retention_periods to authenticated;
grant insert (clinic_id, code, therapist_id, reason, set_by), update (lifted_at) on public.legal_holds to authenticated;
grant insert (team_id, therapist_id, code, asked_by, why) on public.erasure_requests to authenticated;
grant all on public.retention_periods, public.legal_holds, public.erasure_requests to service_role;
grant select on public.purge_reports to service_role;
grant execute on function public.purge_preview(uuid), public.purge(uuid), public.decide_erasure(uuid, boolean, text) to authenticated, service_role;

create policy "members read how long their clinic keeps what" on public.retention_periods for select to authenticated
  using (clinic_id = any (array(select private.clinics_as('therapist', 'supervisor', 'lead', 'admin'))));
create policy "administrators set periods of their clinic" on public.retention_periods for insert to authenticated
  with check (clinic_id = any (array(select private.clinics_as('admin'))));
create policy "administrators change periods of their clinic" on public.retention_periods for update to authenticated
  using (clinic_id = any (array(select private.clinics_as('admin'))));
create policy "administrators end periods of their clinic" on public.retention_periods for delete to authenticated
  using (clinic_id = any (array(select private.clinics_as('admin'))));

create policy "administrators read holds of their clinic" on public.legal_holds for select to authenticated
  using (clinic_id = any (array(select private.clinics_as('admin'))));
create policy "administrators set holds in their clinic" on public.legal_holds for insert to authenticated
  with check (clinic_id = any (array(select private.clinics_as('admin'))) and set_by = (select auth.uid()));
create policy "administrators lift holds of their clinic" on public.legal_holds for update to authenticated
  using (clinic_id = any (array(select private.clinics_as('admin'))));

create policy "administrators read what was purged in their clinic" on public.purge_reports for select to authenticated
  using (clinic_id = any (array(select private.clinics_as('admin'))));

create policy "therapists read requests about their entries, administrators their team's" on public.erasure_requests for select to authenticated
  using ((therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))
    or team_id = any (array(select private.teams_as('admin'))));
create policy "therapists ask about their own entries, administrators in their team" on public.erasure_requests for insert to authenticated
  with check (asked_by = (select auth.uid()) and ((therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))
    or team_id = any (array(select private.teams_as('admin')))));
