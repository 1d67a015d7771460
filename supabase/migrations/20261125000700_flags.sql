-- Flags: the indicators R1–R11, computed here and nowhere else. One definition for therapist, supervisor and lead.
-- They are brought up to date when they are read: cases with new entries at once, all cases once a day.

create type public.flag_rule as enum ('R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9', 'R10', 'R11');
create type public.flag_severity as enum ('unknown', 'watch', 'review', 'escalate');
create type public.action_state as enum ('open', 'done', 'dropped');
create type public.helped as enum ('yes', 'a_little', 'no', 'too_early');
create type public.step_back_decision as enum ('adjust_plan', 'change_course', 'consult', 'refer', 'go_on');

alter table public.team_settings
  add column sessions_watch smallint not null default 4 check (sessions_watch between 1 and 60),                 -- R1
  add column sessions_review smallint not null default 6 check (sessions_review between 1 and 80),
  add column sessions_escalate smallint not null default 9 check (sessions_escalate between 1 and 100),
  add column plateau_scores smallint not null default 6 check (plateau_scores between 3 and 20),                 -- R3
  add column alliance_points smallint not null default 4 check (alliance_points between 3 and 20),               -- R4: check-ins there must be
  add column no_shows_of_four smallint not null default 2 check (no_shows_of_four between 1 and 4),              -- R6
  add column undone_of_four smallint not null default 3 check (undone_of_four between 1 and 4),                  -- R7
  add column high_weeks_of_four smallint not null default 3 check (high_weeks_of_four between 2 and 4),          -- R8
  add column discuss_days smallint not null default 28 check (discuss_days between 7 and 365),                   -- R9
  add column formulation_days smallint not null default 90 check (formulation_days between 14 and 730),          -- R11
  add column formulation_gaps smallint not null default 3 check (formulation_gaps between 1 and 9),
  add constraint sessions_rise check (sessions_watch <= sessions_review and sessions_review <= sessions_escalate);

-- What is to be done about a case: agreed in supervision, in a step back, or assigned. Its words are not for the lead.
create table public.actions (
  created_by uuid not null references public.people (id),
  id uuid not null,
  team_id uuid not null references public.teams (id),
  therapist_id uuid references public.people (id),                          -- whose case; null: a matter of the team
  case_id uuid,
  owner_id uuid not null references public.people (id),                     -- who does it
  what text not null check (char_length(what) between 1 and 500),
  due_on date check (due_on between '2000-01-01' and '2100-01-01'),
  state public.action_state not null default 'open',
  done_on date,
  helped public.helped,
  version int not null default 1 check (version >= 1),
  created_on date not null default current_date,
  created_at timestamptz not null default now(),
  primary key (created_by, id),
  unique (created_by, id, team_id),
  constraint a_case_has_its_therapist check ((case_id is null) = (therapist_id is null)),
  constraint done_has_a_day check ((state = 'open') = (done_on is null)),
  foreign key (therapist_id, case_id, team_id) references public.cases (therapist_id, id, team_id) on update cascade
);
create index on public.actions (team_id, state);
create index on public.actions (owner_id, state);
create index on public.actions (therapist_id, case_id, team_id);

-- A step back from a case that stands still (S15), and the decision it ended in.
create table public.step_backs (
  done_by uuid not null references public.people (id),
  id uuid not null,
  team_id uuid not null references public.teams (id),
  therapist_id uuid not null references public.people (id),
  case_id uuid not null,
  decision public.step_back_decision not null,
  look_again_on date check (look_again_on between '2000-01-01' and '2100-01-01'),
  done_on date not null default current_date check (done_on >= '2000-01-01'),
  seen text not null default '' check (char_length(seen) <= 2000),          -- what the two of them see now; for therapist and supervisor
  let_go text not null default '' check (char_length(let_go) <= 1000),      -- expectations to let go of (S16)
  created_at timestamptz not null default now(),
  primary key (done_by, id),
  constraint going_on_names_a_day check (decision <> 'go_on' or look_again_on is not null),
  foreign key (therapist_id, case_id, team_id) references public.cases (therapist_id, id, team_id) on update cascade
);
create index on public.step_backs (team_id);
create index on public.step_backs (therapist_id, case_id, team_id);

