-- Invitations: an administrator names an e-mail address, a team and a role; whoever signs in with that confirmed address has it.
-- Nobody needs the secret key for it. An account without an invitation or a role sees nothing.

create table public.invitations (
  id uuid primary key default gen_random_uuid(),
  clinic_id uuid not null references public.clinics (id),
  team_id uuid not null references public.teams (id),
  email text not null check (email = lower(email) and email ~ '^[^@\s]{1,64}@[^@\s]{1,190}$'),
  display_name text not null check (char_length(display_name) between 1 and 80),
  role public.member_role not null,
  starts_on date not null default current_date check (starts_on between '2000-01-01' and '2100-01-01'),
  ends_on date check (ends_on >= starts_on and ends_on <= '2100-01-01'),
  invited_by uuid not null references public.people (id),
  invited_at timestamptz not null default now(),
  accepted_by uuid references public.people (id),
  accepted_at timestamptz,
  withdrawn_at timestamptz,
  constraint accepted_by_somebody check ((accepted_by is null) = (accepted_at is null))
);
create unique index one_open_invitation on public.invitations (team_id, email, role) where accepted_at is null and withdrawn_at is null;
create index on public.invitations (team_id);
create index on public.invitations (clinic_id);
create index on public.invitations (email);
create index on public.invitations (invited_by);
create index on public.invitations (accepted_by);

-- A team of the clinic that the invitation names.
create function private.team_of_clinic(team uuid, clinic uuid) returns boolean
  language sql stable security definer set search_path = ''
  as $$ select exists (select from public.teams t where t.id = team and t.clinic_id = clinic) $$;

-- Take up what was offered to the caller's confirmed address in the last 30 days. Answers how many roles came of it.
-- Nobody takes up their own invitation, and a person belongs to one clinic.
create function public.accept_invitations() returns int
  language plpgsql volatile security definer set search_path = ''
  as $$
  declare me uuid := (select auth.uid()); mail text; offer public.invitations; came int := 0;
  begin
    select lower(u.email) into mail from auth.users u where u.id = me and u.email_confirmed_at is not null;
    if mail is null then return 0; end if;
    for offer in select i.* from public.invitations i where i.email = mail and i.accepted_at is null and i.withdrawn_at is null
        and i.invited_at > now() - interval '30 days' and i.invited_by <> me order by i.invited_at for update loop
      insert into public.people (id, clinic_id, display_name) values (me, offer.clinic_id, offer.display_name) on conflict (id) do nothing;
      continue when not exists (select from public.people p where p.id = me and p.clinic_id = offer.clinic_id);
      insert into public.memberships (person_id, team_id, role, starts_on, ends_on) values (me, offer.team_id, offer.role, offer.starts_on, offer.ends_on)
        on conflict (person_id, team_id, role, starts_on) do nothing;
      update public.invitations set accepted_by = me, accepted_at = now() where id = offer.id;
      came := came + 1;
    end loop;
    return came;
  end $$;

-- Hosted projects can ask this before an account is made ("before user created" hook): only invited addresses get one.
create function private.only_invited(event jsonb) returns jsonb
  language plpgsql stable security definer set search_path = ''
  as $$
  begin
    if exists (select from public.invitations i where i.email = lower(event #>> '{user,email}') and i.accepted_at is null and i.withdrawn_at is null
        and i.invited_at > now() - interval '30 days') then
      return '{}';
    end if;
    return '{"error": {"http_code": 403, "message": "Ask the administrator of your service for an invitation."}}';
  end $$;

alter table public.invitations enable row level security;
call private.keep_audit('public.invitations');

revoke all on public.invitations from anon, authenticated;
revoke all on function private.team_of_clinic(uuid, uuid), public.accept_invitations(), private.only_invited(jsonb) from public, anon, authenticated;
grant select on public.invitations to authenticated;
grant insert (clinic_id, team_id, email, display_name, role, starts_on, ends_on, invited_by), update (withdrawn_at) on public.invitations to authenticated;
grant all on public.invitations to service_role;
grant execute on function private.team_of_clinic(uuid, uuid), public.accept_invitations() to authenticated, service_role;

create policy "administrators read the invitations to their teams" on public.invitations for select to authenticated
  using (team_id = any (array(select private.teams_as('admin'))));
create policy "administrators invite to their teams" on public.invitations for insert to authenticated
  with check (team_id = any (array(select private.teams_as('admin'))) and invited_by = (select auth.uid()) and private.team_of_clinic(team_id, clinic_id));
create policy "administrators withdraw invitations to their teams" on public.invitations for update to authenticated
  using (team_id = any (array(select private.teams_as('admin'))));

do $$
begin
  if exists (select from pg_roles where rolname = 'supabase_auth_admin') then
    grant usage on schema private to supabase_auth_admin;
    grant execute on function private.only_invited(jsonb) to supabase_auth_admin;
  end if;
end $$;

-- An administrator gives new teams to the clinic, and is their first administrator.
create function public.found_team(clinic uuid, called text) returns uuid
  language plpgsql volatile security definer set search_path = ''
  as $$
  declare team uuid;
  begin
    if not exists (select from private.clinics_as('admin') c where c = clinic) then
      raise exception using errcode = '42501', message = 'Only an administrator of the clinic can found a team.';
    end if;
    insert into public.teams (clinic_id, name) values (clinic, btrim(called)) returning id into team;
    insert into public.team_settings (team_id) values (team) on conflict do nothing;
    insert into public.memberships (person_id, team_id, role) values ((select auth.uid()), team, 'admin');
    return team;
  end $$;
revoke all on function public.found_team(uuid, text) from public, anon, authenticated;
grant execute on function public.found_team(uuid, text) to authenticated, service_role;
