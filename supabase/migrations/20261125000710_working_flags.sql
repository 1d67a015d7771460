-- Working on flags: who took note, who is on it, until when it rests, how it ended. History is only added to, and what one
-- person puts aside stays in everybody else's view. The lead's list, and detail for the lead after a reason, for an hour.

create type public.flag_work as enum ('acknowledged', 'assigned', 'snoozed', 'resolved', 'noted');
create type public.flag_outcome as enum ('discussed', 'plan_adjusted', 'repaired', 'consulted', 'referred', 'entries_made', 'as_expected', 'therapy_ended');

create table public.flag_events (
  actor_id uuid not null references public.people (id),
  id uuid not null,
  team_id uuid not null references public.teams (id),
  therapist_id uuid not null,
  case_id uuid not null,
  flag_id uuid not null,
  kind public.flag_work not null,
  note text not null default '' check (char_length(note) <= 500),           -- read by therapist, supervisors and lead alike
  assignee_id uuid references public.people (id),
  due_on date check (due_on between '2000-01-01' and '2100-01-01'),
  until_on date check (until_on between '2000-01-01' and '2100-01-01'),
  outcome public.flag_outcome,
  happened_at timestamptz not null default now(),
  primary key (actor_id, id),
  constraint assigned_names_somebody check ((kind = 'assigned') = (assignee_id is not null)),
  constraint snoozed_has_a_reason_and_an_end check (kind <> 'snoozed' or (until_on is not null and char_length(btrim(note)) >= 10)),
  constraint only_snoozed_has_an_end check (kind = 'snoozed' or until_on is null),
  constraint resolved_has_an_outcome check ((kind = 'resolved') = (outcome is not null)),
  constraint only_assigned_is_due check (kind = 'assigned' or due_on is null),
  foreign key (flag_id, therapist_id, case_id, team_id) references public.flags (id, therapist_id, case_id, team_id) on update cascade on delete cascade
);
create index on public.flag_events (flag_id, therapist_id, case_id, team_id);
create index on public.flag_events (team_id, kind);
create index on public.flag_events (assignee_id);
create index on public.flag_events (therapist_id, case_id);

create table public.reveals (
  lead_id uuid not null references public.people (id),
  id uuid not null default gen_random_uuid(),
  team_id uuid not null references public.teams (id),
  therapist_id uuid not null,
  case_id uuid not null,
  reason text not null check (char_length(btrim(reason)) between 30 and 500),
  asked_at timestamptz not null default now(),
  ends_at timestamptz not null default now() + interval '60 minutes',
  primary key (lead_id, id),
  foreign key (therapist_id, case_id, team_id) references public.cases (therapist_id, id, team_id) on update cascade on delete cascade
);
create index on public.reveals (therapist_id, case_id, team_id);
create index on public.reveals (team_id);

-- Whoever is asked to see to a flag belongs to its team today; a snooze ends in the days to come.
create function private.fits_the_flag() returns trigger
  language plpgsql security definer set search_path = ''
  as $$
  begin
    if new.assignee_id is not null and not exists (select from public.memberships m where m.person_id = new.assignee_id and m.team_id = new.team_id
        and m.role in ('therapist', 'supervisor') and m.starts_on <= current_date and (m.ends_on is null or current_date < m.ends_on)
        and (m.role = 'supervisor' or m.person_id = new.therapist_id)) then
      raise exception using errcode = 'SX400', message = 'A flag is given to the therapist of the case or to a supervisor of the team.';
    elsif new.until_on is not null and new.until_on not between current_date and current_date + 190 then
      raise exception using errcode = 'SX400', message = 'A flag can rest for half a year at most, and not into the past.';
    end if;
    return null;
  end $$;
create trigger fits_the_flag after insert on public.flag_events
  for each row execute function private.fits_the_flag();