-- One row per spell: from when the rule became true until it no longer was. Written by refresh_flags alone.
create table public.flags (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null references public.teams (id),
  therapist_id uuid not null,
  case_id uuid not null,
  rule public.flag_rule not null,
  about text not null default '',                                           -- the measure of R1–R3, the cause of R8
  rule_version smallint not null default 1,
  severity public.flag_severity not null,
  numbers jsonb not null,                                                   -- what the rule compared; never a raw score or a word
  n int not null,                                                           -- entries it looked at
  window_from date,
  window_to date,
  since date not null,                                                      -- when, by the entries, the rule became true
  first_seen date not null,
  cleared_on date check (cleared_on >= first_seen),
  spell int not null default 1,                                             -- 2: it has come back once
  unique (id, therapist_id, case_id, team_id),
  foreign key (therapist_id, case_id, team_id) references public.cases (therapist_id, id, team_id) on update cascade on delete cascade
);
create unique index one_open_spell on public.flags (therapist_id, case_id, rule, about) where cleared_on is null;
create index on public.flags (therapist_id, case_id, team_id);
create index on public.flags (team_id, cleared_on);

-- Append-only notes of which cases have new entries. No key: a mark must never wait for, or vanish with, another's.
create table private.stale_cases (
  id bigint generated always as identity primary key,
  team_id uuid not null,
  case_id uuid
);
create index on private.stale_cases (team_id, case_id);

create table private.flags_computed (
  team_id uuid primary key references public.teams (id),
  on_day date                                                               -- null: all of it anew
);

create table private.flag_weeks (                                           -- in which ISO weeks they were: the others are gaps, not zero
  team_id uuid not null references public.teams (id),
  week date not null,
  primary key (team_id, week)
);

-- Days on which a case was talked about in supervision (R9).
create view private.discussed with (security_invoker = true) as
  select therapist_id, case_id, used_at::date as on_day from public.prompt_uses where case_id is not null
  union all
  select therapist_id, case_id, done_on from public.step_backs;

-- Days of all that was entered about a case (R10).
create view private.entered with (security_invoker = true) as
  select therapist_id, case_id, held_on as on_day from public.sessions
  union all select therapist_id, case_id, happened_on from public.episodes
  union all select therapist_id, case_id, on_day from public.scores
  union all select therapist_id, case_id, on_day from public.check_ins
  union all select therapist_id, case_id, noticed_on from public.ruptures
  union all select r.therapist_id, r.case_id, s.taken_on from public.repair_steps s
    join public.ruptures r on r.therapist_id = s.therapist_id and r.id = s.rupture_id
  union all select therapist_id, case_id, set_on from public.goals
  union all select t.therapist_id, t.case_id, k.on_day from public.task_checks k
    join public.tasks t on t.therapist_id = k.therapist_id and t.id = k.task_id
  union all select therapist_id, case_id, given_on from public.tasks
  union all select therapist_id, case_id, written_on from public.formulation_entries
  union all select therapist_id, case_id, reviewed_on from public.plan_reviews;

-- A threshold as its measure means it: a published whole number counts from equality on, a computed one must be exceeded.
create function private.reaches(change numeric, threshold numeric, basis public.threshold_basis) returns boolean
  language sql immutable parallel safe set search_path = ''
  as $$ select case basis when 'published' then change >= threshold when 'computed' then change > threshold end $$;

