-- An erasure keeps how much went, by table, beside its decision; a purge goes in steps that end within a request.
-- One step takes at most 5 cases, the longest kept first, and says how many are left; what remains of the kinds goes with the last step.

alter table public.erasure_requests add column gone jsonb not null default '{}';   -- counts by table, never what was in them

create or replace function public.decide_erasure(request uuid, approve boolean, on_basis text) returns jsonb
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

create or replace function public.purge(clinic uuid) returns jsonb
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
          and not private.held(clinic, h.owner_id, null);
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
