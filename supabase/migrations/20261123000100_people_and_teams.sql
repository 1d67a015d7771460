-- People and teams: who belongs where, in which role, from when to when, and the team's own thresholds.
-- Every right in Sixfold is looked up here on every request, so that ending a membership takes effect at once.

create schema if not exists private;

-- Nothing is exposed by default: each migration grants what it means to grant, by name.
alter default privileges in schema public revoke all on tables from anon, authenticated;
alter default privileges in schema public revoke all on sequences from anon, authenticated;
alter default privileges in schema public revoke all on functions from anon, authenticated;
revoke all on schema private from public, anon, authenticated;
grant usage on schema private to authenticated, service_role;   -- policies call helpers that live here; the API does not expose it

create type public.member_role as enum ('therapist', 'supervisor', 'lead', 'admin');

create table public.clinics (
  id uuid primary key default gen_random_uuid(),
  name text not null check (char_length(name) between 1 and 120)
);

create table public.teams (
  id uuid primary key default gen_random_uuid(),
  clinic_id uuid not null references public.clinics (id),
  name text not null check (char_length(name) between 1 and 120),
  unique (clinic_id, name)
);

create table public.team_settings (
  team_id uuid primary key references public.teams (id),
  safe_min_therapists smallint not null default 3 check (safe_min_therapists between 3 and 20),
  safe_min_entries smallint not null default 5 check (safe_min_entries between 5 and 50),
  week_starts_on smallint not null default 1 check (week_starts_on between 1 and 7),      -- ISO weekday a reflection can first be handed in
  rupture_open_days smallint not null default 14 check (rupture_open_days between 1 and 90),
  silence_days smallint not null default 21 check (silence_days between 7 and 120),
  frustration_high smallint not null default 3 check (frustration_high between 1 and 4)
);

create table public.people (
  id uuid primary key references auth.users (id),
  clinic_id uuid not null references public.clinics (id),
  display_name text not null check (char_length(display_name) between 1 and 80)
);
create index on public.people (clinic_id);

create table public.memberships (
  id uuid primary key default gen_random_uuid(),
  person_id uuid not null references public.people (id),
  team_id uuid not null references public.teams (id),
  role public.member_role not null,
  starts_on date not null default current_date,
  ends_on date check (ends_on >= starts_on),                -- the first day on which the role no longer holds
  unique (person_id, team_id, role, starts_on)
);
create index on public.memberships (team_id, role);

-- ISO week of a day, named by its Monday.
create function private.week_of(day date) returns date
  language sql immutable parallel safe set search_path = ''
  as $$ select day - (extract(isodow from day)::int - 1) $$;

-- Teams in which the caller holds one of these roles today.
create function private.teams_as(variadic roles public.member_role[]) returns setof uuid
  language sql stable security definer set search_path = ''
  as $$
    select team_id from public.memberships
    where person_id = (select auth.uid()) and role = any (roles)
      and starts_on <= current_date and (ends_on is null or current_date < ends_on)
  $$;

create function private.clinics_as(variadic roles public.member_role[]) returns setof uuid
  language sql stable security definer set search_path = ''
  as $$ select distinct clinic_id from public.teams where id in (select private.teams_as(variadic roles)) $$;

create function private.is_member() returns boolean
  language sql stable security definer set search_path = ''
  as $$ select exists (select from private.teams_as('therapist', 'supervisor', 'lead', 'admin')) $$;

-- People whose names the caller may read: those in teams they supervise, lead or administer.
create function private.people_i_see() returns setof uuid
  language sql stable security definer set search_path = ''
  as $$ select person_id from public.memberships where team_id in (select private.teams_as('supervisor', 'lead', 'admin')) $$;

-- Roles go to people of the team's own clinic. Asked before the foreign keys are, so that an unknown id and one from
-- elsewhere are refused alike.
create function private.same_clinic(person uuid, team uuid) returns boolean
  language sql stable security definer set search_path = ''
  as $$ select exists (select from public.people p join public.teams t on t.clinic_id = p.clinic_id where p.id = person and t.id = team) $$;

