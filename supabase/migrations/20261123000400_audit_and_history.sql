-- Audit: who did what to which row, and when; never what it said. Append-only: written by triggers, changed by nobody.
-- History: what an entry said before it was changed; read by its author alone.

create table public.audit_log (
  id bigint generated always as identity primary key,
  happened_at timestamptz not null default now(),
  actor_id uuid,                                                            -- null: a command of the operator, not a person
  action text not null check (action in ('insert', 'update', 'delete', 'read')),
  table_name text not null,
  row_id text not null,
  clinic_id uuid,                                                           -- for what belongs to a clinic, not to a team
  team_id uuid,
  subject_id uuid                                                           -- the therapist or member the row is about
);
create index on public.audit_log (team_id, happened_at);
create index on public.audit_log (clinic_id, happened_at);
create index on public.audit_log (subject_id, happened_at);

create table public.history (
  id bigint generated always as identity primary key,
  owner_id uuid not null,
  team_id uuid not null,
  table_name text not null,
  row_id text not null,
  before jsonb not null,
  changed_at timestamptz not null default now(),
  changed_by uuid
);
create index on public.history (owner_id, table_name, row_id);
create index on public.history (team_id);

-- A part is logged under its reflection: which part it was would tell that someone wrote what they did not bring.
create function private.row_id(r jsonb) returns text
  language sql immutable parallel safe set search_path = ''
  as $$ select coalesce(r ->> 'id', r ->> 'reflection_id', r ->> 'team_id') $$;

create function private.audit() returns trigger
  language plpgsql security definer set search_path = ''
  as $$
  begin
    insert into public.audit_log (actor_id, action, table_name, row_id, clinic_id, team_id, subject_id)
    select (select auth.uid()), lower(tg_op), tg_table_name, private.row_id(r.j),
      case tg_table_name when 'clinics' then r.j ->> 'id' else r.j ->> 'clinic_id' end::uuid,
      case tg_table_name when 'teams' then r.j ->> 'id' else r.j ->> 'team_id' end::uuid,
      case tg_table_name when 'people' then r.j ->> 'id' else coalesce(r.j ->> 'therapist_id', r.j ->> 'person_id') end::uuid
    from (select to_jsonb(t) as j from touched t) r;
    return null;
  end $$;

create function private.remember() returns trigger
  language plpgsql security definer set search_path = ''
  as $$
  begin
    insert into public.history (owner_id, team_id, table_name, row_id, before, changed_by)
    select coalesce(r.j ->> 'author_id', r.j ->> 'therapist_id')::uuid, (r.j ->> 'team_id')::uuid, tg_table_name, private.row_id(r.j), r.j,
      (select auth.uid())
    from (select to_jsonb(t) as j from touched t) r;
    return null;
  end $$;

-- Emptying a table at once would pass by the log, the history and the rollups.
create function private.not_at_once() returns trigger
  language plpgsql set search_path = ''
  as $$ begin raise exception using errcode = 'SX003', message = 'This table is not emptied at once: delete rows, so that each is recorded.'; end $$;

create procedure private.keep_audit(of regclass)
  language plpgsql set search_path = ''
  as $$
  begin
    execute format('create trigger audit_insert after insert on %s referencing new table as touched for each statement execute function private.audit()', of);
    execute format('create trigger audit_update after update on %s referencing new table as touched for each statement execute function private.audit()', of);
    execute format('create trigger audit_delete after delete on %s referencing old table as touched for each statement execute function private.audit()', of);
    execute format('create trigger never_emptied before truncate on %s for each statement execute function private.not_at_once()', of);
  end $$;

create procedure private.keep_history(of regclass)
  language plpgsql set search_path = ''
  as $$
  begin
    execute format('create trigger history_update after update on %s referencing old table as touched for each statement execute function private.remember()', of);
    execute format('create trigger history_delete after delete on %s referencing old table as touched for each statement execute function private.remember()', of);
  end $$;

do $$
declare t text;
begin
  foreach t in array array['clinics', 'teams', 'team_settings', 'people', 'memberships', 'cases', 'episodes', 'reflections', 'reflection_parts', 'ratings',
      'ruptures', 'repair_steps', 'prompts', 'prompt_uses', 'notes'] loop
    call private.keep_audit(format('public.%I', t)::regclass);
  end loop;
  foreach t in array array['cases', 'episodes', 'reflections', 'reflection_parts', 'ratings', 'ruptures', 'notes'] loop
    call private.keep_history(format('public.%I', t)::regclass);
  end loop;
end $$;

-- Not even an operator's mistake rewrites the log.
create function private.append_only() returns trigger
  language plpgsql set search_path = ''
  as $$ begin raise exception using errcode = 'SX003', message = 'The audit log is only ever added to.'; end $$;
create trigger append_only before update or delete on public.audit_log
  for each statement execute function private.append_only();
create trigger never_emptied before truncate on public.audit_log
  for each statement execute function private.append_only();

alter table public.audit_log enable row level security;
alter table public.history enable row level security;

revoke all on public.audit_log, public.history from anon, authenticated, service_role;
revoke all on all sequences in schema public from anon, authenticated, service_role;
revoke all on function private.row_id(jsonb), private.audit(), private.remember(), private.append_only(), private.not_at_once() from public, anon, authenticated;
revoke all on procedure private.keep_audit(regclass), private.keep_history(regclass) from public, anon, authenticated;
grant select on public.audit_log, public.history to authenticated, service_role;

create policy "people read accesses to their own data, supervisors, leads and administrators their team's" on public.audit_log
  for select to authenticated
  using ((subject_id = (select auth.uid()) and (select private.is_member()))
    or team_id = any (array(select private.teams_as('supervisor', 'lead', 'admin')))
    or clinic_id = any (array(select private.clinics_as('admin'))));
create policy "authors read what their entries said before" on public.history for select to authenticated
  using (owner_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist', 'supervisor'))));