-- The flags of a team's active cases as they stand today under these settings; of `only` those cases when named.
-- Scores are turned so that a lower one is always better.
create function private.flags_of(of_team uuid, s public.team_settings, only_cases uuid[] default null)
  returns table (therapist_id uuid, case_id uuid, rule public.flag_rule, about text, severity public.flag_severity, numbers jsonb, n int,
    window_from date, window_to date, since date)
  language sql stable set search_path = ''
  as $$
    with c as materialized (
      select k.therapist_id, k.id, k.started_on from public.cases k
      where k.team_id = of_team and k.state = 'active' and (only_cases is null or k.id = any (only_cases))
    ),
    measure as materialized (                             -- a clinic's own measure stands in for the shipped one of that name
      select m.id, m.slug, e.direction, e.reliable_change as rc, e.reliable_basis as basis,
        case e.direction when 'higher_is_better' then -e.cut_off else e.cut_off end as cut_off, e.cut_off_basis
      from public.measures m
      join lateral (select x.* from public.measures x where x.slug = m.slug and x.active
          and (x.clinic_id is null or x.clinic_id = (select t.clinic_id from public.teams t where t.id = of_team))
        order by x.clinic_id nulls last limit 1) e on true
      where e.reliable_change is not null
    ),
    score as materialized (
      select c.therapist_id, c.id as case_id, m.slug, m.rc, m.basis, m.cut_off, m.cut_off_basis, x.on_day,
        case m.direction when 'higher_is_better' then -x.value else x.value end as v,
        row_number() over (partition by c.therapist_id, c.id, m.slug order by x.on_day desc) as nth
      from c join public.scores x on x.therapist_id = c.therapist_id and x.case_id = c.id
      join measure m on m.id = x.measure_id
    ),
    course as materialized (
      select x.therapist_id, x.case_id, x.slug, x.rc, x.basis, x.cut_off, x.cut_off_basis, count(*)::int as n, min(x.on_day) as first_day, max(x.on_day) as last_day,
        (array_agg(x.v order by x.on_day))[1] as first_v, (array_agg(x.v order by x.nth))[1] as last_v, min(x.v) as best_v,
        max(x.v) filter (where x.nth <= s.plateau_scores) - min(x.v) filter (where x.nth <= s.plateau_scores) as spread,
        min(x.v) filter (where x.nth <= s.plateau_scores) as mildest, min(x.on_day) filter (where x.nth <= s.plateau_scores) as plateau_from
      from score x group by 1, 2, 3, 4, 5, 6, 7
    ),
    r1 as (
      select k.*, a.attended, a.since from course k
      cross join lateral (
        select count(*)::int as attended, (array_agg(z.held_on order by z.held_on, z.number))[s.sessions_watch] as since
        from public.sessions z
        where z.therapist_id = k.therapist_id and z.case_id = k.case_id and z.attendance = 'attended' and z.held_on >= k.first_day) a
      where k.n >= 2 and not private.reaches(k.first_v - k.last_v, k.rc, k.basis) and a.attended >= s.sessions_watch
    ),
    r2 as (
      select k.*, private.reaches(k.last_v - k.first_v, k.rc, k.basis) as than_first from course k
      where k.n >= 2 and (private.reaches(k.last_v - k.first_v, k.rc, k.basis) or private.reaches(k.last_v - k.best_v, k.rc, k.basis))
    ),
    r3 as (
      select k.* from course k
      where k.n >= s.plateau_scores and not private.reaches(k.spread, k.rc, k.basis) and private.reaches(k.mildest, k.cut_off, k.cut_off_basis)
    ),
    answer as materialized (                              -- of the whole team: the spread of a team is needed for each of its cases
      select i.therapist_id, i.case_id, i.on_day, (i.goals + i.way_of_working + i.relationship)::numeric as total,
        row_number() over (partition by i.therapist_id, i.case_id order by i.on_day desc, i.created_at desc, i.id desc) as nth
      from public.check_ins i where i.team_id = of_team and num_nonnulls(i.goals, i.way_of_working, i.relationship) = 3
    ),
    before as (                                           -- all but the latest, and where the fall to the latest began: after the last rise
      select a.therapist_id, a.case_id, count(*)::int as n, stddev_samp(a.total) as sd, var_samp(a.total) * (count(*) - 1) as squares
      from answer a where a.nth > 1 group by 1, 2
    ),
    team_spread as (select sqrt(sum(b.squares) / nullif(sum(b.n - 1), 0)) as sd from before b where b.n >= 2),
    began as (
      select a.therapist_id, a.case_id, coalesce(min(a.nth) filter (where a.rose), max(a.nth)) as nth
      from (select x.*, x.total > lead(x.total) over (partition by x.therapist_id, x.case_id order by x.nth) as rose from answer x) a group by 1, 2
    ),
    r4 as (
      select l.therapist_id, l.case_id, l.on_day, top.on_day as from_day, b.n + 1 as n, top.total - l.total as fell, greatest(b.sd, t.sd) as sd
      from answer l join before b using (therapist_id, case_id) join began g using (therapist_id, case_id)
      join answer top on top.therapist_id = l.therapist_id and top.case_id = l.case_id and top.nth = g.nth
      cross join team_spread t
      join c on c.therapist_id = l.therapist_id and c.id = l.case_id
      where l.nth = 1 and b.n + 1 >= s.alliance_points and greatest(b.sd, t.sd) > 0 and top.total - l.total > greatest(b.sd, t.sd)
    ),
    r5 as (
      select c.therapist_id, c.id as case_id, count(*)::int as ruptures, max(private.today() - w.last_step) as days, min(w.last_step) as oldest
      from c join public.ruptures r on r.therapist_id = c.therapist_id and r.case_id = c.id and r.closed_on is null
      cross join lateral (select coalesce(max(x.taken_on), r.noticed_on) as last_step from public.repair_steps x
        where x.therapist_id = r.therapist_id and x.rupture_id = r.id) w
      where private.today() - w.last_step > s.rupture_open_days group by 1, 2
    ),
    booked as (
      select c.therapist_id, c.id as case_id, b.* from c
      cross join lateral (select z.held_on, z.number, z.attendance from public.sessions z
        where z.therapist_id = c.therapist_id and z.case_id = c.id and z.attendance in ('attended', 'no_show')
        order by z.held_on desc, z.number desc, z.id desc limit 4) b
    ),
    r6 as (
      select b.therapist_id, b.case_id, count(*)::int as n, count(*) filter (where b.attendance = 'no_show')::int as missed,
        coalesce(bool_or(b.attendance = 'no_show' and b.number < 3), false) as early, min(b.held_on) as from_day, max(b.held_on) as to_day,
        max(b.held_on) filter (where b.attendance = 'no_show') as since
      from booked b group by 1, 2
    ),
    looked_at as (
      select c.therapist_id, c.id as case_id, b.* from c
      cross join lateral (select k.on_day, k.done, t.proposed_by from public.tasks t
        join public.task_checks k on k.therapist_id = t.therapist_id and k.task_id = t.id
        where t.therapist_id = c.therapist_id and t.case_id = c.id order by k.on_day desc, k.created_at desc, k.id desc limit 4) b
    ),
    r7 as (
      select l.therapist_id, l.case_id, count(*)::int as n, count(*) filter (where l.done in ('none', 'a_little'))::int as undone,
        count(*) filter (where l.proposed_by = 'client')::int as by_client, count(*) filter (where l.proposed_by = 'together')::int as by_both,
        count(*) filter (where l.proposed_by = 'therapist')::int as by_therapist, min(l.on_day) as from_day, max(l.on_day) as to_day
      from looked_at l group by 1, 2
    ),
    rated as (
      select e.therapist_id, e.case_id, g.cause, private.week_of(g.on_day) as week, max(g.rating) as highest,
        row_number() over (partition by e.therapist_id, e.case_id, g.cause order by private.week_of(g.on_day) desc) as nth
      from c join public.episodes e on e.therapist_id = c.therapist_id and e.case_id = c.id
      join public.ratings g on g.therapist_id = e.therapist_id and g.episode_id = e.id and g.rating is not null
      group by 1, 2, 3, 4
    ),
    r8 as (
      select r.therapist_id, r.case_id, r.cause, count(*)::int as n, count(*) filter (where r.highest >= 3)::int as high, min(r.week) as from_week, max(r.week) as to_week
      from rated r where r.nth <= 4
        and not exists (select from public.actions a where a.therapist_id = r.therapist_id and a.case_id = r.case_id and a.state = 'open')
      group by 1, 2, 3 having count(*) filter (where r.highest >= 3) >= s.high_weeks_of_four
    ),
    r9 as (
      select c.therapist_id, c.id as case_id, d.last_day, greatest(coalesce(d.last_day, c.started_on), c.started_on) as from_day
      from c cross join lateral (select max(x.on_day) as last_day from private.discussed x where x.therapist_id = c.therapist_id and x.case_id = c.id) d
      where private.today() - greatest(coalesce(d.last_day, c.started_on), c.started_on) > s.discuss_days
    ),
    r10 as (
      select c.therapist_id, c.id as case_id, coalesce(d.last_day, c.started_on) as last_day, d.n
      from c cross join lateral (select max(x.on_day) as last_day, count(*)::int as n from private.entered x where x.therapist_id = c.therapist_id and x.case_id = c.id) d
      where private.today() - coalesce(d.last_day, c.started_on) > s.silence_days
    ),
    up (therapist_id, case_id, rule, about, severity, numbers, n, window_from, window_to, since) as (
      select x.therapist_id, x.case_id, 'R1'::public.flag_rule, x.slug,
        case when x.attended >= s.sessions_escalate then 'escalate' when x.attended >= s.sessions_review then 'review' else 'watch' end::public.flag_severity,
        jsonb_build_object('sessions', x.attended, 'improved', x.first_v - x.last_v, 'needed', x.rc, 'basis', x.basis), x.n, x.first_day, x.last_day, x.since
      from r1 x
      union all
      select x.therapist_id, x.case_id, 'R2', x.slug, case when x.than_first then 'escalate' else 'review' end::public.flag_severity,
        jsonb_build_object('worse_than_first', x.last_v - x.first_v, 'worse_than_best', x.last_v - x.best_v, 'needed', x.rc, 'basis', x.basis),
        x.n, x.first_day, x.last_day, x.last_day
      from r2 x
      union all
      select x.therapist_id, x.case_id, 'R3', x.slug, 'review', jsonb_build_object('scores', s.plateau_scores, 'spread', x.spread, 'needed', x.rc, 'basis', x.basis),
        x.n, x.plateau_from, x.last_day, x.last_day
      from r3 x
      union all
      select x.therapist_id, x.case_id, 'R4', '', case when x.fell > 2 * x.sd then 'review' else 'watch' end::public.flag_severity,
        jsonb_build_object('fell', x.fell, 'sd', round(x.sd, 1)), x.n, x.from_day, x.on_day, x.on_day
      from r4 x
      union all
      select x.therapist_id, x.case_id, 'R5', '', case when x.days > 2 * s.rupture_open_days then 'escalate' else 'review' end::public.flag_severity,
        jsonb_build_object('ruptures', x.ruptures, 'days', x.days, 'allowed', s.rupture_open_days), x.ruptures, x.oldest, private.today(),
        x.oldest + s.rupture_open_days + 1
      from r5 x
      union all
      select x.therapist_id, x.case_id, 'R6', '', case when x.missed >= s.no_shows_of_four then 'review' else 'watch' end::public.flag_severity,
        jsonb_build_object('missed', x.missed, 'booked', x.n, 'early', x.early), x.n, x.from_day, x.to_day, x.since
      from r6 x where x.missed >= s.no_shows_of_four or x.early
      union all
      select x.therapist_id, x.case_id, 'R7', '', 'watch',
        jsonb_build_object('undone', x.undone, 'looked_at', x.n, 'client', x.by_client, 'together', x.by_both, 'therapist', x.by_therapist),
        x.n, x.from_day, x.to_day, x.to_day
      from r7 x where x.undone >= s.undone_of_four
      union all
      select x.therapist_id, x.case_id, 'R8', x.cause::text, 'review', jsonb_build_object('cause', x.cause, 'high', x.high, 'weeks', x.n), x.n, x.from_week, x.to_week, x.to_week
      from r8 x
      union all
      select x.therapist_id, x.case_id, 'R9', '', 'watch', jsonb_build_object('days', private.today() - x.from_day, 'allowed', s.discuss_days, 'ever', x.last_day is not null),
        (x.last_day is not null)::int, x.from_day, private.today(), x.from_day + s.discuss_days + 1
      from r9 x
      union all
      select x.therapist_id, x.case_id, 'R10', '', 'unknown', jsonb_build_object('days', private.today() - x.last_day, 'allowed', s.silence_days), x.n, x.last_day, private.today(),
        x.last_day + s.silence_days + 1
      from r10 x
    ),
    gaps as (
      select u.therapist_id, u.case_id, count(*) filter (where f.written_on is null)::int as missing,
        count(*) filter (where f.written_on is not null)::int as old, min(u.since) as since
      from (select p.therapist_id, p.case_id, min(p.since) as since from up p where p.rule not in ('R9', 'R10') group by 1, 2) u
      cross join unnest(array['core_problems', 'development', 'wants', 'expects', 'self_with_others', 'core_beliefs', 'recurring_themes', 'interventions',
        'self_sabotage']::public.formulation_field[]) as wanted (field)
      left join lateral (select e.written_on, e.emptied from public.formulation_entries e
        where e.therapist_id = u.therapist_id and e.case_id = u.case_id and e.field = wanted.field order by e.version desc limit 1) l on true
      cross join lateral (select case when not l.emptied then l.written_on end as written_on) f
      where f.written_on is null or private.today() - f.written_on > s.formulation_days
      group by 1, 2
    )
    select * from up
    union all
    select g.therapist_id, g.case_id, 'R11', '', 'watch', jsonb_build_object('missing', g.missing, 'old', g.old, 'days', s.formulation_days), 9 - g.missing, null,
      private.today(), g.since
    from gaps g where g.missing + g.old >= s.formulation_gaps
  $$;

