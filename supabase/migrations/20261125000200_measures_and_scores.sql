-- Measures: a registry of what can be scored, as data. Names, ranges, thresholds and where they come from; never an item of a questionnaire.
-- Scores are facts of a case. A clinic's own measure with the same slug replaces the shipped one.

create type public.measure_direction as enum ('lower_is_better', 'higher_is_better');
create type public.threshold_basis as enum ('published', 'computed', 'none');

create table public.measures (
  id uuid primary key default gen_random_uuid(),
  clinic_id uuid references public.clinics (id),                            -- null: shipped with Sixfold
  slug text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name text not null check (char_length(name) between 1 and 80),
  about text not null default '' check (char_length(about) <= 200),         -- what it is about, in our words
  lowest numeric(6, 2) not null,
  highest numeric(6, 2) not null check (highest > lowest),
  step numeric(6, 2) not null default 1 check (step > 0),
  direction public.measure_direction not null,
  reliable_change numeric(6, 2) check (reliable_change > 0),
  reliable_basis public.threshold_basis not null default 'none',            -- published: counts from equality on; computed: must be exceeded
  cut_off numeric(6, 2),                                                    -- on the clinical side from equality on
  cut_off_basis public.threshold_basis not null default 'none',
  source text not null default '' check (char_length(source) <= 400),
  licence text not null default '' check (char_length(licence) <= 400),
  active boolean not null default true,
  position int not null default 0,
  unique nulls not distinct (clinic_id, slug),
  constraint a_reliable_change_has_a_basis check ((reliable_change is null) = (reliable_basis = 'none')),
  constraint a_cut_off_has_a_basis check ((cut_off is null) = (cut_off_basis = 'none')),
  constraint the_cut_off_lies_within check (cut_off between lowest and highest),
  constraint the_reliable_change_fits check (reliable_change < highest - lowest)
);

create table public.scores (
  therapist_id uuid not null references public.people (id),
  id uuid not null,
  team_id uuid not null references public.teams (id),
  case_id uuid not null,
  measure_id uuid not null references public.measures (id),
  on_day date not null check (on_day >= '2000-01-01'),
  value numeric(6, 2) not null,
  version int not null default 1 check (version >= 1),
  stated_at timestamptz not null default now() check (stated_at between '2000-01-01Z' and '2100-01-01Z'),
  created_at timestamptz not null default now(),
  primary key (therapist_id, id),
  unique (therapist_id, case_id, measure_id, on_day),                       -- one score a day, so that the same file twice changes nothing
  foreign key (therapist_id, case_id, team_id) references public.cases (therapist_id, id, team_id) on update cascade
);
create index on public.scores (therapist_id, case_id, team_id);
create index on public.scores (team_id, on_day);
create index on public.scores (measure_id);

create trigger not_in_the_future before insert or update on public.scores
  for each row execute function private.not_in_the_future('on_day');

-- A score lies within its measure's range, and the measure is shipped or of the team's own clinic. One that goes to a new therapist
-- with its case lay within the range when it was entered, whatever an administrator has made of the range since.
create function private.fits_its_measure() returns trigger
  language plpgsql security definer set search_path = ''
  as $$
  declare m public.measures;
  begin
    select x.* into m from public.measures x where x.id = new.measure_id
      and (x.clinic_id is null or x.clinic_id = (select t.clinic_id from public.teams t where t.id = new.team_id));
    if m.id is null then
      raise exception using errcode = '23503', message = 'This measure is not there.';
    elsif new.value not between m.lowest and m.highest and current_setting('sixfold.handing_over', true) is distinct from 'yes' then
      raise exception using errcode = 'SX005', message = 'The score lies outside the range of its measure. Please check the number and the measure.';
    end if;
    return null;
  end $$;
-- After the row, so that a policy has turned strangers away before anything is looked up; and by its name before the foreign key, so that
-- another clinic's measure and one that is not there are refused alike.
create trigger "0_fits_its_measure" after insert or update on public.scores
  for each row execute function private.fits_its_measure();