-- Who is here: the caller's name and the roles held today. Null when Sixfold does not know them yet.
create function public.me() returns jsonb
  language sql stable security definer set search_path = ''
  as $$
    select jsonb_build_object('id', p.id, 'name', p.display_name, 'clinic', c.name, 'memberships', coalesce((
        select jsonb_agg(jsonb_build_object('team', t.id, 'team_name', t.name, 'role', m.role, 'since', m.starts_on) order by t.name, m.role)
        from public.memberships m join public.teams t on t.id = m.team_id
        where m.person_id = p.id and m.starts_on <= current_date and (m.ends_on is null or current_date < m.ends_on)), '[]'))
    from public.people p join public.clinics c on c.id = p.clinic_id
    where p.id = (select auth.uid())
  $$;

alter table public.clinics enable row level security;
alter table public.teams enable row level security;
alter table public.team_settings enable row level security;
alter table public.people enable row level security;
alter table public.memberships enable row level security;

-- Grants say which verbs exist; policies say on which rows.
revoke all on all tables in schema public from anon, authenticated;
revoke all on all functions in schema public from public, anon, authenticated;
revoke all on all functions in schema private from public, anon, authenticated;
grant select on public.clinics, public.teams, public.team_settings, public.people, public.memberships to authenticated;
grant insert (team_id), update (safe_min_therapists, safe_min_entries, week_starts_on, rupture_open_days, silence_days, frustration_high)
  on public.team_settings to authenticated;
grant update (name) on public.teams to authenticated;
grant insert (person_id, team_id, role, starts_on, ends_on), update (ends_on) on public.memberships to authenticated;
grant all on public.clinics, public.teams, public.team_settings, public.people, public.memberships to service_role;
grant execute on function private.week_of(date), private.teams_as(public.member_role[]), private.clinics_as(public.member_role[]),
  private.is_member(), private.people_i_see(), private.same_clinic(uuid, uuid), public.me() to authenticated, service_role;

create policy "members read their clinic" on public.clinics for select to authenticated
  using (id = any (array(select private.clinics_as('therapist', 'supervisor', 'lead', 'admin'))));

create policy "members read their teams" on public.teams for select to authenticated
  using (id = any (array(select private.teams_as('therapist', 'supervisor', 'lead', 'admin'))));
create policy "administrators rename their teams" on public.teams for update to authenticated
  using (id = any (array(select private.teams_as('admin'))));

create policy "members read the settings of their teams" on public.team_settings for select to authenticated
  using (team_id = any (array(select private.teams_as('therapist', 'supervisor', 'lead', 'admin'))));
create policy "administrators set up the settings of their teams" on public.team_settings for insert to authenticated
  with check (team_id = any (array(select private.teams_as('admin'))));
create policy "administrators change the settings of their teams" on public.team_settings for update to authenticated
  using (team_id = any (array(select private.teams_as('admin'))));

create policy "people read themselves, and those in teams they look after" on public.people for select to authenticated
  using (id = (select auth.uid()) or id = any (array(select private.people_i_see())));

create policy "people read their own roles, and those in teams they look after" on public.memberships for select to authenticated
  using (person_id = (select auth.uid()) or team_id = any (array(select private.teams_as('supervisor', 'lead', 'admin'))));
-- An administrator gives roles to others, never to themselves: otherwise the role would open every door.
create policy "administrators give roles in their teams, not to themselves" on public.memberships for insert to authenticated
  with check (team_id = any (array(select private.teams_as('admin'))) and person_id <> (select auth.uid())
    and private.same_clinic(person_id, team_id));
create policy "administrators end roles in their teams, not their own" on public.memberships for update to authenticated
  using (team_id = any (array(select private.teams_as('admin'))) and person_id <> (select auth.uid()));