-- Bring a team's flags up to date, `at_once` cases at most, those that have waited longest first; answers how many wait still, so that no
-- reader waits for thousands. A spell ends when its rule no longer holds; when it holds again, a new spell begins.
create function private.refresh_flags(team uuid, at_once int default 500) returns int
  language plpgsql security definer set search_path = ''
  as $$
  declare done_on date; only_cases uuid[]; s public.team_settings;
  begin
    perform pg_advisory_xact_lock(hashtextextended('sixfold.flags ' || team, 0));
    insert into public.team_settings (team_id) values (team) on conflict do nothing;      -- a team that has set nothing has the defaults
    select * into s from public.team_settings x where x.team_id = team;
    select f.on_day into done_on from private.flags_computed f where f.team_id = team;
    if done_on is distinct from private.today() then
      insert into private.stale_cases (team_id) values (team);
      insert into private.flags_computed (team_id, on_day) values (team, private.today()) on conflict (team_id) do update set on_day = excluded.on_day;
    end if;
    -- A mark on the whole team becomes one for each case that is worked on or has a flag up.
    delete from private.stale_cases x where x.team_id = team and x.case_id is null;
    if found then
      insert into private.stale_cases (team_id, case_id)
        select team, c.id from public.cases c where c.team_id = team and c.state = 'active'
        union select team, f.case_id from public.flags f where f.team_id = team and f.cleared_on is null;
    end if;
    only_cases := array(select x.case_id from private.stale_cases x where x.team_id = team group by x.case_id order by min(x.id) limit greatest(at_once, 1));
    if cardinality(only_cases) = 0 then
      return 0;
    end if;
    -- Before the entries are read: a mark that comes from now on is of an entry that may not have been.
    delete from private.stale_cases x where x.team_id = team and x.case_id = any (only_cases);

    with now_up as materialized (select * from private.flags_of(team, s, only_cases)),
    ended as (
      update public.flags f set cleared_on = greatest(private.today(), f.first_seen)
      where f.team_id = team and f.cleared_on is null and f.case_id = any (only_cases) and not exists (
        select from now_up u where u.therapist_id = f.therapist_id and u.case_id = f.case_id and u.rule = f.rule and u.about = f.about)
    ),
    changed as (
      update public.flags f set severity = u.severity, numbers = u.numbers, n = u.n, window_from = u.window_from, window_to = u.window_to
      from now_up u
      where f.team_id = team and f.cleared_on is null and u.therapist_id = f.therapist_id and u.case_id = f.case_id and u.rule = f.rule and u.about = f.about
        and (f.severity, f.numbers, f.n, f.window_from, f.window_to) is distinct from (u.severity, u.numbers, u.n, u.window_from, u.window_to)
    )
    insert into public.flags (team_id, therapist_id, case_id, rule, about, severity, numbers, n, window_from, window_to, since, first_seen, spell)
    select team, u.therapist_id, u.case_id, u.rule, u.about, u.severity, u.numbers, u.n, u.window_from, u.window_to, least(u.since, private.today()), private.today(),
      1 + (select count(*) from public.flags o where o.therapist_id = u.therapist_id and o.case_id = u.case_id and o.rule = u.rule and o.about = u.about)
    from now_up u
    where not exists (select from public.flags o where o.team_id = team and o.cleared_on is null and o.therapist_id = u.therapist_id and o.case_id = u.case_id
      and o.rule = u.rule and o.about = u.about);

    insert into private.flag_weeks (team_id, week) values (team, private.week_of(private.today())) on conflict do nothing;
    return (select count(distinct x.case_id) from private.stale_cases x where x.team_id = team);
  end $$;