-- An action is done by somebody of the team: the therapist of the case, or a supervisor.
create function private.fits_its_team() returns trigger
  language plpgsql security definer set search_path = ''
  as $$
  begin
    if not exists (select from public.memberships m where m.person_id = new.owner_id and m.team_id = new.team_id and m.role in ('therapist', 'supervisor')
        and m.starts_on <= current_date and (m.ends_on is null or current_date < m.ends_on)) then
      raise exception using errcode = 'SX400', message = 'An action is done by a therapist or supervisor of the team.';
    end if;
    return null;
  end $$;
create trigger fits_its_team after insert on public.actions
  for each row execute function private.fits_its_team();

-- Points that order the list, added up in the open. An aid to the eye: no risk score, and never shown as a measure of anyone.
create function private.points(rule public.flag_rule, severity public.flag_severity) returns int
  language sql immutable parallel safe set search_path = ''
  as $$
    select case rule
      when 'R1' then case severity when 'escalate' then 4 when 'review' then 3 else 1 end
      when 'R2' then case severity when 'escalate' then 5 else 4 end
      when 'R3' then 2
      when 'R4' then case severity when 'review' then 3 else 1 end
      when 'R5' then case severity when 'escalate' then 5 else 4 end
      when 'R6' then case severity when 'review' then 3 else 2 end
      when 'R8' then 2 when 'R9' then 2 else 1 end
  $$;

-- What a flag is about, as people call it: the name of the measure of R1–R3; the number of the cause of R8 stays.
create function private.flag_about(rule public.flag_rule, about text, of_team uuid) returns text
  language sql stable set search_path = ''
  as $$ select case when rule in ('R1', 'R2', 'R3') then coalesce(private.measure_name(about, of_team), about) else about end $$;

