-- Who saw and changed what: the log page by page, with names and case codes as far as its reader may know them; who looked at
-- which case and why, for those concerned. Taking the log out as a file is a line in it.

-- The log is read newest first, from any moment on, within a team, a clinic or about a person.
drop index public.audit_log_team_id_happened_at_idx, public.audit_log_clinic_id_happened_at_idx, public.audit_log_subject_id_happened_at_idx;
create index on public.audit_log (team_id, happened_at, id);
create index on public.audit_log (clinic_id, happened_at, id);
create index on public.audit_log (subject_id, happened_at, id);

-- Whoever reads that somebody of their clinic looked at their case reads who it was.
create function private.name_of(person uuid) returns text
  language sql stable security definer set search_path = ''
  as $$
    select p.display_name from public.people p
    where p.id = person and p.clinic_id = any (array(select private.clinics_as('therapist', 'supervisor', 'lead', 'admin')))
  $$;

-- The code of the case that a row of the log is about, read with the rights of the caller: null for whoever may not read that row.
create function private.code_of(of_table text, row_id text, subject uuid) returns text
  language plpgsql stable set search_path = ''
  as $$
  declare the_case uuid; code text;
  begin
    if row_id !~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then return null; end if;
    if of_table = 'cases' then
      the_case := row_id::uuid;
    elsif of_table = any (array['sessions', 'episodes', 'ruptures', 'goals', 'tasks', 'check_ins', 'scores', 'formulation_entries', 'strategies', 'plan_reviews',
        'questions', 'prompt_uses', 'case_transfers', 'actions', 'step_backs', 'flag_events', 'reveals']) then
      execute format('select case_id from public.%I where therapist_id = $1 and id = $2 limit 1', of_table) into the_case using subject, row_id::uuid;
    end if;
    if the_case is null then return null; end if;
    select c.code into code from public.cases c where c.therapist_id = subject and c.id = the_case;
    return code;
  end $$;

-- Rows of the log, newest first. `place`: team (of `team`), own (about the caller), clinic (what belongs to no team alone).
-- Policies say which of them are the caller's to read. `before_at` and `before_id` are those of the last row of the page before.
create function public.audit_entries(place text, team uuid default null, actor uuid default null, not_me boolean default false, kinds text[] default null,
    actions text[] default null, since timestamptz default null, until timestamptz default null, before_at timestamptz default null,
    before_id bigint default null, amount int default 26)
  returns table (id bigint, happened_at timestamptz, actor_id uuid, actor_name text, action text, table_name text, row_id text, subject_id uuid, subject_name text,
    code text)
  language plpgsql stable set search_path = ''
  as $$
  declare me uuid := (select auth.uid()); its text;
  begin
    its := case place when 'team' then 'l.team_id = $1' when 'own' then 'l.subject_id = $2 and ($1 is null or l.team_id = $1 or l.team_id is null)'
      when 'clinic' then 'l.clinic_id = any (array(select private.clinics_as(''admin'')))' end;
    if its is null or (place = 'team' and team is null) then
      raise exception using errcode = '22023', message = 'The log is read for a team, for oneself or for the clinic.';
    end if;
    return query execute format($q$
      with page as materialized (
        select l.* from public.audit_log l
        where %s and ($3 is null or l.actor_id = $3) and (not $4 or l.actor_id is distinct from $2) and ($5 is null or l.table_name = any ($5))
          and ($6 is null or l.action = any ($6)) and l.happened_at >= $7 and l.happened_at < $8 and (l.happened_at, l.id) < ($9, $10)
        order by l.happened_at desc, l.id desc limit $11
      ), names as materialized (
        select x.person, private.name_of(x.person) as name from (select p.actor_id as person from page p union select p.subject_id from page p) x where x.person is not null
      )
      select p.id, p.happened_at, p.actor_id, a.name, p.action, p.table_name, p.row_id, p.subject_id, s.name, private.code_of(p.table_name, p.row_id, p.subject_id)
      from page p left join names a on a.person = p.actor_id left join names s on s.person = p.subject_id
      order by p.happened_at desc, p.id desc $q$, its)
    using team, me, actor, coalesce(not_me, false), kinds, actions, coalesce(since, '-infinity'), coalesce(until, 'infinity'), coalesce(before_at, 'infinity'),
      coalesce(before_id, 9223372036854775807), least(greatest(coalesce(amount, 26), 1), 1000);
  end $$;

-- Said before one's own part of the log, or the clinic's, is taken out: who reads the log reads that too. For a team log_export does it.
create function public.log_audit_export(place text, team uuid default null) returns void
  language plpgsql volatile security definer set search_path = ''
  as $$
  declare me uuid := (select auth.uid()); clinic uuid;
  begin
    if place = 'clinic' then
      select c into clinic from private.clinics_as('admin') c limit 1;
    end if;
    if not coalesce((place = 'own' and team in (select private.teams_as('therapist', 'supervisor', 'lead', 'admin'))) or clinic is not null, false) then
      raise exception using errcode = '42501', message = 'This part of the log is not yours to take out.';
    end if;
    insert into public.audit_log (actor_id, action, table_name, row_id, team_id, clinic_id, subject_id)
    values (me, 'export', 'audit_log', coalesce(clinic, team)::text, case when clinic is null then team end, clinic, case when clinic is null then me end);
  end $$;

-- Said before all of one's own is taken out: a line about oneself in the log of each team one belongs to.
create function public.log_own_export() returns void
  language plpgsql volatile security definer set search_path = ''
  as $$
  declare me uuid := (select auth.uid());
  begin
    insert into public.audit_log (actor_id, action, table_name, row_id, team_id, subject_id)
    select me, 'export', 'own_data', me::text, t, me from private.teams_as('therapist', 'supervisor', 'lead', 'admin') t;
    if not found then
      raise exception using errcode = '42501', message = 'Files with all that is one''s own are for members of a team.';
    end if;
  end $$;

-- Who asked to see which case and why; `looked_at` is the first look, null as long as there was none.
create view public.reveal_list with (security_invoker = true) as
  select r.lead_id, r.id, r.team_id, r.therapist_id, r.case_id, r.reason, r.asked_at, r.ends_at, private.name_of(r.lead_id) as lead_name,
    private.name_of(r.therapist_id) as therapist_name, c.code,
    (select min(l.happened_at) from public.audit_log l where l.team_id = r.team_id and l.happened_at >= r.asked_at and l.happened_at < r.ends_at
      and l.action = 'read' and l.table_name = 'cases' and l.row_id = r.case_id::text and l.actor_id = r.lead_id) as looked_at
  from public.reveals r
  left join public.cases c on c.therapist_id = r.therapist_id and c.id = r.case_id;

revoke all on public.reveal_list from public, anon, authenticated, service_role;
revoke all on function private.name_of(uuid), private.code_of(text, text, uuid),
  public.audit_entries(text, uuid, uuid, boolean, text[], text[], timestamptz, timestamptz, timestamptz, bigint, int),
  public.log_audit_export(text, uuid), public.log_own_export() from public, anon, authenticated;
grant select on public.reveal_list to authenticated, service_role;
grant execute on function private.name_of(uuid), private.code_of(text, text, uuid),
  public.audit_entries(text, uuid, uuid, boolean, text[], text[], timestamptz, timestamptz, timestamptz, bigint, int),
  public.log_audit_export(text, uuid), public.log_own_export() to authenticated, service_role;