-- What a statement touched makes flags stale: of the cases it is about, or of the whole team.
create function private.mark_stale() returns trigger
  language plpgsql security definer set search_path = ''
  as $$
  begin
    case tg_argv[0]
      when 'case' then insert into private.stale_cases (team_id, case_id) select distinct t.team_id, (to_jsonb(t) ->> 'case_id')::uuid from touched t
        where to_jsonb(t) ->> 'case_id' is not null;
      when 'itself' then insert into private.stale_cases (team_id, case_id) select distinct t.team_id, (to_jsonb(t) ->> 'id')::uuid from touched t;
      when 'rupture' then insert into private.stale_cases (team_id, case_id) select distinct t.team_id, r.case_id from touched t
        join public.ruptures r on r.therapist_id = t.therapist_id and r.id = (to_jsonb(t) ->> 'rupture_id')::uuid;
      when 'task' then insert into private.stale_cases (team_id, case_id) select distinct t.team_id, r.case_id from touched t
        join public.tasks r on r.therapist_id = t.therapist_id and r.id = (to_jsonb(t) ->> 'task_id')::uuid;
      when 'episode' then insert into private.stale_cases (team_id, case_id) select distinct t.team_id, r.case_id from touched t
        join public.episodes r on r.therapist_id = t.therapist_id and r.id = (to_jsonb(t) ->> 'episode_id')::uuid;
      when 'team' then insert into private.stale_cases (team_id) select distinct t.team_id from touched t;
      when 'everybody' then insert into private.stale_cases (team_id) select x.id from public.teams x;
    end case;
    return null;
  end $$;