-- Cases with flags up, for those who lead or supervise these teams: by points, then the longest first.
-- `show`: to_do (neither put aside nor resting in the caller's own view), assigned (to the caller, and not given on), resting, all.
-- `rules` choose cases that have one of them up; points and severity are of all that is up. `standing` counts before any filter.
create function public.monitor(teams uuid[], rules text[] default null, show text default 'to_do', code_part text default null, first int default 0,
    amount int default 25, at_least text default null, least_days int default 0) returns jsonb
  language plpgsql volatile security definer set search_path = ''
  as $$
  declare me uuid := (select auth.uid()); day date := private.today(); mine uuid[]; team uuid; behind int := 0; answer jsonb;
  begin
    mine := array(select t from private.teams_as('lead', 'supervisor') t where t = any (teams) order by t);
    if cardinality(mine) = 0 then
      raise exception using errcode = '42501', message = 'This list is for clinical leads and supervisors of the team.';
    end if;
    foreach team in array mine loop behind := behind + private.refresh_flags(team, greatest(50, 500 / cardinality(mine))); end loop;

    with worth as materialized (select r.rule, s.severity, private.points(r.rule, s.severity) as points
      from unnest(enum_range(null::public.flag_rule)) r (rule) cross join unnest(enum_range(null::public.flag_severity)) s (severity)
    ), said as materialized (select distinct on (e.flag_id) e.flag_id, e.kind, e.until_on from public.flag_events e
      where e.actor_id = me and e.team_id = any (mine) and e.kind in ('acknowledged', 'snoozed', 'resolved') order by e.flag_id, e.happened_at desc, e.id desc
    ), given as materialized (select distinct on (e.flag_id) e.flag_id, e.assignee_id, e.due_on from public.flag_events e
      where e.team_id = any (mine) and e.kind = 'assigned' order by e.flag_id, e.happened_at desc, e.id desc
    ), of_case as materialized (
      select f.team_id, f.therapist_id, f.case_id, sum(w.points)::int as points, min(f.since) as since, max(f.severity) as severity,
        bool_or(f.rule = 'R9') as undiscussed, bool_or(rules is null or f.rule::text = any (rules)) as wanted,
        bool_or((o.kind is null or (o.kind = 'snoozed' and o.until_on <= day)) and (rules is null or f.rule::text = any (rules))) as to_do,
        bool_or(o.kind = 'snoozed' and o.until_on > day and (rules is null or f.rule::text = any (rules))) as resting,
        bool_or(g.assignee_id = me and (rules is null or f.rule::text = any (rules))) as assigned
      from public.flags f
      join worth w on w.rule = f.rule and w.severity = f.severity
      left join said o on o.flag_id = f.id
      left join given g on g.flag_id = f.id
      where f.team_id = any (mine) and f.cleared_on is null
      group by 1, 2, 3
    ), chosen as materialized (
      select o.*, c.code from of_case o
      join public.cases c on c.therapist_id = o.therapist_id and c.id = o.case_id
      where o.wanted and case show when 'to_do' then o.to_do when 'assigned' then o.assigned when 'resting' then o.resting else true end
        and (at_least is null or o.severity >= at_least::public.flag_severity) and day - o.since >= coalesce(least_days, 0)
        and (coalesce(code_part, '') = '' or position(upper(code_part) in c.code) > 0)
    ), page as materialized (
      select * from chosen order by points desc, since, code, therapist_id limit least(greatest(amount, 1), 200) offset greatest(first, 0)
    ), up as materialized (
      select f.*, w.points, o.kind as my_kind, o.until_on as my_until, g.assignee_id, g.due_on
      from page p
      join public.flags f on f.therapist_id = p.therapist_id and f.case_id = p.case_id and f.team_id = p.team_id and f.cleared_on is null
      join worth w on w.rule = f.rule and w.severity = f.severity
      left join said o on o.flag_id = f.id
      left join given g on g.flag_id = f.id
    )
    select jsonb_build_object('total', (select count(*) from chosen), 'behind', behind,
      'standing', (select jsonb_build_object('cases', count(*), 'teams', count(distinct o.team_id), 'first', count(*) filter (where o.severity = 'escalate'),
        'undiscussed', count(*) filter (where o.undiscussed)) from of_case o),
      'cases', coalesce(jsonb_agg(to_jsonb(x) order by x.points desc, x.since, x.code, x.therapist_id), '[]'))
    into answer from (
      select p.team_id, t.name as team_name, p.therapist_id, n.display_name as therapist, p.case_id, p.code, p.points, p.since, p.severity,
        (select max(d.on_day) from private.discussed d where d.therapist_id = p.therapist_id and d.case_id = p.case_id) as discussed_on,
        (select jsonb_agg(jsonb_build_object('id', u.id, 'rule', u.rule, 'about', private.flag_about(u.rule, u.about, u.team_id), 'version', u.rule_version, 'severity', u.severity, 'numbers', u.numbers,
            'n', u.n, 'window_from', u.window_from, 'window_to', u.window_to, 'since', u.since, 'first_seen', u.first_seen, 'spell', u.spell, 'points', u.points,
            'my_kind', u.my_kind, 'my_until', u.my_until) order by u.points desc, u.rule, u.about)
          from up u where u.therapist_id = p.therapist_id and u.case_id = p.case_id) as flags,
        (select jsonb_agg(jsonb_build_object('age', day - a.created_on, 'due_on', a.due_on, 'owner', w.display_name) order by a.created_on)
          from public.actions a left join public.people w on w.id = a.owner_id
          where a.therapist_id = p.therapist_id and a.case_id = p.case_id and a.state = 'open') as actions,
        (select jsonb_agg(distinct jsonb_build_object('to', w.display_name, 'due_on', u.due_on)) from up u
          join public.people w on w.id = u.assignee_id where u.therapist_id = p.therapist_id and u.case_id = p.case_id) as assigned
      from page p join public.teams t on t.id = p.team_id join public.people n on n.id = p.therapist_id
    ) x;
    return answer;
  end $$;

-- A therapist's own flags, as lead and supervisor see them too.
create function public.my_flags(team uuid) returns setof public.flags
  language plpgsql volatile security definer set search_path = ''
  as $$
  begin
    if not exists (select from private.teams_as('therapist') t where t = team) then
      raise exception using errcode = '42501', message = 'These are for therapists of the team.';
    end if;
    perform private.refresh_flags(team);
    return query select named.* from public.flags f,
        lateral jsonb_populate_record(f, jsonb_build_object('about', private.flag_about(f.rule, f.about, f.team_id))) named
      where f.team_id = team and f.therapist_id = (select auth.uid()) and f.cleared_on is null
      order by f.case_id, f.rule, f.about;
  end $$;

-- How many cases stood still at the end of each ISO week, and how long spells took until they were discussed, acted on and cleared.
-- {"computed": [week], "weeks": [{week, rule, cases}], rule "any" being R1, R2, R3, R5 or R8; a week not in computed is not known,
-- "spells": [{rule, step, days, over, n}]}: over = false is a spell that has not got there yet.
create function public.stagnation(teams uuid[], since_week date) returns jsonb
  language plpgsql volatile security definer set search_path = ''
  as $$
  declare mine uuid[]; team uuid; answer jsonb;
  begin
    mine := array(select t from private.teams_as('lead', 'supervisor') t where t = any (teams));
    if cardinality(mine) = 0 then
      raise exception using errcode = '42501', message = 'This is for clinical leads and supervisors of the team.';
    end if;
    foreach team in array mine loop perform private.refresh_flags(team); end loop;

    with spell as materialized (
      select f.rule, f.therapist_id, f.case_id, f.since, f.cleared_on,
        (select min(d.on_day) from private.discussed d where d.therapist_id = f.therapist_id and d.case_id = f.case_id and d.on_day >= f.since
          and (f.cleared_on is null or d.on_day <= f.cleared_on)) as discussed_on,
        (select min(x.day) from (
            select a.created_on as day from public.actions a where a.therapist_id = f.therapist_id and a.case_id = f.case_id
            union all select v.reviewed_on from public.plan_reviews v where v.therapist_id = f.therapist_id and v.case_id = f.case_id) x
          where x.day >= f.since and (f.cleared_on is null or x.day <= f.cleared_on)) as acted_on
      from public.flags f where f.team_id = any (mine) and coalesce(f.cleared_on, private.today()) >= since_week
    ), steps as (
      select s.rule, x.step, greatest(coalesce(x.day, s.cleared_on, private.today()) - s.since, 0) as days, x.day is not null as over
      from spell s cross join lateral (values ('discussed', s.discussed_on), ('acted', s.acted_on), ('cleared', s.cleared_on)) x (step, day)
    )
    select jsonb_build_object(
      'computed', coalesce((select jsonb_agg(w.week order by w.week) from (select x.week from private.flag_weeks x
        where x.team_id = any (mine) and x.week >= private.week_of(since_week) group by x.week having count(*) = cardinality(mine)) w), '[]'),
      'weeks', coalesce((select jsonb_agg(to_jsonb(w) order by w.week, w.rule) from (
        select m.week::date as week, r.rule, count(distinct (s.therapist_id, s.case_id))::int as cases
        from generate_series(private.week_of(since_week), private.week_of(private.today()), '7 days') m (week)
        join spell s on s.since <= least(m.week::date + 6, private.today()) and (s.cleared_on is null or s.cleared_on > least(m.week::date + 6, private.today()))
        cross join lateral (select s.rule::text union all select 'any' where s.rule in ('R1', 'R2', 'R3', 'R5', 'R8')) r (rule)
        group by 1, 2) w), '[]'),
      'spells', coalesce((select jsonb_agg(to_jsonb(g) order by g.rule, g.step, g.days, g.over) from (
        select t.rule, t.step, t.days, t.over, count(*)::int as n from steps t group by 1, 2, 3, 4) g), '[]'))
    into answer;
    return answer;
  end $$;

-- What other thresholds would do to today's flags: for each rule how many would stay, come and go. Counts only.
create function public.preview_thresholds(team uuid, changes jsonb)
  returns table (rule public.flag_rule, stay int, come int, go int)
  language plpgsql volatile security definer set search_path = ''
  as $$
  declare s public.team_settings;
  begin
    if not exists (select from private.teams_as('admin') t where t = team) then
      raise exception using errcode = '42501', message = 'Only the administrator of this team can try other settings.';
    end if;
    perform private.refresh_flags(team);
    select * into s from public.team_settings x where x.team_id = team;
    s := jsonb_populate_record(s, changes - 'team_id');
    return query
      with then_up as (select f.therapist_id, f.case_id, f.rule, f.about from private.flags_of(team, s) f),
      now_up as (select f.therapist_id, f.case_id, f.rule, f.about from public.flags f where f.team_id = team and f.cleared_on is null)
      select coalesce(t.rule, n.rule), count(*) filter (where t.rule is not null and n.rule is not null)::int, count(*) filter (where n.rule is null)::int,
        count(*) filter (where t.rule is null)::int
      from then_up t full join now_up n using (therapist_id, case_id, rule, about) group by 1 order by 1;
  end $$;

-- A lead gives a reason and may then see the facts of one flagged case for an hour. Its therapist and supervisors are told.
create function public.ask_to_see(therapist uuid, case_id uuid, why text) returns timestamptz
  language plpgsql volatile security definer set search_path = ''
  as $$
  declare of_team uuid; until_then timestamptz;
  begin
    select f.team_id into of_team from public.flags f where f.therapist_id = ask_to_see.therapist and f.case_id = ask_to_see.case_id and f.cleared_on is null
      and f.team_id in (select private.teams_as('lead')) limit 1;
    if of_team is null then
      raise exception using errcode = '42501', message = 'Detail is there for the clinical lead of the team, and only while a flag is up on the case.';
    elsif char_length(btrim(coalesce(why, ''))) < 30 then
      raise exception using errcode = 'SX007', message = 'Please give the reason in 30 characters or more.';
    end if;
    insert into public.reveals (lead_id, team_id, therapist_id, case_id, reason) values ((select auth.uid()), of_team, therapist, ask_to_see.case_id, why)
      returning ends_at into until_then;
    return until_then;
  end $$;

-- Facts only: never a text, a reflection, a guess, or where the first blame went. Every look is in the log, once a minute.
create function public.see_case(therapist uuid, case_id uuid) returns jsonb
  language plpgsql volatile security definer set search_path = ''
  as $$
  declare c public.cases; answer jsonb;
  begin
    select x.* into c from public.cases x where x.therapist_id = therapist and x.id = see_case.case_id and x.team_id in (select private.teams_as('lead'))
      and exists (select from public.reveals r where r.lead_id = (select auth.uid()) and r.therapist_id = x.therapist_id and r.case_id = x.id
        and now() >= r.asked_at and now() < r.ends_at);
    if c.id is null then
      raise exception using errcode = '42501', message = 'Give a reason first: detail is there for 60 minutes after it.';
    end if;
    -- A page that runs again within a minute goes on with the same look; each reason has one of its own at least.
    insert into public.audit_log (actor_id, action, table_name, row_id, team_id, subject_id)
      select (select auth.uid()), 'read', 'cases', c.id::text, c.team_id, c.therapist_id
      where not exists (select from public.audit_log l where l.team_id = c.team_id and l.happened_at > now() - interval '1 minute'
        and l.happened_at >= (select max(r.asked_at) from public.reveals r where r.lead_id = (select auth.uid()) and r.therapist_id = c.therapist_id and r.case_id = c.id)
        and l.action = 'read' and l.table_name = 'cases' and l.row_id = c.id::text and l.subject_id = c.therapist_id and l.actor_id = (select auth.uid()));
    select jsonb_build_object('code', c.code, 'state', c.state, 'started_on', c.started_on, 'control_sensitivity', c.control_sensitivity,
      'until', (select max(r.ends_at) from public.reveals r where r.lead_id = (select auth.uid()) and r.therapist_id = c.therapist_id and r.case_id = c.id),
      'sessions', coalesce((select jsonb_agg(jsonb_build_object('number', s.number, 'on', s.held_on, 'attendance', s.attendance, 'mode', s.mode) order by s.held_on, s.number)
        from public.sessions s where s.therapist_id = c.therapist_id and s.case_id = c.id), '[]'),
      'scores', coalesce((select jsonb_agg(jsonb_build_object('measure', m.slug, 'on', s.on_day, 'value', s.value) order by m.slug, s.on_day)
        from public.scores s join public.measures m on m.id = s.measure_id where s.therapist_id = c.therapist_id and s.case_id = c.id), '[]'),
      'check_ins', coalesce((select jsonb_agg(jsonb_build_object('on', i.on_day, 'goals', i.goals, 'way_of_working', i.way_of_working, 'relationship', i.relationship) order by i.on_day)
        from public.check_ins i where i.therapist_id = c.therapist_id and i.case_id = c.id), '[]'),
      'episodes', coalesce((select jsonb_agg(jsonb_build_object('on', e.happened_on, 'kind', e.kind, 'intensity', e.intensity, 'next_move', e.next_move, 'named', e.named,
          'ratings', (select jsonb_object_agg(g.cause, g.rating) from public.ratings g where g.therapist_id = e.therapist_id and g.episode_id = e.id)) order by e.happened_on)
        from public.episodes e where e.therapist_id = c.therapist_id and e.case_id = c.id), '[]'),
      'ruptures', coalesce((select jsonb_agg(jsonb_build_object('kind', r.kind, 'noticed_on', r.noticed_on, 'closed_on', r.closed_on, 'outcome', r.outcome,
          'steps', (select jsonb_agg(jsonb_build_object('on', x.taken_on, 'stage', x.stage) order by x.taken_on) from public.repair_steps x
            where x.therapist_id = r.therapist_id and x.rupture_id = r.id)) order by r.noticed_on)
        from public.ruptures r where r.therapist_id = c.therapist_id and r.case_id = c.id), '[]'),
      'goals', coalesce((select jsonb_agg(jsonb_build_object('set_by', g.set_by, 'importance', g.importance, 'state', g.state, 'set_on', g.set_on) order by g.set_on)
        from public.goals g where g.therapist_id = c.therapist_id and g.case_id = c.id), '[]'),
      'tasks', coalesce((select jsonb_agg(jsonb_build_object('proposed_by', t.proposed_by, 'on', k.on_day, 'done', k.done) order by k.on_day)
        from public.tasks t join public.task_checks k on k.therapist_id = t.therapist_id and k.task_id = t.id where t.therapist_id = c.therapist_id and t.case_id = c.id), '[]'),
      'formulation', coalesce((select jsonb_object_agg(f.field, f.written_on) from (select distinct on (x.field) x.field, x.written_on from public.formulation_entries x
        where x.therapist_id = c.therapist_id and x.case_id = c.id order by x.field, x.version desc) f), '{}'),
      'reviews', coalesce((select jsonb_agg(jsonb_build_object('on', v.reviewed_on, 'next', v.next_review_on) order by v.reviewed_on)
        from public.plan_reviews v where v.therapist_id = c.therapist_id and v.case_id = c.id), '[]'),
      'step_backs', coalesce((select jsonb_agg(jsonb_build_object('on', b.done_on, 'decision', b.decision, 'look_again_on', b.look_again_on) order by b.done_on)
        from public.step_backs b where b.therapist_id = c.therapist_id and b.case_id = c.id), '[]'))
    into answer;
    return answer;
  end $$;

create view public.flag_event_list with (security_invoker = true) as
  select e.actor_id, a.display_name as actor, e.id, e.team_id, e.therapist_id, e.case_id, e.flag_id, f.rule,
    private.flag_about(f.rule, f.about, f.team_id) as about, e.kind, e.note, e.assignee_id,
    w.display_name as assignee, e.due_on, e.until_on, e.outcome, e.happened_at, f.cleared_on
  from public.flag_events e
  join public.flags f on f.id = e.flag_id
  left join public.people a on a.id = e.actor_id
  left join public.people w on w.id = e.assignee_id;

create view public.action_list with (security_invoker = true) as
  select a.created_by, a.id, a.team_id, a.therapist_id, a.case_id, c.code, a.owner_id, o.display_name as owner, a.what, a.due_on, a.state, a.done_on, a.helped,
    a.version, a.created_on
  from public.actions a
  left join public.cases c on c.therapist_id = a.therapist_id and c.id = a.case_id
  left join public.people o on o.id = a.owner_id;

-- --- operations ------------------------------------------------------------------------------------------------------

create function private.apply_flag_work(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    insert into public.flag_events (actor_id, id, team_id, therapist_id, case_id, flag_id, kind, note, assignee_id, due_on, until_on, outcome)
    values (me, (p ->> 'id')::uuid, (p ->> 'team')::uuid, (p ->> 'therapist')::uuid, (p ->> 'case')::uuid, entity, (p ->> 'kind')::public.flag_work,
      coalesce(p ->> 'note', ''), (p ->> 'assignee')::uuid, (p ->> 'due_on')::date, (p ->> 'until_on')::date, (p ->> 'outcome')::public.flag_outcome);
  end $$;

create function private.apply_action_agree(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    insert into public.actions (created_by, id, team_id, therapist_id, case_id, owner_id, what, due_on)
    values (me, entity, (p ->> 'team')::uuid, (p ->> 'therapist')::uuid, (p ->> 'case')::uuid, (p ->> 'owner')::uuid, p ->> 'what', (p ->> 'due_on')::date);
  end $$;

-- `created_by` names the action together with the entity: ids are unique per person only.
create function private.apply_action_amend(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare stands int; new_state public.action_state := (p ->> 'state')::public.action_state;
  begin
    select a.version into stands from public.actions a where a.created_by = (p ->> 'created_by')::uuid and a.id = entity;
    perform private.must_have_changed(found);
    perform private.must_build_on(stands, (p ->> 'based_on')::int);
    update public.actions a set state = coalesce(new_state, a.state), version = stands + 1,
        done_on = case coalesce(new_state, a.state) when 'open' then null else coalesce((p ->> 'done_on')::date, a.done_on, current_date) end,
        helped = case when p ? 'helped' then (p ->> 'helped')::public.helped else a.helped end,
        due_on = case when p ? 'due_on' then (p ->> 'due_on')::date else a.due_on end
      where a.created_by = (p ->> 'created_by')::uuid and a.id = entity and a.version = stands;
    perform private.must_have_changed(found);
  end $$;

-- The decision becomes a plan review: the therapist's own, also when a supervisor leads the step back.
create function private.review_after_step_back(therapist uuid, of_team uuid, of_case uuid, review uuid, reviewed date, next_one date) returns void
  language plpgsql security definer set search_path = ''
  as $$
  begin
    if not exists (select from private.teams_as('supervisor') t where t = of_team)
        and not (therapist = (select auth.uid()) and exists (select from private.teams_as('therapist') t where t = of_team)) then
      raise exception using errcode = '42501', message = 'A step back is for the therapist of the case and the supervisors of the team.';
    end if;
    insert into public.plan_reviews (therapist_id, id, team_id, case_id, reviewed_on, next_review_on) values (therapist, review, of_team, of_case, reviewed, next_one);
  end $$;

create function private.apply_step_back_decide(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare day date := coalesce((p ->> 'done_on')::date, current_date); act jsonb := p -> 'action';
  begin
    insert into public.step_backs (done_by, id, team_id, therapist_id, case_id, decision, look_again_on, done_on, seen, let_go)
    values (me, entity, (p ->> 'team')::uuid, (p ->> 'therapist')::uuid, (p ->> 'case')::uuid, (p ->> 'decision')::public.step_back_decision,
      (p ->> 'look_again_on')::date, day, coalesce(p ->> 'seen', ''), coalesce(p ->> 'let_go', ''));
    perform private.review_after_step_back((p ->> 'therapist')::uuid, (p ->> 'team')::uuid, (p ->> 'case')::uuid, (p ->> 'review')::uuid, day, (p ->> 'look_again_on')::date);
    if jsonb_typeof(act) = 'object' then
      insert into public.actions (created_by, id, team_id, therapist_id, case_id, owner_id, what, due_on)
      values (me, (act ->> 'id')::uuid, (p ->> 'team')::uuid, (p ->> 'therapist')::uuid, (p ->> 'case')::uuid, (act ->> 'owner')::uuid, act ->> 'what', (act ->> 'due_on')::date);
    end if;
  end $$;

alter table public.flag_events enable row level security;
alter table public.reveals enable row level security;
call private.keep_audit('public.flag_events');
call private.keep_audit('public.reveals');

revoke all on public.flag_events, public.reveals, public.flag_event_list, public.action_list from public, anon, authenticated, service_role;
revoke all on function private.fits_the_flag(), private.fits_its_team(), private.points(public.flag_rule, public.flag_severity),
  private.flag_about(public.flag_rule, text, uuid), public.monitor(uuid[], text[], text, text, int, int, text, int), public.my_flags(uuid), public.stagnation(uuid[], date), public.preview_thresholds(uuid, jsonb),
  public.ask_to_see(uuid, uuid, text), public.see_case(uuid, uuid), private.review_after_step_back(uuid, uuid, uuid, uuid, date, date),
  private.apply_flag_work(uuid, uuid, jsonb, timestamptz), private.apply_action_agree(uuid, uuid, jsonb, timestamptz),
  private.apply_action_amend(uuid, uuid, jsonb, timestamptz), private.apply_step_back_decide(uuid, uuid, jsonb, timestamptz) from public, anon, authenticated;
grant select on public.flag_events, public.reveals, public.flag_event_list, public.action_list to authenticated, service_role;
grant insert (actor_id, id, team_id, therapist_id, case_id, flag_id, kind, note, assignee_id, due_on, until_on, outcome) on public.flag_events to authenticated;
grant all on public.flag_events, public.reveals to service_role;
grant execute on function public.monitor(uuid[], text[], text, text, int, int, text, int), public.my_flags(uuid), public.stagnation(uuid[], date),
  public.preview_thresholds(uuid, jsonb), public.ask_to_see(uuid, uuid, text), public.see_case(uuid, uuid), private.flag_about(public.flag_rule, text, uuid),
  private.review_after_step_back(uuid, uuid, uuid, uuid, date, date), private.apply_flag_work(uuid, uuid, jsonb, timestamptz),
  private.apply_action_agree(uuid, uuid, jsonb, timestamptz), private.apply_action_amend(uuid, uuid, jsonb, timestamptz),
  private.apply_step_back_decide(uuid, uuid, jsonb, timestamptz) to authenticated, service_role;

create policy "the case's therapist, those asked, supervisors and leads read the work on flags" on public.flag_events for select to authenticated
  using (((therapist_id = (select auth.uid()) or assignee_id = (select auth.uid())) and team_id = any (array(select private.teams_as('therapist', 'supervisor'))))
    or team_id = any (array(select private.teams_as('supervisor', 'lead'))));
create policy "leads and supervisors work on flags of their teams, therapists on their own" on public.flag_events for insert to authenticated
  with check (actor_id = (select auth.uid()) and (team_id = any (array(select private.teams_as('supervisor', 'lead')))
    or (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))));

create policy "leads read their reveals, therapist and supervisors are told" on public.reveals for select to authenticated
  using ((lead_id = (select auth.uid()) and team_id = any (array(select private.teams_as('lead'))))
    or (therapist_id = (select auth.uid()) and team_id = any (array(select private.teams_as('therapist'))))
    or team_id = any (array(select private.teams_as('supervisor'))));