-- What a team calls a measure: by its clinic's own name for it, or the shipped one.
create function private.measure_name(of_slug text, of_team uuid) returns text
  language sql stable set search_path = ''
  as $$
    select m.name from public.measures m
    where m.slug = of_slug and (m.clinic_id is null or m.clinic_id = (select t.clinic_id from public.teams t where t.id = of_team))
    order by m.clinic_id nulls last limit 1
  $$;

alter table public.measures enable row level security;
call private.keep_audit('public.measures');
call private.facts_of_a_case('public.scores', 'scores');
call private.facts_that_change('public.scores', 'scores');

revoke all on public.measures from anon, authenticated;
revoke all on function private.fits_its_measure(), private.measure_name(text, uuid) from public, anon, authenticated;
grant execute on function private.measure_name(text, uuid) to authenticated, service_role;
grant select on public.measures to authenticated;
grant insert (clinic_id, slug, name, about, lowest, highest, step, direction, reliable_change, reliable_basis, cut_off, cut_off_basis, source, licence,
    active, position),
  update (name, about, lowest, highest, step, direction, reliable_change, reliable_basis, cut_off, cut_off_basis, source, licence, active, position)
  on public.measures to authenticated;
grant all on public.measures to service_role;
grant insert (therapist_id, id, team_id, case_id, measure_id, on_day, value, stated_at), update (value, version) on public.scores to authenticated;

create policy "members read shipped measures and those of their clinic" on public.measures for select to authenticated
  using ((clinic_id is null and (select private.is_member()))
    or clinic_id = any (array(select private.clinics_as('therapist', 'supervisor', 'lead', 'admin'))));
create policy "administrators add measures of their clinic" on public.measures for insert to authenticated
  with check (clinic_id = any (array(select private.clinics_as('admin'))));
create policy "administrators edit measures of their clinic" on public.measures for update to authenticated
  using (clinic_id = any (array(select private.clinics_as('admin'))));

-- Shipped: what is free to use by its score, and scales of our own. Thresholds as published; where none is, none is claimed.
insert into public.measures (id, slug, name, about, lowest, highest, direction, reliable_change, reliable_basis, cut_off, cut_off_basis, source, licence, position)
values
  ('5c0e0000-0000-4000-8000-000000000001', 'phq-9', 'PHQ-9', 'How much depression got in the way over two weeks', 0, 27, 'lower_is_better', 6, 'published', 10, 'published',
   'Cut-off 10: Kroenke, Spitzer & Williams 2001. Reliable change 6: NHS Talking Therapies manual.', 'Free to use; the items are not part of Sixfold.', 10),
  ('5c0e0000-0000-4000-8000-000000000002', 'gad-7', 'GAD-7', 'How much anxiety got in the way over two weeks', 0, 21, 'lower_is_better', 4, 'published', 8, 'published',
   'Cut-off 8 and reliable change 4: NHS Talking Therapies manual.', 'Free to use; the items are not part of Sixfold.', 20),
  ('5c0e0000-0000-4000-8000-000000000003', 'core-10', 'CORE-10', 'General distress over one week', 0, 40, 'lower_is_better', 6, 'published', 11, 'published',
   'Barkham et al. 2013, doi 10.1080/14733145.2012.729069.', 'CC BY-NC-ND: use the official form; the items are not part of Sixfold.', 30),
  ('5c0e0000-0000-4000-8000-000000000004', 'own-week', 'How the week went', 'One question of our own to the client, 0–10', 0, 10, 'higher_is_better', null, 'none', null, 'none',
   'Sixfold’s own; not validated, so it has no thresholds.', 'Apache-2.0, as Sixfold.', 40),
  ('5c0e0000-0000-4000-8000-000000000005', 'own-problem', 'How much the main problem got in the way', 'One question of our own to the client, 0–10', 0, 10, 'lower_is_better',
   null, 'none', null, 'none', 'Sixfold’s own; not validated, so it has no thresholds.', 'Apache-2.0, as Sixfold.', 50);