do $$
declare what record;
begin
  for what in select * from (values
      ('cases', 'itself'), ('sessions', 'case'), ('episodes', 'case'), ('ratings', 'episode'), ('scores', 'case'), ('check_ins', 'team'), ('ruptures', 'case'),
      ('repair_steps', 'rupture'), ('goals', 'case'), ('tasks', 'case'), ('task_checks', 'task'), ('formulation_entries', 'case'), ('plan_reviews', 'case'),
      ('prompt_uses', 'case'), ('actions', 'case'), ('step_backs', 'case'), ('team_settings', 'team'), ('measures', 'everybody')) w (name, about) loop
    execute format('create trigger flags_stale_came after insert on public.%I referencing new table as touched for each statement execute function private.mark_stale(%L)', what.name, what.about);
    execute format('create trigger flags_stale_became after update on public.%I referencing new table as touched for each statement execute function private.mark_stale(%L)', what.name, what.about);
    execute format('create trigger flags_stale_went after delete on public.%I referencing old table as touched for each statement execute function private.mark_stale(%L)', what.name, what.about);
  end loop;
end $$;

-- Thresholds have a history: who changed what, when.
create table public.threshold_changes (
  id bigint generated always as identity primary key,
  team_id uuid not null references public.teams (id),
  changed_at timestamptz not null default now(),
  changed_by uuid,
  before jsonb not null,
  after jsonb not null
);
create index on public.threshold_changes (team_id, changed_at);

