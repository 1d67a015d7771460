-- Discussion prompts (data a clinic can edit), what became of them in supervision, and the short notes people attach.
-- A note belongs to its author until shared; a clinic's own prompt with the same slug replaces the shipped one.

create type public.prompt_stage as enum ('validate', 'contribution', 'protect', 'later');
create type public.prompt_verdict as enum ('used', 'helped', 'not_now');

create table public.prompts (
  id uuid primary key default gen_random_uuid(),
  clinic_id uuid references public.clinics (id),                            -- null: shipped with Sixfold
  slug text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  stage public.prompt_stage not null,
  causes smallint[] not null default '{}' check (causes <@ array[1, 2, 3, 4, 5, 6]::smallint[]),   -- empty: fits any cause
  rupture_kinds public.rupture_kind[] not null default '{}',                -- empty: fits any rupture
  trigger jsonb not null default '{}' check (jsonb_typeof(trigger) = 'object'),
  wording text not null check (char_length(wording) between 1 and 400),
  why text not null default '' check (char_length(why) <= 400),
  sentence text not null default '' check (char_length(sentence) <= 400),
  repaired_when text not null default '' check (char_length(repaired_when) <= 400),
  source text not null default '' check (char_length(source) <= 400),
  active boolean not null default true,
  position int not null default 0,
  unique nulls not distinct (clinic_id, slug)
);

create table public.prompt_uses (
  used_by uuid not null references public.people (id),
  id uuid not null,
  team_id uuid not null references public.teams (id),
  therapist_id uuid references public.people (id),                          -- whose case; null for a team theme
  case_id uuid,
  rupture_id uuid,
  episode_id uuid,
  theme_cause smallint check (theme_cause between 1 and 6),
  prompt text not null check (char_length(prompt) <= 80 and prompt ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),   -- the prompt's slug
  verdict public.prompt_verdict not null,
  used_at timestamptz not null default now(),
  primary key (used_by, id),
  check (num_nonnulls(rupture_id, episode_id, theme_cause) = 1),
  check ((theme_cause is null) = (therapist_id is not null) and (theme_cause is null) = (case_id is not null)),
  foreign key (therapist_id, case_id, team_id) references public.cases (therapist_id, id, team_id) on update cascade,
  foreign key (therapist_id, rupture_id, team_id) references public.ruptures (therapist_id, id, team_id) on update cascade,
  foreign key (therapist_id, episode_id, team_id) references public.episodes (therapist_id, id, team_id) on update cascade
);
create index on public.prompt_uses (team_id, prompt);
create index on public.prompt_uses (therapist_id, case_id, team_id);
create index on public.prompt_uses (therapist_id, rupture_id, team_id);
create index on public.prompt_uses (therapist_id, episode_id, team_id);

create table public.notes (
  author_id uuid not null references public.people (id),
  id uuid not null,
  team_id uuid not null references public.teams (id),
  therapist_id uuid references public.people (id),                          -- whose case it is about
  episode_id uuid,
  repair_step_id uuid,
  prompt_use_id uuid,
  body text not null check (char_length(body) between 1 and 1000),
  shared boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (author_id, id),
  check (num_nonnulls(episode_id, repair_step_id, prompt_use_id) = 1),
  constraint episode_notes_are_short check (episode_id is null or char_length(body) <= 300),
  constraint episode_notes_are_the_therapists check (episode_id is null or therapist_id is not distinct from author_id),
  constraint step_notes_name_the_therapist check (repair_step_id is null or therapist_id is not null),
  unique (author_id, episode_id, team_id),                                  -- one note per entry
  unique (author_id, repair_step_id, therapist_id, team_id),
  unique (author_id, prompt_use_id),
  foreign key (author_id, episode_id, team_id) references public.episodes (therapist_id, id, team_id) on update cascade,
  foreign key (author_id, repair_step_id, therapist_id, team_id)
    references public.repair_steps (recorded_by, id, therapist_id, team_id) on update cascade,
  foreign key (author_id, prompt_use_id) references public.prompt_uses (used_by, id)
);
create index on public.notes (therapist_id);
create index on public.notes (team_id);

-- A note on a prompt is about the case on which the prompt was used, and stays in that team.
create function private.note_follows_its_prompt() returns trigger
  language plpgsql security definer set search_path = ''
  as $$
  begin
    if new.prompt_use_id is not null and not exists (select from public.prompt_uses u where u.used_by = new.author_id
        and u.id = new.prompt_use_id and u.team_id = new.team_id and u.therapist_id is not distinct from new.therapist_id) then
      raise exception using errcode = '23503', message = 'The note does not fit the prompt it belongs to.';
    end if;
    return null;
  end $$;
-- After the row, so that a policy has turned strangers away before anything is looked up.
create trigger note_follows_its_prompt after insert on public.notes
  for each row execute function private.note_follows_its_prompt();

alter table public.prompts enable row level security;
alter table public.prompt_uses enable row level security;
alter table public.notes enable row level security;

revoke all on public.prompts, public.prompt_uses, public.notes from anon, authenticated;
revoke all on function private.note_follows_its_prompt() from public, anon, authenticated;
grant select on public.prompts, public.prompt_uses, public.notes to authenticated;
grant insert (clinic_id, slug, stage, causes, rupture_kinds, trigger, wording, why, sentence, repaired_when, source, active, position),
  update (stage, causes, rupture_kinds, trigger, wording, why, sentence, repaired_when, source, active, position) on public.prompts to authenticated;
grant insert (used_by, id, team_id, therapist_id, case_id, rupture_id, episode_id, theme_cause, prompt, verdict) on public.prompt_uses to authenticated;
grant insert (author_id, id, team_id, therapist_id, episode_id, repair_step_id, prompt_use_id, body, shared), update (body, shared)
  on public.notes to authenticated;
grant all on public.prompts, public.prompt_uses, public.notes to service_role;

create policy "members read shipped prompts and those of their clinic" on public.prompts for select to authenticated
  using ((clinic_id is null and (select private.is_member()))
    or clinic_id = any (array(select private.clinics_as('therapist', 'supervisor', 'lead', 'admin'))));
create policy "administrators add prompts of their clinic" on public.prompts for insert to authenticated
  with check (clinic_id = any (array(select private.clinics_as('admin'))));
create policy "administrators edit prompts of their clinic" on public.prompts for update to authenticated
  using (clinic_id = any (array(select private.clinics_as('admin'))));

create policy "supervisors read uses in their team, therapists those on their cases" on public.prompt_uses for select to authenticated
  using (team_id = any (array(select private.teams_as('supervisor')))
    or ((therapist_id = (select auth.uid()) or used_by = (select auth.uid())) and team_id = any (array(select private.teams_as('therapist')))));
create policy "supervisors mark prompts in their team, therapists on their own cases" on public.prompt_uses for insert to authenticated
  with check (used_by = (select auth.uid()) and (team_id = any (array(select private.teams_as('supervisor')))
    or (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))));

create policy "authors read their notes, supervisors and the case's therapist shared ones" on public.notes for select to authenticated
  using ((author_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist', 'supervisor'))))
    or (shared and team_id = any (array(select private.teams_as('supervisor'))))
    or (shared and therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist')))));
create policy "people write notes on their own entries" on public.notes for insert to authenticated
  with check (author_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist', 'supervisor'))));
create policy "people change their own notes" on public.notes for update to authenticated
  using (author_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist', 'supervisor'))));