create function private.keep_thresholds() returns trigger
  language plpgsql security definer set search_path = ''
  as $$
  begin
    if to_jsonb(old) <> to_jsonb(new) then
      insert into public.threshold_changes (team_id, changed_by, before, after)
      values (new.team_id, (select auth.uid()), to_jsonb(old) - 'team_id', to_jsonb(new) - 'team_id');
    end if;
    return null;
  end $$;
create trigger thresholds_kept after update on public.team_settings
  for each row execute function private.keep_thresholds();

alter table public.actions enable row level security;
alter table public.step_backs enable row level security;
alter table public.flags enable row level security;
alter table public.threshold_changes enable row level security;
alter table private.stale_cases enable row level security;
alter table private.flags_computed enable row level security;
alter table private.flag_weeks enable row level security;
call private.keep_audit('public.actions');
call private.keep_audit('public.step_backs');

revoke all on public.actions, public.step_backs, public.flags, public.threshold_changes from anon, authenticated;
revoke all on public.threshold_changes from service_role;
revoke all on private.stale_cases, private.flags_computed, private.flag_weeks, private.discussed, private.entered from public, anon, authenticated;
revoke all on all sequences in schema public from anon, authenticated, service_role;
revoke all on all sequences in schema private from public, anon, authenticated;
revoke all on function private.reaches(numeric, numeric, public.threshold_basis), private.flags_of(uuid, public.team_settings, uuid[]),
  private.refresh_flags(uuid, int), private.mark_stale(), private.keep_thresholds() from public, anon, authenticated;
grant select on public.actions, public.step_backs, public.flags, public.threshold_changes to authenticated;
grant insert (created_by, id, team_id, therapist_id, case_id, owner_id, what, due_on), update (state, done_on, helped, due_on, version) on public.actions to authenticated;
grant insert (done_by, id, team_id, therapist_id, case_id, decision, look_again_on, done_on, seen, let_go) on public.step_backs to authenticated;
grant update (sessions_watch, sessions_review, sessions_escalate, plateau_scores, alliance_points, no_shows_of_four, undone_of_four, high_weeks_of_four, discuss_days,
  formulation_days, formulation_gaps) on public.team_settings to authenticated;
grant all on public.actions, public.step_backs, public.flags, private.stale_cases, private.flags_computed, private.flag_weeks to service_role;
grant select on public.threshold_changes to service_role;

create policy "owners and the case's therapist read actions, supervisors their team's" on public.actions for select to authenticated
  using (((owner_id = (select auth.uid()) or therapist_id = (select auth.uid()))
      and team_id = any (array(select private.teams_as('therapist', 'supervisor'))))
    or team_id = any (array(select private.teams_as('supervisor'))));
create policy "therapists agree actions on their own cases, supervisors in their team" on public.actions for insert to authenticated
  with check (created_by = (select auth.uid()) and (team_id = any (array(select private.teams_as('supervisor')))
    or (therapist_id = (select auth.uid()) and owner_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))));
create policy "owners say what became of their actions, supervisors of their team's" on public.actions for update to authenticated
  using ((owner_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist', 'supervisor'))))
    or team_id = any (array(select private.teams_as('supervisor'))));

create policy "therapists read step backs on their cases, supervisors their team's" on public.step_backs for select to authenticated
  using ((therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))
    or team_id = any (array(select private.teams_as('supervisor'))));
create policy "therapists step back from their own cases, supervisors in their team" on public.step_backs for insert to authenticated
  with check (done_by = (select auth.uid()) and (team_id = any (array(select private.teams_as('supervisor')))
    or (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))));

create policy "therapists read flags on their cases, supervisors and leads their team's" on public.flags for select to authenticated
  using ((therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))
    or team_id = any (array(select private.teams_as('supervisor', 'lead'))));

create policy "members read how thresholds changed" on public.threshold_changes for select to authenticated
  using (team_id = any (array(select private.teams_as('therapist', 'supervisor', 'lead', 'admin'))));

-- Where pg_cron is there, every night; elsewhere reading is enough.
do $$
begin
  if exists (select from pg_extension where extname = 'pg_cron') then
    perform cron.schedule('sixfold flags', '15 3 * * *', 'select private.refresh_flags(id, 1000000) from public.teams');
  end if;
end $$;
